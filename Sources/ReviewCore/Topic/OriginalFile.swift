public import ReviewDigest

/// The Word file from which a revision came (domain §2): kept as it was, beside the canonical text that everybody reads.
///
/// Its octets are only in the log; memory knows where.
public struct OriginalFile: Sendable, Equatable {
    /// The longest name, in octets.
    static let nameOctets = 200
    /// How a file of the one kind that is kept is named: it is opened by others, and this kind runs no macros.
    static let suffix = ".docx"
    /// How a ZIP archive begins (APPNOTE.TXT 4.3.7), which such a file is (ECMA-376, Part 2).
    static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// Its name at its author's.
    public let name: String
    /// SHA-256 of its octets.
    public let digest: Digest
    /// How many octets it has.
    public let octets: Int
    /// The event that carries it.
    public let event: Int64
    /// Why it is no longer there, where it was removed; the same file of another revision stays.
    var redaction: Redaction?
}

/// A file that came in base 64, understood and spelled in the one way in which it is kept.
public struct OriginalContent: Sendable, Equatable {
    /// SHA-256 of the file's octets.
    let digest: Digest
    /// How many octets the file has.
    let octets: Int
    /// The file in base 64 (RFC 4648, section 4), without line ends.
    let encoded: Body

    /// Understands what came; line ends may stand anywhere in it.
    ///
    /// It looks at every octet several times, so what is long is not for the thread that serves everybody.
    /// - Throws: `invalid` where it is not base 64, or not the kind of file that is kept.
    public init(_ received: [UInt8]) throws(Refusal) {
        let digits = received.filter { $0 != 0x0A && $0 != 0x0D }
        guard let file = Base64.decode(digits) else {
            throw Self.refusal(
                "Nội dung phải là tệp ở dạng base64 (RFC 4648, mục 4, đủ dấu “=” ở cuối).",
                "The body has to be the file in base 64 (RFC 4648, section 4, padded).")
        }
        guard file.starts(with: OriginalFile.signature) else {
            throw Self.refusal(
                "Tệp không phải tệp Word \(OriginalFile.suffix); mở bằng Word rồi lưu lại dạng này.",
                "The file is not a Word file (\(OriginalFile.suffix)); open it in Word and save it as one.")
        }
        digest = Digest(hashing: file)
        octets = file.count
        encoded = Body(String(decoding: digits, as: UTF8.self))
    }

    private static func refusal(_ vietnamese: String, _ english: String) -> Refusal {
        Refusal(.invalid, Wording(vietnamese, english), details: [Detail("argument", "body")])
    }
}

/// Who pushed a revision attached the Word file from which it came.
public struct OriginalAttached: FactPayload {
    static let type = "ORIGINAL.ATTACHED"
    /// The topic.
    public let topic: TopicID
    /// The revision's number.
    public let revision: Int
    /// The file's name at its author's.
    public let name: String
    /// SHA-256 of the file.
    public let digest: Digest
    /// How many octets the file has.
    public let octets: Int
    /// The file in base 64, without line ends.
    public let content: Body
}

extension OriginalAttached {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("name", name)
        fields.put("sha256", digest)
        fields.put("bytes", octets)
        fields.put("content", content)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), revision: try reader.number("revision"), name: try reader.text("name"),
            digest: try reader.digest("sha256"), octets: try reader.number("bytes"),
            content: try reader.body("content"))
    }
}

extension State {
    /// Refuses a file that would be refused whatever is in it: then nobody need look at it.
    ///
    /// - Throws: `Refusal` where `decide` would throw it, too.
    public func mayAttach(to name: RevisionID, by actor: Actor, _ command: Command, now: Instant) throws(Refusal) {
        let authorised = try Policy.authorise(command, by: actor, in: self, now: now)
        _ = try revision(name.number, of: authorised.topic(name.topic, self), mustBeNewest: true)
    }

    func decideAttach(
        _ topic: Topic, revision number: Int, name: String, octets: [UInt8], prepared: OriginalContent?
    ) throws(Refusal) -> Outcome {
        let revision = try revision(number, of: topic, mustBeNewest: true)
        let name = try fileName(name)
        let content: OriginalContent
        if let prepared { content = prepared } else { content = try OriginalContent(octets) }
        let id = RevisionID(topic.id, number)
        let details = [
            Detail("revision", id.description), Detail("name", name), Detail("bytes", String(content.octets)),
            Detail("sha256", content.digest.description),
        ]
        if let kept = revision.original {
            if let redaction = kept.redaction {
                throw Refusal(
                    .conflict,
                    Wording(
                        "Tệp Word gốc của bản \(id) đã xóa theo \(redaction.document); tệp khác thì gửi kèm một bản dự thảo mới.",
                        "The original file of \(id) was removed under \(redaction.document); another one goes with a new revision."
                    ))
            }
            guard kept.digest == content.digest, kept.name == name else {
                throw Refusal(
                    .conflict,
                    Wording(
                        "Bản \(id) đã có tệp Word gốc (\(kept.name)); tệp khác thì gửi kèm một bản dự thảo mới.",
                        "\(id) has its original file (\(kept.name)) already; another one goes with a new revision."),
                    details: [Detail("original", kept.digest.description)])
            }
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording(
                    "Tệp Word gốc của bản \(id) đã được lưu.", "The original file of \(id) is kept already."))
        }
        return Outcome(
            [
                .originalAttached(
                    OriginalAttached(
                        topic: topic.id, revision: number, name: name, digest: content.digest, octets: content.octets,
                        content: content.encoded))
            ], details: details,
            wording: Wording("Đã lưu tệp Word gốc của bản \(id).", "The original file of \(id) is kept."))
    }

    /// A name that is a file's and no way to one.
    private func fileName(_ text: String) throws(Refusal) -> String {
        let name = try canonicalField(text, "name", OriginalFile.nameOctets)
        guard name.lowercased().hasSuffix(OriginalFile.suffix), name.utf8.count > OriginalFile.suffix.utf8.count,
            !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
        else {
            throw Refusal(
                .invalid,
                Wording(
                    "name: tên tệp phải có đuôi \(OriginalFile.suffix), không chứa “/” và “\\”.",
                    "name: the file's name has to end with \(OriginalFile.suffix), without “/” and “\\”."),
                details: [Detail("argument", "name")])
        }
        return name
    }
}

extension Revision {
    /// Its original file, if it has one that is still there: it may have been removed under a document.
    public var keptOriginal: OriginalFile? { original.flatMap { $0.redaction == nil ? $0 : nil } }
}

extension Topic {
    mutating func apply(_ fact: OriginalAttached, _ event: Event) {
        guard revision(fact.revision) != nil else { return }
        revisions[fact.revision - 1].original = OriginalFile(
            name: fact.name, digest: fact.digest, octets: fact.octets, event: event.sequence)
    }

    /// What an event carried was removed.
    mutating func apply(_ redaction: Redaction, to event: Int64) {
        guard let place = revisions.firstIndex(where: { $0.original?.event == event }) else { return }
        revisions[place].original?.redaction = redaction
    }
}
