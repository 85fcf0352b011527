public import PhanbienCommands
public import ReviewProtocol
import Terminal

/// A folder of this machine, as the picker shows it: folders, and files that may hold a draft.
public struct FolderListing: Sendable, Equatable {
    /// A file or folder in it.
    public struct Entry: Sendable, Equatable {
        /// Its name, as the file system has it.
        public let name: String
        /// Whether it is a folder.
        public let isFolder: Bool
        /// Its size in octets; nothing is said of a folder's.
        public let octets: Int
        /// The day on which it was last written, in Vietnam.
        public let day: CalendarDay

        /// An entry.
        public init(name: String, isFolder: Bool, octets: Int, day: CalendarDay) {
            self.name = name
            self.isFolder = isFolder
            self.octets = octets
            self.day = day
        }
    }

    /// Its path, without a slash at the end unless it is the root.
    public let path: String
    /// What is in it, the newest files first, then the folders by name.
    public let entries: [Entry]

    /// A listing.
    public init(path: String, entries: [Entry]) {
        self.path = path
        self.entries = entries
    }
}

/// What came of a visit to a path.
public enum Visit: Sendable, Equatable {
    /// It is a folder.
    case folder(FolderListing)
    /// It is a file that may be sent: its octets are text of the protocol; what was made of it if it is no plain text.
    ///
    /// The original is the Word file that they were read from.
    case document(path: String, octets: [UInt8], note: Bilingual? = nil, original: WordFile? = nil)
    /// Why it cannot be used.
    case failed(Bilingual)
}

/// Chooses a file of this machine: by going through folders, by typing a part of its name, or a whole path.
struct FilePicker: Sendable {
    /// The topic for which a file is looked for.
    let topic: String
    private(set) var folder: FolderListing?
    private(set) var editor = LineEditor()
    private(set) var selected = 0
    /// Why the last choice could not be used.
    private(set) var complaint: Bilingual?
    /// The file that is being read, which may take a while.
    private(set) var reading: String?

    init(topic: String) { self.topic = topic }

    /// Whether what is typed is a path, not a part of a name.
    var isPath: Bool { editor.text.contains("/") || editor.text.hasPrefix("~") }

    /// The entries that fit what is typed, with or without dấu.
    var matches: [FolderListing.Entry] {
        guard let folder, !isPath else { return [] }
        let typed = Folding.plain(editor.text)
        return typed.isEmpty ? folder.entries : folder.entries.filter { Folding.plain($0.name).contains(typed) }
    }

    mutating func show(_ listing: FolderListing) {
        folder = listing
        editor = LineEditor()
        selected = 0
        complaint = nil
        reading = nil
    }

    mutating func complain(_ words: Bilingual) {
        complaint = words
        reading = nil
    }

    /// A file is going to be read; false when it is being read already.
    private mutating func begin(_ path: String) -> Bool {
        guard path != reading else { return false }
        complaint = nil
        reading = path
        return true
    }

    /// What a key asks for.
    enum Choice: Equatable {
        case none
        /// Look at this path.
        case visit(String)
        case leave
    }

    mutating func press(_ key: Key) -> Choice {
        switch key.code {
        case .up: selected = max(selected - 1, 0)
        case .down: selected = min(selected + 1, max(matches.count - 1, 0))
        case .pageUp: selected = max(selected - 10, 0)
        case .pageDown: selected = min(selected + 10, max(matches.count - 1, 0))
        case .left where editor.text.isEmpty: return parent
        case .backspace where editor.text.isEmpty: return parent
        case .escape: return .leave
        case .enter:
            let matches = matches
            guard isPath || matches.indices.contains(selected) else { return .none }
            let path = isPath ? absolute(editor.text) : inside(matches[selected].name)
            if !isPath, matches[selected].isFolder { return .visit(path) }
            return begin(path) ? .visit(path) : .none
        default:
            let former = editor
            switch editor.handle(key) {
            case .cancelled, .endOfInput: return .leave
            // What is typed ahead is not meant for the file that is being read.
            default: if reading != nil { editor = former } else { (complaint, selected) = (nil, 0) }
            }
        }
        return .none
    }

    private var parent: Choice {
        guard let folder, let cut = folder.path.lastIndex(of: "/") else { return .none }
        let path = folder.path[..<cut]
        return .visit(path.isEmpty ? "/" : String(path))
    }

    private func inside(_ name: String) -> String {
        guard let path = folder?.path else { return name }
        return path.hasSuffix("/") ? path + name : path + "/" + name
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") || path.hasPrefix("~") ? path : inside(path)
    }
}
