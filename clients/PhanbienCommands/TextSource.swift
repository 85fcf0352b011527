public import ReviewProtocol
import Terminal
import WordDocuments

/// The text of a command, and where it comes from.
struct WrittenText {
    enum Source: Equatable {
        /// The command line or standard input.
        case words
        /// A file of the person's own, which stays where it is.
        case file
        /// The editor, which began with the kept draft of this name.
        case editor(draft: String?)
    }

    let octets: [UInt8]
    let source: Source

    init(_ octets: [UInt8], from source: Source) {
        self.octets = octets
        self.source = source
    }
}

/// Where the text of a command comes from, and whether it may be sent.
extension CommandRunner {
    /// Everything below this line of an edited text is instructions to its writer.
    static let scissors = "------------------------ >8 ------------------------"

    /// The text of the command: its words, `--file`, standard input, or the editor; nil when it takes none or needs none.
    func text() throws(CommandFailure) -> WrittenText? {
        if form.text == .none { return nil }
        if let file = invocation.option("file") ?? invocation.operand("file") {
            if file == "-" { return try standardInput() }
            let octets = try surroundings.readFile(file)
            let document = try Self.document(
                WordDocument.isPackage(octets) ? octets : withoutEnd(octets), from: file)
            if let losses = document.losses {
                let words = Bilingual("Tệp Word: \(losses.vietnamese).", "Word file: \(losses.english).")
                for line in screen.paragraph(screen.text(words)) { surroundings.tell(line) }
            }
            return WrittenText(withoutEnd(document.text), from: .file)
        }
        if let words = invocation.operand("text") {
            guard words != "-" else { return try standardInput() }
            // An empty variable of a script is a mistake of the script's, and nothing that anybody wants kept.
            guard !withoutEnd(Array(words.utf8)).isEmpty else { throw Self.noText }
            return WrittenText(try Self.checked(Array(words.utf8), from: nil), from: .words)
        }
        if form.text == .optional { return nil }
        if surroundings.hasPipedInput { return try standardInput() }
        return try edited(template: [])
    }

    private func standardInput() throws(CommandFailure) -> WrittenText {
        let octets = withoutEnd(try surroundings.readFile("-"))
        guard !octets.isEmpty else { throw Self.noText }
        return WrittenText(try Self.checked(octets, from: nil), from: .words)
    }

    static let noText = CommandFailure(
        .noInput, "Chưa có nội dung.", "There is no text.",
        next: Bilingual(
            "Ghi nội dung sau lệnh, dùng --file TỆP, hoặc đưa vào qua đầu vào chuẩn.",
            "Write it after the command, use --file FILE, or pass it on standard input."))

    /// The subject of the command's unsent texts, as the beginning of their names.
    private var subject: String {
        let object =
            invocation.operand("revision") ?? invocation.operand("topic") ?? invocation.operand("comment") ?? ""
        return Folding.slug(form.name + " " + object)
    }

    private func draftName(_ number: Int) -> String { number == 1 ? subject + ".md" : "\(subject).\(number).md" }

    /// The unsent texts about the command's subject, the oldest first; every one has a number of its own.
    private var drafts: [(number: Int, name: String)] {
        surroundings.draftNames.compactMap { name in
            if name == draftName(1) { return (1, name) }
            guard name.hasPrefix(subject + "."), name.hasSuffix(".md"),
                let number = Int(name.dropFirst(subject.count + 1).dropLast(3)), number > 1
            else { return nil }
            return (number, name)
        }.sorted { $0.number < $1.number }
    }

