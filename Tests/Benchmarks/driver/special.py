"""Measurements that are more than one run of the generator."""

import os
import shutil
import subprocess
import time

from data import comment, head_of, large_draft, talk, to_review, tokens
from place import Failure
from servers import Floor, Phanbien, Redis


def pairs(text):
    return {name: float(value) for name, value in (pair.split("=") for pair in text.split())}


def measure_disk(bench):
    place, seconds = bench.place, str(bench.window / 1000)
    results = {}
    for name, kind in (("4 KiB append, fdatasync", "sync"), ("SQLite, one row a commit", "commit")):
        command = place.command_prefix("server", True) + [place.programs["disk"], kind, place.folder, seconds]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failure(done.stderr.strip())
        figures = pairs(done.stdout)
        results[name] = {
            "rate": figures["rate"], "reply_p50": figures["p50_us"], "reply_p99": figures["p99_us"],
            "server_cores": figures["cores"],
        }  # fmt: skip
    return results


def start_figures(server):
    time.sleep(0.5)
    return {"start_ms": server.start_milliseconds, "memory_mib": server.resident_mebibytes()}


def measure_start(bench):
    folder = bench.place.copy(bench.data.working(), "started")
    with Phanbien(bench.place, folder) as server:
        return {"phanbien": start_figures(server)}


def measure_history(bench):
    """Both servers are there all the time and take turns, so that both meet what the machine does meanwhile."""
    bench.data.history()
    results = {}
    # A start does not write, so the large folder is used as it is.
    with Phanbien(bench.place, bench.data.history()) as aged:
        results["phanbien"] = start_figures(aged)
        aged.wait_until_idle(5)
        with Phanbien(bench.place, bench.data.working()) as young:
            results["without"] = start_figures(young)
            young.wait_until_idle(5)
            servers = [("without", young), ("phanbien", aged)]
            for kind in ("thread", "list"):
                options = {"operation": kind, "tokens": bench.data.tokens, "connections": 50, "warm_up_ms": 200}
                rates = {name: [] for name, _ in servers}
                for turn in range(4):
                    for name, server in servers if turn % 2 else reversed(servers):
                        deep = bench.place.generate(server, "load", depth=16, ms=bench.window // 4, **options)
                        rates[name].append(deep["rate"])
                for name, server in servers:
                    results[name][kind + "_rate"] = sum(rates[name]) / len(rates[name])
                    one = bench.place.generate(server, "load", depth=1, ms=bench.window // 2, **options)
                    results[name][kind + "_p50"] = one["reply_p50"]
    results["phanbien"]["making_rate"] = bench.data.history_figures["rate"]
    results["phanbien"]["settle_s"] = bench.data.history_figures["settle_s"]
    return results


def prepare_push(bench):
    """A topic whose first revision has about 2 MiB and 5,000 comments, each with its place and a quotation."""
    place, count = bench.place, 5000
    if "push" in bench.data.made:
        return
    folder = place.copy(bench.data.empty(), "push")
    files = []
    for edition in (1, 2):
        text, lines = large_draft(count, edition)
        octets = len(text.encode())
        if not 2_000_000 <= octets <= 2_097_152:
            raise Failure(f"the large draft has {octets} octets")
        files.append(place.path(f"draft-{edition}.md"))
        with open(files[-1], "w") as file:
            file.write(text)
        if edition == 1:
            first_lines = lines
    with Phanbien(place, folder) as server:
        talk(place, server, to_review("2025-1", files[0]) + to_review("2025-2"))
        people = ("tung", "lan", "bich", "dung")
        steps = [
            (people[number % 4], f'COMMENT 2025-1@1 at=L{line} quote="Đoạn số {number:05d}" kind=content level=note', "Ghi rõ nguồn.")
            for number, line in enumerate(first_lines)
        ]  # fmt: skip
        talk(place, server, steps)
        talk(place, server, [("bich", "SUBMIT 2025-1"), comment("tung", "2025-2", "Đã đọc.")])
        speakers = ((head_of("2025-1"), "2025-1"), ("lan", "2025-1"), ("minh", "2025-2"))
        bench.data.made["push-tokens"] = tokens(place, server, speakers, "push-tokens")
    bench.data.made["push"] = folder
    # In turn the second and the first edition: each push changes every tenth paragraph and moves the rest.
    bench.data.made["push-files"] = ",".join(reversed(files))


def measure_push(bench):
    prepare_push(bench)
    folder = bench.place.copy(bench.data.made["push"], "pushed")
    with Phanbien(bench.place, folder) as server:
        figures = bench.place.generate(
            server, "push", operation="comment", tokens=bench.data.made["push-tokens"], files=bench.data.made["push-files"],
            revision=1, rate=200, ms=3000, seconds=300,
        )  # fmt: skip
    shutil.rmtree(folder)
    return {"phanbien": figures}


def measure_syncs(bench):
    """How often the kernel was asked to sync, for each post that was acknowledged."""
    if not shutil.which("strace"):
        raise Failure("strace is not installed")
    place, results, posts = bench.place, {}, 2000
    for count in (1, 64):
        for name, start, operation in (("phanbien", None, "comment"), ("redis", Redis, "append"), ("floor", Floor, "post")):
            server = start(place) if start else Phanbien(place, place.copy(bench.data.working(), "traced"))
            with server:
                report = place.path("strace.txt")
                tracer = place.spawn(
                    ["strace", "-f", "-c", "-o", report, "-e", "trace=fsync,fdatasync,sync_file_range,write,pwrite64,writev",
                     "-p", str(server.pid)], "strace.log",
                )  # fmt: skip
                time.sleep(0.5)
                options = {"tokens": bench.data.tokens} if name == "phanbien" else {}
                place.generate(
                    server, "load", protocol=server.protocol, operation=operation, connections=count, count=posts, ms=60_000,
                    **options,
                )  # fmt: skip
                place.end(tracer)
            calls = {}
            with open(report) as file:
                for line in file:
                    words = line.split()
                    if len(words) >= 5 and words[3].isdigit():
                        calls[words[-1]] = int(words[3])
            if not calls:
                raise Failure("strace says nothing: " + (os.path.exists(report) and open(report).read() or ""))
            syncs = calls.get("fsync", 0) + calls.get("fdatasync", 0)
            results[f"{name} {count}"] = {
                "syncs": syncs / posts, "writes": sum(calls.get(n, 0) for n in ("write", "writev", "pwrite64")) / posts,
            }  # fmt: skip
    return results
