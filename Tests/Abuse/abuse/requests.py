"""People who are logged in and mean ill: floods, bodies, expensive requests, numbers that overflow, texts made to hurt."""

import base64
import hashlib
import time

from .cases import case
from .office import CROWD, WORD_FILE
from .wire import Crowd, Ended, Wire, address, code, monotonic


def pump(attack, requests, people=1, connections=1, window=32, prepare=None):
    """Keeps a window of requests in flight on each connection for the attack's time; counts the answers.

    `requests(number)` gives the octets of the number-th request."""
    crowd = Crowd(attack.server)
    attack.later(crowd.close)
    number = [0]
    deadline = [None]
    answered = [0]

    def life(link):
        if not (yield from link.handshake(30)):
            return attack.count("no handshake")
        token = attack.office.token(link.person)
        link.say(f"AUTH TOKEN {{{len(token)}}}\n{token}\n")
        said = yield from link.status(30)
        if not said or not said.startswith("OK"):
            return attack.count(code(said or "closed"))
        if prepare:
            link.say(prepare)
        flying = 0
        while time.monotonic() < deadline[0] or flying:
            while flying < window and time.monotonic() < deadline[0]:
                link.say(requests(number[0]))
                number[0] += 1
                flying += 1
            said = yield from link.status(60)
            if said is None:
                return attack.count("closed")
            attack.count(code(said))
            answered[0] += 1
            flying -= 1
            if said.startswith("BYE"):
                return

    deadline[0] = time.monotonic() + attack.seconds
    for person in range(people):
        for connection in range(connections):
            link = crowd.start(life, address(person))
            link.person = CROWD[person]
    crowd.run(deadline[0] + 30, lambda: crowd.links == 0)
    attack.ended = attack.ended or monotonic()
    attack.note(f"{answered[0] / attack.seconds:.0f} answers a second")
    return answered[0]


@case("flood-requests", "one person sends PING as fast as it goes, on 8 connections, 64 deep", 12, "8 windows", seconds=5,
      quick=True)
def flood_requests(attack):
    pump(attack, lambda _: "PING\n", connections=8, window=64)
    passed = attack.got.get("OK", 0)
    attack.expect(passed <= 1000 * (attack.seconds + 3) + 2000, f"{passed} passed; the limit is 1,000 a second")
    attack.expect(attack.got.get("NO RATE", 0) > 0 or passed < 1000 * attack.seconds, "the rate was never refused")


@case("flood-comments", "20 people comment as fast as it goes, on 8 connections each", 160,
      "comments are kept; some 8,000 a second would be 2 KiB each", seconds=5)
def flood_comments(attack):
    """The well-behaved share the disk's group commits with 160 others."""
    pump(attack, lambda n: f"COMMENT 2025-1@1 kind=content level=note <\nÝ kiến {n}\n", people=20, connections=8, window=8)


@case("bomb-window", "pipelined requests sent without reading a reply", 64, "8 × (256 KiB unread + 2 replies)", seconds=5)
def bomb_window(attack):
    wires = []
    for index in range(8):
        wire = Wire(attack.server, source=address(1), receive_buffer=4096)
        attack.later(wire.close)
        wire.log_in(attack.server, CROWD[0])
        wire.socket.setblocking(False)
        wires.append(wire)
    deadline = time.monotonic() + attack.seconds
    sent = 0
    text = b"LOG after=0 limit=1000\n" * 100
    while time.monotonic() < deadline:
        for wire in wires:
            try:
                sent += wire.socket.send(text)
            except OSError:
                pass
        time.sleep(0.01)
    attack.note(f"{sent / 1e6:.2f} MB were taken from 8 connections")
    attack.expect(sent < 8 * 4_000_000, f"the server goes on reading: {sent} octets")


BODY = b"x" * 2_000_000


