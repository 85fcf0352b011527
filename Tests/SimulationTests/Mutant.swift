/// Bugs that are planted to prove that the simulation would find them.
///
/// Each is what one part could plausibly do wrong.
enum Mutant: String, CaseIterable {
    /// The store says durable while the last batch is still in memory: a crash loses it.
    case storeAcknowledgesEarly
    /// The store keeps events and forgets the replies that belong to them.
    case storeForgetsReplies
    /// A crash in the middle of an append leaves half of the batch.
    case storeTearsBatches
    /// What is read at the start leaves one event out.
    case startSkipsEvent
    /// The shell lets replies go before the append returned.
    case shellReleasesEarly
    /// The shell reports a failed append as done.
    case shellHidesFailure
    /// The shell swaps two replies of one write.
    case shellSwapsReplies
    /// The shell forgets to ring the timer.
    case shellLosesTimer
    /// The shell loses track of whose connection is whose: the observer is served as the director.
    case shellMistakesPerson
    /// A page of the log for a watcher leaves one event out.
    case pageSkipsEvent
    /// A page of the log is read from one event too late, again and again after each resume.
    case pageBeginsLate
    /// A helpful shell corrects the revision on which a push is based.
    case shellMendsStalePush
    /// A helpful shell corrects the revision and the digest of an approval.
    case shellMendsApproval
    /// The client makes a new key when it sends a request again.
    case clientChangesKey
    /// The client takes events for seen that it threw away with a broken connection.
    case clientSkipsAfterResume
    /// The store finds a reply by its key alone, whoever asks.
    case storeMixesPeople
    /// The shell tells a watcher what is told to another one.
    case shellTellsHidden
    /// A helpful shell says for the approver that every maintained comment was seen.
    case shellShowsUnseen
    /// The shell takes a write that failed halfway for one that was not done.
    case shellTakesHalfwayForNothing
    /// The shell loses track of which certificate somebody came in with, so that its deletion does not end their session.
    case shellForgetsCertificate
    /// The shell takes a signature whatever it covers.
    case shellTakesAnySignature
    /// A push leaves the content sign-off of another text in force.
    case corePushKeepsVouch
    /// A push leaves the format check of another text in force.
    case corePushKeepsFormat
    /// A push leaves positive reviews of another text in force.
    case corePushKeepsReviews
    /// A comment gets the number of another one.
    case coreNumbersTwice
    /// A second settlement of a comment has no effect.
    case coreForgetsSettlement
    /// The approver need not see what its commenter maintained.
    case coreForgetsMaintained
    /// A postponed topic goes on.
    case coreForgetsPostponing
    /// Assignments have no effect.
    case coreForgetsMembers
    /// A disabled account goes on.
    case coreForgetsDisabling
    /// A deleted certificate stays good.
    case coreForgetsDeletion
    /// An invitation code stays good when a certificate was issued for it.
    case coreKeepsCode

    /// Whether it is one of the domain's state.
    var isInCore: Bool { rawValue.hasPrefix("core") }
}
