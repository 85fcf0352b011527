import COpenSSL

/// A SHA-256 digest: 32 octets (FIPS 180-4 §6.2).
///
/// The octets stand inline as four big-endian words, so that a digest costs no allocation, is compared word by
/// word, and can serve as a key in large tables. The order of digests is the order of their octets.
public struct Digest: Sendable, Hashable {
    /// The number of octets of a digest: 32.
    public static let octetCount = 32

    /// The digest of which all octets are zero: the predecessor of the first link of a chain.
    public static let zero = Self(words: (0, 0, 0, 0))

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Hashes octets.
    public init(hashing octets: [UInt8]) {
        self = octets.withUnsafeBytes { Self(hashing: $0) }
    }

    /// Hashes the UTF-8 octets of a text, exactly as they are stored: NFC and NFD of one text have different digests.
    public init(hashing text: String) {
        var stream = DigestStream()
        stream.update(text)
        self = stream.finish()
    }

    /// Hashes octets that lie in memory which the caller owns for the length of the call.
    public init(hashing octets: UnsafeRawBufferPointer) {
        var stream = DigestStream()
        stream.update(octets)
        self = stream.finish()
    }

    /// Takes a digest from its 32 octets; nil for any other number of octets.
    public init?(octets: some Collection<UInt8>) {
        var words: [4 of UInt64] = [0, 0, 0, 0]
        var index = 0
        for octet in octets {
            guard index < Self.octetCount else { return nil }
            words[index / 8] = words[index / 8] << 8 | UInt64(octet)
            index += 1
        }
        guard index == Self.octetCount else { return nil }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }

    /// Reads exactly 64 hexadecimal digits, in either case; nil for anything else.
    public init?(hexadecimal: some StringProtocol) {
        self.init(hexadecimalOctets: hexadecimal.utf8)
    }

    /// Reads exactly 64 hexadecimal digits given as ASCII octets, in either case; nil for anything else.
    @inlinable
    public init?(hexadecimalOctets digits: some Collection<UInt8>) {
        guard
            let digest = digits.withContiguousStorageIfAvailable({ Self(hexadecimalDigits: $0) })
                ?? Array(digits).withUnsafeBufferPointer({ Self(hexadecimalDigits: $0) })
        else { return nil }
        self = digest
    }

    @usableFromInline
    init?(hexadecimalDigits digits: UnsafeBufferPointer<UInt8>) {
        var words: [4 of UInt64] = [0, 0, 0, 0]
        var index = 0
        for digit in digits {
            guard index < 2 * Self.octetCount, let value = Self.value(ofHexadecimalDigit: digit) else { return nil }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
            index += 1
        }
        guard index == 2 * Self.octetCount else { return nil }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }

    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        first = words.0
        second = words.1
        third = words.2
        fourth = words.3
    }

    /// The 32 octets.
    public var octets: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Self.octetCount)
        appendOctets(to: &result)
        return result
    }

    /// Appends the 32 octets, or the first `count` of them, without an array in between.
    public func appendOctets(to buffer: inout [UInt8], first count: Int = octetCount) {
        withUnsafeOctets { buffer.append(contentsOf: $0.prefix(count)) }
    }

    /// The first octet.
    public var firstOctet: UInt8 { UInt8(truncatingIfNeeded: first >> 56) }

    func withUnsafeOctets(_ body: (UnsafeRawBufferPointer) -> Void) {
        let words = (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)
        withUnsafeBytes(of: words, body)
    }

    /// The digest of several digests: the SHA-256 of their octets one after the other.
    ///
    /// All parts have the same length, so different lists of one length cannot be confused with one another.
    public static func combining(_ parts: [Digest]) -> Digest {
        var stream = DigestStream()
        for part in parts { stream.update(part) }
        return stream.finish()
    }

    /// The digest of several octet strings, each preceded by its length as eight octets, big-endian.
    ///
    /// The lengths keep `["ab", "c"]` and `["a", "bc"]` apart.
    public static func combining(_ parts: [[UInt8]]) -> Digest {
        var stream = DigestStream()
        for part in parts {
            stream.update(length: part.count)
            stream.update(part)
        }
        return stream.finish()
    }

    private static func value(ofHexadecimalDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Digest: Comparable {
    /// Whether the octets of the left digest come first.
    public static func < (left: Digest, right: Digest) -> Bool {
        (left.first, left.second, left.third, left.fourth) < (right.first, right.second, right.third, right.fourth)
    }
}

extension Digest: CustomStringConvertible {
    /// The digest as 64 lower-case hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 2 * Self.octetCount) { digits in
            withUnsafeOctets { octets in
                for (index, octet) in octets.enumerated() {
                    digits[2 * index] = Self.hexadecimalDigit(octet >> 4)
                    digits[2 * index + 1] = Self.hexadecimalDigit(octet & 0xF)
                }
            }
            return 2 * Self.octetCount
        }
    }

    /// Appends the octets of `description`, without a string in between.
    public func appendHexadecimal(to buffer: inout [UInt8]) {
        withUnsafeOctets { octets in
            for octet in octets {
                buffer.append(Self.hexadecimalDigit(octet >> 4))
                buffer.append(Self.hexadecimalDigit(octet & 0xF))
            }
        }
    }

    fileprivate static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension Sequence<UInt8> {
    /// The octets as small hexadecimal digits, two for each.
    public var hexadecimal: String {
        String(
            decoding: flatMap { [Digest.hexadecimalDigit($0 >> 4), Digest.hexadecimalDigit($0 & 0xF)] },
            as: UTF8.self)
    }
}
