/// What a server says of its log at one moment, in the form of c2sp.org/tlog-checkpoint, and signed as a note of
/// c2sp.org/signed-note.
///
///     note      = text LF 1*signature
///     text      = origin LF size LF root LF *(extension LF)
///     size      = "0" / %x31-39 *18DIGIT
///     root      = the 32 octets of the root, base 64
///     signature = "— " origin " " base64( 4 octets of the key's id, 64 octets of Ed25519 ) LF
public struct Checkpoint: Sendable, Equatable {
    /// Which log: no blank and no "+" stands in it, since it names the key as well.
    public let origin: String
    /// How many events it covers.
    public let size: Int64
    /// The root of the tree over them.
    public let root: Digest
    /// Further lines, none of them empty.
    public let extensions: [String]

    /// What begins a line with a signature: an em dash and a blank.
    private static let mark = "\u{2014} "
    /// The octets of a key's id.
    private static let idOctetCount = 4
    /// No note that is read here has a reason to be longer.
    private static let longestOctets = 16_384

    /// Describes a moment of a log.
    public init(origin: String, size: Int64, root: Digest, extensions: [String]) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The text that is signed, with its last line's end.
    public var text: String {
        ([origin, String(size), Base64.encode(root.octets)] + extensions).map { $0 + "\n" }.joined()
    }

    /// The whole note.
    public func note(signature: [UInt8], by key: LogKey) -> String {
        text + "\n" + Self.mark + origin + " " + Base64.encode(id(of: key) + signature) + "\n"
    }

    /// What tells a key from others of the same name: the beginning of the SHA-256 of name, LF, 0x01 (Ed25519) and key.
    public func id(of key: LogKey) -> [UInt8] {
        Array(Digest(hashing: Array(origin.utf8) + [0x0A, 0x01] + key.octets).octets.prefix(Self.idOctetCount))
    }

    /// The moment that the note names, if an extension does.
    public var time: String? {
        extensions.first { $0.hasPrefix(Self.timeMark) }.map { String($0.dropFirst(Self.timeMark.count)) }
    }

    /// What stands before the time, RFC 3339.
    public static let timeMark = "time "

    /// Reads a note.
    ///
    /// - Returns: nil when it is not of the form above; else what it says, and the signatures that bear the origin's
    ///   name and this key's id, none of which was checked yet.
    public static func read(_ note: some StringProtocol, by key: LogKey) -> (Checkpoint, signatures: [[UInt8]])? {
        guard note.utf8.count <= longestOctets else { return nil }
        // Split as octets: a line's end together with what stands before it might be one Character.
        var lines = note.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard lines.last?.isEmpty == true else { return nil }
        lines.removeLast()
        guard let blank = lines.lastIndex(where: \.isEmpty), blank >= 3, blank < lines.count - 1 else { return nil }
        guard let size = Int64(lines[1]), size >= 0, String(size).utf8.elementsEqual(lines[1].utf8),
            let octets = Base64.decode(lines[2].utf8), let root = Digest(octets: octets), isName(lines[0]),
            !lines[3..<blank].contains(where: \.isEmpty)
        else { return nil }
        let checkpoint = Checkpoint(origin: lines[0], size: size, root: root, extensions: Array(lines[3..<blank]))
        let id = checkpoint.id(of: key)
        var signatures: [[UInt8]] = []
        for line in lines[(blank + 1)...] {
            let parts = line.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard parts.count == 3, (parts[0] + " ").utf8.elementsEqual(mark.utf8), isName(parts[1]),
                let octets = Base64.decode(parts[2].utf8), octets.count > idOctetCount
            else { return nil }
            // Others may have signed as well: witnesses, or the same log with a key of before.
            if parts[1].utf8.elementsEqual(lines[0].utf8), octets.starts(with: id) {
                signatures.append(Array(octets.dropFirst(idOctetCount)))
            }
        }
        return (checkpoint, signatures)
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace }
    }
}
