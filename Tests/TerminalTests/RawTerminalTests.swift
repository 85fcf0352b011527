import Foundation
import Glibc
import Synchronization
import Testing

@testable import Terminal

/// A terminal without a screen: what the test writes to the one end, the code under test reads at the other.
private final class PseudoTerminal {
    let controller: Int32
    let terminal: Int32

    init() throws {
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(controller >= 0)
        // TIOCSPTLCK and TIOCGPTN of Linux, which Swift does not import: unlock the other end, and ask for its number.
        var lock: Int32 = 0
        var number: Int32 = 0
        try #require(ioctl(controller, 0x4004_5431, &lock) == 0 && ioctl(controller, 0x8004_5430, &number) == 0)
        terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(terminal >= 0)
    }

    deinit {
        close(controller)
        close(terminal)
    }

    func type(_ text: String) {
        RawTerminal.writeAll(controller, Array(text.utf8))
    }

    func screen(until expected: String) -> String { read(controller, until: expected) }

    func flags() -> (local: tcflag_t, input: tcflag_t) {
        var modes = termios()
        tcgetattr(terminal, &modes)
        return (modes.c_lflag, modes.c_iflag)
    }
}

/// Somebody at the keyboard: waits for the question on the screen, and then types.
private final class Person: Sendable {
    let controller: Int32
    let terminal: Int32
    let sawTheQuestionWithoutEcho = Mutex(false)
    /// What they see once a signal has put the terminal back.
    let sawTheEchoAgain = Mutex(false)

    init(_ controller: Int32, _ terminal: Int32) {
        self.controller = controller
        self.terminal = terminal
    }

    /// On a thread of its own: the pool of the tests may be busy with waiting for this very answer.
    func answer(_ question: String, by typed: String, afterSignal: Bool = false) {
        Thread.detachNewThread { [self] in
            let seen = read(controller, until: question)
            let isSilent = localFlags(terminal) & tcflag_t(ECHO) == 0
            sawTheQuestionWithoutEcho.withLock { $0 = seen == question && isSilent }
            if afterSignal {
                RawTerminal(input: terminal, output: terminal).restore()
                let isLoud = localFlags(terminal) & tcflag_t(ECHO) != 0
                sawTheEchoAgain.withLock { $0 = isLoud }
            }
            RawTerminal.writeAll(controller, Array(typed.utf8))
        }
    }
}

/// What reaches the screen, until it holds the expected text.
private func read(_ controller: Int32, until expected: String) -> String {
    var octets: [UInt8] = []
    let reader = RawTerminal(input: controller, output: controller)
    while !String(decoding: octets, as: UTF8.self).contains(expected),
        case .octets(let more)? = try? reader.read(timeoutMilliseconds: 10_000)
    {
        octets += more
    }
    return String(decoding: octets, as: UTF8.self)
}

private func localFlags(_ terminal: Int32) -> tcflag_t {
    var modes = termios()
    tcgetattr(terminal, &modes)
    return modes.c_lflag
}

/// One after the other: a process has one terminal to put back.
@Suite(.serialized) struct RawTerminalTests {
    /// The only test that enters raw mode: the modes to put back are one for the process.
    @Test func rawModeAndBack() throws {
        let pseudo = try PseudoTerminal()
        let terminal = RawTerminal(input: pseudo.terminal, output: pseudo.terminal)
        #expect(terminal.isInteractive)
        let before = pseudo.flags()
        #expect(before.local & tcflag_t(ECHO | ICANON | ISIG) == tcflag_t(ECHO | ICANON | ISIG))
        try terminal.enterRawMode()
        try terminal.enterRawMode()
        #expect(pseudo.flags().local & tcflag_t(ECHO | ICANON | ISIG) == 0)
        #expect(pseudo.flags().input & tcflag_t(ICRNL) == 0)
        var reader = KeyReader(terminal: terminal)
        pseudo.type("tie\u{7F}ê\u{7F}ế\u{3}\r\u{1B}[A\u{1B}[200~một\rhai\u{1B}[201~\u{1B}")
        var keys: [Key] = []
        while keys.last != Key(.escape) {
            guard case .keys(let more) = try reader.next(timeoutMilliseconds: 2_000) else { break }
            keys += more
        }
        let expected: [Key] = [
            .character("t"), .character("i"), .character("e"), Key(.backspace), .character("ê"), Key(.backspace),
            .character("ế"), .control("c"), Key(.enter), Key(.up), .paste("một\nhai"), Key(.escape),
        ]
        #expect(keys == expected)
        #expect(try reader.next(timeoutMilliseconds: 0) == .timedOut)
        terminal.restore()
        terminal.restore()
        #expect(pseudo.flags().local == before.local && pseudo.flags().input == before.input)
        #expect(pseudo.screen(until: "\u{1B}[?2004l") == "\u{1B}[?2004h\u{1B}[?2004h\u{1B}[?2004l")
        // Also in the midst of a picture, which the terminal would go on waiting for.
        try terminal.enterRawMode(fullScreen: true)
        terminal.restore()
        let farewell = pseudo.screen(until: "\u{1B}[?25h").split(separator: "\u{1B}[2J").last ?? ""
        for mode in ["?2026l", "?2004l", "?1006l", "?1002l", "?1049l", "?25h"] {
            #expect(farewell.contains("\u{1B}[" + mode), "\(mode)")
        }
    }

