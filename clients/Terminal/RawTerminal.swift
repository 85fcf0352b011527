import Glibc
import Synchronization

/// Why the terminal could not be used.
public struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system call that failed.
    public let operation: String
    /// The system's error number.
    public let code: Int32

    init(_ operation: String) {
        self.operation = operation
        code = errno
    }

    /// One line in English.
    public var description: String { "\(operation): \(String(cString: strerror(code)))" }
}

/// The size of a terminal's window.
public struct TerminalSize: Sendable, Hashable {
    /// Columns, at least 1.
    public var columns: Int
    /// Rows, at least 1.
    public var rows: Int

    /// Describes a size.
    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// The thin shell around the terminal: its modes, its size, and octets in and out.
///
/// A value that holds two file descriptors and owns neither.
public struct RawTerminal: Sendable {
    /// Where keys come from.
    public let input: Int32
    /// Where the screen is.
    public let output: Int32

    /// Takes two file descriptors; by default standard input and standard output.
    public init(input: Int32 = 0, output: Int32 = 1) {
        self.input = input
        self.output = output
    }

    /// Whether both ends are a terminal, so that a line can be edited.
    public var isInteractive: Bool { Self.isTerminal(input) && Self.isTerminal(output) }

    /// Whether a file descriptor is a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The size of the window; nil when the output is no terminal or does not know.
    public var size: TerminalSize? {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    // MARK: Modes

    /// Hands every key over at once and unseen, and turns on the marking of pastes.
    ///
    /// Control-C and its like arrive as keys. Lines that are printed meanwhile still end properly with a line feed. The
    /// modes found are kept for `restore` and `restoreOnSignal`.
    ///
    /// - Parameter fullScreen: whether the whole window is taken, with the mouse: what stood there comes back with
    ///   `restore`.
    public func enterRawMode(fullScreen: Bool = false) throws(TerminalError) {
        let found = try modes()
        var raw = found
        raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON)
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
        raw.c_cflag |= tcflag_t(CS8)
        Self.setSingleOctetReads(&raw)
        SavedModes.keep(
            found, input: input, output: output, farewell: fullScreen ? SavedModes.ofFullScreen : SavedModes.ofLine)
        try setModes(raw, when: TCSADRAIN)
        Self.writeAll(output, Array("\u{1B}[?2004h".utf8))
        if fullScreen { Self.writeAll(output, Array(Self.fullScreenEntry.utf8)) }
    }

    /// The alternate screen (1049), reports of buttons and drags (1002) in SGR form (1006), and a window title of our own
    /// that is put back at the end (`22 t`, `23 t`).
    private static let fullScreenEntry = "\u{1B}[22;2t\u{1B}[?1049h\u{1B}[?1002h\u{1B}[?1006h\u{1B}[2J"

    /// Puts back the modes that `enterRawMode` found.
    ///
    /// Without effect when they were put back already.
    public func restore() {
        SavedModes.restore()
    }

    /// A handler to install with `signal` for whatever ends the process: puts the terminal back, and then ends it by the
    /// same signal.
    ///
    /// Calls only what POSIX allows in a handler: an atomic exchange, `tcsetattr`, `write`, `signal`, `raise`.
    public static let restoreOnSignal: @convention(c) (Int32) -> Void = { number in
        SavedModes.restore()
        signal(number, SIG_DFL)
        raise(number)
    }

    func modes() throws(TerminalError) -> termios {
        var modes = termios()
        guard tcgetattr(input, &modes) == 0 else { throw TerminalError("tcgetattr") }
        return modes
    }

    func setModes(_ modes: termios, when: Int32) throws(TerminalError) {
        var modes = modes
        while tcsetattr(input, when, &modes) != 0 {
            guard errno == EINTR else { throw TerminalError("tcsetattr") }
        }
    }

