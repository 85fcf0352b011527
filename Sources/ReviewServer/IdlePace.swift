import NIOCore

/// When the work is done that nobody waits for: the search index, and settling the store.
///
/// Each step of it keeps everybody waiting who comes meanwhile. It therefore follows a burst of writes instead of going
/// along with it: while people write there is one longer step a second, so that the index falls behind more slowly,
/// and a burst costs fewer steps in all. Whoever searches meanwhile has the index brought up to date.
struct IdlePace {
    /// After a commit nothing is done for this long at least; a pause without a commit is what "quiet" means.
    static let pause = TimeAmount.milliseconds(20)
    /// The time between two steps while people write.
    static let burstPause = TimeAmount.seconds(1)
    /// Texts of a step in a quiet moment: shorter than a person notices.
    static let texts = 16
    /// … and in a burst; the store bounds the octets of a step as well.
    static let textsInBurst = 64
    /// How long it has to be quiet, with everything indexed, before the store is settled.
    static let settlingPause = TimeAmount.seconds(1)

    /// How many times as long as a step took the connections have the loop to themselves, while they ask for something.
    private static let restOfBusy = 9

    /// Turns at the end of the last step.
    private var turns: Int64 = 0
    /// Commits when it was last asked.
    private var seen: Int64 = 0
    private var lastStep: NIODeadline?

    /// What to do now.
    enum Step: Equatable {
        /// Index at most so many texts.
        case index(texts: Int)
        /// Ask again after a pause.
        case wait
    }

    /// Asked one pause after a commit, or after the last answer.
    ///
    /// - Parameter isBusy: whether a turn is due: the loop would go from this step to that turn, and on to the next step,
    ///   without a look at its sockets.
    mutating func next(commits: Int64, isBusy: Bool, now: NIODeadline) -> Step {
        let isQuiet = commits == seen && !isBusy
        seen = commits
        if !isQuiet {
            guard let last = lastStep else {
                // The first of a burst, which is to be told from a single commit.
                lastStep = now
                return .wait
            }
            if now - last < Self.burstPause { return .wait }
        }
        lastStep = now
        return .index(texts: isQuiet ? Self.texts : Self.textsInBurst)
    }

    /// The pause after a step in a quiet moment: as long as the step took; much longer if there was a turn since the step
    /// before it, so that people who only read keep nine tenths of the loop, however much is still to be indexed.
    mutating func rest(after step: TimeAmount, turns: Int64) -> TimeAmount {
        defer { self.turns = turns }
        return turns == self.turns ? step : Self.restOfBusy * step
    }
}
