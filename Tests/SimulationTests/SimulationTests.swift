import Testing

/// The whole system under one scheduler.
///
/// `PHANBIEN_SEEDS=2000` plays more seeds, `PHANBIEN_SEED=17 PHANBIEN_SEEDS=1` one of them again, and `PHANBIEN_LINES=400`
/// prints more of what led to a failure.
@Suite struct SimulationTests {
    @Test func manySeedsKeepEveryPromise() async {
        let total = await Runs.play(from: Environment.firstSeed, count: Environment.seeds)
        print("simulation: \(total.summary)")
        for failure in total.failures { Issue.record("\(failure)") }
        guard Environment.seeds >= Environment.usualSeeds else { return }
        #expect(total.report.marks.missing.isEmpty, "never reached: \(total.report.marks.missing.map(\.rawValue))")
    }
}
