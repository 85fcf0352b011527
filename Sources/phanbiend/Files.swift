import Glibc
import ReviewCore
import ReviewStoreSQLite

/// Whole files, with the system's reasons as exit statuses.
enum Files {
    /// Reads a file that the operator gave, or standard input for `-`: `< FILE` also gives what this account may not open.
    static func readGiven(_ path: String, atMost most: Int) throws(Failure) -> [UInt8] {
        if path == "-" { return try read(STDIN_FILENO, path, atMost: most) }
        return try read(
            path, atMost: most,
            permit: Wording(
                "Tài khoản chạy lệnh phải đọc được tệp và vào được mọi thư mục trên nó; hoặc đưa tệp qua đầu vào chuẩn: ghi “-” thay tên tệp rồi thêm “< \(path)”.",
                "The account that runs this has to be able to read the file and to enter every directory above it; or give it by standard input: “-” in place of the name, then “< \(path)”."
            ))
    }

    /// Reads a file; more than `most` octets are refused before they are read.
    static func read(_ path: String, atMost most: Int, permit: Wording? = nil) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(path, permit: permit) }
        defer { close(file) }
        return try read(file, path, atMost: most)
    }

    private static func read(_ file: Int32, _ path: String, atMost most: Int) throws(Failure) -> [UInt8] {
        var octets: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path) }
            guard count > 0 else { return octets }
            octets += piece.prefix(count)
            guard octets.count <= most else {
                throw Failure(
                    .data, "Tệp “\(path)” lớn hơn \(most) byte.", "The file “\(path)” is larger than \(most) octets.")
            }
        }
    }

    /// Reads a text of UTF-8.
    static func readText(_ path: String, atMost most: Int, permit: Wording? = nil) throws(Failure) -> String {
        guard let text = String(validating: try read(path, atMost: most, permit: permit), as: UTF8.self) else {
            throw Failure(.data, "Tệp “\(path)” không phải UTF-8.", "The file “\(path)” is not UTF-8.")
        }
        return text
    }

    /// Makes a file that was not there, with these permissions from its first octet on, on stable storage.
    ///
    /// Root makes it for the owner of its folder: the service, which is not root, has to read it. One that cannot be written
    /// whole is removed again, or it would be in the next attempt's way.
    static func create(_ path: String, _ text: String, permissions: mode_t) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
        guard file >= 0 else {
            throw .system(path, otherwise: .cannotCreate, permit: mayWrite(FileSystem.directory(of: path)))
        }
        defer { close(file) }
        do throws(Failure) {
            try fill(file, path, text, permissions: permissions)
        } catch {
            FileSystem.remove(path)
            throw error
        }
    }

    private static func fill(
        _ file: Int32, _ path: String, _ text: String, permissions: mode_t
    ) throws(Failure) {
        FileSystem.give(file, toOwnerOf: FileSystem.directory(of: path))
        var rest = Array(text.utf8)
        while !rest.isEmpty {
            let count = write(file, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(path) }
            rest.removeFirst(count)
        }
        // The permissions asked for, whatever the umask took away; a public file has to be readable.
        guard fchmod(file, permissions) == 0, fsync(file) == 0 else { throw .system(path) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether nothing at all stands at a path, not even a link to something that is not there now.
    ///
    /// - Throws: where the system does not say, as on a disk that fails for a moment.
    static func isFree(_ path: String) throws(Failure) -> Bool {
        var status = stat()
        if lstat(path, &status) == 0 { return false }
        guard errno == ENOENT else { throw .system(path) }
        return true
    }

    /// Makes a directory and those above it that are missing.
    static func makeDirectory(_ path: String, permissions: mode_t) throws(Failure) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw Failure(.cannotCreate, "“\(path)” không phải thư mục.", "“\(path)” is not a directory.")
            }
            return
        }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            let above = String(path[..<slash])
            if !above.isEmpty, !exists(above) { try makeDirectory(above, permissions: 0o755) }
        }
        if mkdir(path, permissions) != 0, errno != EEXIST {
            throw .system(
                path, otherwise: .cannotCreate,
                permit: Wording(
                    "Tạo thư mục ấy bằng root cho tài khoản chạy lệnh: install -d -o phanbien -g phanbien -m 700 \(path)",
                    "Make it as root for the account that runs this: install -d -o phanbien -g phanbien -m 700 \(path)"
                ))
        }
    }

    /// What somebody needs who is to make a file in a folder.
    static func mayWrite(_ folder: String) -> Wording {
        Wording(
            "Tài khoản chạy lệnh phải ghi được vào thư mục “\(folder)”; xem chủ của nó: ls -ld \(folder)",
            "The account that runs this has to be able to write to the directory “\(folder)”; see whose it is: ls -ld \(folder)"
        )
    }

    /// Whether others than the owner may do anything with the file.
    static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    static func rename(_ source: String, to target: String) throws(Failure) {
        if Glibc.rename(source, target) != 0 { throw .system(source) }
    }

    /// Keeps a file under a second name, so that it stays in its place until another one takes that.
    static func keep(_ path: String, as former: String) throws(Failure) {
        FileSystem.remove(former)
        // Some file systems know no second names; there its place is empty for a moment.
        if link(path, former) != 0 { try rename(path, to: former) }
    }

    /// Renames so that the new name outlives a loss of power.
    static func settle(_ source: String, as target: String) throws(Failure) {
        do throws(OpenProblem) { try FileSystem.move(source, to: target) } catch { throw Failure(error) }
    }

    /// Removes a file that is there.
    static func remove(_ path: String) throws(Failure) {
        if unlink(path) != 0 { throw .system(path, permit: mayWrite(FileSystem.directory(of: path))) }
    }

    /// Removes a directory that is empty.
    static func removeDirectory(_ path: String) { rmdir(path) }

    /// What a process without privileges can still write on the file system of a path, in octets; nil when the system
    /// does not tell.
    static func freeOctets(_ path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (octets, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : Int64(clamping: octets)
    }
}