def refuse_bodies(attack, line, expected, body=BODY, connections=4, log_in=True):
    """The same request with a body of 2 MB again and again; what is refused must be refused cheaply."""
    deadline = time.monotonic() + attack.seconds
    count = 0
    attack.begun = monotonic()
    wires = [None] * connections
    while time.monotonic() < deadline:
        for index in range(connections):
            try:
                if wires[index] is None:
                    wires[index] = Wire(attack.server, source=address(index))
                    attack.later(wires[index].close)
                    if log_in:
                        wires[index].log_in(attack.server, CROWD[index])
                said = wires[index].ask(line + body + b"\n")[-1]
                answer = code(said)
            except (OSError, Ended) as error:
                answer = "closed"
                try:
                    answer = code(wires[index].rest()[-1])
                except (OSError, IndexError, Ended, AttributeError):
                    pass
            attack.count(answer)
            count += 1
            if answer not in expected:
                attack.expect(False, f"{answer} instead of {expected}")
            if answer.startswith("BYE") or answer == "closed":
                if wires[index]:
                    wires[index].close()
                wires[index] = None
    attack.ended = monotonic()
    attack.note(f"{count / attack.seconds:.0f} bodies a second")


@case("bodies-anonymous", "2 MB announced before login, by the thousand", 32,
      "a read burst of 64 KiB for each, kept for a second after BYE", seconds=4, quick=True)
def bodies_anonymous(attack):
    refuse_bodies(attack, b"PUSH 2025-1 if=@1 {2000000}\n", ("BYE FRAME", "closed"), log_in=False)


@case("bodies-forbidden", "2 MB in PUSH by people who may not push", 40, "four bodies in flight, framed and queued", seconds=5,
      quick=True)
def bodies_forbidden(attack):
    refuse_bodies(attack, b"PUSH 2025-1 if=@1 {2000000}\n", ("NO FORBIDDEN", "NO STAGE"))


@case("bodies-large", "bodies over the limit: {n} of 3 MB, and blocks of 3 MB", 40, "a block is not kept once it is too big",
      seconds=5)
def bodies_large(attack):
    attack.case.seconds, attack.seconds = attack.seconds / 2, attack.seconds / 2
    refuse_bodies(attack, b"COMMENT 2025-1@1 kind=content level=note {3000000}\n", ("BYE FRAME", "closed"),
                  body=b"x" * 3_000_000)
    block = (b"x" * 999 + b"\n") * 3_000 + b"."
    refuse_bodies(attack, b"COMMENT 2025-1@1 kind=content level=note <<\n", ("BAD BODY-TOO-BIG",), body=block)


@case("bodies-dry-run", "2 MB in PUSH dry-run=yes by an author, again and again", 260,
      "a draft is cut, compared and ported as if it were meant", seconds=6)
def bodies_dry_run(attack):
    text = attack.office.large_draft(1)
    deadline = time.monotonic() + attack.seconds
    with Wire(attack.server, source=address(0), seconds=60).log_in(attack.server, "son") as wire:
        longest, count = 0, 0
        while time.monotonic() < deadline:
            began = time.monotonic()
            said = wire.ask(b"PUSH 2025-2 if=@2 dry-run=yes {%d}\n%s\n" % (len(text), text))[-1]
            longest = max(longest, time.monotonic() - began)
            attack.count(code(said))
            count += 1
    attack.note(f"{count} rehearsals, the longest {longest * 1000:.0f} ms")


@case("originals-dry-run", "1.5 MB of Word file in ATTACH dry-run=yes by its author, on two connections, again and again", 64,
      "two files in flight: framed, decoded, spelled anew", seconds=5)
def originals_dry_run(attack):
    encoded = base64.b64encode(WORD_FILE[:-1])
    line = b"ATTACH 2025-2@2 name=goc.docx dry-run=yes {%d}\n%s\n" % (len(encoded), encoded)
    wires = [Wire(attack.server, source=address(n), seconds=60).log_in(attack.server, "son") for n in range(2)]
    deadline, count = time.monotonic() + attack.seconds, 0
    while time.monotonic() < deadline:
        for wire in wires:
            wire.send(line)
        for wire in wires:
            said = code(wire.reply()[-1])
            attack.count(said)
            attack.expect(said == "NO CONFLICT", f"{said} for another file than the one that is kept")
            count += 1
    for wire in wires:
        wire.close()
    attack.note(f"{count / attack.seconds:.0f} files a second")


