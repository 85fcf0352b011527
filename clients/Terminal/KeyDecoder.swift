/// Turns the octets that a terminal sends into keys.
///
/// How the octets are cut into reads has no influence on the keys. What is incomplete stays inside: the last grapheme,
/// to which a combining mark may still come; an escape sequence; a scalar's first octets. `pending` says how long the
/// caller should wait for more before it calls `flush`: so a lone Escape is told from the beginning of a sequence by
/// time, which enters as that call.
///
/// Vietnamese input methods rewrite a syllable by backspaces and text in one burst (`tieng` becomes `tiếng`), some with
/// 0x08 and some with 0x7F: both are the key Backspace, in whatever place they stand.
public struct KeyDecoder: Sendable {
    /// What is held back.
    public enum Pending: Sendable, Hashable {
        case nothing
        /// A grapheme that may grow: flush as soon as no more octets are waiting.
        case grapheme
        /// A part of a sequence or scalar: flush when nothing came for `escapeTimeoutMilliseconds`.
        case sequence
        /// A paste whose end has not come: wait as long as it takes.
        case paste
    }

    /// How long a terminal may take between the octets of one key, over a slow line.
    static let escapeTimeoutMilliseconds = 50
    /// No escape sequence that is understood here is longer; a longer one is dropped.
    static let largestSequenceOctets = 32
    /// No grapheme that anybody types has more scalars; a longer one is cut.
    static let largestGraphemeScalars = 16

    private enum State {
        case ground
        /// After ESC.
        case escape
        /// After `ESC [`: parameters and intermediates so far.
        case control([UInt8])
        /// After `ESC [ [`, as the Linux console sends F1 to F5.
        case console
        /// After `ESC O`.
        case single
        case paste
    }

    /// A paste longer than this comes in several keys, so that memory stays bounded.
    public let largestPasteOctets: Int
    private var state = State.ground
    private var scalars = UTF8Assembler()
    private var scalarIsAlt = false
    private var grapheme = ""
    private var paste: [UInt8] = []
    private var previousWasReturn = false

    /// Begins with nothing pending.
    public init(largestPasteOctets: Int = 1024 * 1024) {
        self.largestPasteOctets = max(largestPasteOctets, 1)
    }

    /// What is held back now.
    public var pending: Pending {
        switch state {
        case .ground:
            if scalars.isWithinScalar { .sequence } else { grapheme.isEmpty ? .nothing : .grapheme }
        case .escape, .control, .console, .single: .sequence
        case .paste: .paste
        }
    }

    /// Takes octets and returns the keys that are complete with them.
    public mutating func receive(_ octets: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for octet in octets { take(octet, &keys) }
        return keys
    }

    /// Says that nothing more came in time: returns what was held back, except for the content of a paste.
    public mutating func flush() -> [Key] {
        var keys: [Key] = []
        previousWasReturn = false
        switch state {
        case .ground, .paste: break
        case .escape: keys.append(Key(.escape))
        case .control(let parameters): if parameters.isEmpty { keys.append(.alt("[")) }
        case .console: break
        case .single: keys.append(.alt("O"))
        }
        if case .paste = state { return keys }
        state = .ground
        if let scalar = scalars.finish() { take(scalar, &keys) }
        endGrapheme(&keys)
        return keys
    }

    /// Says that the input has ended: returns everything that was held back.
    public mutating func finish() -> [Key] {
        var keys: [Key] = []
        if case .paste = state {
            endPaste(&keys)
            state = .ground
        }
        return keys + flush()
    }

