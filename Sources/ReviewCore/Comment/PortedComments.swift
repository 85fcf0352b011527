extension Topic {
    /// The comments with their places in a revision that need not be the newest.
    ///
    /// A comment made on an earlier revision is followed step by step through those between, and looked for once more
    /// directly where it was lost on the way, as at each PUSH; one made later is looked for backwards in one step. The port
    /// is a view: nothing is stored (domain §7).
    public func ported(_ comments: [Comment], to target: Revision) -> [Comment] {
        var portings: [Int: Porting] = [:]
        for comment in comments where comment.revision != target.number && portings[comment.revision] == nil {
            portings[comment.revision] = porting(from: comment.revision, to: target)
        }
        var shortcuts: [Int: Porting] = [:]
        return comments.map { comment in
            var seen = comment
            guard let porting = portings[comment.revision] else {
                seen.now = PortedAnchor(state: .exact, target: comment.anchor.target)
                return seen
            }
            seen.now = porting.port(comment.anchor)
            if seen.now.state == .orphan, comment.revision + 1 < target.number {
                let shortcut = shortcuts[comment.revision] ?? Porting(from: porting.old, to: porting.new)
                shortcuts[comment.revision] = shortcut
                seen.now = shortcut.port(comment.anchor)
            }
            return seen
        }
    }

    private func porting(from origin: Int, to target: Revision) -> Porting? {
        guard let first = revision(origin) else { return nil }
        guard origin < target.number else { return Porting(from: first.document, to: target.document) }
        var result: Porting?
        var last = first
        for step in revisions[origin..<target.number] {
            let next = Porting(from: last.document, to: step.document)
            result = result?.followed(by: next) ?? next
            last = step
        }
        return result
    }
}
