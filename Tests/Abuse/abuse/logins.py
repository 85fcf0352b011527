"""Passwords: guessing, locking out, telling who exists, and 1,000 people at once."""

import math
import re
import statistics
import subprocess
import sys
import time

from .cases import case
from .crowds import storm
from .office import DIRECTOR, PASSWORD
from .wire import Crowd, Wire, address, code, monotonic


def password_of(name_of):
    """A login with a password that nobody has."""
    return lambda number: f"LOGIN {name_of(number)} <\nthu-{number}-{time.monotonic_ns()}\n"


def guess(attack, request_of, addresses, per_address, until, counter):
    """Links that try one secret after another, as fast as they are answered."""
    crowd = Crowd(attack.server)
    number = [0]

    def life(link):
        mine = number[0]
        number[0] += 1
        while time.monotonic() < until:
            if link.tls is None:
                if not (yield from link.handshake(60)):
                    return
                yield from link.line(60)
            link.say(request_of(mine))
            said = yield from link.status(90)
            counter(code(said) if said else "closed")
            if said is None or said.startswith("BYE"):
                return

    def refill():
        while crowd.links < addresses * per_address and time.monotonic() < until:
            crowd.start(life, address(number[0] % addresses))
            if number[0] % 32 == 31:
                crowd.run(time.monotonic())

    return crowd, refill


def besiege(attack, request_of, addresses, per_address, seconds, meanwhile):
    """Guessing for a while, with something else now and then: `meanwhile()` is a generator that is stepped along."""
    until = time.monotonic() + seconds
    crowd, refill = guess(attack, request_of, addresses, per_address, until, attack.count)
    attack.later(crowd.close)
    steps = meanwhile(crowd)
    while time.monotonic() < until:
        refill()
        crowd.run(min(until, time.monotonic() + 0.05))
        if next(steps, "over") == "over":
            break
    return crowd


class Visitor:
    """Somebody with the right password, in a process apart."""

    def __init__(self, attack, person, source, limit):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "abuse.visit", str(attack.server.port), attack.office.authority, source, person, PASSWORD,
             str(limit)], stdout=subprocess.PIPE, text=True)
        attack.later(self.process.kill)
        self.result = None

    @property
    def done(self):
        return self.process.poll() is not None

    @property
    def seconds(self):
        """How long it took to get in; a very long time for never."""
        if self.result is None:
            self.process.kill() if not self.done else None
            out = self.process.communicate()[0].strip()
            self.result = dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", out))
        return float(self.result.get("seconds", "inf"))

    def __str__(self):
        words = f"{self.seconds:.1f} s, {self.result.get('tries', '?')} tries"
        return words + (f", last {self.result['said']}" if "said" in self.result else "")


def besiege_and_visit(attack, name_of, visits, limit, addresses=250):
    """Guessing from 16 connections of each address; `visits` are (moment, person, source)."""
    visitors = []

    def meanwhile(_):
        began = time.monotonic()
        for moment, person, source in visits:
            while time.monotonic() < began + moment:
                yield
            visitors.append(Visitor(attack, person, source, limit))
        while not all(visitor.done for visitor in visitors):
            yield

    besiege(attack, password_of(name_of), addresses, 16, attack.case.seconds, meanwhile)
    for visitor in visitors:
        visitor.seconds
    return visitors


@case("lockout-known", "4,000 connections guess the Director's password; the Director logs in from the own machine", 240,
      "4,000 × 40 KiB, and two hashes of 32 MiB", seconds=30, quick=True)
def lockout_known(attack):
    home = "127.0.8.8"
    with Wire(attack.server, source=home) as wire:
        attack.expect(wire.ask(f"LOGIN {DIRECTOR} <\n{PASSWORD}\n")[-1].startswith("OK"), "the Director's first login")
    for visitor in besiege_and_visit(attack, lambda _: DIRECTOR, [(8, DIRECTOR, home), (16, DIRECTOR, home)], 12):
        attack.note(f"the Director, from a machine that is known: in after {visitor}")
        attack.expect(visitor.seconds < 6, f"the Director did not get in within 6 s: {visitor}")


@case("lockout-unknown", "960 connections guess it, and the Director comes from a machine never seen before", 120,
      "960 × 48 KiB, and two hashes of 32 MiB", seconds=62)
def lockout_unknown(attack):
    for visitor in besiege_and_visit(attack, lambda _: DIRECTOR, [(8, DIRECTOR, "127.0.8.9")], 50, 60):
        attack.note(f"the Director, from anywhere: in after {visitor}; 60 addresses had their turns before")
        attack.expect(visitor.seconds < 50, f"the Director did not get in within 50 s: {visitor}")


@case("guessing", "invented names from 250 addresses, 16 connections each", 240, "4,000 × 40 KiB, and two hashes of 32 MiB", seconds=30)
def guessing(attack):
    """Others log in meanwhile, at the machines where they always do."""
    for person, source in (("lan", "127.0.8.20"), ("dung", "127.0.8.21"), ("van", "127.0.8.22")):
        with Wire(attack.server, source=source) as wire:
            attack.expect(wire.ask(f"LOGIN {person} <\n{PASSWORD}\n")[-1].startswith("OK"), f"{person}'s first login")
    visits = [(8, "lan", "127.0.8.20"), (9, "dung", "127.0.8.21"), (10, "van", "127.0.8.22")]
    for visitor in besiege_and_visit(attack, lambda number: f"x{number}.{time.monotonic_ns() % 1000003}", visits, 20):
        attack.note(f"somebody else, with a password: in after {visitor}")
        attack.expect(visitor.seconds < 10, f"others do not get in: {visitor}")


