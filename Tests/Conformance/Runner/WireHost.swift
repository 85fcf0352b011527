import NIOCore
import NIOPosix
import ReviewTestKit

/// Runs transcripts against a server over TLS.
struct WireHost: TopicHost {
    private let server: ServerUnderTest
    private let group: any EventLoopGroup
    private let pace: Pace
    private var connections: [Transcript.ConnectionName: WireConnection] = [:]
    private var plans: PlanPool

    /// How long a line that is expected may take: longer than the longest delay of a login.
    private static let patience = TimeAmount.seconds(30)
    /// What lies between two pieces of a burst that is cut.
    private static let pause = TimeAmount.microseconds(150)

    init(_ server: ServerUnderTest, group: any EventLoopGroup, firstYear: Int, requestsPerSecond: Int) {
        self.server = server
        self.group = group
        plans = PlanPool(firstYear: firstYear)
        pace = Pace(requestsPerSecond: requestsPerSecond)
    }

    mutating func open(_ connection: Transcript.ConnectionName, _ options: OpenOptions) async throws -> Bool {
        do {
            connections[connection] = try await WireConnection.connect(to: server, options, group: group)
            return true
        } catch {
            if options == OpenOptions() { throw error }
            return false
        }
    }

    mutating func send(
        _ connection: Transcript.ConnectionName, _ octets: [UInt8], _ delivery: Delivery
    ) async throws {
        try await pace.take(octets.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 })
        try await connections[connection]?.write(
            delivery.pieces(of: octets), dribbles: delivery == .octets, pause: Self.pause)
    }

    func nextLine(_ connection: Transcript.ConnectionName) async throws -> HostLine {
        guard let open = connections[connection] else { return .closed }
        return try await open.line(within: Self.patience)
    }

    mutating func close(_ connection: Transcript.ConnectionName) async throws {
        await connections.removeValue(forKey: connection)?.close()
    }

    func setClock(_ step: String) async throws {
        throw TranscriptError(name: "", line: 0, problem: "a server's clock cannot be set")
    }

    // MARK: Topics

    func begin(at stage: String?, _ standing: inout Standing) async throws -> [String: String]? { nil }

    mutating func freshTopic(_ standing: inout Standing) async throws -> String {
        var pool = plans
        defer { plans = pool }
        return try await pool.topic(on: &self, &standing)
    }

    mutating func unusedYear(_ standing: inout Standing) async throws -> String {
        var pool = plans
        defer { plans = pool }
        return try await pool.unusedYear(on: &self, &standing)
    }

    mutating func dismiss(topic: String, _ standing: inout Standing) async throws {
        try await PlanPool.cancel(topic, on: &self, &standing)
    }
}

/// Keeps all connections together below the rate that the server allows one person, so that no transcript meets NO RATE.
final class Pace {
    private let requestsPerSecond: Int
    private let start = ContinuousClock.now
    private var sent = 0

    init(requestsPerSecond: Int) { self.requestsPerSecond = requestsPerSecond }

    /// Waits until so many lines more may leave.
    func take(_ lines: Int) async throws {
        sent += lines
        let due = start.advanced(by: .milliseconds(sent * 1_000 / max(1, requestsPerSecond)))
        if due > ContinuousClock.now { try await Task.sleep(until: due) }
    }
}
