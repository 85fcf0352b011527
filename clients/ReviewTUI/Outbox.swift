import PhanbienCommands
import ReviewClient
import ReviewProtocol

/// A write that the server has not answered yet.
///
/// It is kept on this machine until it is answered: it survives a lost connection, a crash, and the night. Its key makes
/// it take effect once, however often it is sent.
struct PendingWrite: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// There is no connection, or an earlier write about the same topic has no answer yet.
        case waiting
        /// Before a positive vote goes out that waited, what happened meanwhile is read.
        case checking
        /// Somebody objected meanwhile, or the text changed, or the connection broke each time it was sent: the person has
        /// to say it again.
        case held(String)
        /// It is on its way; the session sends it again after a lost connection.
        case sent
    }

    /// What the person saw when they wrote it, as far as it matters to a vote.
    struct Sight: Sendable, Equatable {
        var revision: Int
        var stage: String
        /// Standing negative votes, one text each.
        var negative: Set<String>
    }

    let key: String
    let request: Request
    let topic: String?
    /// The writing page that waits for the reply, in this run.
    var page: Int?
    var draft: String?
    /// Nil for what is no positive vote.
    let sight: Sight?
    let isApproval: Bool
    /// Where it is half of an act.
    var half: ActHalf?
    /// Whether it was made for a log that is not there any more: it goes out only when the person says so, also after the
    /// next start.
    var isOfOtherLog = false
    var state = State.waiting
    /// Whether the server has said already that it cannot just now.
    var isPutOff = false
    /// Whether the connection broke each time it was sent: whether it took effect is not known.
    var isGivenUp = false

    /// Whether the request says yes to something: such a vote must not go out unseen after a newer no.
    static func isPositive(_ request: Request) -> Bool {
        switch request.verb {
        case "APPROVE", "AGREE", "ENDORSE": true
        case "VOUCH": request.value("as") != "return"
        case "FORMAT": request.value("as") == "pass"
        case "OPINION": request.value("as") == "agree"
        case "ASSESS": ["pass", "pass-if-revised"].contains(request.value("verdict"))
        default: false
        }
    }
}

extension Model {
    /// Takes a write in: it is kept, and sent as soon as there is a connection.
    ///
    /// - Parameter place: where it stands among those without an answer; nil for behind them.
    mutating func write(
        _ request: Request, page: Int? = nil, draft: String? = nil, isApproval: Bool = false,
        half: ActHalf? = nil, at place: Int? = nil
    ) {
        keyCount += 1
        var request = request
        let key = "\(keySeed)-\(keyCount)"
        request.arguments.append(Argument(key: "key", value: key))
        let topic = topic(of: request) ?? currentTopic
        let sight: PendingWrite.Sight? = PendingWrite.isPositive(request) ? topic.map { self.sight(of: $0) } : nil
        let write = PendingWrite(
            key: key, request: request, topic: topic, page: page, draft: draft, sight: sight, isApproval: isApproval,
            half: half)
        do {
            effects.append(.keepWrite(key, try StoredWrite.octets(write)))
        } catch {
            // What cannot be put into the protocol's words is said at once, while the text is before the person.
            endSending(page)
            return tell(.trouble, Self.describe(error))
        }
        let place = min(place ?? outbox.count, outbox.count)
        outbox.insert(write, at: place)
        if connection != .online {
            // Nothing comes back for now, so the page is done with; the text stays in the outbox, and as a draft.
            if let page { closeWriting(page) }
            tellKept()
        } else if !isBehindAnother(place) {
            sendWrite(at: place)
        } else if hasQuestion(topic) {
            // The question about the earlier one does not come up over a page that is being written on.
            if let page { closeWriting(page) }
            tell(
                .news, "Đã giữ lại trên máy: sẽ gửi sau khi bạn trả lời về ý kiến trước đó.",
                "Kept on this machine: to be sent once you have said what becomes of your earlier vote.")
        }
    }

    /// Whoever's page goes while its text is on its way sees where it is.
    mutating func tellKept() {
        tell(
            .news, "Mất kết nối: đã giữ lại trên máy, sẽ gửi khi có mạng.",
            "No connection: kept on this machine, to be sent when there is one.")
    }

    /// Whether an earlier write about the same topic has no answer yet.
    ///
    /// What somebody says about a topic arrives in the order in which they said it: a "yes" that waits must not come after
    /// the "no" that took it back.
    private func isBehindAnother(_ index: Int) -> Bool {
        guard let topic = outbox[index].topic else { return false }
        return outbox[..<index].contains { $0.topic == topic }
    }

