@_spi(_Unicode) import Swift

/// The one form in which text is stored, hashed and shown (specification §5; domain, section 8).
///
/// Two texts that look the same must have the same octets, and no text may act on another person's terminal. So every
/// text is brought to Unicode NFC, every space character becomes U+0020, and what cannot be seen is refused with its
/// place instead of being dropped in silence. Spelling is the author's and stays: `hoà` and `hòa` remain different.
public enum CanonicalText {
    /// The largest document or body, in octets, unless the caller says otherwise (specification §2).
    public static let maximumOctets = 2_097_152

    /// The canonical text of a document: NFC, LF line ends, no blanks at line ends, exactly one final LF.
    ///
    /// A CR just before an LF is dropped. Blank lines at the end go, blank lines elsewhere stay. TAB stays inside a line.
    /// - Parameter maximumOctets: the limit before and after normalisation.
    public static func document(
        _ octets: [UInt8], maximumOctets: Int = maximumOctets
    ) throws(TextProblem) -> String {
        var (lines, isStable) = try checked(octets, maximumOctets: maximumOctets)
        while lines.last == 0x0A { lines.removeLast() }
        guard lines.contains(where: { $0 != 0x0A }) else { throw TextProblem(.empty) }
        lines.append(0x0A)
        return try composed(lines, isStable, maximumOctets: maximumOctets)
    }

    /// The canonical text of a comment or another body: as a document, but without blank first and last lines and
    /// without a final LF.
    /// - Parameter maximumOctets: the limit before and after normalisation.
    public static func body(_ octets: [UInt8], maximumOctets: Int = maximumOctets) throws(TextProblem) -> String {
        var (lines, isStable) = try checked(octets, maximumOctets: maximumOctets)
        while lines.last == 0x0A { lines.removeLast() }
        guard let first = lines.firstIndex(where: { $0 != 0x0A }) else { throw TextProblem(.empty) }
        lines.removeFirst(first)
        return try composed(lines, isStable, maximumOctets: maximumOctets)
    }

    /// The canonical form of a name, a title, a reason or a quote: one line, NFC, runs of spaces as one, none at the ends.
    /// - Parameter maximumOctets: the limit before and after normalisation, in octets of UTF-8.
    public static func field(_ text: String, maximumOctets: Int) throws(TextProblem) -> String {
        let octets = Array(text.utf8)
        if let place = octets.firstIndex(where: { $0 < 0x20 }) {
            // Lines and tabs are legal elsewhere; a field is one line of a reply.
            let before = octets[..<place].reduce(into: 0) { if $1 & 0xC0 != 0x80 { $0 += 1 } }
            throw TextProblem(.control, column: before + 1, scalar: UInt32(octets[place]))
        }
        let (line, isStable) = try checked(octets, maximumOctets: maximumOctets)
        let words = line.split(separator: 0x20)
        guard !words.isEmpty else { throw TextProblem(.empty) }
        return try composed(Array(words.joined(separator: [0x20])), isStable, maximumOctets: maximumOctets)
    }

    /// Whether a character stands in no text, wherever it is: it acts on a terminal, turns the writing, or cannot be seen.
    ///
    /// Whoever makes a text out of another form leaves it out; in what a person typed it is a fault with a place.
    public static func refuses(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80 else {
            return scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || scalar.value == 0x7F
        }
        switch CharacterClass(scalar.value) {
        case .control, .bidi, .invisible: return true
        case .plain, .space, .uncertain: return false
        }
    }

    // MARK: - Scanning

    /// Checks every character, turns CRLF into LF and spaces into U+0020, and trims line ends; not yet composed, but says
    /// whether that can change anything.
    private static func checked(
        _ octets: [UInt8], maximumOctets: Int
    ) throws(TextProblem) -> (octets: [UInt8], isStable: Bool) {
        guard octets.count <= maximumOctets else { throw TextProblem(.tooLong, limit: maximumOctets) }
        var scanner = Scanner(count: octets.count)
        // A closure cannot rethrow a typed error through the standard library's pointer access, so it is carried out.
        var problem: TextProblem?
        octets.withUnsafeBufferPointer { buffer in
            do throws(TextProblem) { try scanner.scan(buffer) } catch { problem = error }
        }
        if let problem { throw problem }
        return (scanner.output, scanner.isStable)
    }

    /// NFC of octets that have passed `checked`; free of cost when no character can change.
    private static func composed(
        _ octets: [UInt8], _ isStable: Bool, maximumOctets: Int
    ) throws(TextProblem) -> String {
        let text = String(decoding: octets, as: UTF8.self)
        let canonical = isStable ? text : normalized(text)
        guard canonical.utf8.count <= maximumOctets else { throw TextProblem(.tooLong, limit: maximumOctets) }
        return canonical
    }