    @Test func size() throws {
        let pseudo = try PseudoTerminal()
        let terminal = RawTerminal(input: pseudo.terminal, output: pseudo.terminal)
        #expect(terminal.size == nil)
        var size = winsize(ws_row: 25, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        #expect(ioctl(pseudo.controller, UInt(TIOCSWINSZ), &size) == 0)
        #expect(terminal.size == TerminalSize(columns: 80, rows: 25))
    }

    /// The question appears before the keys are typed, as with a person.
    @Test(arguments: [
        ("mật khâ\u{7F}ẩu\r", SecretReader.Answer.secret(Array("mật khẩu".utf8))), ("abc\u{3}", .interrupted),
        ("\u{4}", .endOfInput), ("abc\u{15}x\u{4}\n", .secret(Array("x".utf8))),
        ("a\u{1B}[Db\r", .secret(Array("ab".utf8))),
        ("\u{1B}[200~ab\rcd\u{1B}[201~\r", .secret(Array("ab".utf8))), ("\u{8}\r", .secret([])),
    ]) func secrets(typed: String, expected: SecretReader.Answer) throws {
        let pseudo = try PseudoTerminal()
        let before = pseudo.flags()
        let person = Person(pseudo.controller, pseudo.terminal)
        person.answer("Mật khẩu: ", by: typed)
        let terminal = RawTerminal(input: pseudo.terminal, output: pseudo.terminal)
        #expect(try SecretReader.ask("Mật khẩu: ", on: terminal) == expected)
        #expect(person.sawTheQuestionWithoutEcho.withLock { $0 })
        #expect(pseudo.flags().local == before.local)
        #expect(pseudo.screen(until: "\n") == "\r\n")
    }

    @Test func whatEndsTheProgramAtAPasswordGivesTheEchoBack() throws {
        let pseudo = try PseudoTerminal()
        let person = Person(pseudo.controller, pseudo.terminal)
        person.answer("Mật khẩu: ", by: "abc\n", afterSignal: true)
        let terminal = RawTerminal(input: pseudo.terminal, output: pseudo.terminal)
        #expect(try SecretReader.ask("Mật khẩu: ", on: terminal) == .secret(Array("abc".utf8)))
        #expect(person.sawTheEchoAgain.withLock { $0 })
    }

    @Test func secretsFromAPipe() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let terminal = RawTerminal(input: ends[0], output: ends[0])
        #expect(!terminal.isInteractive && terminal.size == nil)
        RawTerminal.writeAll(ends[1], Array("một\r\nhai\nba".utf8))
        close(ends[1])
        #expect(try SecretReader.ask("?", on: terminal) == .secret(Array("một".utf8)))
        #expect(try SecretReader.ask("?", on: terminal) == .secret(Array("hai".utf8)))
        #expect(try SecretReader.ask("?", on: terminal) == .secret(Array("ba".utf8)))
        #expect(try SecretReader.ask("?", on: terminal) == .endOfInput)
        #expect(try terminal.read(timeoutMilliseconds: nil) == .endOfInput)
        #expect(throws: TerminalError.self) { try terminal.enterRawMode() }
    }
}
