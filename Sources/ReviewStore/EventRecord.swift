public import ReviewCore
public import ReviewDigest

/// An event as it is stored and hashed: one line of text, and the bodies it refers to by digest.
///
/// Every event has exactly one encoding, and every text that decodes is the encoding of what it decodes to, fields that
/// a later version added apart. The form is frozen by storage; the chain of the log is computed over it.
///
///     record   = sequence SP time SP type SP who SP where *(SP field) *(SP body)
///     sequence = %x31-39 *18DIGIT
///     time     = RFC 3339 section 5.6, three decimals, "+07:00"
///     type     = 1*(%x41-5A / "-" / ".")                ; COMMENT.ADDED
///     who      = person / "-"                           ; "-" is the operator
///     where    = office / "-"
///     field    = name "=" (bare / quoted)
///     body     = name "=sha256:" 64(DIGIT / %x61-66)    ; a bare value never begins with "sha256:"
///     name     = 1*(%x61-7A / DIGIT / "-")
///     bare     = 1*(%x21 / %x23-3C / %x3E-5B / %x5D-7E) ; visible ASCII but " = \
///     quoted   = DQUOTE *(char / escape) DQUOTE         ; where bare is not possible, and only there
///     char     = any octet above %x1F but DQUOTE, "\" and %x7F
///     escape   = "\" (DQUOTE / "\" / 2(DIGIT / %x61-66)) ; hexadecimal: an octet below %x20, or %x7F
public struct EventRecord: Sendable, Equatable {
    /// The line, without a line end.
    public let encoded: String
    /// The bodies in the order in which the line names them.
    public let bodies: [Body]

    /// Encodes an event.
    public init(_ event: Event) {
        var octets: [UInt8] = []
        octets.reserveCapacity(320)
        bodies = Self.write(event, into: &octets)
        encoded = String(decoding: octets, as: UTF8.self)
    }

    /// Appends an event's line to octets, and gives the bodies in the order in which the line names them.
    public static func write(_ event: Event, into octets: inout [UInt8]) -> [Body] {
        var writer = RecordWriter(octets: octets)
        // The writer must hold the only reference, or its first octet would copy all before it.
        octets = []
        writer.add(event)
        octets = writer.octets
        return writer.bodies
    }

    /// Takes what storage gave back; `event()` checks it.
    public init(encoded: String, bodies: [Body]) {
        self.encoded = encoded
        self.bodies = bodies
    }

    /// The digests of the last `count` bodies that a line names; nil when it names fewer.
    ///
    /// For storage that keeps the texts and leaves their digests to the line; bodies stand at its end.
    public static func digests(of encoded: String, count: Int) -> [Digest]? {
        var rest = Array(encoded.utf8)[...]
        var digests: [Digest] = []
        for _ in 0..<count {
            guard let digest = Digest(hexadecimalOctets: rest.suffix(2 * Digest.octetCount)) else { return nil }
            rest = rest.dropLast(2 * Digest.octetCount)
            guard rest.suffix(RecordLine.digestMark.count).elementsEqual(RecordLine.digestMark),
                let blank = rest.lastIndex(of: 0x20)
            else { return nil }
            digests.append(digest)
            rest = rest[..<blank]
        }
        return digests.reversed()
    }

    /// The leaf of this record in the chain; it covers the bodies' digests, not their texts.
    public var leaf: Digest { Chain.leaf(encoded) }

    /// Decodes the event.
    ///
    /// - Throws: `RecordProblem` when the line is not of the form above, names other bodies than are here, or holds a
    ///   fact that this version does not know.
    public func event() throws(RecordProblem) -> Event {
        try RecordLine(encoded).event(bodies: bodies)
    }

    /// The event of a line with the digests of its texts alone.
    ///
    /// - Throws: `RecordProblem`, as `event()` does.
    public static func reference(_ encoded: String) throws(RecordProblem) -> Event {
        try RecordLine(encoded).event(bodies: nil)
    }

    /// Whether a line is that of a file which came beside a text (ORIGINAL.ATTACHED), told without decoding it.
    public static func isOfFile(_ encoded: String) -> Bool {
        let words = encoded.utf8.split(separator: 0x20, maxSplits: 3)
        return words.count > 2 && words[2].elementsEqual(Fact.typeOfFiles.utf8)
    }
}

/// Why a stored record cannot be read.
public enum RecordProblem: Error, Sendable, Equatable {
    /// The line breaks its form at this octet, from 0.
    case malformed(octet: Int)
    /// The line can be read but is not the one encoding of what it says.
    case notCanonical
    /// The bodies kept beside the line are not those it names.
    case bodies(named: Int, found: Int)
    /// The fact cannot be read: unknown type, missing or malformed field.
    case fact(CodecProblem)

    /// What is wrong, for the operator.
    public var text: String {
        switch self {
        case .malformed(let octet): "the record is malformed at octet \(octet)"
        case .notCanonical: "the record is not in its canonical form"
        case .bodies(let named, let found):
            "the record names \(named) bodies, \(found) are stored or their digests differ"
        case .fact(let problem): "the fact cannot be read: \(problem)"
        }
    }
}

/// Writes the one line of a record.
private struct RecordWriter {
    private(set) var octets: [UInt8]
    private(set) var bodies: [Body] = []

    init(octets: [UInt8]) { self.octets = octets }

    mutating func add(_ event: Event) {
        octets.append(contentsOf: String(event.sequence).utf8)
        octets.append(0x20)
        event.time.appendRFC3339(to: &octets)
        let (type, fields) = event.fact.record
        word(type)
        word(event.person?.text ?? "-")
        word(event.office?.text ?? "-")
        for pair in fields.pairs {
            word(pair.key)
            octets.append(UInt8(ascii: "="))
            value(pair.value)
        }
        for named in fields.bodies {
            word(named.name)
            octets.append(contentsOf: RecordLine.digestMark)
            named.body.digest.appendHexadecimal(to: &octets)
            bodies.append(named.body)
        }
    }

    private mutating func word(_ text: String) {
        octets.append(0x20)
        octets.append(contentsOf: text.utf8)
    }

    private mutating func value(_ text: String) {
        let value = text.utf8
        if !value.isEmpty, value.allSatisfy(RecordLine.isBare), !value.starts(with: RecordLine.digestPrefix) {
            octets.append(contentsOf: value)
            return
        }
        octets.append(UInt8(ascii: "\""))
        for octet in value {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                octets.append(UInt8(ascii: "\\"))
                octets.append(octet)
            case 0..<0x20, 0x7F:
                octets.append(UInt8(ascii: "\\"))
                octets.append(Self.hexadecimal(octet >> 4))
                octets.append(Self.hexadecimal(octet & 0xF))
            default: octets.append(octet)
            }
        }
        octets.append(UInt8(ascii: "\""))
    }

    private static func hexadecimal(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
