package import ReviewClient
import ReviewCore
import ReviewDigest
import ReviewProtocol
import Terminal

/// `push` and `attach`: a text to the server, and the Word file that it was read from beside it.
extension CommandRunner {
    func push() throws(CommandFailure) -> ExitCode {
        guard let topic = invocation.operand("topic"), let file = invocation.operand("file") else { throw Self.noText }
        let octets = try surroundings.readFile(file)
        let isStandardInput = file == "-"
        var document = try Self.document(
            octets, from: isStandardInput ? screen.text("đầu vào chuẩn", "standard input") : file)
        if isStandardInput, let original = document.original {
            document.original = WordFile(octets, at: topic, hasMacros: original.hasMacros)
        }
        let fate = try fate(of: document.original)
        let keys =
            fate == .goesAlong
            ? try twoKeys() : (first: invocation.global.key ?? surroundings.newKey(), second: "")
        let base: String
        if let given = invocation.option("if") {
            base = given
        } else {
            base = "@" + String(try newestRevision(of: topic) ?? 0)
        }
        var request = Request.of("PUSH", topic).adding("if", base)
            .adding("addresses", invocation.option("addresses")).adding("note", invocation.option("note"))
        request =
            invocation.global.dryRun ? request.adding("dry-run", "yes") : request.adding("key", keys.first)
        request.body = .literal(document.text)
        try look(at: document, fate)
        let reply: Reply
        do throws(CommandFailure) { reply = try perform(request) } catch {
            throw Self.withBase(error, base, key: request.value("key"))
        }
        guard reply.status.isOK, !invocation.global.dryRun else { return finish(reply) }
        let revision = reply["revision"]
        if let (topic, number) = revision.flatMap(Self.parts) {
            surroundings.rememberRevision(number, of: topic)
        }
        guard let original = document.original, let fate else { return finish(reply) }
        // The text is there, whatever comes next; for programs both halves are one answer.
        if !screen.isJSON { finish(reply) }
        let outcome =
            fate == .goesAlong
            ? keep(original, with: revision, key: keys.second) : OriginalOutcome.notSent(fate)
        if screen.isJSON {
            surroundings.writeLines([reply.json.adding("original", outcome.json(original)).text])
        }
        return tell(outcome, of: original, with: revision)
    }

    /// `attach`: the Word file of a revision whose text is there already.
    func attach() throws(CommandFailure) -> ExitCode {
        let command = try withNewestRevision()
        guard let revision = command.invocation.operand("revision"), let (topic, number) = Self.parts(revision),
            let file = invocation.operand("file")
        else { throw Self.noText }
        let octets = try surroundings.readFile(file)
        let document = try Self.document(octets, from: file)
        guard let original = document.original else {
            let named = SafeText.escape(file)
            throw CommandFailure(
                .badData, "\(named): không phải tệp Word (.docx).", "\(named): it is no Word file (.docx).")
        }
        let fate = original.fate(largestBody: try largestBody())
        guard fate == .goesAlong else {
            let words = original.reason(fate)
            throw CommandFailure(.badData, words.vietnamese, words.english)
        }
        let details = try require(.of("SHOW", topic))
        let row = details.rows.first { $0.word == "revision" && $0["number"] == String(number) }
        try lookAtAttachment(original, document, isOfRevision: row?["sha256"] == Self.digest(document.text))
        var request = original.request(for: revision)
        request =
            invocation.global.dryRun
            ? request.adding("dry-run", "yes") : request.adding("key", invocation.global.key ?? surroundings.newKey())
        let reply = try perform(request)
        if WordFile.Remedy(reply.status) == .olderServer, !screen.isJSON {
            let words = WordFile.olderServer
            throw CommandFailure(ExitCode(reply.status), words.vietnamese, words.english)
        }
        guard reply.status.isOK, !invocation.global.dryRun else { return finish(reply) }
        guard reply["sha256"]?.lowercased() == original.digest else { throw Self.otherFile }
        guard !screen.isJSON else { return finish(reply) }
        return tell(.kept(reply), of: original, with: revision)
    }

