import COpenSSL
import ReviewDigest

/// Octets that cannot be foretold, from OpenSSL's generator, which the kernel seeds.
public enum SecureRandom {
    /// Random octets.
    ///
    /// - Parameter count: 0 to 65,536; nothing here needs more.
    /// - Throws: `invalidParameter` for another count, `library` when the generator could not be seeded.
    public static func octets(_ count: Int) throws(SignatureError) -> [UInt8] {
        guard (0...65_536).contains(count) else { throw .invalidParameter("0 to 65536 random octets, not \(count)") }
        var octets = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&octets, Int32(count)) == 1 else { throw .fromLibrary("random octets") }
        return octets
    }

    /// A session token: 256 bits as 43 characters of base64url (RFC 4648 §5).
    ///
    /// A machine without random numbers ends the process: a token that could be guessed would be worse than no server.
    public static func token() -> String {
        Base64.encode(octetsOrEnd(32), as: .forAddresses)
    }

    private static func octetsOrEnd(_ count: Int) -> [UInt8] {
        do {
            return try octets(count)
        } catch {
            preconditionFailure("no random octets: \(error)")
        }
    }

    /// An invitation code: 15 symbols in three groups, for example `K7QBM-2XF9T-RH4VP`; 71 bits.
    ///
    /// The code is read from paper and typed by people whose Vietnamese input method is on. So the symbols are
    /// Crockford's without those that Telex and VNI answer with another letter: no vowel and no Y (tones attach to
    /// them), no W (becomes Ư), no D (DD and D9 become Đ).
    public static func invitationCode() -> String {
        var symbols: [UInt8] = []
        while symbols.count < InvitationCode.symbolCount {
            // Five bits a symbol; the values above the alphabet are drawn again, so that all symbols are equally likely.
            for octet in octetsOrEnd(32) where symbols.count < InvitationCode.symbolCount {
                let value = Int(octet & 31)
                if value < InvitationCode.alphabet.count { symbols.append(InvitationCode.alphabet[value]) }
            }
        }
        return InvitationCode.grouped(symbols)
    }
}

/// The form of an invitation code.
enum InvitationCode {
    static let alphabet = Array("0123456789BCFGHJKMNPQRSTVXZ".utf8)
    static let symbolCount = 15
    static let groupLength = 5

    static func grouped(_ symbols: [UInt8]) -> String {
        var result: [UInt8] = []
        for (index, symbol) in symbols.enumerated() {
            if index > 0, index.isMultiple(of: groupLength) { result.append(UInt8(ascii: "-")) }
            result.append(symbol)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
