import ArgumentParser
import Glibc
import ReviewCore
import ReviewDigest
import ReviewStore
import ReviewStoreSQLite

/// `phanbiend redact`: texts go for good, under a document; who wrote what when stays, and the chain still verifies.
struct RedactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract:
            "Xóa vĩnh viễn nội dung chứa dữ liệu cá nhân, theo văn bản. / Remove texts for good, under a document.",
        discussion: """
            ĐỐI TƯỢNG: C88 (ý kiến, cả trích dẫn và đề nghị sửa), C88/2 (lời thứ 2 trong phần trao đổi của ý kiến; lời thứ \
            1 là chính ý kiến), P5 (phiếu phản biện), 2025-1@3 (một bản dự thảo cũ, cả tệp Word gốc), hoặc số sự kiện như lệnh LOG in ra. Dừng máy chủ trước. Nội dung mất \
            khỏi cơ sở dữ liệu, chỉ mục tìm kiếm và câu trả lời đã lưu; mã băm, người viết, thời điểm vẫn còn nên chuỗi \
            băm vẫn kiểm tra được. Tệp sao lưu cũ vẫn chứa nội dung: hủy theo quy định của đơn vị.

            OBJECT: C88 (a comment with its quote and suggestion), C88/2 (the second message of its thread; the \
            first is the comment itself), P5 (a review), 2025-1@3 (an earlier revision with its original file), or an event's number as LOG prints it. Stop the server first. The text leaves the \
            database, the search index and stored replies; digest, author and time stay, so the chain still verifies. \
            Former backups still hold the text: destroy them as your office's rules say.
            """)

    /// How many events are looked at in one reading.
    private static let eventsAtOnce = 1_000

    @OptionGroup var data: DataOption
    @Option(
        help: ArgumentHelp(
            "Số, ngày của văn bản yêu cầu xóa; in ra ở chỗ nội dung cũ. / Number and date of the document that orders it; shown where the text was.",
            valueName: "TEXT"))
    var document: String
    @Option(
        help: ArgumentHelp(
            "Lý do, không nhắc lại nội dung bị xóa. / Why; without repeating what is removed.", valueName: "TEXT"))
    var reason: String
    @Flag(help: "Chỉ in những gì sẽ bị xóa. / Only print what would be removed.")
    var dryRun = false
    @Flag(help: "Không hỏi lại. / Do not ask.")
    var yes = false
    @Argument(help: ArgumentHelp("C88, C88/2, P5, 2025-1@3, 1043", valueName: "OBJECT"))
    var objects: [String]

    func run() async throws {
        var session = try OperatorSession(data: data.data)
        var seen = Set<Int64>()
        var files = Set<Digest>()
        var count = 0
        for object in objects {
            for event in try find(object, in: session) where seen.insert(event.sequence).inserted {
                count += try remove(event, in: &session)
                if case .originalAttached(let file) = event.fact { files.insert(file.digest) }
            }
        }
        try tellOfTheSame(files, but: seen, in: session)
        if dryRun {
            Console.say(Wording("Chạy thử: chưa xóa gì.", "Dry run: nothing was removed."))
            return
        }
        try confirm(count)
        // Also when nothing is left to drop: an earlier attempt may have been cut off between the two.
        let obstacle = try session.commitAndScrub()
        Console.say("REDACTED texts=\(count)")
        warnAboutCopies()
        if let obstacle { throw Failure(tracesRemainBecauseOf: obstacle) }
    }

    /// Removes the texts of an event; how many they are.
    private func remove(_ event: Event, in session: inout OperatorSession) throws(Failure) -> Int {
        let outcome: Outcome
        do throws(Refusal) {
            outcome = try session.decide(.redact(event, document: document, reason: Array(reason.utf8)))
        } catch {
            throw Failure(error)
        }
        for case .bodyRedacted(let fact) in outcome.facts {
            let (octets, digest) = Self.size(fact.field, of: event.fact)
            Console.say(
                "TEXT event=\(event.sequence) type=\(event.fact.type) field=\(fact.field) "
                    + "bytes=\(octets) sha256=\(digest ?? fact.digest)")
        }
        if outcome.facts.isEmpty { Console.say(outcome.wording) }
        return outcome.facts.count
    }

    /// How long a text is, and its digest where that is not the one under which it is kept: a file is known to people, and
    /// named by every other command, as it was before it was spelled in base 64.
    private static func size(_ field: String, of fact: Fact) -> (octets: Int, digest: Digest?) {
        if case .originalAttached(let file) = fact { return (file.octets, file.digest) }
        let body = fact.fields.bodies.first { $0.name == field }?.body
        return (body?.text?.utf8.count ?? 0, nil)
    }

    /// Says where else the same Word files stand: each goes only when it is named.
    private func tellOfTheSame(
        _ files: Set<Digest>, but seen: Set<Int64>, in session: OperatorSession
    ) throws(Failure) {
        guard !files.isEmpty else { return }
        let (attached, removed) = try session.read { log throws(LogError) -> ([Event], Set<Int64>) in
            var attached: [Event] = []
            var removed = Set<Int64>()
            var last: Int64 = 0
            while true {
                let page = try log.references(after: last, limit: Self.eventsAtOnce, topic: nil)
                guard let end = page.last?.sequence else { return (attached, removed) }
                last = end
                for event in page {
                    switch event.fact {
                    case .originalAttached(let file) where files.contains(file.digest): attached.append(event)
                    case .bodyRedacted(let fact): removed.insert(fact.target)
                    default: break
                    }
                }
            }
        }
        var isElsewhere = false
        for event in attached where !seen.contains(event.sequence) && !removed.contains(event.sequence) {
            guard case .originalAttached(let file) = event.fact else { continue }
            isElsewhere = true
            Console.say(
                "SAME \(RevisionID(file.topic, file.revision)) event=\(event.sequence) sha256=\(file.digest)")
        }
        guard isElsewhere else { return }
        Console.say(
            Wording(
                "Cùng tệp Word ấy còn ở các bản nêu trên (dòng SAME): muốn xóa cả ở đó thì ghi thêm số sự kiện ấy vào lệnh.",
                "The same Word file stands in these revisions, too (lines SAME): to remove it there as well, add the event's number to the command."
            ))
    }

    /// The events that carry the object's texts.
    private func find(_ object: String, in session: OperatorSession) throws(Failure) -> [Event] {
        let parts = object.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let message = parts.count == 2 ? Int(parts[1]) : 1
        let found: [Event]
        if let sequence = Int64(object), sequence > 0 {
            found = try session.read { log throws(LogError) in
                try log.events(after: sequence - 1, limit: 1, topic: nil).filter { $0.sequence == sequence }
            }
        } else if let comment = CommentID(String(parts[0])), let message, message > 0 {
            found = try session.read { log throws(LogError) -> [Event] in
                guard let topic = try log.topic(of: comment) else { return [] }
                let messages = try log.events(of: topic).filter { $0.fact.isMessage(of: comment) }
                return message <= messages.count ? [messages[message - 1]] : []
            }
        } else if let review = ReviewID(object) {
            found = try session.read { log throws(LogError) -> [Event] in
                guard let topic = try log.topic(of: review) else { return [] }
                return try log.events(of: topic).filter {
                    if case .reviewFiled(let fact) = $0.fact { fact.review == review } else { false }
                }
            }
        } else if let revision = RevisionID(object) {
            found = try session.read { log throws(LogError) -> [Event] in
                var found: [Event] = []
                for event in try log.events(of: revision.topic) where event.fact.isText(of: revision.number) {
                    // A file comes with its event alone.
                    found += try log.events(after: event.sequence - 1, limit: 1, topic: revision.topic)
                }
                return found
            }
        } else {
            throw Failure(
                .data, "“\(object)” không phải C88, C88/2, P5, 2025-1@3 hay số sự kiện.",
                "“\(object)” is none of C88, C88/2, P5, 2025-1@3, or an event's number.")
        }
        guard !found.isEmpty else {
            throw Failure(
                .data, "Không có “\(object)” trong nhật ký. Chưa xóa gì.",
                "There is no “\(object)” in the log. Nothing was removed.")
        }
        return found
    }

    private func confirm(_ count: Int) throws(Failure) {
        guard !yes, count > 0 else { return }
        guard Console.isTyped else {
            throw Failure(
                .usage, "Việc này không hoàn lại được: thêm --yes nếu chắc chắn. Chưa xóa gì.",
                "This cannot be undone: add --yes if you are sure. Nothing was removed.")
        }
        Console.remark(
            Wording(
                "Xóa vĩnh viễn \(count) nội dung nêu trên, không hoàn lại được. Gõ XOA rồi Enter để tiếp tục:",
                "Remove these \(count) texts for good? Type XOA and Enter to go on:"))
        guard readLine()?.uppercased() == "XOA" else {
            throw Failure(.data, "Đã dừng; chưa xóa gì.", "Stopped; nothing was removed.")
        }
    }

    /// What this command cannot reach.
    private func warnAboutCopies() {
        // Former databases, and what a restore or an upgrade that was cut off has left.
        for copy in FileSystem.names(in: data.data) where copy.hasPrefix(SQLiteLog.fileName + ".") {
            Console.say("COPY \(data.data)/\(copy)")
        }
        Console.say(
            Wording(
                "Các bản sao lưu và cơ sở dữ liệu cũ (dòng COPY, nếu có) vẫn chứa nội dung đã xóa: hủy theo quy định của đơn vị, rồi sao lưu lại.",
                "Former backups and databases (lines COPY, if any) still hold the removed texts: destroy them as your office's rules say, then make a new backup."
            ))
    }
}

