import Testing

/// Proves that the simulation would notice: every planted bug is found within a bounded number of seeds.
@Suite struct PlantedBugTests {
    /// Seeds within which each planted bug has to be found.
    static let patience: UInt64 = 400

    @Test(arguments: Mutant.allCases)
    func isFound(_ mutant: Mutant) {
        for seed in 1...Self.patience {
            let report = Runs.play(seed, mutant: mutant)
            if let problem = report.problem {
                let line = problem.split(separator: "\n").first.map(String.init) ?? problem
                print(
                    "planted bug \(mutant.rawValue): found by seed \(seed) at step \(report.steps): \(line.prefix(160))"
                )
                return
            }
        }
        Issue.record("\(mutant.rawValue) was not found within \(Self.patience) seeds")
    }

    @Test func aSeedIsTheWholeRun() {
        for seed: UInt64 in [3, 6] {
            let first = Runs.play(seed)
            let second = Runs.play(seed)
            #expect(first.fingerprint == second.fingerprint)
            #expect(first.steps == second.steps)
        }
    }
}
