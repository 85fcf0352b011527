import Glibc
import ReviewCore
import ReviewServer

/// What the operator reads: results on standard output, complaints on standard error, Vietnamese first.
enum Console {
    /// A line of result.
    ///
    /// Where it cannot be written the command has failed, whatever it did: nobody has seen the code that it made.
    static func say(_ line: String) {
        guard let code = write(line, to: STDOUT_FILENO) else { return }
        let reason = String(cString: strerror(code))
        complain(
            Wording(
                "Không ghi được kết quả ra đầu ra chuẩn (\(reason)). Việc có thể đã làm xong; mã mời nào bị mất thì cấp lại: phanbiend person password --invitation.",
                "The result could not be written to standard output (\(reason)). The work may be done; a code that is lost is made anew: phanbiend person password --invitation."
            ))
        Glibc.exit(ExitStatus.inputOutput.rawValue)
    }

    /// A line that tells whoever waits for it; the server serves also when nobody reads it any more.
    static func announce(_ line: String) { _ = write(line, to: STDOUT_FILENO) }

    /// A sentence of result in both languages.
    static func say(_ wording: Wording) {
        say(wording.vietnamese)
        say(wording.english)
    }

    /// A sentence in both languages, on standard error.
    static func complain(_ wording: Wording) {
        for sentence in [wording.vietnamese, wording.english] { complain(line: "phanbiend: \(sentence)") }
    }

    /// The parser's own lines, on standard error; each is an error to the journal, too, which keeps lines apart.
    static func complain(inFull text: String) {
        for line in text.split(separator: "\n") { complain(line: String(line)) }
    }

    private static func complain(line: String) {
        let mark = LineLogHandler.Form.ofStandardError(environment: environment) == .journal ? "<3>" : ""
        _ = write(mark + line, to: STDERR_FILENO)
    }

    /// A remark on standard error that is no failure.
    static func remark(_ wording: Wording) {
        _ = write(wording.vietnamese, to: STDERR_FILENO)
        _ = write(wording.english, to: STDERR_FILENO)
    }

    /// Replaces the last line of the operator's terminal.
    static func overwrite(_ line: String) {
        let octets = Array("\r\u{1B}[K\(line)\r".utf8)
        _ = Glibc.write(STDERR_FILENO, octets, octets.count)
    }

    /// Writes at once, so that a script sees a line as soon as it is said.
    ///
    /// What comes from files is shown without controls: a name in a list must not drive the operator's terminal.
    /// - Returns: the system's number when it failed.
    private static func write(_ line: String, to file: Int32) -> Int32? {
        var shown = ""
        for scalar in line.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        var rest = Array(shown.utf8) + [10]
        while !rest.isEmpty {
            let count = Glibc.write(file, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            rest.removeFirst(count)
        }
        return nil
    }

    /// The process's variables, as far as they are text.
    static var environment: [String: String] {
        var found: [String: String] = [:]
        let names = [
            "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM", "PHANBIEN_OPTIONS", "INVOCATION_ID",
        ]
        for name in names {
            if let value = getenv(name) { found[name] = String(cString: value) }
        }
        return found
    }

    /// Whether a person types standard input.
    static var isTyped: Bool { isatty(STDIN_FILENO) == 1 }

    /// The signals that end a command while it waits for a person: Ctrl-C, Ctrl-\\, a terminal that goes away, kill.
    private static let endings = [SIGINT, SIGQUIT, SIGHUP, SIGTERM]

    /// Shows typing again and lets the signal do what it would have done: a terminal is not left without echo.
    ///
    /// A handler may come at any moment, on any thread: only calls that are safe in one (signal-safety(7)), no memory.
    private static let showTypingAndEnd: @convention(c) (Int32) -> Void = { number in
        var settings = termios()
        if tcgetattr(STDIN_FILENO, &settings) == 0 {
            settings.c_lflag |= tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        }
        signal(number, SIG_DFL)
        raise(number)
    }

    /// Reads one line of a secret from standard input; a person's typing is not shown.
    static func readSecret(prompt: Wording) throws(Failure) -> [UInt8] {
        var settings = termios()
        let isTerminal = isTyped && tcgetattr(STDIN_FILENO, &settings) == 0
        let showsTyping = isTerminal && settings.c_lflag & tcflag_t(ECHO) != 0
        var former: [(number: Int32, action: __sighandler_t?)] = []
        if isTerminal { remark(prompt) }
        if showsTyping {
            former = endings.map { ($0, signal($0, showTypingAndEnd)) }
            var silent = settings
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        }
        defer {
            if showsTyping { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
            for (number, action) in former { _ = signal(number, action) }
        }
        var line: [UInt8] = []
        var octet: UInt8 = 0
        while line.count <= 1_024 {
            let count = read(STDIN_FILENO, &octet, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("stdin") }
            guard count == 1, octet != UInt8(ascii: "\n") else { break }
            line.append(octet)
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
