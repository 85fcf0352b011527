import Glibc

/// Asks for a password without showing it.
public enum SecretReader {
    /// How a question ended.
    public enum Answer: Sendable, Hashable {
        /// The octets typed before Enter.
        case secret([UInt8])
        /// Control-C.
        case interrupted
        /// Control-D on an empty line, or the input has ended.
        case endOfInput
    }

    /// No password has more octets; what exceeds them is not taken.
    static let largestOctets = 1024

    /// Asks on a terminal; the modes are put back on every way out: after Control-C, which is told as an answer, and by
    /// `RawTerminal.restoreOnSignal`.
    ///
    /// What was typed before the question is discarded, so that it does not become a part of the password. When the input
    /// is no terminal, one line is read from it and nothing is asked.
    public static func ask(_ prompt: String, on terminal: RawTerminal) throws(TerminalError) -> Answer {
        guard RawTerminal.isTerminal(terminal.input) else { return try readLine(from: terminal.input) }
        let found = try terminal.modes()
        var silent = found
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
        silent.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR | IXON | ISTRIP)
        RawTerminal.setSingleOctetReads(&silent)
        // Kept where a signal finds them, too: nobody is left at a terminal that shows nothing of what they type.
        let isKept = SavedModes.keep(found, input: terminal.input, output: terminal.output, farewell: "")
        defer {
            if isKept { SavedModes.restore() } else { try? terminal.setModes(found, when: TCSADRAIN) }
            terminal.write("\n")
        }
        try terminal.setModes(silent, when: TCSAFLUSH)
        terminal.write(SafeText.escape(prompt))
        var entry = SecretEntry()
        var reader = KeyReader(terminal: terminal)
        while true {
            switch try reader.next() {
            case .keys(let keys):
                for key in keys {
                    if let answer = entry.take(key) { return answer }
                }
            case .timedOut, .interrupted: continue
            case .endOfInput: return .endOfInput
            }
        }
    }

    /// One octet at a time, so that what follows the line stays for the next reader.
    private static func readLine(from descriptor: Int32) throws(TerminalError) -> Answer {
        var line: [UInt8] = []
        while true {
            var octet: UInt8 = 0
            let count = Glibc.read(descriptor, &octet, 1)
            if count < 0 {
                guard errno == EINTR else { throw TerminalError("read") }
                continue
            }
            if count == 0 { return line.isEmpty ? .endOfInput : .secret(line) }
            if octet == UInt8(ascii: "\n") {
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return .secret(line)
            }
            if line.count < largestOctets { line.append(octet) }
        }
    }
}

/// The line of a password, grapheme by grapheme, so that Backspace takes away what was typed as one letter.
struct SecretEntry {
    private var buffer = EditBuffer()

    /// Takes a key; the answer when the key ends the question.
    mutating func take(_ key: Key) -> SecretReader.Answer? {
        switch (key.code, key.modifiers) {
        case (.enter, _): return .secret(Array(buffer.text.utf8))
        case (.character("c"), .control): return .interrupted
        case (.character("d"), .control): return buffer.characters.isEmpty ? .endOfInput : nil
        case (.character("u"), .control): buffer = EditBuffer()
        case (.backspace, _): buffer.replace(max(0, buffer.cursor - 1)..<buffer.cursor, with: "")
        case (.character(let character), []): append(String(character))
        case (.paste(let text), _): append(String(text.prefix { $0 != "\n" }))
        case (.character, _), (.tab, _), (.delete, _), (.insert, _), (.escape, _), (.up, _), (.down, _), (.left, _),
            (.right, _), (.home, _), (.end, _), (.pageUp, _), (.pageDown, _), (.function, _), (.mouse, _):
            break
        }
        return nil
    }

    private mutating func append(_ text: String) {
        guard buffer.text.utf8.count + text.utf8.count <= SecretReader.largestOctets else { return }
        buffer.replace(buffer.cursor..<buffer.cursor, with: text)
    }
}
