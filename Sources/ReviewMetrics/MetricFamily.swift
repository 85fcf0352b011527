/// What is measured under one name: everything that an exposition says about it besides the figures.
///
/// Names follow OpenMetrics 1.0: a unit, where there is one, ends the name (`phanbien_store_bytes`), and the suffix
/// `_total` of a counter is the exposition's, not the name's.
public struct MetricFamily: Sendable, Equatable {
    /// What a family's figures mean.
    public enum Kind: Sendable, Equatable {
        /// Only grows while the process lives.
        case counter
        /// Goes up and down.
        case gauge
        /// How often values were at most each bound; the bounds ascend, and one above all of them is added.
        case histogram(bounds: [Double])
        /// Facts as labels, with the value 1.
        case info
    }

    /// `[a-z_][a-z0-9_]*`.
    public let name: String
    /// What its figures mean.
    public let kind: Kind
    /// `seconds`, `bytes`, `ratio`; nil for plain numbers.
    public let unit: String?
    /// One sentence for whoever looks at a graph.
    public let help: String
    /// The names of the labels, in the order in which they are written.
    public let labels: [String]

    /// Describes a family.
    public init(_ name: String, _ kind: Kind, unit: String? = nil, labels: [String] = [], help: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.labels = labels
    }
}
