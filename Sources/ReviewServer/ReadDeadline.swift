import NIOCore
import ReviewProtocol

/// By when the peer has to go on with what it has begun to send (specification §2, "Limits": deadlines are absolute).
///
/// - A started line must end within `lineSeconds` after its first octet, however slowly its octets trickle in.
/// - A counted body must arrive with `bodyOctetsPerSecond` on average, measured from its announcement with a grace of
///   ten seconds. The pace is asked of counted bodies alone: text blocks are typed by hand, and each of their lines is a
///   started line.
///
/// A value without a clock: every change comes with its time, which is asked for only if it matters.
struct ReadDeadline {
    /// How long a body may rest before its pace is measured.
    static let graceSeconds: Int64 = 10

    private struct CountedBody {
        var started: NIODeadline
        var total: Int
        var remaining: Int
    }

    private let lineTime: TimeAmount
    private let octetsPerSecond: Int
    private var lineStarted: NIODeadline?
    private var countedBody: CountedBody?
    private var suspendedSince: NIODeadline?

    init(limits: Limits) {
        lineTime = .seconds(Int64(limits.lineSeconds))
        octetsPerSecond = max(1, limits.bodyOctetsPerSecond)
    }

    /// When it is too late if nothing more arrives; nil while nothing has begun, or while the server itself does not read.
    var due: NIODeadline? {
        guard suspendedSince == nil else { return nil }
        if let body = countedBody {
            // At most ten million octets (a count has seven digits), so the product stays far from overflowing.
            let earned = Int64(body.total - body.remaining) * 1_000_000_000 / Int64(octetsPerSecond)
            return body.started + .seconds(Self.graceSeconds) + .nanoseconds(earned)
        }
        return lineStarted.map { $0 + lineTime }
    }

    /// Notes octets that arrived, before they are framed.
    mutating func arrived(_ octets: UnsafeRawBufferPointer, now: @autoclosure () -> NIODeadline) {
        guard let last = octets.last else { return }
        let lineFeed = UInt8(ascii: "\n")
        if last == lineFeed {
            lineStarted = nil
        } else if lineStarted == nil || octets.contains(lineFeed) {
            lineStarted = suspendedSince ?? now()
        }
    }

    /// Notes what the framer waits for after the octets were framed.
    ///
    /// - Parameter finished: Whether a request was completed, so that a body waited for now is a new one.
    mutating func framed(pending: Framer.Pending, finished: Bool, now: @autoclosure () -> NIODeadline) {
        if case .literalBody(let remaining) = pending {
            if finished || countedBody == nil {
                let now = suspendedSince ?? now()
                countedBody = CountedBody(started: now, total: remaining, remaining: remaining)
            } else {
                countedBody?.remaining = remaining
            }
        } else {
            countedBody = nil
            if pending == .nothing { lineStarted = nil }
        }
    }

    /// The server stops reading for reasons of its own: the peer's time stands still.
    mutating func suspend(now: @autoclosure () -> NIODeadline) {
        if suspendedSince == nil { suspendedSince = now() }
    }

    /// The server reads again.
    mutating func resume(now: @autoclosure () -> NIODeadline) {
        guard let since = suspendedSince else { return }
        suspendedSince = nil
        let pause = now() - since
        if let started = lineStarted { lineStarted = started + pause }
        if let body = countedBody { countedBody?.started = body.started + pause }
    }
}
