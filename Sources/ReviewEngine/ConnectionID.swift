/// One connection, numbered by the shell in the order of accepting; a number is never used twice.
public struct ConnectionID: Hashable, Sendable, Comparable {
    /// The number.
    public let number: UInt64

    /// Names a connection.
    public init(_ number: UInt64) { self.number = number }

    /// Older connections come first.
    public static func < (left: ConnectionID, right: ConnectionID) -> Bool { left.number < right.number }
}

/// Names a load that the engine asked for, until its answer came.
public struct LoadID: Hashable, Sendable, Comparable {
    /// The number.
    public let number: UInt64

    /// Names a load.
    public init(_ number: UInt64) { self.number = number }

    /// Earlier loads come first.
    public static func < (left: LoadID, right: LoadID) -> Bool { left.number < right.number }
}

/// Names a computation that the engine asked for, until its result came.
public struct ComputationID: Hashable, Sendable, Comparable {
    /// The number.
    public let number: UInt64

    /// Names a computation.
    public init(_ number: UInt64) { self.number = number }

    /// Earlier computations come first.
    public static func < (left: ComputationID, right: ComputationID) -> Bool { left.number < right.number }
}

/// Names a verification that the engine asked for, until its answer came.
public struct VerifyID: Hashable, Sendable, Comparable {
    /// The number.
    public let number: UInt64

    /// Names a verification.
    public init(_ number: UInt64) { self.number = number }

    /// Earlier verifications come first.
    public static func < (left: VerifyID, right: VerifyID) -> Bool { left.number < right.number }
}
