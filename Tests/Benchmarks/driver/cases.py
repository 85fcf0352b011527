"""The rows: what is measured, with whom it is compared, and what is asked of it.

The targets are those of the project's plan: `gate` must be met, `goal` is wished for. A target is a ratio of phanbien to a
peer, formed inside one repeat, or, without a peer, phanbien's own figure.
"""

from dataclasses import dataclass, field

from special import measure_disk, measure_history, measure_push, measure_start, measure_syncs


@dataclass
class Subject:
    """One server under one load; `options` go to the generator."""

    name: str
    server: str
    operation: str = ""
    options: dict = field(default_factory=dict)


@dataclass
class Target:
    """`figure` of phanbien's subject, over the same figure of `peer` if there is one."""

    figure: str
    peer: str | None = None
    gate: str | None = None
    goal: str | None = None
    subject: str = "phanbien"
    unit: str = ""


@dataclass
class Case:
    name: str
    title: str
    unit: str
    subjects: list
    targets: list
    mode: str = "load"
    options: dict = field(default_factory=dict)
    is_pinned: bool = True
    # Measures all subjects itself: called with the bench, returns figures by the subject's name.
    special: object = None
    # phanbien's event loops; the engine and the store have one anyway.
    loops: int = 1
    # Whether a disk that others hold up spoils it.
    uses_disk: bool = True
    # Whether it belongs to the quick mode.
    is_quick: bool = True
    note: str = ""


PHANBIEN = Subject("phanbien", "phanbien", "comment")
REDIS = Subject("redis XADD always", "redis", "append")
FLOOR = Subject("floor SQLite", "floor", "post")
INSERT = Subject("postgres INSERT", "postgres", "insert")
NOTIFY = Subject("postgres INSERT+NOTIFY", "postgres", "notify")
APPEND = Subject("dovecot APPEND", "dovecot", "append")
TRANSACTION = Subject("redis MULTI XADD PUBLISH", "redis", "publish")
LISTEN = Subject("postgres LISTEN/NOTIFY", "postgres", "notify")


def comment_cases():
    def against(peer, gate=None, goal=None):
        return Target("rate", peer.name, gate, goal)

    def work(peer):
        """Processor time of the server for each post: what a busy disk or neighbour does not change."""
        return Target("server_us", peer.name)

    def time(figure, gate=None):
        return Target(figure, None, gate, None, unit="µs")

    one_core = "máy chủ 1 lõi / server on one core"
    both = "hai lõi chung với máy phát / both cores, shared with the generator"
    yield Case(
        "comment-1", f"COMMENT bền vững, 1 kết nối / durable, 1 connection; {one_core}", "/s",
        [PHANBIEN, REDIS, FLOOR, INSERT, NOTIFY, APPEND],
        [
            against(REDIS, ">=0.95", ">=1.05"), against(FLOOR), against(INSERT), against(NOTIFY), against(APPEND),
            time("reply_p50", "<=350"), work(REDIS), work(FLOOR),
        ],
        options={"connections": 1},
    )  # fmt: skip
    yield Case(
        "comment-16", f"COMMENT bền vững, 16 kết nối / durable, 16 connections; {one_core}", "/s",
        [PHANBIEN, REDIS, FLOOR, INSERT, NOTIFY, APPEND],
        [
            against(REDIS, ">=0.9", ">=1.0"), against(FLOOR), against(INSERT, ">=1.3"), against(NOTIFY, ">=4"),
            against(APPEND, ">=12"), work(REDIS), work(FLOOR),
        ],
        options={"connections": 16},
    )  # fmt: skip
    for count, limit in ((64, "<=8000"), (256, "<=15000")):
        yield Case(
            f"comment-{count}", f"COMMENT bền vững, {count} kết nối / durable, {count} connections; {one_core}", "/s",
            [PHANBIEN, REDIS, FLOOR, INSERT, NOTIFY],
            [
                against(REDIS, ">=0.6"), against(FLOOR, None, ">=0.95"), against(INSERT), against(NOTIFY, ">=7"),
                time("reply_p99", limit), work(REDIS), work(FLOOR),
            ],
            options={"connections": count},
        )  # fmt: skip
    for count in (16, 64, 256):
        yield Case(
            f"comment-{count}-free", f"COMMENT bền vững, {count} kết nối / durable, {count} connections; {both}", "/s",
            [PHANBIEN, REDIS, FLOOR, INSERT],
            [
                against(REDIS, ">=0.75" if count > 16 else None, ">=1.0"), against(FLOOR), against(INSERT), work(REDIS),
            ],
            options={"connections": count}, is_pinned=False, is_quick=count == 64,
        )  # fmt: skip


