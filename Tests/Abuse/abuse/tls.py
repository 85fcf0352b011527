"""TLS: only 1.3, the right ALPN or none, nothing that costs the server more than the attacker, no message out of place."""

import re
import socket
import ssl
import subprocess
import time

from .cases import case
from .wire import LOOPBACK, Crowd, Ended, Wire, address, contexts


def records(attack, mode, source, seconds, token=None):
    command = [attack.tools["records"], "--port", str(attack.server.port), "--ca", attack.office.authority, "--source",
               source, "--mode", mode, "--seconds", str(seconds)]
    if token:
        command += ["--token", token]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def outcome(process):
    out, _ = process.communicate(timeout=60)
    pairs = dict(re.findall(r"(\w+)=([^=]*?)(?= \w+=|$)", out.strip()))
    return {"records": int(pairs.get("records", 0)), "closed": pairs.get("closed") == "yes",
            "alert": pairs.get("alert", ""), "said": pairs.get("said", ""), "after": float(pairs.get("after", "nan")),
            "octets": int(pairs.get("octets", 0)), "raw": out.strip()}


def flood(attack, mode, closes, connections=4, logged_in=False):
    """The same records on a few connections at once; whether the server has to end them."""
    deadline = time.monotonic() + attack.seconds
    while True:
        volley(attack, mode, closes, connections, logged_in)
        if time.monotonic() > deadline - 0.05:
            return


def volley(attack, mode, closes, connections, logged_in):
    tokens = [attack.office.token(f"p{900 + number:04}") if logged_in else None for number in range(connections)]
    running = [records(attack, mode, address(number), attack.seconds, tokens[number]) for number in range(connections)]
    for process in running:
        end = outcome(process)
        word = end["alert"] if end["alert"] != "none" else end["said"][:40] if end["closed"] else "still open"
        attack.count(f"{mode}: {'closed' if end['closed'] else 'open'}, {word}")
        attack.total("records", end["records"])
        attack.total("MB", end["octets"] / 1e6)
        attack.longest("closed after s" if end["closed"] else "open for s", end["after"])
        if closes is not None:
            attack.expect(end["closed"] == closes, f"{mode}: {'not ' if closes else ''}closed: {end['raw']}")


for _mode, _words in [
    ("key-updates", "KeyUpdate after KeyUpdate"), ("key-updates-asking", "KeyUpdates that ask for one back"),
    ("empty", "records without content"), ("alerts", "warnings without end"),
    ("renegotiate", "a ClientHello in the middle of a session"), ("certificate", "a certificate nobody asked for"),
    ("huge-message", "a handshake message of 16 MiB"), ("plain-ccs", "ChangeCipherSpec before any handshake"),
    ("plain-alerts", "alerts before any handshake"), ("plain-data", "data before any handshake"),
]:
    case(f"tls-{_mode}", f"{_words}: the TLS library ends it", 8, "four connections' buffers", seconds=2,
         quick=_mode == "key-updates")(lambda attack, mode=_mode: flood(attack, mode, closes=True))


@case("tls-key-updates-mixed", "32 KeyUpdates and one octet, again and again, by people who are logged in", 8,
      "four connections' buffers", seconds=4, quick=True)
def key_updates_mixed(attack):
    flood(attack, "key-updates-mixed", closes=None, logged_in=True)


@case("tls-key-updates-anonymous", "the same before login", 8, "four connections' buffers", seconds=4)
def key_updates_anonymous(attack):
    """The octets between them count towards `anonymous-total`: 16,384 times 32 KeyUpdates, or 60 seconds, are the end."""
    flood(attack, "key-updates-mixed", closes=None)


@case("tls-padding", "32 records of nothing but 16 KiB of padding and one octet, again and again", 8,
      "four connections' buffers", seconds=4)
def padding(attack):
    flood(attack, "padding", closes=None, logged_in=True)


@case("tls-empty-mixed", "32 empty records and one octet, again and again", 8, "four connections' buffers", seconds=4)
def empty_mixed(attack):
    flood(attack, "empty-mixed", closes=None, logged_in=True)


@case("tls-one-octet", "a line's octets in a record each, faster than anybody types", 8, "four connections' buffers",
      seconds=4)
