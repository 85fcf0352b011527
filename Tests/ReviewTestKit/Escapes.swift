/// Octets written as text, for what no text can hold.
///
/// `\n`, `\r`, `\t`, `\\`; `\xFF` is one octet; `\u{202E}` is a character in UTF-8; `\{3*ab}` is `ababab`, where the
/// repeated part may hold escapes but no braces.
public enum Escapes {
    /// The most octets that one text may stand for: a little more than twice the largest body.
    static let most = 8 << 20

    /// The octets; nil when an escape is none of those above.
    public static func octets(of text: String) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = Substring(text).utf8
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "\\") else {
                result.append(octet)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "x"):
                guard let value = UInt8(String(Substring(rest.prefix(2))), radix: 16), rest.count >= 2 else {
                    return nil
                }
                result.append(value)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "u"):
                guard rest.popFirst() == UInt8(ascii: "{"), let digits = upToBrace(&rest),
                    let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
                else { return nil }
                result.append(contentsOf: String(Character(scalar)).utf8)
            case UInt8(ascii: "{"):
                guard let repeated = upToBrace(&rest), let star = repeated.firstIndex(of: "*"),
                    let count = Int(repeated[..<star]), count >= 0,
                    let unit = octets(of: String(repeated[repeated.index(after: star)...])),
                    !count.multipliedReportingOverflow(by: max(1, unit.count)).overflow, count * unit.count <= most
                else { return nil }
                for _ in 0..<count { result.append(contentsOf: unit) }
            default: return nil
            }
        }
        return result
    }

    private static func upToBrace(_ rest: inout Substring.UTF8View) -> String? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        defer { rest = rest[rest.index(after: end)...] }
        return String(Substring(rest[..<end]))
    }
}
