import ReviewCore
import ReviewProtocol
import WordDocuments
import WordTestKit

/// The reader of Word files: any archive gives a text that can be sent, or a problem.
///
/// The input's first octet chooses. An even one: the whole file follows. An odd one: up to FF hex the content of the
/// text's body, then in the same way that of its styles, numbering, footnotes and endnotes; with bit 1 each is the whole
/// part instead. The archive around them is made here, since no fuzzer guesses its checksums.
enum WordTarget {
    private static let kinds = ["styles", "numbering", "footnotes", "endnotes"]

    static func run(_ octets: [UInt8]) throws(Finding) {
        let choice = octets.first ?? 0
        guard choice & 1 == 1 else { return try read(Array(octets.dropFirst())) }
        var genes = Genes(octets.dropFirst())
        let isWholePart = choice & 2 == 2
        let body = Array(genes.piece())
        var parts: [String: [UInt8]] = [:]
        for kind in kinds where !genes.isEmpty {
            let content = Array(genes.piece())
            parts[kind] = isWholePart ? content : wordPart(kind, content)
        }
        let main =
            isWholePart ? body : wordPart("document", Array("<w:body>".utf8) + body + Array("</w:body>".utf8))
        try read(wordFile(main: main, parts))
    }

    private static func read(_ file: [UInt8]) throws(Finding) {
        let document: WordDocument
        do throws(WordProblem) { document = try WordDocument(file) } catch {
            try promise(!error.what.vietnamese.isEmpty && !error.advice.vietnamese.isEmpty, "no words for \(error)")
            return
        }
        try promise((try? WordDocument(file)) == document, "read again, the same file is another text")
        _ = (document.summary, document.losses)
        let text: String
        do throws(TextProblem) {
            text = try CanonicalText.document(Array(document.text.utf8))
        } catch {
            // A mark without a letter is seen in Word and may be mended there; nothing else can be refused.
            return try promise(
                error.kind == .combining, "\(error) in what is read as \(shown(document.text.utf8))")
        }
        try promise(
            TextRules.fault(in: Array(text.utf8), place: .body) == nil, "cannot be sent: \(shown(text.utf8))")
        let sections = Document(text).sections.count
        try promise(
            sections == document.headings,
            "\(document.headings) headings are said, \(sections) are in \(shown(text.utf8))")
    }
}
