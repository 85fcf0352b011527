import Foundation
import ReviewTestKit

/// What is printed: a line for each transcript, a summary for each section, and the count.
struct Report {
    private var sections: [(name: String, passed: Int, failed: Int, runs: Int)] = []
    private(set) var passed = 0
    private(set) var failed = 0
    private var skipped = 0
    private var runs = 0

    /// A transcript was run.
    mutating func take(
        _ transcript: Transcript, runs: Int, took time: Duration, failures: [String], isQuiet: Bool
    ) {
        count(transcript, runs: runs, isRight: failures.isEmpty)
        guard !failures.isEmpty || !isQuiet else { return }
        let seconds = time.components.seconds * 100 + time.components.attoseconds / 10_000_000_000_000_000
        let shown = "\(seconds / 100).\(seconds % 100 < 10 ? "0" : "")\(seconds % 100)"
        say("\(failures.isEmpty ? "ok  " : "FAIL") \(transcript.title)  (\(runs) runs, \(shown) s)")
        for failure in failures.prefix(3) { say("     " + failure.replacing("\n", with: "\n     ")) }
    }

    /// A transcript could not be run to its end.
    mutating func fail(_ transcript: Transcript, _ reason: String) {
        count(transcript, runs: 1, isRight: false)
        say("FAIL \(transcript.title)\n     \(reason)")
    }

    /// A transcript that needs a clock which can be set, or the like.
    mutating func skip(_ transcript: Transcript) { skipped += 1 }

    /// Prints at once, so that each line is seen when it is due, also through a pipe.
    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private mutating func count(_ transcript: Transcript, runs: Int, isRight: Bool) {
        let known = sections.firstIndex { $0.name == transcript.section }
        let last = known ?? sections.count
        if known == nil { sections.append((transcript.section, 0, 0, 0)) }
        if isRight {
            passed += 1
            sections[last].passed += 1
        } else {
            failed += 1
            sections[last].failed += 1
        }
        sections[last].runs += runs
        self.runs += runs
    }

    func printSummary() {
        say("")
        for section in sections {
            say("\(section.name): \(section.passed) passed, \(section.failed) failed, \(section.runs) runs")
        }
        if skipped > 0 { say("\(skipped) not run here: they need a clock that can be set") }
        say("\(runs) runs")
        say("\(passed) passed, \(failed) failed")
    }
}
