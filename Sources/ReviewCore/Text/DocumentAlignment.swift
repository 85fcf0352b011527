/// Which section and which paragraph of a new revision is each one of the old revision (domain, section 7).
///
/// Nothing is guessed between look-alikes: topics share boilerplate, and a comment shown at the wrong place is worse
/// than one listed as orphaned. So equal text aligns where the order of its section supports it, or anywhere when it is
/// unique in both revisions; changed text aligns only with a clearly best partner.
struct DocumentAlignment: Sendable {
    /// For each old paragraph its place in the new revision, or -1.
    private(set) var paragraphs: [Int32]
    /// For each new paragraph its place in the old revision, or -1.
    private(set) var paragraphsBack: [Int32]
    /// For each old section its place in the new revision, or -1.
    private(set) var sections: [Int32]
    /// For each new section its place in the old revision, or -1.
    private(set) var sectionsBack: [Int32]

    /// Changed text in another place is the same paragraph from this similarity on.
    static let similarityElsewhere = 0.6
    /// The only changed paragraph between two unchanged neighbours is the same one from this similarity on.
    static let similarityInPlace = 0.5
    /// How much worse every other candidate in the same place must be.
    static let margin = 0.1
    /// How much worse every other paragraph of the revision must be when the place is no evidence: the same sentence for
    /// another topic, with another office and another date, is about 0.15 worse.
    static let marginElsewhere = 0.2
    /// Equal text of fewer words is not recognised in another section: "Không có." moves nowhere.
    static let wordsToMove = 4
    /// Changed text of fewer words is not recognised in another place.
    static let wordsToMoveChanged = 8

    init(from old: Document, to new: Document) {
        var builder = AlignmentBuilder(old, new)
        builder.alignSections()
        builder.alignWithinSections()
        builder.alignElsewhere()
        paragraphs = builder.forward
        paragraphsBack = builder.back
        sections = builder.sections
        sectionsBack = builder.sectionsBack
    }

    private init(paragraphs: [Int32], newParagraphs: Int, sections: [Int32], newSections: Int) {
        self.paragraphs = paragraphs
        self.sections = sections
        paragraphsBack = Self.inverse(paragraphs, count: newParagraphs)
        sectionsBack = Self.inverse(sections, count: newSections)
    }

    /// The alignment from this one's old revision to the next one's new revision.
    func composed(with next: DocumentAlignment) -> DocumentAlignment {
        let through = { (places: [Int32], table: [Int32]) in
            places.map { $0 >= 0 && Int($0) < table.count ? table[Int($0)] : -1 }
        }
        return DocumentAlignment(
            paragraphs: through(paragraphs, next.paragraphs), newParagraphs: next.paragraphsBack.count,
            sections: through(sections, next.sections), newSections: next.sectionsBack.count)
    }

    private static func inverse(_ places: [Int32], count: Int) -> [Int32] {
        var back = [Int32](repeating: -1, count: count)
        for (place, target) in places.enumerated() where target >= 0 && Int(target) < count {
            back[Int(target)] = Int32(truncatingIfNeeded: place)
        }
        return back
    }
}

private struct AlignmentBuilder {
    let old: Document
    let new: Document
    var forward: [Int32]
    var back: [Int32]
    var sections: [Int32]
    var sectionsBack: [Int32]

    /// One number per different paragraph text of both revisions, and how often each occurs on both sides.
    private let oldNumbers: [Int32]
    private let newNumbers: [Int32]
    private var occurrences: [(old: Int32, new: Int32)]
    /// For a text that is unique in both revisions, where the new one has it.
    private var uniquePlaces: [Int32]
    private var words: WordTable
    /// Stretches of changed paragraphs between unchanged neighbours in aligned sections.
    private var gaps: [(old: [Int], new: [Int])] = []

