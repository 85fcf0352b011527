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
        // Never through a link: root, who may run this, would give away and empty whatever the service's account pointed to.
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw errno == ELOOP ? .linked(path: path) : .system(path: path, code: errno)
        }
        FileSystem.give(descriptor, toOwnerOf: directory)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.readProcess(descriptor)
            close(descriptor)
            descriptor = -1
            throw code == EWOULDBLOCK ? .inUse(directory: directory, process: holder) : .system(path: path, code: code)
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let code = errno
            release()
            throw .system(path: path, code: code)
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