    static func setSingleOctetReads(_ modes: inout termios) {
        withUnsafeMutableBytes(of: &modes.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
    }

    // MARK: Octets

    /// What a read brought.
    public enum Reading: Sendable, Hashable {
        /// At least one octet.
        case octets([UInt8])
        /// Nothing came in time.
        case timedOut
        /// A signal came first, for example that the window changed its size.
        case interrupted
        /// Nothing will come any more.
        case endOfInput
    }

    /// Reads what there is, up to 64 KiB.
    ///
    /// - Parameter timeoutMilliseconds: How long to wait; nil waits for ever, 0 not at all.
    public func read(timeoutMilliseconds: Int?) throws(TerminalError) -> Reading {
        var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        let timeout = timeoutMilliseconds.map { Int32(clamping: max($0, 0)) } ?? -1
        let ready = poll(&descriptor, 1, timeout)
        if ready == 0 { return .timedOut }
        guard ready > 0 else {
            if errno == EINTR { return .interrupted }
            throw TerminalError("poll")
        }
        var octets = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(input, &octets, octets.count)
        if count > 0 { return .octets(Array(octets.prefix(count))) }
        if count == 0 { return .endOfInput }
        switch errno {
        case EINTR, EAGAIN: return .interrupted
        // The window was closed, or the process lost its terminal.
        case EIO: return .endOfInput
        default: throw TerminalError("read")
        }
    }

    /// Writes a text whole, as UTF-8; what cannot be written because the other end has gone is dropped.
    public func write(_ text: String) {
        Self.writeAll(output, Array(text.utf8))
    }

    static func writeAll(_ descriptor: Int32, _ octets: [UInt8]) {
        var written = 0
        while written < octets.count {
            let count = octets.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// The modes to put back, reachable from a signal handler without a lock.
enum SavedModes {
    private struct Saved {
        var modes: termios
        var input: Int32
        var output: Int32
        var farewell: StaticString
    }

    /// Ends bracketed paste.
    static let ofLine: StaticString = "\u{1B}[?2004l"
    /// Ends a picture that a signal may have cut short, bracketed paste, mouse reports and the alternate screen, and shows the
    /// cursor in the terminal's own look.
    static let ofFullScreen: StaticString =
        "\u{1B}[?2026l\u{1B}[?2004l\u{1B}[?1006l\u{1B}[?1002l\u{1B}[0m\u{1B}[?1049l\u{1B}[23;2t\u{1B}[?25h"

    /// The address of a `Saved`, as a number, because pointers may not be shared; 0 while the terminal is as it was found.
    private static let saved = Atomic<UInt>(0)

    /// Keeps modes that are to be put back; false when others are kept already.
    @discardableResult
    static func keep(_ modes: termios, input: Int32, output: Int32, farewell: StaticString) -> Bool {
        let pointer = UnsafeMutablePointer<Saved>.allocate(capacity: 1)
        pointer.initialize(
            to: Saved(modes: modes, input: input, output: output, farewell: farewell))
        // Modes that were kept already are the original ones: entering raw mode twice must not replace them.
        let result = saved.compareExchange(
            expected: 0, desired: UInt(bitPattern: pointer), ordering: .acquiringAndReleasing)
        if !result.exchanged { pointer.deallocate() }
        return result.exchanged
    }

    /// Puts the modes back, once: whoever takes the address out does it.
    ///
    /// The few octets behind it are never freed, because a signal handler must not free memory.
    static func restore() {
        let address = saved.exchange(0, ordering: .acquiringAndReleasing)
        guard let pointer = UnsafeMutablePointer<Saved>(bitPattern: address) else { return }
        // A static string lies in the program itself: writing it allocates nothing.
        let farewell = pointer.pointee.farewell
        _ = Glibc.write(pointer.pointee.output, farewell.utf8Start, farewell.utf8CodeUnitCount)
        while tcsetattr(pointer.pointee.input, TCSADRAIN, &pointer.pointee.modes) != 0, errno == EINTR {}
    }
}
