public import ReviewCore
public import ReviewDigest
public import ReviewProtocol

/// Everything that the shell tells the engine.
public enum Input: Sendable {
    /// A connection whose TLS handshake is done; the address is without its port.
    ///
    /// `certificate` is the SHA-256 of the client certificate (DER) whose key the peer has proved to hold, and which an
    /// authority of this server has issued.
    case opened(ConnectionID, address: String, certificate: Digest? = nil)
    /// One read burst, framed and parsed on the connection's own event loop, and what the framer waits for now.
    case received(ConnectionID, [Received], pending: Framer.Pending)
    /// The socket takes more again.
    case drained(ConnectionID)
    /// The socket takes no more for now: it is above its high watermark.
    case blocked(ConnectionID)
    /// The connection is gone.
    case closed(ConnectionID)
    /// Everything at hand was handed in: answer what can be answered, decide, append once.
    case turn
    /// The batch asked for is durable.
    case appended
    /// Nothing of the batch was stored.
    case appendFailed(AppendFailure)
    /// The answer to a load.
    case loaded(LoadID, Loaded)
    /// The answer to a verification.
    case verified(VerifyID, Verified)
    /// The result of a computation.
    indirect case computed(ComputationID, Computed)
    /// The instant of the last `setTimer` came.
    case timer
    /// The process shall end: answer what is in flight, then BYE SHUTDOWN to everybody.
    case stop
    /// Figures that only the shell knows, for STATUS.
    indirect case observed(ServerFigures)
}

/// Why a batch was not stored.
public enum AppendFailure: Error, Sendable, Equatable {
    /// Another writer got in between: this process must not go on.
    case conflict
    /// The disk is full; reading goes on.
    case full
    /// The files cannot be written; reading goes on.
    case readOnly
    /// The disk failed halfway: whether the batch is stored is known after a restart, so this process must not go on.
    case uncertain(String)
    /// The disk failed for good, with words for the log: nothing of this batch was stored, and only a restart, which reads
    /// everything back, may go on.
    case final(String)
    /// Anything else, with words for the log: the next batch may be stored.
    case broken(String)

    /// Whether this process can do nothing more: what it believes may no longer be true, or it may store nothing.
    var endsProcess: Bool {
        switch self {
        case .conflict, .uncertain, .final: true
        case .full, .readOnly, .broken: false
        }
    }
}

/// What a load gives.
public enum Loaded: Sendable {
    /// The stored replies among the keys asked for, in any order.
    case replies([StoredReply])
    /// Events in the order of the log: a page, or all of one topic.
    case events([Event])
    /// The topic of a comment or a review; nil when there is no such comment or review.
    case topic(TopicID?)
    /// Hits of a search, the best first.
    case hits([SearchHit])
    /// A read position; nil when none was stored.
    case position(Int64?)
    /// Hashes of the tree over the log.
    case tree(TreeAnswer)
    /// The store could not read, with words for the log.
    case failed(String)
}

/// What a verification gives.
public enum Verified: Sendable {
    /// Whether the password is right, and a fresh session token (in the clear) when one was wanted and it is.
    case password(Bool, token: String?)
    /// The hash of the new password; nil: the current one was wrong.
    case changed(newHash: String?)
    /// A fresh invitation code, in the clear.
    case invitation(code: String)
    /// What became of a certificate request.
    indirect case certificate(Certification)
    /// The pool's queue is full.
    case busy
}

/// What becomes of a certificate request.
public enum Certification: Sendable, Equatable {
    /// A certificate was issued.
    case issued(IssuedCertificate)
    /// The request is none, or its key is too weak, for the reason in words.
    case unsuitable(Wording)
    /// The authority's key is not at hand.
    case unavailable
}

/// A client certificate as an authority has issued it.
public struct IssuedCertificate: Sendable, Equatable {
    /// PEM.
    public let text: String
    /// SHA-256 of its DER form.
    public let digest: Digest
    /// From when it is valid.
    public let from: Instant
    /// Until when.
    public let until: Instant

    /// Describes a certificate.
    public init(text: String, digest: Digest, from: Instant, until: Instant) {
        self.text = text
        self.digest = digest
        self.from = from
        self.until = until
    }
}

/// What only the shell can measure; STATUS prints it (specification §6).
public struct ServerFigures: Sendable, Equatable {
    /// Memory of the process that is in use, in octets.
    public var residentOctets: Int64 = 0
    /// Size of the store's files, in octets.
    public var storeOctets: Int64 = 0
    /// Batches made durable since the start.
    public var commits: Int64 = 0
    /// Half of the latest commits took at most this long.
    public var commitMedianMicroseconds: Int64 = 0
    /// Ninety-nine of a hundred of the latest commits took at most this long.
    public var commitHighMicroseconds: Int64 = 0
    /// Seconds since the process started.
    public var uptimeSeconds: Int64 = 0
    /// More figures, printed as they are, in their order; no secrets and no names of persons.
    public var others: [Pair] = []

    /// No figures yet.
    public init() {}
}
