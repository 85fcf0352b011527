/// Where a comment of an older revision sits now (domain, section 7).
public enum PortState: String, Sendable, CaseIterable {
    /// Untouched, at the same place.
    case exact
    /// Untouched, at another place: its section or its number changed.
    case moved
    /// Its words changed; both texts are shown.
    case edited
    /// Its paragraph or section is gone; it is listed under its old section with its old quote.
    case orphan

    /// The state for people.
    public func text(vietnamese: Bool) -> String {
        switch self {
        case .exact: vietnamese ? "đúng chỗ" : "in place"
        case .moved: vietnamese ? "đã dời" : "moved"
        case .edited: vietnamese ? "đã sửa" : "edited"
        case .orphan: vietnamese ? "mồ côi" : "orphaned"
        }
    }
}

/// An anchor seen from another revision: a view, for the comment keeps the anchor it was made with.
public struct PortedAnchor: Sendable, Equatable {
    /// What became of the words.
    public let state: PortState
    /// Where they are now; nil when orphaned.
    public let target: AnchorTarget?
    /// The text then: of an edited or orphaned paragraph, or the title of such a section; nil otherwise.
    public let oldText: String?
    /// The text now, when edited.
    public let newText: String?

    /// A ported anchor.
    public init(state: PortState, target: AnchorTarget?, oldText: String? = nil, newText: String? = nil) {
        self.state = state
        self.target = target
        self.oldText = oldText
        self.newText = newText
    }
}

/// Carries anchors from one revision to another.
///
/// The two revisions are aligned once, in near linear time; each anchor then costs what its own paragraph costs. Make one
/// per pair of successive revisions, keep it, and join them with `followed(by:)`.
public struct Porting: Sendable {
    /// The revision the anchors were made on.
    public let old: Document
    /// The revision they are seen from.
    public let new: Document
    let alignment: DocumentAlignment
    /// For each old paragraph whether its text is the same in the new revision.
    private let isUnchanged: [Bool]

    /// A changed paragraph of more octets is edited as a whole: no paragraph anyone can read is as long, and comparing
    /// it once per comment would keep everybody waiting.
    static let maximumComparedOctets = 32_768

    /// Aligns two revisions.
    public init(from old: Document, to new: Document) {
        self.init(from: old, to: new, alignment: DocumentAlignment(from: old, to: new))
    }

    private init(from old: Document, to new: Document, alignment: DocumentAlignment) {
        self.old = old
        self.new = new
        self.alignment = alignment
        isUnchanged = zip(old.paragraphs, alignment.paragraphs).map { paragraph, place in
            guard place >= 0 else { return false }
            return haveSameOctets(paragraph.text, new.paragraphs[Int(place)].text)
        }
    }

    /// The porting from this one's old revision to the next one's new revision, where `next` starts where this one ends.
    ///
    /// Paragraphs are followed step by step, which survives many small edits; texts are compared end to end, so words
    /// that were changed and changed back are untouched.
    public func followed(by next: Porting) -> Porting {
        Porting(from: old, to: next.new, alignment: alignment.composed(with: next.alignment))
    }

    /// What a section of the new revision was in the old one; nil for one that is new.
    public func formerSection(_ path: SectionPath) -> SectionPath? {
        guard let place = new.sectionPlace(path) else { return nil }
        let former = Int(alignment.sectionsBack[place])
        return former >= 0 ? old.sections[former].path : nil
    }

    /// Carries an anchor made on the first of several successive revisions to the last one.
    ///
    /// An anchor lost on the way is looked for once more in the last revision: a paragraph that was taken out and put
    /// back has its comments again.
    public static func port(_ anchor: Anchor, through documents: [Document]) -> PortedAnchor? {
        guard let first = documents.first, let last = documents.last else { return nil }
        var chain: Porting?
        for (old, new) in zip(documents, documents.dropFirst()) {
            let step = Porting(from: old, to: new)
            chain = chain?.followed(by: step) ?? step
        }
        let found = (chain ?? Porting(from: first, to: last)).port(anchor)
        guard found.state == .orphan, documents.count > 2 else { return found }
        return Porting(from: first, to: last).port(anchor)
    }

    /// Where an anchor made on the old revision sits in the new one.
    ///
    /// An anchor on the whole topic is always exact. A section follows its aligned section, and is edited when its title
    /// changed or its quote no longer occurs in it. A paragraph without a quote is edited by any change of its text, one
    /// with a quote only when the quoted words changed.
    public func port(_ anchor: Anchor) -> PortedAnchor {
        var comparisons: [Int: WordComparison] = [:]
        return port(anchor, &comparisons)
    }

    /// Where several anchors sit, in their order; each changed paragraph is compared only once.
    public func port(_ anchors: [Anchor]) -> [PortedAnchor] {
        var comparisons: [Int: WordComparison] = [:]
        return anchors.map { port($0, &comparisons) }
    }

