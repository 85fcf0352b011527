"""The attacker's side of a connection: TLS over loopback, with the record layer at hand.

`Wire` is one polite, blocking client. `Crowd` drives thousands of connections from one thread; each is a little state
machine (a generator that says what it waits for).
"""

import heapq
import selectors
import socket
import ssl
import time

#: Nothing here ever connects elsewhere.
LOOPBACK = "127.0.0.1"


def address(number):
    """An address of the attacker's: 127.0.2.1 and on, one for each number."""
    return f"127.{2 + number // 62500}.{2 + number // 250 % 250}.{1 + number % 250}"


def contexts(authority, protocols=("phanbien/1",), least=ssl.TLSVersion.TLSv1_3, most=ssl.TLSVersion.TLSv1_3):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(authority)
    context.minimum_version = least
    context.maximum_version = most
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


class Ended(Exception):
    """The server closed the connection."""


class Wire:
    """One connection, blocking, with a bound of time on everything."""

    def __init__(self, server, source=None, context=None, seconds=30, tls=True, receive_buffer=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((source or address(0), 0))
        self.socket.connect((LOOPBACK, server.port))
        self.held = b""
        if tls:
            self.socket = (context or server.tls).wrap_socket(self.socket)
            self.hello = self.line()

    def send(self, octets):
        self.socket.sendall(octets.encode() if isinstance(octets, str) else octets)

    def line(self):
        """The next line without its end."""
        while b"\n" not in self.held:
            try:
                got = self.socket.recv(65536)
            except (ssl.SSLError, ConnectionError) as error:
                raise Ended(str(error)) from None
            if not got:
                raise Ended(self.held.decode(errors="replace"))
            self.held += got
        line, self.held = self.held.split(b"\n", 1)
        return line.decode(errors="replace")

    def reply(self):
        """Lines up to a status line, that one included; a BYE ends it, too."""
        lines = []
        while True:
            line = self.line()
            lines.append(line)
            if line.split(" ", 1)[0] in ("OK", "NO", "BAD", "BYE"):
                return lines

    def ask(self, text):
        self.send(text)
        return self.reply()

    def rest(self):
        """Whatever comes until the server closes."""
        lines = []
        try:
            while True:
                lines.append(self.line())
        except (Ended, TimeoutError, OSError):
            return lines

    def log_in(self, server, person):
        token = server.office.token(person)
        status = self.ask(f"AUTH TOKEN {{{len(token)}}}\n{token}\n")[-1]
        if not status.startswith("OK"):
            raise Ended(status)
        return self

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def code(line):
    """`NO RATE`, `BYE ABUSE`, `OK`: what a status line says."""
    words = line.split(" ")
    return " ".join(words[:2]) if words[0] in ("NO", "BAD", "BYE") else words[0]


class Link:
    """A connection of a crowd. Its life is a generator that yields what it waits for:

    `("read", seconds)` resumes with octets (b"" at the end), or None when the time is over;
    `("sleep", seconds)` resumes with None."""

    def __init__(self, crowd, source):
        self.crowd = crowd
        self.source = source
        self.socket = None
        self.bio_in = self.bio_out = self.tls = None
        self.plain = b""
        self.ended = False
        self.listening = True

    def connect(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        # IP_BIND_ADDRESS_NO_PORT: the port is chosen with the destination known, so that ports do not run out.
        self.socket.setsockopt(socket.IPPROTO_IP, 24, 1)
        self.socket.bind((self.source, 0))
        try:
            self.socket.connect((LOOPBACK, self.crowd.server.port))
        except BlockingIOError:
            pass
        self.crowd.watch(self)

    def raw(self, octets):
        """Sends as far as the socket takes it; an attack does not care for the rest."""
        try:
            return self.socket.send(octets)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.ended = True
            return 0

    def begin_tls(self, context=None):
        self.bio_in, self.bio_out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (context or self.crowd.server.tls).wrap_bio(self.bio_in, self.bio_out)
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return self.bio_out.read()

    def handshake(self, seconds=30):
        """Sub-generator: True when TLS is agreed."""
        hello = self.begin_tls()
        self.raw(hello)
        while True:
            got = yield ("read", seconds)
            if not got:
                return False
            self.bio_in.write(got)
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
            finally:
                self.flush()
            return True

    def flush(self):
        octets = self.bio_out.read()
        if octets:
            self.raw(octets)

    def say(self, text):
        try:
            self.tls.write(text.encode() if isinstance(text, str) else text)
        except ssl.SSLError:
            self.ended = True
        self.flush()

    def line(self, seconds=60):
        """Sub-generator: the next line; None when the time is over or the connection has ended."""
        while True:
            if b"\n" in self.plain:
                line, self.plain = self.plain.split(b"\n", 1)
                return line.decode(errors="replace")
            try:
                got = self.tls.read(65536)
                if not got:
                    return None
                self.plain += got
                continue
            except ssl.SSLWantReadError:
                self.flush()
            except ssl.SSLError:
                return None
            octets = yield ("read", seconds)
            if not octets:
                self.ended = self.ended or octets == b""
                return None
            self.bio_in.write(octets)

    def status(self, seconds=60):
        """Sub-generator: the next status line or BYE; None at the end."""
        while True:
            line = yield from self.line(seconds)
            if line is None or line.split(" ", 1)[0] in ("OK", "NO", "BAD", "BYE"):
                return line


class Crowd:
    """Many links at once, in one thread."""

    def __init__(self, server):
        self.server = server
        self.selector = selectors.EpollSelector()
        self.links = 0
        self.timers = []
        self.turn = 0
        self.waiting = {}
        self.files = set()

    def watch(self, link):
        self.selector.register(link.socket, selectors.EVENT_READ, link)
        self.files.add(link.socket)
        self.links += 1

    def start(self, life, source):
        """Starts a link: `life(link)` is its generator."""
        link = Link(self, source)
        try:
            link.connect()
        except OSError as error:
            link.ended = True
            self.drop(link)
            raise Ended(str(error)) from None
        steps = life(link)
        self.step(link, steps, None, first=True)
        return link

    def step(self, link, steps, value, first=False):
        try:
            wish = next(steps) if first else steps.send(value)
        except StopIteration:
            self.drop(link)
            return
        kind, seconds = wish
        if kind == "read" and not link.listening and link.socket in self.files:
            link.listening = True
            self.selector.register(link.socket, selectors.EVENT_READ, link)
        self.turn += 1
        self.waiting[link] = (kind, self.turn, steps)
        if seconds is not None:
            heapq.heappush(self.timers, (time.monotonic() + seconds, self.turn, link))

    def drop(self, link):
        self.waiting.pop(link, None)
        if link.socket in self.files:
            self.files.discard(link.socket)
            try:
                self.selector.unregister(link.socket)
            except (KeyError, ValueError):
                pass
            self.links -= 1
        if link.socket:
            link.socket.close()

    def run(self, until, enough=None):
        """Lets everything go on until a moment, or until `enough()`."""
        while True:
            now = time.monotonic()
            if now >= until or (enough and enough()):
                return
            while self.timers and self.timers[0][0] <= now:
                _, turn, link = heapq.heappop(self.timers)
                waiting = self.waiting.get(link)
                if waiting and waiting[1] == turn:
                    self.step(link, waiting[2], None)
            wait = min(until - now, 0.1)
            if self.timers:
                wait = min(wait, max(0, self.timers[0][0] - now))
            for key, _ in self.selector.select(wait):
                link = key.data
                waiting = self.waiting.get(link)
                if not waiting:
                    continue
                if waiting[0] != "read":
                    # It does not want to read: keep the kernel from telling again and again.
                    link.listening = False
                    self.selector.unregister(link.socket)
                    continue
                try:
                    octets = link.socket.recv(65536)
                except (BlockingIOError, InterruptedError):
                    continue
                except OSError:
                    octets = b""
                if octets == b"":
                    link.ended = True
                self.step(link, waiting[2], octets)

    def close(self):
        for link in list(self.waiting):
            self.drop(link)
        for file in list(self.files):
            file.close()
        self.files.clear()
        self.selector.close()


def monotonic():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def raise_descriptors():
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