    init(_ old: Document, _ new: Document) {
        self.old = old
        self.new = new
        forward = Array(repeating: -1, count: old.paragraphs.count)
        back = Array(repeating: -1, count: new.paragraphs.count)
        sections = Array(repeating: -1, count: old.sections.count)
        sectionsBack = Array(repeating: -1, count: new.sections.count)
        var interner = OctetInterner(expected: old.paragraphs.count)
        oldNumbers = old.paragraphs.map { interner.number(of: $0.text) }
        newNumbers = new.paragraphs.map { interner.number(of: $0.text) }
        occurrences = Array(repeating: (0, 0), count: interner.count)
        uniquePlaces = Array(repeating: -1, count: interner.count)
        for number in oldNumbers { occurrences[Int(number)].old += 1 }
        for (place, number) in newNumbers.enumerated() {
            occurrences[Int(number)].new += 1
            uniquePlaces[Int(number)] = Int32(truncatingIfNeeded: place)
        }
        words = WordTable(old: old.paragraphs.count, new: new.paragraphs.count)
    }

    // MARK: - Sections

    mutating func alignSections() {
        guard !old.sections.isEmpty, !new.sections.isEmpty else { return }
        var interner = OctetInterner(expected: old.sections.count)
        let oldKeys = Self.keys(old.sections, &interner)
        let newKeys = Self.keys(new.sections, &interner)
        // Headings in their order: the title and those of all enclosing sections.
        let inOrder = SequenceAlignment(oldKeys, newKeys, numbers: interner.count, maximumEdits: 256)
        for (place, target) in inOrder.places.enumerated() where target >= 0 { pair(place, Int(target)) }
        // Moved: the same headings elsewhere, then the title alone, each only when unique in both revisions.
        pairUnique(oldKeys, newKeys, count: interner.count)
        var titles = OctetInterner(expected: old.sections.count)
        let oldTitles = old.sections.map { titles.number(of: $0.title) }
        let newTitles = new.sections.map { titles.number(of: $0.title) }
        pairUnique(oldTitles, newTitles, count: titles.count)
        pairByContent()
        pairChildren(oldTitles, newTitles)
    }

    private mutating func pair(_ oldSection: Int, _ newSection: Int) {
        guard sections[oldSection] < 0, sectionsBack[newSection] < 0 else { return }
        sections[oldSection] = Int32(truncatingIfNeeded: newSection)
        sectionsBack[newSection] = Int32(truncatingIfNeeded: oldSection)
    }

    /// One number per chain of titles from the top down.
    private static func keys(_ sections: [Section], _ interner: inout OctetInterner) -> [Int32] {
        var open: [Int32] = []
        return sections.map { section in
            while open.count >= section.level { open.removeLast() }
            var octets = Array(section.title.utf8)
            var parent = open.last ?? -1
            withUnsafeBytes(of: &parent) { octets.append(contentsOf: $0) }
            let key = octets.withUnsafeBytes { interner.number(of: $0) }
            open.append(key)
            return key
        }
    }

    private mutating func pairUnique(_ oldKeys: [Int32], _ newKeys: [Int32], count: Int) {
        var places = [(old: Int, new: Int)](repeating: (-1, -1), count: count)
        // -2 marks a key that occurs more than once.
        for (place, key) in oldKeys.enumerated() {
            places[Int(key)].old = places[Int(key)].old == -1 ? place : -2
        }
        for (place, key) in newKeys.enumerated() {
            places[Int(key)].new = places[Int(key)].new == -1 ? place : -2
        }
        for place in places where place.old >= 0 && place.new >= 0 { pair(place.old, place.new) }
    }

    /// Renamed sections: at least half of the paragraphs are found unchanged in one new section.
    private mutating func pairByContent() {
        let newOwners = Self.owners(new)
        for (place, section) in old.sections.enumerated() where sections[place] < 0 && !section.paragraphs.isEmpty {
            var votes: [Int: Int] = [:]
            for paragraph in section.paragraphs {
                let number = Int(oldNumbers[paragraph])
                guard occurrences[number] == (1, 1) else { continue }
                let owner = Int(newOwners[Int(uniquePlaces[number])])
                if owner >= 0, sectionsBack[owner] < 0 { votes[owner, default: 0] += 1 }
            }
            // More than half of the votes can go to one section only, so the order of the dictionary does not matter.
            if let winner = votes.first(where: {
                $0.value * 2 > section.paragraphs.count && $0.value * 2 >= new.sections[$0.key].paragraphs.count
            }) {
                pair(place, winner.key)
            }
        }
    }