@case("originals-unread", "a Word file of 1.5 MB asked for as fast as it goes on 8 connections that never read", 64,
      "8 × (a reply of 2 MiB, the file it is made of, and what waits to be asked)", seconds=5)
def originals_unread(attack):
    wires = []
    for index in range(8):
        wire = Wire(attack.server, source=address(1), receive_buffer=4096)
        attack.later(wire.close)
        wire.log_in(attack.server, "son")
        wire.socket.setblocking(False)
        wires.append(wire)
    deadline, sent = time.monotonic() + attack.seconds, 0
    line = f"FETCH {hashlib.sha256(WORD_FILE).hexdigest()}\n".encode()
    text = line * 100
    rest = [text] * len(wires)
    while time.monotonic() < deadline:
        for index, wire in enumerate(wires):
            try:
                taken = wire.socket.send(rest[index])
                sent += taken
                rest[index] = rest[index][taken:] or text
            except OSError:
                pass
        time.sleep(0.01)
    attack.note(f"{sent // len(line)} requests were taken from 8 connections")
    attack.expect(sent < 8 * 4_000_000, f"the server goes on reading: {sent} octets")


#: What one person may ask that costs the most, and how the server is asked for it.
EXPENSIVE = {
    "diff": "DIFF 2025-2 from=@1 to=@2\n", "find": 'FIND "đoạn"\n', "find-common": 'FIND "vụ việc"\n',
    "log": "LOG after=0 limit=1000\n", "comments": "COMMENTS 2025-1\n", "comments-at": "COMMENTS 2025-1 at=@1\n",
    "outline": "OUTLINE 2025-2@2\n", "show": "SHOW 2025-2@2 numbers=yes\n", "comparison": "FORM name=ban-so-sanh 2025-2\n",
    "proposal": "FORM name=to-trinh 2025-2\n", "paper": "FORM name=chuyen-de 2025-2\n",
    "paper-word": "FORM name=chuyen-de 2025-2 format=rtf\n",
    "comparison-word": "FORM name=ban-so-sanh 2025-2 format=rtf\n",
    "report": "FORM name=bao-cao-nam\n", "calendar": "CALENDAR\n", "fetch": "FETCH " + "0" * 64 + "\n",
    "original": f"FETCH {hashlib.sha256(WORD_FILE).hexdigest()}\n",
    "checkpoint": "CHECKPOINT\n", "proof": "PROOF 1\n", "continuation": "PROOF from=100\n",
    "todo": "TODO\n", "check": "CHECK 2025-2\n", "people": "PEOPLE\n", "help": "HELP\n", "manifest": "MANIFEST 2025-2@2\n",
}


@case("expensive", "four people ask for what costs most, one kind after another, 1 s each", 300,
      "replies of 2 to 4 MiB in flight for four", seconds=23)
def expensive(attack):
    """For each kind the time that the engine needs for one, alone: that long everybody else may have to wait."""
    with Wire(attack.server, source=address(9), seconds=60).log_in(attack.server, CROWD[9]) as probe:
        # Comments enough that listing and porting them costs something.
        for block in range(20):
            probe.send("".join(f"COMMENT 2025-1@1 kind=content level=note <\nÝ kiến thứ {block * 100 + n}\n"
                               for n in range(100)))
            for _ in range(100):
                probe.reply()
        for name, request in EXPENSIVE.items():
            began = time.monotonic()
            said = probe.ask(request)[-1]
            alone = time.monotonic() - began
            wires = [Wire(attack.server, source=address(n), seconds=60).log_in(attack.server, CROWD[n]) for n in range(4)]
            until, count, slowest = time.monotonic() + attack.seconds / len(EXPENSIVE), 0, 0
            while time.monotonic() < until:
                for wire in wires:
                    wire.send(request)
                for wire in wires:
                    attack.count(code(wire.reply()[-1]))
                    count += 1
                began = time.monotonic()
                probe.ask("PING\n")
                slowest = max(slowest, time.monotonic() - began)
            for wire in wires:
                wire.close()
            rate = count / attack.seconds * len(EXPENSIVE)
            attack.note(f"{name}: {code(said)}, alone {alone * 1000:.1f} ms; four at once: {rate:.0f} a second, and PING "
                        f"beside them at most {slowest * 1000:.0f} ms")
            attack.expect(not said.startswith("BAD"), f"{name}: {said[:100]}")


