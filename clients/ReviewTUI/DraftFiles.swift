/// Which file of this machine holds each draft of one window.
///
/// A person may have two windows open and write at the same place in both: neither writes over what the other one keeps
/// there, nor throws it away. The second one's text goes into a file of its own, with a number behind its name, where it
/// is found like any other draft.
public struct DraftFiles: Sendable {
    /// The file of each draft of this window, and what this window last read there or wrote into it.
    private var known: [String: (file: String, text: [UInt8])]
    /// The numbers of the drafts that have other files than those of their names.
    private var numbers: [String: Int] = [:]

    /// Begins with the files that are there.
    public init(_ files: [String: [UInt8]]) {
        known = [:]
        for (name, text) in files { known[name] = (name, text) }
    }

    /// The file into which a draft is to be written.
    ///
    /// - Parameter read: what a file holds now; nil when it is not there.
    public mutating func file(for draft: String, _ text: [UInt8], read: (String) -> [UInt8]?) -> String {
        let base = DraftName.base(of: draft)
        var number = numbers[base] ?? 1
        var file = known[draft]?.file ?? DraftName.numbered(draft, number)
        while isTaken(file, from: draft, read(file)) {
            number += 1
            file = DraftName.numbered(draft, number)
        }
        numbers[base] = number
        known[draft] = (file, text)
        return file
    }

    /// The file that is to be removed because its draft is done with; nil when another window's text stands there.
    public mutating func fileToRemove(of draft: String, read: (String) -> [UInt8]?) -> String? {
        guard let mine = known.removeValue(forKey: draft), read(mine.file) == mine.text else { return nil }
        return mine.file
    }

    /// Whether something else than this draft stands in a file: of another window, or another draft of this one.
    private func isTaken(_ file: String, from draft: String, _ text: [UInt8]?) -> Bool {
        if known.contains(where: { $0.key != draft && $0.value.file == file }) { return true }
        guard let text else { return false }
        return known[draft].map { $0.file != file || $0.text != text } ?? true
    }
}

/// How drafts are called: a text and what was chosen beside it belong together, and several at one place are numbered.
enum DraftName {
    private static let choices = "-choices"

    /// The name under which stands what was chosen beside a text: its level, its quotation, its suggestion.
    static func choices(of draft: String) -> String { draft + choices }

    /// The name of the text that a draft is, or belongs to.
    static func base(of draft: String) -> String {
        draft.hasSuffix(choices) ? String(draft.dropLast(choices.count)) : draft
    }

    /// Which draft of a place one is; nil when it is of another place.
    static func number(of draft: String, at place: String) -> Int? {
        if draft == place { return 1 }
        return draft.hasPrefix(place + "_") ? Int(draft.dropFirst(place.count + 1)) : nil
    }

    /// The name of another draft at the same place; a slug has no such mark.
    static func numbered(_ draft: String, _ number: Int) -> String {
        guard number > 1 else { return draft }
        let base = base(of: draft)
        return "\(base)_\(number)" + draft.dropFirst(base.count)
    }
}
