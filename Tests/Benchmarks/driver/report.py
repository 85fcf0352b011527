"""The table for people, and the same as data."""

import os
import platform
import statistics
import subprocess

def spread(values):
    """Smallest, middle and largest."""
    return min(values), statistics.median(values), max(values)


def shown(value):
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 100 else f"{value:.2f}"


def values_of(repeats, subject, figure):
    return [figures[subject][figure] for figures in repeats if figure in figures.get(subject, {})]


def values_of_target(repeats, target):
    """phanbien's figure in each repeat, or its ratio to the peer's in the same repeat."""
    values = []
    for figures in repeats:
        own = figures.get(target.subject, {}).get(target.figure)
        peer = figures.get(target.peer, {}).get(target.figure) if target.peer else 1
        if own is not None and peer:
            values.append(own / peer)
    return values


def is_met(rule, value):
    operator, number = rule.rstrip("0123456789."), float(rule.lstrip("<>="))
    return {">=": value >= number, "<=": value <= number, "<": value < number, ">": value > number}[operator]


def limit_of(bench):
    """The share of its core above which the generator may be the limit: the kernel keeps 5 % of it from real-time work."""
    return 0.92 if bench.options.priority == "fifo" else 0.95


def is_generator_limit(bench, repeats, subject):
    values = values_of(repeats, subject, "generator_cores")
    return bool(values) and statistics.median(values) >= limit_of(bench)


def judge(target, values):
    if not values:
        return ""
    middle = statistics.median(values)
    words = []
    for name, rule in (("gate", target.gate), ("goal", target.goal)):
        if rule:
            words.append(f"{name} {rule.replace('>=', '≥ ').replace('<=', '≤ ')} {'✓' if is_met(rule, middle) else '✗'}")
    return "  ".join(words)


def label_of(target):
    names = {
        "rate": "", "reply_p50": "p50 OK", "reply_p99": "p99 OK", "delivery_p50": "p50 EVENT", "delivery_p99": "p99 EVENT",
        "server_us": "server µs", "each_kib": "KiB for each",
    }  # fmt: skip
    figure = names.get(target.figure, target.figure.replace("_", " "))
    text = f"{target.subject} {figure}".strip()
    return f"{text} / {target.peer}" if target.peer else text


def print_report(bench, cases):
    cores = len(bench.place.cores)
    print(f"\nphanbien: {version(bench)}")
    print(f"{processor()}, {cores} × CPU, Linux {platform.release()}, {', '.join(peer_versions())}")
    print(
        f"{bench.options.repeats} lượt / repeats, {bench.window} ms; tải của máy / load average "
        f"{' '.join(f'{value:.2f}' for value in os.getloadavg())}"
        + ("; SCHED_FIFO" if bench.options.priority == "fifo" else "")
        + (f"; {bench.taken_again} lần đo lại vì đĩa bận / measured again, the disk stood still" if bench.taken_again else "")
    )
    for case in cases:
        repeats = bench.results.get(case.name, [])
        print(f"\n{case.name}: {case.title}")
        print_subjects(bench, case, repeats)
        for target in case.targets:
            values = values_of_target(repeats, target)
            if not values:
                print(f"    {label_of(target):<52} không có số liệu / no figure")
                continue
            low, middle, high = (shown(value) for value in spread(values))
            unit = "×" if target.peer else target.unit
            print(f"    {label_of(target):<52} {low:>10} {middle:>10} {high:>10} {unit:<6} {judge(target, values)}".rstrip())
        if case.note:
            print(f"    ({case.note})")
    print_summary(bench, cases)


