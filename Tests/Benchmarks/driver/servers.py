"""phanbien, the floor, and the peers: each over TLS 1.3 with the same certificate, each durable before it answers."""

import os
import pwd
import shutil
import signal
import subprocess
import time

from place import Failure, free_port, wait_for_port

LIMITS = (
    "connections=20000", "connections-per-person=20000", "connections-per-address=20000", "requests-per-second=10000000",
)


class Server:
    """One that runs; `pid` is its first process."""

    def __init__(self, place, name, protocol):
        self.place, self.name, self.protocol = place, name, protocol
        self.process = self.port = None
        self.signal = signal.SIGTERM

    @property
    def pid(self):
        return self.process.pid

    def wait_until_idle(self, seconds):
        """What a server does by itself after a start or a burst is over; returns the seconds that it took."""
        began = time.monotonic()
        before = self.processor_ticks()
        while time.monotonic() - began < seconds:
            time.sleep(0.5)
            after = self.processor_ticks()
            if after - before <= 1:
                break
            before = after
        return time.monotonic() - began

    def processor_ticks(self):
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def stop(self):
        status = self.place.end(self.process, self.signal)
        if self.name == "phanbien" and status:
            raise Failure(f"phanbiend ended with status {status}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Phanbien(Server):
    def __init__(self, place, data, is_pinned=True, loops=1):
        super().__init__(place, "phanbien", "phanbien")
        command = place.command_prefix("server", is_pinned) + [
            place.programs["phanbiend"], "serve", "--data", data, "--certs", place.path("certs"),
            "--listen", "127.0.0.1:0", "--loops", str(loops),
        ]  # fmt: skip
        for limit in LIMITS:
            command += ["--limit", limit]
        began = time.monotonic()
        self.process = place.spawn(command, "phanbiend.log", stdout=subprocess.PIPE)
        word, _, address = self.process.stdout.readline().decode().strip().partition(" ")
        self.start_milliseconds = (time.monotonic() - began) * 1000
        if word != "LISTENING":
            raise Failure("phanbiend did not start: " + tail(place.path("phanbiend.log")))
        self.port = int(address.rpartition(":")[2])

    def resident_mebibytes(self):
        with open(f"/proc/{self.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) / 1024


class Floor(Server):
    def __init__(self, place, is_pinned=True):
        super().__init__(place, "floor", "floor")
        certificate, key = (place.path("certs", name) for name in ("server.pem", "server.key"))
        command = [place.programs["floor"], "0", place.fresh("floor-data"), certificate, key]
        command = place.command_prefix("server", is_pinned) + command
        self.process = place.spawn(command, "floor.log", stdout=subprocess.PIPE)
        word, _, port = self.process.stdout.readline().decode().strip().partition(" ")
        if word != "LISTENING":
            raise Failure("the floor did not start: " + tail(place.path("floor.log")))
        self.port = int(port)


class Redis(Server):
    def __init__(self, place, is_pinned=True):
        super().__init__(place, "redis", "redis")
        self.port = free_port()
        folder = place.fresh("redis-data")
        configuration = os.path.join(folder, "redis.conf")
        with open(configuration, "w") as file:
            file.write(
                f"bind 127.0.0.1\nport 0\nprotected-mode no\ntls-port {self.port}\n"
                f"tls-cert-file {place.path('certs', 'server.pem')}\ntls-key-file {place.path('certs', 'server.key')}\n"
                'tls-auth-clients no\ntls-protocols "TLSv1.3"\ntls-session-caching no\n'
                f'dir {folder}\nsave ""\nappendonly yes\nappendfsync always\nauto-aof-rewrite-percentage 0\n'
                "maxclients 19000\ntcp-backlog 4096\n"
                "client-output-buffer-limit pubsub 0 0 0\nclient-output-buffer-limit normal 0 0 0\n"
            )
        command = place.command_prefix("server", is_pinned) + ["redis-server", configuration]
        self.process = place.spawn(command, "redis.log")
        wait_for_port("redis", self.port, self.process)


class Dovecot(Server):
    """Maildir with `mail_fsync=always`. It needs root, as it changes users."""

    def __init__(self, place, is_pinned=True):
        super().__init__(place, "dovecot", "imap")
        if os.geteuid():
            raise Failure("dovecot is only measured as root")
        self.port = free_port()
        folder = place.fresh("dovecot-data")
        mail = pwd.getpwnam("mail")
        os.chmod(folder, 0o755)
        os.mkdir(os.path.join(folder, "mail"))
        os.chown(os.path.join(folder, "mail"), mail.pw_uid, mail.pw_gid)
        certificate, key = (place.path("certs", name) for name in ("server.pem", "server.key"))
        configuration = os.path.join(folder, "dovecot.conf")
        with open(configuration, "w") as file:
            file.write(
                f"""protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
listen = 127.0.0.1
instance_name = phanbien-bench
log_path = {folder}/log
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
mail_uid = {mail.pw_uid}
mail_gid = {mail.pw_gid}
first_valid_uid = {mail.pw_uid}
first_valid_gid = {mail.pw_gid}
mail_location = maildir:{folder}/mail/%u
mail_fsync = always
mail_max_userip_connections = 0
default_process_limit = 2000
default_client_limit = 20000
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={mail.pw_uid} gid={mail.pw_gid} home={folder}/mail/%u
}}
service imap-login {{
  service_count = 0
  process_min_avail = 1
  process_limit = 1
  client_limit = 4000
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {self.port}
    ssl = yes
  }}
}}
namespace inbox {{
  inbox = yes
}}
"""
            )
        command = place.command_prefix("server", is_pinned) + ["dovecot", "-F", "-c", configuration]
        self.process = place.spawn(command, "dovecot.log")
        wait_for_port("dovecot", self.port, self.process)


class Postgres(Server):
    """Made once for a run; every measurement begins with an empty table."""

    MOST_CONNECTIONS = 1100

    def __init__(self, place, is_pinned=True):
        super().__init__(place, "postgres", "postgres")
        self.port = free_port()
        self.signal = signal.SIGINT
        # One on a single core and one on all may run in the same session.
        folder = place.fresh("postgres-data-pinned" if is_pinned else "postgres-data-free")
        programs = postgres_programs()
        self.account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.owner = []
        if os.geteuid() == 0:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
            self.owner = [
                "setpriv", "--reuid", str(self.account.pw_uid), "--regid", str(self.account.pw_gid), "--clear-groups",
            ]  # fmt: skip
        data = os.path.join(folder, "data")
        made = subprocess.run(
            self.owner + [f"{programs}/initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres"],
            capture_output=True, text=True, cwd="/",
        )  # fmt: skip
        if made.returncode:
            raise Failure("initdb: " + made.stderr.strip())
        for name in ("server.pem", "server.key"):
            copy = os.path.join(data, name)
            shutil.copy(place.path("certs", name), copy)
            os.chown(copy, self.account.pw_uid, self.account.pw_gid)
            os.chmod(copy, 0o600)
        with open(os.path.join(data, "postgresql.conf"), "a") as file:
            file.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{folder}'\n"
                f"max_connections = {self.MOST_CONNECTIONS}\nssl = on\nssl_cert_file = 'server.pem'\n"
                "ssl_key_file = 'server.key'\nssl_min_protocol_version = 'TLSv1.3'\nshared_buffers = 256MB\n"
                "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\nmax_wal_size = 8GB\n"
                "checkpoint_timeout = 30min\nautovacuum = off\n"
            )
        with open(os.path.join(data, "pg_hba.conf"), "w") as file:
            file.write("local all all trust\nhostssl all all 127.0.0.0/8 trust\n")
        self.query_command = self.owner + [
            f"{programs}/psql", "-h", folder, "-p", str(self.port), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qc",
        ]  # fmt: skip
        command = place.command_prefix("server", is_pinned) + self.owner + [f"{programs}/postgres", "-D", data]
        self.process = place.spawn(command, "postgres.log", cwd="/")
        wait_for_port("postgres", self.port, self.process)
        for _ in range(100):
            if self.query("SELECT 1", is_needed=False):
                break
            time.sleep(0.05)
        self.query(
            "CREATE TABLE comments (seq bigserial PRIMARY KEY, topic int NOT NULL, body text NOT NULL,"
            " time timestamptz NOT NULL DEFAULT now()); CREATE INDEX by_topic ON comments (topic, seq)"
        )

    def query(self, text, is_needed=True):
        done = subprocess.run(self.query_command + [text], capture_output=True, text=True, cwd="/")
        if done.returncode and is_needed:
            raise Failure("postgres: " + done.stderr.strip())
        return done.returncode == 0

    def empty(self):
        self.query("TRUNCATE comments")


def postgres_programs():
    base = "/usr/lib/postgresql"
    versions = sorted(os.listdir(base), key=lambda name: float(name)) if os.path.isdir(base) else []
    if not versions:
        raise Failure("PostgreSQL is not installed")
    return f"{base}/{versions[-1]}/bin"


def tail(path):
    with open(path, errors="replace") as file:
        return " / ".join(file.read().splitlines()[-5:])