def one_octet(attack):
    flood(attack, "one-octet", closes=True, logged_in=True)


@case("line-ends", "nothing but line ends, in a record each, by people who are logged in", 8, "four connections' buffers",
      seconds=4)
def line_ends(attack):
    flood(attack, "line-ends", closes=None, logged_in=True)


def refused(attack, name, context, reasons):
    try:
        with Wire(attack.server, context=context, source=address(40), seconds=5) as wire:
            attack.expect(False, f"{name}: let in, {wire.socket.version()}")
    except (OSError, Ended) as error:
        attack.count(f"{name}: refused")
        attack.expect(any(reason.lower() in str(error).lower() for reason in reasons), f"{name}: refused with {error}")


@case("tls-versions", "SSL 3 to TLS 1.2, wrong ALPN, no ALPN, tickets, early data, client certificates", 4,
      "no state is kept", seconds=1, quick=True)
def versions(attack):
    authority = attack.office.authority
    # OpenSSL 3 speaks 1.0 and 1.1 only at this level.
    for name, version in [("TLS 1.0", ssl.TLSVersion.TLSv1), ("TLS 1.1", ssl.TLSVersion.TLSv1_1),
                          ("TLS 1.2", ssl.TLSVersion.TLSv1_2)]:
        context = contexts(authority, least=version, most=version)
        context.set_ciphers("ALL:@SECLEVEL=0")
        refused(attack, name, context, ["protocol version", "unsupported protocol"])
    for name in ("h2", "http/1.1", "phanbien/2", "phanbien/1 ", "PHANBIEN/1", "x" * 255):
        refused(attack, f"ALPN {name[:12]}", contexts(authority, protocols=(name,)), ["no application protocol"])
    for protocols in ((), ("h2", "phanbien/1")):
        with Wire(attack.server, context=contexts(authority, protocols=protocols), source=address(41)) as wire:
            attack.expect(wire.hello.startswith("HELLO phanbien/1 "), f"ALPN {protocols}: {wire.hello}")
            chosen = wire.socket.selected_alpn_protocol()
            attack.expect(chosen == ("phanbien/1" if protocols else None), f"ALPN {protocols}: chose {chosen}")
            attack.expect(wire.socket.version() == "TLSv1.3", wire.socket.version())
            attack.count(f"ALPN {'absent' if not protocols else 'among others'}: let in")

    def s_client(*arguments, text=b"PING\n"):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"{LOOPBACK}:{attack.server.port}", "-CAfile", authority, *arguments],
            input=text, capture_output=True, timeout=20)
        return (done.stdout + done.stderr).decode(errors="replace")

    session = attack.office.folder + "/session"
    first = s_client("-sess_out", session, "-ign_eof", text=b"LOGOUT\n")
    again = s_client("-sess_in", session, "-ign_eof", text=b"LOGOUT\n")
    early = [int(number) for number in re.findall(r"Max Early Data: (\d+)", first)]
    attack.note("session tickets: " + ("resumed" if "Reused, TLSv1.3" in again else "not resumed"))
    attack.expect(not any(early), f"the server offers early data: {early}")
    # A certificate that the server's authority has not issued ends the handshake.
    own = attack.office.folder + "/own"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    own + ".key", "-out", own + ".pem", "-subj", "/CN=bich", "-days", "1"], check=True, capture_output=True)
    shown = s_client("-cert", own + ".pem", "-key", own + ".key", "-ign_eof", "-quiet", text=b"WHOAMI\nLOGOUT\n")
    attack.expect("HELLO" not in shown, f"a client certificate of nobody's was taken: {shown[-200:]}")
    attack.count("own client certificate: refused")


def hello_of(context):
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = context.wrap_bio(into, out, server_hostname=None)
    try:
        connection.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def raw(attack, octets, source, seconds=3, pieces=None, pause=0):
    """Sends octets on TCP; what comes back until the server closes, or None when it does not close."""
    with Wire(attack.server, tls=False, source=source, seconds=seconds) as wire:
        got = b""
        try:
            if pieces:
                for place in range(0, len(octets), pieces):
                    wire.send(octets[place:place + pieces])
                    if pause:
                        time.sleep(pause)
            else:
                wire.send(octets)
            while True:
                more = wire.socket.recv(65536)
                if not more:
                    return got
                got += more
        except TimeoutError:
            return None
        except OSError:
            return got


