import COpenSSL

/// Lets OpenSSL read octets where Swift keeps them.
enum MemoryReader {
    /// Calls the body with a BIO over the octets, which must not outlive the call; nil when the body answers nil, for
    /// 2 GiB and more, or without memory.
    static func with<Result>(_ octets: UnsafeRawBufferPointer, _ body: (OpaquePointer) -> Result?) -> Result? {
        // Nothing to read has no address, which OpenSSL would refuse; the string stands in for it, and is not read.
        let empty: StaticString = ""
        guard let count = Int32(exactly: octets.count),
            let bio = BIO_new_mem_buf(octets.baseAddress ?? UnsafeRawPointer(empty.utf8Start), count)
        else { return nil }
        defer { BIO_free(bio) }
        return body(bio)
    }
}