    /// The section of each paragraph, or -1.
    private static func owners(_ document: Document) -> [Int32] {
        var owners = [Int32](repeating: -1, count: document.paragraphs.count)
        for (place, section) in document.sections.enumerated() {
            for paragraph in section.paragraphs { owners[paragraph] = Int32(truncatingIfNeeded: place) }
        }
        return owners
    }

    /// Sections inside aligned ones, in document order: an equal title that is unique among them, then a similar one.
    private mutating func pairChildren(_ oldTitles: [Int32], _ newTitles: [Int32]) {
        let oldChildren = Self.children(old)
        let newChildren = Self.children(new)
        for parent in 0...old.sections.count {
            let target = parent == 0 ? 0 : Int(sections[parent - 1]) + 1
            if parent > 0, target == 0 { continue }
            var left = oldChildren[parent].filter { sections[$0] < 0 }
            var right = newChildren[target].filter { sectionsBack[$0] < 0 }
            guard !left.isEmpty, !right.isEmpty else { continue }
            var holders: [Int32: (old: [Int], new: [Int])] = [:]
            for place in left { holders[oldTitles[place], default: ([], [])].old.append(place) }
            for place in right { holders[newTitles[place], default: ([], [])].new.append(place) }
            for place in left {
                guard let known = holders[oldTitles[place]], known.old.count == 1, known.new.count == 1 else {
                    continue
                }
                pair(place, known.new[0])
            }
            left.removeAll { sections[$0] >= 0 }
            right.removeAll { sectionsBack[$0] >= 0 }
            guard !left.isEmpty, !right.isEmpty, left.count * right.count <= 4096 else { continue }
            var titles = WordTable(old: left.count, new: right.count)
            let leftWords = left.map { titles.numbers(of: old.sections[$0].title) }
            let rightWords = right.map { titles.numbers(of: new.sections[$0].title) }
            let pairs = SimilarPairs(
                rows: leftWords, columns: rightWords, threshold: DocumentAlignment.similarityInPlace, band: right.count)
            for found in pairs.found { pair(left[found.row], right[found.column]) }
        }
    }

    /// The sections directly inside each section; the first element holds those at the top.
    private static func children(_ document: Document) -> [[Int]] {
        var children = [[Int]](repeating: [], count: document.sections.count + 1)
        var open: [Int] = []
        for (place, section) in document.sections.enumerated() {
            while open.count >= section.level { open.removeLast() }
            children[(open.last ?? -1) + 1].append(place)
            open.append(place)
        }
        return children
    }

    // MARK: - Paragraphs

    mutating func alignWithinSections() {
        align(old.leadingParagraphs, new.leadingParagraphs)
        for (place, target) in sections.enumerated() where target >= 0 {
            align(old.sections[place].paragraphs, new.sections[Int(target)].paragraphs)
        }
        // Before changed text is compared, unique text is recognised wherever it went.
        for (place, number) in oldNumbers.enumerated() where forward[place] < 0 && occurrences[Int(number)] == (1, 1) {
            let target = Int(uniquePlaces[Int(number)])
            guard back[target] < 0 else { continue }
            let isSameSection = areAligned(old.paragraphs[place].section, new.paragraphs[target].section)
            if isSameSection || words.count(in: old.paragraphs[place].text) >= DocumentAlignment.wordsToMove {
                match(place, target)
            }
        }
        extend(old.paragraphs.indices, from: -1)
        extend(old.paragraphs.indices.reversed(), from: 1)
        for gap in gaps { alignChanged(gap.old, gap.new) }
    }

    /// Equal text beside an aligned paragraph is aligned as well, across sections too: when a plain text gets its
    /// headings, the neighbours tell which of several equal paragraphs is which.
    private mutating func extend(_ places: some Sequence<Int>, from direction: Int) {
        for place in places where forward[place] < 0 && forward.indices.contains(place + direction) {
            let neighbour = Int(forward[place + direction])
            let target = neighbour - direction
            guard neighbour >= 0, back.indices.contains(target), back[target] < 0,
                oldNumbers[place] == newNumbers[target]
            else { continue }
            match(place, target)
        }
    }

