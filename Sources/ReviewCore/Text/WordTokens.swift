/// A piece of a text: a word, one punctuation mark or symbol, or a run of blanks and line ends.
struct WordToken {
    enum Kind { case word, punctuation, blank }

    let kind: Kind
    /// Its octets.
    let range: Range<Int>
}

/// Cuts a text into tokens that together are the text.
///
/// Letters, marks and digits make words; the decision is taken on octets, exact for Vietnamese and for typographic
/// punctuation, and harmless elsewhere: a symbol taken for a letter only makes a longer word.
func wordTokens(_ text: UnsafeBufferPointer<UInt8>) -> [WordToken] {
    var tokens: [WordToken] = []
    tokens.reserveCapacity(text.count / 3)
    var position = 0
    while position < text.count {
        let start = position
        let (kind, length) = tokenClass(text, position)
        position += length
        if kind != .punctuation {
            while position < text.count {
                let (next, length) = tokenClass(text, position)
                guard next == kind else { break }
                position += length
            }
        }
        tokens.append(WordToken(kind: kind, range: start..<position))
    }
    return tokens
}

private func tokenClass(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> (WordToken.Kind, Int) {
    let octet = text[position]
    if octet < 0x80 {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return (.word, 1)
        case 0x09, 0x0A, 0x20: return (.blank, 1)
        default: return (.punctuation, 1)
        }
    }
    let length = min(octet < 0xE0 ? 2 : octet < 0xF0 ? 3 : 4, text.count - position)
    guard length >= 2 else { return (.word, length) }
    let second = text[position + 1]
    // U+00A1 to U+00BF, × and ÷, U+2000 to U+2BFF, U+3000 to U+303F.
    let isMark =
        octet == 0xC2 || (octet == 0xC3 && (second == 0x97 || second == 0xB7)) || (octet == 0xE2 && second < 0xB0)
        || (octet == 0xE3 && second == 0x80)
    return (isMark ? .punctuation : .word, length)
}

/// Gives equal runs of octets equal small numbers.
///
/// Comparing by octets is both faster than `String` equality, which normalises, and exactly what canonical text means.
/// The hash is the standard library's seeded one, so that no text can be made to collide; no result depends on it.
struct OctetInterner {
    private var arena: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [Int] = []
    private var slots: [Int32]
    private var mask: Int

    init(expected: Int = 64) {
        var size = 64
        while size < expected * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        mask = size - 1
    }

    /// How many different runs there are; numbers run from 0 below it.
    var count: Int { ends.count }

    mutating func number(of text: String) -> Int32 {
        var text = text
        return text.withUTF8 { number(of: UnsafeRawBufferPointer($0)) }
    }

    mutating func number(of octets: UnsafeRawBufferPointer) -> Int32 {
        var hasher = Hasher()
        hasher.combine(bytes: octets)
        let hash = hasher.finalize()
        var slot = hash & mask
        while slots[slot] >= 0 {
            let candidate = slots[slot]
            if hashes[Int(candidate)] == hash, holds(candidate, octets) { return candidate }
            slot = (slot + 1) & mask
        }
        let number = Int32(truncatingIfNeeded: ends.count)
        arena.append(contentsOf: octets)
        ends.append(arena.count)
        hashes.append(hash)
        slots[slot] = number
        if ends.count * 2 > slots.count { grow() }
        return number
    }

    private func holds(_ number: Int32, _ octets: UnsafeRawBufferPointer) -> Bool {
        let start = number == 0 ? 0 : ends[Int(number) - 1]
        let length = ends[Int(number)] - start
        guard length == octets.count else { return false }
        return arena.withUnsafeBytes { areSame(UnsafeRawBufferPointer(rebasing: $0[start..<start + length]), octets) }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        mask = slots.count - 1
        for (number, hash) in hashes.enumerated() {
            var slot = hash & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: number)
        }
    }
}

/// Whether two texts are the same octet by octet, which is faster than `String` equality, and exactly what canonical text
/// means.
func haveSameOctets(_ left: String, _ right: String) -> Bool {
    var (left, right) = (left, right)
    return left.withUTF8 { left in
        right.withUTF8 { areSame(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer($0)) }
    }
}

private func areSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard left.baseAddress != right.baseAddress else { return true }
    var place = 0
    while place + 8 <= left.count {
        let word = left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        guard word == right.loadUnaligned(fromByteOffset: place, as: UInt64.self) else { return false }
        place += 8
    }
    while place < left.count {
        guard left[place] == right[place] else { return false }
        place += 1
    }
    return true
}
