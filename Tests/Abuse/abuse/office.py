"""The office under attack: its data, prepared once, and a server on a copy of it for each case."""

import base64
import contextlib
import os
import random
import shutil
import signal
import subprocess
import threading
import time

from . import wire

PASSWORD = "chuyen-de-2025"
#: The people of clients/demo who matter here.
DIRECTOR, DEPUTY, HEAD, STAFF, ADMIN, REVIEWER = "bich", "tung", "hoa", "minh", "quan", "lan"
#: Everybody else: reviewers, so that they may comment on the topic under review.
CROWD = [f"p{number:04}" for number in range(1, 1201)]
#: What the server takes for a Word file, of nearly the largest size; always the same.
WORD_FILE = b"PK\x03\x04" + random.Random(2025).randbytes(1_500_000)


class Office:
    """The prepared data: a topic under review with a draft and comments, and a session token for everybody."""

    def __init__(self, program, folder, top):
        self.program = program
        self.folder = folder
        self.top = top
        self.certificates = folder + "/certs"
        self.authority = self.certificates + "/ca.pem"
        self.tls = None
        self.tokens = {}

    def token(self, person):
        return self.tokens[person]

    def operate(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"abuse: phanbiend {arguments[0]}: {done.stderr}{done.stdout}")
        return done.stdout

    def prepare(self):
        data = self.folder + "/data"
        demo = self.top + "/clients/demo"
        self.operate("init", "--data", data, "--certs", self.certificates)
        self.operate("plan", "load", "--data", data, demo + "/ke-hoach-2025.yaml")
        self.operate("people", "import", "--data", data, demo + "/nhan-su.csv")
        with open(self.folder + "/people.csv", "w", encoding="utf-8") as file:
            file.write("id,name,office,position,password\n")
            for person in CROWD:
                file.write(f"{person},Nguyễn Văn {person[1:]},nv,staff,{PASSWORD}\n")
        # The cheapest hash: the crowd's tokens have to be had in seconds. Where passwords are the matter, people with
        # the real cost are imported by the case.
        self.operate("people", "import", "--data", data, "--scrypt-log2n", "10", self.folder + "/people.csv")
        self.tls = wire.contexts(self.authority)
        draft = open(demo + "/du-thao-1.md", encoding="utf-8").read().encode()
        with Server(self, data=data, limits={"connections-per-address": 5000}) as server:
            for number, person in enumerate([DIRECTOR, DEPUTY, HEAD, STAFF, ADMIN, REVIEWER, "dung", "son", "van"]):
                self.tokens[person] = self.obtain_token(server, person, wire.address(3000 + number))
            for person in CROWD:
                self.tokens[person] = self.obtain_token(server, person, wire.address(0))
            with wire.Wire(server).log_in(server, HEAD) as head, wire.Wire(server).log_in(server, DIRECTOR) as director:
                self.expect(head.ask(b"PUSH 2025-1 if=@0 {%d}\n%s\n" % (len(draft), draft)))
                self.expect(head.ask("SUBMIT 2025-1\n"))
                self.expect(director.ask("SUBMIT 2025-1\n"))
                # A large text in two revisions, which the lead office alone may read while it is drafted.
                with wire.Wire(server, source=wire.address(1)).log_in(server, "son") as son:
                    for number in (0, 1):
                        text = self.large_draft(number)
                        self.expect(son.ask(b"PUSH 2025-2 if=@%d {%d}\n%s\n" % (number, len(text), text)))
                    encoded = base64.b64encode(WORD_FILE)
                    self.expect(son.ask(b"ATTACH 2025-2@2 name=goc.docx {%d}\n%s\n" % (len(encoded), encoded)))
                for number in range(50):
                    self.expect(director.ask(
                        f"COMMENT 2025-1@1 kind=content level=note <\nÝ kiến số {number} về báo cáo công tác.\n"))
        with open(self.folder + "/tokens", "w", encoding="utf-8") as file:
            for person in CROWD[-60:]:
                file.write(f"{person} {self.tokens[person]}\n")
        os.chmod(self.folder + "/tokens", 0o600)

    @staticmethod
    def large_draft(number, octets=1_900_000):
        """Headings and paragraphs of plausible Vietnamese, every seventh paragraph changed by the second revision."""
        parts, size, index = [], 0, 0
        while size < octets:
            changed = number if index % 7 == 0 else 0
            text = f"## Mục {index // 20}" if index % 20 == 0 else (
                f"Đoạn {index}: Trung tâm đã thực hiện {57 + index + 18 * changed} vụ việc tham gia tố tụng, trong đó "
                f"có {index % 40} vụ việc cho người dân tộc thiểu số; chất lượng được đánh giá đúng quy định.")
            parts.append(text.encode())
            size += len(parts[-1]) + 2
            index += 1
        return b"\n\n".join(parts)[:octets].decode(errors="ignore").encode()

    @staticmethod
    def obtain_token(server, person, source):
        with wire.Wire(server, source=source) as client:
            status = client.ask(f"LOGIN {person} token=yes <\n{PASSWORD}\n")[-1]
        pairs = dict(word.split("=", 1) for word in status.split(" :")[0].split(" ") if "=" in word)
        if "token" not in pairs:
            raise SystemExit(f"abuse: {person} could not log in: {status}")
        return pairs["token"]

    @staticmethod
    def expect(lines, wanted="OK"):
        if not lines[-1].startswith(wanted):
            raise SystemExit(f"abuse: preparing failed: {lines[-1]}")
        return lines


