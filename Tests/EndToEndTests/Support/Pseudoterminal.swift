import Foundation
import Glibc
import Terminal
import Testing

/// A program on a terminal of its own: keys go in, and what a person would see comes out.
final class Pseudoterminal {
    /// How a program ended.
    enum Ending: Equatable {
        case status(Int32)
        case signal(Int32)
    }

    struct Problem: Error, CustomStringConvertible { let description: String }

    private let master: Int32
    let processIdentifier: pid_t
    private(set) var display: Display
    /// Everything that was written, for what no screen shows.
    private(set) var written: [UInt8] = []
    private var ending: Ending?
    /// The modes of the terminal before anything ran on it.
    private let former: termios

    init(
        _ program: URL, _ arguments: [String], environment: [String: String], columns: Int = 80, rows: Int = 24,
        term: String = "xterm-256color"
    ) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // What unlockpt and ptsname do (TIOCSPTLCK, TIOCGPTN).
        var isLocked: Int32 = 0
        var number: Int32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &isLocked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw Problem(description: "no terminal: \(String(cString: strerror(errno)))")
        }
        let name = "/dev/pts/\(number)"
        display = Display(columns: columns, rows: rows)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The leader of a new session that opens a terminal gets it for its own.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that tests run on block signals; a program begins without that, as from a shell.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(Self.newSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))
        Self.resize(master, columns, rows)
        var modes = termios()
        tcgetattr(master, &modes)
        former = modes
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            .merging(["TERM": term, "LC_ALL": "C.UTF-8"]) { $1 }
        let words = [program.path] + arguments
        let argv = words.map { strdup($0) } + [nil]
        let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, program.path, &actions, &attributes, argv, envp)
        guard code == 0 else { throw Problem(description: "\(program.path): \(String(cString: strerror(code)))") }
        processIdentifier = child
    }

    /// What the system calls POSIX_SPAWN_SETSID.
    private static let newSession: Int32 = 0x80

    deinit {
        if ending == nil {
            kill(processIdentifier, SIGKILL)
            var status: Int32 = 0
            waitpid(processIdentifier, &status, 0)
        }
        close(master)
    }

    private static func resize(_ descriptor: Int32, _ columns: Int, _ rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }

    func resize(columns: Int, rows: Int) {
        display = Display(columns: columns, rows: rows)
        Self.resize(master, columns, rows)
        kill(processIdentifier, SIGWINCH)
    }

    /// Sends octets as a keyboard would.
    func type(_ text: String) {
        var octets = Array(text.utf8)[...]
        while !octets.isEmpty {
            let count = octets.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            octets = octets.dropFirst(count)
        }
    }

    func signal(_ number: Int32) { kill(processIdentifier, number) }

    /// Reads until the screen is as wanted; throws when that takes too long, with the screen as it is.
    func wait(
        for what: String, seconds: Double = 60, _ isThere: (Display) -> Bool
    ) throws {
        let deadline = Date().addingTimeInterval(seconds)
        while !isThere(display) {
            guard Date() < deadline, try readSome(milliseconds: 500) else {
                throw Problem(description: "no “\(what)” on the screen:\n\(display.text)")
            }
        }
    }

    /// Reads until a text stands on the screen.
    func see(_ text: String, seconds: Double = 60) throws {
        try wait(for: text, seconds: seconds) { $0.text.contains(text) }
    }

    /// Reads until a text is gone from the screen.
    func seeNoMore(_ text: String) throws { try wait(for: "screen without \(text)") { !$0.text.contains(text) } }

    /// Whether there may be more to read.
    private func readSome(milliseconds: Int32) throws -> Bool {
        var query = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&query, 1, milliseconds) > 0 else { return true }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = read(master, &chunk, chunk.count)
        // EIO: the last program that had the terminal open has ended.
        guard count > 0 else { return false }
        written += chunk[..<count]
        display.take(chunk[..<count])
        return true
    }

    /// Reads to the end of the program, and gives how it ended.
    func end(seconds: Double = 60) throws -> Ending {
        if let ending { return ending }
        let deadline = Date().addingTimeInterval(seconds)
        while try readSome(milliseconds: 200) {
            guard Date() < deadline else { throw Problem(description: "it does not end:\n\(display.text)") }
        }
        var status: Int32 = 0
        while waitpid(processIdentifier, &status, 0) < 0, errno == EINTR {}
        let result: Ending = status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
        ending = result
        return result
    }

    /// Waits until the program has set the terminal's line modes; throws when that takes too long.
    func wait(forLineModes areThere: (tcflag_t) -> Bool) throws {
        for _ in 0..<3_000 {
            var modes = termios()
            tcgetattr(master, &modes)
            if areThere(modes.c_lflag) { return }
            usleep(20_000)
        }
        throw Problem(description: "the line modes do not come")
    }

    /// Whether the process is stopped by a signal, once it is.
    func waitUntilStopped() -> Bool {
        var status: Int32 = 0
        return waitpid(processIdentifier, &status, WUNTRACED) == processIdentifier && status & 0xFF == 0x7F
    }

    /// What is not as it was found: modes, the alternate screen, the mouse, the marking of pastes, the cursor.
    func leftBehind() -> [String] {
        var modes = termios()
        tcgetattr(master, &modes)
        var found: [String] = []
        if modes.c_lflag != former.c_lflag { found.append("line modes") }
        if modes.c_iflag != former.c_iflag { found.append("input modes") }
        found += display.modes.sorted().map { "?\($0)" }
        if display.isCursorHidden { found.append("hidden cursor") }
        return found
    }
}

