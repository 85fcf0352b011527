/// Reads keys from a terminal in raw mode: the decoder, with the time that it asks for.
public struct KeyReader: Sendable {
    /// What a call brought.
    public enum Reading: Sendable, Hashable {
        /// At least one key.
        case keys([Key])
        /// No key came in time.
        case timedOut
        /// A signal came first.
        case interrupted
        /// No key will come any more.
        case endOfInput
    }

    private let terminal: RawTerminal
    private var decoder = KeyDecoder()

    /// Begins to read; the caller has put the terminal into raw mode.
    public init(terminal: RawTerminal) {
        self.terminal = terminal
    }

    /// Waits for keys.
    ///
    /// - Parameter timeoutMilliseconds: How long to wait for the first octet; nil waits for ever.
    public mutating func next(timeoutMilliseconds: Int? = nil) throws(TerminalError) -> Reading {
        var keys: [Key] = []
        while true {
            // What is held back ends as soon as nothing more is there; until then keys of one burst stay together.
            let timeout: Int?
            switch decoder.pending {
            case .sequence: timeout = KeyDecoder.escapeTimeoutMilliseconds
            case .grapheme: timeout = 0
            case .nothing, .paste: timeout = keys.isEmpty ? timeoutMilliseconds : 0
            }
            switch try terminal.read(timeoutMilliseconds: timeout) {
            case .octets(let octets): keys += decoder.receive(octets)
            case .timedOut:
                keys += decoder.flush()
                return keys.isEmpty ? .timedOut : .keys(keys)
            case .interrupted: return keys.isEmpty ? .interrupted : .keys(keys)
            case .endOfInput:
                keys += decoder.finish()
                return keys.isEmpty ? .endOfInput : .keys(keys)
            }
            // A burst without end must not keep its keys from being handled.
            if keys.count >= 4_096 { return .keys(keys) }
        }
    }
}