class Server:
    """One server process on its own copy of the data."""

    def __init__(self, office, data=None, limits=None, options=(), files=None, cores=None, prepare=None):
        self.prepare = prepare
        self.office = office
        self.tls = office.tls
        self.options = list(options)
        for name, value in (limits or {}).items():
            self.options += ["--limit", f"{name}={value}"]
        self.files = files
        self.cores = cores
        self.own = data is None
        self.data = data or f"{office.folder}/case"
        self.log = f"{office.folder}/server.log"

    def __enter__(self):
        if self.own:
            shutil.rmtree(self.data, ignore_errors=True)
            shutil.copytree(self.office.folder + "/data", self.data)
            if self.prepare:
                self.prepare(self.office, self.data)
        command = [self.office.program, "serve", "--data", self.data, "--certs", self.office.certificates, "--listen",
                   "127.0.0.1:0", *self.options]
        if self.cores:
            command = ["taskset", "-c", self.cores, *command]
        if self.files:
            command = ["bash", "-c", f'ulimit -n {self.files} && exec "$@"', "bash", *command]
        self.errors = open(self.log, "w")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, stdin=subprocess.DEVNULL)
        line = self.process.stdout.readline().decode()
        if not line.startswith("LISTENING "):
            self.process.wait()
            raise SystemExit("abuse: the server did not start: " + open(self.log).read()[-2000:])
        self.port = int(line.rsplit(":", 1)[1])
        self.pid = self.process.pid
        return self

    def __exit__(self, *_):
        self.stop()
        if self.own:
            shutil.rmtree(self.data, ignore_errors=True)

    def stop(self):
        """Ends it as an operator would; the status, or None when it had to be killed after 20 seconds."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self.errors.close()
        return status

    # Figures, from /proc.

    def resident(self):
        """Resident memory in octets."""
        with open(f"/proc/{self.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def cpu(self):
        """Processor seconds so far."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def waited(self):
        """Seconds that its threads, all together, were ready to run and had no core."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{self.pid}/task/{task}/schedstat") as file:
                total += int(file.read().split()[1])
        return total / 1e9

    def open_files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


class Sampler(threading.Thread):
    """Looks at the server's memory and descriptors twenty times a second."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.peak = self.files = 0
        self.done = threading.Event()

    def run(self):
        while not self.done.wait(0.05):
            try:
                self.peak = max(self.peak, self.server.resident())
                self.files = max(self.files, self.server.open_files())
            except (OSError, IndexError):
                return

    def stop(self):
        self.done.set()
        self.join()


class People:
    """The well-behaved: the program people.c, and what it measured."""

    def __init__(self, office, server, program, cores=None, arguments=()):
        self.samples_path = office.folder + "/samples"
        command = [program, "--port", str(server.port), "--ca", office.authority, "--tokens", office.folder + "/tokens",
                   "--samples", self.samples_path, *arguments]
        if cores:
            command = ["taskset", "-c", cores, *command]
        if os.geteuid() == 0:
            # The attacker has made itself nice, and the people are not to be.
            command = ["nice", "-n", "-5", *command]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        line = self.process.stdout.readline()
        if line != b"READY\n":
            self.process.wait()
            raise SystemExit("abuse: the well-behaved people could not begin")

    def finish(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            out, _ = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, _ = self.process.communicate()
        words, _, problem = out.decode(errors="replace").strip().partition(" problem=")
        self.troubles = {key: int(value) for key, value in (word.split("=") for word in words.split())}
        self.problem = problem
        self.samples = []
        with open(self.samples_path) as file:
            for line in file:
                kind, due, latency = line.split()
                self.samples.append((kind, int(due), int(latency)))
        return self.troubles

    def latencies(self, begin, end, kinds):
        """Milliseconds, sorted, of what was due between two moments (nanoseconds, CLOCK_MONOTONIC)."""
        return sorted(latency / 1e6 for kind, due, latency in self.samples if kind in kinds and begin <= due < end)


def percentile(values, percent):
    return values[min(len(values) - 1, int(len(values) * percent / 100))] if values else float("nan")
