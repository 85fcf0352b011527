import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// Everything that an approver answers for, on one page: the requirements, each maintained comment, what changed, and the
/// digest of exactly the text that was read here.
struct ApprovalPage: Sendable {
    /// What can be selected.
    private enum Item: Equatable {
        case changes
        case maintained(String)
        case digest
    }

    let topic: String
    let revision: Int
    /// The revision that the approver had looked at before.
    let before: Int?
    /// Maintained comments that were opened here.
    private var opened: Set<String> = []
    /// Those of them whose words have all stood in the window.
    private var seen: Set<String> = []
    /// The words of the others, as they were broken into lines, and which of these lines have.
    private var read: [String: (words: [String], lines: Set<Int>)] = [:]
    /// The one that was opened last, until its words have come into view.
    private var unfolding: String?
    var selected = 0
    /// What was typed of the digest.
    private(set) var typed = ""
    /// Whether the manifest is being read and signed, after the person has approved.
    var isSigning = false
    /// Whether a signature was refused already because something had happened to the topic.
    private var hasSignedAgain = false
    /// The first line that shows, unless the selected one would not be seen then.
    private var top = 0
    /// Whether the window was moved by itself, away from what is selected.
    private var isScrolled = false

    init(topic: String, revision: Int, before: Int?) {
        (self.topic, self.revision, self.before) = (topic, revision, before)
    }

    var name: String { "\(topic)@\(revision)" }

    private func maintained(_ model: Model) -> [CommentRow] {
        (model.library.comments[topic] ?? []).filter { $0.state == "maintained" }
    }

    private func items(_ model: Model) -> [Item] {
        (revision > 1 ? [.changes] : []) + maintained(model).map { .maintained($0.id) } + [.digest]
    }

    // MARK: Keys

    mutating func press(_ key: Key, _ action: Action?, in model: inout Model) {
        let items = items(model)
        selected = min(selected, items.count - 1)
        if takeDigit(key, isAtDigest: items[selected] == .digest, in: &model) { return select(items.count - 1) }
        switch action {
        case .up: select(max(selected - 1, 0))
        case .down: select(min(selected + 1, items.count - 1))
        case .pageUp: page(-1, model)
        case .pageDown: page(1, model)
        case .top: select(0)
        case .bottom: select(items.count - 1)
        case .open: open(items[selected], in: &model)
        case .compare: open(.changes, in: &model)
        default: break
        }
    }

    private mutating func select(_ item: Int) {
        selected = item
        isScrolled = false
    }

    /// A page on or back; what is asked for at the end is selected as soon as it is seen, so that it can be answered.
    private mutating func page(_ step: Int, _ model: Model) {
        let lines = lines(model)
        let height = Canvas.contentHeight(model.size)
        let last = max(lines.count - height, 0)
        top = min(max(first(lines, height, model) + step * (height - 1), 0), last)
        isScrolled = true
        let items = items(model)
        let seen = lines[top..<min(top + height, lines.count)].compactMap(\.item)
        if seen.contains(.digest) {
            selected = items.count - 1
        } else if !seen.contains(items[min(selected, items.count - 1)]), let item = seen.first,
            let place = items.firstIndex(of: item)
        {
            selected = place
        }
    }

    /// The first line that shows.
    private func first(_ lines: [Line], _ height: Int, _ model: Model) -> Int {
        let items = items(model)
        let current = items[min(selected, items.count - 1)]
        var first = min(top, max(lines.count - height, 0))
        guard !isScrolled else { return first }
        let place = lines.lastIndex { $0.item == current } ?? 0
        if place >= first + height { first = place - height + 1 }
        return min(first, place)
    }

    private mutating func open(_ item: Item, in model: inout Model) {
        switch item {
        case .changes:
            guard revision > 1 else { return }
            let from = before.flatMap { $0 < revision ? $0 : nil } ?? 1
            model.openComparison(topic: topic, from: from, to: revision)
        case .maintained(let id):
            opened.insert(id)
            unfolding = id
            model.readThread(id)
        case .digest: submit(in: &model)
        }
    }

