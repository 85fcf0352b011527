import ReviewCore

/// Failed logins by person, place and address, and what they cost: every failure delays the next answer longer, nobody
/// is ever locked out, and quiet minutes are forgiven.
///
/// The delay holds for right and wrong passwords alike, so its length tells nothing.
struct Throttle: Sendable {
    /// Whose attempts are counted together.
    enum Subject: Hashable, Sendable {
        /// Everything sent under one name, known or not, from anywhere but its known places.
        case person(String)
        /// Everything sent under one name from an address where that person has logged in before.
        case place(person: String, address: String)
        /// Everything sent from one address.
        case address(String)
    }

    private struct Entry {
        /// Failures that count now.
        var failures = 0
        /// When the last failure was counted or forgiven.
        var since: Instant
        /// Verifications that run at this moment.
        var inFlight = 0
    }

    private var entries: [Subject: Entry] = [:]

    /// The delay after the first failure, and its double after each further one up to the longest.
    static let firstDelayMilliseconds: Int64 = 250
    /// The longest delay.
    static let longestDelayMilliseconds: Int64 = 15_000
    /// So much quiet forgives one failure.
    static let forgivenessMilliseconds: Int64 = 60_000

    /// How many subjects are remembered.
    var count: Int { entries.count }

    /// Whether another verification may start now for all of these.
    func hasRoom(_ subjects: [Subject]) -> Bool {
        subjects.allSatisfy { (entries[$0]?.inFlight ?? 0) < EngineConfiguration.verificationsInFlight }
    }

    /// A verification starts.
    mutating func begin(_ subjects: [Subject], now: Instant) {
        for subject in subjects {
            makeRoom(for: subject, now: now)
            entries[subject, default: Entry(since: now)].inFlight += 1
        }
    }

    /// A verification ended without a verdict.
    mutating func abandon(_ subjects: [Subject]) {
        for subject in subjects { entries[subject]?.inFlight -= 1 }
    }

    /// A verification ended; gives the delay of its answer, which the failures before it decide.
    ///
    /// A success clears its person, and takes one failure from its address: colleagues behind one address should
    /// not wait for each other.
    mutating func end(_ subjects: [Subject], succeeded: Bool, now: Instant) -> Int64 {
        var delay: Int64 = 0
        for subject in subjects {
            makeRoom(for: subject, now: now)
            var entry = entries[subject] ?? Entry(since: now)
            entry.inFlight = max(0, entry.inFlight - 1)
            forgive(&entry, now: now)
            delay = max(delay, Self.delay(after: entry.failures))
            switch (succeeded, subject) {
            case (true, .person), (true, .place): entry.failures = 0
            case (true, .address): entry.failures = max(0, entry.failures - 1)
            case (false, _):
                // Beyond the longest delay more failures mean nothing; the bound keeps forgiveness near.
                entry.failures = min(entry.failures + 1, 8)
                entry.since = now
            }
            entries[subject] = entry.failures == 0 && entry.inFlight == 0 ? nil : entry
        }
        return delay
    }

    /// Counts a failure that needed no verification; gives the delay of its answer.
    mutating func count(failureOf subjects: [Subject], now: Instant) -> Int64 {
        begin(subjects, now: now)
        return end(subjects, succeeded: false, now: now)
    }

    /// The delay that so many failures cost.
    static func delay(after failures: Int) -> Int64 {
        guard failures > 0 else { return 0 }
        return min(longestDelayMilliseconds, firstDelayMilliseconds << Int64(min(failures - 1, 16)))
    }

    /// The clock was set back: quiet is counted from now.
    mutating func timeWentBack(to now: Instant) {
        entries = entries.mapValues { entry in
            var entry = entry
            entry.since = min(entry.since, now)
            return entry
        }
    }

    private func forgive(_ entry: inout Entry, now: Instant) {
        let quiet = now.milliseconds - entry.since.milliseconds
        guard entry.failures > 0, quiet >= Self.forgivenessMilliseconds else { return }
        entry.failures = Int(max(0, Int64(entry.failures) - quiet / Self.forgivenessMilliseconds))
        entry.since = now
    }

    /// Names are the peer's choice, so their number is bounded: forgiven ones go first, then all but those in
    /// flight.
    private mutating func makeRoom(for subject: Subject, now: Instant) {
        guard entries.count >= EngineConfiguration.rememberedFailures, entries[subject] == nil else { return }
        entries = entries.filter { _, entry in
            var entry = entry
            forgive(&entry, now: now)
            return entry.inFlight > 0 || entry.failures > 0
        }
        if entries.count >= EngineConfiguration.rememberedFailures {
            entries = entries.filter { _, entry in entry.inFlight > 0 || entry.failures >= 4 }
        }
        if entries.count >= EngineConfiguration.rememberedFailures {
            entries = entries.filter { _, entry in entry.inFlight > 0 }
        }
    }
}

/// How fast one person may send (limit `requests-per-second`; a burst may be twice that).
struct TokenBucket: Sendable {
    private var level: Int64
    private var since: Instant
    /// Requests in a second.
    private let rate: Int64

    /// Levels are counted in thousandths of a request, so that a millisecond adds a whole number.
    private static let unit: Int64 = 1_000

    /// A full bucket.
    init(requestsPerSecond: Int, now: Instant) {
        rate = Int64(min(max(1, requestsPerSecond), 10_000_000))
        level = 2 * rate * Self.unit
        since = now
    }

    /// Takes one request; nil when it may pass, else the milliseconds until the next one may.
    mutating func take(now: Instant) -> Int64? {
        let elapsed = min(max(0, now.milliseconds - since.milliseconds), 10_000)
        level = min(2 * rate * Self.unit, level + elapsed * rate)
        // Also when the clock was set back: else nothing would flow in until it is as late again.
        since = now
        guard level < Self.unit else {
            level -= Self.unit
            return nil
        }
        return (Self.unit - level + rate - 1) / rate
    }
}
