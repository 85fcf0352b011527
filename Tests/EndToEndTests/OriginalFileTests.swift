import Foundation
import Testing

/// The Word file of a text, from the author's machine into the log, back out of it, and out of it for good.
@Suite struct OriginalFileTests {
    fileprivate static func fixture(_ name: String) -> URL {
        Programs.top.appending(path: "Tests/Fixtures/word/\(name)")
    }

    @Test func theWordFileIsKeptOctetForOctetUntilItIsRemoved() throws {
        let place = try ClientHome(loggedIn: ["hoa", "minh", "son", "bich"])
        let file = try Data(contentsOf: Self.fixture("heading-styles.docx"))
        try place.push("heading-styles.docx")
        #expect(try place.original("2025-1") == file)
        let stranger = try place.client(["--as", "son", "original", "2025-1"])
        #expect(stranger.status == 1 && stranger.errors.contains("chưa được đọc"), "\(stranger.errors)")
        // The same file once more, with a revision of its own; and after a restart all is as it was.
        try place.push("heading-styles.docx")
        #expect(place.server.stop() == 0)
        try place.server.start()
        #expect(try place.original("2025-1@1") == file)
        #expect(try place.original("2025-1@2") == file)

        let removed = try place.redact("2025-1@1")
        #expect(removed.contains("type=REVISION.PUSHED field=text"), "\(removed)")
        // The file as people have it, not as it is spelled in the log; and where it stands once more.
        let sum = try run(URL(filePath: "/usr/bin/sha256sum"), [Self.fixture("heading-styles.docx").path]).output
        let digest = "sha256=\(sum.prefix(64))"
        #expect(
            removed.contains("type=ORIGINAL.ATTACHED field=content bytes=\(file.count) \(digest)\n"), "\(removed)")
        #expect(try removed.contains(Regex("\nSAME 2025-1@2 event=[0-9]+ \(digest)\n")), "\(removed)")
        #expect(removed.contains("REDACTED texts=2\n"), "\(removed)")
        #expect(try place.original("2025-1@1") == nil)
        let shown = try place.client(["--as", "minh", "show", "2025-1@1"])
        #expect(shown.output.contains("[nội dung đã xóa theo 12/QĐ-TGPL]"), "\(shown.output)")
        // That of the second revision is there: it goes only when it is named.
        #expect(try place.original("2025-1@2") == file)

        let digits = file.base64EncodedData()
        let middle = digits[digits.count / 2..<digits.count / 2 + 60]
        #expect(try place.holds(middle), "the test would find it")
        try place.push("bold-headings.docx")
        let rest = try place.redact("2025-1@2")
        #expect(rest.contains("REDACTED texts=2\n") && !rest.contains("SAME "), "\(rest)")
        #expect(try place.original("2025-1@2") == nil)
        #expect(try !place.holds(middle))
        let latest = try Data(contentsOf: Self.fixture("bold-headings.docx"))
        #expect(try place.original("2025-1") == latest)
        // A finished topic is no longer at hand, and its file is found all the same.
        let end = try place.client(["--as", "bich", "--yes", "cancel", "2025-1", "Trùng chuyên đề khác."])
        #expect(end.status == 0, "\(end.errors)")
        #expect(try place.original("2025-1@3") == latest)
        #expect(place.server.stop() == 0)
    }
}

extension ClientHome {
    fileprivate func push(_ file: String) throws {
        let path = OriginalFileTests.fixture(file).path
        let outcome = try client(["--as", "hoa", "--yes", "push", "2025-1", path])
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("Đã lưu kèm tệp Word gốc: \(file)"), "\(outcome.output)")
    }

    /// What `original` saves; nil where it says that there is none.
    fileprivate func original(_ revision: String) throws -> Data? {
        let path = scratch.path("\(UUID().uuidString).docx")
        let outcome = try client(["--as", "minh", "original", revision, "--file", path])
        guard outcome.status == 0 else {
            #expect(outcome.status == 1 && outcome.errors.contains("không có tệp Word gốc"), "\(outcome.errors)")
            return nil
        }
        return try Data(contentsOf: URL(filePath: path))
    }

    /// Removes a revision under a document, at a server that stands still, and gives what was said.
    fileprivate func redact(_ revision: String) throws -> String {
        #expect(server.stop() == 0)
        let outcome = try server.operate(
            ["redact", "--data", server.data, "--document", "12/QĐ-TGPL", "--reason", "x", "--yes", revision])
        try server.operate(["verify", "--data", server.data])
        try server.start()
        return outcome.output
    }

    /// Whether a file in the data folder holds these octets.
    fileprivate func holds(_ octets: Data) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: server.data).contains { name in
            try Data(contentsOf: URL(filePath: server.data + "/" + name)).range(of: octets) != nil
        }
    }
}