    private mutating func take(_ octet: UInt8, _ keys: inout [Key]) {
        switch state {
        case .ground: takeInGround(octet, &keys)
        case .escape: takeAfterEscape(octet, &keys)
        case .control(let parameters): takeInSequence(octet, parameters, &keys)
        case .console:
            state = .ground
            if (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(octet) {
                keys.append(Key(.function(Int(octet - UInt8(ascii: "A")) + 1)))
            }
        case .single:
            state = .ground
            if let code = Self.code(final: octet) {
                keys.append(Key(code))
            } else if octet == UInt8(ascii: "M") {
                keys.append(Key(.enter))
            }
        case .paste: takeInPaste(octet, &keys)
        }
    }

    private mutating func takeInGround(_ octet: UInt8, _ keys: inout [Key]) {
        guard octet >= 0x20, octet != 0x7F else {
            if let scalar = scalars.finish() { take(scalar, &keys) }
            endGrapheme(&keys)
            if octet == 0x1B {
                state = .escape
            } else if let key = control(octet) {
                keys.append(key)
            }
            previousWasReturn = octet == 0x0D
            return
        }
        previousWasReturn = false
        for scalar in scalars.take(octet) { take(scalar, &keys) }
    }

    private func control(_ octet: UInt8) -> Key? {
        switch octet {
        case 0x08, 0x7F: Key(.backspace)
        case 0x09: Key(.tab)
        // CR LF of one press is one Enter.
        case 0x0A: previousWasReturn ? nil : Key(.enter)
        case 0x0D: Key(.enter)
        case 0x01...0x1A: .control(Character(Unicode.Scalar(octet + 0x60)))
        default: .control(Character(Unicode.Scalar(octet | 0x40)))
        }
    }

    private mutating func takeAfterEscape(_ octet: UInt8, _ keys: inout [Key]) {
        state = .ground
        switch octet {
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "O"): state = .single
        case 0x1B:
            keys.append(Key(.escape))
            state = .escape
        case 0x20..., 0x7F:
            if octet == 0x7F {
                keys.append(Key(.backspace, .alt))
            } else {
                scalarIsAlt = true
                takeInGround(octet, &keys)
            }
        default:
            if let key = control(octet) { keys.append(Key(key.code, key.modifiers.union(.alt))) }
            previousWasReturn = octet == 0x0D
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar, _ keys: inout [Key]) {
        if scalarIsAlt {
            scalarIsAlt = false
            keys.append(.alt(Character(scalar)))
            return
        }
        // The 8-bit controls are no text, and no terminal that speaks UTF-8 sends them as keys.
        if (0x80...0x9F).contains(scalar.value) { return }
        var joined = grapheme
        joined.unicodeScalars.append(scalar)
        if joined.count == 1, joined.unicodeScalars.count <= Self.largestGraphemeScalars {
            grapheme = joined
        } else {
            endGrapheme(&keys)
            grapheme = String(scalar)
        }
    }

    private mutating func endGrapheme(_ keys: inout [Key]) {
        for character in grapheme { keys.append(.character(character)) }
        grapheme = ""
    }

    private mutating func takeInSequence(_ octet: UInt8, _ parameters: [UInt8], _ keys: inout [Key]) {
        switch octet {
        case UInt8(ascii: "[") where parameters.isEmpty: state = .console
        case 0x40...0x7E:
            state = .ground
            end(parameters, final: octet, &keys)
        case 0x20...0x3F:
            // One that is too long goes on until its final octet, but nothing more of it is kept.
            if parameters.count < Self.largestSequenceOctets { state = .control(parameters + [octet]) }
        default:
            // No octet of a sequence: the sequence is dropped, and the octet begins anew.
            state = .ground
            takeInGround(octet, &keys)
        }
    }

    private mutating func end(_ parameters: [UInt8], final: UInt8, _ keys: inout [Key]) {
        guard parameters.count < Self.largestSequenceOctets else { return }
        if parameters.first == UInt8(ascii: "<"), let mouse = Self.mouse(parameters.dropFirst(), final: final) {
            keys.append(Key(.mouse(mouse)))
            return
        }
        guard let numbers = Self.numbers(parameters) else { return }
        // xterm adds one to the bits; Meta, the fourth bit, is Alt on most keyboards.
        let bits = numbers.count > 1 ? max(0, numbers[1] - 1) : 0
        let modifiers = Key.Modifiers(rawValue: bits & 7 | (bits & 8) >> 2)
        switch final {
        case UInt8(ascii: "~"):
            switch numbers.first ?? 0 {
            case 200: state = .paste
            case let number: if let code = Self.code(number: number) { keys.append(Key(code, modifiers)) }
            }
        case UInt8(ascii: "Z"): keys.append(Key(.tab, modifiers.union(.shift)))
        // With another first number it is a report, for example of where the cursor stands.
        default:
            if numbers.first ?? 0 <= 1, let code = Self.code(final: final) { keys.append(Key(code, modifiers)) }
        }
    }

    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private mutating func takeInPaste(_ octet: UInt8, _ keys: inout [Key]) {
        if paste.count >= largestPasteOctets, mayCutPaste(before: octet) { endPaste(&keys) }
        paste.append(octet)
        if octet == UInt8(ascii: "~"), paste.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
            paste.removeLast(Self.pasteEnd.count)
            endPaste(&keys)
            state = .ground
        }
    }

