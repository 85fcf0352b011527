import ReviewCore
import ReviewDigest
import ReviewSignatures
import ReviewStoreSQLite

/// The key with which the server signs what it says of its log: `log.key` in the data directory, for its owner alone, and
/// beside it `log.pub`, for whoever checks a signature.
///
/// It belongs to no backup: whoever finds one of those cannot sign with it.
struct LogKeyFiles {
    /// No key file has a reason to be longer.
    private static let longestOctets = 16_384

    /// The private half.
    let key: String
    /// The public half.
    let publicKey: String

    init(directory: String) {
        key = directory + "/log.key"
        publicKey = directory + "/log.pub"
    }

    /// Reads the key, or makes it where there is none.
    ///
    /// A key that is there and cannot be used is never replaced: everybody who holds a checkpoint would be warned of a
    /// forger.
    /// - Returns: the key, its public half, and whether it is new.
    func open() throws(Failure) -> (SigningKey, public: LogKey, isNew: Bool) {
        let isNew = try Files.isFree(key)
        let found = isNew ? try make() : try read()
        guard let known = LogKey(octets: found.publicKey) else {
            throw Failure(SignatureError.unsuitable("the key is none"))
        }
        return (found, known, isNew)
    }

    /// Writes the public half where it is missing or another one.
    func publish(_ known: LogKey) throws(Failure) {
        guard (try? Files.readText(publicKey, atMost: Self.longestOctets)) != known.pem else { return }
        try put(publicKey, known.pem, permissions: 0o644)
    }

    private func read() throws(Failure) -> SigningKey {
        let text = try Files.readText(key, atMost: Self.longestOctets)
        do throws(SignatureError) { return try SigningKey(keyPEM: text) } catch {
            throw Failure(
                .data,
                "“\(key)” không phải khóa Ed25519 dạng PEM không mật khẩu. Trả lại đúng tệp từ bản cất giữ.",
                "“\(key)” is no Ed25519 key (PEM, without a passphrase). Put the right file back from where it is kept."
            )
        }
    }

    private func make() throws(Failure) -> SigningKey {
        let made: SigningKey
        do throws(SignatureError) { made = try SigningKey.create() } catch { throw Failure(error) }
        try put(key, made.keyPEM, permissions: 0o600)
        return made
    }

    /// Writes a file that bears its name only once it is whole, to stay.
    private func put(_ path: String, _ text: String, permissions: UInt32) throws(Failure) {
        FileSystem.remove(path + ".new")
        try Files.create(path + ".new", text, permissions: permissions)
        try Files.settle(path + ".new", as: path)
    }
}
