public import ReviewProtocol

/// Milliseconds on a clock that never goes back.
///
/// Where it starts does not matter: only differences are used.
public typealias Milliseconds = Int64

/// The number by which a caller knows its request again; it stays the same over reconnections.
public struct RequestIdentifier: Sendable, Hashable {
    /// The number, counted by the caller.
    public let number: UInt64

    /// Takes the caller's number.
    public init(_ number: UInt64) {
        self.number = number
    }
}

/// What a person can prove who they are with.
///
/// The session tries its credentials in order.
public enum Credential: Sendable, Equatable {
    /// The certificate that the shell presents with each connection: `AUTH EXTERNAL`.
    case certificate
    /// A session token of an earlier login: `AUTH TOKEN`.
    case token([UInt8])
    /// A password, which also asks for a new session token: `LOGIN person token=yes <`.
    case password(person: String, [UInt8])
}

/// Everything that can happen to a session; the shell feeds it in.
public enum ClientInput: Sendable, Equatable {
    /// The transport that `connect` asked for is there, its TLS handshake done.
    case connected
    /// Octets arrived.
    case received([UInt8])
    /// Octets that were to be written went out: the line lives, however long a large request takes on it.
    case wentOut
    /// The transport ended, or could not be made. `jitter` is a random number that spreads reconnections.
    case disconnected(reason: String, jitter: UInt32)
    /// The caller wants a request done. A write must carry its `key=` already: keys come from random, which lives outside.
    case send(RequestIdentifier, Request)
    /// The same for a request that the server has refused for the moment: it goes out after this pause.
    case sendLater(RequestIdentifier, Request, milliseconds: Milliseconds)
    /// The caller wants to follow the log: everything, or one topic.
    case watch(Subscription)
    /// The caller no longer wants to follow the log.
    case unwatch
    /// The answer to `ClientEffect.needsCredential`.
    case credential(Credential)
    /// The moment named by the last `ClientEffect.setTimer` has come.
    case timer
    /// The caller is done: the connection is closed and never made again.
    case close
}

/// What a caller follows, and from where.
public struct Subscription: Sendable, Equatable {
    /// The topic, or nil for everything the person may see.
    public var topic: String?
    /// The number of the last event that is known already, or nil to begin with the next one.
    public var after: Int64?
    /// The identity of the log that `after` belongs to (`log=` of HELLO).
    public var log: String?

    /// Describes a subscription.
    public init(topic: String? = nil, after: Int64? = nil, log: String? = nil) {
        self.topic = topic
        self.after = after
        self.log = log
    }
}
