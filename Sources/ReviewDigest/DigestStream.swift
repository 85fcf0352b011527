import COpenSSL

/// Computes a SHA-256 digest over octets that arrive in pieces; how they are cut has no influence on the result.
///
/// A value: a copy continues on its own, so the digest of a common beginning is computed once.
public struct DigestStream: Sendable {
    private var state = SHA256_CTX()

    /// Begins a digest over nothing yet.
    public init() {
        phanbien_sha256_begin(&state)
    }

    /// Adds octets.
    public mutating func update(_ octets: [UInt8]) {
        octets.withUnsafeBytes { update($0) }
    }

    /// Adds a part of an array of octets.
    public mutating func update(_ octets: ArraySlice<UInt8>) {
        octets.withUnsafeBytes { update($0) }
    }

    /// Adds the UTF-8 octets of a text, without copying them where the text has them in one piece.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// Adds the 32 octets of a digest.
    public mutating func update(_ digest: Digest) {
        digest.withUnsafeOctets { update($0) }
    }

    /// Adds octets that lie in memory which the caller owns for the length of the call.
    public mutating func update(_ octets: UnsafeRawBufferPointer) {
        guard let start = octets.baseAddress else { return }
        phanbien_sha256_update(&state, start, octets.count)
    }

    /// Adds a length as eight octets, big-endian, which keeps the pieces of a list apart.
    public mutating func update(length: Int) {
        withUnsafeBytes(of: UInt64(bitPattern: Int64(length)).bigEndian) { update($0) }
    }

    /// The digest of everything added so far; more may be added afterwards.
    public func finish() -> Digest {
        var state = state
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { buffer in
            phanbien_sha256_finish(&state, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
        return Digest(
            words: (
                UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
                UInt64(bigEndian: words.3)
            ))
    }
}
