import Glibc
public import Logging
import ReviewCore

/// Writes one line per event to standard error: time, level, event, then `key=value` pairs in the order of the keys.
///
/// ```
/// 2025-06-16T09:12:01.101+07:00 warning connection.refused address=10.0.0.7 reason="too many connections"
/// ```
/// In the journal's form (sd-daemon(3)) the time is left to the journal, and the level stands in front as its number:
///
/// ```
/// <4>connection.refused address=10.0.0.7 reason="too many connections"
/// ```
/// A value that is not a plain word is quoted, and controls are escaped, so that no peer can write a line of its own.
/// Neither bodies nor secrets are ever handed to it.
public struct LineLogHandler: LogHandler {
    /// Longer values are cut; what a peer sends must not fill the disk.
    static let longestValueOctets = 400

    /// The least urgent level that is written.
    public var logLevel: Logger.Level
    /// Pairs of every line.
    public var metadata: Logger.Metadata = [:]
    private let form: Form
    private let write: @Sendable (String) -> Void

    /// Who reads the lines.
    public enum Form: Sendable {
        /// A terminal or a file.
        case plain
        /// systemd's journal.
        case journal

        /// The journal's, if standard error leads there: `JOURNAL_STREAM` names the device and inode of the socket that
        /// it was given, which a redirection since then would have changed.
        public static func ofStandardError(environment: [String: String]) -> Form {
            var status = stat()
            guard let stream = environment["JOURNAL_STREAM"], fstat(STDERR_FILENO, &status) == 0 else { return .plain }
            return stream == "\(status.st_dev):\(status.st_ino)" ? .journal : .plain
        }
    }

    /// Writes to standard error.
    public init(level: Logger.Level, form: Form = .plain) {
        self.init(level: level, form: form) { line in
            var line = line
            line.withUTF8 { octets in
                // One call per line, so that lines of several threads do not mix.
                _ = Glibc.write(STDERR_FILENO, octets.baseAddress, octets.count)
            }
        }
    }

    init(level: Logger.Level, form: Form = .plain, write: @escaping @Sendable (String) -> Void) {
        logLevel = level
        self.form = form
        self.write = write
    }

    /// One pair of every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var line =
            switch form {
            case .plain: "\(WallClock.now().rfc3339) \(event.level.rawValue) "
            case .journal: "<\(event.level.priority)>"
            }
        line += Self.escaped("\(event.message)")
        var pairs = metadata
        if let more = event.metadata { pairs.merge(more) { $1 } }
        if let error = event.error { pairs["error"] = "\(error)" }
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
            line += " \(Self.escaped(key))=\(Self.quoted("\(value)"))"
        }
        write(line + "\n")
    }

    /// The value as it is, if it is one plain word; otherwise in quotes.
    static func quoted(_ value: String) -> String {
        let escaped = escaped(value)
        let isPlain =
            !escaped.isEmpty
            && escaped.utf8.allSatisfy {
                $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") && $0 != 0x5C
            }
        return isPlain ? escaped : "\"\(escaped)\""
    }

    /// The text without anything that ends a line, moves a cursor, or turns the direction of writing.
    static func escaped(_ text: String) -> String {
        var result = ""
        var octets = 0
        for scalar in text.unicodeScalars {
            octets += scalar.utf8.count
            guard octets <= longestValueOctets else { return result + "…" }
            switch scalar {
            case "\n": result += "\\n"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                    result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                    .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber,
                    .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                    .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
                    .spaceSeparator:
                    result.unicodeScalars.append(scalar)
                @unknown default:
                    result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                }
            }
        }
        return result
    }
}

extension Logger.Level {
    /// The level as syslog(3) numbers it.
    var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