    // MARK: Before

    /// What becomes of the Word file; nil where there is none.
    private func fate(of original: WordFile?) throws(CommandFailure) -> WordFile.Fate? {
        guard let original else { return nil }
        if invocation.option("without-original") != nil { return .leftOut }
        return original.fate(largestBody: try largestBody())
    }

    /// The most octets of a body that the server takes.
    private func largestBody() throws(CommandFailure) -> Int {
        Self.largestBody(try perform(.of("LIMITS")))
    }

    /// The most octets of a body, from what LIMITS says; this program's own bound where it says nothing.
    package static func largestBody(_ limits: Reply) -> Int {
        let row = limits.rows.first { $0.word == "limit" && $0["name"] == "body" }
        let usual = Limits().body
        return min(row?["value"].flatMap { Int($0) } ?? usual, usual)
    }

    /// Shows what was made of a file that is no plain text, and what becomes of the file itself; a person says whether that
    /// is the paper they wrote.
    private func look(at document: FileText, _ fate: WordFile.Fate?) throws(CommandFailure) {
        guard let note = document.note else { return }
        for line in screen.paragraph(screen.text(note)) { surroundings.tell(line) }
        let sections = Document(String(decoding: document.text, as: UTF8.self)).sections
        for section in sections.prefix(Self.mostHeadings) {
            let indent = 2 * section.level
            for line in screen.paragraph(
                "\(section.path). \(section.title)", indent: indent, continuation: indent + 2)
            {
                surroundings.tell(line)
            }
        }
        if sections.count > Self.mostHeadings {
            let more = sections.count - Self.mostHeadings
            surroundings.tell("  … " + screen.text("và \(more) đề mục nữa", "and \(more) more headings"))
        }
        if let original = document.original, let fate {
            let way = Bilingual(
                "Không muốn lưu kèm: thêm --without-original.", "To leave it out, add --without-original.")
            for line in screen.paragraph(screen.text(original.words(fate, leftOutBy: way))) { surroundings.tell(line) }
        }
        if invocation.global.yes || invocation.global.dryRun || !surroundings.canAsk { return }
        try askToSend()
    }

    /// Headings that are listed of a file before it is sent.
    private static let mostHeadings = 40

    private func askToSend() throws(CommandFailure) {
        guard Answer.isYes(surroundings.ask(screen.text("Gõ \"có\" để gửi: ", "Type \"yes\" to send it: "))) else {
            throw Self.cancelled
        }
    }

    /// Says what goes along with a file that is sent by itself; one whose text is another one than the revision's is asked
    /// about.
    private func lookAtAttachment(
        _ original: WordFile, _ document: FileText, isOfRevision: Bool
    ) throws(CommandFailure) {
        let words = original.words(.goesAlong, leftOutBy: Bilingual(both: ""))
        for line in screen.paragraph(screen.text(words)) { surroundings.tell(line) }
        guard !isOfRevision else { return }
        let other = screen.text(
            "CHÚ Ý: văn bản đọc từ tệp này khác văn bản của bản ấy.",
            "NOTE: the text of this file is not the text of that revision.")
        for line in screen.paragraph(other, .colour(.yellow)) { surroundings.tell(line) }
        if invocation.global.yes || invocation.global.dryRun { return }
        guard surroundings.canAsk else {
            throw CommandFailure(
                .usage, "Tệp khác văn bản đã gửi, cần xác nhận.",
                "The file is not of that text: a confirmation is needed.",
                next: Bilingual("Thêm --yes nếu chắc chắn.", "Add --yes if you are sure."))
        }
        try askToSend()
    }

    /// The digest of a text in the form in which the server keeps it.
    private static func digest(_ text: [UInt8]) -> String? {
        (try? CanonicalText.document(text)).map { Digest(hashing: $0).description }
    }

