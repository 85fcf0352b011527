/// What a caller offers in answer to `LineEditor.Outcome.completionRequested`.
public struct Completion: Sendable, Hashable {
    /// How many graphemes before the cursor the candidates replace.
    public var replacedCount: Int
    /// Whole replacements, in the order in which a list shows them.
    public var candidates: [String]
    /// What follows a candidate when it is the only one, usually a space.
    public var suffix: String

    /// Describes an offer.
    public init(replacing replacedCount: Int, candidates: [String], suffix: String = " ") {
        self.replacedCount = replacedCount
        self.candidates = candidates
        self.suffix = suffix
    }

    /// What became of the offer.
    public enum Result: Sendable, Hashable {
        /// Nothing fits; a bell may ring.
        case none
        /// The only candidate stands in the line.
        case completed
        /// The beginning that the candidates share stands in the line; the list may be shown.
        case ambiguous([String])
    }

    /// The graphemes with which all candidates begin.
    var commonPrefix: [Character] {
        guard var prefix = candidates.first.map(Array.init) else { return [] }
        for candidate in candidates.dropFirst() {
            prefix = Array(zip(prefix, candidate).prefix { $0 == $1 }.map(\.0))
        }
        return prefix
    }
}