def fanout_cases():
    for count in (100, 1000):
        yield Case(
            f"fanout-{count}",
            f"COMMENT bền vững và EVENT tới {count:,} người theo dõi, 8 người gửi / and its EVENT to {count:,} watchers, "
            "8 publishers",
            "deliveries/s", [PHANBIEN, TRANSACTION, FLOOR, LISTEN],
            [
                Target("rate", TRANSACTION.name, ">=0.6", ">=1.05"), Target("rate", FLOOR.name),
                Target("rate", LISTEN.name, ">=10"), Target("server_us", TRANSACTION.name), Target("server_us", FLOOR.name),
            ],
            mode="fanout", options={"watchers": count, "publishers": 8},
        )  # fmt: skip
    for rate, count, p99 in ((200, 100, "<=4000"), (40, 1000, "<=25000")):
        yield Case(
            f"latency-{count}",
            f"Độ trễ EVENT, {rate} bài/s × {count:,} người theo dõi, tính từ lúc đến hạn gửi / EVENT latency, {rate} posts/s × "
            f"{count:,} watchers, from the time a post was due",
            "deliveries/s", [PHANBIEN, TRANSACTION, FLOOR],
            [
                Target("delivery_p50", TRANSACTION.name, "<=1.3", "<=1.0"), Target("delivery_p50", FLOOR.name),
                Target("delivery_p99", None, p99, unit="µs"), Target("delivery_p99", TRANSACTION.name),
            ],
            mode="fanout", options={"watchers": count, "publishers": 8, "rate": rate},
        )  # fmt: skip


def read_cases():
    for is_pinned in (True, False):
        place = "máy chủ 1 lõi / server on one core" if is_pinned else "hai lõi chung / both cores, two event loops"
        for depth, gate in ((1, ">=0.75"), (16, ">=0.45")):
            subjects = [Subject(f"phanbien {kind}", "phanbien", kind.lower()) for kind in ("SHOW", "THREAD", "LIST")]
            get, bound = Subject("redis GET", "redis", "get"), Subject("floor READ", "floor", "read")
            targets = []
            for subject in subjects:
                one = gate if is_pinned else None
                targets.append(Target("rate", get.name, one, ">=1.0", subject.name))
                targets.append(Target("server_us", get.name, None, None, subject.name))
            yield Case(
                f"read-{depth}" + ("" if is_pinned else "-free"),
                f"Đọc kết quả nhỏ, 50 kết nối, sâu {depth} / small reads, 50 connections, depth {depth}; {place}", "/s",
                [*subjects, get, bound], targets, options={"connections": 50, "depth": depth}, is_pinned=is_pinned,
                is_quick=is_pinned, uses_disk=False, loops=1 if is_pinned else 2,
            )  # fmt: skip


