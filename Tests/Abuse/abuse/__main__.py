"""Runs the cases one after another and prints what each cost. Begun by Tests/Abuse/run."""

import contextlib
import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback

from . import wire
from .cases import ALL, MIB, Attack
from .office import Office, People, Sampler, Server, percentile

REQUESTS = ("COMMENT", "SHOW", "THREAD", "LIST")
#: Timing is the machine's business as well as the server's: only what nobody could call noise fails a case.
WORST_P99_MS, WORST_RATIO = 250.0, 20.0
for module in ("slow", "crowds", "tls", "strangers", "logins", "texts", "requests", "plans"):
    if os.path.exists(f"{os.path.dirname(__file__)}/{module}.py"):
        importlib.import_module(f"abuse.{module}")


class Report:
    def __init__(self, case, attack, people, window, memory, cores, waited, files):
        self.case, self.attack, self.memory, self.cores, self.files = case, attack, memory, cores, files
        self.waited = waited
        (t0, t1), (t2, t3) = window
        self.figures = {}
        for name, kinds in (("requests", REQUESTS), ("events", ("EVENT",)), ("entering", ("ENTER",))):
            before, during = people.latencies(t0, t1, kinds), people.latencies(t2, t3, kinds)
            self.figures[name] = [
                (percentile(before, percent), percentile(during, percent)) for percent in (50, 99)
            ] + [len(during)]
        failures = attack.failures
        before, peak, after = memory
        if peak - before > case.memory * MIB:
            failures.append(f"memory grew by {(peak - before) / MIB:.1f} MiB, bound {case.memory} MiB")
        for key in ("refused", "lost", "missed", "events_missing"):
            if people.troubles.get(key):
                failures.append(f"well-behaved people: {key} {people.troubles[key]} ({people.problem})")
        base, during = self.figures["requests"][1]
        # A server that waits for a core is slow whoever attacks it; the attacker's own share of the core does not count.
        if during > WORST_P99_MS and during > WORST_RATIO * base and waited < 0.2:
            failures.append(f"the others' p99 rose from {base:.1f} to {during:.0f} ms")
        if not self.figures["requests"][2]:
            failures.append("the others got no answer at all")
        self.refused_entries = people.troubles.get("entries_refused", 0)

    def print(self):
        before, peak, after = (value / MIB for value in self.memory)
        figures = self.figures

        def pair(name, index):
            base, during = figures[name][index]
            return f"{base:.2f} → {during:.2f} ms (×{during / base:.1f})" if base == base and base else f"{during:.2f} ms"

        verdict = "PASS" if not self.attack.failures else "FAIL"
        print(f"\n{verdict}  {self.case.name}: {self.case.title}")
        print(f"      memory   +{peak - before:.1f} MiB at the peak, +{after - before:.1f} MiB after "
              f"(before {before:.1f}); bound +{self.case.memory:g} MiB: {self.case.reason}")
        print(f"      others   p50 {pair('requests', 0)}, p99 {pair('requests', 1)}; events p99 {pair('events', 1)}; "
              f"coming in p99 {pair('entering', 1)}" + (f", {self.refused_entries} refused" if self.refused_entries else ""))
        print(f"      server   {self.cores:.2f} cores, waited for one {self.waited * 100:.0f} % of the time, "
              f"at most {self.files} descriptors")
        got = ", ".join(f"{key} ×{value}" for key, value in sorted(self.attack.got.items(), key=lambda x: -x[1])[:8])
        print(f"      attacker {got or '–'}")
        if self.attack.sums:
            print("      totals   " + ", ".join(f"{key} {value:.6g}" for key, value in self.attack.sums.items()))
        for note in self.attack.notes:
            print(f"      note     {note}")
        for failure in self.attack.failures:
            print(f"      FAILED   {failure}")
        sys.stdout.flush()

    def row(self):
        before, peak, after = (value / MIB for value in self.memory)
        figures = self.figures

        def ratio(name, index):
            base, during = figures[name][index]
            return f"{during / base:.1f}" if base == base and base else "–"

        base, during = figures["requests"][1]
        return (f"| `{self.case.name}` | {self.case.memory:g} | {before:.1f} | +{peak - before:.1f} | +{after - before:.1f} | "
                f"{ratio('requests', 0)} | {base:.2f} → {during:.2f} | {ratio('requests', 1)} | "
                f"{figures['entering'][1][1]:.1f} | {self.cores:.2f} | {self.waited * 100:.0f} | {self.files} | "
                f"{'pass' if not self.attack.failures else 'FAIL'} |")


