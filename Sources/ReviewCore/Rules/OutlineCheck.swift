/// Looks for the plan's required sections in a text.
public enum OutlineCheck {
    /// A required section that is missing or empty.
    public struct Gap: Sendable, Equatable {
        /// Its title in the plan.
        public let title: String
        /// Whether it is there without text.
        public let isEmpty: Bool
    }

    /// A heading as it is compared: without dấu, capitals and punctuation.
    ///
    /// Making one takes time in proportion to the heading, comparing two hardly any.
    public struct Title: Sendable, Equatable {
        private let words: [Substring]

        /// The form of a heading, of a text or of a plan.
        public init(_ heading: String) {
            words = Folding.folded(heading).split { !($0.isLetter || $0.isNumber) }
        }

        /// Whether one heading may stand for the other: the same words, or at least two that the longer one begins with.
        public func agrees(with other: Title) -> Bool {
            let (short, long) =
                words.count < other.words.count ? (words, other.words) : (other.words, words)
            return short.count == long.count ? short == long : short.count >= 2 && long.starts(with: short)
        }
    }

    /// What is missing or empty, in the plan's order.
    ///
    /// The plan's long headings may be shortened or lengthened at the end (`Title.agrees`); the same heading is preferred. A
    /// section that was found is where those below it are looked for; below a missing one they are looked for in the whole
    /// text.
    public static func gaps(_ outline: [OutlineItem], in document: Document) -> [Gap] {
        let sections = document.sections.map { (section: $0, title: Title($0.title)) }
        var gaps: [Gap] = []
        func look(_ items: [OutlineItem], below parent: SectionPath?) {
            for item in items {
                let wanted = Title(item.title)
                let inside = sections.lazy.filter { found in
                    parent.map { $0 != found.section.path && $0.contains(found.section.path) } ?? true
                }
                let found =
                    inside.first { $0.title == wanted } ?? inside.first { $0.title.agrees(with: wanted) }
                if let section = found?.section {
                    if !section.hasText { gaps.append(Gap(title: item.title, isEmpty: true)) }
                    look(item.children, below: section.path)
                } else {
                    gaps.append(Gap(title: item.title, isEmpty: false))
                    look(item.children, below: parent)
                }
            }
        }
        look(outline, below: nil)
        return gaps
    }
}
