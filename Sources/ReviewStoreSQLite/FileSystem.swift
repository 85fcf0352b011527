import Glibc

/// The few calls to the file system that the store needs, with the system's own number on failure.
package enum FileSystem {
    /// What the system says of a path; nil when nothing stands there.
    ///
    /// - Throws: when the system does not say, as where this process may not look or a disk fails for a moment: then nobody
    ///   knows, and nothing may be taken for gone.
    private static func status(_ path: String) throws(OpenProblem) -> stat? {
        var status = stat()
        if stat(path, &status) == 0 { return status }
        let code = errno
        guard code == ENOENT || code == ENOTDIR else { throw .system(path: path, code: code) }
        return nil
    }

    /// Whether something stands at a path.
    static func exists(_ path: String) throws(OpenProblem) -> Bool { try status(path) != nil }

    /// The size of a file in octets; nil when there is none.
    package static func size(_ path: String) throws(OpenProblem) -> Int64? {
        try status(path).map { Int64($0.st_size) }
    }

    /// What tells a file, and what was last written to it, from every other; nil when there is none.
    static func version(_ path: String) throws(OpenProblem) -> String? {
        try status(path).map { "\($0.st_ino) \($0.st_size) \($0.st_mtim.tv_sec) \($0.st_mtim.tv_nsec)" }
    }

    /// What tells a file from every other, whatever is written to it; nil when there is none.
    static func identity(_ path: String) throws(OpenProblem) -> FileIdentity? {
        try status(path).map { FileIdentity(device: $0.st_dev, node: $0.st_ino) }
    }

    /// Why nobody may make a file in a directory: the system's number; nil when this process may.
    static func refusal(_ directory: String) -> Int32? { access(directory, W_OK | X_OK) == 0 ? nil : errno }

    /// Whether a path is that of a link, whatever it leads to.
    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether a file system that has an end has less than so many octets left for this process.
    static func lacks(_ octets: UInt64, _ path: String) -> Bool {
        var status = statvfs()
        guard statvfs(path, &status) == 0, status.f_blocks > 0 else { return false }
        let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return !overflow && free < octets
    }

    /// The first octets of a file, as many as there are.
    static func head(_ path: String, octets count: Int) throws(OpenProblem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, code: errno) }
        defer { close(descriptor) }
        var octets = [UInt8](repeating: 0, count: count)
        let read = read(descriptor, &octets, count)
        guard read >= 0 else { throw .system(path: path, code: errno) }
        return Array(octets.prefix(read))
    }

    /// Makes a directory that only its owner can enter, unless it exists.
    static func makeDirectory(_ path: String) throws(OpenProblem) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .system(path: path, code: errno) }
    }

    /// The names in a directory, in order; none where it cannot be read.
    package static func names(in directory: String) -> [String] {
        guard let folder = opendir(directory) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
            // The name is the last field, and ends with a NUL inside the entry.
            let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            names.append(String(cString: name))
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    /// The user to whom something belongs; nil when there is nothing.
    private static func owner(_ path: String) throws(OpenProblem) -> uid_t? { try status(path)?.st_uid }

    /// Gives a file that root made to the owner of a directory: the service, which is not root, has to use it, too.
    ///
    /// Where that fails the file stays root's, and whoever cannot read it is told so.
    package static func give(_ descriptor: Int32, toOwnerOf directory: String) {
        var status = stat()
        guard geteuid() == 0, stat(directory, &status) == 0 else { return }
        _ = fchown(descriptor, status.st_uid, status.st_gid)
    }

    /// Makes an empty file that only its owner can read: it will hold password hashes.
    ///
    /// Root makes it for the owner of its directory.
    /// - Parameter directory: another one whose owner the directory has to have for that.
    static func makeFile(_ path: String, ifOwnedLike directory: String? = nil) throws(OpenProblem) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw .exists(path: path) }
            throw .system(path: path, code: errno)
        }
        defer { close(descriptor) }
        let folder = Self.directory(of: path)
        if let directory, try owner(directory) != owner(folder) { return }
        give(descriptor, toOwnerOf: folder)
    }

    /// Brings a file or directory to stable storage.
    ///
    /// The directories of some file systems, such as a virtual machine's shared folders, know no such call (EINVAL), and a
    /// file in them is no worse for it.
    static func synchronize(_ path: String) throws(OpenProblem) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, code: errno) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0, errno != EINVAL { throw .system(path: path, code: errno) }
    }

    /// Renames within a file system; the change is durable once this returns.
    package static func move(_ source: String, to target: String) throws(OpenProblem) {
        if rename(source, target) != 0 { throw .system(path: source, code: errno) }
        try synchronize(directory(of: target))
    }

    /// Removes a file, if it is there.
    package static func remove(_ path: String) { unlink(path) }

    /// The directory in which a path lies.
    package static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// Where the system keeps a file, by whatever name.
struct FileIdentity: Equatable {
    let device: dev_t
    let node: ino_t
}