@case("watch-toggle", "WATCH and UNWATCH, thousands of times a second", 12, "a cursor each", seconds=4)
def watch_toggle(attack):
    pump(attack, lambda n: ("WATCH after=0\n", "UNWATCH\n", f"WATCH 2025-{1 + n % 4}\n", "WATCH\n")[n % 4], connections=8)


@case("watch-topics", "more topics, more cursors, more client names than are allowed", 12, "16 cursors a connection", seconds=3)
def watch_topics(attack):
    pump(attack, lambda n: f"WATCH 2025-{1 + n % 4} after={n % 50}\nACK 1 client=c{n}\n" if n % 2 else
         f'WATCH client="k{n}"\n', connections=2)


@case("too-many", "more connections than a person and an address may have", 16, "24 for a moment", seconds=2)
def too_many(attack):
    wires = [Wire(attack.server, source=address(n)) for n in range(12)]
    token = attack.office.token(CROWD[0])
    answers = [code(wire.ask(f"AUTH TOKEN {{{len(token)}}}\n{token}\n")[-1]) for wire in wires]
    for answer in answers:
        attack.count(answer)
    attack.expect(answers == ["OK"] * 8 + ["NO QUOTA"] * 4, f"connections of one person: {answers}")
    for wire in wires:
        wire.close()
    time.sleep(0.3)
    greetings = []
    held = []
    for _ in range(40):
        try:
            held.append(Wire(attack.server, source=address(100), seconds=5))
            greetings.append(code(held[-1].hello))
        except (OSError, Ended):
            greetings.append("closed")
    attack.expect(greetings.count("HELLO") == 16, f"connections of one address: {greetings}")
    for greeting in greetings:
        attack.count(greeting)
    for wire in held:
        wire.close()


#: Numbers that fit no machine word, in every place where a number, a date or a list may stand.
OVERFLOWS = [
    "SHOW 2025-1@99999999999999999999", "SHOW 2025-99999999999999999999@1", "SHOW 99999999999999999999-1@1",
    "SHOW 2025-1@9223372036854775808", "SHOW 2025-1@-1", "SHOW 2025-1@0", "SHOW 2025-0@1",
    "SHOW P99999999999999999999", "THREAD C99999999999999999999", "THREAD C9223372036854775807", "THREAD C0",
    "LOG after=99999999999999999999", "LOG after=9223372036854775807", "LOG limit=99999999999999999999",
    "LOG limit=9223372036854775807", "LOG limit=0", "LOG after=-1", "WATCH after=9223372036854775807",
    "WATCH after=99999999999999999999", "ACK 9223372036854775807", "ACK 99999999999999999999", "PROOF 9223372036854775807",
    "DIFF 2025-1 from=@99999999999999999999 to=@1", "DIFF 2025-1 from=@1 to=@18446744073709551616",
    "COMMENTS 2025-1 at=@9223372036854775807", "PLAN SHOW 99999999999999999999", "PLAN SHOW 9223372036854775807",
    "LIST year=9223372036854775807", "FORM name=bao-cao-nam year=99999999999999999999",
    "EXTEND 2025-1 milestone=final to=99999999-01-01 ref=x <\nlý do", "EXTEND 2025-1 milestone=final to=9999-99-99 ref=x <\nlý do",
    "PLENARY 2025-1 OPEN at=9223372036854775807-01-01T00:00 place=a chair=bich secretary=yen",
    "COMMENT 2025-1@1 at=L99999999999999999999 kind=content level=note <\na",
    "COMMENT 2025-1@1 at=I/99999999999999999999 kind=content level=note <\na",
    "COMMENT 2025-1@1 at=II.99999999999999999999 kind=content level=note <\na",
    "COMMENT 2025-1@1 at=" + "I" * 3000 + " kind=content level=note <\na",
    "COMMENT 2025-1@1 at=" + "1." * 1500 + "1 kind=content level=note <\na",
    "PUSH 2025-1 if=@99999999999999999999 <\na", "PUSH 2025-1 if=@1 addresses=" + ",".join(f"C{n}" for n in range(700)) + " <\na",
    "SETTLE C1 as=accepted in=@99999999999999999999", "APPROVE 2025-1@1 sha256=" + "f" * 3000,
    "ATTEND 2025-1 present=" + ",".join(["bich"] * 700), "FIND \"" + "a " * 1900 + "\"", "FIND \"*\"", "FIND \"a* OR b* NEAR( \"",
    "FETCH " + "0" * 3900, "HELP " + "A" * 3900, "#" + "t" * 32 + " PING", "#" + "t" * 33 + " PING",
]


