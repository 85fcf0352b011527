import ReviewProtocol
import Terminal

/// What a server's certificate says of itself, as far as it decides whether the server is believed.
public struct CertificateFacts: Sendable {
    /// The names and addresses it is for.
    public var names: [String]
    /// When it begins, in seconds since 1970, or the authority above it, if that is later.
    public var begins: Int
    /// When it ends, or the authority above it, if that is earlier.
    public var ends: Int

    /// Describes a certificate.
    public init(names: [String], begins: Int, ends: Int) {
        self.names = names
        self.begins = begins
        self.ends = ends
    }

    /// Why it does not serve for a host at a moment; nil when its names and dates are in order.
    public func complaint(host: String, now: Int) -> CommandFailure? {
        let clock = Bilingual(
            "Nếu không phải thì đồng hồ của máy này sai; còn không, báo quản trị hệ thống.",
            "If that is not so, this machine's clock is wrong; else tell the administrator.")
        if now < begins {
            let day = CalendarDay(secondsSince1970: begins).text
            return CommandFailure(
                .notPermitted, "Chứng thư của máy chủ đến ngày \(day) mới có hiệu lực.",
                "The server's certificate is valid only from \(day) on.", next: clock)
        }
        if now > ends {
            let day = CalendarDay(secondsSince1970: ends).text
            return CommandFailure(
                .notPermitted, "Chứng thư của máy chủ đã hết hạn ngày \(day).",
                "The server's certificate expired on \(day).", next: clock)
        }
        guard !names.contains(where: { $0.lowercased() == host.lowercased() }) else { return nil }
        let listed = names.isEmpty ? "–" : names.prefix(10).map { SafeText.escape($0) }.joined(separator: ", ")
        return CommandFailure(
            .notPermitted,
            "Chứng thư của máy chủ không dùng cho tên “\(SafeText.escape(host))”; các tên trong chứng thư: \(listed).",
            "The server's certificate is not for the name “\(SafeText.escape(host))”; the names in it: \(listed).",
            next: Bilingual(
                "Dùng đúng một tên trong đó: phanbien login TÊN:CỔNG …", "Use one of these: phanbien login NAME:PORT …")
        )
    }
}
