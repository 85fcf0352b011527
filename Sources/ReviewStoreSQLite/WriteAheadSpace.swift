import Glibc

/// Keeps the write-ahead log longer than it is full, so that a commit writes into octets that the file has already.
///
/// A sync of a file that has grown also waits for the file system's own journal, since the size has changed: that took
/// twice to four times as long as the same write into octets that were there. SQLite writes the log from its beginning
/// again after a checkpoint, but until then every commit lengthens it. Behind the last frame may stand anything: a start
/// stops reading at the first frame without the log's salt (sqlite.org/fileformat2.html, section 4.4), and zeros are none.
final class WriteAheadSpace {
    /// Octets by which the file is lengthened: some 200 commits of one comment each, and a write of a millisecond.
    static let step: Int64 = 1_048_576

    private static let zeros = [UInt8](repeating: 0, count: 65_536)

    private let descriptor: Int32
    /// The size up to which the next step is not due.
    private var end: Int64

    /// Opens the write-ahead log that stands at a path; it belongs to SQLite, and is never made here.
    init(path: String) throws(OpenProblem) {
        descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .system(path: path, code: errno) }
        end = Self.size(descriptor)
    }

    deinit { close(descriptor) }

    /// Lengthens the file by a step if a commit has grown it; only to be called in a transaction that writes, in which
    /// nobody else may append to it.
    ///
    /// On a disk without room for it the file keeps its size, and commits go on as long as they find room themselves.
    func lengthen() {
        let size = Self.size(descriptor)
        guard size > end else { return }
        end = size + Self.step
        var place = size
        while place < end {
            // Not beyond the step: a longer file would look as if a commit had grown it.
            let count = pwrite(descriptor, Self.zeros, min(Self.zeros.count, Int(end - place)), off_t(place))
            guard count > 0 else {
                _ = ftruncate(descriptor, off_t(size))
                return
            }
            place += Int64(count)
        }
    }

    /// Nobody waits for a step if it cannot be told.
    private static func size(_ descriptor: Int32) -> Int64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : .min
    }
}
