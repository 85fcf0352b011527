import Foundation
import Glibc
import Testing

/// Checkpoints and proofs of the built server: by the client, and by hand with what every machine has.
@Suite struct ProofTests {
    /// A server with a topic in review, and a client that is logged in.
    private func reviewed() throws -> ClientHome {
        try ClientHome(copying: Prepared.reviewed.get(), loggedIn: ["lan"])
    }

    /// What a person was told, wherever the lines broke.
    private func said(_ outcome: Outcome) -> String {
        outcome.errors.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    /// A comment; the number of its event.
    private func comment(at place: ClientHome, _ text: String) throws -> Int {
        let made = try place.client([
            "comment", "2025-1@1", "--kind", "content", "--level", "note", "--json", text,
        ])
        try #require(made.status == 0, "\(made.errors)")
        let number = try #require(made.output.firstMatch(of: #/"seq": ?"?([0-9]+)/#)).output.1
        return try #require(Int(number))
    }

    /// The lines that the operator's document gives for checking by hand.
    private func recipe(_ path: String) throws -> String {
        let text = try String(contentsOf: Programs.top.appending(path: path), encoding: .utf8)
        let parts = text.components(separatedBy: "```bash\n")
        try #require(parts.count == 2, "\(path) has one recipe")
        return try #require(parts[1].components(separatedBy: "```").first)
    }

    @Test func aStrangerComputesWhatTheClientProves() throws {
        let recipe = try recipe("docs/operations.md")
        #expect(try self.recipe("docs/van-hanh.md") == recipe)
        let place = try reviewed()
        let event = try comment(at: place, "Đề nghị ghi rõ nguồn.")
        let first = try place.client(["checkpoint"])
        #expect(first.status == 0 && said(first).contains("Lần đầu gặp khóa nhật ký"), "\(first.errors)")
        _ = try place.scratch.write(first.output, "moc.txt")
        for number in 0..<3 { _ = try comment(at: place, "Ý kiến \(number).") }
        let second = try place.client(["checkpoint", "--kept", place.scratch.path("moc.txt")])
        #expect(second.status == 0 && said(second).contains("nhật ký chỉ được ghi thêm"), "\(second.errors)")
        let proof = try place.client(["proof", "\(event)", "--kept", place.scratch.path("moc.txt")])
        #expect(proof.status == 0 && said(proof).contains("Đã chứng minh: sự kiện \(event) "), "\(proof.errors)")
        _ = try place.scratch.write(proof.output, "bang-chung.txt")
        try FileManager.default.copyItem(
            atPath: place.server.data + "/log.pub", toPath: place.scratch.path("log.pub"))

        func check() throws -> [String] {
            let outcome = try run(URL(filePath: "/bin/bash"), ["-c", recipe], folder: place.scratch.url)
            #expect(outcome.errors.isEmpty || outcome.errors.contains("Signature"), "\(outcome.errors)")
            return outcome.output.split(separator: "\n").map(String.init)
        }
        let lines = try check()
        #expect(lines.count == 3 && lines[0] == "Signature Verified Successfully", "\(lines)")
        #expect(lines.last?.count == 64 && lines.last == lines.dropLast().last, "\(lines)")
        // Whatever is altered, one of the two does not come out.
        _ = try place.scratch.write(proof.output.replacing("level=note", with: "level=must"), "bang-chung.txt")
        let altered = try check()
        #expect(altered.count == 3 && altered[1] != altered[2], "\(altered)")
        _ = try place.scratch.write(first.output.replacing("\ntime 20", with: "\ntime 21"), "moc.txt")
        #expect(try check().first == "Signature Verification Failure")
        let wrong = try place.client(["checkpoint", "--kept", place.scratch.path("moc.txt")])
        #expect(wrong.status == 3 && said(wrong).contains("CHỮ KÝ SAI"), "\(wrong.errors)")
    }

    /// Whoever puts an older copy back and goes on from there is found out.
    @Test func aHistoryThatWasReplacedIsNotProved() throws {
        let place = try reviewed()
        let backup = place.scratch.path("b.db")
        try place.server.operate(["backup", "--data", place.server.data, backup])
        _ = try comment(at: place, "Ý kiến sẽ mất.")
        #expect(try place.client(["checkpoint"]).status == 0)
        #expect(place.server.stop() == 0)
        try place.server.operate(["restore", "--data", place.server.data, "--replace", backup])
        try place.server.start()
        for number in 0..<4 { _ = try comment(at: place, "Ý kiến khác \(number).") }
        let denied = try place.client(["checkpoint"])
        #expect(denied.status == 3 && denied.output.isEmpty, "\(denied.output)\(denied.errors)")
        #expect(said(denied).contains("khôi phục từ bản sao lưu"), "\(denied.errors)")
        #expect(try place.client(["--lang", "en", "proof", "1"]).status == 3)
        #expect(try place.client(["checkpoint", "--yes"]).status == 0)
        #expect(try place.client(["checkpoint"]).status == 0)
        #expect(place.server.stop() == 0)
        try place.server.operate(["verify", "--data", place.server.data])
    }

    @Test func theKeyIsMadeOnceAndNeverReplaced() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        try server.start()
        let key = server.data + "/log.key"
        var status = stat()
        #expect(stat(key, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(stat(server.data + "/log.pub", &status) == 0 && status.st_mode & 0o777 == 0o644)
        #expect(server.log.contains("log.key-made"))
        let person = try HandConnection(server)
        try person.logIn("lan")
        let first = try person.ask("CHECKPOINT")
        #expect(first.last?.hasPrefix("OK size=") == true, "\(first)")
        let fingerprint = try #require(first.last?.split(separator: " ").last { $0.hasPrefix("key=") }?.dropFirst(4))
        let digest = try run(
            URL(filePath: "/bin/sh"),
            ["-c", "openssl pkey -pubin -in \"$1\" -outform DER | sha256sum", "sh", server.data + "/log.pub"])
        #expect(digest.output.hasPrefix(fingerprint), "\(digest.output)\(digest.errors)")
        #expect(server.stop() == 0)
        // The public half is only a copy.
        try FileManager.default.removeItem(atPath: server.data + "/log.pub")
        try server.start()
        let again = try HandConnection(server)
        try again.logIn("lan")
        #expect(try again.ask("CHECKPOINT").last?.contains(" key=\(fingerprint)") == true)
        #expect(FileManager.default.fileExists(atPath: server.data + "/log.pub"))
        #expect(server.stop() == 0)
        try "hỏng\n".write(toFile: key, atomically: true, encoding: .utf8)
        try server.start()
        #expect(server.log.contains("log.key-unusable"))
        let other = try HandConnection(server)
        try other.logIn("lan")
        #expect(try other.ask("CHECKPOINT").last?.hasPrefix("NO UNAVAILABLE retry=later after=60000") == true)
        #expect(try other.ask("PROOF 1").last?.hasPrefix("OK index=0") == true)
        #expect(server.stop() == 0)
        #expect(try String(contentsOfFile: key, encoding: .utf8) == "hỏng\n")
        // A key that is kept on another disk is not replaced while that is not there.
        let elsewhere = server.scratch.path("két/log.key")
        try FileManager.default.removeItem(atPath: key)
        try FileManager.default.createSymbolicLink(atPath: key, withDestinationPath: elsewhere)
        try server.start()
        #expect(server.stop() == 0)
        #expect(server.log.components(separatedBy: "log.key-unusable").count == 3)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: key) == elsewhere)
    }
}