    /// Lets the person write, beginning with the template, or with what an earlier try left behind.
    func edited(template: [UInt8]) throws(CommandFailure) -> WrittenText {
        guard surroundings.canAsk else { throw Self.noText }
        var start = template
        var taken: String?
        if let draft = drafts.last?.name, let kept = surroundings.draft(draft) {
            taken = draft
            surroundings.tell(
                screen.text(
                    "Còn bản nháp của lần trước; tiếp tục từ đó.", "An earlier draft is there; it is taken up again."))
            start = kept
        }
        let name = [form.name, invocation.operand("revision") ?? invocation.operand("comment") ?? topic].compactMap {
            $0
        }
        .joined(separator: " ")
        let instructions = screen.text(
            "Viết phía trên dòng này; phần dưới bị bỏ. Để trống là thôi.\n\(name)",
            "Write above this line; what is below is dropped. Leave it empty to give up.\n\(name)")
        let page = start + Array("\n\(Self.scissors)\n\(instructions)\n".utf8)
        let written = withoutEnd(Self.cut(try surroundings.edit(page, name: draftName(1))))
        guard !written.isEmpty else { throw Self.cancelled }
        // An editor that was left without saving leaves what it began with.
        if written == withoutEnd(start) { try sendUnchanged(draft: taken) }
        let text = WrittenText(written, from: .editor(draft: taken))
        do {
            _ = try Self.checked(written, from: nil)
        } catch {
            keep(text)
            throw error
        }
        return text
    }

    /// A page that was not changed is given up; a draft of an earlier try may have been finished then, so it is asked for.
    private func sendUnchanged(draft: String?) throws(CommandFailure) {
        guard let draft else {
            throw CommandFailure(
                .refused, "Nội dung chưa được sửa nên không gửi gì.", "Nothing was written, so nothing was sent.",
                next: Bilingual(
                    "Sửa rồi lưu tệp trong trình soạn thảo, hoặc dùng --file TỆP.",
                    "Change and save the file in the editor, or use --file FILE."))
        }
        if invocation.global.yes { return }
        let question = screen.text(
            "Bản nháp không được sửa gì. Gõ \"có\" để gửi như đang có: ",
            "The draft was not changed. Type \"yes\" to send it as it is: ")
        guard Answer.isYes(surroundings.ask(question)) else {
            let place = SafeText.escape(surroundings.draftPath(draft))
            throw CommandFailure(
                .refused, "Không gửi gì; bản nháp vẫn ở \(place).", "Nothing was sent; the draft is still at \(place).")
        }
    }

    /// Keeps a text that was written for nothing so far under a name of its own, and says where.
    ///
    /// Of the draft that its writer went on from it is the newer state: the two are one text.
    func keep(_ text: WrittenText) {
        if case .file = text.source { return }
        let place = place(keeping: text)
        guard let place else {
            surroundings.tell(
                screen.text("Không giữ được nội dung đã viết:", "What you wrote could not be kept:"))
            for line in SafeText.lines(String(decoding: text.octets, as: UTF8.self)) { surroundings.tell(line) }
            return
        }
        surroundings.tell(
            screen.text("Nội dung đã viết được giữ tại: ", "What you wrote is kept at: ") + SafeText.escape(place.path))
        if case .editor(let draft?) = text.source, draft != place.name { surroundings.discardDraft(draft) }
    }

    private func place(keeping text: WrittenText) -> (name: String, path: String)? {
        let drafts = drafts
        // The same words once more need no second copy.
        for draft in drafts where surroundings.draft(draft.name) == text.octets {
            return (draft.name, surroundings.draftPath(draft.name))
        }
        let next = (drafts.last?.number ?? 0) + 1
        // Somebody at another window may take the same number at this moment.
        for number in next..<next + 10 where surroundings.keepDraft(draftName(number), text.octets) {
            return (draftName(number), surroundings.draftPath(draftName(number)))
        }
        return nil
    }

    /// Throws away what is kept of a text that has arrived; other texts about the same subject stay.
    private func discard(_ text: WrittenText) {
        for draft in drafts
        where surroundings.draft(draft.name) == text.octets || text.source == .editor(draft: draft.name) {
            surroundings.discardDraft(draft.name)
        }
    }

    /// Sends a text that a person may have spent an hour on: it is kept until it has arrived.
    func sendKept(_ text: WrittenText) throws(CommandFailure) -> ExitCode {
        do {
            let exit = try send(text: text.octets)
            if exit == .done, !invocation.global.dryRun {
                discard(text)
            } else if exit != .done || text.source != .words {
                // Words of a trial stand in the line that will be typed again.
                keep(text)
            }
            return exit
        } catch {
            keep(text)
            throw error
        }
    }

