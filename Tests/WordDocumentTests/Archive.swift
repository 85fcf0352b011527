import CZlib

/// Writes ZIP archives for the tests: parts that are stored, as some programs do.
struct Archive {
    private var octets: [UInt8] = []
    private var list: [UInt8] = []
    private var count = 0

    mutating func add(_ name: String, _ content: [UInt8], flags: Int = 0, checksum: UInt32? = nil) {
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

    var file: [UInt8] {
        octets + list + number(0x0605_4B50, 4) + number(0, 4) + number(count, 2) + number(count, 2)
            + number(list.count, 4) + number(octets.count, 4) + number(0, 2)
    }

    private func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// A Word file with this content; `parts` are further ones by what they are for.
func wordFile(_ body: String, _ parts: [String: String] = [:]) -> [UInt8] {
    let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    let spaces =
        #"xmlns:w="\#(word)" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" "#
        + #"xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml" "#
        + #"xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" "#
        + #"xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart""#
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    func relations(_ targets: [(String, String)]) -> [UInt8] {
        let rows = targets.enumerated().map { place, target in
            #"<Relationship Id="r\#(place)" Type="\#(office)/\#(target.0)" Target="\#(target.1)"/>"#
        }
        return Array("<Relationships>\(rows.joined())</Relationships>".utf8)
    }
    var archive = Archive()
    archive.add("[Content_Types].xml", Array("<Types/>".utf8))
    archive.add("_rels/.rels", relations([("officeDocument", "word/main.xml")]))
    archive.add("word/_rels/main.xml.rels", relations(parts.keys.sorted().map { ($0, "\($0).xml") }))
    archive.add("word/main.xml", Array("<w:document \(spaces)><w:body>\(body)</w:body></w:document>".utf8))
    for (name, content) in parts.sorted(by: { $0.key < $1.key }) {
        archive.add("word/\(name).xml", Array("<w:\(name) \(spaces)>\(content)</w:\(name)>".utf8))
    }
    return archive.file
}

/// A paragraph of one run.
func paragraph(_ text: String, properties: String = "", run: String = "") -> String {
    "<w:p><w:pPr>\(properties)</w:pPr><w:r><w:rPr>\(run)</w:rPr><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
}
