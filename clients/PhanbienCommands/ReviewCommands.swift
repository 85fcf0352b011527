import ReviewClient
import ReviewProtocol
import Terminal

/// `comment`, `review`: what people write, and never lose.
extension CommandRunner {
    func comment() throws(CommandFailure) -> ExitCode {
        var invocation = invocation
        invocation.options["kind"] = invocation.options["kind"] ?? "content"
        invocation.options["level"] = invocation.options["level"] ?? "should"
        let command = try CommandRunner(invocation, in: surroundings).withNewestRevision()
        guard let text = try command.text() else { throw Self.noText }
        return try command.sendKept(text)
    }

    func review() throws(CommandFailure) -> ExitCode {
        var command = try withNewestRevision()
        let text: WrittenText
        if invocation.option("file") != nil || surroundings.hasPipedInput {
            guard let given = try command.text() else { throw Self.noText }
            text = given
        } else {
            guard let topic = command.topic else { throw Self.noText }
            let blank = try require(Request.of("FORM", topic).adding("name", "phieu-phan-bien"))
            text = try command.edited(template: blank.text)
        }
        if command.invocation.options["verdict"] == nil {
            do {
                var invocation = command.invocation
                invocation.options["verdict"] = try askVerdict()
                command = CommandRunner(invocation, in: surroundings)
            } catch {
                command.keep(text)
                throw error
            }
        }
        return try command.sendKept(text)
    }

    private func askVerdict() throws(CommandFailure) -> String {
        guard surroundings.canAsk else {
            throw CommandFailure(
                .usage, "Cần --verdict: \(Vocabulary.list(.verdict).vietnamese)",
                "--verdict is needed: \(Vocabulary.list(.verdict).english)")
        }
        surroundings.tell(screen.text("Kết luận của phiếu:", "The verdict:"))
        for (index, verdict) in Vocabulary.identifiers(.verdict).enumerated() {
            surroundings.tell("  \(index + 1). \(Vocabulary.word(.verdict, verdict, screen.language))")
        }
        while let answer = surroundings.ask(screen.text("Chọn 1–4: ", "Choose 1–4: ")) {
            if let number = Int(answer), Vocabulary.identifiers(.verdict).indices.contains(number - 1) {
                return Vocabulary.identifiers(.verdict)[number - 1]
            }
            if let verdict = Vocabulary.identifier(.verdict, meant: answer) { return verdict }
        }
        throw Self.cancelled
    }

    // MARK: - Approval

