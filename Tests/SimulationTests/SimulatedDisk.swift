import ReviewCore
import ReviewStore
import ReviewStoreTestKit

/// The disk under the server: what was appended survives a crash, and everything can go wrong in between.
///
/// Events are given out as they were read back from their stored form. The log is not torn unless a planted bug tears it.
final class SimulatedDisk: EventLog {
    /// What an append meets.
    enum Trouble { case none, full, readOnly, broken, halfwayStored, halfwayLost }

    private var inner: MemoryLog
    private var batches: [Batch] = []
    /// Every event on the disk.
    private(set) var events: [Event] = []
    /// What the next appends meet.
    var trouble = Trouble.none
    /// Whether reading fails.
    var isUnreadable = false
    private let mutant: Mutant?

    init(founding: [Event], mutant: Mutant?) throws(LogError) {
        self.mutant = mutant
        inner = MemoryLog(epoch: "simulated001")
        var batch = Batch(expected: 0)
        batch.events = founding
        try store(batch)
    }

    var head: Int64 { inner.head }
    var epoch: String { inner.epoch }
    /// The log for verification.
    var verifiable: any VerifiableLog { inner }

    func append(_ batch: Batch) throws(LogError) {
        switch trouble {
        case .none: break
        case .full: throw .full
        case .readOnly: throw .readOnly
        case .broken: throw .broken("simulated input/output error")
        case .halfwayLost: throw .uncertain("simulated input/output error")
        case .halfwayStored:
            try store(batch)
            throw .uncertain("simulated input/output error")
        }
        try store(batch)
    }

    private func store(_ batch: Batch) throws(LogError) {
        var batch = batch
        if mutant == .storeForgetsReplies { batch.replies = [] }
        let before = inner.head
        try inner.append(batch)
        batches.append(batch)
        for record in try inner.records(after: before, limit: .max) {
            do throws(RecordProblem) { events.append(try record.record.event()) } catch {
                throw .broken("event \(record.sequence): \(error.text)")
            }
        }
    }

    /// The process ends without another word, perhaps in the middle of an append.
    func loseProcess(writing batch: Batch?) throws(LogError) {
        switch mutant {
        case .storeAcknowledgesEarly:
            guard batches.count > 1 else { return }
            let kept = batches.dropLast()
            inner = MemoryLog(epoch: epoch)
            batches = []
            events = []
            for batch in kept { try store(batch) }
        case .storeTearsBatches:
            guard var torn = batch, !torn.events.isEmpty, torn.expected == head else { return }
            torn.events = Array(torn.events.prefix(max(1, torn.events.count / 2)))
            torn.replies = []
            torn.positions = []
            try store(torn)
        default: break
        }
    }

    private func check() throws(LogError) {
        if isUnreadable { throw .broken("simulated input/output error") }
    }

    func openEvents(now: Instant) throws(LogError) -> [Event] {
        var open = try inner.openEvents(now: now)
        if mutant == .startSkipsEvent, let place = open.lastIndex(where: { $0.fact.topic != nil }) {
            open.remove(at: place)
        }
        return open
    }

    func events(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event] {
        try check()
        let first = Int(min(max(sequence, 0), Int64(events.count)))
        var page: [Event] = []
        for event in events[first...] where topic == nil || event.fact.topic == topic {
            guard page.count < limit else { break }
            page.append(event)
        }
        if mutant == .pageSkipsEvent, page.count > 2 { page.remove(at: page.count / 2) }
        if mutant == .pageBeginsLate, page.count > 1 { page.removeFirst() }
        return page
    }

    func events(of topic: TopicID) throws(LogError) -> [Event] {
        try check()
        return events.filter { $0.fact.topic == topic }
    }

    func topic(of comment: CommentID) throws(LogError) -> TopicID? {
        try check()
        return try inner.topic(of: comment)
    }

    func topic(of review: ReviewID) throws(LogError) -> TopicID? {
        try check()
        return try inner.topic(of: review)
    }

    func replies(_ keys: [ReplyKey]) throws(LogError) -> [StoredReply] {
        try check()
        let own = try inner.replies(keys)
        guard mutant == .storeMixesPeople else { return own }
        var found = own
        for key in keys where !own.contains(where: { $0.key == key }) {
            let others = Cast.members.compactMap { PersonID($0.id) }.map { ReplyKey(person: $0, key: key.key) }
            guard let other = try inner.replies(others).first else { continue }
            found.append(StoredReply(key: key, request: other.request, reply: other.reply))
        }
        return found
    }

    func position(of person: PersonID, client: String) throws(LogError) -> Int64? {
        try check()
        return try inner.position(of: person, client: client)
    }

    func search(_ query: SearchQuery) throws(LogError) -> [SearchHit] {
        try check()
        return try inner.searchEverything(query)
    }

    var indexed: Int64 { inner.indexed }

    func indexSome(limit: Int) throws(LogError) -> Bool { try inner.indexSome(limit: limit) }
    func settle() throws(LogError) -> Bool { try inner.settle() }

    func tree(_ query: TreeQuery) throws(LogError) -> TreeAnswer {
        try check()
        return try inner.tree(query)
    }

    func close() throws(LogError) {}
}