    /// Scrolls to what was opened as soon as its words are there, and counts as seen what stands in the window: nobody
    /// answers for what they could not read.
    mutating func settle(in model: Model) {
        let height = Canvas.contentHeight(model.size)
        let lines = lines(model)
        if let id = unfolding, let title = lines.firstIndex(where: { $0.item == .maintained(id) }),
            let end = lines.lastIndex(where: { $0.thread == id })
        {
            unfolding = nil
            // As much of it as there is room for, from its title on.
            top = max(first(lines, height, model), min(title, end - height + 1))
            isScrolled = true
        }
        let first = first(lines, height, model)
        let shown = lines.indices.dropFirst(first).prefix(height)
        for id in opened where !seen.contains(id) {
            let thread = lines.indices.filter { lines[$0].thread == id }
            guard let start = thread.first else { continue }
            let words = thread.map { lines[$0].text }
            var known = read[id]?.lines ?? []
            // In a window of another width each line is another one: its number says nothing about what was read.
            if let former = read[id]?.words, !words.starts(with: former) { known = [] }
            known.formUnion(thread.filter(shown.contains).map { $0 - start })
            read[id] = (words, known)
            if known.isSuperset(of: words.indices) { seen.insert(id) }
        }
    }

    /// Hexadecimal digits belong to the digest wherever one stands on this page; only a first `d` elsewhere than there
    /// keeps its meaning.
    private mutating func takeDigit(_ key: Key, isAtDigest: Bool, in model: inout Model) -> Bool {
        switch key.code {
        case .character(let character) where key.modifiers.isEmpty && character.isHexDigit:
            if !isAtDigest, typed.isEmpty, KeyTable.action(key, in: .approval) != nil { return false }
            if typed.count < 4 { typed.append(contentsOf: String(character).lowercased()) }
        case .backspace where !typed.isEmpty: typed.removeLast()
        default: return false
        }
        model.notice = nil
        return true
    }

    private mutating func submit(in model: inout Model) {
        if let index = model.outbox.firstIndex(where: { $0.isApproval && $0.topic == topic }) {
            model.tell(.news, "Phê duyệt của bạn đang chờ máy chủ trả lời.", "Your approval waits for the server.")
            if model.connection == .online, model.outbox[index].state == .waiting { model.flushOutbox() }
            return
        }
        if let missing = maintained(model).first(where: { !seen.contains($0.id) }) {
            if opened.contains(missing.id) {
                return model.tell(
                    .trouble, "Ý kiến \(missing.id) đã mở nhưng chưa đọc hết: PgUp, PgDn để đọc.",
                    "Maintained comment \(missing.id) was opened, but not read to its end: PgUp, PgDn.")
            }
            return model.tell(
                .trouble, "Ý kiến \(missing.id) được giữ nhưng chưa xem: chọn rồi Enter để đọc.",
                "Maintained comment \(missing.id) has not been seen: select it and press Enter.")
        }
        guard let text = model.library.texts[name] else { return }
        guard text.isGenuine else {
            return model.tell(
                .trouble, "Văn bản nhận được không khớp mã SHA-256 máy chủ công bố. Không phê duyệt.",
                "The text does not match the server's SHA-256. Not approved.")
        }
        guard typed == text.digest.prefix(4) else {
            return model.tell(
                .trouble, "Gõ đúng bốn ký tự đầu của mã rồi Enter để phê duyệt.",
                "Type the first four characters of the digest, then Enter.")
        }
        hasSignedAgain = false
        if model.signer.isReady { sign(in: &model) } else { send(text.digest, nil, in: &model) }
    }

    /// Approves, with a signature or without one.
    private func send(_ digest: String, _ signature: [UInt8]?, in model: inout Model) {
        let seen = maintained(model).map(\.id).filter(self.seen.contains)
        var request = Request.of("APPROVE", name).adding("sha256", digest)
            .adding("seen", seen.isEmpty ? nil : seen.joined(separator: ","))
        if let signature { request.body = .literal(signature) }
        model.write(request, isApproval: true)
    }

