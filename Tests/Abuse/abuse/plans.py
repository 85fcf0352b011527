"""Plan files that are bombs: whoever may load a plan must not be able to stop the server with one."""

import time

from .cases import case
from .wire import Ended, Wire, address, code


def bombs():
    laughs = ["a0: &a0 [" + ",".join(["ha"] * 10) + "]"]
    laughs += [f"a{n}: &a{n} [" + ",".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 12)]
    yield "a billion laughs", "\n".join(laughs) + "\nplan: 2025\n"
    yield "a merge of itself", "a: &a\n  b: *a\nplan: 2025\n"
    yield "lists in lists", "[" * 100_000 + "]" * 100_000
    yield "maps in maps", "{a: " * 100_000 + "1" + "}" * 100_000
    yield "maps in maps, indented", "\n".join(" " * n + "a:" for n in range(1_900))
    yield "lists in lists, in blocks", "- " * 500_000 + "a"
    yield "one key of 2 MB", "a" * 1_990_000 + ": 1"
    yield "a million keys", "\n".join(f"k{n}: {n}" for n in range(150_000))
    yield "a key again and again", "plan: 2025\n" * 150_000
    yield "a million anchors", "\n".join(f"k{n}: &x{n} 1" for n in range(100_000))
    yield "documents", "---\nplan: 2025\n" * 100_000
    yield "tags", "plan: !!python/object/apply:os.system [ls]\n"
    yield "numbers", "plan: 99999999999999999999999999\ntopics:\n  - number: 1e999999999\n"
    yield "dates", "plan: 2025\ndate: 999999999-99-99\ntopics: [{number: 1, milestones: {final: 2025-13-45}}]\n"
    yield "an outline without end", "plan: 2025\ntopics:\n  - number: 1\n    outline:\n" + "\n".join(
        " " * (6 + 2 * n) + "- x:" for n in range(900))
    yield "a million problems", "plan: 2025\ntopics:\n" + "  - {number: -1}\n" * 100_000
    yield "escapes", 'plan: 2025\ntitle: "\\e[2J\\u202E\\0\\a"\n'


@case("plans", "YAML: aliases, nesting, millions of keys, numbers and dates that fit nothing", 400,
      "one parsed document of 2 MB", seconds=20, quick=True)
def plans(attack):
    """PLAN CHECK by the head of the coordinating office; how long everybody else may wait for each."""
    for verb in ("CHECK", "LOAD"):
        for name, text in bombs():
            body = text.encode()[:2_097_000]
            with Wire(attack.server, source=address(0), seconds=60).log_in(attack.server, "hoa") as wire:
                began = time.monotonic()
                try:
                    lines = wire.ask(b"PLAN %s {%d}\n%s\n" % (verb.encode(), len(body), body))
                    said, size = lines[-1], sum(len(line) for line in lines)
                except (OSError, Ended) as error:
                    said, size, lines = f"closed {error}", 0, []
                took = time.monotonic() - began
            attack.count(f"{verb} {code(said)}")
            attack.expect(said.startswith(("OK", "NO", "BAD")), f"PLAN {verb}, {name}: {said[:80]}")
            attack.expect(verb == "CHECK" or not said.startswith("OK"), f"PLAN LOAD took {name}")
            attack.expect(not any("\x1b" in line or "\u202e" in line for line in lines), f"{name}: a control came back")
            if took > 0.05:
                attack.note(f"{verb} {name}: {took * 1000:.0f} ms, {len(lines)} lines, {size} octets, {code(said)}")
