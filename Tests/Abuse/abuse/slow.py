"""Slow-loris in every phase: nobody may hold the server's memory by doing nothing, or next to nothing."""

import socket
import time

from .cases import case
from .tls import hello_of
from .wire import Crowd, Ended, Wire, address, code, monotonic

#: As many as 250 addresses may open: sixteen each.
MANY = 250 * 16


def flock(attack, life, number=MANY, per_address=16, until=None):
    """Starts so many links, a few at a time, and lets them live until all have ended or the time is over."""
    crowd = Crowd(attack.server)
    attack.later(crowd.close)
    for index in range(number):
        try:
            crowd.start(life, address(index // per_address))
        except Ended:
            attack.count("connect refused")
        if index % 64 == 63:
            crowd.run(time.monotonic() + 0.02)
    deadline = time.monotonic() + attack.case.seconds + 5
    crowd.run(deadline, lambda: crowd.links == 0 or (until and until()))
    return crowd


def ends(attack, times, expected, least, most, words):
    attack.expect(len(times) == expected, f"{expected - len(times)} of {expected} are still open")
    if times:
        attack.note(f"closed after {min(times):.1f} to {max(times):.1f} s ({words})")
        attack.expect(least <= min(times) and max(times) <= most, f"not between {least} and {most} s")


@case("tcp-silent", "TCP connections that never send an octet", 110, "4,000 × 24 KiB, TLS state included", seconds=11,
      quick=True)
def tcp_silent(attack):
    closed = []

    def life(link):
        began = time.monotonic()
        while (yield ("read", None)) != b"":
            pass
        closed.append(time.monotonic() - began)
        attack.count("closed")

    flock(attack, life)
    ends(attack, closed, MANY, 9, 14, "limit handshake: 10 s")


@case("half-hello", "half a ClientHello, and then nothing", 130, "4,000 × (24 + 4 KiB)", seconds=11)
def half_hello(attack):
    greeting = hello_of(attack.server.tls)
    closed = []

    def life(link):
        began = time.monotonic()
        yield ("sleep", 0.01)
        link.raw(greeting[:len(greeting) // 2])
        while (yield ("read", None)) != b"":
            pass
        closed.append(time.monotonic() - began)
        attack.count("closed")

    flock(attack, life)
    ends(attack, closed, MANY, 9, 14, "limit handshake: 10 s")


@case("hello-trickle", "a ClientHello at an octet a second", 20, "500 × 28 KiB", seconds=11)
def hello_trickle(attack):
    greeting = hello_of(attack.server.tls)
    closed = []

    def life(link):
        began = time.monotonic()
        for octet in range(len(greeting)):
            link.raw(greeting[octet:octet + 1])
            got = yield ("read", 1.0)
            if got == b"" or link.ended:
                break
        closed.append(time.monotonic() - began)
        attack.count("closed")

    flock(attack, life, number=500)
    ends(attack, closed, 500, 9, 14, "limit handshake: 10 s")


@case("no-login", "TLS agreed, and then nothing", 70, "2,000 × 28 KiB, and the handshakes", seconds=9, limits={"login": 8})
def no_login(attack):
    """The limit is lowered from 60 s, so that the case is short."""
    closed = []

    def life(link):
        if not (yield from link.handshake(60)):
            return attack.count("no handshake")
        began = time.monotonic()
        said = yield from link.line()
        while said is not None and not said.startswith("BYE"):
            said = yield from link.line()
        attack.count(code(said or "closed"))
        closed.append(time.monotonic() - began)

    flock(attack, life, number=2000)
    ends(attack, closed, 2000, 6, 12, "limit login, here 8 s")


def logged_in(link, attack, person, server):
    if not (yield from link.handshake(60)):
        attack.count("no handshake")
        return False
    token = server.office.token(person)
    link.say(f"AUTH TOKEN {{{len(token)}}}\n{token}\n")
    said = yield from link.status()
    if not said or not said.startswith("OK"):
        attack.count(said or "closed")
        return False
    return True


@case("half-line", "half a command, its octets a second apart", 24, "500 × 36 KiB, login included", seconds=9,
      limits={"started-line": 8})
def half_line(attack):
    """The limit is lowered from 60 s, so that the case is short."""
    closed, number = [], [0]

    def life(link):
        number[0] += 1
        if not (yield from logged_in(link, attack, f"p{1 + number[0] // 8:04}", attack.server)):
            return
        began = time.monotonic()
        while True:
            link.say("a")
            said = yield from link.line(1.0)
            if said is None and not link.ended and link.plain == b"":
                continue
            attack.count(code(said) if said else "closed")
            break
        closed.append(time.monotonic() - began)

    flock(attack, life, number=500)
    ends(attack, closed, 500, 7, 12, "limit started-line, here 8 s")


@case("body-trickle", "2 MiB announced, and a body at 100 octets a second", 36, "500 × 64 KiB: TLS, and what came of the body",
      seconds=14, quick=True)
def body_trickle(attack):
    closed, number = [], [0]

    def life(link):
        number[0] += 1
        if not (yield from logged_in(link, attack, f"p{1 + number[0] // 8:04}", attack.server)):
            return
        began = time.monotonic()
        link.say("COMMENT 2025-1@1 kind=content level=note {2000000}\n")
        while True:
            link.say("a" * 100)
            said = yield from link.line(1.0)
            if said is None and not link.ended and link.plain == b"":
                continue
            if said and said.startswith("+"):
                continue
            attack.count(code(said) if said else "closed")
            break
        closed.append(time.monotonic() - began)

    flock(attack, life, number=500)
    ends(attack, closed, 500, 9, 17, "limit body-octets-per-second: 500, grace 10 s")


@case("reply-trickle", "64 people ask for 2 MiB sixteen times over, and read an octet a second", 640,
      "64 × 10 MiB: one reply as text and as records, with room to grow; never the other fifteen", seconds=6, quick=True)
def reply_trickle(attack):
    wires = []
    for index in range(64):
        wire = Wire(attack.server, source=address(index), receive_buffer=4096)
        attack.later(wire.close)
        wire.log_in(attack.server, f"p{1 + index:04}")
        wire.send("SHOW 2025-2@1\n" * 16)
        wires.append(wire)
    deadline = time.monotonic() + attack.seconds
    while time.monotonic() < deadline:
        for wire in wires:
            wire.socket.recv(1)
        time.sleep(1)
    attack.count("readers at an octet a second", len(wires))


@case("reply-unread", "people who ask and never read are not kept for ever", 40, "8 × 4 MiB", seconds=16,
      limits={"idle": 6})
def reply_unread(attack):
    """The limit is lowered from 30 minutes, so that the case is short."""
    wires = []
    for index in range(4):
        wire = Wire(attack.server, source=address(index), receive_buffer=4096, seconds=5)
        attack.later(wire.close)
        wire.log_in(attack.server, f"p{1 + index:04}")
        # What is asked after the first reply keeps the connection owing answers.
        wire.send("SHOW 2025-2@1\n" * 16)
        wires.append(wire)
    before = attack.server.open_files()
    time.sleep(14)
    # The server has said BYE; the last octets have 30 s to leave, and then the connection is cut.
    attack.begun, attack.ended = monotonic() - 14_000_000_000, monotonic()
    deadline = time.monotonic() + 40
    while attack.server.open_files() > before - len(wires) + 1 and time.monotonic() < deadline:
        time.sleep(0.25)
    left = max(0, attack.server.open_files() - (before - len(wires)) - 1)
    attack.note(f"{left} of {len(wires)} connections are left, {54 - deadline + time.monotonic():.0f} s after the requests")
    attack.expect(left == 0, f"{left} connections of people who do not read are kept")


@case("half-close", "a request, and then the end of sending", 24, "500 × 36 KiB", seconds=4)
def half_close(attack):
    closed, number = [], [0]

    def life(link):
        number[0] += 1
        if not (yield from logged_in(link, attack, f"p{1 + number[0] // 8:04}", attack.server)):
            return
        began = time.monotonic()
        link.say("PING\n")
        link.socket.shutdown(socket.SHUT_WR)
        said = yield from link.status(10)
        attack.count(code(said) if said else "closed")
        while (yield ("read", 10)):
            pass
        closed.append(time.monotonic() - began)

    flock(attack, life, number=500)
    ends(attack, closed, 500, 0, 5, "nothing is kept for who has ended")


@case("never-reading", "100 watchers of everything who never read, while comments come", 44,
      "100 × 448 KiB: two turns of catching up, as lines and as records; the comments themselves", seconds=8, quick=True,
      people=("--rate", "100"))
def never_reading(attack):
    for index in range(100):
        wire = Wire(attack.server, source=address(index // 8), receive_buffer=4096)
        attack.later(wire.close)
        wire.log_in(attack.server, f"p{1 + index:04}")
        wire.send("WATCH after=0\n" if index % 2 else "WATCH\n")
    attack.begun = monotonic()
    time.sleep(attack.seconds / 2)
    middle = attack.server.resident()
    time.sleep(attack.seconds / 2)
    grown = (attack.server.resident() - middle) / 1_048_576
    attack.note(f"in the second half of the time memory grew by {grown:.1f} MiB (comments themselves included)")
    attack.expect(grown < 8, f"memory goes on growing: {grown:.1f} MiB in {attack.seconds / 2:.0f} s")
