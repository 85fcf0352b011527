/// The place of a comment in one revision, and the words it is about.
public struct Anchor: Sendable, Hashable {
    /// The section, the paragraph, or the whole.
    public let target: AnchorTarget
    /// The quoted words: canonical, one line, runs of blanks as one space; nil when the comment is about all of the target.
    public let quote: String?

    /// An anchor as it was stored; `resolve` makes the first one and checks it.
    public init(target: AnchorTarget, quote: String? = nil) {
        self.target = target
        self.quote = quote
    }

    /// The longest quote, in octets: the length of a command line (specification §2).
    static let maximumQuoteOctets = 4000
    /// How many places a refusal names when a quote occurs in several.
    static let maximumCandidates = 8

    /// The anchor that `at=` and `quote=` mean in a document (specification §5).
    ///
    /// - A quote must occur in what `at` names. It narrows a section to the one paragraph that has it; when the heading
    ///   or several paragraphs have it, the section stays.
    /// - Without `at`, a quote that occurs in exactly one paragraph or heading is anchored there.
    /// - `L12` is the paragraph on that shown line, or the section whose heading stands there.
    ///
    /// A quote matches literally, except that any run of blanks and line ends matches any other.
    public static func resolve(
        at place: String?, quote: String?, in document: Document
    ) throws(AnchorProblem) -> Anchor {
        let target = try place.map { place throws(AnchorProblem) in try self.target(place, in: document) } ?? .whole
        guard let quote else { return Anchor(target: target) }
        let words = try canonical(quote)
        let search = QuoteSearch(words)
        switch target {
        case .paragraph(let path, let number):
            if let paragraph = document.paragraph(section: path, number: number), search.occurs(in: paragraph.text) {
                return Anchor(target: target, quote: words)
            }
        case .section(let path):
            if let narrowed = narrowed(path, search, document) { return Anchor(target: narrowed, quote: words) }
        case .whole:
            let candidates = places(of: search, in: document, limit: maximumCandidates + 1)
            if candidates.count == 1 { return Anchor(target: candidates[0], quote: words) }
            if !candidates.isEmpty { throw .quoteAmbiguous(candidates) }
        }
        throw .quoteNotFound(target, elsewhere: places(of: search, in: document, limit: maximumCandidates))
    }

    private static func target(_ place: String, in document: Document) throws(AnchorProblem) -> AnchorTarget {
        if let first = place.utf8.first, first == 0x4C || first == 0x6C,
            let number = SectionPath.number(place.utf8.dropFirst())
        {
            guard number <= document.lines.count else { throw .noLine(number, of: document.lines.count) }
            if let paragraph = document.paragraph(atLine: number) { return AnchorTarget(paragraph) }
            if let section = document.section(atLine: number) { return .section(section.path) }
            throw .blankLine(number)
        }
        guard let target = AnchorTarget(place) else { throw .syntax }
        switch target {
        case .whole: break
        case .section(let path): if document.section(path) == nil { throw .noSection(path) }
        case .paragraph(let path, let number):
            if let path, document.section(path) == nil { throw .noSection(path) }
            if document.paragraph(section: path, number: number) == nil { throw .noParagraph(path, number) }
        }
        return target
    }

    private static func canonical(_ quote: String) throws(AnchorProblem) -> String {
        let line = String(decoding: quote.utf8.map { $0 == 0x0A || $0 == 0x09 ? 0x20 : $0 }, as: UTF8.self)
        do throws(TextProblem) {
            return try CanonicalText.field(line, maximumOctets: maximumQuoteOctets)
        } catch {
            throw .quoteText(error)
        }
    }

