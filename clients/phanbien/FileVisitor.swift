import Glibc
import PhanbienCommands
import ReviewProtocol
import ReviewTUI

/// Looks at a path of this machine for somebody who chooses a file: a folder's drafts and folders, or a file's text.
struct FileVisitor {
    /// No folder shows more.
    static let largestCount = 2_000
    /// Files that may hold a draft, by the ends of their names.
    static let endings = [".docx", ".md", ".markdown", ".txt"]

    let world: World
    let home: String?

    /// What lies at a path.
    enum Find {
        case seen(Visit)
        /// A file, whose octets are to be made a text of.
        case file(String, [UInt8])
    }

    /// What is there; the folder that was used last for an empty path, or else the one in which the client was started.
    func visit(_ path: String) -> Find {
        if path.isEmpty {
            if let last = world.recall(.folder), case .seen(.folder(let listing)) = look(last) {
                return .seen(.folder(listing))
            }
            return look(".")
        }
        // `~name` may be a file's own name here; only the shell knows other people's folders.
        guard path == "~" || path.hasPrefix("~/"), let home else { return look(path) }
        return look(home + path.dropFirst())
    }

    /// The text of a file; a Word file with thousands of paragraphs takes its time.
    static func read(_ octets: [UInt8], at path: String) -> Visit {
        do {
            let document = try CommandRunner.document(octets, from: path)
            return .document(path: path, octets: document.text, note: document.note, original: document.original)
        } catch {
            return .failed(error.message)
        }
    }

    /// The next file is looked for where this one was.
    func rememberFolder(of path: String) {
        guard let cut = path.lastIndex(of: "/") else { return }
        world.remember(.folder, cut == path.startIndex ? "/" : String(path[..<cut]))
    }

    private func look(_ path: String) -> Find {
        // Without `..` and links a person sees where they are; a path that is not there keeps its name for the message.
        var resolved = path
        if let real = realpath(path, nil) {
            resolved = String(cString: real)
            free(real)
        }
        var status = stat()
        guard stat(resolved, &status) == 0 else { return read(resolved) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .seen(list(resolved))
        case S_IFREG: return read(resolved)
        default:
            return .seen(
                .failed(
                    Bilingual(
                        "Đây không phải là tệp; hãy chọn tệp .docx, .md hoặc .txt.",
                        "This is no file; choose a .docx, .md or .txt file.")))
        }
    }

    private func read(_ path: String) -> Find {
        do { return .file(path, try world.readFile(path)) } catch { return .seen(.failed(error.message)) }
    }

    private func list(_ path: String) -> Visit {
        guard let folder = opendir(path) else {
            let reason = World.reason(errno)
            return .failed(
                Bilingual(
                    "Không mở được thư mục này: \(reason.vietnamese).",
                    "The folder cannot be opened: \(reason.english)."))
        }
        defer { closedir(folder) }
        var files: [(entry: FolderListing.Entry, written: Int)] = []
        var folders: [FolderListing.Entry] = []
        while files.count + folders.count < Self.largestCount, let found = readdir(folder) {
            let name = withUnsafePointer(to: found.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            // What Word puts beside a document that is open is the newest file there, and no document.
            guard !name.hasPrefix("."), !name.hasPrefix("~$"), fstatat(dirfd(folder), name, &status, 0) == 0 else {
                continue
            }
            let kind = status.st_mode & S_IFMT
            let entry = FolderListing.Entry(
                name: name, isFolder: kind == S_IFDIR, octets: Int(status.st_size),
                day: CalendarDay(secondsSince1970: status.st_mtim.tv_sec))
            if kind == S_IFDIR {
                folders.append(entry)
            } else if kind == S_IFREG, Self.endings.contains(where: { name.lowercased().hasSuffix($0) }) {
                files.append((entry, status.st_mtim.tv_sec))
            }
        }
        // The file that was written last is most likely the one.
        files.sort { ($1.written, $0.entry.name) < ($0.written, $1.entry.name) }
        folders.sort { $0.name < $1.name }
        return .folder(FolderListing(path: path, entries: files.map(\.entry) + folders))
    }
}
