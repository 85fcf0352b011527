public import ReviewProtocol

/// What the shell has to do for a session, in the order given.
public enum ClientEffect: Sendable, Equatable {
    /// Make a TLS connection, then say `connected` or `disconnected`.
    case connect
    /// Write these octets.
    case write([UInt8])
    /// Drop the connection, then say `disconnected`.
    case disconnect
    /// A request is answered, once and for all.
    case deliver(RequestIdentifier, Reply)
    /// A request could not be put into the protocol's words; nothing was sent.
    case refuse(RequestIdentifier, EncodeError)
    /// A request gets no answer, and why. Whether a write took effect is not known; the same one with the same `key=` may be
    /// sent again.
    case giveUp(RequestIdentifier, GiveUpReason)
    /// Something happened in the log that the caller follows. Never twice the same, never out of order.
    case event(EventLine)
    /// Everything up to this number of the log has been seen.
    case synchronised(Int64)
    /// Something the person should know.
    case note(ClientNote)
    /// A login succeeded and gave this session token, to be kept.
    case keepToken([UInt8])
    /// A token was refused: it is of no use any more.
    case forgetToken
    /// The session is logged in and takes requests.
    case ready
    /// No credential was accepted: the session waits for another, or for `close`.
    case needsCredential(Status?)
    /// Wake the session with `timer` at this moment; nil puts the timer off.
    case setTimer(Milliseconds?)
    /// The session is over; requests without a reply stay without one.
    case failed(ClientFailure)
}

/// Why a request is not sent any more by itself.
public enum GiveUpReason: Sendable, Equatable {
    /// The connection broke each time.
    case connectionBreaks
    /// A write was made for a log that is not there any more (a backup was restored): what it names may be something else
    /// now.
    case logChanged
}

/// News about the connection that need not end anything.
public enum ClientNote: Sendable, Equatable {
    /// The server said something between two replies.
    case server(code: String, pairs: [Pair], human: String)
    /// The connection was lost; it is made again after this wait.
    case reconnecting(reason: String, afterMilliseconds: Milliseconds)
    /// The connection is there again; so many requests were sent once more with their keys.
    case resumed(resent: Int)
    /// An event named a predecessor that this session has not seen: some are missing.
    case gap(expected: Int64, found: Int64, sequence: Int64)
    /// The server's log is another one than before (a backup was restored): following starts again at its end.
    case logChanged(from: String?, to: String?)
    /// The server refused to let this person follow.
    case watchRefused(Status)
    /// The server does not know the person's certificate, or no longer: they come in otherwise, if at all.
    case certificateRefused
}

/// Why a session is over.
public enum ClientFailure: Error, Sendable, Equatable {
    /// No connection could be made, or none would last.
    case unreachable(reason: String)
    /// The server closed for good, with this code and its words; `limit` is the one that was reached, if it named one.
    case closedByServer(code: String, limit: String?, human: String)
    /// The server said something that is not phanbien/1.
    case protocolViolation(String)
    /// The caller closed the session.
    case closed
}
