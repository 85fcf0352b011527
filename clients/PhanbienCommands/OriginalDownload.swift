public import ReviewClient
import ReviewDigest
public import ReviewProtocol
import Terminal

/// What FETCH gives, as the file itself.
enum FileBody {
    /// The octets of a file that was sent as base 64; nil where it is not exactly that.
    static func decoded(_ text: [UInt8]) -> [UInt8]? { Base64.decode(text.filter { $0 != 0x0A }) }
}

/// The Word file that is kept with a revision, on its way to this machine: found in what SHOW says of the topic, fetched by
/// its digest, and held against it.
public struct OriginalDownload: Sendable, Equatable {
    /// The revision, as `2025-2@3`.
    public let revision: String
    /// Its name: safe in every folder, and never another kind of file.
    public let name: String
    /// SHA-256 of the file: 64 hexadecimal digits.
    public let digest: String

    /// Finds the file.
    ///
    /// - Parameters:
    ///   - reply: what SHOW says of the topic.
    ///   - number: the revision; nil for the newest that has one.
    /// - Throws: where there is none.
    public init(_ reply: Reply, of topic: String, _ number: Int?) throws(CommandFailure) {
        guard reply.rows.first(where: { $0.word == "topic" })?["access"] != "title" else { throw Self.unread(topic) }
        let having = reply.rows.filter { $0.word == "revision" && $0["original"] != nil }
            .compactMap { row in row["number"].flatMap { Int($0) }.map { (number: $0, row: row) } }
            .sorted { $0.number < $1.number }
        guard let found = having.last(where: { number == nil || $0.number == number }) else {
            throw Self.none(topic, number, having.map(\.number))
        }
        guard let digest = found.row["original"]?.lowercased(), Fingerprint.digits(digest) == digest else {
            throw Self.unusable
        }
        revision = "\(topic)@\(found.number)"
        name = FileName.ofWord(found.row["file"] ?? "", otherwise: Folding.slug("\(topic) \(found.number)"))
        self.digest = digest
    }

    /// Takes what FETCH gave for a file that is no text: its answer names it.
    package init(fetched reply: Reply) throws(CommandFailure) {
        guard let digest = reply["sha256"]?.lowercased(), Fingerprint.digits(digest) == digest else {
            throw Self.unusable
        }
        revision = reply["revision"] ?? reply["topic"] ?? ""
        name = FileName.ofWord(reply["file"] ?? "", otherwise: "tep-goc")
        self.digest = digest
    }

    /// The request for it; the files of a finished topic are found only in the topic that is named.
    public var request: Request {
        Request.of("FETCH", digest).adding("topic", String(revision.prefix { $0 != "@" }))
    }

    /// The file in the answer to `request`, which has to be an OK.
    ///
    /// - Throws: where it is not the one that SHOW named.
    public func file(_ reply: Reply) throws(CommandFailure) -> [UInt8] {
        guard reply["encoding"] == "base64" else { throw Self.unusable }
        guard let octets = FileBody.decoded(reply.text), Digest(hashing: octets).description == digest else {
            throw CommandFailure(
                .protocolError, "Tệp Word gốc của bản \(revision) nhận được không đúng mã SHA-256; chưa lưu gì.",
                "The Word file of \(revision) arrived with another SHA-256; nothing was saved.",
                next: Bilingual(
                    "Làm lại; nếu vẫn vậy, báo quản trị hệ thống.", "Try again; if it stays, tell the administrator."))
        }
        return octets
    }

    /// Whoever sees the title only learns nothing of files: to say that there is none would be untrue.
    private static func unread(_ topic: String) -> CommandFailure {
        let topic = SafeText.escape(topic)
        return CommandFailure(
            .refused, "Bạn chưa được đọc văn bản của chuyên đề \(topic), nên chưa lấy được tệp Word gốc.",
            "You may not read the text of \(topic) yet, so its Word files are not open to you either.")
    }

    private static func none(_ topic: String, _ number: Int?, _ others: [Int]) -> CommandFailure {
        let topic = SafeText.escape(topic)
        guard let number else {
            return CommandFailure(
                .refused, "Chuyên đề \(topic) chưa có bản nào kèm tệp Word gốc.",
                "No revision of \(topic) has a Word file kept with it.")
        }
        let list = others.map { "\(topic)@\($0)" }.joined(separator: ", ")
        return CommandFailure(
            .refused, "Bản \(topic)@\(number) không có tệp Word gốc kèm theo.",
            "Revision \(topic)@\(number) has no Word file kept with it.",
            next: others.isEmpty ? nil : Bilingual("Các bản có tệp gốc: \(list)", "Revisions that have one: \(list)"))
    }

    private static let unusable = CommandFailure(
        .protocolError, "Máy chủ gửi tệp theo cách chương trình này chưa biết; chưa lưu gì.",
        "The server sends the file in a way that this program does not know; nothing was saved.",
        next: Bilingual(
            "Chương trình trên máy này có thể cũ hơn máy chủ: báo quản trị hệ thống.",
            "The program on this machine may be older than the server: tell the administrator."))
}

extension CommandRunner {
    /// `original`: saves the Word file that is kept with a revision.
    func original() throws(CommandFailure) -> ExitCode {
        guard let named = invocation.operand("revision"), let topic else { throw Self.noText }
        let shown = try require(.of("SHOW", topic))
        let download = try OriginalDownload(shown, of: topic, Self.parts(named)?.number)
        let octets = try download.file(try require(download.request))
        let path = try surroundings.saveFile(download.name, at: invocation.option("file"), octets)
        let words = screen.text(
            "Đã lưu tệp Word gốc của bản \(download.revision) (\(FileSize.words(octets.count))), đã kiểm tra mã SHA-256:",
            "Saved the Word file of \(download.revision) (\(FileSize.words(octets.count))), its SHA-256 checked:")
        guard screen.isJSON else {
            let line = words + " " + SafeText.escape(path)
            surroundings.writeLines([screen.style.apply(.colour(.green), to: line)])
            return .done
        }
        let pairs = [
            Pair("revision", download.revision), Pair("file", download.name), Pair("bytes", String(octets.count)),
            Pair("sha256", download.digest), Pair("path", path),
        ]
        surroundings.writeLines([Reply(status: Status(.ok, pairs: pairs)).json.text])
        return .done
    }

    /// `fetch`: a file by its digest; what was sent as base 64 is that file again.
    func fetch() throws(CommandFailure) -> ExitCode {
        let reply = try perform(invocation.request())
        guard reply.status.isOK, !screen.isJSON, reply["encoding"] == "base64" else { return finish(reply) }
        guard !screen.isTerminal else {
            throw CommandFailure(
                .usage, "Đây không phải tệp chữ nên không in ra màn hình.", "It is no text, so it is not shown here.",
                next: Bilingual(
                    "Ghi thành tệp: phanbien fetch SHA-256 > tep.docx",
                    "Put it into a file: phanbien fetch SHA-256 > file.docx"))
        }
        guard let octets = FileBody.decoded(reply.text), let digest = invocation.operand("digest")?.lowercased(),
            Digest(hashing: octets).description == digest
        else {
            throw CommandFailure(
                .protocolError, "Tệp nhận được không đúng mã SHA-256.", "The file arrived with another SHA-256.")
        }
        surroundings.write(octets)
        if let line = closingLine(reply) { surroundings.tell(line) }
        return .done
    }
}
