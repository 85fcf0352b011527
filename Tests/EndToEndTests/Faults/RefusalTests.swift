import Foundation
import Glibc
import Testing

/// `serve` on data that is not what it was: refused at the start with what to do, in both languages, and nothing changed.
@Suite(.serialized) struct RefusalTests {
    /// Something that happens to the files of a server that was killed.
    private struct Mishap: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Words of the sentence that tells the next step.
        var step = "restore"
        let happens: @Sendable (String) throws -> Void
    }

    private static func octets(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    private static func write(_ octets: Data, _ path: String) throws { try octets.write(to: URL(filePath: path)) }

    private static let mishaps = [
        Mishap(testDescription: "the write-ahead log is gone") {
            try FileManager.default.removeItem(atPath: $0 + "-wal")
        },
        Mishap(testDescription: "the write-ahead log is gone, its index is not") {
            try write(Data(count: 32_768), $0 + "-shm")
            try FileManager.default.removeItem(atPath: $0 + "-wal")
        },
        Mishap(testDescription: "the write-ahead log was cut") {
            // The header, a frame, and a part of the next one.
            try write(octets($0 + "-wal").prefix(8_192), $0 + "-wal")
        },
        Mishap(testDescription: "the write-ahead log is damaged at its beginning") {
            var octets = try octets($0 + "-wal")
            octets[17] ^= 1
            try write(octets, $0 + "-wal")
        },
        Mishap(testDescription: "the database is gone") { try FileManager.default.removeItem(atPath: $0) },
        Mishap(testDescription: "the database is empty") { try write(Data(), $0) },
        Mishap(testDescription: "the database is a letter", step: "Kiểm tra lại đường dẫn") {
            try write(Data("Kính gửi: Phòng Nghiệp vụ".utf8), $0)
        },
        Mishap(testDescription: "the database's pages are zeros") {
            let octets = try octets($0)
            try write(octets.prefix(4_096) + Data(count: octets.count - 4_096), $0)
            try FileManager.default.removeItem(atPath: $0 + "-wal")
        },
        Mishap(testDescription: "the database was cut") {
            try write(octets($0).prefix(20_480), $0)
            try FileManager.default.removeItem(atPath: $0 + "-wal")
        },
        Mishap(testDescription: "the mark is noise", step: "khôi phục") {
            try write(Data("?".utf8), URL(filePath: $0).deletingLastPathComponent().path + "/phanbien.mark")
        },
    ]

    /// What lies in a data directory, but for the lock and what SQLite shares between processes.
    private func files(_ data: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: data)
        where name != "lock" && !name.hasSuffix("-shm") {
            let octets = try Self.octets(data + "/" + name)
            if !octets.isEmpty || !name.hasSuffix("-wal") { found[name] = octets }
        }
        return found
    }

    @Test(arguments: mishaps) private func isRefusedWithWhatToDo(_ mishap: Mishap) throws {
        let server = try ServerProcess(copying: Prepared.reviewed.get())
        try server.start()
        let lan = try HandConnection(server)
        try lan.logIn("lan")
        for number in 1...5 {
            let reply = try lan.ask("COMMENT 2025-1@1 kind=content level=note <\nGóp ý \(number).")
            try #require(reply.last?.hasPrefix("OK ") == true, "\(reply)")
        }
        server.killHard()
        try mishap.happens(server.data + "/phanbien.db")
        let before = try files(server.data)
        for _ in 0..<2 {
            let outcome = try run(
                Programs.server,
                ["serve", "--data", server.data, "--certs", server.certificates, "--listen", "127.0.0.1:0"], seconds: 30
            )
            #expect(outcome.status == 65, "ended with \(outcome.status): \(outcome.errors)\(outcome.output)")
            #expect(outcome.errors.contains(mishap.step), "\(outcome.errors)")
            #expect(
                outcome.errors.split(separator: "\n").count { $0.hasPrefix("phanbiend: ") } == 2, "\(outcome.errors)")
            #expect(!outcome.output.contains("LISTENING"))
        }
        #expect(try files(server.data) == before, "a refused start changed something")
    }

    /// A full disk is no damage: the start fails with another status, which systemd tries again, and without a word of
    /// backups; with space it succeeds, and nothing is missing.
    @Test(arguments: ["other", "shm", "db"]) func aFullDiskIsNotCalledDamage(_ file: String) throws {
        let server = try ServerProcess(copying: Prepared.reviewed.get())
        try server.start()
        let lan = try HandConnection(server)
        try lan.logIn("lan")
        try #require(
            try lan.ask("COMMENT 2025-1@1 kind=content level=note <\nGóp ý.").last?.hasPrefix("OK ") == true)
        server.killHard()
        let fault = try Fault("write:\(file):1:enospc", folder: server.data)
        let outcome = try run(
            Programs.server,
            ["serve", "--data", server.data, "--certs", server.certificates, "--listen", "127.0.0.1:0"],
            environment: fault.environment(), seconds: 30)
        #expect(fault.wasMet)
        #expect(outcome.status == 74, "ended with \(outcome.status): \(outcome.errors)\(outcome.output)")
        #expect(outcome.errors.contains("đầy") || outcome.errors.contains("Hết chỗ"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("sao lưu") && !outcome.errors.contains("damaged ("), "\(outcome.errors)")
        try server.start()
        let again = try HandConnection(server)
        try again.logIn("lan")
        #expect(try again.ask("THREAD C1").contains("| Góp ý."))
        #expect(server.stop() == 0)
    }
}
