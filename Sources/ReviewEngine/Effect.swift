public import ReviewCore

/// Everything that the engine asks the shell to do.
///
/// The order is that of doing.
public enum Effect: Sendable {
    /// Write these octets; at most one such effect per connection comes out of one input.
    case send(ConnectionID, [UInt8])
    /// Close after what was sent is flushed.
    case close(ConnectionID)
    /// Somebody logged in: the framer's limits before login end.
    case authenticated(ConnectionID)
    /// The window is full: read no more from this connection (specification §2).
    case pauseReading(ConnectionID)
    /// Half of the window is free again.
    case resumeReading(ConnectionID)
    /// Make this durable, all or nothing; answered by `appended` or `appendFailed`.
    ///
    /// One at a time.
    case append(Batch)
    /// Read from the store; answered by `loaded` with the same name.
    case load(LoadID, LoadRequest)
    /// Check or make a secret on the pool; answered by `verified` with the same name.
    case verify(VerifyID, VerifyRequest)
    /// Run this away from the connections' work; answered by `computed` with the same name.
    indirect case compute(ComputationID, Computation)
    /// Say `timer` at this instant; a later call replaces it.
    case setTimer(Instant)
    /// After `stop` (or an append after which no process may go on): everything is answered, the process may end.
    case stopped
}

/// What the engine reads from the store.
public enum LoadRequest: Sendable, Equatable {
    /// The stored replies of these keys; answered by `replies`.
    case replies([ReplyKey])
    /// All events of a finished topic; answered by `events`.
    case topic(TopicID)
    /// The topic of a comment that is not in memory; answered by `topic`.
    case topicOfComment(CommentID)
    /// The topic of a review that is not in memory; answered by `topic`.
    case topicOfReview(ReviewID)
    /// Up to `limit` events after a position, of one topic or of all; answered by `events`.
    case events(after: Int64, limit: Int, topic: TopicID?)
    /// One event with its texts; answered by `events`.
    case event(Int64)
    /// A search; answered by `hits`.
    case search(SearchQuery)
    /// A person's read position; answered by `position`.
    case position(PersonID, client: String)
    /// Hashes of the tree over the log; answered by `tree`.
    case tree(TreeQuery)
}

/// What the engine has checked or made by the pool, because it takes long or needs random numbers.
///
/// Candidates are secrets: the shell neither logs nor keeps them.
public enum VerifyRequest: Sendable, Equatable {
    /// Compare a password with its stored hash; answered by `password`.
    ///
    /// `stored` nil: nobody has this password, do the same work and say no.
    case password(stored: String?, candidate: [UInt8], wantsToken: Bool)
    /// Compare the current password, then hash the new one; answered by `changed`.
    ///
    /// `stored` nil: the session has already proved itself by its invitation, there is nothing to compare, hash the
    /// new one.
    case change(stored: String?, current: [UInt8], new: [UInt8])
    /// Make an invitation code; answered by `invitation`.
    case invitation
    /// Issue a client certificate for a request (PEM); answered by `certificate`.
    case certificate([UInt8], CertificateSubject)
}

/// Whom a client certificate names.
public struct CertificateSubject: Sendable, Equatable {
    /// The account name.
    public let person: PersonID
    /// The full name.
    public let name: String
    /// The position, in the administrative term.
    public let title: String
    /// The office's full name.
    public let office: String

    /// Names somebody.
    public init(person: PersonID, name: String, title: String, office: String) {
        self.person = person
        self.name = name
        self.title = title
        self.office = office
    }
}