    /// Whether a vote about a topic waits for the person's own word.
    private func hasQuestion(_ topic: String?) -> Bool {
        outbox.contains { $0.topic == topic && isHeld($0) }
    }

    private func isHeld(_ write: PendingWrite) -> Bool { if case .held = write.state { true } else { false } }

    /// The topic that a request is about, by its object: `2025-2`, `2025-2@3`, or a comment that was read.
    func topic(of request: Request) -> String? {
        guard let object = request.arguments.first(where: { $0.key == nil })?.value else { return nil }
        let name = String(object.prefix { $0 != "@" })
        if library.topic(name) != nil { return name }
        return library.comments.keys.sorted().first { library.comment(object, of: $0) != nil }
    }

    private mutating func sendWrite(at index: Int, after pause: Milliseconds? = nil) {
        outbox[index].state = .sent
        ask(outbox[index].request, for: .write(key: outbox[index].key), after: pause)
    }

    /// The server cannot take a write just now (RATE, BUSY, a full disk): it is sent again when the server said.
    mutating func putOff(at index: Int, _ reply: Reply) {
        let isFirst = !outbox[index].isPutOff
        outbox[index].isPutOff = true
        sendWrite(at: index, after: Self.pause(of: reply))
        if isFirst { tell(.trouble, sentence(of: reply)) }
    }

    /// How long the server asks to wait; a while where it does not say.
    static func pause(of reply: Reply) -> Milliseconds { reply["after"].flatMap { Milliseconds($0) } ?? 15_000 }

    /// The connection is there: what waited goes out, votes after a look at what happened meanwhile.
    mutating func flushOutbox() {
        for index in outbox.indices where outbox[index].state == .waiting && !isBehindAnother(index) {
            guard outbox[index].sight != nil, let topic = outbox[index].topic else {
                sendWrite(at: index)
                continue
            }
            outbox[index].state = .checking
            askAnew(.of("SHOW", topic), for: .topic(topic))
        }
    }

    /// A topic was read anew: the votes that waited for it go out, or are held.
    mutating func release(topic: String) {
        for index in outbox.indices where outbox[index].state == .checking && outbox[index].topic == topic {
            guard let before = outbox[index].sight else { continue }
            if let reason = change(since: before, topic) {
                outbox[index].state = .held(reason)
                if isWriting { tellHeld() }
            } else {
                sendWrite(at: index)
            }
        }
    }

    /// A topic could not be read anew: whether its vote is still meant only the person can say.
    mutating func hold(topic: String, _ reply: Reply) {
        for index in outbox.indices where outbox[index].state == .checking && outbox[index].topic == topic {
            if isForLater(reply) {
                ask(.of("SHOW", topic), for: .topic(topic), after: Self.pause(of: reply))
                return
            }
            outbox[index].state = .held(
                text("Không đọc lại được chuyên đề \(topic): ", "Topic \(topic) cannot be read anew: ")
                    + sentence(of: reply))
            if isWriting { tellHeld() }
        }
    }

    /// A request is not sent any more by itself.
    ///
    /// What was read stays as it is; of a write the person says whether it is tried again. Everything else goes on.
    mutating func giveUp(_ purpose: Purpose, _ reason: GiveUpReason) {
        guard case .write(let key) = purpose else {
            let words = text(
                "Kết nối đứt mỗi lần gửi yêu cầu này nên máy đã thôi gửi.",
                "The connection broke each time this was asked for; it is not asked any more.")
            return take(Reply(status: Status(.no(""), human: words)), for: purpose)
        }
        guard let index = outbox.firstIndex(where: { $0.key == key }) else { return }
        giveUp(at: index, reason)
    }

    /// The log is another one than that for which the writes were made: none goes out by itself.
    mutating func holdWrites() {
        for index in outbox.indices { giveUp(at: index, .logChanged) }
    }

