import Glibc
import PhanbienCommands
import ReviewProtocol
import Terminal

/// A folder that only its owner can read: mode 0700, files 0600, written whole or not at all.
struct PrivateFolder {
    /// No file read from here is larger: tokens, certificates, drafts, histories.
    static let largestOctets = 16_777_216

    let path: String

    /// A file or folder name inside.
    ///
    /// Names are made by us; a slash in one would leave the folder.
    private func place(_ name: String) -> String {
        path + "/" + String(name.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
    }

    /// The folder inside this one.
    func folder(_ name: String) -> PrivateFolder { PrivateFolder(path: place(name)) }

    /// The path of a file inside, for messages and the editor.
    func path(of name: String) -> String { place(name) }

    /// Makes the folder and those above it.
    private func make() throws(Files.Failure) {
        var prefix = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: true) {
            prefix += (path.hasPrefix("/") || !prefix.isEmpty ? "/" : "") + part
            if mkdir(prefix, 0o700) != 0 {
                let code = errno
                // On a read-only disk the folders that are there are all right.
                var status = stat()
                guard stat(prefix, &status) == 0 else { throw Files.Failure(code: code) }
            }
        }
    }

    /// The octets of a file; nil when there is none.
    func read(_ name: String) -> [UInt8]? { try? Files.read(place(name), largest: Self.largestOctets) }

    /// The text of a file without the blanks and line ends around it; nil when there is none.
    func text(_ name: String) -> String? {
        guard let octets = read(name), let text = String(validating: octets, as: UTF8.self) else { return nil }
        let blanks: Set<Character> = [" ", "\n", "\r\n", "\t"]
        var rest = text[...]
        while let first = rest.first, blanks.contains(first) { rest.removeFirst() }
        while let last = rest.last, blanks.contains(last) { rest.removeLast() }
        return rest.isEmpty ? nil : String(rest)
    }

    /// Writes a file under another name first, so that nobody ever reads half of it.
    ///
    /// - Parameter durable: whether it has to be there after the power was cut.
    func write(_ name: String, _ octets: [UInt8], durable: Bool = true) throws(Files.Failure) {
        try put(name, octets, durable: durable) { rename($0, place(name)) == 0 }
    }

    /// Writes a file that is not there yet, whole and to stay; fails with EEXIST when it is there.
    func create(_ name: String, _ octets: [UInt8]) throws(Files.Failure) {
        try put(name, octets, durable: true) { link($0, place(name)) == 0 && unlink($0) == 0 }
    }

    /// Writes a temporary file and lets it be put in its place.
    private func put(
        _ name: String, _ octets: [UInt8], durable: Bool, _ settle: (String) -> Bool
    ) throws(Files.Failure) {
        try make()
        let temporary = place(name) + Self.temporaryMark + String(getpid())
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Files.Failure(code: errno) }
        var code: Int32 = 0
        if !Files.write(octets, to: descriptor) || (durable && fsync(descriptor) != 0) { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, !settle(temporary) { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw Files.Failure(code: code)
        }
        if durable { try settleNames() }
    }

    /// Why something that has to stay could not be kept, and where else things may be kept.
    static func failure(_ reason: Files.Failure, at path: String) -> CommandFailure {
        let (named, words) = (SafeText.escape(path), World.reason(reason.code))
        return CommandFailure(
            .cannotCreate, "Không ghi được \(named): \(words.vietnamese).",
            "\(named) cannot be written: \(words.english).",
            next: Bilingual(
                "Đặt biến PHANBIEN_HOME là một thư mục ghi được, ví dụ: export PHANBIEN_HOME=~/phanbien",
                "Set PHANBIEN_HOME to a folder that can be written, such as: export PHANBIEN_HOME=~/phanbien"))
    }

    /// Lets the names of the files outlive a power cut, as their contents do.
    private func settleNames() throws(Files.Failure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Files.Failure(code: errno) }
        defer { close(descriptor) }
        // A file system that knows no such thing says so, and does it in its own time.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw Files.Failure(code: errno) }
    }

    private static let temporaryMark = ".new-"

    /// Removes what programs that have died left half written.
    func sweep() {
        for name in allNames {
            guard let mark = name.firstRange(of: Self.temporaryMark), let process = pid_t(name[mark.upperBound...]),
                process > 0, kill(process, 0) != 0, errno == ESRCH
            else { continue }
            remove(name)
        }
    }

    /// Removes every file.
    func empty() { for name in names { remove(name) } }

    /// When a file was written; nil when there is none.
    func moment(of name: String) -> (seconds: Int, nanoseconds: Int)? {
        var status = stat()
        guard stat(place(name), &status) == 0 else { return nil }
        return (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }

    /// The names of the files inside, in order, without those that are half written.
    var names: [String] { allNames.filter { !$0.contains(Self.temporaryMark) } }

    private var allNames: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file, if it is there.
    func remove(_ name: String) { unlink(place(name)) }
}

/// Whole files and streams.
enum Files {
    /// Why a file could not be read or written: the system's error number.
    struct Failure: Error { let code: Int32 }

    static func read(_ path: String, largest: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        defer { close(descriptor) }
        return try readAll(descriptor, largest: largest)
    }

    static func readAll(_ descriptor: Int32, largest: Int) throws(Failure) -> [UInt8] {
        var octets: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(code: errno)
            }
            if count == 0 { return octets }
            octets += part[..<count]
            guard octets.count <= largest else { throw Failure(code: EFBIG) }
        }
    }

    /// Writes everything; false when the other end has gone or the disk is full.
    static func write(_ octets: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < octets.count {
            let count = octets.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
