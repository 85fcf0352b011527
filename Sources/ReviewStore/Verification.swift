public import ReviewCore
public import ReviewDigest

/// An event as it lies in storage, unchecked: what verification reads.
public struct StoredRecord: Sendable, Equatable {
    /// Its place in the log.
    public let sequence: Int64
    /// The line and the bodies.
    public let record: EventRecord
    /// The link that storage keeps for it; nil when what lies there is not a digest.
    public let link: Digest?

    /// Describes what was found.
    public init(sequence: Int64, record: EventRecord, link: Digest?) {
        self.sequence = sequence
        self.record = record
        self.link = link
    }
}

/// A log whose chain can be checked from outside.
public protocol VerifiableLog: AnyObject {
    /// At most `limit` records after a sequence, in order, exactly as they lie in storage; fewer where their texts are long,
    /// but one if there is one.
    func records(after sequence: Int64, limit: Int) throws(LogError) -> [StoredRecord]
}

/// The check of a whole log, for `phanbiend verify`.
public enum Verification {
    /// The most problems that a report lists; further ones are only counted.
    public static let maximumProblems = 100

    /// How many records are read at a time, so that memory does not grow with the log.
    private static let step = 500

    /// Recomputes gaplessness, the form of every record, the digest of every body that is still there, and the chain.
    ///
    /// A log that somebody appends to meanwhile is checked up to where it ended when its last records were read.
    public static func run(_ log: any VerifiableLog) throws(LogError) -> VerificationReport {
        var report = VerificationReport()
        var after: Int64 = 0
        while true {
            let records = try log.records(after: after, limit: step)
            guard let last = records.last else { return report }
            for record in records { report.check(record) }
            // A storage that does not move forward would be read for ever.
            guard last.sequence > after else {
                report.found(last.sequence, .order)
                return report
            }
            after = last.sequence
        }
    }
}

/// What verification found.
public struct VerificationReport: Sendable, Equatable {
    /// Events read.
    public private(set) var events = 0
    /// Bodies whose text matches its digest.
    public private(set) var bodies = 0
    /// Bodies whose text was removed; their digests remain.
    public private(set) var redacted = 0
    /// The chain recomputed from the records alone: compare `link` with one noted earlier or on paper.
    public private(set) var chain = Chain()
    /// The first problems, in the order of the log.
    public private(set) var problems: [Problem] = []
    /// How many problems there are in all.
    public private(set) var problemCount = 0

    /// Whether nothing is wrong.
    public var isIntact: Bool { problemCount == 0 }

    init() {}

    /// One thing that is wrong.
    public struct Problem: Sendable, Equatable {
        /// The event.
        public let sequence: Int64
        /// What is wrong with it.
        public let kind: Kind

        /// The kinds of damage.
        public enum Kind: Sendable, Equatable {
            /// An event is missing, or two stand in the wrong order.
            case order
            /// The record cannot be read.
            case record(RecordProblem)
            /// The record bears another number than its place.
            case number(Int64)
            /// A body's text is not the one that was hashed.
            case body(Digest)
            /// The stored link is not the one that follows from the records.
            case link
        }

        /// The sentence for the operator.
        public var wording: Wording {
            switch kind {
            case .order:
                Wording(
                    "Sự kiện \(sequence): mất sự kiện hoặc sai thứ tự.", "Event \(sequence): missing or out of order.")
            case .record(let problem):
                Wording("Sự kiện \(sequence): không đọc được (\(problem.text)).", "Event \(sequence): \(problem.text).")
            case .number(let number):
                Wording(
                    "Sự kiện \(sequence): bản ghi mang số \(number).",
                    "Event \(sequence): the record is numbered \(number).")
            case .body(let digest):
                Wording(
                    "Sự kiện \(sequence): nội dung không khớp mã băm \(digest).",
                    "Event \(sequence): a text does not match its digest \(digest).")
            case .link:
                Wording(
                    "Sự kiện \(sequence): mắt xích không khớp; sự kiện này hoặc sự kiện trước đã bị sửa.",
                    "Event \(sequence): its link does not follow; this event or one before it was altered.")
            }
        }
    }

    mutating func found(_ sequence: Int64, _ kind: Problem.Kind) {
        problemCount += 1
        if problems.count < Verification.maximumProblems { problems.append(Problem(sequence: sequence, kind: kind)) }
    }

    mutating func check(_ stored: StoredRecord) {
        events += 1
        if stored.sequence != chain.head &+ 1 {
            found(stored.sequence, .order)
            chain = Chain(head: stored.sequence &- 1, link: chain.link)
        }
        do throws(RecordProblem) {
            let event = try stored.record.event()
            if event.sequence != stored.sequence { found(stored.sequence, .number(event.sequence)) }
        } catch {
            found(stored.sequence, .record(error))
        }
        for body in stored.record.bodies {
            guard let text = body.text else {
                redacted += 1
                continue
            }
            if Digest(hashing: text) == body.digest { bodies += 1 } else { found(stored.sequence, .body(body.digest)) }
        }
        chain.append(stored.record.leaf)
        if let link = stored.link, link != chain.link {
            found(stored.sequence, .link)
            // Goes on from what storage has, so that one altered event is one problem and not one for each after it.
            chain = Chain(head: chain.head, link: link)
        } else if stored.link == nil {
            found(stored.sequence, .link)
        }
    }
}