    mutating func giveUp(at index: Int, _ reason: GiveUpReason) {
        let write = outbox[index]
        outbox[index].isGivenUp = true
        let words =
            switch reason {
            case .connectionBreaks:
                text(
                    "Kết nối đứt mỗi lần gửi \(name(of: write)), nên máy đã thôi gửi. Gửi lại cũng không bị ghi hai lần.",
                    "The connection broke each time \(name(of: write)) was sent, so it is not sent any more. Sent again, it still takes effect once."
                )
            case .logChanged:
                text(
                    "Máy chủ đã được khôi phục từ bản sao lưu khi \(name(of: write)) còn chờ gửi: số của ý kiến, của bản dự thảo có thể đã khác. Để sau, xem lại chuyên đề rồi hãy gửi.",
                    "The server was restored from a backup while \(name(of: write)) waited: comments and revisions may have other numbers now. Leave it for later, and look at the topic before you send it."
                )
            }
        outbox[index].state = .held(words)
        if reason == .logChanged, !write.isOfOtherLog {
            outbox[index].isOfOtherLog = true
            if let octets = try? StoredWrite.octets(outbox[index]) { effects.append(.keepWrite(write.key, octets)) }
        }
        if let page = write.page { closeWriting(page) }
        // That it would be sent is no longer so.
        if notice?.kind == .news { notice = nil }
        if isWriting { tellHeld() }
    }

    private func name(of write: PendingWrite) -> String {
        if case .original(let revision) = write.half {
            return text("tệp Word gốc của bản \(revision)", "the Word file of \(revision)")
        }
        let topic = write.topic.map { text(" ở chuyên đề \($0)", " on topic \($0)") } ?? ""
        return write.request.verb == "PUSH"
            ? text("bản dự thảo", "the revision") + topic : text("việc này", "what you did") + topic
    }

    private mutating func tellHeld() {
        guard !outbox.contains(where: { isHeld($0) && $0.isGivenUp }) else {
            return tell(
                .news, "Một việc chưa gửi được chờ bạn quyết định: rời trang viết (Esc, giữ nháp) để trả lời.",
                "Something that could not be sent waits for your word: leave this page (Esc, the draft is kept).")
        }
        tell(
            .news, "Một ý kiến đồng ý của bạn chờ xác nhận lại: rời trang viết (Esc, giữ nháp) để trả lời.",
            "One of your votes waits for your word: leave this page (Esc, the draft is kept) to give it.")
    }

    /// Asks about the first write that is held, unless something else is being asked or a text is written.
    ///
    /// Whatever stands behind another one about the same topic could not go out yet, so it is not asked about.
    mutating func offerHeld() {
        guard overlay == nil, !isWriting,
            let place = outbox.indices.first(where: {
                isHeld(outbox[$0]) && !laidAside.contains(outbox[$0].key) && !isBehindAnother($0)
            }), case .held(let reason) = outbox[place].state
        else { return }
        overlay = .held(key: outbox[place].key, reason: reason)
    }

    /// The person's answer about a held vote.
    mutating func settleHeld(_ key: String, sends: Bool) {
        guard let index = outbox.firstIndex(where: { $0.key == key }) else { return }
        if sends {
            let isUnseen = outbox[index].isGivenUp
            outbox[index].isGivenUp = false
            tell(.underWay, "Đang gửi …", "Being sent …")
            // Nobody has looked at what happened since a vote was given up.
            guard isUnseen else { return sendWrite(at: index) }
            outbox[index].state = .waiting
            flushOutbox()
        } else {
            defer { flushOutbox() }
            let write = outbox.remove(at: index)
            effects.append(.forgetWrite(key))
            endSending(write.page)
            guard write.isGivenUp else { return tell(.news, "Đã bỏ, không gửi.", "Dropped, nothing was sent.") }
            // Over a better line the same file is taken.
            if case .original(let revision) = write.half {
                return tell(.trouble, WordFile.notKept(with: revision, .sendAgain))
            }
            tell(
                .trouble, "Đã thôi gửi; chưa rõ máy chủ đã ghi hay chưa: hãy xem lại trước khi làm lại.",
                "Dropped; whether the server has it is not known: look before you do it anew.")
        }
    }

    /// What of a topic matters to a vote.
    private func sight(of topic: String) -> PendingWrite.Sight {
        // What SHOW said last: it is read anew before a vote goes out, the list of all topics is not.
        let row = library.details[topic]?.rows.lazy.compactMap { TopicRow($0) }.first ?? library.topic(topic)
        let negative = ["object", "return", "fail", "revise-and-recheck"]
        var standing: Set<String> = []
        for row in library.details[topic]?.rows ?? [] {
            guard let value = row["value"] ?? row["verdict"], negative.contains(value) else { continue }
            standing.insert(
                [row.word, row["kind"] ?? "", row["by"] ?? "", value, row["revision"] ?? ""].joined(separator: " "))
        }
        return PendingWrite.Sight(revision: row?.revision ?? 0, stage: row?.stage ?? "", negative: standing)
    }

