"""Terminal escapes and characters that turn the direction of writing, in every field that somebody else may see."""

import subprocess

from .cases import case
from .wire import Ended, Wire, address, code

HOSTILE = ["\x1b[2J", "\x1b]52;c;aA==\x07", "\x00", "\x08", "\x0b", "\x0c", "\x7f", "\x85", "\x9b31m", "\x9d0;x\x9c", "\u061c",
           "\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\u2060", "\ufeff", "\rx"]
#: These are no controls, and hide or pile up all the same: they may be stored, and are shown masked.
TROUBLESOME = ["\u00ad", "\u034f", "\u2028", "\u2029", "\u3164", "\ufff9", "a" + "\u0301" * 30, "\U000e0041", "\ufe0f"]

#: Who says what; `{}` is where the characters stand.
FIELDS = [
    ("quan", 'PERSON ADD zz{n} name="A {}" office=nv position=staff'), ("quan", 'PERSON SET minh name="B {}"'),
    ("quan", "PERSON DISABLE p0900 <\nlý do {}"), ("bich", 'DELEGATE tung from=2025-01-01 until=2030-01-01 ref="QĐ {}"'),
    ("bich", 'EXTEND 2025-3 milestone=final to=2030-01-01 ref="QĐ {}" <\nlý do'),
    ("bich", 'EXTEND 2025-3 milestone=final to=2030-01-02 ref="QĐ" <\nlý do {}'),
    ("bich", "POSTPONE 2025-4 <\nlý do {}"), ("bich", "UNPOSTPONE 2025-4 <\nlý do {}"),
    ("lan", 'COMMENT 2025-1@1 kind=content level=note quote="{}" <\ný kiến'),
    ("lan", 'COMMENT 2025-1@1 kind=content level=note suggest="sửa {}" <\ný kiến'),
    ("lan", "COMMENT 2025-1@1 kind=content level=note <\ný kiến {}"),
    ("lan", "COMMENT 2025-1@1 kind=content level=note <<\ný kiến\n{}\n."), ("lan", "ANSWER C1 <\ntrả lời {}"),
    ("lan", 'FIND "{}"'), ("lan", 'WATCH client="{}"'), ("lan", 'ACK 1 client="{}"'),
    ("lan", 'COMMENT 2025-1@1 kind=content level=note key="k{}" <\ný kiến'), ("lan", "#t{} PING"), ("lan", "SHOW {}"),
    ("lan", "HELP {}"), ("lan", "{}"), ("lan", "PING {}"), ("lan", "LOGIN {} <\nx"),
    ("bich", 'PLENARY 2025-1 OPEN at=2025-06-25T08:00 place="phòng {}" chair=bich secretary=yen'),
    ("bich", "OPINION 2025-1@1 as=direct <\nchỉ đạo {}"), ("bich", "SENDBACK 2025-3 <\nlý do {}"),
    ("hoa", 'PUSH 2025-3 if=@0 note="ghi chú {}" <\nnội dung'), ("son", 'PUSH 2025-3 if=@0 note="ghi chú {}" <\nnội dung'),
    ("son", "PUSH 2025-3 if=@0 <\nnội dung {}"), ("van", 'ISSUE 2025-1 number="{}" date=2025-06-30'),
    ("dung", "ASSESS 2025-1@1 verdict=pass <\nphiếu {}"),
]
PLAN = """plan: 2031
number: "{0}"
reference: "R {0}"
date: 2031-01
title: "T {0}"
issuer: "I {0}"
parent: "P {0}"
signer: "S {0}"
offices: {{hcth: "H {0}", nv: Phòng}}
coordinator: hcth
requirements: {{results: "Kết quả {0}"}}
topics:
  - number: 1
    title: "Chuyên đề {0}"
    lead: hcth
    review: nv
    quarter: 1
    milestones: {{opinion: 2031-03-15, review: 2031-03-20, final: 2031-03-28}}
    outline: ["Mở đầu {0}"]
"""
READS = ["WHOAMI", "PEOPLE", "OFFICES", "PLANS", "PLAN SHOW 2025", "PLAN SHOW 2031", "LIST", "TODO", "LOG after=0 limit=1000",
         "SHOW 2025-1", "SHOW 2025-3", "SHOW 2025-1@1", "SHOW 2025-3@1", "SHOW 2025-4", "CHECK 2025-1", "COMMENTS 2025-1",
         "THREAD C1", "ASSESSMENTS 2025-1", "SHOW P1", "OUTLINE 2025-1@1", "OUTLINE 2025-3@1",
         "FORM name=bang-tiep-thu-giai-trinh 2025-1", "FORM name=phieu-phan-bien 2025-1", 'FIND "ý kiến"', "WATCH after=0"]