@case("tls-hello", "ClientHello: huge, damaged, octet by octet, of many extensions", 16, "64 KiB for each of 250",
      seconds=3)
def hello(attack):
    good = hello_of(attack.server.tls)
    body = bytearray(good)

    def grown(count):
        # One more extension, of an unknown type, as long as it takes.
        message = bytearray(good[5:])
        at = 4 + 2 + 32
        at += 1 + message[at]
        at += 2 + int.from_bytes(message[at:at + 2], "big")
        at += 1 + message[at]
        message += b"\x7a\x7a" + count.to_bytes(2, "big") + bytes(count)
        message[at:at + 2] = (len(message) - at - 2).to_bytes(2, "big")
        message[1:4] = (len(message) - 4).to_bytes(3, "big")
        return b"".join(
            b"\x16\x03\x01" + len(message[place:place + 16384]).to_bytes(2, "big") + message[place:place + 16384]
            for place in range(0, len(message), 16384))

    source = address(50)
    for size in (1_000, 12_000):
        got = raw(attack, grown(size), source, seconds=1)
        attack.expect(got is None, f"a ClientHello with {size} octets more was refused: {got}")
        attack.count("large ClientHello: taken")
    for size in (16_000, 40_000, 60_000):
        got = raw(attack, grown(size), source, seconds=12)
        attack.expect(got is not None, f"a ClientHello with {size} octets more is still open")
        attack.count("huge ClientHello: " + ("alert" if got and got[0] == 21 else "closed"))
    for number in range(200):
        damaged = bytearray(body)
        damaged[5 + number % (len(body) - 5)] ^= 1 << number % 8
        raw(attack, bytes(damaged), address(51 + number), seconds=0.02)
        attack.count("damaged ClientHello")
    # Octet by octet it is still a handshake.
    got = raw(attack, good, source, seconds=1, pieces=1)
    attack.expect(got is None, f"octet by octet: {got}")


@case("handshake-flood", "full TLS handshakes from 250 addresses, as fast as the attacker can", 64,
      "512 at a time, 40 KiB each in the midst of it, and what malloc keeps of them", seconds=6, quick=True)
def handshake_flood(attack):
    crowd = Crowd(attack.server)
    done = [0]

    def life(link):
        agreed = yield from link.handshake(15)
        attack.count("handshake" if agreed else "refused")
        done[0] += 1

    deadline = time.monotonic() + attack.seconds
    started = 0
    while time.monotonic() < deadline:
        while crowd.links < 512:
            crowd.start(life, address(started % 250))
            started += 1
            if started % 32 == 0:
                crowd.run(time.monotonic())
        crowd.run(min(deadline, time.monotonic() + 0.05), lambda: crowd.links < 448)
    attack.note(f"{done[0] / attack.seconds:.0f} handshakes a second")
    attack.later(crowd.close)


@case("hello-burst", "4,000 ClientHellos in the same moment", 180, "45 KiB each in the midst of a handshake", seconds=6,
      quick=True)
def hello_burst(attack):
    """The handshakes are due all at once, so whoever serves them in one go keeps everybody else waiting."""
    greeting = hello_of(attack.server.tls)
    sockets = []
    for index in range(4000):
        link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        link.setsockopt(socket.IPPROTO_IP, 24, 1)
        link.bind((address(index // 16), 0))
        link.connect((LOOPBACK, attack.server.port))
        sockets.append(link)
        if index % 100 == 99:
            time.sleep(0.02)
    from .wire import monotonic

    attack.begun = monotonic()
    for link in sockets:
        link.send(greeting)
    answered = 0
    time.sleep(attack.seconds)
    attack.ended = monotonic()
    for link in sockets:
        link.setblocking(False)
        try:
            answered += len(link.recv(4096)) > 100
        except OSError:
            pass
    attack.count("ServerHello", answered)
    attack.expect(answered == len(sockets), f"only {answered} of {len(sockets)} were answered")
    attack.later(lambda: [link.close() for link in sockets])