    /// Why a vote that was made before may no longer be meant; nil when nothing speaks against it.
    private func change(since before: PendingWrite.Sight, _ topic: String) -> String? {
        let now = sight(of: topic)
        if now.revision != before.revision {
            return text(
                "Trong lúc mất kết nối đã có bản \(now.revision) (bạn đã xem bản \(before.revision)).",
                "Meanwhile revision \(now.revision) came (you saw \(before.revision)).")
        }
        if let new = now.negative.subtracting(before.negative).sorted().first {
            let words = new.split(separator: " ").map(String.init)
            let who = words.count > 2 ? library.name(words[2]) : ""
            return text(
                "Trong lúc mất kết nối, \(who) đã cho ý kiến không thống nhất hoặc không đạt.",
                "Meanwhile \(who) objected or judged it insufficient.")
        }
        if now.stage != before.stage {
            return text(
                "Trong lúc mất kết nối, chuyên đề đã sang bước “\(word(.stage, now.stage))”.",
                "Meanwhile the topic entered the stage “\(word(.stage, now.stage))”.")
        }
        return nil
    }
}

/// A write as it is kept on this machine: a line about it, and the request in the protocol's own words.
public enum StoredWrite {
    /// The same, marked as made for a log that is not there any more; nil for what is none or is marked.
    public static func ofOtherLog(_ octets: [UInt8]) -> [UInt8]? {
        guard var write = write(octets), !write.isOfOtherLog else { return nil }
        write.isOfOtherLog = true
        return try? self.octets(write)
    }

    static func octets(_ write: PendingWrite) throws(EncodeError) -> [UInt8] {
        var pairs: [Pair] = []
        if let topic = write.topic { pairs.append(Pair("topic", topic)) }
        if let draft = write.draft { pairs.append(Pair("draft", draft)) }
        if write.isApproval { pairs.append(Pair("approval", "yes")) }
        if write.isOfOtherLog { pairs.append(Pair("other-log", "yes")) }
        switch write.half {
        case .revision(let comment): pairs.append(Pair("settles", comment))
        case .settlement(let revision): pairs.append(Pair("settled-in", revision))
        case .original(let revision): pairs.append(Pair("kept-with", revision))
        case .text, nil: break
        }
        if let sight = write.sight {
            pairs.append(Pair("revision", String(sight.revision)))
            pairs.append(Pair("stage", sight.stage))
            pairs.append(Pair("negative", sight.negative.sorted().joined(separator: "|")))
        }
        var octets: [UInt8] = []
        ServerLine.row(word: "write", pairs: pairs).write(into: &octets)
        try write.request.write(into: &octets)
        // What is to follow stands behind it; the revision that it is for is not known yet.
        if case .text(let original) = write.half {
            try original.request(for: write.request.words.first ?? "").write(into: &octets)
        }
        return octets
    }

    static func write(_ octets: [UInt8]) -> PendingWrite? {
        guard let end = octets.firstIndex(of: 0x0A) else { return nil }
        var head = ReplyFramer()
        head.append(Array(octets[...end]))
        guard case .row("write", let pairs)? = try? head.next() else { return nil }
        let row = ReplyRow("write", pairs)
        var limits = Limits()
        limits.line = 65_536
        var framer = Framer(limits: limits)
        framer.authenticated = true
        framer.append(Array(octets[(end + 1)...]))
        guard case .request(let request)? = framer.next(), let key = request.value("key") else { return nil }
        let negative = (row["negative"] ?? "").split(separator: "|").map(String.init)
        let sight = row["stage"].map {
            PendingWrite.Sight(revision: row["revision"].flatMap { Int($0) } ?? 0, stage: $0, negative: Set(negative))
        }
        let half =
            row["settles"].map { ActHalf.revision(comment: $0) }
            ?? row["settled-in"].map { .settlement(revision: $0) }
            ?? row["kept-with"].map { .original(revision: $0) } ?? text(&framer)
        return PendingWrite(
            key: key, request: request, topic: row["topic"], page: nil, draft: row["draft"], sight: sight,
            isApproval: row["approval"] == "yes", half: half, isOfOtherLog: row["other-log"] == "yes")
    }

    /// The half that a text is whose Word file stands behind it.
    private static func text(_ framer: inout Framer) -> ActHalf? {
        guard case .request(let request)? = framer.next(), let name = request.value("name"),
            let original = WordFile(request, named: name)
        else { return nil }
        return .text(original: original)
    }
}