    /// NFC of a text without long runs of combining marks; the same string when nothing can change.
    static func normalized(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy({ isStable($0.value) }) { return text }
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        for scalar in text._nfc {
            octets.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Whether NFC never changes this character, whatever stands beside it, short of a character that is not stable.
    ///
    /// The ranges hold every letter of Vietnamese in its composed form, typographic punctuation, currency signs and the
    /// common ideographs and pictographs; anything else takes the slow and exact path.
    static func isStable(_ value: UInt32) -> Bool {
        switch value {
        case 0..<0x300, 0x1E00..<0x1F00, 0x2010..<0x2028, 0x2030..<0x205F, 0x20A0..<0x20D0, 0x2190..<0x2329,
            0x2500..<0x2ADC, 0x4E00..<0xA000, 0xAC00..<0xD7A4, 0x1F300..<0x1FB00:
            true
        default: false
        }
    }
}

/// Reads UTF-8 once and writes lines without blanks at their ends.
private struct Scanner {
    private(set) var output: [UInt8] = []
    private var line = 1
    private var column = 0
    /// The length of the output without the blanks at its end.
    private var trimmed = 0
    private var marks = 0
    /// Whether NFC leaves every character as it is.
    private(set) var isStable = true

    init(count: Int) { output.reserveCapacity(count + 1) }

    mutating func scan(_ octets: UnsafeBufferPointer<UInt8>) throws(TextProblem) {
        var position = 0
        let end = octets.count
        while position < end {
            let run = plainRun(octets, at: position)
            if run > position {
                output.append(contentsOf: UnsafeBufferPointer(rebasing: octets[position..<run]))
                trimmed = output.count
                marks = 0
                position = run
                continue
            }
            let octet = octets[position]
            column += 1
            if octet < 0x80 {
                position += 1
                marks = 0
                switch octet {
                case 0x0A: endLine()
                case 0x09, 0x20: output.append(octet)
                case 0x0D where position < end && octets[position] == 0x0A:
                    position += 1
                    endLine()
                case 0..<0x20, 0x7F: throw problem(.control, UInt32(octet))
                default:
                    output.append(octet)
                    trimmed = output.count
                }
                continue
            }
            guard let (value, length) = decode(octets, at: position) else { throw problem(.utf8, nil) }
            if !CanonicalText.isStable(value) { isStable = false }
            try append(value, octets[position..<(position + length)])
            position += length
        }
        output.removeSubrange(trimmed...)
    }

    /// Where a run of characters ends that stay as they are in any text, counting their columns: visible ASCII, and the
    /// letters of Vietnamese (U+00C0 to U+02FF, U+1E00 to U+1EFF).
    private mutating func plainRun(_ octets: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var position = start
        while position < octets.count {
            let octet = octets[position]
            if octet > 0x20, octet < 0x7F {
                position += 1
            } else if octet >= 0xC3, octet <= 0xCB, position + 1 < octets.count, octets[position + 1] & 0xC0 == 0x80 {
                position += 2
            } else if octet == 0xE1, position + 2 < octets.count, octets[position + 1] & 0xFC == 0xB8,
                octets[position + 2] & 0xC0 == 0x80
            {
                position += 3
            } else {
                break
            }
            column += 1
        }
        return position
    }

    private var isAfterBlank: Bool {
        switch output.last {
        case nil, 0x09, 0x0A, 0x20: true
        case .some: false
        }
    }

    private mutating func endLine() {
        output.removeSubrange(trimmed...)
        output.append(0x0A)
        trimmed = output.count
        line += 1
        column = 0
    }

    private mutating func append(_ value: UInt32, _ octets: Slice<UnsafeBufferPointer<UInt8>>) throws(TextProblem) {
        switch CharacterClass(value) {
        case .plain:
            marks = 0
        case .space:
            marks = 0
            output.append(0x20)
            return
        case .control: throw problem(.control, value)
        case .bidi: throw problem(.bidi, value)
        case .invisible: throw problem(.invisible, value)
        case .uncertain:
            guard let scalar = Unicode.Scalar(value) else { throw problem(.utf8, nil) }
            let isMark: Bool
            switch scalar.properties.generalCategory {
            case .spaceSeparator:
                marks = 0
                output.append(0x20)
                return
            case .nonspacingMark, .enclosingMark, .spacingMark: isMark = true
            default: isMark = scalar.properties.canonicalCombiningClass != .notReordered
            }
            marks = isMark ? marks + 1 : 0
            // A mark at the start of a line would stand on whatever a terminal prints before it.
            if isMark, marks > 30 || marks == 1 && isAfterBlank { throw problem(.combining, value) }
        }
        output.append(contentsOf: octets)
        trimmed = output.count
    }

    private func problem(_ kind: TextProblem.Kind, _ scalar: UInt32?) -> TextProblem {
        TextProblem(kind, line: line, column: column, scalar: scalar)
    }

    /// One scalar of two to four octets, by table 3-7 of the Unicode standard; nil when it is not well-formed.
    private func decode(_ octets: UnsafeBufferPointer<UInt8>, at position: Int) -> (value: UInt32, length: Int)? {
        let lead = octets[position]
        let length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
        guard length > 0, position + length <= octets.count else { return nil }
        var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
        for offset in 1..<length {
            let octet = octets[position + offset]
            guard octet & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(octet & 0x3F)
        }
        switch length {
        case 3: return value < 0x800 || (0xD800..<0xE000).contains(value) ? nil : (value, length)
        case 4: return value < 0x10000 || value > 0x10FFFF ? nil : (value, length)
        default: return (value, length)
        }
    }
}

/// What a character above U+007F means for a canonical text.
private enum CharacterClass {
    case plain, space, control, bidi, invisible
    /// To be looked up in the Unicode tables of the standard library.
    case uncertain

    init(_ value: UInt32) {
        switch value {
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: self = .space
        case 0xAD: self = .invisible
        case 0xA1..<0x300, 0x1E00..<0x1F00, 0x2010...0x2027, 0x2030...0x205E, 0x20A0..<0x20D0, 0x4E00..<0xA000:
            self = .plain
        case 0x80...0x9F, 0x2028, 0x2029, 0xFDD0...0xFDEF: self = .control
        case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: self = .bidi
        case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B...0x200D, 0x2060...0x2065,
            0x206A...0x206F, 0x2800, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3,
            0x1D173...0x1D17A, 0xE0000...0xE0FFF:
            self = .invisible
        default: self = value & 0xFFFE == 0xFFFE ? .control : .uncertain
        }
    }
}
