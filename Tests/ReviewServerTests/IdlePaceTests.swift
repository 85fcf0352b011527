import NIOCore
import Testing

@testable import ReviewServer

/// When the work is done that nobody waits for.
@Suite struct IdlePaceTests {
    private var pace = IdlePace()
    private var now = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private mutating func next(
        commits: Int64, isBusy: Bool = false, after pause: TimeAmount = IdlePace.pause
    ) -> IdlePace.Step {
        now = now + pause
        return pace.next(commits: commits, isBusy: isBusy, now: now)
    }

    @Test mutating func aSingleCommitIsFollowedOnePauseLater() {
        #expect(next(commits: 1) == .wait)
        #expect(next(commits: 1) == .index(texts: IdlePace.texts))
        #expect(next(commits: 1) == .index(texts: IdlePace.texts), "and what is left, without a pause between commits")
    }

    @Test mutating func aBurstGetsOneLongerStepASecond() {
        var steps: [Int] = []
        for commit in 1...200 {
            if case .index(let texts) = next(commits: Int64(commit)) {
                #expect(texts == IdlePace.textsInBurst)
                steps.append(commit)
            }
        }
        // 200 pauses of 20 ms are four seconds.
        #expect(steps == [51, 101, 151])
        #expect(next(commits: 200) == .index(texts: IdlePace.texts), "as soon as it is quiet it goes on")
    }

    /// Turn after turn reads for somebody: what nobody waits for keeps out of their way, and is not forgotten.
    @Test mutating func whereATurnIsDueItIsNotQuiet() {
        #expect(next(commits: 1) == .wait)
        var steps = 0
        for _ in 0..<200 where next(commits: 1, isBusy: true) != .wait { steps += 1 }
        #expect(steps == 3 || steps == 4)
        #expect(next(commits: 1) == .index(texts: IdlePace.texts))
    }

    /// Whoever only reads keeps nine tenths of the loop, and gives the rest back at once when they stop.
    @Test mutating func aStepBetweenReadersIsFollowedByALongRest() {
        let step = TimeAmount.milliseconds(2)
        #expect(pace.rest(after: step, turns: 0) == step)
        #expect(pace.rest(after: step, turns: 7) == .milliseconds(18))
        #expect(pace.rest(after: step, turns: 8) == .milliseconds(18))
        #expect(pace.rest(after: step, turns: 8) == step)
    }
}
