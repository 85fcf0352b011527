import ReviewDigest
import ReviewProtocol

/// Who somebody says they are, and what they prove it with.
struct Claim {
    /// The name as sent; it need not be one.
    let name: String
    /// The secret.
    let secret: [UInt8]

    /// The claim of LOGIN or AUTH PLAIN.
    init(_ call: Call) {
        if call.form.act == .session(.login) {
            name = call.word("person")
            secret = call.octets ?? []
            return
        }
        // message = [authzid] NUL authcid NUL passwd (RFC 4616 §2), or the same in base64, as mail programs send it.
        let octets = call.octets ?? []
        let message = octets.contains(0) ? octets : Base64.decode(octets) ?? octets
        let parts = message.split(separator: 0, omittingEmptySubsequences: false)
        let isComplete = parts.count == 3 && (parts[0].isEmpty || parts[0] == parts[1])
        name = isComplete ? String(decoding: parts[1].prefix(64), as: UTF8.self) : ""
        secret = isComplete ? Array(parts[2]) : []
    }
}
