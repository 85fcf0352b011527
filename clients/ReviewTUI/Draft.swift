import Terminal

/// Fields with names as they are kept in one draft: `# name`, then each line of the value behind `|`.
enum FieldDraft {
    static func text(_ values: [(name: String, value: String)]) -> String {
        var lines: [String] = []
        for (name, value) in values where value.contains(where: { !$0.isWhitespace }) {
            lines.append("# " + name)
            lines += value.split(separator: "\n", omittingEmptySubsequences: false).map { "|" + $0 }
        }
        return lines.joined(separator: "\n")
    }

    static func values(_ text: String) -> [String: String] {
        var values: [String: [String]] = [:]
        var name: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") {
                name = String(line.dropFirst(2))
            } else if line.unicodeScalars.first == "|", let name {
                // A mark without a letter before it joins the bar.
                values[name, default: []].append(String(line.unicodeScalars.dropFirst()))
            }
        }
        return values.mapValues { $0.joined(separator: "\n") }
    }
}

extension Model {
    /// The draft that is gone on with, or begun, where a text of this name is to be written.
    ///
    /// What waits to be sent keeps its draft until it is answered: another text is another draft, and is found by its
    /// number when somebody comes back to the place.
    func draftToWrite(_ name: String) -> String {
        func numbers(_ drafts: some Sequence<String>) -> Set<Int> {
            Set(drafts.compactMap { DraftName.number(of: DraftName.base(of: $0), at: name) })
        }
        let (waiting, kept) = (numbers(outbox.compactMap(\.draft)), numbers(drafts.keys))
        let number = kept.subtracting(waiting).min() ?? (1...waiting.count + 1).first { !waiting.contains($0) }
        return DraftName.numbered(name, number ?? 1)
    }

    /// How many texts that were begun are kept.
    var draftCount: Int { Set(drafts.keys.map { DraftName.base(of: $0) }).count }

    /// Keeps a draft on this machine; an empty one is none.
    mutating func keepDraft(_ name: String, _ text: String) {
        guard !text.isEmpty else { return dropDraft(name) }
        guard drafts[name] != text else { return }
        drafts[name] = text
        // Of keys that come together, as a paste may, only what stands at the end is written.
        effects.removeAll { if case .keepDraft(let former, _) = $0 { former == name } else { false } }
        effects.append(.keepDraft(name, text))
    }

    /// Drops a draft; what was not kept needs no dropping.
    mutating func dropDraft(_ name: String) {
        guard drafts.removeValue(forKey: name) != nil else { return }
        effects.append(.discardDraft(name))
    }

    /// A text from elsewhere was longer than there is room for.
    mutating func tellCut() {
        tell(
            .trouble, "Nội dung quá dài: chỉ giữ \(TextEditor.largestCount) ký tự đầu, phần sau KHÔNG được giữ.",
            "The text is too long: its first \(TextEditor.largestCount) characters are kept, the rest is NOT.")
    }

    /// Takes what the person wrote in $EDITOR.
    mutating func takeEdited(_ text: String) {
        effects.append(.repaint)
        switch page {
        case .writing(var writing):
            writing.take(edited: text, in: &self)
            page = .writing(writing)
        case .review(var review):
            review.take(edited: text, in: &self)
            page = .review(review)
        case .home, .topic, .comparison, .approval, .reading, .plenary, .search: break
        }
    }
}
