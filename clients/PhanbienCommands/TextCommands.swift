package import ReviewClient
import ReviewCore
import ReviewProtocol
import Terminal

/// `show`, `diff`, `calendar`.
extension CommandRunner {
    func show() throws(CommandFailure) -> ExitCode {
        let reply = try perform(invocation.request())
        // A program that reads JSON is not a person who looked.
        if reply.status.isOK, !screen.isJSON, let named = invocation.operand("revision"),
            let (topic, number) = Self.parts(named)
        {
            surroundings.rememberRevision(number, of: topic)
        }
        return finish(reply)
    }

    /// `2025-2@3` in its two parts.
    static func parts(_ revision: String) -> (topic: String, number: Int)? {
        let parts = revision.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[1]), number > 0 else { return nil }
        return (String(parts[0]), number)
    }

    func differences() throws(CommandFailure) -> ExitCode {
        guard let topic = invocation.operand("topic") else { throw Self.noText }
        var invocation = invocation
        if invocation.options["to"] == nil || invocation.options["from"] == nil {
            let newest = try newestRevision(of: topic) ?? 0
            let to = invocation.options["to"].flatMap { Int($0.dropFirst()) } ?? newest
            guard to > 1 || invocation.options["from"] != nil else {
                throw CommandFailure(
                    .refused, "Chuyên đề \(SafeText.escape(topic)) chưa có hai bản để so sánh.",
                    "Topic \(SafeText.escape(topic)) has no two revisions to compare.")
            }
            invocation.options["to"] = "@\(to)"
            invocation.options["from"] = invocation.options["from"] ?? "@\(to - 1)"
        }
        let command = CommandRunner(invocation, in: surroundings)
        let reply = try command.perform(invocation.request())
        if reply.status.isOK, !screen.isJSON, let to = invocation.options["to"].flatMap({ Int($0.dropFirst()) }) {
            surroundings.rememberRevision(to, of: topic)
        }
        return command.finishDifferences(reply)
    }

    /// A comparison with its colours: lines that were taken out and put in.
    func finishDifferences(_ reply: Reply) -> ExitCode {
        guard reply.status.isOK, reply.hasText, screen.isTerminal, !screen.isJSON else { return finish(reply) }
        showDifferences(reply)
        if let human = reply.status.human { surroundings.tell(SafeText.escape(human)) }
        return .done
    }

    func showDifferences(_ reply: Reply) {
        surroundings.writeLines(RowTable.lines(reply.rows, screen))
        surroundings.writeLines(coloured(String(decoding: reply.text, as: UTF8.self)))
    }

    /// The lines of a comparison with their colours.
    func coloured(_ changes: String) -> [String] {
        SafeText.lines(changes).flatMap { line in
            let look: Style.Attributes =
                switch line.utf8.first {
                case 0x2B: .colour(.green)
                case 0x2D: .colour(.red)
                case 0x40: .colour(.cyan)
                default: .plain
                }
            // A file gets the lines as they are; a terminal would break them inside a word.
            guard screen.isTerminal else { return [screen.style.apply(look, to: line)] }
            return WordWrap.lines(line, width: screen.width, continuationIndent: 2).map {
                screen.style.apply(look, to: $0)
            }
        }
    }

    /// How a calendar gets to where it is used.
    static let calendarIsAFile = Bilingual(
        "Lịch là một tệp. Gõ ngoài dòng lệnh: phanbien calendar > chuyen-de.ics, rồi mở tệp ấy bằng lịch của điện thoại hoặc Outlook.",
        "The calendar is a file. Type in a shell: phanbien calendar > chuyen-de.ics, and open that file with the calendar of the phone or Outlook."
    )

    /// The file of CALENDAR's reply, with CR LF at the ends of its lines (RFC 5545, section 3.1); on the wire they are LF,
    /// as in every text.
    package static func calendarFile(_ reply: Reply) -> [UInt8] {
        guard reply.hasText else { return [] }
        return Array(reply.text.split(separator: 0x0A).joined(separator: [0x0D, 0x0A])) + [0x0D, 0x0A]
    }

    /// The file as it is; what is said about it goes beside it.
    func calendar() throws(CommandFailure) -> ExitCode {
        let reply = try perform(invocation.request())
        guard reply.status.isOK, !screen.isJSON else { return finish(reply) }
        if screen.isTerminal {
            show(reply)
        } else {
            surroundings.write(Self.calendarFile(reply))
        }
        if let line = closingLine(reply) { surroundings.tell(line) }
        if screen.isTerminal, reply.hasText {
            for line in screen.paragraph(screen.text(Self.calendarIsAFile), .faint) { surroundings.tell(line) }
        }
        return .done
    }

    /// Asks for the passwords and sends PASSWD.
    ///
    /// - Parameter isInvited: the session came with an invitation code, which has been proved; only the new password is
    ///   asked for.
    public func changePassword(isInvited: Bool = false) throws(CommandFailure) -> ExitCode {
        guard surroundings.canAsk else {
            throw CommandFailure(.usage, "Đổi mật khẩu cần gõ trên màn hình.", "The password is changed at a terminal.")
        }
        func ask(_ vietnamese: String, _ english: String) throws(CommandFailure) -> [UInt8] {
            guard let answer = surroundings.askSecret(screen.text(vietnamese, english)) else { throw Self.cancelled }
            return answer
        }
        func secret(_ vietnamese: String, _ english: String) throws(CommandFailure) -> [UInt8] {
            let answer = try ask(vietnamese, english)
            guard !answer.isEmpty else { throw Self.cancelled }
            return answer
        }
        var present: [UInt8] = []
        if !isInvited {
            // Whoever came with a certificate may have no password yet.
            present =
                try surroundings.signer().isReady
                ? ask(
                    "Mật khẩu hiện tại hoặc mã mời (chưa có mật khẩu: Enter): ",
                    "Present password or invitation code (Enter when there is none): ")
                : secret("Mật khẩu hiện tại (hoặc mã mời): ", "Present password (or invitation code): ")
            if !present.isEmpty { present.append(0x0A) }
        }
        var new = try secret("Mật khẩu mới: ", "New password: ")
        while try secret("Nhập lại mật khẩu mới: ", "New password again: ") != new {
            surroundings.tell(screen.text("Hai lần nhập không giống nhau; nhập lại.", "The two differ; once more."))
            new = try secret("Mật khẩu mới: ", "New password: ")
        }
        var request = Request(verb: "PASSWD").adding("key", invocation.global.key ?? surroundings.newKey())
        request.body = .literal(present + new)
        return finish(try perform(request))
    }
}
