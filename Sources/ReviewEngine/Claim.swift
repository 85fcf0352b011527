import ReviewProtocol

/// Who somebody says they are, and what they prove it with.
struct Claim {
    /// The name as sent; it need not be one.
    let name: String
    /// The secret.
    let secret: [UInt8]

    /// The claim of LOGIN or AUTH PLAIN.
    init(_ call: Call) {
        if call.form.name == "LOGIN" {
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

/// Base64 with padding (RFC 4648 §4), for AUTH PLAIN.
enum Base64 {
    /// The octets; nil when the text is not base64.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        for (index, octet) in text.enumerated() {
            let value: UInt32
            switch octet {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(octet - 65)
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(octet - 97 + 26)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(octet - 48 + 52)
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "=") where index >= text.count - padding: value = 0
            default: return nil
            }
            bits = bits << 6 | value
            if index % 4 == 3 {
                octets += [UInt8(bits >> 16 & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)]
                bits = 0
            }
        }
        octets.removeLast(min(padding, octets.count))
        return octets
    }
}
