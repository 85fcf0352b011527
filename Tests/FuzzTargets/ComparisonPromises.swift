import ReviewCore

/// What has to hold for every comparison of two revisions: nothing is left out, and the kind of change errs on the
/// larger side.
struct ComparisonPromises {
    let old: Document
    let new: Document

    func check() throws(Finding) {
        let porting = Porting(from: old, to: new)
        let changes = DocumentDiff.changes(porting)
        try promise(changes == DocumentDiff.changes(old, new), "aligned before, the comparison is another one")
        try complete(changes)
        for change in changes { try pieces(change) }
        try kinds(porting)
    }

    private func said(_ why: String) -> String {
        "\(why)\nold: \(shown(old.text.utf8))\nnew: \(shown(new.text.utf8))"
    }

    /// Every paragraph and every heading of both revisions, once; the new one's in their order.
    private func complete(_ changes: [ParagraphChange]) throws(Finding) {
        let newLines = changes.compactMap { $0.new?.lines.lowerBound }
        let oldLines = changes.compactMap { $0.old?.lines.lowerBound }
        try promise(newLines == starts(new), said("of the new revision the lines \(newLines) are shown"))
        try promise(oldLines.sorted() == starts(old), said("of the old revision the lines \(oldLines) are shown"))
        for change in changes {
            switch change.kind {
            case .equal:
                try promise(
                    change.old.map { Array($0.text.utf8) } == change.new.map { Array($0.text.utf8) },
                    said("an equal paragraph differs: \(change)"))
            case .edited, .moved: try promise(change.old != nil && change.new != nil, said("half a change: \(change)"))
            case .removed: try promise(change.old != nil && change.new == nil, said("\(change)"))
            case .added: try promise(change.old == nil && change.new != nil, said("\(change)"))
            }
        }
    }

    private func starts(_ document: Document) -> [Int] {
        (document.paragraphs.map(\.lines.lowerBound) + document.sections.map(\.line)).sorted()
    }

    private func pieces(_ change: ParagraphChange) throws(Finding) {
        let old = change.pieces.filter { $0.kind != .added }.map(\.text).joined()
        let new = change.pieces.filter { $0.kind != .removed }.map(\.text).joined()
        try promise(old.utf8.elementsEqual((change.old?.text ?? "").utf8), said("old pieces: \(change)"))
        try promise(new.utf8.elementsEqual((change.new?.text ?? "").utf8), said("new pieces: \(change)"))
        try promise(change.pieces.allSatisfy { !$0.text.isEmpty }, said("an empty piece: \(change)"))
    }

    private func kinds(_ porting: Porting) throws(Finding) {
        let isSame = old.text.utf8.elementsEqual(new.text.utf8)
        let bare = ChangeKind.classify(porting, addressed: [])
        try promise((bare == .identical) == isSame, said("\(bare)"))
        let whole = ChangeKind.classify(porting, addressed: [Anchor(target: .whole)])
        try promise(whole == bare, said("a comment on the whole ties something: \(bare), \(whole)"))
        var last = bare
        let targets =
            old.paragraphs.prefix(20).map { AnchorTarget($0) } + old.sections.prefix(20).map { .section($0.path) }
        for count in [1, 3, 10, targets.count] where count <= targets.count {
            let addressed = targets.prefix(count).map { Anchor(target: $0) }
            let kind = ChangeKind.classify(porting, addressed: addressed)
            // More comments addressed never make a change larger.
            try promise(last != .addressed || kind == .addressed, said("with \(addressed) \(last) becomes \(kind)"))
            try promise(
                (kind == .identical || kind == .cosmetic) == (bare == .identical || bare == .cosmetic),
                said("with \(addressed) \(bare) becomes \(kind)"))
            last = kind
        }
    }
}
