/// What a new revision changes; computed, never declared (domain, section 2).
///
/// It decides which sign-offs stay in force, so every doubt counts as the larger change.
public enum ChangeKind: String, Sendable, CaseIterable {
    /// The same octets.
    case identical
    /// Blanks, punctuation and the placement of tones only; no digit, negation or proper noun touched.
    case cosmetic
    /// Only paragraphs tied to comments that the revision claims to address, and cosmetic changes elsewhere.
    case addressed
    /// Anything else.
    case other

    /// The kind for people.
    public func text(vietnamese: Bool) -> String {
        switch self {
        case .identical: vietnamese ? "không thay đổi" : "identical"
        case .cosmetic: vietnamese ? "chỉ sửa trình bày, dấu câu" : "cosmetic"
        case .addressed:
            vietnamese ? "chỉ sửa các đoạn có ý kiến được tiếp thu" : "only paragraphs of addressed comments"
        case .other: vietnamese ? "có sửa ngoài các đoạn có ý kiến" : "other changes"
        }
    }

    /// What changed between two revisions.
    ///
    /// Which changes are tied to an addressed comment:
    /// - the paragraph it is anchored to, changed or removed; with an anchor on a section, everything in that section;
    /// - a paragraph added to the section of such an anchor; before the first heading, where that would tie the whole of a
    ///   text without headings, only one that stands beside such a paragraph;
    /// - a comment on the whole topic ties nothing, or it would keep every sign-off through any change;
    /// - a heading added, removed, renamed, moved or put on another level is tied only by an anchor on its section or on one
    ///   that encloses it;
    /// - a paragraph that changed places with others, or came under another heading, counts as changed.
    /// - Parameter addressed: the anchors, in `old`, of the comments the new revision claims to address.
    public static func classify(from old: Document, to new: Document, addressed: [Anchor]) -> ChangeKind {
        classify(Porting(from: old, to: new), addressed: addressed)
    }

    /// The same for two revisions that have been aligned before.
    public static func classify(_ porting: Porting, addressed: [Anchor]) -> ChangeKind {
        if porting.old == porting.new { return .identical }
        if CosmeticForm.isOnlyDifference(between: porting.old, and: porting.new) { return .cosmetic }
        let ties = Ties(addressed, porting.old)
        let freeLeading = freeAdditions(porting, ties)
        let changes = DocumentDiff.changes(porting, comparingWords: false)
        // Where every heading is as it was, whatever stays in order stays in its section: there are far more paragraphs.
        let keepsHeadings = changes.allSatisfy { !$0.isHeading || $0.kind == .equal && isInPlace($0, porting) }
        for change in changes where !isFree(change, porting, ties, freeLeading, keepsHeadings) { return .other }
        return .addressed
    }

    /// Whether a change is tied to an addressed comment, or no change at all.
    private static func isFree(
        _ change: ParagraphChange, _ porting: Porting, _ ties: Ties, _ freeLeading: [Bool], _ keepsHeadings: Bool
    ) -> Bool {
        switch change.kind {
        case .equal, .edited:
            guard let old = change.old, let new = change.new else { return false }
            let stays = keepsHeadings || isInPlace(change, porting)
            if stays, change.kind == .equal { return true }
            if ties.holds(old) { return true }
            return stays && CosmeticForm(old.text).differsOnlyInForm(from: CosmeticForm(new.text))
        case .removed, .moved:
            guard let old = change.old else { return false }
            return ties.holds(old)
        case .added:
            guard let new = change.new else { return false }
            return isFreeAddition(new, porting, ties, freeLeading)
        }
    }

    /// Whether what stayed in order stands in the section in which it stood; a heading, on its level of it.
    ///
    /// The words of a heading may be the same although it went up or down: because the one around it did.
    private static func isInPlace(_ change: ParagraphChange, _ porting: Porting) -> Bool {
        func isSame(_ now: SectionPath?, _ then: SectionPath?) -> Bool {
            guard let now, let then else { return now == nil && then == nil }
            return porting.formerSection(now) == then
        }
        let (now, then) = (change.new?.section, change.old?.section)
        guard change.isHeading else { return isSame(now, then) }
        return now?.numbers.count == then?.numbers.count && isSame(now?.parent, then?.parent)
    }

    private static func isFreeAddition(
        _ paragraph: Paragraph, _ porting: Porting, _ ties: Ties, _ freeLeading: [Bool]
    ) -> Bool {
        if paragraph.number == 0 {
            // A new heading belongs to what encloses it.
            guard let parent = paragraph.section?.parent else { return false }
            return porting.formerSection(parent).map { ties.holds(section: $0) } ?? false
        }
        if let section = paragraph.section {
            if let former = porting.formerSection(section) { return ties.touches(section: former) }
            // In a new section: free if the section itself is.
            guard let parent = section.parent else { return false }
            return porting.formerSection(parent).map { ties.holds(section: $0) } ?? false
        }
        guard let place = porting.new.paragraphPlace(section: nil, number: paragraph.number) else { return false }
        return freeLeading[place]
    }

    /// For each new paragraph before the first heading: whether it was added beside a tied one.
    private static func freeAdditions(_ porting: Porting, _ ties: Ties) -> [Bool] {
        let formers = porting.new.leadingParagraphs.map { Int(porting.alignment.paragraphsBack[$0]) }
        let isTied = formers.map { $0 >= 0 && ties.holds(porting.old.paragraphs[$0]) }
        var isFree = [Bool](repeating: false, count: formers.count)
        // Once forwards and once backwards: an addition inherits from the last paragraph that is not one.
        for order in [Array(formers.indices), formers.indices.reversed()] {
            var isBesideTied = false
            for place in order {
                if formers[place] >= 0 { isBesideTied = isTied[place] } else if isBesideTied { isFree[place] = true }
            }
        }
        return isFree
    }
}

/// Which parts of the old revision belong to addressed comments.
private struct Ties {
    private var sections: Set<SectionPath> = []
    private var paragraphs: Set<AnchorTarget> = []
    private var touched: Set<SectionPath> = []

    init(_ anchors: [Anchor], _ document: Document) {
        for anchor in anchors {
            switch anchor.target {
            case .whole: break
            case .section(let path): sections.insert(path)
            case .paragraph(let path, _):
                paragraphs.insert(anchor.target)
                if let path { touched.insert(path) }
            }
        }
    }

    /// Whether a heading or paragraph belongs to an addressed comment.
    func holds(_ paragraph: Paragraph) -> Bool {
        if paragraphs.contains(AnchorTarget(paragraph)) { return true }
        return paragraph.section.map { holds(section: $0) } ?? false
    }

    /// Whether all of a section belongs to an addressed comment: on it, or on a section around it.
    func holds(section path: SectionPath) -> Bool {
        var enclosing: SectionPath? = path
        while let section = enclosing {
            if sections.contains(section) { return true }
            enclosing = section.parent
        }
        return false
    }

    /// Whether an addressed comment is anchored to a section or to a paragraph directly in it.
    func touches(section path: SectionPath) -> Bool { touched.contains(path) || holds(section: path) }
}
