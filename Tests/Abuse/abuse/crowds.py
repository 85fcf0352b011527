"""Crowds: as many connections as there are descriptors, everybody back at once, and coming and going without end."""

import time

from .cases import case
from .wire import Crowd, Ended, Wire, address, code, monotonic


def fill(attack, number, tls_share):
    """Opens connections, the given share of them with TLS; the crowd that holds them."""
    crowd = Crowd(attack.server)
    attack.later(crowd.close)
    held = [0]

    def silent(link):
        while (yield ("read", None)) != b"":
            pass
        attack.count("closed by the server")

    def greeted(link):
        if not (yield from link.handshake(120)):
            return attack.count("no handshake")
        said = yield from link.line(120)
        attack.count(code(said) if said else "closed before HELLO")
        if said and said.startswith("HELLO"):
            held[0] += 1
            while (yield ("read", None)) != b"":
                pass
            attack.count("closed by the server")

    for index in range(number):
        try:
            crowd.start(greeted if index % 100 < tls_share else silent, address(index // 15))
        except Ended:
            attack.count("connect refused")
            break
        if index % 32 == 31:
            crowd.run(time.monotonic() + 0.005)
    return crowd


def knock(attack, source, seconds=5):
    """Whether somebody new gets in, and what they are told."""
    try:
        with Wire(attack.server, source=source, seconds=seconds) as wire:
            return wire.hello
    except (OSError, Ended) as error:
        return f"{type(error).__name__} {error}"


@case("descriptors", "more connections than the server has descriptors, half of them with TLS", 800,
      "19,000 × 42 KiB: TLS state, buffers, and what a handshake leaves", seconds=10, files=19_000,
      limits={"connections": 1000000, "login": 600, "handshake": 600, "connections-per-address": 100000}, quick=False)
def descriptors(attack):
    """The limits are raised, so that descriptors are what runs out. People who are in stay in; new ones get in as soon
    as there is room. The attacker, who may have 20,000 here, needs some for looking at the server."""
    crowd = fill(attack, 19_200, 50)
    crowd.run(time.monotonic() + 20, lambda: not crowd.timers)
    most = attack.server.open_files()
    attack.note(f"the server holds {most} descriptors, the attacker {crowd.links} connections")
    attack.begun = monotonic()
    crowd.run(time.monotonic() + attack.seconds)
    said = knock(attack, "127.0.9.8", seconds=3)
    attack.note(f"at the door meanwhile: {said[:90]}")
    for link in list(crowd.waiting)[:500]:
        crowd.drop(link)
    began = time.monotonic()
    while not (said := knock(attack, "127.0.9.8", seconds=3)).startswith("HELLO") and time.monotonic() < began + 20:
        time.sleep(0.1)
    attack.note(f"500 connections end: somebody new is in after {time.monotonic() - began:.2f} s")
    attack.expect(said.startswith("HELLO"), f"with room again nobody gets in: {said}")
    attack.ended = monotonic()


@case("connections", "10,000 connections, the default limit, all before login", 420, "10,000 × 42 KiB", seconds=8,
      limits={"login": 600})
def connections(attack):
    """Only the time to log in is raised, so that the crowd stands at the limit for the whole attack."""
    crowd = fill(attack, 10_100, 100)
    attack.begun = monotonic()
    crowd.run(time.monotonic() + attack.seconds)
    attack.note(f"{crowd.links} connections are held")
    said = knock(attack, "127.0.9.8")
    attack.note(f"somebody new is told: {said[:100]}")
    attack.ended = monotonic()


def storm(attack, people, log_in, deadline):
    """Everybody comes in at once, and tries again as told until in; the times that took."""
    crowd = Crowd(attack.server)
    attack.later(crowd.close)
    began, times = time.monotonic(), []

    def life(link):
        if not (yield from link.handshake(60)):
            attack.count("no handshake")
            return (yield from again(link))
        hello = yield from link.line(60)
        if not hello or not hello.startswith("HELLO"):
            attack.count(code(hello) if hello else "closed")
            return (yield from again(link))
        while True:
            log_in(link)
            said = yield from link.status(120)
            attack.count(code(said) if said else "closed")
            if said and said.startswith("OK"):
                times.append(time.monotonic() - began)
                while (yield ("read", None)) != b"":
                    pass
                return
            if not said or said.startswith("BYE"):
                return (yield from again(link))
            after = int(said.split("after=")[1].split(" ")[0]) / 1000 if "after=" in said else 1
            yield ("sleep", after)

    def again(link):
        yield ("sleep", 1)
        if time.monotonic() < began + deadline:
            restart.append(link)

    restart = []
    for index, person in enumerate(people):
        link = crowd.start(life, address(index))
        link.person = person
        if index % 64 == 63:
            crowd.run(time.monotonic())
    while len(times) < len(people) and time.monotonic() < began + deadline:
        crowd.run(time.monotonic() + 0.1, lambda: len(times) == len(people))
        while restart:
            old = restart.pop()
            link = crowd.start(life, old.source)
            link.person = old.person
    times.sort()
    attack.note(f"{len(times)} of {len(people)} are in; half after {times[len(times) // 2] if times else 0:.2f} s, "
                f"all after {times[-1] if times else 0:.2f} s")
    attack.expect(len(times) == len(people), f"{len(people) - len(times)} of {len(people)} did not come back")
    return times


@case("storm-tokens", "1,000 people come back at once with session tokens", 48, "1,000 × 48 KiB", seconds=5, quick=True)
def storm_tokens(attack):
    def log_in(link):
        token = attack.office.token(link.person)
        link.say(f"AUTH TOKEN {{{len(token)}}}\n{token}\n")

    from .office import CROWD

    times = storm(attack, CROWD[:1000], log_in, 30)
    attack.expect(times and times[-1] < 15, f"all are back only after {times[-1] if times else 0:.1f} s")


@case("churn", "8 people log in with tokens and out again, without end", 16, "nothing is kept of who has gone", seconds=10)
def churn(attack):
    crowd = Crowd(attack.server)
    attack.later(crowd.close)
    from .office import CROWD

    def life(link):
        if not (yield from link.handshake(30)):
            return attack.count("no handshake")
        yield from link.line(30)
        token = attack.office.token(link.person)
        link.say(f"AUTH TOKEN {{{len(token)}}}\n{token}\nWATCH\nLOGOUT\n")
        said = yield from link.status(30)
        attack.count(code(said) if said else "closed")
        while (yield ("read", 10)):
            pass

    deadline = time.monotonic() + attack.seconds
    started, first = 0, None
    while time.monotonic() < deadline:
        while crowd.links < 32:
            link = crowd.start(life, address(started % 250))
            link.person = CROWD[started % 8]
            started += 1
        crowd.run(min(deadline, time.monotonic() + 0.05), lambda: crowd.links < 24)
        if first is None and time.monotonic() > deadline - attack.seconds / 2:
            first = attack.server.resident()
    attack.note(f"{started / attack.seconds:.0f} sessions a second; memory grew by "
                f"{(attack.server.resident() - first) / 1_048_576:.1f} MiB in the second half")
