"""phanbien's data: people and plan of 2025 from clients/demo, four topics in review, a history of issued ones."""

import datetime
import os
import subprocess

from place import Failure
from servers import Phanbien

PASSWORD = "chuyen-de-2025"
DEMO = "clients/demo"
TOPICS = ("2025-1", "2025-2", "2025-3", "2025-4")
# Leaders and people of the reviewing office, each with a topic that they may comment on: all topics alike.
SPEAKERS = (
    ("tung", "2025-1"), ("bich", "2025-2"), ("hoa", "2025-3"), ("yen", "2025-4"),
    ("lan", "2025-1"), ("minh", "2025-2"), ("tung", "2025-3"), ("bich", "2025-4"),
)  # fmt: skip


def run(place, *arguments):
    done = subprocess.run([place.programs["phanbiend"], *arguments], capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"phanbiend {' '.join(arguments)}: {done.stderr.strip()}")


def talk(place, server, lines, **options):
    text = "\n".join("\t".join(line) for line in lines) + "\n"
    place.generate(server, "talk", False, text, 600, password=PASSWORD, **options)


def tokens(place, server, speakers, name):
    """A file of session tokens, so that the deliberately slow password hash is in no figure."""
    text = "\n".join(f"{person} {topic}" for person, topic in speakers) + "\n"
    path = place.path(name)
    with open(path, "w") as file:
        file.write(place.generate(server, "tokens", False, text, password=PASSWORD))
    return path


def head_of(topic):
    return "hoa" if topic == "2025-1" or not topic.startswith("2025") else "son"


def to_review(topic, draft=f"{DEMO}/du-thao-1.md"):
    """Brings a new topic to the review, where leaders and the review office comment."""
    head = head_of(topic)
    return [(head, f"PUSH {topic} if=@0", "@" + draft), (head, f"SUBMIT {topic}"), ("bich", f"SUBMIT {topic}")]


def today():
    """The day in Vietnam: a document is dated when it is issued."""
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date().isoformat()


def to_issue(topic):
    """From there to the end; what a benchmark leaves out, the Director overrides."""
    head, year = head_of(topic), topic[:4]
    steps = [
        ("bich", f"SUBMIT {topic}"), (head, f"SUBMIT {topic}"),
        ("bich", f"PLENARY {topic} OPEN at={year}-03-25T14:00 place=hop chair=bich secretary=yen"),
        ("bich", f"PLENARY {topic} CLOSE", "Thống nhất nội dung."),
    ]  # fmt: skip
    requirements = ("outline", "reviewed", "must", "settled", "plenary", "content", "format", "no-objection")
    steps += [("bich", f"OVERRIDE {topic} requirement={name}", "Số liệu của phép đo.") for name in requirements]
    return steps + [
        (head, f"SUBMIT {topic}"), ("bich", f"SHOW {topic}@1"), ("bich", f"APPROVE {topic}@1 sha256={{sha256}}"),
        ("van", f"ISSUE {topic} number={topic[5:]}/CĐ-TGPL date={today()}"),
    ]  # fmt: skip


def comment(person, topic, text):
    return (person, f"COMMENT {topic}@1 kind=content level=note", text)


