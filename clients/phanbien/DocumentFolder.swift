import Glibc
import PhanbienCommands
import ReviewProtocol
import ReviewTUI
import Terminal

/// Where papers are put: the folder whose files the person used last, or else the one in which the client was started.
struct DocumentFolder {
    /// How many names are tried beside the first.
    private static let otherNames = 99

    /// The folders that are tried, one after another.
    private let folders: [String]

    /// Where the person of the full-screen client looks for it.
    init(world: World) { folders = [world.recall(.folder), "."].compactMap { $0 } }

    /// Where a command was typed.
    init() { folders = ["."] }

    /// Saves a file whole, and never over another: where the name is taken, a number is added.
    func save(_ octets: [UInt8], as name: String) -> Saved { place(name) { Self.write(octets, to: $0) } }

    /// Saves files as a folder of their own: all of them or nothing, and never over another one.
    func save(_ files: [DossierDownload.File], as name: String) -> Saved { place(name) { Self.write(files, to: $0) } }

    /// The same at exactly this path; gives the whole path.
    static func save(_ files: [DossierDownload.File], at path: String) throws(Files.Failure) -> String {
        let code = write(files, to: path)
        guard code == 0 else { throw Files.Failure(code: code) }
        return folder(path) ?? path
    }

    /// The same with a file.
    static func save(_ octets: [UInt8], at path: String) throws(Files.Failure) -> String {
        let code = write(octets, to: path)
        guard code == 0 else { throw Files.Failure(code: code) }
        return wholePath(path) ?? path
    }

    private func place(_ name: String, _ write: (String) -> Int32) -> Saved {
        var problem: Saved?
        for folder in folders.compactMap(Self.folder) {
            let saved = Self.place(name, in: folder, write)
            if case .at = saved { return saved }
            problem = problem ?? saved
        }
        return problem ?? Self.failure(ENOENT, name)
    }

    private static func place(_ name: String, in folder: String, _ write: (String) -> Int32) -> Saved {
        let cut = name.lastIndex(of: ".") ?? name.endIndex
        for number in 0...otherNames {
            let added = number == 0 ? "" : " (\(number + 1))"
            let path = folder + (folder.hasSuffix("/") ? "" : "/") + name[..<cut] + added + name[cut...]
            switch write(path) {
            case 0: return .at(path)
            case EEXIST: continue
            case let code: return failure(code, path)
            }
        }
        return failure(EEXIST, folder + "/" + name)
    }

    /// Writes a file that is not there yet; gives the system's number of what went wrong, 0 for nothing.
    private static func write(_ octets: [UInt8], to path: String) -> Int32 {
        // It may be of a draft, so nobody else reads it unless its owner lets them.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return errno }
        var code = Files.write(octets, to: descriptor) ? 0 : errno
        if close(descriptor) != 0, code == 0 { code = errno }
        if code != 0 { unlink(path) }
        return code
    }

    /// Makes a folder that is not there yet, with these files in it.
    private static func write(_ files: [DossierDownload.File], to path: String) -> Int32 {
        guard mkdir(path, 0o700) == 0 else { return errno }
        for (index, file) in files.enumerated() {
            let code = write(file.octets, to: path + "/" + file.name)
            guard code != 0 else { continue }
            for earlier in files[..<index] { unlink(path + "/" + earlier.name) }
            rmdir(path)
            return code
        }
        return 0
    }

    /// A folder's whole path; nil when it is none.
    private static func folder(_ path: String) -> String? {
        guard let real = wholePath(path) else { return nil }
        var status = stat()
        guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return real
    }

    private static func wholePath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func failure(_ code: Int32, _ path: String) -> Saved {
        let (named, reason) = (SafeText.escape(path), World.reason(code))
        return .failed(
            Bilingual(
                "Không lưu được \(named): \(reason.vietnamese). Mở phanbien từ một thư mục ghi được rồi lưu lại.",
                "\(named) cannot be saved: \(reason.english). Start phanbien in a folder that can be written, and save again."
            ))
    }
}
