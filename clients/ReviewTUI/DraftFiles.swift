/// Which file of this machine holds each draft of one window.
///
/// A person may have two windows open and write at the same place in both: neither writes over what the other one keeps
/// there, nor throws it away. The second one's text goes into a file of its own, with a number behind its name, where it
/// is found like any other draft.
public struct DraftFiles: Sendable {
    /// The file of each draft of this window, and what this window last read there or wrote into it.
    private var known: [String: (file: String, text: [UInt8])]
    /// The files of the texts that have others than those of their names; what was chosen beside a text goes with it.
    private var moved: [String: String] = [:]

    /// Begins with the files that are there.
    public init(_ files: [String: [UInt8]]) {
        known = [:]
        for (name, text) in files { known[name] = (name, text) }
    }

    /// The files that are to be written so that a draft is kept: its own, and that of its other half where it has to follow.
    ///
    /// - Parameter read: what a file holds now; nil when it is not there.
    public mutating func writes(
        of draft: String, _ text: [UInt8], read: (String) -> [UInt8]?
    ) -> [(file: String, text: [UInt8])] {
        let base = DraftName.base(of: draft)
        var place = moved[base] ?? base
        while isOfAnother(place, than: base) || !isUntouched(place, of: base, read) {
            place = DraftName.numbered(place, DraftName.number(of: place) + 1)
        }
        moved[base] = place
        var writes: [(file: String, text: [UInt8])] = []
        for half in DraftName.halves(of: base) {
            let file = place + half.dropFirst(base.count)
            if half == draft {
                writes.append((file, text))
            } else if let former = known[half], former.file != file || read(file) == nil {
                writes.append((file, former.text))
            } else {
                continue
            }
            known[half] = writes.last
        }
        return writes
    }

    /// The file that is to be removed because its draft is done with; nil when another window's text stands there, or
    /// beside it.
    public mutating func fileToRemove(of draft: String, read: (String) -> [UInt8]?) -> String? {
        guard let mine = known[draft] else { return nil }
        defer { known[draft] = nil }
        let isMine = isUntouched(DraftName.base(of: mine.file), of: DraftName.base(of: draft), read)
        return isMine && read(mine.file) != nil ? mine.file : nil
    }

    /// A write as it is to be kept until it is answered: another run knows drafts by their files alone.
    ///
    /// A draft that stands in no file, or in one in which another window has gone on, is none of this write's.
    public func naming(_ write: [UInt8], read: (String) -> [UInt8]?) -> [UInt8] {
        guard var kept = StoredWrite.write(write), let draft = kept.draft else { return write }
        let place = moved[draft] ?? draft
        let isThere = DraftName.halves(of: draft).contains { half in
            known[half].map { read($0.file) != nil } ?? false
        }
        kept.draft = isThere && isUntouched(place, of: draft, read) ? place : nil
        return (try? StoredWrite.octets(kept)) ?? write
    }

    /// Whether another draft of this window stands in a file or beside it.
    private func isOfAnother(_ place: String, than base: String) -> Bool {
        known.contains { DraftName.base(of: $0.key) != base && DraftName.base(of: $0.value.file) == place }
    }

    /// Whether a file and the one beside it hold what this window last knew there of a draft, or are not there.
    private func isUntouched(_ place: String, of base: String, _ read: (String) -> [UInt8]?) -> Bool {
        DraftName.halves(of: base).allSatisfy { half in
            let file = place + half.dropFirst(base.count)
            guard let text = read(file) else { return true }
            return known[half].map { $0.file == file && $0.text == text } ?? false
        }
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

    /// Which draft of its place one is.
    static func number(of draft: String) -> Int { parts(base(of: draft)).number }

    /// A text and what was chosen beside it.
    static func halves(of base: String) -> [String] { [base, choices(of: base)] }

    /// The name of another draft at the same place.
    static func numbered(_ draft: String, _ number: Int) -> String {
        guard number > 1 else { return draft }
        let base = base(of: draft)
        return "\(parts(base).place)_\(number)" + draft.dropFirst(base.count)
    }

    /// The place of a text and which one it is there: a slug has no such mark.
    private static func parts(_ base: String) -> (place: Substring, number: Int) {
        guard let mark = base.lastIndex(of: "_"), let number = Int(base[base.index(after: mark)...]),
            (2..<100_000).contains(number)
        else { return (base[...], 1) }
        return (base[..<mark], number)
    }
}