def print_subjects(bench, case, repeats):
    if not any(values_of(repeats, subject.name, "rate") for subject in case.subjects):
        return
    print(
        f"  {'':<28} {'min':>10} {'median':>10} {'max':>10} {case.unit:<13} {'p50 µs':>8} {'p99 µs':>9} {'srv µs':>8} "
        f"{'gen µs':>7} {'server':>6} {'gener.':>6}"
    )
    for subject in case.subjects:
        rates = values_of(repeats, subject.name, "rate")
        if not rates:
            continue
        low, middle, high = (shown(value) for value in spread(rates))
        columns = []
        for names in (
            ("delivery_p50", "reply_p50", "open_p50"), ("delivery_p99", "reply_p99", "open_p99"), ("server_us",),
            ("generator_us",), ("server_cores",), ("generator_cores",),
        ):  # fmt: skip
            found = next((values for name in names if (values := values_of(repeats, subject.name, name))), None)
            columns.append(shown(statistics.median(found)) if found else "")
        mark = "!" if is_generator_limit(bench, repeats, subject.name) else ""
        print(
            f"  {subject.name:<28} {low:>10} {middle:>10} {high:>10} {'':<13} {columns[0]:>8} {columns[1]:>9} {columns[2]:>8} "
            f"{columns[3]:>7} {columns[4]:>6} {columns[5]:>6}{mark}"
        )


def print_summary(bench, cases):
    print("\nĐiều kiện / gates and goals (median)")
    met = total = 0
    for case in cases:
        repeats = bench.results.get(case.name, [])
        for target in case.targets:
            if not (target.gate or target.goal):
                continue
            values = values_of_target(repeats, target)
            middle = statistics.median(values) if values else None
            total += bool(target.gate)
            met += bool(target.gate and values and is_met(target.gate, middle))
            marks = [target.subject, target.peer] if target.peer else [target.subject]
            # Memory and processor time of the server do not depend on how quick the generator is.
            is_speed = target.figure == "rate" or target.figure.endswith(("_p50", "_p99"))
            is_limited = is_speed and any(is_generator_limit(bench, repeats, name) for name in marks)
            limited = " ! generator" if is_limited else ""
            value = f"{shown(middle)} {'×' if target.peer else target.unit}" if values else "–"
            print(f"  {case.name:<18} {label_of(target):<48} {value:>14}  {judge(target, values)}{limited}")
    print(f"  {met} / {total} gates")
    print(
        "\nserver, gener.: lõi dùng hết / cores in use; !: máy phát là giới hạn, hãy đọc srv µs / the generator is the limit, "
        "read srv µs.\nNghĩa từng dòng / what the rows mean: Tests/Benchmarks/README.md"
    )


def summary_of(bench, cases):
    result = {
        "phanbien": version(bench), "processor": processor(), "cores": len(bench.place.cores), "kernel": platform.release(),
        "peers": peer_versions(), "repeats": bench.options.repeats, "window_ms": bench.window,
        "priority": bench.options.priority, "taken_again": bench.taken_again, "failures": bench.failures, "cases": {},
    }  # fmt: skip
    for case in cases:
        repeats = bench.results.get(case.name, [])
        targets = []
        for target in case.targets:
            values = values_of_target(repeats, target)
            middle = statistics.median(values) if values else None
            targets.append(
                {
                    "subject": target.subject, "peer": target.peer, "figure": target.figure, "values": values,
                    "median": middle, "gate": target.gate, "goal": target.goal,
                    "gate_met": is_met(target.gate, middle) if target.gate and values else None,
                    "goal_met": is_met(target.goal, middle) if target.goal and values else None,
                }
            )  # fmt: skip
        limited = [s.name for s in case.subjects if is_generator_limit(bench, repeats, s.name)]
        result["cases"][case.name] = {
            "title": case.title, "unit": case.unit, "repeats": repeats, "targets": targets, "generator_limits": limited,
        }  # fmt: skip
    return result


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0].strip()
    except (OSError, IndexError):
        return ""


def version(bench):
    commit = first_line("git", "rev-parse", "--short", "HEAD")
    return f"{first_line(bench.place.programs['phanbiend'], '--version')} (tree {commit})"


def peer_versions():
    words = first_line("redis-server", "--version").split()
    versions = ["redis " + word[2:] for word in words if word.startswith("v=")]
    versions += [text for text in (first_line("psql", "--version"), "dovecot " + first_line("dovecot", "--version")) if text.split()[1:]]
    return versions


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.partition(": ")[2].strip() for line in file if line.startswith("model name")), platform.machine())
