public import ReviewClient
import ReviewDigest
public import ReviewProtocol
import Terminal

/// The dossier of a topic on its way to a folder: the files that DOSSIER listed are fetched one after another, and each is
/// held against the SHA-256 of the list.
public struct DossierDownload: Sendable, Equatable {
    /// A file that has arrived as it was listed.
    public struct File: Sendable, Equatable {
        /// Its name: safe in every folder.
        public let name: String
        /// What it holds.
        public let octets: [UInt8]
    }

    private struct Item: Sendable, Equatable {
        let name: String
        let digest: String
        let octets: Int
        /// Whether it is no text: then its octets come as base 64.
        let isEncoded: Bool
    }

    /// A dossier has some twenty files; each draft and each review is one.
    private static let mostFiles = 1_000
    private static let longestName = 100
    /// All files together are held until the last one has come.
    private static let mostOctets = 268_435_456

    /// The topic.
    public let topic: String
    /// What has arrived, in the order of the list.
    public private(set) var files: [File] = []
    private let items: [Item]

    /// Takes the list.
    ///
    /// - Throws: where it names no files, or one whose name would not stay in the folder.
    public init(_ reply: Reply, of topic: String) throws(CommandFailure) {
        var items: [Item] = []
        for row in reply.rows where row.word == "file" {
            guard let name = row["name"], let digest = row["sha256"], let octets = row["bytes"].flatMap({ Int($0) }),
                (0...Self.mostOctets).contains(octets), Self.isSafe(name), items.count < Self.mostFiles,
                // Not all machines tell capitals apart.
                !items.contains(where: { $0.name.lowercased() == name.lowercased() }),
                ["base64", nil].contains(row["encoding"])
            else { throw Self.unusable }
            items.append(Item(name: name, digest: digest, octets: octets, isEncoded: row["encoding"] != nil))
        }
        guard !items.isEmpty, items.reduce(0, { $0 + $1.octets }) <= Self.mostOctets else { throw Self.unusable }
        self.topic = topic
        self.items = items
    }

    /// The request for the file that is missing next; nil when all have arrived.
    public var next: Request? {
        guard files.count < items.count else { return nil }
        return Request.of("FETCH", items[files.count].digest).adding("topic", topic)
    }

    /// Takes the answer to `next`, which has to be an OK.
    ///
    /// - Throws: where the file is not the one that was listed.
    public mutating func take(_ reply: Reply) throws(CommandFailure) {
        guard files.count < items.count else { return }
        let item = items[files.count]
        guard let octets = item.isEncoded ? FileBody.decoded(reply.text) : reply.text, octets.count == item.octets,
            Digest(hashing: octets).description == item.digest
        else {
            throw CommandFailure(
                .protocolError, "Tệp \(item.name) nhận được không đúng mã SHA-256 của hồ sơ; chưa lưu gì.",
                "\(item.name) arrived with another SHA-256 than the dossier names; nothing was saved.",
                next: Bilingual(
                    "Làm lại; nếu vẫn vậy, báo quản trị hệ thống.", "Try again; if it stays, tell the administrator."))
        }
        files.append(File(name: item.name, octets: octets))
    }

    /// The name of the folder for it.
    public var folderName: String { "ho-so-" + Folding.slug(topic) }

    /// A name that is the same on every machine, and never leads out of its folder.
    private static func isSafe(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static let unusable = CommandFailure(
        .protocolError, "Danh sách tệp của hồ sơ không dùng được; chưa lưu gì.",
        "The dossier's list of files cannot be used; nothing was saved.",
        next: Bilingual(
            "Chương trình trên máy này có thể cũ hơn máy chủ: báo quản trị hệ thống.",
            "The program on this machine may be older than the server: tell the administrator."))
}

extension CommandRunner {
    /// `dossier`: lists the files, fetches and checks each, and saves all of them as a folder.
    func dossier() throws(CommandFailure) -> ExitCode {
        let reply = try require(invocation.request())
        if screen.isJSON || invocation.option("list") != nil { return finish(reply) }
        var download = try DossierDownload(reply, of: topic ?? "")
        while let request = download.next { try download.take(try require(request)) }
        let path = try surroundings.saveFolder(
            download.folderName, at: invocation.option("folder"), download.files)
        surroundings.writeLines(RowTable.lines(reply.rows, screen))
        let line = screen.text(
            "Đã lưu \(download.files.count) tệp, đã kiểm tra mã SHA-256 từng tệp: \(SafeText.escape(path))",
            "Saved \(download.files.count) files, the SHA-256 of each checked: \(SafeText.escape(path))")
        surroundings.writeLines([screen.style.apply(.colour(.green), to: line)])
        return .done
    }
}
