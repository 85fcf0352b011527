/// Content lines of an iCalendar file, with LF at their ends (RFC 5545, sections 3.1 and 3.3.11).
struct ContentLines {
    /// Octets of a line without its end.
    static let width = 75

    private(set) var octets: [UInt8] = []

    /// What was written.
    var text: String { String(decoding: octets, as: UTF8.self) }

    /// A property whose value is written as the standard wants it already.
    mutating func add(_ name: String, _ value: String) {
        fold(Array("\(name):\(value)".utf8))
    }

    /// A property whose value is text.
    mutating func add(_ name: String, text: String) { add(name, Self.escaped(text)) }

    /// A text as the value of a property: the marks of the format are escaped, a line's end is written `\n`.
    ///
    /// Other controls have no place in a file of lines and are left out.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped.append(contentsOf: ["\\", scalar])
            case "\n": escaped.append(contentsOf: ["\\", "n"])
            case "\t": escaped.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": break
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// Breaks a line into some of at most `width` octets, never inside of a character; each but the first begins with a
    /// blank, which counts.
    private mutating func fold(_ line: [UInt8]) {
        var rest = line[...]
        var room = Self.width
        while rest.count > room {
            var end = rest.startIndex + room
            while end > rest.startIndex + 1, rest[end] & 0xC0 == 0x80 { end -= 1 }
            octets += rest[..<end]
            octets += [0x0A, 0x20]
            rest = rest[end...]
            room = Self.width - 1
        }
        octets += rest
        octets.append(0x0A)
    }
}