    /// Shows all that an approver answers for, then asks for four characters of the digest of exactly that text.
    func approve() throws(CommandFailure) -> ExitCode {
        let command = try withNewestRevision()
        guard let named = command.invocation.operand("revision"), let (topic, number) = Self.parts(named) else {
            throw CommandFailure(.usage, "Cần mã chuyên đề, ví dụ 2025-2@3", "a topic is needed, such as 2025-2@3")
        }
        let isQuiet = screen.isJSON
        let given = try invocation.option("signature").map { path throws(CommandFailure) in
            try surroundings.readFile(path)
        }

        let check = try require(.of("CHECK", topic))
        if !isQuiet { heading("Điều kiện phê duyệt", "Requirements") }
        if !isQuiet { surroundings.writeLines(RowTable.lines(surroundings.named(check).rows, screen)) }

        var seen = try showMaintained(topic, isQuiet: isQuiet)
        for id in invocation.option("seen")?.split(separator: ",").map(String.init) ?? [] where !seen.contains(id) {
            seen.append(id)
        }
        if !isQuiet { try showChanges(topic, number) }

        // The digest is computed here, from the text as it arrived: the server cannot have another one approved.
        let text = try require(.of("SHOW", named))
        let digest = surroundings.sha256(text.text)
        if let claimed = text["sha256"], !claimed.isEmpty, !digest.hasPrefix(claimed.lowercased()) {
            throw CommandFailure(
                .protocolError,
                "Mã SHA-256 máy chủ công bố (\(SafeText.escape(claimed))) khác mã tính từ văn bản (\(digest)). Không phê duyệt.",
                "The server's SHA-256 (\(SafeText.escape(claimed))) is not that of the text (\(digest)). Not approved.")
        }
        if !surroundings.isOutputGone { surroundings.rememberRevision(number, of: topic) }

        let mayBeSigned = given == nil && invocation.option("unsigned") == nil
        let signer = try mayBeSigned ? surroundings.signer() : .none
        var signature = try signer.isReady ? self.signature(of: named, digest) : given
        var signsAgain = signer.isReady
        func approval(trial: Bool) throws(CommandFailure) -> Reply {
            var request = Request.of("APPROVE", named).adding("sha256", digest)
                .adding("seen", seen.isEmpty ? nil : seen.joined(separator: ","))
            if let signature { request.body = .literal(signature) }
            let reply = try perform(
                trial
                    ? request.adding("dry-run", "yes")
                    : request.adding("key", invocation.global.key ?? surroundings.newKey()))
            guard signsAgain, Manifest.isOutdated(reply) else { return reply }
            // Something happened to the topic meanwhile; the text is still the one that was read.
            signsAgain = false
            signature = try self.signature(of: named, digest)
            return try approval(trial: trial)
        }
        let trial = try approval(trial: true)
        guard trial.status.isOK, !invocation.global.dryRun else { return finish(trial) }
        if let outlook = signer.outlook {
            for line in screen.paragraph(screen.text(outlook)) { surroundings.tell(line) }
        }
        try confirmDigest(digest, named)
        // Nobody answers for what did not reach them.
        guard !surroundings.isOutputGone else { throw Self.unread }
        let reply = try approval(trial: false)
        let exit = finish(reply)
        if !screen.isJSON, signer.isReady, reply.status.isOK, reply["signed"] == "yes" {
            surroundings.writeLines(screen.paragraph(screen.text(signer.outcome), .colour(.green)))
        }
        return exit
    }

    private func heading(_ vietnamese: String, _ english: String) {
        surroundings.writeLines(["", screen.style.apply(.bold, to: screen.text(vietnamese, english))])
    }

    /// Shows every maintained comment with its thread; answers their ids.
    ///
    /// Only what was shown counts as seen.
    private func showMaintained(_ topic: String, isQuiet: Bool) throws(CommandFailure) -> [String] {
        let comments = try require(Request.of("COMMENTS", topic).adding("state", "maintained"))
        var seen: [String] = []
        for row in comments.rows where row.word == "comment" && row["state"] == "maintained" {
            guard let id = row["id"] else { continue }
            // A program that reads JSON is shown nothing, so nothing was seen: it names them with --seen.
            if isQuiet { continue }
            let thread = try require(.of("THREAD", id))
            heading("Ý kiến được giữ: \(SafeText.escape(id))", "Maintained comment: \(SafeText.escape(id))")
            surroundings.writeLines(ReplyText.lines(surroundings.named(thread), screen))
            if surroundings.canAsk, !invocation.global.yes {
                guard
                    surroundings.ask(screen.text("Đã đọc ý kiến này? Enter để tiếp tục: ", "Read it? Enter to go on: "))
                        != nil
                else { throw Self.cancelled }
            }
            seen.append(id)
        }
        return seen
    }

    /// What changed since this person's last look; the whole text when they never looked and there is nothing before it.
    private func showChanges(_ topic: String, _ number: Int) throws(CommandFailure) {
        let last = surroundings.lastRevision(of: topic)
        if let last, last == number {
            heading("Bản @\(number) là bản đã xem lần trước.", "Revision @\(number) is the one last looked at.")
            return
        }
        guard number > 1 else {
            heading("Toàn văn bản @1", "The text of @1")
            surroundings.writeLines(
                SafeText.lines(String(decoding: try require(.of("SHOW", "\(topic)@1")).text, as: UTF8.self)))
            return
        }
        let from = last.flatMap { $0 < number ? $0 : nil } ?? 1
        heading(
            last == nil
                ? "Thay đổi từ bản đầu tiên @\(from) đến @\(number)" : "Thay đổi từ bản đã xem @\(from) đến @\(number)",
            last == nil
                ? "Changes from the first revision @\(from) to @\(number)"
                : "Changes from @\(from), last looked at, to @\(number)")
        let difference = try require(Request.of("DIFF", topic).adding("from", "@\(from)").adding("to", "@\(number)"))
        showDifferences(difference)
    }

