import Glibc
import ReviewCore
import ReviewStoreSQLite

/// The note that a backup leaves in the data directory when it is done: how old the last one is, is what operators ask
/// first, and what STATUS and the metrics tell.
enum BackupMark {
    private static let name = "last-backup"

    /// Notes that a backup with these events was finished now.
    static func write(_ directory: String, head: Int64, file: String, now: Instant) throws(Failure) {
        let path = directory + "/" + name
        FileSystem.remove(path + ".new")
        try Files.create(path + ".new", "\(now.rfc3339) events=\(head) file=\(file)\n", permissions: 0o600)
        try Files.rename(path + ".new", to: path)
    }

    /// When the last backup was finished; nil before the first one.
    static func read(_ directory: String) -> Instant? {
        guard let text = try? Files.readText(directory + "/" + name, atMost: 8_192),
            let word = text.split(separator: " ").first
        else { return nil }
        return Instant(rfc3339: String(word))
    }
}
