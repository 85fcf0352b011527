public import ReviewDigest

/// Signs what the server vouches for: checkpoints of its log, and whatever else is to be checked without it.
///
/// The engine knows no key: the shell hands the act in, tests another one.
public struct Signer: Sendable {
    /// What the signatures are checked with.
    public let key: LogKey
    /// Signs octets as they are (Ed25519); nil when it could not.
    public let sign: @Sendable ([UInt8]) -> [UInt8]?

    /// Pairs a public key with the act of signing.
    public init(key: LogKey, sign: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
        self.key = key
        self.sign = sign
    }
}
