import Glibc

/// The right of one process to write to a data directory, held until `release`.
///
/// A lock of the operating system: it ends with the process however that ends, so no stale file can keep a server from
/// starting. The file holds the process's number for the one who is refused.
final class DirectoryLock {
    private var descriptor: Int32

    /// Takes the lock of a directory that exists.
    init(directory: String) throws(OpenProblem) {
        let path = directory + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(path: path, cause: FileSystem.lastError) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let cause = FileSystem.lastError
            let holder = Self.readProcess(descriptor)
            close(descriptor)
            descriptor = -1
            throw isTaken ? .inUse(directory: directory, process: holder) : .system(path: path, cause: cause)
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let cause = FileSystem.lastError
            release()
            throw .system(path: path, cause: cause)
        }
    }

    deinit { release() }

    /// Gives the lock back; the file stays, so that two processes never lock two files of one name.
    func release() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
    }

    private static func readProcess(_ descriptor: Int32) -> Int32? {
        var octets = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &octets, octets.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: octets.prefix(count).prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }
}

/// The few calls to the file system that the store needs, with the system's own text on failure.
enum FileSystem {
    static var lastError: String { String(cString: strerror(errno)) }

    /// Whether something stands at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The size of a file in octets; nil when there is none.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// The first octets of a file, as many as there are.
    static func head(_ path: String, octets count: Int) throws(OpenProblem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, cause: lastError) }
        defer { close(descriptor) }
        var octets = [UInt8](repeating: 0, count: count)
        let read = read(descriptor, &octets, count)
        guard read >= 0 else { throw .system(path: path, cause: lastError) }
        return Array(octets.prefix(read))
    }

    /// Makes a directory that only its owner can enter, unless it exists.
    static func makeDirectory(_ path: String) throws(OpenProblem) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .system(path: path, cause: lastError) }
    }

    /// Makes an empty file that only its owner can read: it will hold password hashes.
    static func makeFile(_ path: String) throws(OpenProblem) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw .exists(path: path) }
            throw .system(path: path, cause: lastError)
        }
        close(descriptor)
    }

    /// Brings a file or directory to stable storage.
    static func synchronize(_ path: String) throws(OpenProblem) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, cause: lastError) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw .system(path: path, cause: lastError) }
    }

    /// Renames within a file system; the change is durable once this returns.
    static func move(_ source: String, to target: String) throws(OpenProblem) {
        if rename(source, target) != 0 { throw .system(path: source, cause: lastError) }
        try synchronize(directory(of: target))
    }

    /// Removes a file, if it is there.
    static func remove(_ path: String) { unlink(path) }

    /// The directory in which a path lies.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
