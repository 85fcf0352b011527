/// Why a limit could not be set.
public enum LimitError: Error, Sendable, Equatable {
    /// No limit has this name.
    case unknownName(String)
    /// The value is not a decimal number within the limit's range.
    case outOfRange(name: String, value: String, range: ClosedRange<Int>)

    /// What is wrong, and what would be right.
    public var human: Bilingual {
        switch self {
        case .unknownName(let name):
            let names = Limits.names.joined(separator: ", ")
            return Bilingual(
                "Không có giới hạn “\(name)”. Các giới hạn: \(names)",
                "No limit is called “\(name)”. The limits: \(names)")
        case .outOfRange(let name, let value, let range):
            let isNumber = !value.isEmpty && value.utf8.allSatisfy(Octet.isDigit)
            let isSmall = Int(value).map { $0 < range.lowerBound } ?? false
            let usual = Limits()[name] ?? range.lowerBound
            let right = !isNumber ? usual : isSmall ? range.lowerBound : range.upperBound
            return Bilingual(
                "Giới hạn \(name) phải là số nguyên từ \(range.lowerBound) đến \(range.upperBound), không phải “\(value)”. Sửa thành \(name)=\(right), hoặc bỏ hẳn tùy chọn này để dùng mặc định \(usual)",
                "The limit \(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not “\(value)”. Write \(name)=\(right), or leave the option out for the default \(usual)"
            )
        }
    }
}

/// Every limit of the protocol, in one place (specification §2, "Limits").
///
/// Sizes are octets, times are seconds.
///
/// The server announces `line` and `body` in HELLO and all of them in LIMITS; `--limit NAME=VALUE` sets one.
public struct Limits: Sendable, Equatable {
    /// Longest command line and longest typed text line after login, in octets without the line's end.
    public var line = 4_000
    /// Largest body after login, in octets.
    public var body = 2_097_152
    /// Longest line before login, in octets without the line's end.
    public var anonymousLine = 1_024
    /// Largest body before login, in octets.
    public var anonymousBody = 256
    /// Largest body of ENROL before login, in octets.
    public var enrolBody = 16_384
    /// All octets that may arrive before login.
    public var anonymousTotal = 16_384
    /// Connections that one person may hold.
    public var connectionsPerPerson = 8
    /// Connections that one network address may hold.
    public var connectionsPerAddress = 16
    /// Connections that the server holds altogether.
    public var connections = 10_000
    /// Requests of one connection that may wait for their replies before the server stops reading.
    public var windowRequests = 64
    /// Octets of one connection that may wait before the server stops reading.
    public var windowOctets = 262_144
    /// Requests of one person in a second; a burst may be twice that.
    public var requestsPerSecond = 1_000
    /// Time for the TLS handshake.
    public var handshakeSeconds = 10
    /// Time from the handshake's end to a login.
    public var loginSeconds = 60
    /// Time from the first octet of a line to its end.
    public var lineSeconds = 60
    /// The slowest arrival of a body that is tolerated, in octets per second.
    public var bodyOctetsPerSecond = 500
    /// Time without any request after which the server closes.
    public var idleSeconds = 1_800
    /// Time between two SYNC lines on a quiet subscription.
    public var syncSeconds = 30
    /// Subscriptions that one connection may hold.
    public var watches = 16
    /// Longest EVENT line, in octets without the line's end.
    public var eventOctets = 500

    /// The limits of the specification.
    public init() {}

    /// The longest command line, in octets without its end, in a session that has or has not logged in.
    func lineOctets(authenticated: Bool) -> Int {
        authenticated ? line : anonymousLine
    }

    /// The largest body of a verb, in octets, in a session that has or has not logged in.
    func bodyOctets(authenticated: Bool, verb: String) -> Int {
        if authenticated { return body }
        return verb == "ENROL" ? enrolBody : anonymousBody
    }

    /// One line of the table of limits.
    private struct Row: Sendable {
        let name: String
        let path: any WritableKeyPath<Limits, Int> & Sendable
        let range: ClosedRange<Int>
    }

    /// The bounds keep the protocol usable below (a reply must fit) and the server's memory bounded above.
    ///
    /// A body, and a certificate request, are at most as large as their own rules allow: what is announced is taken.
    private static let table: [Row] = [
        Row(name: "line", path: \.line, range: 256...16_000),
        Row(name: "body", path: \.body, range: 256...2_097_152),
        Row(name: "anonymous-line", path: \.anonymousLine, range: 256...16_000),
        Row(name: "anonymous-body", path: \.anonymousBody, range: 64...65_536),
        Row(name: "enrol-body", path: \.enrolBody, range: 1_024...16_384),
        Row(name: "anonymous-total", path: \.anonymousTotal, range: 1_024...1_048_576),
        Row(name: "connections-per-person", path: \.connectionsPerPerson, range: 1...100_000),
        Row(name: "connections-per-address", path: \.connectionsPerAddress, range: 1...100_000),
        Row(name: "connections", path: \.connections, range: 1...1_000_000),
        Row(name: "window-requests", path: \.windowRequests, range: 1...65_536),
        Row(name: "window-octets", path: \.windowOctets, range: 16_384...16_777_216),
        Row(name: "requests-per-second", path: \.requestsPerSecond, range: 1...10_000_000),
        Row(name: "handshake", path: \.handshakeSeconds, range: 1...3_600),
        Row(name: "login", path: \.loginSeconds, range: 1...3_600),
        Row(name: "started-line", path: \.lineSeconds, range: 1...3_600),
        Row(name: "body-octets-per-second", path: \.bodyOctetsPerSecond, range: 1...1_000_000),
        Row(name: "idle", path: \.idleSeconds, range: 1...86_400),
        Row(name: "sync", path: \.syncSeconds, range: 1...3_600),
        Row(name: "watches", path: \.watches, range: 1...1_024),
        Row(name: "event-octets", path: \.eventOctets, range: 200...4_000),
    ]

    /// The wire names of all limits, in the order in which LIMITS prints them.
    public static let names: [String] = table.map(\.name)

    /// The range within which a limit may be set; nil when no limit has the name.
    public static func range(of name: String) -> ClosedRange<Int>? {
        table.first { $0.name == name }?.range
    }

    /// The value of the limit with a wire name; nil when no limit has the name.
    public subscript(name: String) -> Int? {
        guard let row = Limits.table.first(where: { $0.name == name }) else { return nil }
        return self[keyPath: row.path]
    }

    /// Sets one limit from its wire name and a decimal number.
    ///
    /// - Throws: `LimitError`, when there is no such limit or the number is outside its range.
    public mutating func set(_ name: String, to value: String) throws(LimitError) {
        guard let row = Limits.table.first(where: { $0.name == name }) else { throw .unknownName(name) }
        // Nine digits fit every range, so no longer number is ever converted.
        guard !value.isEmpty, value.utf8.count <= 9, value.utf8.allSatisfy(Octet.isDigit), let number = Int(value),
            row.range.contains(number)
        else { throw .outOfRange(name: name, value: String(value.prefix(40)), range: row.range) }
        self[keyPath: row.path] = number
    }

    /// All limits as pairs, in the order in which LIMITS prints them.
    public var pairs: [Pair] {
        Limits.table.map { Pair($0.name, String(self[keyPath: $0.path])) }
    }
}