    /// A push without an answer may have happened: then the newest revision is another one, and what is sent again has to
    /// name the same as before.
    private static func withBase(_ failure: CommandFailure, _ base: String, key: String?) -> CommandFailure {
        guard failure.exit == .unavailable, !failure.forbidsRepeating, let key else { return failure }
        var failure = failure
        failure.next = Bilingual(
            "Chưa rõ máy chủ đã ghi hay chưa. Gõ lại đúng lệnh này với --if \(base) --key \(key): sẽ không bị ghi hai lần.",
            "The server may have written it or not. Type the same command again with --if \(base) --key \(key): it happens once."
        )
        return failure
    }

    // MARK: After

    /// Sends the file to the revision that the answer to its text named, and to no other.
    private func keep(_ original: WordFile, with revision: String?, key: String) -> OriginalOutcome {
        guard let revision else { return .failed(Self.unnamed) }
        let reply: Reply
        do throws(CommandFailure) {
            reply = try perform(original.request(for: revision).adding("key", key))
        } catch {
            return .failed(error)
        }
        guard reply.status.isOK else { return .refused(reply) }
        return reply["sha256"]?.lowercased() == original.digest ? .kept(reply) : .failed(Self.otherFile)
    }

    private static let unnamed = CommandFailure(
        .protocolError, "Máy chủ không cho biết bản vừa nhận.", "The server does not say which revision it took.")

    private static let otherFile = CommandFailure(
        .protocolError, "Tệp Word mà máy chủ giữ không phải tệp vừa gửi.",
        "The Word file that the server keeps is not the one that was sent.")

    /// Says what became of the file, and how the program ends: as with every half of an act, by what went wrong.
    private func tell(_ outcome: OriginalOutcome, of original: WordFile, with revision: String?) -> ExitCode {
        switch outcome {
        case .kept:
            if !screen.isJSON {
                surroundings.writeLines(screen.paragraph(screen.text(original.kept), .colour(.green)))
            }
            return .done
        // Said before it was sent.
        case .notSent: return .done
        case .refused(let reply):
            let remedy = WordFile.Remedy(reply.status)
            // That its words are not known there is no news to anybody.
            if remedy != .olderServer {
                for line in Refusal.reasons(surroundings.named(reply), screen) { surroundings.tell(line) }
            }
            tellNotKept(revision, remedy)
            return ExitCode(reply.status)
        case .failed(var failure):
            // After a restore the revision's number may stand for another one.
            guard !failure.forbidsRepeating else {
                tell(failure)
                return failure.exit
            }
            failure.next = nil
            tell(failure)
            tellNotKept(revision, failure.exit == .protocolError ? .keepAtOffice : .sendAgain)
            return failure.exit
        }
    }

    private func tellNotKept(_ revision: String?, _ remedy: WordFile.Remedy) {
        let words = screen.text(WordFile.notKept(with: revision ?? "?", remedy))
        for line in screen.paragraph(words) { surroundings.tell(line) }
    }
}

/// What became of the Word file of a text that was sent.
private enum OriginalOutcome {
    case kept(Reply)
    case notSent(WordFile.Fate)
    case refused(Reply)
    case failed(CommandFailure)

    /// The same for programs.
    func json(_ original: WordFile) -> JSONText {
        func object(_ kept: String, _ more: [(String, JSONText)]) -> JSONText {
            .object(
                [
                    ("kept", .string(kept)), ("name", .string(original.name)),
                    ("bytes", .number(Int64(original.octets.count))), ("sha256", .string(original.digest)),
                ] + more)
        }
        func not(_ reason: String, _ more: [(String, JSONText)] = []) -> JSONText {
            object("no", [("reason", .string(reason))] + more)
        }
        switch self {
        case .kept: return object("yes", [])
        case .notSent(.hasMacros): return not("macros")
        case .notSent(.tooLarge): return not("too-large")
        case .notSent: return not("left-out")
        case .refused(let reply):
            let words = [("code", reply.status.code), ("human", reply.status.human)]
            return not("refused", words.compactMap { key, value in value.map { (key, .string($0)) } })
        case .failed(let failure): return not(failure.exit == .protocolError ? "wrong-answer" : "no-answer")
        }
    }
}