def is_harmful(character, before):
    value = ord(character)
    if value < 0x20:
        return character != "\n" and not (character == "\t" and before)
    return 0x7F <= value < 0xA0 or value == 0x61C or value in (0xFEFF, 0x2028, 0x2029) or 0x200B <= value <= 0x200F \
        or 0x202A <= value <= 0x202E or 0x2060 <= value <= 0x206F


def check(attack, octets, where):
    text = octets.decode(errors="replace")
    for line in text.split("\n"):
        for character in line:
            if is_harmful(character, line.startswith("| ")):
                attack.expect(False, f"{where} carries U+{ord(character):04X}: {line[:80]!r}")
                return
    attack.expect("\ufffd" not in text, f"{where} is no UTF-8")


class Ear:
    """A connection that keeps every octet it got."""

    def __init__(self, attack, person, source):
        self.attack, self.person = attack, person
        self.wire = Wire(attack.server, source=source, seconds=15)
        self.heard = b""
        line = self.wire.line

        def listen():
            got = line()
            self.heard += got.encode() + b"\n"
            return got

        self.wire.line = listen
        self.wire.log_in(attack.server, person)


@case("fields", "terminal escapes and bidi in every field of every verb, in plan files and lists of people", 48,
      "what is stored of it", seconds=2)
def fields(attack):
    ears, stored, refused = {}, 0, 0
    for index, person in enumerate(sorted({person for person, _ in FIELDS})):
        ears[person] = Ear(attack, person, address(70 + index))
    for number, text in enumerate(HOSTILE + TROUBLESOME):
        for person, form in FIELDS:
            request = form.replace("{n}", f"{number}").replace("{}", text)
            try:
                said = ears[person].wire.ask(request + "\n")[-1]
            except (OSError, Ended) as error:
                attack.expect(False, f"{person}: {request[:40]!r}: {error}")
                ears[person] = Ear(attack, person, address(90))
                continue
            attack.count(code(said))
            refused += said.startswith(("BAD", "NO"))
            stored += said.startswith("OK")
            if text in HOSTILE:
                attack.expect(not said.startswith("OK"), f"{person}: {request[:60]!r} was taken: {said[:60]}")
        # What YAML makes of an escape never crossed the wire as a control.
        for escape in (text, "".join(f"\\U{ord(character):08X}" for character in text)):
            body = PLAN.format(escape).encode()
            said = ears["hoa"].wire.ask(b"PLAN LOAD {%d}\n%s\n" % (len(body), body))[-1]
            attack.count("PLAN LOAD " + code(said))
            if text in HOSTILE:
                attack.expect(not said.startswith("OK"), f"PLAN LOAD took {escape!r}")
    # The operator's list of people, with the server down.
    folder = attack.office.folder + "/list"
    for index, text in enumerate(HOSTILE):
        if text == "\rx":
            continue  # a line's end in a list from another system
        with open(folder + ".csv", "w", encoding="utf-8", newline="") as file:
            file.write(f"id,name,office,position,password\nq{index},Tên {text},nv,staff,{'x' * 12}\n")
        done = subprocess.run([attack.office.program, "people", "import", "--data", folder, folder + ".csv"],
                              capture_output=True)
        attack.expect(done.returncode != 0, f"people import took {text!r}")
        check(attack, done.stdout + done.stderr, f"people import of {text!r}")
    attack.note(f"{refused} refused, {stored} stored (soft hyphens, fillers, marks), which are shown masked")
    for person, ear in ears.items():
        for mode in ("lines", "literal"):
            ear.wire.ask(f"SET body={mode}\n")
            for request in READS if mode == "lines" else ():
                try:
                    ear.wire.ask(request + "\n")
                except (OSError, Ended) as error:
                    attack.expect(False, f"{person}: {request}: {error}")
        check(attack, ear.heard, f"what {person} hears")
        ear.wire.close()
