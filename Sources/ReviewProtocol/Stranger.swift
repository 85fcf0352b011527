/// Peers that speak another protocol.
///
/// A browser that is tricked into sending here what a form contains would otherwise have its lines tried as requests
/// one by one (specification §1.3).
enum Stranger {
    /// The first octet of a TLS record: TLS inside TLS.
    static func isHandshake(_ octet: UInt8?) -> Bool {
        octet == 0x16
    }

    private static let openings: [[UInt8]] = [
        "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ", "PATCH ", "PRI * HTTP/", "HTTP/",
        "EHLO ", "HELO ", "LHLO ", "MAIL FROM:", "STARTTLS", "SSH-", "USER ", "NICK ", "CAP ", "PASS ",
        "CAPABILITY", "A001 ",
    ].map { Array($0.utf8) }

    private static let httpVersion = Array(" HTTP/".utf8)

    /// Whether the first line of a connection is that of HTTP, of mail, or of another line protocol.
    static func isGreeting(_ octets: [UInt8], _ line: Range<Int>) -> Bool {
        let line = octets[line]
        // RESP: an array of so many elements.
        if line.first == UInt8(ascii: "*"), line.dropFirst().first.map(Octet.isDigit) == true { return true }
        if openings.contains(where: { line.starts(with: $0) }) { return true }
        // "GET", "Get" or an unknown method: the version at the end of the line tells.
        guard let last = line.lastIndex(of: Octet.space) else { return false }
        return line[last...].starts(with: httpVersion)
    }
}
