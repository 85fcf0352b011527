public import ReviewCore

/// The one place where facts become durable: an append-only log of events, with the replies that belong to them.
///
/// A log has one writer and is used from one thread at a time. Everything a caller reads reflects every append that
/// returned before; nothing of an append that threw is ever seen.
public protocol EventLog: AnyObject {
    /// The sequence of the last event, 0 when there is none.
    var head: Int64 { get }

    /// What `log=` of HELLO and WATCH says (specification §4): made when the log is created or restored from a backup,
    /// 12 letters and digits.
    var epoch: String { get }

    /// Appends a batch as one transaction: durable once this returns, all of it or nothing.
    ///
    /// - Throws: `LogError.conflict` when the log's head is not `batch.expected`; `full` when the disk is, and the log
    ///   stays usable; `readOnly`; `uncertain` when the disk failed in the midst of it; `broken` for anything else. Whether
    ///   the log takes another append after that, `hasFailed` says.
    func append(_ batch: Batch) throws(LogError)

    /// Whether only a restart, which reads everything back, may go on: every further append is refused.
    var hasFailed: Bool { get }

    /// What has to be loaded at start, in order: events kept always, those of topics that are not finished, and those
    /// whose time has not run out. Its cost does not grow with the history of finished topics, nor with files that came
    /// beside a text: of those (`Fact.typeOfFiles`) a log need not give more than the digest.
    func openEvents(now: Instant) throws(LogError) -> [Event]

    /// At most `limit` events after a sequence, in order; only those of `topic`, if one is given.
    func events(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event]

    /// The same events with the digests of their texts alone: who did what to which object, without reading what was
    /// written. A page of them costs nothing for the length of the texts.
    func references(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event]

    /// Every event of a topic, in order; of its files as with `openEvents`.
    func events(of topic: TopicID) throws(LogError) -> [Event]

    /// The topic on which a comment was made; nil when there is no such comment.
    func topic(of comment: CommentID) throws(LogError) -> TopicID?

    /// The topic for which a review was filed; nil when there is no such review.
    func topic(of review: ReviewID) throws(LogError) -> TopicID?

    /// The stored replies of those keys that have one, in the order of the keys.
    func replies(_ keys: [ReplyKey]) throws(LogError) -> [StoredReply]

    /// How far a person has read with a client of this name (empty for none); nil when never stored.
    func position(of person: PersonID, client: String) throws(LogError) -> Int64?

    /// Texts that match, newest first, within what the person may read, among those of the events that the index has
    /// seen.
    ///
    /// Whoever needs the newest texts, too, brings the index forward first; the two are apart so that nobody else waits
    /// while a long backlog is indexed. Of every topic only the newest revision's text is searched. See
    /// `SearchExpression` for the form of a query.
    func search(_ query: SearchQuery) throws(LogError) -> [SearchHit]

    /// One bounded step of a search, for who must not keep others waiting while long texts are looked through.
    func searchSome(_ search: inout SearchProgress) throws(LogError)

    /// The last event whose texts, and those of all before it, the search index holds.
    var indexed: Int64 { get throws(LogError) }

    /// Brings the search index forward by at most `limit` texts; false when nothing was left to do.
    ///
    /// For idle moments, so that a commit never waits for the index.
    func indexSome(limit: Int) throws(LogError) -> Bool

    /// Hashes of the tree over the log, and the text of a leaf.
    ///
    /// Whoever asks lets the tree grow first, until it reaches the query's size; the two are apart so that nobody else
    /// waits while the hashes of a long log are made.
    func tree(_ query: TreeQuery) throws(LogError) -> TreeAnswer

    /// Whether a query about a tree of this size is answered at once.
    func treeReaches(_ size: Int64) -> Bool

    /// One bounded step of storing hashes of the tree; false when nothing is left to do.
    ///
    /// For idle moments, so that a commit never waits for it.
    func growTree() throws(LogError) -> Bool

    /// One bounded step of putting what commits have written where it stays, so that no later commit has to; false when
    /// it was the last.
    ///
    /// For idle moments; it changes nothing that anybody reads, and what it cannot do a commit does some day.
    func settle() throws(LogError) -> Bool

    /// Closes the log; using it afterwards throws `broken`.
    func close() throws(LogError)
}

extension EventLog {
    /// Of the whole events, for a log that has nothing to gain by reading less.
    public func references(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event] {
        var found: [Event] = []
        for event in try events(after: sequence, limit: limit, topic: topic) {
            do throws(RecordProblem) { found.append(try EventRecord.reference(EventRecord(event).encoded)) } catch {
                throw .broken("event \(event.sequence): \(error.text)")
            }
        }
        return found
    }

    /// At once, for a log whose texts are at hand.
    public func searchSome(_ search: inout SearchProgress) throws(LogError) {
        search.hits = try self.search(search.query)
        search.isDone = true
    }

    /// A log that computes every hash anew has nothing to store.
    public func treeReaches(_ size: Int64) -> Bool { true }

    /// The same.
    public func growTree() throws(LogError) -> Bool { false }

    /// A store that cannot fail for good.
    public var hasFailed: Bool { false }

    /// Most stores have nothing to settle.
    public func settle() throws(LogError) -> Bool { false }
}