    private func port(_ anchor: Anchor, _ comparisons: inout [Int: WordComparison]) -> PortedAnchor {
        switch anchor.target {
        case .whole: PortedAnchor(state: .exact, target: .whole)
        case .section(let path): port(section: path, anchor.quote)
        case .paragraph(let path, let number): port(paragraph: number, of: path, anchor.quote, &comparisons)
        }
    }

    private func port(section path: SectionPath, _ quote: String?) -> PortedAnchor {
        guard let place = old.sectionPlace(path) else { return PortedAnchor(state: .orphan, target: nil) }
        let title = old.sections[place].title
        guard alignment.sections[place] >= 0 else { return PortedAnchor(state: .orphan, target: nil, oldText: title) }
        let section = new.sections[Int(alignment.sections[place])]
        let target = AnchorTarget.section(section.path)
        let isEdited: Bool
        if let quote {
            let search = QuoteSearch(quote)
            isEdited = occurs(search, in: path, of: old) && !occurs(search, in: section.path, of: new)
        } else {
            isEdited = section.title != title
        }
        if isEdited { return PortedAnchor(state: .edited, target: target, oldText: title, newText: section.title) }
        return PortedAnchor(state: section.path == path ? .exact : .moved, target: target)
    }

    private func occurs(_ search: QuoteSearch, in path: SectionPath, of document: Document) -> Bool {
        guard let place = document.sectionPlace(path), let inside = document.paragraphs(within: path) else {
            return false
        }
        let headings = document.sections[place...].prefix { path.contains($0.path) }
        return headings.contains { search.occurs(in: $0.title) }
            || inside.contains { search.occurs(in: document.paragraphs[$0].text) }
    }

    private func port(
        paragraph number: Int, of path: SectionPath?, _ quote: String?, _ comparisons: inout [Int: WordComparison]
    ) -> PortedAnchor {
        guard let place = old.paragraphPlace(section: path, number: number) else {
            return PortedAnchor(state: .orphan, target: nil)
        }
        let then = old.paragraphs[place]
        guard alignment.paragraphs[place] >= 0 else {
            if let joined = joined(place) { return PortedAnchor(state: .moved, target: AnchorTarget(joined)) }
            return PortedAnchor(state: .orphan, target: nil, oldText: then.text)
        }
        let now = new.paragraphs[Int(alignment.paragraphs[place])]
        let target = AnchorTarget(now)
        guard isUnchanged[place] || isUntouched(quote, place, now.text, &comparisons) else {
            if let part = part(Int(alignment.paragraphs[place]), of: then, quote) {
                return PortedAnchor(state: .moved, target: AnchorTarget(part))
            }
            return PortedAnchor(state: .edited, target: target, oldText: then.text, newText: now.text)
        }
        let isInPlace = then.section == now.section && then.number == now.number
        return PortedAnchor(state: isInPlace ? .exact : .moved, target: target)
    }

    /// The paragraph that a vanished one was joined to: all of its text now stands in what its neighbour became.
    private func joined(_ place: Int) -> Paragraph? {
        let then = old.paragraphs[place]
        guard isShort(then.text), let search = QuoteSearch(wholeText: then.text) else { return nil }
        for neighbour in [place - 1, place + 1] where old.paragraphs.indices.contains(neighbour) {
            let now = Int(alignment.paragraphs[neighbour])
            guard now >= 0, !isUnchanged[neighbour], old.paragraphs[neighbour].section == then.section,
                isShort(new.paragraphs[now].text),
                !search.occurs(in: old.paragraphs[neighbour].text), search.occurs(in: new.paragraphs[now].text)
            else { continue }
            return new.paragraphs[now]
        }
        return nil
    }

    /// The part with the quote when a paragraph was split: a new neighbour all of whose text stood in the old paragraph.
    private func part(_ place: Int, of then: Paragraph, _ quote: String?) -> Paragraph? {
        guard let quote, isShort(then.text) else { return nil }
        let words = QuoteSearch(quote)
        for neighbour in [place + 1, place - 1] where new.paragraphs.indices.contains(neighbour) {
            let now = new.paragraphs[neighbour]
            guard alignment.paragraphsBack[neighbour] < 0, now.section == new.paragraphs[place].section,
                words.occurs(in: now.text), let search = QuoteSearch(wholeText: now.text), search.occurs(in: then.text)
            else { continue }
            return now
        }
        return nil
    }

    private func isUntouched(
        _ quote: String?, _ place: Int, _ now: String, _ comparisons: inout [Int: WordComparison]
    ) -> Bool {
        let then = old.paragraphs[place].text
        guard let quote, isShort(then), isShort(now) else { return false }
        let search = QuoteSearch(quote)
        guard let octets = search.occurrences(in: then, limit: 1).first, search.occurs(in: now) else { return false }
        let comparison = comparisons[place] ?? WordComparison(then, now)
        comparisons[place] = comparison
        return comparison.keeps(octets)
    }

    private func isShort(_ text: String) -> Bool { text.utf8.count <= Self.maximumComparedOctets }
}