/// As much of a terminal as the client uses (ECMA-48, xterm): cells, the cursor, and private modes.
struct Display {
    private let columns: Int
    private let rows: Int
    private var cells: [[Character]]
    private var row = 0
    private var column = 0
    private var waiting: [UInt8] = []
    /// Private modes that are set, apart from the cursor's.
    private(set) var modes: Set<String> = []
    private(set) var isCursorHidden = false
    /// Operating system commands, as `9;text`.
    private(set) var commands: [String] = []
    private(set) var rings = 0
    /// Sequences that it does not know.
    private(set) var unknown: [String] = []

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// The screen as lines, without the blanks at their ends.
    var text: String {
        cells.map { row in
            var line = String(row.filter { $0 != "\u{0}" })
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    mutating func take(_ octets: ArraySlice<UInt8>) {
        waiting += octets
        while let used = step() { waiting.removeFirst(used) }
    }

    /// Takes one sequence or grapheme; nil when more has to come.
    private mutating func step() -> Int? {
        guard let first = waiting.first else { return nil }
        switch first {
        case 0x1B: return escape()
        case 0x07: rings += 1
        case 0x08: column = max(column - 1, 0)
        case 0x0A: lineFeed()
        case 0x0D: column = 0
        case 0..<0x20: break
        default: return put()
        }
        return 1
    }

    private mutating func lineFeed() {
        row += 1
        guard row == rows else { return }
        row -= 1
        cells.removeFirst()
        cells.append(Array(repeating: " ", count: columns))
    }

    private mutating func put() -> Int? {
        let run = waiting.prefix { $0 >= 0x20 }
        // A grapheme may go on in what comes next; the program ends each painting with a sequence.
        let isWhole = run.count < waiting.count
        guard let text = String(validating: run, as: UTF8.self),
            isWhole || text.utf8.count > 4 || text.allSatisfy(\.isASCII)
        else { return isWhole ? run.count : nil }
        for character in text {
            let width = DisplayWidth.columns(of: character)
            if column + width > columns {
                column = 0
                lineFeed()
            }
            cells[row][column] = character
            if width == 2, column + 1 < columns { cells[row][column + 1] = "\u{0}" }
            column += width
        }
        return run.count
    }

    private mutating func escape() -> Int? {
        guard waiting.count > 1 else { return nil }
        switch waiting[1] {
        case UInt8(ascii: "["):
            guard let end = waiting.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
            control(String(decoding: waiting[2..<end], as: UTF8.self), Character(Unicode.Scalar(waiting[end])))
            return end + 1
        case UInt8(ascii: "]"):
            guard let end = waiting.firstIndex(of: 0x07) else { return nil }
            commands.append(String(decoding: waiting[2..<end], as: UTF8.self))
            return end + 1
        default:
            unknown.append("ESC \(waiting[1])")
            return 2
        }
    }

    private mutating func control(_ parameters: String, _ final: Character) {
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        switch final {
        case "H":
            row = min(max((numbers.first.flatMap { $0 } ?? 1) - 1, 0), rows - 1)
            column = min(max((numbers.count > 1 ? numbers[1] ?? 1 : 1) - 1, 0), columns - 1)
        case "K": for place in column..<columns { cells[row][place] = " " }
        case "J":
            if parameters == "2" { cells = Array(repeating: Array(repeating: " ", count: columns), count: rows) }
        case "h", "l":
            let isSet = final == "h"
            for mode in parameters.dropFirst().split(separator: ";").map(String.init) {
                if mode == "25" {
                    isCursorHidden = !isSet
                } else if isSet {
                    modes.insert(mode)
                } else {
                    modes.remove(mode)
                }
            }
        case "m", "t": break
        case "A": row = max(row - (numbers.first.flatMap { $0 } ?? 1), 0)
        case "C": column = min(column + (numbers.first.flatMap { $0 } ?? 1), columns - 1)
        case "G": column = min(max((numbers.first.flatMap { $0 } ?? 1) - 1, 0), columns - 1)
        default: unknown.append("CSI \(parameters) \(final)")
        }
    }
}
