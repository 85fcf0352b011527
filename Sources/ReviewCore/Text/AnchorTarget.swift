/// What a comment is about: the whole topic, a section, or one paragraph (specification §5).
public enum AnchorTarget: Hashable, Sendable, CustomStringConvertible {
    /// The whole topic; on the wire `at=` is absent.
    case whole
    /// A section with its subsections, `II.1`.
    case section(SectionPath)
    /// A paragraph by its number in its section, `II.1/2`; nil stands for the text before the first heading, `0/2`.
    case paragraph(SectionPath?, Int)

    /// A target in its written form, `II.1/2`, `II.1` or `whole`; nil when it is none of these.
    ///
    /// A line number (`L12`) is not a target: only `Anchor.resolve` can tell which paragraph it means.
    public init?(_ text: String) {
        if text == "whole" {
            self = .whole
            return
        }
        let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2 else { return nil }
        let path = SectionPath(String(decoding: first, as: UTF8.self))
        guard path != nil || first.elementsEqual([0x30]) else { return nil }
        if parts.count == 2 {
            guard let number = SectionPath.number(parts[1]) else { return nil }
            self = .paragraph(path, number)
        } else if let path {
            self = .section(path)
        } else {
            return nil
        }
    }

    /// The target a paragraph has.
    public init(_ paragraph: Paragraph) { self = .paragraph(paragraph.section, paragraph.number) }

    /// The section it lies in, or is; nil for the whole topic and before the first heading.
    public var section: SectionPath? {
        switch self {
        case .whole: nil
        case .section(let path): path
        case .paragraph(let path, _): path
        }
    }

    /// The written form: `whole`, `II.1`, `II.1/2`, `0/1`.
    public var description: String {
        switch self {
        case .whole: "whole"
        case .section(let path): path.description
        case .paragraph(let path, let number): "\(path?.description ?? "0")/\(number)"
        }
    }

    /// The target for people: `mục II.1, đoạn 2`.
    public func text(vietnamese: Bool) -> String {
        switch self {
        case .whole: return vietnamese ? "toàn bộ chuyên đề" : "the whole topic"
        case .section(let path): return vietnamese ? "mục \(path)" : "section \(path)"
        case .paragraph(let path, let number):
            guard let path else {
                return vietnamese
                    ? "phần trước đề mục đầu tiên, đoạn \(number)" : "before the first heading, paragraph \(number)"
            }
            return vietnamese ? "mục \(path), đoạn \(number)" : "section \(path), paragraph \(number)"
        }
    }
}