    // MARK: Signing

    /// Reads the present manifest, to sign it: what waits for a connection would be out of date by then.
    private mutating func sign(in model: inout Model) {
        guard model.connection == .online else {
            return model.tell(
                .trouble, "Mất kết nối: phê duyệt có ký số cần máy chủ. Có mạng rồi làm lại.",
                "No connection: an approval that is signed needs the server. Try again once there is one.")
        }
        guard !isSigning else { return }
        isSigning = true
        model.tell(.underWay, "Đang ký số …", "Signing …")
        model.ask(.of("MANIFEST", name), for: .manifest(name))
    }

    /// Signs once more when the topic has changed since the manifest was signed; whether it does.
    fileprivate mutating func signAgain(in model: inout Model) -> Bool {
        guard !hasSignedAgain, model.signer.isReady else { return false }
        hasSignedAgain = true
        sign(in: &model)
        return isSigning
    }

    /// The manifest came: it is signed if it is of exactly the text that was read here.
    fileprivate mutating func take(manifest reply: Reply, in model: inout Model) {
        guard isSigning else { return }
        do throws(CommandFailure) {
            let digest = model.library.texts[name]?.digest ?? ""
            model.effects.append(.sign(name, try Manifest.octets(of: reply, revision: name, digest: digest)))
        } catch {
            isSigning = false
            model.tell(error)
        }
    }

    fileprivate mutating func take(_ signed: Signed, in model: inout Model) {
        guard isSigning else { return }
        isSigning = false
        switch signed {
        case .by(let signature): send(model.library.texts[name]?.digest ?? "", signature, in: &model)
        case .failed(let reason):
            model.tell(
                .trouble, "Chưa phê duyệt: không ký được. \(reason.vietnamese)",
                "Not approved: it could not be signed. \(reason.english)")
        }
    }

    // MARK: Drawing

    private struct Line {
        var text: String
        var look: Style.Attributes = .plain
        var item: Item?
        var cursor: Int?
        /// The comment whose words these are.
        var thread: String?
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        canvas.title(model.text("Phê duyệt", "Approval of") + " " + name, model)
        let lines = lines(model)
        let items = items(model)
        let current = items[min(selected, items.count - 1)]
        let height = canvas.contentHeight
        let first = first(lines, height, model)
        for (offset, line) in lines.dropFirst(first).prefix(height).enumerated() {
            let row = offset + 1
            canvas.grid.put(line.text, row: row, column: 1, line.look)
            if line.item == current, line.cursor == nil {
                canvas.grid.restyle(row: row, columns: 0..<canvas.width) { $0.isReversed = true }
            }
            if let cursor = line.cursor, current == .digest {
                canvas.cursor = Frame.Cursor(row: row, column: cursor + 1)
            }
        }
        if first + height < lines.count { canvas.grid.put("▼", row: height, column: canvas.width - 1, .faint) }
    }