/// A search on its way, from step to step.
public struct SearchProgress: Sendable {
    /// What is searched.
    public let query: SearchQuery
    /// What was found so far, newest first.
    public var hits: [SearchHit] = []
    /// Where the next step goes on, in the log's own numbers; nil before the first.
    public var position: Int64?
    /// Whether nothing more can be found.
    public var isDone = false

    /// The beginning of a search.
    public init(_ query: SearchQuery) { self.query = query }
}

/// Why a log did not do what it was asked.
public enum LogError: Error, Sendable, Equatable {
    /// Somebody else appended: the log's head is not the one expected. Nothing was written.
    case conflict(head: Int64)
    /// The disk is full. Nothing was written; the log can be used, and appended to again once there is space.
    case full
    /// The files or the disk cannot be written. Nothing was written; reading goes on.
    case readOnly
    /// The file was moved, removed or replaced while it is open: what is written to it nobody would find again. Nothing was
    /// written; with the very file back, the log can be appended to again.
    case movedAway(file: String)
    /// The file cannot be used now, as on a disk that fails for a moment, or while another process locks it. Nothing was
    /// written; the log can be appended to again once it can.
    case unreachable(file: String, reason: String)
    /// A write or a sync failed halfway: whether the batch is stored is known only to the next start, which reads
    /// everything back. Nobody may be told that it was, or that it was not.
    case uncertain(String)
    /// The log, its disk, or the caller's batch is wrong; the text says what, for the operator.
    case broken(String)

    /// The bare cause, for a message of which it is a part.
    public var cause: String {
        switch self {
        case .conflict(let head): "somebody else wrote up to event \(head)"
        case .full: "the disk is full"
        case .readOnly: "not writable"
        case .movedAway(let file): "\(file) was moved away"
        case .unreachable(let file, let reason): "\(file) cannot be used now: \(reason)"
        case .uncertain(let cause), .broken(let cause): cause
        }
    }

    /// What happened and what to do, for the operator and the official.
    public var wording: Wording {
        switch self {
        case .conflict(let head):
            Wording(
                "Nhật ký đã bị nơi khác ghi thêm (đến sự kiện \(head)). Khởi động lại máy chủ.",
                "Somebody else wrote to the log (up to event \(head)). Restart the server.")
        case .full:
            Wording(
                "Đĩa đã đầy nên chưa ghi được gì. Dọn chỗ trống rồi gửi lại.",
                "The disk is full, so nothing was stored. Free some space and send again.")
        case .readOnly:
            Wording(
                "Không ghi được vào thư mục dữ liệu (chỉ đọc). Kiểm tra quyền và đĩa.",
                "The data directory cannot be written (read-only). Check permissions and the disk.")
        case .movedAway(let file):
            Wording(
                "Tệp “\(file)” đã bị chuyển đi, xóa hoặc thay khi máy chủ đang mở nên không ghi thêm gì. Trả lại đúng tệp ấy trước khi dừng máy chủ; không còn thì khôi phục từ bản sao lưu.",
                "“\(file)” was moved, removed or replaced while the server has it open, so nothing more is stored. Put the very file back before the server is stopped; if it is gone, restore a backup."
            )
        case .unreachable(let file, let reason):
            Wording(
                "Chưa ghi gì vì lúc này không dùng được tệp “\(file)” (\(reason)). Dừng tiến trình khác đang khóa tệp, nếu có (fuser); xem nhật ký của nhân (dmesg) và quyền của thư mục dữ liệu. Hết trở ngại thì máy chủ tự ghi tiếp.",
                "Nothing was stored, since “\(file)” cannot be used now (\(reason)). Stop what else locks it, if anything does (fuser); see the kernel's log (dmesg) and the permissions of the data directory. Once that is over the server stores again by itself."
            )
        case .uncertain(let cause):
            Wording(
                "Đĩa báo lỗi khi đang ghi (\(cause)): chưa rõ lần ghi cuối có được giữ hay không. Kiểm tra đĩa rồi khởi động lại; máy trạm sẽ tự gửi lại.",
                "The disk failed in the midst of a write (\(cause)): whether the last one is kept is not known. Check the disk, then start again; clients send again by themselves."
            )
        case .broken(let cause):
            Wording(
                "Nhật ký không dùng được: \(cause). Dừng máy chủ, chạy “phanbiend verify”, khôi phục từ bản sao lưu nếu cần.",
                "The log is unusable: \(cause). Stop the server, run “phanbiend verify”, restore a backup if needed.")
        }
    }
}

extension Batch {
    /// Why the events of a batch do not continue the log one by one, or its replies belong to none of them; nil when all is
    /// well.
    ///
    /// A batch that is numbered wrongly is the writer's own mistake, so every log refuses it as `broken`.
    public var numberingProblem: String? {
        var next = expected
        for event in events {
            let (following, overflow) = next.addingReportingOverflow(1)
            guard !overflow, event.sequence == following else {
                return "event \(event.sequence) offered where event \(following) belongs"
            }
            next = following
        }
        var earlier = expected
        for sequence in replies.compactMap(\.sequence) {
            guard sequence > earlier, sequence <= next else { return "a reply to event \(sequence) is out of turn" }
            earlier = sequence
        }
        return nil
    }
}