class Data:
    """The folders that measurements copy; made when they are first wanted."""

    def __init__(self, place, history_count):
        self.place = place
        self.history_count = history_count
        self.history_figures = None
        self.made = {}

    def empty(self):
        if "empty" not in self.made:
            folder = self.place.path("empty")
            run(self.place, "init", "--data", folder, "--certs", self.place.path("certs"))
            run(self.place, "plan", "load", "--data", folder, f"{DEMO}/ke-hoach-2025.yaml")
            run(self.place, "people", "import", "--data", folder, f"{DEMO}/nhan-su.csv")
            self.made["empty"] = folder
        return self.made["empty"]

    def working(self):
        """Four topics in review, each with fifty comments of 300 octets."""
        if "working" not in self.made:
            folder = self.place.copy(self.empty(), "working")
            with Phanbien(self.place, folder) as server:
                talk(self.place, server, [step for topic in TOPICS for step in to_review(topic)])
                talk(self.place, server, [comment("tung", "2025-1", filler(i)) for i in range(50)])
                talk(self.place, server, [comment("tung", t, filler(i)) for t in TOPICS[1:] for i in range(50)])
                self.made["tokens"] = tokens(self.place, server, SPEAKERS, "tokens")
            self.made["working"] = folder
        return self.made["working"]

    @property
    def tokens(self):
        self.working()
        return self.made["tokens"]

    def history(self):
        """The same, and many comments in issued topics of the year before."""
        if "history" not in self.made:
            count = 100 if self.history_count >= 500_000 else 20
            folder = self.place.copy(self.working(), "history")
            plan = self.place.path("plan-2024.yaml")
            with open(plan, "w") as file:
                file.write(plan_of_2024(count))
            run(self.place, "plan", "load", "--data", folder, plan)
            with Phanbien(self.place, folder) as server:
                # A password costs a third of a second of processor each time, so each is said once.
                speakers = [(person, "2024-1") for person in (head_of("2024-1"), "bich", "van")]
                known = tokens(self.place, server, speakers, "history-speakers")
                for number in range(1, count + 1):
                    topic = f"2024-{number}"
                    talk(self.place, server, to_review(topic), tokens=known)
                    figures = self.fill(server, topic)
                    talk(self.place, server, to_issue(topic), tokens=known)
                self.history_figures = figures
                # The search index follows at its own pace; a history of years has it.
                figures["settle_s"] = server.wait_until_idle(300)
            self.made["history"] = folder
            self.history_topics = count
        return self.made["history"]

    def fill(self, server, topic):
        """The topic's comments, by the leaders and two of the review office, many at a time."""
        path = self.place.path("history-tokens")
        with open(self.tokens) as file:
            words = [line.split() for line in file]
        people = {person: token for person, _, token in words if person in ("tung", "bich", "lan")}
        with open(path, "w") as file:
            file.writelines(f"{person} {topic} {token}\n" for person, token in people.items())
        count = self.history_count // (100 if self.history_count >= 500_000 else 20)
        return self.place.generate(
            server, "load", operation="comment", tokens=path, connections=32, depth=16, count=count, ms=300_000, seconds=320
        )


def filler(number):
    """300 octets of Vietnamese text."""
    text = f"Ý kiến {number:04d}: đề nghị đối chiếu lại số liệu vụ việc tham gia tố tụng với báo cáo năm. "
    octets = (text * 4).encode()[:300]
    return octets.decode(errors="ignore")


def plan_of_2024(count):
    topics = "".join(
        f"""  - number: {number}
    title: Chuyên đề đã ban hành số {number}
    lead: hcth
    review: nv
    quarter: 1
    milestones: {{opinion: 2024-03-15, review: 2024-03-20, final: 2024-03-28}}
    outline:
      - Mở đầu
"""
        for number in range(1, count + 1)
    )
    return f"""plan: 2024
number: ""
reference: 28/KH-TGPL
date: 2024-01
title: Thực hiện chuyên đề về trợ giúp pháp lý năm 2024
issuer: Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn
parent: Sở Tư pháp tỉnh Lạng Sơn
signer: Hoàng Thị Bích
offices:
  hcth: Phòng Hành chính – Tổng hợp
  nv: Phòng Nghiệp vụ
coordinator: hcth
requirements:
  results: Kết quả triển khai thực hiện chuyên đề theo quy định
topics:
{topics}"""


def large_draft(paragraphs, edition):
    """A draft of about 2 MiB: numbered paragraphs under sections. Every tenth paragraph differs between the editions, and
    the second one has a paragraph more in front of every hundredth, so that what is anchored has moved."""
    words = (
        "Trong kỳ, Trung tâm đã cử người thực hiện trợ giúp pháp lý tham gia tố tụng cho người dân tộc thiểu số cư trú ở vùng "
        "có điều kiện kinh tế - xã hội đặc biệt khó khăn; phối hợp với Ủy ban nhân dân các xã tổ chức truyền thông về chính sách cho người dân ở cơ sở trong kỳ báo cáo. "
    )
    lines, lines_of = ["# Chuyên đề", ""], []
    for number in range(paragraphs):
        if number % 100 == 0:
            lines += [f"## {number // 100 + 1}. Phần {number // 100 + 1}", ""]
            if edition == 2:
                lines += [f"Đoạn bổ sung trước đoạn {number}: số liệu đã đối chiếu với báo cáo năm.", ""]
        changed = " Số liệu đã được sửa." if edition == 2 and number % 10 == 0 else ""
        lines_of.append(len(lines) + 1)
        lines += [f"Đoạn số {number:05d} ghi {number % 97} vụ việc.{changed} {words}".rstrip(), ""]
    return "\n".join(lines) + "\n", lines_of
