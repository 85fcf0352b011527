public import ReviewDigest

/// A text that an event carries: kept apart from the event under its digest, so that personal data can be removed
/// later while the chain of events still verifies.
public struct Body: Sendable, Equatable {
    /// SHA-256 of the text's UTF-8 octets.
    public let digest: Digest
    /// The text; nil once it was redacted.
    public let text: String?

    /// Wraps a text and computes its digest.
    public init(_ text: String) {
        self.text = text
        self.digest = Digest(hashing: text)
    }

    /// What storage gives back: the digest from the event, and the text if it is still kept.
    public init(digest: Digest, text: String?) {
        self.digest = digest
        self.text = text
    }

    /// What a person reads: the text, or a notice that it was removed.
    public var shown: String { text ?? "[nội dung đã xóa]" }
}

extension Body: CustomStringConvertible {
    /// Its digest: what is printed for a developer, or compared in print, repeats no text, which may be long and is nobody
    /// else's.
    public var description: String { (text == nil ? "removed " : "") + digest.description }
}
