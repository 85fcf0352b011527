public import ReviewCore
public import ReviewProtocol

/// What the engine is told once, at its start.
public struct EngineConfiguration: Sendable {
    /// The limits of the protocol.
    public var limits: Limits
    /// Name and version in HELLO.
    public var serverName: String
    /// Understands a plan file (YAML): the draft, as far as there is one, and everything found wrong while reading.
    public var readPlan: @Sendable ([UInt8]) -> (PlanDraft?, [PlanProblem])
    /// The line of the log as which an event is stored; texts need not be at hand for it.
    public var writeRecord: @Sendable (Event) -> String
    /// Versions of what the server is built from, for STATUS.
    public var versions: [Pair]
    /// Signs what the server says of its log; nil when there is no key, and then nothing is signed.
    public var signer: Signer?
    /// Checks the signatures of approvals; nil when there is no authority to check them by.
    public var signatures: SignatureCheck?
    /// What has to be looked at for an answer, in octets of text, before it is computed on another thread.
    ///
    /// So much is read through in less than a millisecond. A comparison counts by the partners that its paragraphs may have:
    /// one below this takes ten milliseconds at worst, and of texts as people write them one or two.
    public var longOctets: Int

    /// A configuration.
    public init(
        limits: Limits = Limits(), serverName: String = "phanbiend/1.0",
        readPlan: @escaping @Sendable ([UInt8]) -> (PlanDraft?, [PlanProblem]),
        writeRecord: @escaping @Sendable (Event) -> String, versions: [Pair] = [],
        signer: Signer? = nil, signatures: SignatureCheck? = nil, longOctets: Int = 65_536
    ) {
        self.limits = limits
        self.serverName = serverName
        self.readPlan = readPlan
        self.writeRecord = writeRecord
        self.versions = versions
        self.signer = signer
        self.signatures = signatures
        self.longOctets = longOctets
    }

    /// How long a session token is good: 12 hours (specification §6).
    static let tokenLifeMilliseconds: Int64 = 12 * 3_600_000
    /// Events of a finished topic from which on it is made whole on another thread.
    static let longHistory = 200
    /// Finished topics whose details are kept at hand after somebody asked for them.
    static let revivedTopics = 4
    /// The latest events that are kept at hand for watchers.
    static let recentEvents = 4_096
    /// Texts of those events altogether, in octets; most of them are shared with the state.
    static let recentOctets = 64 * 1_048_576
    /// Events that are read from the log at once, for LOG and for a watcher who is far behind.
    static let eventPage = 256
    /// What one connection is sent at most in one turn of catching up, in octets.
    static let catchUpOctets = 65_536
    /// Output of one connection, and of one person, in one turn after which further requests wait for the next one, in
    /// octets.
    static let outputOctets = 262_144
    /// Replies up to this size, in octets, cost too little to be counted against a person.
    static let shortReply = 4_096
    /// Pages of the log that are asked for at the same time for one connection.
    static let pagesAtOnce = 4
    /// Writes that one batch holds at most.
    static let batchWrites = 4_096
    /// Texts that one batch holds at most before further writes wait for the next one, in octets.
    static let batchOctets = 32 * 1_048_576
    /// Logins that wait for a place in the pool, over all connections.
    static let waitingLogins = 256
    /// How long BUSY takes, and how long it asks to wait before the next try.
    static let busyMilliseconds: Int64 = 1_000
    /// When to ask again for what needs the authority's key: an operator has to bring it.
    static let authorityMilliseconds: Int64 = 600_000
    /// Verifications in flight altogether: the pool's two threads, and as many again so that they never rest.
    ///
    /// The others wait in the engine, where it is decided who is next.
    static let verificationsAtOnce = 4
    /// Verifications in flight for one person, and for one address.
    static let verificationsInFlight = 2
    /// Names and addresses whose failures are remembered.
    static let rememberedFailures = 10_000
    /// Addresses whose last turn at the pool is remembered.
    static let rememberedAddresses = 4_096
    /// Places, a person at an address, that are remembered as known.
    static let rememberedPlaces = 4_096
}