    /// Whether a long paste may be cut here: not within a scalar, a CR LF, or what may become the end mark.
    private func mayCutPaste(before octet: UInt8) -> Bool {
        if octet & 0xC0 == 0x80 { return paste.suffix(3).allSatisfy { $0 & 0xC0 == 0x80 } }
        if octet == 0x0A, paste.last == 0x0D { return false }
        return !(1..<Self.pasteEnd.count).contains { count in
            Self.pasteEnd[count] == octet && paste.suffix(count).elementsEqual(Self.pasteEnd.prefix(count))
        }
    }

    private mutating func endPaste(_ keys: inout [Key]) {
        var octets: [UInt8] = []
        octets.reserveCapacity(paste.count)
        var previous: UInt8 = 0
        for octet in paste {
            // Terminals send the line breaks of a paste as CR, some as they were.
            if octet == 0x0D {
                octets.append(0x0A)
            } else if !(octet == 0x0A && previous == 0x0D) {
                octets.append(octet)
            }
            previous = octet
        }
        keys.append(.paste(String(decoding: octets, as: UTF8.self)))
        paste = []
    }

    private static func code(final: UInt8) -> Key.Code? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final - UInt8(ascii: "P")) + 1)
        default: nil
        }
    }

    private static func code(number: Int) -> Key.Code? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// A report of the mouse in xterm's SGR form, `ESC [ < button ; column ; row M` or `m`; nil for what means nothing here.
    private static func mouse(_ parameters: ArraySlice<UInt8>, final: UInt8) -> Key.Mouse? {
        guard let numbers = numbers(parameters), numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
        // The bits 4, 8 and 16 say which modifiers were held down.
        let act: Key.Mouse.Act
        switch (numbers[0] & ~28, final) {
        case (0, UInt8(ascii: "M")): act = .press
        case (0, UInt8(ascii: "m")): act = .release
        case (32, UInt8(ascii: "M")): act = .drag
        case (64, UInt8(ascii: "M")): act = .wheelUp
        case (65, UInt8(ascii: "M")): act = .wheelDown
        default: return nil
        }
        return Key.Mouse(act, row: numbers[2] - 1, column: numbers[1] - 1)
    }

    /// The decimal parameters, where an empty one counts as 0; nil for private sequences and for large numbers.
    private static func numbers(_ parameters: some Sequence<UInt8>) -> [Int]? {
        var numbers = [0]
        for octet in parameters {
            switch octet {
            case UInt8(ascii: ";"): numbers.append(0)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let number = numbers[numbers.count - 1] * 10 + Int(octet - UInt8(ascii: "0"))
                guard number < 1_000 else { return nil }
                numbers[numbers.count - 1] = number
            default: return nil
            }
        }
        return numbers
    }
}
