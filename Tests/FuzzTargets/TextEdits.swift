import ReviewCore

/// Makes a new revision out of an old one as people do: lines and words are taken out, put in, moved and changed.
enum TextEdits {
    private static let words = [
        "không", "75", "57", "- mục", "# Đề mục", "## Mục con", "và", ",", "hoà", "hòa", "a)", "1.", "Phòng Nghiệp vụ",
        "ngày 5/3/2025", ".", "\t",
    ]

    /// The edited text; each edit takes three octets of the genes, at most 40 edits.
    static func edited(_ document: Document, _ genes: inout Genes) -> [UInt8] {
        var lines = document.lines.map(String.init)
        for _ in 0..<40 where !genes.isEmpty {
            let edit = genes.octet()
            let first = Int(genes.octet())
            let second = Int(genes.octet())
            guard !lines.isEmpty else { break }
            let place = first % lines.count
            switch edit % 11 {
            case 0: lines.remove(at: place)
            case 1: lines.insert(lines[second % lines.count], at: place)
            case 2:
                let line = lines.remove(at: place)
                lines.insert(line, at: second % (lines.count + 1))
            case 3: lines.insert("", at: place)
            case 4: lines.swapAt(place, second % lines.count)
            case 5: lines.insert(words[second % words.count], at: place)
            case 6 where place + 1 < lines.count:
                let next = lines.remove(at: place + 1)
                lines[place] += " " + next
            default: lines[place] = changed(lines[place], edit, second)
            }
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func changed(_ line: String, _ edit: UInt8, _ choice: Int) -> String {
        var parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let word = words[choice % words.count]
        let place = (choice / 16) % max(1, parts.count)
        switch edit % 11 {
        case 7: if parts.indices.contains(place) { parts[place] = word }
        case 8: parts.insert(word, at: min(place, parts.count))
        case 9: if parts.indices.contains(place) { parts.remove(at: place) }
        default:
            // Splits the line.
            guard place > 0, place < parts.count else { break }
            return parts[..<place].joined(separator: " ") + "\n" + parts[place...].joined(separator: " ")
        }
        return parts.joined(separator: " ")
    }
}
