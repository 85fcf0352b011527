"""Where things run: cores, scheduling, the working folder, processes that are ended by their number."""

import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Failure(Exception):
    """A figure that could not be measured, with the reason."""


class Place:
    """One run's folder, its programs, and the cores that server and generator use."""

    def __init__(self, programs, priority):
        self.programs = programs
        self.priority = priority
        self.folder = working_folder()
        self.cores = sorted(os.sched_getaffinity(0))
        self.running = []
        # Servers inherit it: 10,000 connections need as many descriptors.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def command_prefix(self, side, is_pinned):
        prefix = []
        if is_pinned and len(self.cores) > 1:
            core = self.cores[0] if side == "server" else self.cores[-1]
            prefix += ["taskset", "-c", str(core)]
        if self.priority == "fifo":
            prefix += ["chrt", "-f", "1"]
        return prefix

    def spawn(self, command, log, **options):
        """Starts a process in a session of its own; what it says goes into a file."""
        with open(self.path(log), "ab") as output:
            options.setdefault("stdout", output)
            process = subprocess.Popen(
                command, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True, **options
            )
        self.running.append(process)
        return process

    def end(self, process, first=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(first)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.running:
            self.running.remove(process)
        return process.returncode

    def end_all(self):
        for process in list(self.running):
            self.end(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def probed(self):
        """Watches the disk meanwhile: the longest sync in milliseconds stands in the list that it gives, afterwards."""
        longest = []
        command = self.command_prefix("generator", False) + [self.programs["disk"], "probe", self.folder, "600"]
        probe = self.spawn(command, "probe.log", stdout=subprocess.PIPE)
        try:
            yield longest
        finally:
            self.end(probe)
            words = probe.stdout.read().decode().split()
            longest += [float(word.partition("=")[2]) / 1000 for word in words if word.startswith("max_us=")]

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def fresh(self, name):
        """An empty folder."""
        path = self.path(name)
        shutil.rmtree(path, ignore_errors=True)
        os.mkdir(path)
        return path

    def copy(self, source, name):
        path = self.path(name)
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(source, path)
        return path

    def generate(self, server, mode, is_pinned=True, standard_input="", seconds=120, **options):
        """One run of the generator: its figures, or a Failure with what it said."""
        command = self.command_prefix("generator", is_pinned) + [self.programs["generator"], mode]
        options = {"port": server.port, "server": server.pid, "ca": self.path("certs", "ca.pem"), **options}
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        try:
            done = subprocess.run(
                command, input=standard_input, capture_output=True, text=True, timeout=seconds, encoding="utf-8"
            )
        except subprocess.TimeoutExpired:
            raise Failure(f"{server.name}: the generator has not ended after {seconds} s: {mode} {options}") from None
        if done.returncode:
            raise Failure(f"{server.name}: {done.stderr.strip() or done.returncode}")
        if mode in ("talk", "tokens"):
            return done.stdout
        return {name: float(value) for name, value in (pair.split("=") for pair in done.stdout.split())}


def working_folder():
    """A sync of a file system in memory costs nothing, so such a folder would make every figure meaningless."""
    for base in (os.environ.get("TMPDIR", "/tmp"), "/var/tmp", os.path.join(os.getcwd(), ".build")):
        os.makedirs(base, exist_ok=True)
        kind = subprocess.run(["stat", "-f", "-c", "%T", base], capture_output=True, text=True).stdout.strip()
        if kind in ("tmpfs", "ramfs") or not os.access(base, os.W_OK):
            continue
        folder = tempfile.mkdtemp(prefix="phanbien-bench.", dir=base)
        # The database servers run as users of their own and have to pass through.
        os.chmod(folder, 0o711)
        return folder
    raise Failure("no folder on a real disk: set TMPDIR")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(name, port, process, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Failure(f"{name} ended with status {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Failure(f"{name} does not listen after {seconds} s")