@case("codes", "invented invitation codes, each with a certificate request of 14 KiB, from 250 addresses, 16 connections each", 320,
      "4,000 × 40 KiB, 14 KiB of a request that waits, and as much again on its way through TLS", seconds=20)
def codes(attack):
    """A code is looked up, and a request is not read before its code was found: nobody else notices."""
    request = "-----BEGIN CERTIFICATE REQUEST-----\n" + "A" * 14_000 + "\n-----END CERTIFICATE REQUEST-----"

    def enrol(number):
        return f"ENROL {number:05}-{time.monotonic_ns() % 100_000:05}-BCFGH {{{len(request)}}}\n{request}\n"

    def meanwhile(_):
        while True:
            yield

    besiege(attack, enrol, 250, 16, attack.case.seconds, meanwhile)
    attack.expect(attack.got.get("NO AUTH-FAILED", 0) > 100, f"nothing was refused: {attack.got}")
    attack.expect(not attack.got.get("OK"), "a code was guessed")


def rank_sum(a, b):
    """Mann–Whitney: the standard score of the difference between two samples, ties shared."""
    values = sorted([(value, 0) for value in a] + [(value, 1) for value in b])
    ranks, index = [0.0, 0.0], 0
    while index < len(values):
        end = index
        while end < len(values) and values[end][0] == values[index][0]:
            end += 1
        for place in range(index, end):
            ranks[values[place][1]] += (index + end + 1) / 2
        index = end
    m, n = len(a), len(b)
    u = ranks[0] - m * (m + 1) / 2
    return (u - m * n / 2) / math.sqrt(m * n * (m + n + 1) / 12)


ATTEMPTS = 16


def known_people(office, data):
    """People with passwords of the real cost, whom nobody has tried yet."""
    with open(office.folder + "/known.csv", "w", encoding="utf-8") as file:
        file.write("id,name,office,position,password\n")
        for number in range(2 * ATTEMPTS):
            file.write(f"known{number},Nguyễn Văn A,nv,staff,{PASSWORD}\n")
    office.operate("people", "import", "--data", data, office.folder + "/known.csv")


@case("enumeration", "who exists: unknown, disabled, invited and known accounts, told apart by words or time", 90,
      "one connection at a time, and a hash of 32 MiB for each of the pool's threads", seconds=40, prepare=known_people)
def enumeration(attack):
    """Each attempt comes from an address of its own and to a name that was never tried, so that no delay is in the figures. A
    difference counts when the rank test finds it beyond 4 standard errors and it is larger than 3 % of a hash."""
    kinds = ("unknown", "disabled", "invited", "known")
    with Wire(attack.server, source=address(5)).log_in(attack.server, "quan") as admin:
        for number in range(2 * ATTEMPTS):
            for kind in ("disabled", "invited"):
                added = admin.ask(f'PERSON ADD {kind}{number} name="Nguyễn Văn A" office=nv position=staff\n')[-1]
                attack.expect(added.startswith("OK"), f"PERSON ADD {kind}{number}: {added}")
            admin.ask(f"INVITE invited{number}\n")
            admin.ask(f"PERSON DISABLE disabled{number} <\nnghỉ việc\n")
    source = 1000
    for verb in ("LOGIN", "AUTH PLAIN"):
        words, times = {}, {kind: [] for kind in kinds}
        for number in range(ATTEMPTS):
            for kind in kinds:
                name = f"{kind}{number + (ATTEMPTS if verb == 'LOGIN' else 0)}"
                secret = f"\0{name}\0khong-phai"
                source += 1
                with Wire(attack.server, source=address(source)) as wire:
                    request = (f"LOGIN {name} <\nkhong-phai\n" if verb == "LOGIN"
                               else f"AUTH PLAIN {{{len(secret)}}}\n{secret}\n")
                    began = time.monotonic()
                    words.setdefault(wire.ask(request)[-1], []).append(kind)
                    times[kind].append(time.monotonic() - began)
        attack.expect(len(words) == 1, f"{verb}: more than one answer: {list(words)}")
        base = statistics.median(times["unknown"])
        attack.count(f"{verb}: one and the same answer", sum(len(v) for v in times.values()))
        report = []
        for kind in kinds[1:]:
            score = rank_sum(times["unknown"], times[kind])
            difference = statistics.median(times[kind]) - base
            report.append(f"{kind} {difference * 1000:+.1f} ms (z {score:+.1f})")
            attack.expect(abs(score) < 4 or abs(difference) < 0.03 * base, f"{verb}: {kind} is told by time: {report[-1]}")
        attack.note(f"{verb}: unknown {base * 1000:.0f} ms; against it " + ", ".join(report))


@case("storm-passwords", "200 people come back at once with passwords (FULL=1: 1,000)", 130,
      "1,000 × 48 KiB, and two hashes of 32 MiB",
      seconds=150, limits={"connections-per-address": 64})
def storm_passwords(attack):
    """They come with invitation codes, which cost the server the same hash as a password and need not be prepared with
    as many. Meanwhile somebody presents a session token, and must not wait behind them."""
    people = [f"s{index:04}" for index in range(1000 if attack.tools["full"] else 200)]
    codes = {}
    with Wire(attack.server, source=address(5)).log_in(attack.server, "quan") as admin:
        for person in people:
            admin.ask(f'PERSON ADD {person} name="Trần Văn {person[1:]}" office=nv position=staff\n')
            codes[person] = re.search(r" code=(\S+)", admin.ask(f"INVITE {person}\n")[-1]).group(1)
    attack.begun = monotonic()
    times = storm(attack, people, lambda link: link.say(f"LOGIN {link.person} <\n{codes[link.person]}\n"),
                  600 if attack.tools["full"] else attack.case.seconds)
    attack.ended = monotonic()
    if times:
        attack.note(f"{len(times) / times[-1]:.1f} passwords a second")
