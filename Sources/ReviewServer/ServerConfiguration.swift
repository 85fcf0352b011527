import CoreMetrics
public import NIOCore
public import ReviewCore
public import ReviewEngine
public import ReviewProtocol
public import ReviewSignatures

/// What the operator decides about the network side.
public struct ServerConfiguration: Sendable {
    /// Where to listen.
    public var listen: ListenAddress
    /// The limits of specification §2.
    public var limits: Limits
    /// Threads that serve connections, 1 to 64.
    ///
    /// One is right for an office. With more of them the first has the engine and the log to itself.
    public var loops: Int
    /// The work that a new password costs; the quick one is for tests only.
    public var passwordCost: ScryptCost
    /// How long the end may take before connections are cut; ten seconds in all are promised (specification §9).
    public var stopTime: TimeAmount
    /// What the server calls itself to those who measure it.
    public var version: String
    /// Where metrics are read; nil: nowhere.
    public var metrics: MetricsEndpoint?
    /// Who started the server and wants to know how it is doing; nil: nobody.
    public var manager: ServiceManager?
    /// Issues client certificates; may take as long as reading a file does, and is called away from the event loops.
    public var certify: @Sendable ([UInt8], CertificateSubject) -> Certification
    /// What time it is.
    public var clock: @Sendable () -> Instant

    /// The settings of specification §2, for one address.
    public init(listen: ListenAddress, limits: Limits = Limits()) {
        self.listen = listen
        self.limits = limits
        loops = 1
        passwordCost = .standard
        stopTime = .seconds(7)
        version = ""
        certify = { _, _ in .unavailable }
        clock = { WallClock.now() }
    }
}

/// Who is told how the server is doing, and what only the world around the engine's host knows.
struct Monitoring: Sendable {
    var factory: any MetricsFactory = NOOPMetricsHandler.instance
    var version = ""
    var manager: ServiceManager?
    var door = DoorCounters()
    var certificateEnds: @Sendable () -> Instant? = { nil }
}

extension Monitoring {
    /// As the operator has decided.
    init(_ configuration: ServerConfiguration, _ certificates: ServerCertificates) {
        if let endpoint = configuration.metrics { factory = endpoint.registry }
        version = configuration.version
        manager = configuration.manager
        certificateEnds = { certificates.ends }
    }
}