    private func lines(_ model: Model) -> [Line] {
        let width = max(model.size.columns - 2, 20)
        func wrapped(_ text: String, _ look: Style.Attributes, indent: Int, item: Item? = nil) -> [Line] {
            SafeText.lines(text).flatMap { WordWrap.lines($0, width: width - indent, continuationIndent: 2) }
                .map { Line(text: String(repeating: " ", count: indent) + $0, look: look, item: item) }
        }
        var lines = [Line(text: model.text("Điều kiện", "Requirements"), look: .bold)]
        for requirement in model.library.checks[topic] ?? [] {
            let isHere = ["maintained", "approval"].contains(requirement.id)
            let look: Style.Attributes =
                requirement.isUnmet
                ? .colour(isHere ? .yellow : .red) : requirement.state == "met" ? .colour(.green) : .faint
            let sign = requirement.isUnmet ? "✗" : requirement.state == "met" ? "✓" : "–"
            var words = "\(sign) \(model.word(.requirement, requirement.id)): \(requirement.text)"
            if requirement.isUnmet, !requirement.waiting.isEmpty {
                words += model.text(" — chờ: ", " — waiting for: ") + model.library.name(requirement.waiting)
            }
            lines += wrapped(words, look, indent: 1)
        }
        lines.append(Line(text: ""))
        if revision > 1 {
            let from = before.flatMap { $0 < revision ? $0 : nil } ?? 1
            let words =
                switch before {
                case nil:
                    model.text(
                        "Bạn chưa xem bản nào trước bản này. Enter: so sánh với bản đầu",
                        "You have seen no revision before this one. Enter: compare with the first")
                case revision:
                    model.text(
                        "Bạn đã xem bản này lần trước. Enter: so sánh với bản đầu",
                        "You looked at this one before. Enter: compare with the first")
                default:
                    model.text(
                        "Thay đổi từ bản \(from) bạn đã xem (Enter để xem)",
                        "Changes since @\(from) (Enter shows them)")
                }
            lines += wrapped(words, .bold, indent: 0, item: .changes)
            lines.append(Line(text: ""))
        }
        lines += maintainedLines(model, wrapped)
        lines += digestLines(model, wrapped)
        return lines
    }

    private func maintainedLines(
        _ model: Model, _ wrapped: (String, Style.Attributes, Int, Item?) -> [Line]
    ) -> [Line] {
        let comments = maintained(model)
        guard !comments.isEmpty else { return [] }
        var lines = [
            Line(
                text: model.text("Ý kiến được giữ – phải xem từng ý kiến", "Maintained comments – see each"),
                look: .bold)
        ]
        for comment in comments {
            let isSeen = seen.contains(comment.id)
            let sign = isSeen ? "✓" : "○"
            lines += wrapped(
                "\(sign) \(model.title(of: comment))", isSeen ? .plain : .colour(.magenta), 1, .maintained(comment.id))
            guard opened.contains(comment.id) else { continue }
            guard let thread = model.library.threads[comment.id] else {
                lines.append(Line(text: "    …", look: .faint))
                continue
            }
            let start = lines.count
            for message in thread.messages {
                let speaker = model.library.speaker(of: message, on: comment, model.language)
                lines += wrapped(
                    "\(speaker) · \(model.word(.message, message.kind)): \(message.text)",
                    .faint, 4,
                    nil)
            }
            for index in start..<lines.count { lines[index].thread = comment.id }
        }
        return lines + [Line(text: "")]
    }

    private func digestLines(
        _ model: Model, _ wrapped: (String, Style.Attributes, Int, Item?) -> [Line]
    ) -> [Line] {
        guard let text = model.library.texts[name] else {
            return [
                Line(
                    text: model.text("Đang đọc văn bản để tính mã …", "Reading the text …"), look: .faint, item: .digest
                )
            ]
        }
        var lines = [
            Line(text: model.text("Mã SHA-256 của đúng văn bản này", "SHA-256 of exactly this text"), look: .bold)
        ]
        for group in Fingerprint.grouped(text.digest) { lines.append(Line(text: "  " + group)) }
        if let outlook = model.signer.outlook {
            lines += wrapped(model.text(outlook.vietnamese, outlook.english), .plain, 0, nil)
        }
        let question = model.text("Gõ bốn ký tự đầu rồi Enter để phê duyệt: ", "First four characters, then Enter: ")
        lines.append(
            Line(
                text: model.text(
                    "(gõ ngay ở bất cứ đâu trên trang này; mã bắt đầu bằng d: bấm End trước)",
                    "(anywhere on this page; where it begins with d press End first)"), look: .faint))
        lines.append(
            Line(
                text: question + typed, look: .bold, item: .digest,
                cursor: DisplayWidth.columns(of: question) + typed.count))
        return lines
    }
}

