/// A heading that the plan requires of a topic's text, with those below it (bố cục chính cần có của chuyên đề).
public struct OutlineItem: Sendable, Equatable {
    /// The heading without any number.
    public let title: String
    /// The headings below it, in order.
    public let children: [OutlineItem]

    /// Makes an item.
    public init(_ title: String, children: [OutlineItem] = []) {
        self.title = title
        self.children = children
    }

    /// The deepest level, as deep as headings go.
    public static let maximumDepth = SectionPath.maximumDepth

    /// How many levels there are from this item down, 1 for an item without children.
    public var depth: Int { 1 + (children.map(\.depth).max() ?? 0) }
}

extension [OutlineItem] {
    /// The outline as lines of text: one heading a line, two blanks in front for every level below the first.
    ///
    /// The form in which storage keeps it; titles neither begin with a blank nor hold a line end
    /// (`CanonicalText.field`).
    public var outlineText: String {
        var lines: [String] = []
        func add(_ items: [OutlineItem], _ level: Int) {
            for item in items {
                lines.append(String(repeating: "  ", count: level) + item.title)
                add(item.children, level + 1)
            }
        }
        add(self, 0)
        return lines.joined(separator: "\n")
    }

    /// Reads what `outlineText` wrote; nil when a level is skipped or halved, a title is blank, or it is too deep.
    public init?(outlineText text: String) {
        // One list of finished items for every open level: reading needs no recursion.
        var open: [(title: String, children: [OutlineItem])] = []
        var roots: [OutlineItem] = []
        func close(to level: Int) {
            while open.count > level, let last = open.popLast() {
                let item = OutlineItem(last.title, children: last.children)
                if open.isEmpty { roots.append(item) } else { open[open.count - 1].children.append(item) }
            }
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            let blanks = line.utf8.prefix { $0 == 0x20 }.count
            let level = blanks / 2
            let title = String(line.unicodeScalars.dropFirst(blanks))
            guard blanks.isMultiple(of: 2), level <= open.count, level < OutlineItem.maximumDepth, !title.isEmpty
            else { return nil }
            close(to: level)
            open.append((title, []))
        }
        close(to: 0)
        self = roots
    }
}
