import ReviewCore
import ReviewDigest

/// Reads the line of a record from left to right; the grammar stands at `EventRecord`.
///
/// Total: any octets give an event or a problem with its place, in linear time.
struct RecordLine {
    static let digestPrefix = Array("sha256:".utf8)
    static let digestMark = Array("=sha256:".utf8)

    /// Visible ASCII without the characters that have a meaning in a line.
    static func isBare(_ octet: UInt8) -> Bool {
        octet > 0x20 && octet < 0x7F && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "=")
            && octet != UInt8(ascii: "\\")
    }

    private let octets: [UInt8]
    private var place = 0

    init(_ text: String) { octets = Array(text.utf8) }

    /// The event of the line, with the bodies that storage keeps for it; without them (nil) with their digests alone.
    func event(bodies: [Body]?) throws(RecordProblem) -> Event {
        var reader = self
        return try reader.read(bodies)
    }

    private mutating func read(_ bodies: [Body]?) throws(RecordProblem) -> Event {
        let sequence = try sequence()
        let timeText = try word()
        guard let time = Instant(rfc3339: timeText) else { throw .malformed(octet: place) }
        // An instant has one text; another one with the same meaning would be a second encoding.
        guard time.rfc3339.utf8.elementsEqual(timeText.utf8) else { throw .notCanonical }
        let type = try word()
        let personText = try word()
        let person = PersonID(personText)
        guard person != nil || personText == "-" else { throw .malformed(octet: place) }
        let officeText = try word()
        let office = OfficeID(officeText)
        guard office != nil || officeText == "-" else { throw .malformed(octet: place) }
        var pairs: [Detail] = []
        var named: [FactFields.NamedBody] = []
        while place < octets.count {
            try skip(0x20)
            let name = try name()
            if octets[place...].starts(with: Self.digestMark) {
                place += Self.digestMark.count
                guard let digest = digest() else { throw .malformed(octet: place) }
                var body = Body(digest: digest, text: nil)
                if let bodies {
                    guard named.count < bodies.count, bodies[named.count].digest == digest else {
                        throw .bodies(named: named.count + 1, found: bodies.count)
                    }
                    body = bodies[named.count]
                }
                named.append(FactFields.NamedBody(name: name, body: body))
            } else {
                guard named.isEmpty else { throw .malformed(octet: place) }
                try skip(UInt8(ascii: "="))
                pairs.append(Detail(name, try value()))
            }
        }
        if let bodies, named.count != bodies.count { throw .bodies(named: named.count, found: bodies.count) }
        let fact: Fact
        do throws(CodecProblem) {
            fact = try Fact(type: type, fields: FactFields(pairs: pairs, bodies: named))
        } catch {
            throw .fact(error)
        }
        // Digits, dates and names can be written in several ways, and fields in any order; only one is the encoding. A
        // field that this version does not know comes from a later one and is passed over.
        let known = fact.fields
        guard pairs.filter({ pair in known.pairs.contains { $0.key == pair.key } }) == known.pairs,
            named.filter({ body in known.bodies.contains { $0.name == body.name } }) == known.bodies
        else { throw .notCanonical }
        return Event(sequence: sequence, time: time, person: person, office: office, fact: fact)
    }

    private mutating func skip(_ octet: UInt8) throws(RecordProblem) {
        guard place < octets.count, octets[place] == octet else { throw .malformed(octet: place) }
        place += 1
    }

    private mutating func sequence() throws(RecordProblem) -> Int64 {
        let digits = octets[place...].prefix { (0x30...0x39).contains($0) }
        // Nineteen digits may still be above what 64 bits hold, which the conversion refuses.
        guard (1...19).contains(digits.count), digits.first != 0x30,
            let value = Int64(String(decoding: digits, as: UTF8.self))
        else { throw .malformed(octet: place) }
        place += digits.count
        return value
    }

    private mutating func word() throws(RecordProblem) -> String {
        try skip(0x20)
        let word = octets[place...].prefix { Self.isBare($0) }
        guard !word.isEmpty else { throw .malformed(octet: place) }
        place += word.count
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func name() throws(RecordProblem) -> String {
        let name = octets[place...].prefix {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard !name.isEmpty else { throw .malformed(octet: place) }
        place += name.count
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func digest() -> Digest? {
        let digits = octets[place...].prefix(2 * Digest.octetCount)
        guard !digits.contains(where: { (0x41...0x46).contains($0) }),
            let digest = Digest(hexadecimalOctets: digits)
        else { return nil }
        place += digits.count
        return digest
    }

    private mutating func value() throws(RecordProblem) -> String {
        guard place < octets.count, octets[place] == UInt8(ascii: "\"") else {
            let bare = octets[place...].prefix { Self.isBare($0) }
            guard !bare.isEmpty else { throw .malformed(octet: place) }
            place += bare.count
            return String(decoding: bare, as: UTF8.self)
        }
        place += 1
        var value: [UInt8] = []
        while true {
            guard place < octets.count else { throw .malformed(octet: place) }
            let octet = octets[place]
            switch octet {
            case UInt8(ascii: "\""):
                place += 1
                // What can stand bare must: each value has one form.
                let couldBeBare =
                    !value.isEmpty && value.allSatisfy(Self.isBare) && !value.starts(with: Self.digestPrefix)
                guard !couldBeBare else { throw .notCanonical }
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"): value.append(try escape())
            case 0..<0x20, 0x7F: throw .malformed(octet: place)
            default:
                value.append(octet)
                place += 1
            }
        }
    }

    private mutating func escape() throws(RecordProblem) -> UInt8 {
        place += 1
        guard place < octets.count else { throw .malformed(octet: place) }
        let first = octets[place]
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "\\") {
            place += 1
            return first
        }
        guard place + 1 < octets.count, let high = Self.digit(first), let low = Self.digit(octets[place + 1]) else {
            throw .malformed(octet: place)
        }
        let octet = high << 4 | low
        guard octet < 0x20 || octet == 0x7F else { throw .notCanonical }
        place += 2
        return octet
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x61...0x66: octet - 0x61 + 10
        default: nil
        }
    }
}
