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
            } else if line.hasPrefix("|"), let name {
                values[name, default: []].append(String(line.dropFirst()))
            }
        }
        return values.mapValues { $0.joined(separator: "\n") }
    }
}

extension Model {
    /// The name under which stands what was chosen beside a text: its level, its quotation, its suggestion.
    static func choicesDraft(of draft: String) -> String { draft + choicesMark }
    private static let choicesMark = "-choices"

    /// How many texts that were begun are kept.
    var draftCount: Int {
        let names = drafts.keys.map {
            $0.hasSuffix(Self.choicesMark) ? String($0.dropLast(Self.choicesMark.count)) : $0
        }
        return Set(names).count
    }

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
}
