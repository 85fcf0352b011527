package import ReviewClient
import ReviewProtocol
import Terminal

/// A whole reply for people: rows that stand alone as tables, rows that have a text with that text below them.
package enum ReplyText {
    package static func lines(_ reply: Reply, _ screen: Screen) -> [String] {
        var lines: [String] = []
        var run: [ReplyRow] = []
        var last: String?
        let texts = reply.rows.filter { $0.word == "text" }.compactMap { $0["kind"] }
        let hasSeveralKinds = Set(reply.rows.map(\.word)).count > 1
        func end() {
            guard let first = run.first else { return }
            if !lines.isEmpty { lines.append("") }
            begin(first.word, unless: RowTable.hasHeading(run, screen.language))
            lines += RowTable.lines(run, screen, after: last)
            last = run.last?.word
            run = []
        }
        /// Writes the heading of a kind of rows where it begins.
        func begin(_ word: String, unless isWritten: Bool = false) {
            guard hasSeveralKinds, word != last, !isWritten, let heading = RowTable.heading(word, screen.language)
            else { return }
            lines.append(screen.style.apply(.bold, to: heading))
        }
        for item in reply.items {
            switch (item.row, item.text) {
            case (var row?, nil):
                // What follows as a text of its own need not stand in the row, too.
                row.pairs.removeAll { ["quote", "suggest"].contains($0.key) && texts.contains($0.key) }
                run.append(row)
            case (let row?, let text?):
                end()
                if !lines.isEmpty { lines.append("") }
                begin(row.word)
                last = row.word
                lines += heading(row, screen)
                for line in SafeText.lines(String(decoding: text, as: UTF8.self)) {
                    lines += line.isEmpty ? [""] : screen.paragraph(line, indent: 2)
                }
            case (nil, let text?): lines += SafeText.lines(String(decoding: text, as: UTF8.self))
            case (nil, nil): break
            }
        }
        end()
        return lines
    }

    /// What stands above a text.
    private static func heading(_ row: ReplyRow, _ screen: Screen) -> [String] {
        func words(_ key: String) -> String? {
            row[key].map { RowTable.words($0, key: key, row: row.word, screen.language) }
        }
        switch row.word {
        case "text":
            return [screen.style.apply(.bold, to: SafeText.escape(words("kind") ?? "") + ":")]
        case "message":
            let who = [words("by"), row["office"].map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
            let parts = [who, words("time"), words("kind")].compactMap { $0 }
            return [screen.style.apply(.bold, to: SafeText.escape(parts.joined(separator: " · ")))]
        case "passage":
            // Only what was returned has words behind it.
            let (from, to) = (words("from") ?? "", words("to") ?? "")
            let parts = [screen.text("trả lại từ “\(from)” về “\(to)”", "returned from “\(from)” to “\(to)”")]
            return screen.paragraph((parts + [words("by"), words("time")].compactMap { $0 }).joined(separator: " · "))
        case "vote", "extension", "override", "postponed", "cancelled":
            let parts = row.pairs.map { pair in
                let words = RowTable.words(pair.value, key: pair.key, row: row.word, screen.language)
                return pair.key == "revision" ? screen.text("bản \(words)", "revision \(words)") : words
            }
            return screen.paragraph(parts.joined(separator: " · "))
        default: return RowTable.list(row, screen)
        }
    }
}
