/// A paper as plain text, for a terminal and for pasting.
///
/// Paragraphs are not broken into lines, so that a word processor can set them; only what Phụ lục I places side by side or
/// in the middle is laid out with blanks.
struct PaperText {
    /// Columns of the sheet: what every terminal shows.
    private static let width = 80
    private static let left = 38

    private var lines: [String] = []

    init(_ sheet: PaperSheet) { add(sheet.blocks) }

    var text: String { lines.joined(separator: "\n") + "\n" }

    private mutating func add(_ blocks: [PaperSheet.Block]) {
        for block in blocks { add(block) }
    }

    private mutating func add(_ block: PaperSheet.Block) {
        switch block {
        case .letterhead(let head): add(head)
        case .title(let text), .centred(let text): centred(text)
        case .titleRule: centred("──────────")
        case .heading(let text): paragraph(text, indent: 0)
        case .paragraph(let text, let indent): paragraph(text, indent: indent)
        case .blank: lines.append("")
        case .rule(let mark): lines.append(String(repeating: mark, count: Self.width))
        case .dots(let count, let indent):
            let line = String(repeating: " ", count: indent) + String(repeating: ".", count: Self.width - indent)
            lines += Array(repeating: line, count: count)
        case .signature(let title, let name, let recipients):
            lines.append("")
            beside(
                ["Nơi nhận:"] + PaperSheet.listed(recipients), title + Self.space + [name], isLeftCentred: false)
        case .signatures(let left, let right, let recipients):
            lines.append("")
            beside([left.title] + Self.space + [left.name], [right.title] + Self.space + [right.name])
            lines += ["", "Nơi nhận:"] + PaperSheet.listed(recipients)
        case .table(let table): add(table.plain)
        }
    }

    /// Between a signatory's title and name.
    private static let space = ["(Ký, ghi rõ họ tên)", "", "", ""]

    private mutating func paragraph(_ text: String, indent: Int) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(line.isEmpty ? "" : String(repeating: " ", count: indent) + line)
        }
    }

    private mutating func add(_ head: PaperSheet.Letterhead) {
        var left: [String] = []
        if !head.parent.isEmpty { left += Self.wrapped(head.parent.uppercased(), to: Self.left - 2) }
        if !head.issuer.isEmpty { left += Self.wrapped(head.issuer.uppercased(), to: Self.left - 2) }
        if !left.isEmpty { left.append("──────────") }
        beside(
            left, ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "───────────────────────────"])
        lines.append("")
        beside(head.number.map { [$0] } ?? [], head.placeLine.map { [$0] } ?? [])
        lines.append("")
    }

    private mutating func centred(_ text: String) {
        for line in Self.balanced(text, to: Self.width - 4) { lines.append(Self.centred(line, Self.width)) }
    }

    private mutating func beside(_ left: [String], _ right: [String], isLeftCentred: Bool = true) {
        let left = left.flatMap { $0.isEmpty ? [""] : Self.wrapped($0, to: Self.left - 2) }
        let right = right.flatMap { $0.isEmpty ? [""] : Self.wrapped($0, to: Self.width - Self.left) }
        for row in 0..<max(left.count, right.count) {
            let one = row < left.count ? left[row] : ""
            let other = row < right.count ? right[row] : ""
            let shown = isLeftCentred && !one.isEmpty ? Self.centred(one, Self.left) : one
            guard !other.isEmpty else {
                lines.append(shown)
                continue
            }
            let gap = String(repeating: " ", count: max(0, Self.left - shown.count))
            lines.append(shown + gap + Self.centred(other, Self.width - Self.left))
        }
    }

    /// Vietnamese letters take one column each once composed, so characters count columns here.
    private static func centred(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, (width - text.count) / 2)) + text
    }

    /// Lines of about the same length, as few as fit the width.
    private static func balanced(_ text: String, to width: Int) -> [String] {
        let lines = wrapped(text, to: width)
        var width = width
        while width > 1, wrapped(text, to: width - 1).count == lines.count { width -= 1 }
        return wrapped(text, to: width)
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
