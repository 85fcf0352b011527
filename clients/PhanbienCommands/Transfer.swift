public import ReviewClient
public import ReviewProtocol

/// Something large on its way between this machine and the server.
public enum Transfer: Sendable, Equatable {
    /// Octets that went out, and all of them, with those that wait behind: `gone < whole`.
    case sending(gone: Int, whole: Int)
    /// Octets of a reply that came so far; how many follow is not known.
    case receiving(Int)

    /// For people; in large steps where each change is read out.
    public func words(inSteps: Bool = false) -> Bilingual {
        switch self {
        case .sending(let gone, let whole):
            let percent = Int(Double(gone) / Double(max(whole, 1)) * 100)
            let size = FileSize.words(whole)
            let shown = inSteps ? percent / 10 * 10 : percent
            return Bilingual("đang gửi \(size): \(shown)%", "sending \(size): \(shown)%")
        case .receiving(let octets):
            if inSteps, octets < Self.step { return Bilingual("đang nhận …", "receiving …") }
            let size = FileSize.words(inSteps ? octets / Self.step * Self.step : octets)
            return Bilingual("đang nhận: \(size)", "receiving: \(size)")
        }
    }

    private static let step = 262_144
}

/// Notices what takes longer than a moment on the way in or out: of everything else nobody needs to know.
public struct TransferMeter: Sendable {
    /// What has not gone out, or come in, within this time is told.
    public static let patience: Milliseconds = 1_000

    private var outgoing: (since: Milliseconds, gone: Int, whole: Int)?
    private var incoming: (since: Milliseconds, octets: Int)?

    /// Nothing is under way.
    public init() {}

    /// When something is to be told of what is under way now; nil when nothing is.
    public var due: Milliseconds? {
        [outgoing?.since, incoming?.since].compactMap { $0 }.min().map { $0 + Self.patience }
    }

    /// So many octets of a request that goes in several pieces went out; none when it begins.
    public mutating func sent(_ gone: Int, of whole: Int, now: Milliseconds) {
        outgoing = gone < whole ? (outgoing?.since ?? now, gone, whole) : nil
    }

    /// Octets came in.
    ///
    /// - Parameter isMoreToCome: whether they end within a reply.
    public mutating func received(_ octets: Int, isMoreToCome: Bool, now: Milliseconds) {
        guard isMoreToCome else { return incoming = nil }
        incoming = (incoming?.since ?? now, (incoming?.octets ?? 0) + octets)
    }

    /// The connection is gone, and what was under way on it.
    public mutating func ended() { self = TransferMeter() }

    /// What is told now.
    public func told(now: Milliseconds) -> Transfer? {
        if let outgoing, now >= outgoing.since + Self.patience {
            return .sending(gone: outgoing.gone, whole: outgoing.whole)
        }
        if let incoming, now >= incoming.since + Self.patience { return .receiving(incoming.octets) }
        return nil
    }
}
