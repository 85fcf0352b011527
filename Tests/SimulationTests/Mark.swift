/// Branches that a set of seeds has to reach; one that was never reached makes the run worthless, and the test fails.
enum Mark: String, CaseIterable {
    // Crashes and the disk.
    case crashBeforeAppend, crashAfterAppend, crashAtRest, gracefulStop, gaveUp, foreignWriter
    case appendFull, appendBroken, readFailed, slowAppend, halfwayStored, halfwayLost
    // Keys.
    case replayAfterLoss, replayOnDemand, duplicateInBatch, keyReused, keySharedByPeople
    // Refusals.
    case stalePush, staleApproval, wrongDigest, forbidden, stage, unmet, rate, notFound
    // Logins.
    case tokenLogin, passwordLogin, wrongSecret, delayedLogin, poolBusy, computed, revokedByDisabling, revokedByPassword
    case invitationUsed, revokedWhileWatching
    // Certificates.
    case enrolled, enrolledAgain, wrongCode, weakRequest, authorityAway, certificateLogin, certificateRefused
    case revokedByDeletion, refusedByDeletion, certificateDisabled, firstPasswordByCertificate
    case signedApproval, outdatedSignature, foreignSignature
    // Proofs.
    case checkpoint, consistent, proof, dossier, fetched
    // Original files.
    case attached, attachedAgain, otherAttached, eventFromLog
    // Connections.
    case cutInsideRequest, cutInsideReply, connectionRefused, windowPaused, windowResumed, resent, malformed,
        loginTimeout
    case clockForward, clockBackward
    // Watching.
    case blocked, blockedWatcherResumed, pageFromLog, watchResumed, watchAgain, synchronised, hiddenEvent
    // The life of a topic.
    case dryRun, approved, issued, cancelled, sentBack, overridden, archivedRead, approvedUnderDelegation
    // Checks that were made.
    case compared, comparedAfterRestart, shownAsModelled, judgedAcknowledged, judgedRefusal
    // Two who want opposite things at once.
    case approvalWhilePushing, pushWhileApproving
}

/// How often each branch was reached.
struct Marks {
    private var counts = [Int](repeating: 0, count: Mark.allCases.count)
    private static let places = Dictionary(uniqueKeysWithValues: Mark.allCases.enumerated().map { ($1, $0) })

    /// One more.
    mutating func hit(_ mark: Mark) { counts[Self.places[mark] ?? 0] += 1 }

    /// How often.
    subscript(mark: Mark) -> Int { counts[Self.places[mark] ?? 0] }

    /// Takes another run's marks in.
    mutating func add(_ other: Marks) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// What was never reached.
    var missing: [Mark] { Mark.allCases.filter { self[$0] == 0 } }

    /// One line for a person.
    var summary: String { Mark.allCases.map { "\($0.rawValue) \(self[$0])" }.joined(separator: ", ") }
}