extension Failure {
    /// The texts are gone from the database, but the files could not be written anew.
    fileprivate init(tracesRemainBecauseOf problem: OpenProblem) {
        let (status, cause) = (Failure(problem).status, problem.wording)
        self.init(
            status,
            "Nội dung đã bị xóa khỏi cơ sở dữ liệu và không trả lại được, nhưng vết của nó còn trong các tệp: chưa ghi lại được cả cơ sở dữ liệu. \(cause.vietnamese) Khi xong, chạy lại đúng lệnh này; nó sẽ dọn nốt.",
            "The texts are removed from the database for good, but traces of them remain in its files: it could not be written anew. \(cause.english) Then run the same command again; it does the rest."
        )
    }
}

extension Fact {
    /// Whether it is one of the messages that THREAD numbers.
    fileprivate func isMessage(of comment: CommentID) -> Bool {
        switch self {
        case .commentAdded(let fact): fact.comment == comment
        case .commentAnswered(let fact): fact.comment == comment
        case .commentSettled(let fact): fact.comment == comment && fact.body != nil
        case .commentMaintained(let fact): fact.comment == comment
        case .commentWithdrawn(let fact): fact.comment == comment
        default: false
        }
    }

    /// Whether it carries the text of a revision, or the file from which it came.
    fileprivate func isText(of revision: Int) -> Bool {
        switch self {
        case .revisionPushed(let fact): fact.revision == revision
        case .originalAttached(let fact): fact.revision == revision
        default: false
        }
    }
}