    private func confirmDigest(_ digest: String, _ named: String) throws(CommandFailure) {
        if let given = invocation.option("digest") {
            guard given.utf8.count >= 16, digest.hasPrefix(given.lowercased()) else {
                throw CommandFailure(
                    .refused, "Mã --digest không phải mã của bản này (\(digest)). Không phê duyệt.",
                    "--digest is not that of this revision (\(digest)). Not approved.")
            }
            if invocation.global.yes { return }
        }
        guard surroundings.canAsk, !invocation.global.yes else {
            throw CommandFailure(
                .usage, "Phê duyệt cần gõ xác nhận trên màn hình, hoặc --yes kèm --digest SHA-256.",
                "Approval is confirmed at a terminal, or with --yes and --digest SHA-256.")
        }
        surroundings.tell("")
        surroundings.tell(
            screen.text(
                "Phê duyệt \(SafeText.escape(named)), mã SHA-256:", "Approving \(SafeText.escape(named)), SHA-256:"))
        for line in Fingerprint.grouped(digest) { surroundings.tell("  " + line) }
        let asked = screen.text("Gõ bốn ký tự đầu của mã để phê duyệt: ", "Type the first four characters to approve: ")
        let answer = surroundings.ask(asked) ?? ""
        guard Folding.slug(answer) != digest.prefix(4) else { return }
        // Two digits that became one letter are nothing that a person sees they have typed wrong.
        guard let letter = answer.first(where: { $0.isLetter && !$0.isASCII }) else { throw Self.cancelled }
        throw CommandFailure(
            .refused, "Chưa phê duyệt: “\(letter)” không có trong mã; bộ gõ tiếng Việt đang bật.",
            "Not approved: the digest has no “\(letter)”; a Vietnamese input method is on.",
            next: Bilingual("Tắt bộ gõ rồi gõ lại lệnh này.", "Turn it off and type this command again."))
    }
}

/// Hexadecimal digits in groups that an eye can compare.
public enum Fingerprint {
    /// The digits in groups of four, eight groups a line: `b916 11d5 06bc` and so on.
    public static func grouped(_ digits: String) -> [String] {
        let octets = Array(digits)
        let groups = stride(from: 0, to: octets.count, by: 4).map { String(octets[$0..<min($0 + 4, octets.count)]) }
        return stride(from: 0, to: groups.count, by: 8).map { start in
            groups[start..<min(start + 8, groups.count)].joined(separator: " ")
        }
    }

    /// The digits as certificates show them, in two lines: `B2:E2:7B` and so on.
    public static func paired(_ digits: String) -> [String] {
        let octets = Array(digits.uppercased())
        let pairs = stride(from: 0, to: octets.count - 1, by: 2).map { String(octets[$0...($0 + 1)]) }
        return stride(from: 0, to: pairs.count, by: 16).map { start in
            pairs[start..<min(start + 16, pairs.count)].joined(separator: ":")
        }
    }

    /// The first sixteen digits: as many as CERT DELETE takes, and enough to know a certificate by.
    public static func short(_ digits: String) -> String { String(digits.prefix(16)) }

    /// The digits alone, in lower case, of what a person typed with blanks or colons; nil unless there are 64.
    public static func digits(_ typed: String) -> String? {
        let digits = typed.lowercased().filter { $0 != " " && $0 != ":" && $0 != "-" }
        guard digits.utf8.count == 64,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return digits
    }
}
