/// What a file is that was chosen for a text and is none, told by its first octets.
///
/// Asked only of what is refused anyway: which character of a Word file is the first wrong one helps nobody.
public enum ForeignFile: Sendable, Equatable {
    /// A package of today's office programs, or any other ZIP archive.
    case package
    /// A file of earlier office programs.
    case compound
    case pdf
    /// Text in two octets a character.
    case wideText
    /// Nothing that holds text.
    case binary

    /// Recognises a file; nil for what may well be text.
    public init?(_ octets: [UInt8]) {
        let marks: [(mark: [UInt8], kind: Self)] = [
            ([0x50, 0x4B, 0x03, 0x04], .package), ([0xD0, 0xCF, 0x11, 0xE0], .compound), (Array("%PDF".utf8), .pdf),
            ([0xFF, 0xFE], .wideText), ([0xFE, 0xFF], .wideText),
        ]
        if let found = marks.first(where: { octets.starts(with: $0.mark) }) {
            self = found.kind
            return
        }
        // A single NUL is a slip of some program; no text is made of them.
        let beginning = octets.prefix(4096)
        guard beginning.count(where: { $0 == 0 }) > max(beginning.count / 10, 3) else { return nil }
        self = .binary
    }

    /// What it is, for people.
    public var name: Bilingual {
        switch self {
        case .package:
            Bilingual(
                "tệp Word, Excel hoặc tệp nén (.docx, .xlsx, .zip)", "a Word, Excel or ZIP file (.docx, .xlsx, .zip)")
        case .compound: Bilingual("tệp Word, Excel đời cũ (.doc, .xls)", "an old Word or Excel file (.doc, .xls)")
        case .pdf: Bilingual("tệp PDF", "a PDF file")
        case .wideText:
            Bilingual("văn bản mã UTF-16 (Notepad gọi là “Unicode”)", "text in UTF-16 (Notepad says “Unicode”)")
        case .binary: Bilingual("tệp nhị phân hoặc văn bản mã UTF-16", "a binary file, or text in UTF-16")
        }
    }
}
