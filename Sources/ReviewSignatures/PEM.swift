import COpenSSL

/// Between PEM texts and OpenSSL's objects.
///
/// Each function that returns an object hands over its ownership.
enum PEM {
    /// No PEM text that is read here has a reason to be longer.
    static let longestTextOctets = 64 * 1024

    static func certificate(_ text: String) throws(SignatureError) -> OpaquePointer {
        try reading(text, "certificate") { PEM_read_bio_X509($0, nil, refusePassphrase, nil) }
    }

    static func privateKey(_ text: String) throws(SignatureError) -> OpaquePointer {
        try reading(text, "private key") { PEM_read_bio_PrivateKey($0, nil, refusePassphrase, nil) }
    }

    /// A private key that may have a passphrase.
    ///
    /// - Throws: `locked` when its passphrase is wrong or not given.
    static func privateKey(_ text: String, passphrase: [UInt8]?) throws(SignatureError) -> OpaquePointer {
        var answer = PassphraseAnswer(passphrase: passphrase)
        do throws(SignatureError) {
            return try reading(text, "private key") { bio in
                withUnsafeMutablePointer(to: &answer) { PEM_read_bio_PrivateKey(bio, nil, givePassphrase, $0) }
            }
        } catch {
            throw answer.wasAsked ? .locked : error
        }
    }

    static func publicKey(_ text: String) throws(SignatureError) -> OpaquePointer {
        try reading(text, "public key") { PEM_read_bio_PUBKEY($0, nil, refusePassphrase, nil) }
    }

    static func request(_ octets: [UInt8]) throws(SignatureError) -> OpaquePointer {
        try readingOnly(octets, "certificate request", longest: CertificateRequest.longestTextOctets) {
            PEM_read_bio_X509_REQ($0, nil, refusePassphrase, nil)
        }
    }

    static func signature(_ octets: [UInt8]) throws(SignatureError) -> OpaquePointer {
        try readingOnly(octets, "signature", longest: DetachedSignature.longestTextOctets) {
            PEM_read_bio_CMS($0, nil, refusePassphrase, nil)
        }
    }

    /// The texts of one certificate each, for example of a `ca.pem` in which one authority follows another.
    ///
    /// - Throws: `unreadable` when there is none.
    static func certificateTexts(_ text: String) throws(SignatureError) -> [String] {
        let mark = "-----BEGIN CERTIFICATE-----"
        // What stands before the first mark is a remark.
        let texts = text.split(separator: mark, omittingEmptySubsequences: false).dropFirst().map { mark + $0 }
        guard !texts.isEmpty else { throw .unreadable("certificate") }
        return texts
    }

    static func text(certificate: OpaquePointer) throws(SignatureError) -> String {
        try writing("certificate") { PEM_write_bio_X509($0, certificate) }
    }

    /// Writes PKCS #8 without encryption: the file's permissions protect it.
    static func text(privateKey: OpaquePointer) throws(SignatureError) -> String {
        try writing("private key") { PEM_write_bio_PKCS8PrivateKey($0, privateKey, nil, nil, 0, nil, nil) }
    }

    static func text(lockedKey: OpaquePointer) throws(SignatureError) -> String {
        try writing("private key") { PEM_write_bio_PKCS8($0, lockedKey) }
    }

    static func text(publicKey: OpaquePointer) throws(SignatureError) -> String {
        try writing("public key") { PEM_write_bio_PUBKEY($0, publicKey) }
    }

    static func text(request: OpaquePointer) throws(SignatureError) -> String {
        try writing("certificate request") { PEM_write_bio_X509_REQ($0, request) }
    }

    static func text(signature: OpaquePointer) throws(SignatureError) -> String {
        try writing("signature") { PEM_write_bio_CMS($0, signature) }
    }

    /// Without this, OpenSSL would ask for the passphrase of an encrypted key on the terminal.
    private static let refusePassphrase:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = { _, _, _, _ in
            -1
        }

    /// What `givePassphrase` answers, and whether it was asked at all.
    private struct PassphraseAnswer {
        let passphrase: [UInt8]?
        var wasAsked = false
    }

    /// Answers from the `PassphraseAnswer` to which its last argument points; never asks on the terminal.
    private static let givePassphrase:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
            buffer, size, _, answer in
            guard let buffer, let answer = answer?.assumingMemoryBound(to: PassphraseAnswer.self) else { return -1 }
            answer.pointee.wasAsked = true
            guard let passphrase = answer.pointee.passphrase, passphrase.count <= Int(size) else { return -1 }
            UnsafeMutableRawBufferPointer(start: buffer, count: Int(size)).copyBytes(from: passphrase)
            return Int32(passphrase.count)
        }

    private static func reading(
        _ text: String, _ what: String, _ read: (OpaquePointer) -> OpaquePointer?
    ) throws(SignatureError) -> OpaquePointer {
        guard text.utf8.count <= longestTextOctets else { throw .unreadable("\(what): too long") }
        var text = text
        guard let object = text.withUTF8({ MemoryReader.with(UnsafeRawBufferPointer($0), read) }) else {
            ERR_clear_error()
            throw .unreadable(what)
        }
        return object
    }

    /// Reads a text that comes from outside and must hold one object alone, apart from remarks before and after it.
    private static func readingOnly(
        _ octets: [UInt8], _ what: String, longest: Int, _ read: (OpaquePointer) -> OpaquePointer?
    ) throws(SignatureError) -> OpaquePointer {
        guard octets.count <= longest else { throw .unreadable("\(what): too long") }
        let mark = Array("-----BEGIN ".utf8)
        guard octets.indices.count(where: { octets[$0] == mark[0] && octets[$0...].starts(with: mark) }) == 1,
            let object = octets.withUnsafeBytes({ MemoryReader.with($0, read) })
        else {
            ERR_clear_error()
            throw .unreadable(what)
        }
        return object
    }

    private static func writing(_ what: String, _ write: (OpaquePointer) -> Int32) throws(SignatureError) -> String {
        guard let bio = BIO_new(BIO_s_mem()) else { throw .fromLibrary("memory for the \(what)") }
        // Freeing a memory BIO overwrites its content, also a private key's.
        defer { BIO_free(bio) }
        guard write(bio) == 1 else { throw .fromLibrary("writing the \(what)") }
        var start: UnsafeMutablePointer<CChar>?
        let count = phanbien_bio_memory(bio, &start)
        guard let start, count > 0 else { throw .fromLibrary("writing the \(what)") }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
