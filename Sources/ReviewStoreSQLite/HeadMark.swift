import Glibc
import ReviewDigest

/// How far the log had come, written beside the database after every commit: what shows that a database lost its end.
///
/// SQLite takes a write-ahead log that was cut, damaged or removed for one that ends there, and says nothing: acknowledged
/// events would be gone, and their numbers would be given out a second time. The same goes for an older copy that
/// somebody put in the database's place. A start therefore looks whether the log still holds the event that the mark
/// names, with the same link.
///
/// The mark costs one write and no sync: it is written after the commit was synced, so whatever the disk keeps of it
/// names an event that was durable. After a loss of power it may be older than the log, never newer. Two places take
/// turns, each in a sector of its own, so that a write that was cut short spoils at most the newer of them.
///
///     mark = 2( "phanbien mark 1 log=" epoch " head=" 19DIGIT " link=" 64HEXDIG " check=" 16HEXDIG *SP LF ) ; 512 octets each
final class HeadMark {
    /// Where a log stood.
    struct Position: Equatable {
        let epoch: String
        let head: Int64
        let link: Digest
    }

    /// The mark's name inside the data directory.
    static let fileName = "phanbien.mark"
    /// The octets of one place, a disk's smallest sector.
    static let placeOctets = 512

    private let descriptor: Int32
    /// The place that is written next.
    private var place: Int

    static func path(_ directory: String) -> String { directory + "/" + fileName }

    /// Makes or takes over the mark of a directory, and brings this position to stable storage.
    init(directory: String, _ position: Position) throws(OpenProblem) {
        let path = Self.path(directory)
        if try FileSystem.exists(path) {
            let places = try Self.places(path)
            let newest = Self.newest(places)
            place = places.firstIndex { $0 != newest } ?? 0
        } else {
            place = 0
            try Self.make(path, position)
        }
        descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .system(path: path, code: errno) }
        advance(to: position)
        settle()
    }

    deinit { close(descriptor) }

    /// Makes a mark that bears its name only once it is whole: an unreadable one keeps a server from starting.
    private static func make(_ path: String, _ position: Position) throws(OpenProblem) {
        let partial = path + ".partial"
        FileSystem.remove(partial)
        try FileSystem.makeFile(partial)
        let file = open(partial, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(path: partial, code: errno) }
        let text = octets(of: position)
        let isWritten = pwrite(file, text + text, 2 * placeOctets, 0) == 2 * placeOctets && fsync(file) == 0
        let code = errno
        close(file)
        guard isWritten else { throw .system(path: partial, code: code) }
        try FileSystem.move(partial, to: path)
    }

    /// Notes a position that is durable.
    ///
    /// A write that fails leaves the mark behind, which weakens the next start's check and harms nothing else; the
    /// commit is done, so nobody is told.
    func advance(to position: Position) {
        _ = pwrite(descriptor, Self.octets(of: position), Self.placeOctets, off_t(place * Self.placeOctets))
        place = 1 - place
    }

    /// Brings the mark to stable storage.
    func settle() { _ = fdatasync(descriptor) }

    /// What stands in a directory's mark; nil when there is none, as before the first start that keeps one.
    static func read(_ directory: String) throws(OpenProblem) -> Position? {
        let path = path(directory)
        guard try FileSystem.exists(path) else { return nil }
        guard let position = newest(try places(path)) else { throw .unreadableMark(path: path) }
        return position
    }

    private static func newest(_ places: [Position?]) -> Position? {
        places.compactMap { $0 }.max { $0.head < $1.head }
    }

    /// What stands in both places; nil where it cannot be read.
    private static func places(_ path: String) throws(OpenProblem) -> [Position?] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(path: path, code: errno) }
        defer { close(file) }
        var octets = [UInt8](repeating: 0, count: 2 * placeOctets)
        let count = pread(file, &octets, octets.count, 0)
        guard count >= 0 else { throw .system(path: path, code: errno) }
        return [octets[..<placeOctets], octets[placeOctets...]].map { position(String(decoding: $0, as: UTF8.self)) }
    }

    /// The octets of one place.
    private static func octets(of position: Position) -> [UInt8] {
        var octets = line(of: position)
        octets.append(contentsOf: repeatElement(0x20, count: max(0, placeOctets - 1 - octets.count)))
        octets.append(0x0A)
        return octets
    }

    /// The line of a position, without what fills its place.
    static func text(_ position: Position) -> String { String(decoding: line(of: position), as: UTF8.self) }

    /// Written octet by octet: every commit waits for it.
    private static func line(of position: Position) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(placeOctets)
        octets += "phanbien mark 1 log=".utf8
        octets += position.epoch.utf8
        octets += " head=".utf8
        let head = String(position.head)
        octets.append(contentsOf: repeatElement(0x30, count: max(0, 19 - head.utf8.count)))
        octets += head.utf8
        octets += " link=".utf8
        octets += position.link.description.utf8
        let check = Digest(hashing: octets)
        octets += " check=".utf8
        octets += check.description.utf8.prefix(16)
        return octets
    }

    /// The position of a line; nil unless it is exactly what `text` writes, and what fills its place.
    static func position(_ text: String) -> Position? {
        var values: [String: Substring] = [:]
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if let sign = word.firstIndex(of: "=") {
                values[String(word[..<sign])] = word[word.index(after: sign)...]
            }
        }
        guard let epoch = values["log"], let head = values["head"].flatMap({ Int64($0) }), head >= 0,
            let link = values["link"].flatMap({ Digest(hexadecimal: $0) })
        else { return nil }
        let position = Position(epoch: String(epoch), head: head, link: link)
        let line = self.text(position)
        let filling = text.dropFirst(line.count)
        return text.hasPrefix(line) && filling.allSatisfy { $0 == " " || $0 == "\n" } ? position : nil
    }
}