def run(case, office, tools, scale):
    with Server(office, limits=case.limits, files=case.files, cores=tools["server_cores"],
                options=tools["options"], prepare=case.prepare) as server:
        people = People(office, server, tools["people"], cores=tools["people_cores"], arguments=case.people)
        time.sleep(1.0)
        t0 = wire.monotonic()
        time.sleep(max(2.0, 3.0 * scale))
        t1 = wire.monotonic()
        before = server.resident()
        sampler = Sampler(server)
        sampler.start()
        attack = Attack(case, server, office, tools, case.seconds * scale)
        cpu, waited, began = server.cpu(), server.waited(), time.monotonic()
        t2 = wire.monotonic()
        try:
            case.run(attack)
        except Exception as error:  # the attack itself must not hide what it found
            attack.expect(False, f"the attack broke off: {type(error).__name__} {error}")
            if tools["verbose"]:
                traceback.print_exc()
        t3 = wire.monotonic()
        t2, t3 = attack.begun or t2, attack.ended or t3
        cores = (server.cpu() - cpu) / (time.monotonic() - began) if server.process.poll() is None else float("nan")
        waited = (server.waited() - waited) / (time.monotonic() - began) if server.process.poll() is None else float("nan")
        sampler.stop()
        for close in attack.closing:
            close()
        time.sleep(1.5)
        if server.process.poll() is not None:
            attack.failures.append(f"the server ended with {server.process.returncode}")
            after = before
        else:
            after = server.resident()
        people.finish()
        try:
            with wire.Wire(server, source="127.0.9.9", seconds=10) as probe:
                attack.expect(probe.ask("PING\n")[-1].startswith("OK"), "after the attack PING is not answered")
        except (OSError, wire.Ended) as error:
            attack.failures.append(f"after the attack nobody gets in: {error}")
        status = server.stop()
        attack.expect(status == 0, f"the server ended with status {status}")
        peak = max(sampler.peak, before)
        return Report(case, attack, people, ((t0, t1), (t2, t3)), (before, peak, after), cores, waited,
                      sampler.files)


def main():
    top = os.path.abspath(f"{os.path.dirname(__file__)}/../../..")
    wire.raise_descriptors()
    wanted = [name for name in os.environ.get("CASES", "").replace(",", " ").split() if name]
    unknown = [name for name in wanted if not any(case.name.startswith(name) for case in ALL)]
    if unknown:
        raise SystemExit(f"abuse: no case is called {' '.join(unknown)}; there are: {' '.join(case.name for case in ALL)}")
    quick = bool(os.environ.get("QUICK"))
    chosen = [case for case in ALL if (any(case.name.startswith(name) for name in wanted) if wanted
                                       else case.quick or not quick)]
    scale = 0.5 if quick else float(os.environ.get("SCALE", "1"))
    cores = sorted(os.sched_getaffinity(0))
    split = len(cores) > 1
    tools = {
        "people": os.environ["ABUSE_PEOPLE"], "records": os.environ["ABUSE_RECORDS"],
        "server_cores": str(cores[0]) if split else None, "people_cores": str(cores[-1]) if split else None,
        "options": os.environ.get("SERVER_OPTIONS", "").split(), "verbose": bool(os.environ.get("VERBOSE")),
        "full": bool(os.environ.get("FULL")),
    }
    if split:
        os.sched_setaffinity(0, {cores[-1]})
    if os.environ.get("PRIORITY"):
        # On a machine that is busy with other work: the whole session before the others. (Where sessions are scheduled as
        # groups, the niceness of a process counts inside its group alone, and here nobody shall go before the server.)
        with contextlib.suppress(OSError):
            os.setsid()
        with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as group:
            group.write("-20")
    if split:
        # Whoever attacks from another machine takes no time from the people at theirs.
        os.nice(5)
    folder = tempfile.mkdtemp(prefix="phanbien-abuse.", dir=os.environ.get("ABUSE_TMP"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    reports = []
    try:
        office = Office(os.environ["PHANBIEND"], folder, top)
        print("Đang chuẩn bị dữ liệu / preparing data …", file=sys.stderr)
        office.prepare()
        for case in chosen:
            report = run(case, office, tools, scale)
            report.print()
            reports.append(report)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n| case | bound MiB | before | peak | after | p50 × | p99 ms | p99 × | coming in p99 ms | cores | waited % | files | |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |")
    for report in reports:
        print(report.row())
    failed = [report.case.name for report in reports if report.attack.failures]
    print(f"\n{len(reports)} cases, {len(failed)} failed" + (": " + " ".join(failed) if failed else ""))
    raise SystemExit(1 if failed else 0)


main()
