import ReviewProtocol
import Terminal

/// Where the text of a command comes from, and whether it may be sent.
extension CommandRunner {
    /// Everything below this line of an edited text is instructions to its writer.
    static let scissors = "------------------------ >8 ------------------------"

    /// The text of the command: its words, `--file`, standard input, or the editor; nil when it takes none or needs none.
    func text() throws(CommandFailure) -> [UInt8]? {
        if form.text == .none { return nil }
        if let file = invocation.option("file") ?? invocation.operand("file") {
            return try Self.checked(withoutEnd(try surroundings.readFile(file)), from: file)
        }
        if let words = invocation.operand("text") {
            guard words != "-" else { return try standardInput() }
            return try Self.checked(Array(words.utf8), from: nil)
        }
        if form.text == .optional { return nil }
        if surroundings.hasPipedInput { return try standardInput() }
        return try edited(template: [])
    }

    private func standardInput() throws(CommandFailure) -> [UInt8] {
        let octets = withoutEnd(try surroundings.readFile("-"))
        guard !octets.isEmpty else { throw Self.noText }
        return try Self.checked(octets, from: nil)
    }

    static let noText = CommandFailure(
        .noInput, "Chưa có nội dung.", "There is no text.",
        next: Bilingual(
            "Ghi nội dung sau lệnh, dùng --file TỆP, hoặc đưa vào qua đầu vào chuẩn.",
            "Write it after the command, use --file FILE, or pass it on standard input."))

    /// The name under which the command's unsent text is kept.
    var draftName: String {
        let subject =
            invocation.operand("revision") ?? invocation.operand("topic") ?? invocation.operand("comment") ?? ""
        return Folding.slug(form.name + " " + subject) + ".md"
    }

    /// Lets the person write, beginning with the template, or with what an earlier try left behind.
    func edited(template: [UInt8]) throws(CommandFailure) -> [UInt8] {
        guard surroundings.canAsk else { throw Self.noText }
        var start = template
        if let draft = surroundings.draft(draftName) {
            surroundings.tell(
                screen.text(
                    "Còn bản nháp của lần trước; tiếp tục từ đó.", "An earlier draft is there; it is taken up again."))
            start = draft
        }
        let name = [form.name, invocation.operand("revision") ?? invocation.operand("comment") ?? topic].compactMap {
            $0
        }
        .joined(separator: " ")
        let instructions = screen.text(
            "Viết phía trên dòng này; phần dưới bị bỏ. Để trống là thôi.\n\(name)",
            "Write above this line; what is below is dropped. Leave it empty to give up.\n\(name)")
        let page = start + Array("\n\(Self.scissors)\n\(instructions)\n".utf8)
        let written = withoutEnd(Self.cut(try surroundings.edit(page, name: draftName)))
        guard !written.isEmpty else { throw Self.cancelled }
        do {
            return try Self.checked(written, from: nil)
        } catch {
            keep(written)
            throw error
        }
    }

    /// Keeps a text that was written for nothing so far, and says where.
    func keep(_ text: [UInt8]) {
        guard let place = surroundings.keepDraft(draftName, text) else { return }
        surroundings.tell(
            screen.text("Nội dung đã viết được giữ tại: ", "What you wrote is kept at: ") + SafeText.escape(place))
    }

    /// Sends a text that a person may have spent an hour on: it is kept until it has arrived.
    func sendKept(_ text: [UInt8]) throws(CommandFailure) -> ExitCode {
        do {
            let exit = try send(text: text)
            if exit == .done, !invocation.global.dryRun { surroundings.discardDraft(draftName) } else { keep(text) }
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

    /// The text of a draft as it lies in a file, ready to be sent; else a failure that names the place.
    public static func document(_ octets: [UInt8], from file: String) throws(CommandFailure) -> [UInt8] {
        let octets = withoutMark(octets)
        guard !octets.isEmpty else {
            let named = SafeText.escape(file)
            throw CommandFailure(.noInput, "\(named): tệp không có nội dung.", "\(named): the file is empty.")
        }
        return try checked(octets, from: file)
    }

    /// A text without anything that the server would refuse; else a failure that names the place.
    static func checked(_ octets: [UInt8], from file: String?) throws(CommandFailure) -> [UInt8] {
        guard let fault = TextRules.fault(in: octets, place: .body) else { return octets }
        let place = file.map { SafeText.escape($0) + ": " } ?? ""
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