def connection_cases():
    watch = {"watch": 1, "at_once": 64}
    yield Case(
        "idle", "Bộ nhớ cho mỗi kết nối nhàn rỗi, đã đăng nhập, đang WATCH / resident memory of an idle, watching connection",
        "opened/s",
        [
            Subject("phanbien", "phanbien", "comment", watch), Subject("redis SUBSCRIBE", "redis", "ping", watch),
            Subject("floor SUB", "floor", "ping", watch),
        ],
        [
            Target("each_kib", None, "<=28", "<=24", unit="KiB"), Target("each_kib", "redis SUBSCRIBE"),
            Target("each_kib", "floor SUB"), Target("idle_cores", None, unit="cores"),
        ],
        mode="idle", uses_disk=False,
    )  # fmt: skip
    yield Case(
        "handshake", "Bắt tay TLS đầy đủ, thời gian của máy chủ / full handshakes: the server's processor time", "/s",
        [Subject("phanbien HELLO", "phanbien", "ping"), Subject("redis PING", "redis", "ping"), Subject("floor PING", "floor", "ping")],
        [Target("server_us", "redis PING", "<=0.95", "<=0.85", "phanbien HELLO"), Target("server_us", "floor PING", subject="phanbien HELLO")],
        mode="handshakes", options={"connections": 16}, uses_disk=False,
        note="the generator is the limit here: read the server's time, not the rate",
    )  # fmt: skip


def special_cases():
    yield Case(
        "disk", "Giới hạn của đĩa / what the disk allows", "/s",
        [Subject("4 KiB append, fdatasync", ""), Subject("SQLite, one row a commit", "")], [], special=measure_disk,
    )  # fmt: skip
    yield Case(
        "start", "Khởi động, chưa có lịch sử / start without a history", "", [Subject("phanbien", "phanbien")],
        [Target("start_ms", unit="ms"), Target("memory_mib", unit="MiB")], special=measure_start, uses_disk=False,
    )  # fmt: skip
    yield Case(
        "history", "Lịch sử: ý kiến trong chuyên đề đã ban hành / comments in issued topics", "",
        [Subject("phanbien", "phanbien"), Subject("without", "phanbien")],
        [
            Target("start_ms", None, "<2000", "<500", unit="ms"), Target("start_ms", "without"),
            Target("memory_mib", None, "<300", unit="MiB"), Target("memory_mib", "without"),
            Target("thread_rate", "without", ">=0.9", ">=1.0"), Target("list_rate", "without", ">=0.9", ">=1.0"),
            Target("thread_p50", "without"), Target("list_p50", "without"),
            Target("making_rate", None, unit="/s"), Target("settle_s", None, unit="s"),
        ],
        special=measure_history, uses_disk=False,
    )  # fmt: skip
    yield Case(
        "push", "PUSH bản 2 MiB có 5.000 ý kiến có neo / PUSH of 2 MiB with 5,000 anchored comments", "",
        [Subject("phanbien", "phanbien")],
        [
            Target("push_p50", None, "<300000", "<100000", unit="µs"), Target("ping_p99", None, "<=20000", unit="µs"),
            Target("comment_p99", None, "<=20000", unit="µs"), Target("ping_before_p99", unit="µs"),
            Target("comment_before_p99", unit="µs"), Target("ping_max", unit="µs"), Target("comment_max", unit="µs"),
        ],
        special=measure_push,
    )  # fmt: skip
    yield Case(
        "syncs", "Số lần đồng bộ đĩa cho mỗi OK (strace) / syncs for each acknowledged post", "",
        [Subject(f"{name} {count}", name) for count in (1, 64) for name in ("phanbien", "redis", "floor")],
        [Target("syncs", subject="phanbien 1", gate=">=0.9"), Target("syncs", subject="phanbien 64")],
        special=measure_syncs, is_quick=False, uses_disk=False,
    )  # fmt: skip
    yield Case(
        "ceiling", "Sức của máy phát / the generator's own ceiling", "/s",
        [
            Subject("floor PING, depth 1", "floor", "ping", {"depth": 1}),
            Subject("floor PING, depth 16", "floor", "ping", {"depth": 16}),
        ],
        [], options={"connections": 50}, is_quick=False, uses_disk=False,
        note="1,000,000 / generator µs is what it could do on its core",
    )  # fmt: skip


def all_cases():
    return [*comment_cases(), *fanout_cases(), *read_cases(), *connection_cases(), *special_cases()]