    /// The paragraph of a section that alone has the words, or the section; nil when nothing in it has them.
    private static func narrowed(_ path: SectionPath, _ search: QuoteSearch, _ document: Document) -> AnchorTarget? {
        guard let section = document.section(path), let inside = document.paragraphs(within: path) else { return nil }
        if search.occurs(in: section.title) { return .section(path) }
        let holders = inside.lazy.filter { search.occurs(in: document.paragraphs[$0].text) }.prefix(2)
        switch holders.count {
        case 0:
            let inHeading = document.sections.contains { path.contains($0.path) && search.occurs(in: $0.title) }
            return inHeading ? .section(path) : nil
        case 1: return holders.first.map { AnchorTarget(document.paragraphs[$0]) }
        default: return .section(path)
        }
    }

    private static func places(of search: QuoteSearch, in document: Document, limit: Int) -> [AnchorTarget] {
        let headings = document.sections.lazy.filter { search.occurs(in: $0.title) }.prefix(limit)
            .map { AnchorTarget.section($0.path) }
        let paragraphs = document.paragraphs.lazy.filter { search.occurs(in: $0.text) }.prefix(limit).map {
            AnchorTarget($0)
        }
        return Array((Array(headings) + Array(paragraphs)).prefix(limit))
    }
}

/// Why `at=` or `quote=` names no place in a document.
public enum AnchorProblem: Error, Sendable, Equatable {
    /// `at=` is none of `II.1/2`, `II.1`, `L12`.
    case syntax
    /// There is no such section.
    case noSection(SectionPath)
    /// The section has no such paragraph.
    case noParagraph(SectionPath?, Int)
    /// The text ends before that line; the second number is its last line.
    case noLine(Int, of: Int)
    /// The line is blank.
    case blankLine(Int)
    /// The quote does not occur there; where else it does, first places first, at most eight.
    case quoteNotFound(AnchorTarget, elsewhere: [AnchorTarget])
    /// The quote occurs in several places, and `at=` does not say which; at most nine are named.
    case quoteAmbiguous([AnchorTarget])
    /// The quote is not a legal text.
    case quoteText(TextProblem)

    /// The problem in one sentence, for people.
    public func text(vietnamese: Bool) -> String {
        switch self {
        case .syntax:
            return vietnamese
                ? "Vị trí phải có dạng II.1/2 (mục/đoạn), II.1 (mục) hoặc L12 (dòng)"
                : "A place is written II.1/2 (section/paragraph), II.1 (section) or L12 (line)"
        case .noSection(let path): return vietnamese ? "Không có mục \(path)" : "There is no section \(path)"
        case .noParagraph(let path, let number):
            return vietnamese
                ? "Không có \(AnchorTarget.paragraph(path, number).text(vietnamese: true))"
                : "There is no \(AnchorTarget.paragraph(path, number).text(vietnamese: false))"
        case .noLine(let line, let last):
            return vietnamese
                ? "Không có dòng \(line): văn bản có \(last) dòng" : "There is no line \(line): the text has \(last)"
        case .blankLine(let line):
            return vietnamese ? "Dòng \(line) là dòng trống" : "Line \(line) is blank"
        case .quoteNotFound(let target, let elsewhere):
            let hint = list(elsewhere)
            if elsewhere.isEmpty {
                return vietnamese
                    ? "Không tìm thấy đoạn trích trong \(target.text(vietnamese: true))"
                    : "The quote does not occur in \(target.text(vietnamese: false))"
            }
            return vietnamese
                ? "Không tìm thấy đoạn trích trong \(target.text(vietnamese: true)); có ở: \(hint)"
                : "The quote does not occur in \(target.text(vietnamese: false)); it does in: \(hint)"
        case .quoteAmbiguous(let places):
            return vietnamese
                ? "Đoạn trích có ở nhiều chỗ: \(list(places)); hãy ghi rõ at="
                : "The quote occurs in several places: \(list(places)); say which with at="
        case .quoteText(let problem):
            return (vietnamese ? "Đoạn trích không hợp lệ: " : "The quote is not legal: ")
                + problem.text(vietnamese: vietnamese)
        }
    }

    private func list(_ places: [AnchorTarget]) -> String {
        let named = places.prefix(Anchor.maximumCandidates).map(\.description).joined(separator: ", ")
        return places.count > Anchor.maximumCandidates ? named + ", …" : named
    }
}
