import Glibc
public import Logging
import ReviewCore

/// Writes one line per event to standard error: time, level, event, then `key=value` pairs in the order of the keys.
///
/// ```
/// 2025-06-16T09:12:01.101+07:00 warning connection.refused address=10.0.0.7 reason="too many connections"
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
    private let write: @Sendable (String) -> Void

    /// Writes to standard error.
    public init(level: Logger.Level) {
        self.init(level: level) { line in
            var line = line
            line.withUTF8 { octets in
                // One call per line, so that lines of several threads do not mix.
                _ = Glibc.write(STDERR_FILENO, octets.baseAddress, octets.count)
            }
        }
    }

    init(level: Logger.Level, write: @escaping @Sendable (String) -> Void) {
        logLevel = level
        self.write = write
    }

    /// One pair of every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var line = "\(WallClock.now().rfc3339) \(event.level.rawValue) \(Self.escaped("\(event.message)"))"
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
