import ReviewDigest

/// A password as it is stored: scrypt's parameters, a salt, and 32 derived octets (RFC 7914).
///
/// ```
/// password-hash = "scrypt$" log2N "$" r "$" p "$" salt "$" hash      ; numbers decimal, without leading zeroes
/// salt, hash    = base64 of RFC 4648 §4 without padding              ; 8 to 64 octets, 32 octets
/// ```
public struct PasswordHash: Sendable, Equatable {
    /// How many octets are derived from a password.
    static let hashOctetCount = 32
    /// How many octets a salt may have: below eight two people would soon share one.
    static let saltOctetCounts = 8...64

    /// The cost with which the hash was derived; the same work is done by every comparison.
    public let cost: ScryptCost
    let salt: [UInt8]
    let hash: [UInt8]

    /// A hash that no password matches, for people who do not exist.
    ///
    /// Comparing with it takes the same work as with an account's own, so that the delay of a refused login does not
    /// tell whether the account exists.
    public static func dummy(cost: ScryptCost) -> PasswordHash {
        PasswordHash(
            cost: cost, salt: [UInt8](repeating: 0, count: 16), hash: [UInt8](repeating: 0, count: hashOctetCount))
    }

    /// Derives the hash of a password.
    ///
    /// - Parameters:
    ///   - password: The octets as typed; the caller decides about Unicode normalisation, which changes them.
    ///   - salt: 8 to 64 octets, fresh from `SecureRandom.octets` for every password (16 are usual).
    ///   - cost: The work; the standard cost takes about 0.3 s, so never call this on an event loop.
    /// - Throws: `invalidParameter` for a salt of another length, `library` when memory is exhausted.
    public static func derive(
        password: [UInt8], salt: [UInt8], cost: ScryptCost = .standard
    ) throws(SignatureError) -> PasswordHash {
        guard saltOctetCounts.contains(salt.count) else {
            throw .invalidParameter("a salt has 8 to 64 octets, not \(salt.count)")
        }
        let hash = try Scrypt.derive(password: password, salt: salt, cost: cost, octetCount: hashOctetCount)
        return PasswordHash(cost: cost, salt: salt, hash: hash)
    }

    /// Reads the stored form; nil for anything that `encoded` would not have written, and for costs out of bounds.
    public init?(encoded: String) {
        // The longest canonical form has fewer than 160 octets: a longer text is refused before any work.
        guard encoded.utf8.count <= 160 else { return nil }
        let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt",
            let log2N = Self.number(parts[1]), let blockSize = Self.number(parts[2]),
            let parallelisation = Self.number(parts[3]),
            let cost = ScryptCost(log2N: log2N, blockSize: blockSize, parallelisation: parallelisation),
            let salt = Base64.decode(parts[4].utf8, as: .unpadded), Self.saltOctetCounts.contains(salt.count),
            let hash = Base64.decode(parts[5].utf8, as: .unpadded), hash.count == Self.hashOctetCount
        else { return nil }
        self.init(cost: cost, salt: salt, hash: hash)
    }

    private init(cost: ScryptCost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// The stored form.
    ///
    /// It is no password, but lets one be guessed: it belongs into no log.
    public var encoded: String {
        let salt = Base64.encode(salt, as: .unpadded)
        let hash = Base64.encode(hash, as: .unpadded)
        return "scrypt$\(cost.log2N)$\(cost.blockSize)$\(cost.parallelisation)$\(salt)$\(hash)"
    }

    /// Whether this is the hash of the password.
    ///
    /// Takes as long as `derive` did; false also when memory is exhausted. A password and the same with zero octets
    /// appended are one to scrypt, because HMAC pads its key with zeroes; no line of the protocol carries such octets.
    public func matches(password: [UInt8]) -> Bool {
        guard
            var candidate = try? Scrypt.derive(
                password: password, salt: salt, cost: cost, octetCount: Self.hashOctetCount)
        else { return false }
        let result = SecretOctets.areEqual(candidate, hash)
        SecretOctets.erase(&candidate)
        return result
    }

    /// One or two decimal digits without a leading zero.
    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
    /// The cost alone, so that a hash which slips into a log or a failed test shows nothing.
    public var description: String { "PasswordHash(scrypt \(cost.log2N)/\(cost.blockSize)/\(cost.parallelisation))" }

    /// No children, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