    private mutating func match(_ place: Int, _ target: Int) {
        forward[place] = Int32(truncatingIfNeeded: target)
        back[target] = Int32(truncatingIfNeeded: place)
    }

    private func areAligned(_ left: SectionPath?, _ right: SectionPath?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        guard let place = old.sectionPlace(left), let target = new.sectionPlace(right) else { return false }
        return sections[place] == Int32(truncatingIfNeeded: target)
    }

    /// Unchanged paragraphs of two aligned sections, in their order, and the gaps between them.
    private mutating func align(_ left: Range<Int>, _ right: Range<Int>) {
        guard !left.isEmpty, !right.isEmpty else { return }
        let order = SequenceAlignment(
            Array(oldNumbers[left]), Array(newNumbers[right]), numbers: occurrences.count, maximumEdits: 256)
        var start = right.lowerBound
        var pending: [Int] = []
        for (offset, target) in order.places.enumerated() {
            guard target >= 0 else {
                pending.append(left.lowerBound + offset)
                continue
            }
            let place = right.lowerBound + Int(target)
            if !pending.isEmpty, start < place { gaps.append((pending, Array(start..<place))) }
            pending = []
            match(left.lowerBound + offset, place)
            start = place + 1
        }
        if !pending.isEmpty, start < right.upperBound { gaps.append((pending, Array(start..<right.upperBound))) }
    }

    /// Changed paragraphs between the same unchanged neighbours.
    private mutating func alignChanged(_ left: [Int], _ right: [Int]) {
        let left = left.filter { forward[$0] < 0 }
        let right = right.filter { back[$0] < 0 }
        guard !left.isEmpty, !right.isEmpty else { return }
        for place in left { words.prepareOld(place, old.paragraphs[place].text) }
        for place in right { words.prepareNew(place, new.paragraphs[place].text) }
        let isOnlyOne = left.count == 1 && right.count == 1
        let pairs = SimilarPairs(
            rows: left.map { words.old[$0] }, columns: right.map { words.new[$0] },
            threshold: isOnlyOne ? DocumentAlignment.similarityInPlace : DocumentAlignment.similarityElsewhere,
            band: left.count * right.count <= 4096 ? right.count : min(64, max(2, 200_000 / left.count)))
        for found in pairs.found { match(left[found.row], right[found.column]) }
    }

    /// Changed paragraphs that also moved: similar to one new paragraph, and to no other one in the whole revision.
    mutating func alignElsewhere() {
        var lost = forward.indices.filter { forward[$0] < 0 }
        let unknown = back.indices.filter { back[$0] < 0 }
        guard !lost.isEmpty, !unknown.isEmpty else { return }
        for place in lost { words.prepareOld(place, old.paragraphs[place].text) }
        for place in unknown { words.prepareNew(place, new.paragraphs[place].text) }
        // Most of what was taken out resembles nothing that was added, which needs no look at all the rest.
        let additions = WordIndex(words.new, numbers: words.numbers)
        var comparisons = 200_000
        lost.removeAll { place in
            guard words.old[place].count >= DocumentAlignment.wordsToMoveChanged, comparisons > 0,
                let contest = additions.closest(to: words.old[place], words.new, &comparisons)
            else { return true }
            return contest.value < DocumentAlignment.similarityElsewhere
        }
        guard !lost.isEmpty else { return }
        for place in old.paragraphs.indices { words.prepareOld(place, old.paragraphs[place].text) }
        for place in new.paragraphs.indices { words.prepareNew(place, new.paragraphs[place].text) }
        let oldIndex = WordIndex(words.old, numbers: words.numbers)
        let newIndex = WordIndex(words.new, numbers: words.numbers)
        comparisons = 200_000
        for place in lost where comparisons > 0 {
            // Matched paragraphs compete as well: a look-alike that has found its place is still a look-alike.
            guard let target = newIndex.clearlyBest(words.old[place], words.new, &comparisons), back[target] < 0,
                oldIndex.clearlyBest(words.new[target], words.old, &comparisons) == place
            else { continue }
            match(place, target)
        }
    }
}
