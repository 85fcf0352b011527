import CZlib

/// Writes ZIP archives for the tests: parts that are stored, as some programs do.
public struct Archive {
    private var octets: [UInt8] = []
    private var list: [UInt8] = []
    private var count = 0

    /// An archive without parts.
    public init() {}

    /// Adds a part.
    ///
    /// - Parameters:
    ///   - flags: the general purpose bits; bit 0 says that it is encrypted.
    ///   - checksum: another one than that of the content.
    public mutating func add(_ name: String, _ content: [UInt8], flags: Int = 0, checksum: UInt32? = nil) {
        let sum = checksum ?? UInt32(truncatingIfNeeded: crc32(0, content, UInt32(content.count)))
        let common =
            number(flags, 2) + number(0, 2) + number(0, 4) + number(Int(sum), 4) + number(content.count, 4)
            + number(content.count, 4) + number(name.utf8.count, 2) + number(0, 2)
        list += number(0x0201_4B50, 4) + number(20, 2) + number(20, 2) + common
        list += number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(octets.count, 4)
        list += Array(name.utf8)
        octets += number(0x0403_4B50, 4) + number(20, 2) + common + Array(name.utf8) + content
        count += 1
    }

    /// The whole file.
    public var file: [UInt8] {
        octets + list + number(0x0605_4B50, 4) + number(0, 4) + number(count, 2) + number(count, 2)
            + number(list.count, 4) + number(octets.count, 4) + number(0, 2)
    }

    private func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// The names that a part's root declares.
private let spaces =
    #"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" "#
    + #"xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" "#
    + #"xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml" "#
    + #"xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" "#
    + #"xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart""#

/// A part of a Word file: its root element, with this content.
public func wordPart(_ root: String, _ content: [UInt8]) -> [UInt8] {
    Array("<w:\(root) \(spaces)>".utf8) + content + Array("</w:\(root)>".utf8)
}

/// A Word file with these parts: the text, and further ones by what they are for.
public func wordFile(main: [UInt8], _ parts: [String: [UInt8]]) -> [UInt8] {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    func relations(_ targets: [(String, String)]) -> [UInt8] {
        let rows = targets.enumerated().map { place, target in
            #"<Relationship Id="r\#(place)" Type="\#(office)/\#(target.0)" Target="\#(target.1)"/>"#
        }
        return Array("<Relationships>\(rows.joined())</Relationships>".utf8)
    }
    let kinds = parts.keys.sorted()
    var archive = Archive()
    archive.add("[Content_Types].xml", Array("<Types/>".utf8))
    archive.add("_rels/.rels", relations([("officeDocument", "word/main.xml")]))
    archive.add("word/_rels/main.xml.rels", relations(kinds.map { ($0, "\($0).xml") }))
    archive.add("word/main.xml", main)
    for kind in kinds { archive.add("word/\(kind).xml", parts[kind] ?? []) }
    return archive.file
}

/// A Word file with this content; `parts` are further ones by what they are for.
public func wordFile(_ body: String, _ parts: [String: String] = [:]) -> [UInt8] {
    let others = parts.map { ($0.key, wordPart($0.key, Array($0.value.utf8))) }
    return wordFile(
        main: wordPart("document", Array("<w:body>\(body)</w:body>".utf8)),
        Dictionary(others, uniquingKeysWith: { first, _ in first }))
}

/// A paragraph of one run.
public func paragraph(_ text: String, properties: String = "", run: String = "") -> String {
    "<w:p><w:pPr>\(properties)</w:pPr><w:r><w:rPr>\(run)</w:rPr><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
}