@case("overflows", "numbers that fit no machine word, in every place where one may stand", 12, "nothing is kept", seconds=2,
      quick=True)
def overflows(attack):
    for person in ("minh", "bich", "quan"):
        with Wire(attack.server, source=address(60), seconds=10).log_in(attack.server, person) as wire:
            for request in OVERFLOWS:
                try:
                    said = wire.ask(request + "\n")[-1]
                except (OSError, Ended) as error:
                    attack.expect(False, f"{person}: {request[:60]} closed the connection: {error}")
                    break
                attack.count(code(said))
                known = said.split(" ")[0] in ("OK", "NO", "BAD")
                attack.expect(known, f"{person}: {request[:60]} → {said[:80]}")


def hostile_texts():
    big = 1_990_000
    yield "a million one-word paragraphs", b"a\n\n" * (big // 3)
    yield "one line of 2 MB", b"tu " * (big // 3)
    yield "one word of 2 MB", b"x" * big
    yield "headings within headings", b"".join(b"#" * (1 + n % 9) + b" muc\n" for n in range(big // 12))
    yield "2 MB of combining marks", "a".encode() + "\u0301".encode() * (big // 2 - 1)
    yield "nothing but line ends", b"a" + b"\n" * (big - 2) + b"a"
    yield "the same paragraph again and again", "Trung tâm đã thực hiện.\n\n".encode() * (big // 28)
    yield "two words that differ by turns", b"".join(b"a b\n\nb a\n\n" for _ in range(big // 10))
    yield "Hangul and ties that compose", ("\u1100\u1161\u11a8" * (big // 9)).encode()


@case("texts-hostile", "PUSH of texts made to hurt: each twice, so that the second is compared with the first", 900,
      "two revisions of 2 MB, each cut to a million paragraphs", seconds=60)
def texts_hostile(attack):
    """How long the engine is busy with one, and so how long everybody else may wait."""
    revision = 2
    attack.begun = monotonic()
    with Wire(attack.server, source=address(0), seconds=120).log_in(attack.server, "son") as wire, \
            Wire(attack.server, source=address(1), seconds=120).log_in(attack.server, CROWD[0]) as other:
        for name, text in hostile_texts():
            times = []
            text = text[:1_990_000].decode(errors="ignore").encode()
            half = text[: len(text) // 2].decode(errors="ignore").encode()
            for variant in (text, b"khac\n\n" + half + b"\n\nxen\n\n" + text[len(half):]):
                began = time.monotonic()
                wire.send(b"PUSH 2025-2 if=@%d {%d}\n%s\n" % (revision, len(variant), variant))
                other.ask("PING\n")
                said = wire.reply()[-1]
                times.append(time.monotonic() - began)
                attack.count(code(said))
                if said.startswith("OK"):
                    revision += 1
            began = time.monotonic()
            compared = code(other.ask(f"DIFF 2025-2 from=@{revision - 1} to=@{revision}\n")[-1])
            times.append(time.monotonic() - began)
            attack.note(f"{name}: PUSH {times[0]:.2f} s and {times[1]:.2f} s, {said[:28]}; DIFF {times[2]:.2f} s, {compared}")
    attack.ended = monotonic()