extension Model {
    /// Why the person does not approve; nil for the Director, for deputies under a delegation in force, for whom the server
    /// names, and while it is not known who they are.
    var reasonAgainstApproving: Bilingual? {
        guard !library.tasks.contains(where: { $0.act == "approve" }), !library.approvers.contains(person) else {
            return nil
        }
        switch me.position {
        case "", "director": return nil
        case "deputy":
            // Before the list of people was read, the server judges.
            guard !library.people.isEmpty else { return nil }
            let names = library.approvers.map(library.name).joined(separator: ", ")
            let nobody = Bilingual("hiện chưa có ai", "nobody at present")
            return Bilingual(
                "Bạn chưa có ủy quyền đang hiệu lực. Người phê duyệt: \(names.isEmpty ? nobody.vietnamese : names). Giám đốc ủy quyền theo văn bản có số, bằng lệnh “ủy quyền” (phím :).",
                "No delegation to you is in force. Who approves: \(names.isEmpty ? nobody.english : names). The Director delegates under a numbered document, by the command “delegate” (key :)."
            )
        default:
            return Bilingual(
                "Chỉ Giám đốc, hoặc Phó Giám đốc được ủy quyền, phê duyệt.",
                "Only the Director, or a deputy by delegation, approves.")
        }
    }

    mutating func openApproval(_ topic: String) {
        if let reason = reasonAgainstApproving { return tell(.trouble, reason) }
        guard let revision = library.topic(topic)?.revision, revision > 0 else {
            return tell(.trouble, "Chưa có bản dự thảo để phê duyệt.", "There is no revision to approve.")
        }
        readTopic(topic)
        ask(.of("CHECK", topic), for: .check(topic))
        readText("\(topic)@\(revision)")
        // The text was perhaps opened a moment ago: what counts is what the person had seen before it.
        let last = lastRevisions[topic]
        let seen = last == revision ? formerRevisions[topic] ?? last : last
        let before = seen.flatMap { $0 > 0 ? $0 : nil }
        open(.approval(ApprovalPage(topic: topic, revision: revision, before: before)))
    }

    /// Changes the page on which a revision is being approved, if it is still open.
    mutating func changeApproval(_ revision: String, _ change: (inout ApprovalPage) -> Void) {
        for index in pages.indices {
            guard case .approval(var page) = pages[index], page.name == revision else { continue }
            change(&page)
            pages[index] = .approval(page)
        }
    }

    mutating func take(manifest reply: Reply, of revision: String) {
        withApproval(revision) { page, model in page.take(manifest: reply, in: &model) }
    }

    mutating func take(_ signed: Signed, of revision: String) {
        withApproval(revision) { page, model in page.take(signed, in: &model) }
    }

    /// The page on which a revision is being approved.
    private func approval(of revision: String) -> ApprovalPage? {
        pages.lazy.compactMap { page in
            if case .approval(let approval) = page, approval.name == revision { approval } else { nil }
        }.first
    }

    /// Lets the page on which a revision is being approved go on; whoever has left it has not approved.
    private mutating func withApproval(_ revision: String, _ step: (inout ApprovalPage, inout Model) -> Void) {
        guard var page = approval(of: revision) else {
            return tell(
                .trouble, "CHƯA phê duyệt \(revision): bạn đã rời trang trước khi ký xong.",
                "\(revision) was NOT approved: its page was left before the signature was there.")
        }
        step(&page, &self)
        changeApproval(revision) { $0 = page }
    }

    /// The server's answer to APPROVE.
    mutating func takeApproval(_ reply: Reply, _ topic: String, _ request: Request) {
        if request.body != nil, Manifest.isOutdated(reply), let revision = request.words.first,
            var page = approval(of: revision), page.signAgain(in: &self)
        {
            return changeApproval(revision) { $0 = page }
        }
        guard reply.status.isOK else {
            return showRefusal(reply, title: text("Chưa phê duyệt được", "Not approved"))
        }
        pages.removeAll { if case .approval(let page) = $0 { page.topic == topic } else { false } }
        let signed = reply["signed"] == "yes" && signer.isReady ? " " + signer.outcome.text(language) : ""
        tell(.done, sentence(of: reply) + signed)
        readOverview()
        refresh(topic: topic)
    }
}
