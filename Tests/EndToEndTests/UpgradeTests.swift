import Foundation
import GRDB
import Testing

/// The built server on data that earlier versions wrote, and on data of a version that is still to come.
@Suite struct UpgradeTests {
    /// Every folder of frozen data, with the last link that was on paper when it was made.
    static let frozen = [
        (folder: "data-v1", head: 78, link: "a0119d073beddcba48587cf5308a74c7aa4129517ec1552259d5b899a1926bb2"),
        (folder: "data-v2", head: 278, link: "5ea1f4fa67602b31ca4e25a33863c2d533498edfe9aef4b53ffd98b0aa441a94"),
        (folder: "data-v3", head: 80, link: "6fcefd6a8fd9b386611fd4b487cf508579255db0c5bc1518cc619160c47ef9b5"),
        (folder: "data-v4", head: 82, link: "2222847f83867fe50a808cb514159f25a149979a98462e3249856eab4e0ef8ca"),
        (folder: "data-v5", head: 298, link: "ff232cc116ea61472b76ede3753b9412064ca3c540c406351fdcdc86f18b0674"),
        (folder: "data-v6", head: 298, link: "89ee4f54f13151d81e12f744e519cf04ae949a05f4f7c80b02a511d61fe4ccaa"),
        (folder: "data-v7", head: 300, link: "273979e8777c723308d2d6467444ddde9fb54552b47591923c6cc129a5ee9748"),
    ]

    private func scratchWithCertificates() throws -> Scratch {
        let scratch = try Scratch()
        let made = try run(
            Programs.server, ["init", "--data", scratch.path("khac"), "--certs", scratch.path("certs")])
        try #require(made.status == 0, "\(made.errors)")
        return scratch
    }

    private func copy(_ folder: String, into scratch: Scratch) throws -> String {
        let data = scratch.path("data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: Programs.top.appending(path: "Tests/Fixtures/\(folder)/phanbien.db").path,
            toPath: data + "/phanbien.db")
        return data
    }

    @Test(arguments: frozen.indices)
    func dataOfAnEarlierVersionIsServed(index: Int) throws {
        let (folder, head, link) = Self.frozen[index]
        let scratch = try scratchWithCertificates()
        let data = try copy(folder, into: scratch)
        let before = try run(Programs.server, ["verify", "--data", data])
        #expect(before.status == 0, "\(before.output)")
        #expect(before.output.contains("HEAD \(head) link=\(link)"))
        // Tables that only the earlier version knows are not said to be well.
        #expect(
            before.output.contains("REPLAYED - ") == !before.output.contains("các bảng khớp với nhật ký"),
            "\(before.output)")

        let server = try ServerProcess(data: data, certificates: scratch.path("certs"))
        try server.start()
        // An upgrade says so, and keeps the file as it was.
        let copies = try FileManager.default.contentsOfDirectory(atPath: data).filter { $0.contains(".before-") }
        #expect(server.log.contains("store.upgraded") == !copies.isEmpty)
        if let copy = copies.first {
            #expect(server.log.contains("former=\(data)/\(copy)"))
            #expect(try run(Programs.server, ["verify", "--file", data + "/" + copy]).status == 0)
        }
        let person = try HandConnection(server)
        try person.logIn("hoa", password: "chuyen-de-2025")
        let list = try person.ask("LIST")
        #expect(list.last?.hasPrefix("OK topics=4") == true)
        #expect(list.first?.hasPrefix("- topic id=2025-1 stage=issued ") == true)
        #expect(
            try person.ask("THREAD C1").last?.hasPrefix("OK id=C1 topic=2025-1 ") == true, "a finished topic is read")
        #expect(try person.ask("FIND \"truyền thông\"").last?.hasPrefix("OK hits=0") == false)
        #expect(
            try person.ask("CHECKPOINT").last?.hasPrefix("OK size=\(head) ") == true, "events of before are covered")
        #expect(try person.ask("PROOF 1").last?.hasPrefix("OK index=0 size=\(head) ") == true)
        let text = "# Mở đầu\n\nNội dung.\n"
        let pushed = try person.ask("ASSIGN 2025-1 minh as=author")
        #expect(pushed.last?.hasPrefix("NO STAGE") == true, "\(pushed)")
        let head2 = try HandConnection(server)
        try head2.logIn("son", password: "chuyen-de-2025")
        let written = try head2.ask("PUSH 2025-2 if=@0 {\(text.utf8.count)}\n" + text)
        #expect(written.last?.hasPrefix("OK revision=2025-2@1 ") == true, "and work goes on: \(written)")
        #expect(server.stop() == 0)
        let after = try run(Programs.server, ["verify", "--data", data])
        #expect(after.status == 0, "\(after.output)")
        #expect(!after.output.contains("schema=earlier"))
    }

    @Test func dataOfALaterVersionIsRefusedInWordsAndLeftAlone() throws {
        let scratch = try scratchWithCertificates()
        let data = try copy("data-v1", into: scratch)
        let queue = try DatabaseQueue(path: data + "/phanbien.db")
        try queue.writeWithoutTransaction { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99')") }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: data + "/phanbien.db"))
        for arguments in [
            ["serve", "--data", data, "--certs", scratch.path("certs"), "--listen", "127.0.0.1:0"],
            ["verify", "--data", data], ["backup", "--data", data, scratch.path("b.db")],
        ] {
            let outcome = try run(Programs.server, arguments, seconds: 60)
            #expect(outcome.status == 78, "\(arguments[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("v99") && outcome.errors.contains("phiên bản mới hơn"), "\(outcome.errors)")
        }
        #expect(try Data(contentsOf: URL(filePath: data + "/phanbien.db")) == before)
    }
}
