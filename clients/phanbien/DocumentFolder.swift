import Glibc
import PhanbienCommands
import ReviewProtocol
import ReviewTUI
import Terminal

/// Where papers are put: the folder whose files the person used last, or else the one in which the client was started.
struct DocumentFolder {
    /// How many names are tried beside the first.
    private static let otherNames = 99

    let world: World

    /// Saves a file whole, and never over another: where the name is taken, a number is added.
    func save(_ octets: [UInt8], as name: String) -> Saved {
        var problem: Saved?
        for folder in [world.recall(.folder), "."].compactMap({ $0 }).compactMap(Self.folder) {
            let saved = put(octets, name, in: folder)
            if case .at = saved { return saved }
            problem = problem ?? saved
        }
        return problem ?? Self.failure(ENOENT, name)
    }

    private func put(_ octets: [UInt8], _ name: String, in folder: String) -> Saved {
        let cut = name.lastIndex(of: ".") ?? name.endIndex
        for number in 0...Self.otherNames {
            let added = number == 0 ? "" : " (\(number + 1))"
            let path = folder + (folder.hasSuffix("/") ? "" : "/") + name[..<cut] + added + name[cut...]
            // It may be of a draft, so nobody else reads it unless its owner lets them.
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { return Self.failure(errno, path) }
            var code = Files.write(octets, to: descriptor) ? 0 : errno
            if close(descriptor) != 0, code == 0 { code = errno }
            guard code == 0 else {
                unlink(path)
                return Self.failure(code, path)
            }
            return .at(path)
        }
        return Self.failure(EEXIST, folder + "/" + name)
    }

    /// A folder's whole path; nil when it is none.
    private static func folder(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        var status = stat()
        guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
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
