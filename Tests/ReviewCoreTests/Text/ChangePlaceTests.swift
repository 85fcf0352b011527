import Testing

@testable import ReviewCore

/// Whatever is done to a text: where it counts as nothing but what was asked for, everything else is in its place.
@Suite struct ChangePlaceTests {
    /// A heading, or a paragraph on level 0; no two have the same words.
    private struct Block {
        var level: Int
        let text: String
    }

    private struct Writer {
        var random: SplitMix64
        private var written = 0

        init(seed: UInt64) { random = SplitMix64(seed: seed) }

        mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

        mutating func block() -> Block {
            written += 1
            let words = (0..<6).map { _ in ["hòa", "giải", "cơ", "sở", "năm", "xã", "dân", "tộc"][below(8)] }
            return Block(level: max(0, below(6) - 2), text: (words + ["số", String(written)]).joined(separator: " "))
        }

        mutating func change(_ blocks: inout [Block]) {
            guard !blocks.isEmpty else { return blocks.append(block()) }
            let place = below(blocks.count)
            switch below(5) {
            case 0: blocks.remove(at: place)
            case 1: blocks.insert(block(), at: place)
            case 2:
                let moved = blocks.remove(at: place)
                blocks.insert(moved, at: below(blocks.count + 1))
            default: if blocks[place].level > 0 { blocks[place].level = 1 + below(3) }
            }
        }
    }

    private func document(_ blocks: [Block]) -> Document {
        let lines = blocks.map { $0.level == 0 ? $0.text : String(repeating: "#", count: $0.level) + " " + $0.text }
        return Document(lines.joined(separator: "\n\n") + "\n")
    }

    /// The titles of a section and of those around it.
    private func titles(_ path: SectionPath?, in document: Document) -> [String] {
        guard let path else { return [] }
        return [document.section(path)?.title ?? ""] + titles(path.parent, in: document)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func whatIsNotTiedStays(seed: UInt64) {
        var writer = Writer(seed: seed)
        var judged = 0
        for _ in 0..<1000 {
            let blocks = (0..<3 + writer.below(8)).map { _ in writer.block() }
            var changed = blocks
            for _ in 0...writer.below(3) { writer.change(&changed) }
            let (old, new) = (document(blocks), document(changed))
            let targets = old.sections.map { AnchorTarget.section($0.path) } + old.paragraphs.map { AnchorTarget($0) }
            let tied = (0..<writer.below(3)).map { _ in targets[writer.below(targets.count)] }
            let kind = ChangeKind.classify(from: old, to: new, addressed: tied.map { Anchor(target: $0) })
            guard kind != .other else { continue }
            if kind == .addressed { judged += 1 }
            func isTied(_ path: SectionPath?) -> Bool {
                path.map { path in tied.contains { $0 == .section(path) } || isTied(path.parent) } ?? false
            }
            var before: [[String]] = []
            for section in old.sections where !isTied(section.path) { before.append(titles(section.path, in: old)) }
            for paragraph in old.paragraphs where !isTied(paragraph.section) && !tied.contains(AnchorTarget(paragraph))
            {
                before.append([paragraph.text] + titles(paragraph.section, in: old))
            }
            let after =
                new.sections.map { titles($0.path, in: new) }
                + new.paragraphs.map { [$0.text] + titles($0.section, in: new) }
            let places = before.map { after.firstIndex(of: $0) ?? -1 }
            #expect(
                !places.contains(-1) && places == places.sorted(), "\(tied)\n\(old.text)\n\(new.text)")
        }
        #expect(judged > 50)
    }
}
