/// Whom the engine refused at the door, by address, since it was last asked: for the operator's log.
///
/// Names of persons are not in it, and no more addresses than fit a glance: a flood from many counts under `others`.
public struct Incidents: Sendable, Equatable {
    /// What stands for further addresses.
    public static let others = "others"
    /// How many addresses are told apart.
    static let mostAddresses = 256

    /// Logins with a wrong name or secret.
    public private(set) var failedLogins: [String: Int64] = [:]
    /// Connections beyond a limit, which were told so.
    public private(set) var turnedAway: [String: Int64] = [:]

    /// Nothing, or what is given.
    public init(failedLogins: [String: Int64] = [:], turnedAway: [String: Int64] = [:]) {
        self.failedLogins = failedLogins
        self.turnedAway = turnedAway
    }

    mutating func noteFailedLogin(from address: String) { Self.count(address, in: &failedLogins) }

    mutating func noteTurnedAway(_ address: String) { Self.count(address, in: &turnedAway) }

    private static func count(_ address: String, in counts: inout [String: Int64]) {
        let isRoom = counts[address] != nil || counts.count < mostAddresses
        counts[isRoom ? address : others, default: 0] &+= 1
    }
}

extension Engine {
    /// What has come together, which is then forgotten.
    public mutating func takeIncidents() -> Incidents {
        defer { incidents = Incidents() }
        return incidents
    }
}
