/// How a burst of octets leaves (specification §2.5: nothing that is read depends on how the network cuts the stream).
public enum Delivery: Sendable, Equatable {
    /// In one piece.
    case whole
    /// Octet by octet on the network: over TLS the octets of the records, not those of the text.
    case octets
    /// In two pieces: the first has as many octets as this number says, counted round in bursts that are shorter.
    case cut(Int)
    /// Octet by octet, each in a TLS record of its own.
    case records

    /// The pieces of a burst, each of which is to be handed over on its own.
    public func pieces(of burst: [UInt8]) -> [[UInt8]] {
        switch self {
        case .whole, .octets: return [burst]
        case .cut(let number):
            guard burst.count > 1 else { return [burst] }
            let first = 1 + max(0, number - 1) % (burst.count - 1)
            return [Array(burst[..<first]), Array(burst[first...])]
        case .records: return burst.map { [$0] }
        }
    }

    /// Its name in messages.
    public var description: String {
        switch self {
        case .whole: "whole"
        case .octets: "octet by octet"
        case .cut(let number): "cut at \(number)"
        case .records: "a record per octet"
        }
    }
}
