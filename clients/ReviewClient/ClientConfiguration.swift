public import ReviewProtocol

/// How a session behaves.
///
/// All bounds have usual values.
public struct ClientConfiguration: Sendable, Equatable {
    /// The language of the server's words.
    public var language: Language
    /// Whether requests go out without a login, as ENROL does.
    public var isAnonymous = false
    /// How often the very first connection is tried before the session gives up; a person waits at the keyboard.
    public var firstAttempts = 1
    /// How often a lost connection is tried again in a row; nil never gives up.
    public var laterAttempts: Int? = 8
    /// The waits between the tries.
    public var backOff = BackOff()
    /// How often one request is sent before the session suspects that the request itself breaks the connection, and
    /// gives it up.
    public var sendsPerRequest = 5
    /// Requests on the wire without a reply; the server reads at most 64 (specification §2).
    public var windowRequests = 32
    /// Octets on the wire without a reply, unless it is a single request; the server reads at most 256 KiB.
    public var windowOctets = 131_072
    /// After so long without an octet from the server, it is asked for a sign of life.
    public var quietMilliseconds: Milliseconds = 45_000
    /// After so long without an octet, the connection is taken for dead.
    public var deadMilliseconds: Milliseconds = 90_000
    /// The longest wait for the connection, for the greeting, and for each step of the login.
    public var loginMilliseconds: Milliseconds = 20_000
    /// The most octets of one reply that are kept.
    public var replyOctets = 67_108_864

    /// The usual behaviour in a language.
    public init(language: Language = .vietnamese) {
        self.language = language
    }
}
