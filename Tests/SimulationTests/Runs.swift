#if canImport(Glibc)
import Glibc
#endif

/// What the environment asks for.
enum Environment {
    /// Seeds of an ordinary test run.
    static let usualSeeds = 100
    static let seeds = Int(number("PHANBIEN_SEEDS") ?? UInt64(usualSeeds))
    static let firstSeed = number("PHANBIEN_SEED") ?? 1

    /// Lines of a failing seed's story.
    static let lines = number("PHANBIEN_LINES") ?? 40

    private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
}

/// Many seeds, on as many tasks as the machine has room for.
enum Runs {
    /// What all runs came to.
    struct Total: Sendable {
        var seeds = 0
        var report = Simulation.Report()
        var failures: [String] = []

        var summary: String {
            let figures = report.figures
            return
                "\(seeds) seeds, \(report.steps) steps, \(figures.requests) requests, \(figures.acknowledged) acknowledged "
                + "writes, \(figures.events) events, \(figures.told) events told, \(figures.connections) connections, "
                + "\(figures.crashes) crashes, \(figures.faults) other faults, "
                + "\(figures.virtualMilliseconds / 60_000) virtual minutes; \(report.marks.summary)"
        }

        mutating func add(_ run: Simulation.Report) {
            seeds += 1
            report.steps += run.steps
            report.marks.add(run.marks)
            report.figures.add(run.figures)
        }
    }

    /// Plays one seed.
    static func play(_ seed: UInt64, mutant: Mutant? = nil, trace: ((String) -> Void)? = nil) -> Simulation.Report {
        do {
            return try Simulation(Simulation.Course(seed: seed, mutant: mutant, trace: trace)).run()
        } catch {
            var report = Simulation.Report()
            report.problem = "the disk cannot be founded: \(error)"
            return report
        }
    }

    /// The last things that happened before a seed failed, from playing it once more.
    static func story(of seed: UInt64, mutant: Mutant? = nil, lines: Int = Int(Environment.lines)) -> String {
        var last: [String] = []
        let report = play(seed, mutant: mutant) { line in
            last.append(line)
            if last.count > lines { last.removeFirst() }
        }
        return last.joined(separator: "\n") + "\n=> step \(report.steps): \(report.problem ?? "no problem this time")"
    }

    /// Plays seeds one after another on two tasks.
    static func play(from first: UInt64, count: Int) async -> Total {
        await withTaskGroup(of: Total.self) { group in
            let tasks: UInt64 = 2
            for task in 0..<tasks {
                group.addTask {
                    var total = Total()
                    for seed in stride(from: first + task, to: first + UInt64(max(count, 0)), by: Int(tasks)) {
                        let report = play(seed)
                        total.add(report)
                        if let problem = report.problem {
                            total.failures.append(
                                "seed \(seed), step \(report.steps): \(problem)\nPHANBIEN_SEED=\(seed) PHANBIEN_SEEDS=1 plays it again. "
                                    + "What led to it:\n" + story(of: seed))
                            if total.failures.count > 2 { return total }
                        }
                    }
                    return total
                }
            }
            var all = Total()
            for await total in group {
                all.seeds += total.seeds
                all.report.steps += total.report.steps
                all.report.marks.add(total.report.marks)
                all.report.figures.add(total.report.figures)
                all.failures += total.failures
            }
            return all
        }
    }
}
