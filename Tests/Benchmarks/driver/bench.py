"""Measures phanbien beside its peers; `Tests/Benchmarks/run` calls it. What it prints: README.md in the folder above."""

import argparse
import json
import os
import signal
import sys
import time

from cases import all_cases
from data import Data
from place import Failure, Place
from report import print_report, summary_of
from servers import Dovecot, Floor, Phanbien, Postgres, Redis


# A sync that takes longer than this was held up by somebody else.
MOST_DISK_MILLISECONDS = 100


class Bench:
    """One run: its place, its data, and what was measured so far."""

    def __init__(self, options):
        self.options = options
        self.place = Place(
            {name: os.path.abspath(getattr(options, name)) for name in ("generator", "floor", "disk", "phanbiend")},
            options.priority,
        )
        self.window = options.window
        self.repeat = 0
        self.data = Data(self.place, options.history)
        self.postgres = {}
        self.results = {}
        self.failures = []
        self.taken_again = 0
        self.began = time.monotonic()

    def open_server(self, case, subject):
        if subject.server == "phanbien":
            folder = self.place.copy(self.data.working(), "measured")
            return Phanbien(self.place, folder, case.is_pinned, self.options.loops or case.loops)
        if subject.server == "postgres":
            # It takes long to make, and does nothing between the measurements.
            if case.is_pinned not in self.postgres:
                self.postgres[case.is_pinned] = Postgres(self.place, case.is_pinned)
            server = self.postgres[case.is_pinned]
            server.empty()
            return server
        return {"redis": Redis, "floor": Floor, "dovecot": Dovecot}[subject.server](self.place, case.is_pinned)

    def measure(self, case, subject):
        server = self.open_server(case, subject)
        try:
            options = {"ms": self.window, "warm_up_ms": 400, **case.options, **subject.options}
            if case.mode == "idle":
                options["connections"] = self.options.idle
                options["ms"] = 1000
                del options["warm_up_ms"]
            if case.mode == "fanout":
                options["ms"] = max(self.window, 2000)
            if subject.server == "phanbien":
                options["tokens"] = self.data.tokens
            return self.place.generate(
                server, case.mode, case.is_pinned, protocol=server.protocol, operation=subject.operation, **options
            )
        finally:
            if subject.server != "postgres":
                server.stop()

    def measure_undisturbed(self, case, measure):
        """On a machine that is busy with other work the disk stands still for seconds now and then, which falls on whoever
        is measured at that time. A probe that has nothing to do with the servers tells; then it is measured again."""
        if self.options.priority != "fifo" or not case.uses_disk:
            return measure()
        for attempt in range(3):
            figures = failure = None
            with self.place.probed() as longest:
                try:
                    figures = measure()
                except Failure as reason:
                    failure = reason
            if not longest or longest[0] <= MOST_DISK_MILLISECONDS or attempt == 2:
                if failure:
                    raise failure
                return figures
            self.taken_again += 1

    def run(self, cases):
        for self.repeat in range(1, self.options.repeats + 1):
            began = time.monotonic()
            say(f"Lượt / repeat {self.repeat}/{self.options.repeats}")
            for case in cases:
                case_began = time.monotonic()
                if self.repeat > 1 and case_began - self.began > 60 * self.options.minutes:
                    self.failures.append(f"{case.name}, repeat {self.repeat}: {self.options.minutes} minutes are over")
                    continue
                figures = self.run_special(case) if case.special else self.run_case(case)
                self.results.setdefault(case.name, []).append(figures)
                say(f"  {case.name}: {time.monotonic() - case_began:.0f} s{self.hint(case, figures)}")
            say(f"  {time.monotonic() - began:.0f} s")

    def run_case(self, case):
        """All subjects of a case, one right after another; every repeat begins with another one."""
        figures = {}
        turn = self.repeat % len(case.subjects)
        for subject in case.subjects[turn:] + case.subjects[:turn]:
            try:
                figures[subject.name] = self.measure_undisturbed(case, lambda: self.measure(case, subject))
            except Failure as failure:
                self.note_failure(case, f"{subject.name}: {failure}")
        return figures

    def run_special(self, case):
        try:
            return self.measure_undisturbed(case, lambda: case.special(self))
        except Failure as failure:
            self.note_failure(case, str(failure))
            return {}

    def note_failure(self, case, text):
        self.failures.append(f"{case.name}: {text}")
        say(f"  ! {case.name}: {text}")

    def hint(self, case, figures):
        rates = [f"{figures[s.name]['rate']:,.0f}" for s in case.subjects if "rate" in figures.get(s.name, {})]
        return ": " + " · ".join(rates) + " " + case.unit if rates else ""

    def close(self):
        self.place.end_all()


def say(text):
    print(text, file=sys.stderr, flush=True)


def read_options():
    parser = argparse.ArgumentParser(prog="bench")
    for name in ("generator", "floor", "disk", "phanbiend"):
        parser.add_argument("--" + name, required=True, metavar="PROGRAM")
    parser.add_argument("--mode", choices=("quick", "full"), default="full")
    parser.add_argument("--cases", default="", help="names or beginnings of names, separated by blanks")
    parser.add_argument("--repeats", type=int, help="at least 3; ratios are formed inside each")
    parser.add_argument("--window", type=int, help="milliseconds that a rate is measured")
    parser.add_argument("--history", type=int, help="comments in issued topics")
    parser.add_argument("--minutes", type=int, help="no further measurement begins after these, but for the first repeat")
    parser.add_argument("--idle", type=int, help="idle connections")
    parser.add_argument("--loops", type=int, help="phanbien's event loops in every row")
    parser.add_argument("--priority", choices=("", "fifo"), default="")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    sizes = {"quick": (3, 1200, 100_000, 2000, 6), "full": (3, 2500, 1_000_000, 10_000, 25)}[options.mode]
    for name, value in zip(("repeats", "window", "history", "idle", "minutes"), sizes):
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.repeats < 1 or options.window < 100:
        parser.error("repeats: at least 1; window: at least 100 ms")
    return options


def choose(options):
    cases, wanted = all_cases(), options.cases.split()
    if not wanted:
        return [case for case in cases if case.is_quick or options.mode == "full"]
    chosen = [case for case in cases if any(case.name == w or w.endswith("*") and case.name.startswith(w[:-1]) for w in wanted)]
    known = {case.name for case in cases}
    unknown = [name for name in wanted if name not in known and not name.endswith("*")]
    if unknown or not chosen:
        raise Failure(f"no case {' '.join(unknown or wanted)}; there are: {' '.join(sorted(known))}")
    return chosen


def main():
    options = read_options()
    bench = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        cases = choose(options)
        bench = Bench(options)
        began = time.monotonic()
        bench.data.working()
        say(f"Đã có dữ liệu / data: {time.monotonic() - began:.0f} s")
        bench.run(cases)
        print_report(bench, cases)
        if options.json:
            with open(options.json, "w") as file:
                json.dump(summary_of(bench, cases), file, ensure_ascii=False, indent=1)
        for text in bench.failures:
            say("không đo được / not measured: " + text)
        return 1 if bench.failures else 0
    except Failure as failure:
        say(f"bench: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if bench:
            bench.close()


sys.exit(main())
