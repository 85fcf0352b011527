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

    static func text(certificate: OpaquePointer) throws(SignatureError) -> String {
        try writing("certificate") { PEM_write_bio_X509($0, certificate) }
    }

    /// Writes PKCS #8 without encryption: the file's permissions protect it.
    static func text(privateKey: OpaquePointer) throws(SignatureError) -> String {
        try writing("private key") { PEM_write_bio_PKCS8PrivateKey($0, privateKey, nil, nil, 0, nil, nil) }
    }

    /// Without this, OpenSSL would ask for the passphrase of an encrypted key on the terminal.
    private static let refusePassphrase:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = { _, _, _, _ in
            -1
        }

    private static func reading(
        _ text: String, _ what: String, _ read: (OpaquePointer) -> OpaquePointer?
    ) throws(SignatureError) -> OpaquePointer {
        guard text.utf8.count <= longestTextOctets else { throw .unreadable("\(what): too long") }
        var text = text
        let object = text.withUTF8 { octets -> OpaquePointer? in
            guard let bio = BIO_new_mem_buf(octets.baseAddress, Int32(octets.count)) else { return nil }
            defer { BIO_free(bio) }
            return read(bio)
        }
        guard let object else {
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
