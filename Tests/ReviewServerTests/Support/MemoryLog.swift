import ReviewCore
import ReviewDigest
import ReviewStore
import Synchronization

/// A log in memory, with failures on demand and a record of what was asked of it.
final class MemoryLog: EventLog {
    /// What a test can see and steer from another thread.
    final class Control: Sendable {
        struct Values {
            var appends: [Int] = []
            var failure: LogError?
            var hasFailed = false
            var isClosed = false
            var indexingSteps = 0
            var growingSteps = 0
            var settled = 0
        }

        private let values = Mutex(Values())

        /// The number of events of every batch that was stored, in order.
        var appends: [Int] { values.withLock { $0.appends } }
        var isClosed: Bool { values.withLock { $0.isClosed } }
        /// What the appends throw from now on; nil: they work.
        ///
        /// - Parameter isFinal: whether only a restart would help.
        func fail(with error: LogError?, isFinal: Bool = false) {
            values.withLock { $0.failure = error }
            values.withLock { $0.hasFailed = isFinal }
        }

        /// How many steps the search index is behind.
        var indexingSteps: Int {
            get { values.withLock { $0.indexingSteps } }
            set { values.withLock { $0.indexingSteps = newValue } }
        }

        /// How many steps the tree has still to grow.
        var growingSteps: Int {
            get { values.withLock { $0.growingSteps } }
            set { values.withLock { $0.growingSteps = newValue } }
        }

        /// Steps of settling so far.
        var settled: Int { values.withLock { $0.settled } }

        fileprivate var hasFailed: Bool { values.withLock { $0.hasFailed } }
        fileprivate func failure() -> LogError? { values.withLock { $0.failure } }
        fileprivate func stored(_ count: Int) { values.withLock { $0.appends.append(count) } }
        fileprivate func settle() { values.withLock { $0.settled += 1 } }
        fileprivate func close() { values.withLock { $0.isClosed = true } }
    }

    let control: Control
    private var all: [Event]
    private var kept: [ReplyKey: StoredReply] = [:]
    private var positions: [String: Int64] = [:]

    init(_ events: [Event], control: Control = Control()) {
        all = events
        self.control = control
    }

    var head: Int64 { Int64(all.count) }
    var hasFailed: Bool { control.hasFailed }
    var epoch: String { "testlog00001" }

    func append(_ batch: Batch) throws(LogError) {
        if let failure = control.failure() { throw failure }
        guard batch.expected == head else { throw .conflict(head: head) }
        if let problem = batch.numberingProblem { throw .broken(problem) }
        all += batch.events
        for reply in batch.replies { kept[reply.key] = reply }
        for position in batch.positions { positions["\(position.person)/\(position.client)"] = position.sequence }
        control.stored(batch.events.count)
    }

    func openEvents(now: Instant) throws(LogError) -> [Event] { all }

    func events(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event] {
        Array(all.lazy.filter { $0.sequence > sequence && (topic == nil || $0.fact.topic == topic) }.prefix(limit))
    }

    func events(of topic: TopicID) throws(LogError) -> [Event] { all.filter { $0.fact.topic == topic } }
    func topic(of comment: CommentID) throws(LogError) -> TopicID? { nil }
    func topic(of review: ReviewID) throws(LogError) -> TopicID? { nil }
    func replies(_ keys: [ReplyKey]) throws(LogError) -> [StoredReply] { keys.compactMap { kept[$0] } }

    func position(of person: PersonID, client: String) throws(LogError) -> Int64? {
        positions["\(person)/\(client)"]
    }

    func search(_ query: SearchQuery) throws(LogError) -> [SearchHit] { [] }
    var indexed: Int64 { control.indexingSteps > 0 ? 0 : head }

    func indexSome(limit: Int) throws(LogError) -> Bool {
        if let failure = control.failure() { throw failure }
        guard control.indexingSteps > 0 else { return false }
        control.indexingSteps -= 1
        return control.indexingSteps > 0
    }

    func treeReaches(_ size: Int64) -> Bool { control.growingSteps == 0 }

    func growTree() throws(LogError) -> Bool {
        if let failure = control.failure() { throw failure }
        guard control.growingSteps > 0 else { return false }
        control.growingSteps -= 1
        return control.growingSteps > 0
    }

    func tree(_ query: TreeQuery) throws(LogError) -> TreeAnswer {
        let texts = all.map { EventRecord($0).encoded }
        let leaves = texts.map { MerkleTree.leaf($0) }
        return TreeAnswer(
            query, leaf: query.event.map { texts[Int($0) - 1] },
            hashes: query.subtrees.map { MerkleTree.root(of: leaves[Int($0.lowerBound)..<Int($0.upperBound)]) })
    }

    /// Two steps each time.
    func settle() throws(LogError) -> Bool {
        if let failure = control.failure() { throw failure }
        control.settle()
        return !control.settled.isMultiple(of: 2)
    }

    func close() throws(LogError) { control.close() }
}