    static func cut(_ page: [UInt8]) -> [UInt8] {
        let lines = page.split(separator: 0x0A, omittingEmptySubsequences: false)
        return Array(lines.prefix { !$0.starts(with: scissors.utf8) }.joined(separator: [0x0A]))
    }

    /// Without the blanks and line ends at the end, and without the mark that Notepad puts at the beginning (U+FEFF).
    private func withoutEnd(_ octets: [UInt8]) -> [UInt8] {
        var text = Self.withoutMark(octets)[...]
        while let last = text.last, last == 0x0A || last == 0x0D || last == 0x20 || last == 0x09 { text.removeLast() }
        return Array(text)
    }

    static func withoutMark(_ octets: [UInt8]) -> [UInt8] {
        octets.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(octets.dropFirst(3)) : octets
    }

    /// The text of a file, and what is to be said of how it was read.
    public struct FileText: Sendable, Equatable {
        /// The text, ready to be sent.
        public let text: [UInt8]
        /// What was made of a file that is no plain text; nil for one that is.
        public let note: Bilingual?
        /// What of such a file is not in the text: for texts that have no headings to speak of.
        let losses: Bilingual?
        /// The Word file from which it was read; nil where it was none.
        public internal(set) var original: WordFile?

        init(
            text: [UInt8], note: Bilingual? = nil, losses: Bilingual? = nil, original: WordFile? = nil
        ) {
            (self.text, self.note, self.losses, self.original) = (text, note, losses, original)
        }
    }

    /// The text of a draft as it lies in a file, ready to be sent; else a failure that names the place.
    ///
    /// A Word file is recognised by what it is, whatever its name is.
    public static func document(_ octets: [UInt8], from file: String) throws(CommandFailure) -> FileText {
        if WordDocument.isPackage(octets) { return try wordDocument(octets, from: file) }
        let octets = withoutMark(octets)
        guard !octets.isEmpty else {
            let named = SafeText.escape(file)
            throw CommandFailure(.noInput, "\(named): tệp không có nội dung.", "\(named): the file is empty.")
        }
        return FileText(text: try checked(octets, from: file))
    }

    private static func wordDocument(_ octets: [UInt8], from file: String) throws(CommandFailure) -> FileText {
        let document: WordDocument
        do throws(WordProblem) { document = try WordDocument(octets) } catch {
            let named = SafeText.escape(file)
            throw CommandFailure(
                .badData, "\(named): \(error.what.vietnamese); \(error.advice.vietnamese).",
                "\(named): \(error.what.english); \(error.advice.english).")
        }
        return FileText(
            text: try checked(Array(document.text.utf8), from: file), note: document.summary,
            losses: document.losses,
            original: WordFile(octets, at: file, hasMacros: document.hasMacros))
    }

    /// A text without anything that the server would refuse; else a failure that names the place.
    static func checked(_ octets: [UInt8], from file: String?) throws(CommandFailure) -> [UInt8] {
        guard let fault = TextRules.fault(in: octets, place: .body) else { return octets }
        let place = file.map { SafeText.escape($0) + ": " } ?? ""
        // What a character is the first one to be wrong in such a file helps nobody.
        if let what = ForeignFile(octets)?.name {
            throw CommandFailure(
                .badData,
                "\(place)đây là \(what.vietnamese); hãy lưu thành tệp Word (.docx) hoặc văn bản thuần (.txt, UTF-8).",
                "\(place)this is \(what.english); save it as a Word file (.docx) or plain text (.txt, UTF-8).")
        }
        let what: Bilingual =
            switch fault.code {
            case .utf8:
                Bilingual(
                    "không phải UTF-8 (\(fault.found)); hãy lưu tệp với bảng mã UTF-8",
                    "not UTF-8 (\(fault.found)); save the file as UTF-8")
            case .bidi:
                Bilingual(
                    "có ký tự đảo chiều chữ (\(fault.found))", "a character that turns the writing (\(fault.found))")
            default:
                Bilingual(
                    "có ký tự điều khiển hoặc vô hình (\(fault.found))",
                    "a control or invisible character (\(fault.found))")
            }
        throw CommandFailure(
            .badData, "\(place)dòng \(fault.line), cột \(fault.column): \(what.vietnamese).",
            "\(place)line \(fault.line), column \(fault.column): \(what.english).")
    }
}
