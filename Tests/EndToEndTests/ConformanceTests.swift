import Foundation
import Testing

/// The conformance suite against the built server over TLS: whole, a record per octet, and a few seeded cuts.
///
/// `make conformance` cuts everywhere, and sends the octets of the records one by one as well.
@Suite(.serialized) struct ConformanceTests {
    private static let folder = Programs.top.appending(path: "Tests/Conformance").path
    private static let judge = Programs.folder.appending(path: "phanbien-conformance")

    private func server(_ limits: [String] = []) throws -> ServerProcess {
        let people = try String(contentsOfFile: Self.folder + "/beginning/nhan-su.csv", encoding: .utf8)
        let server = try ServerProcess(
            people: people, plan: Self.folder + "/beginning/ke-hoach-2025.yaml", options: ["--scrypt-log2n", "10"])
        try server.start(
            ["--scrypt-log2n", "10", "--limit", "requests-per-second=1000000"]
                + limits.flatMap { ["--limit", $0] })
        return server
    }

    private func judge(_ server: ServerProcess, _ options: [String]) throws -> Outcome {
        try run(
            Self.judge,
            ["--folder", Self.folder, "--port", String(server.port), "--ca", server.authority, "--quiet"] + options,
            seconds: 900)
    }

    @Test func theServerAnswersAsTheSpecificationSays() throws {
        let outcome = try judge(try server(), ["--ways", "whole,records,cuts", "--cuts", "1", "--seed", "20250616"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        let last = outcome.output.split(separator: "\n").last ?? ""
        let passed = last.split(separator: " ").first.flatMap { Int($0) } ?? 0
        #expect(passed >= 300 && last.hasSuffix(" passed, 0 failed"), "\(last)")
    }

    /// A judge who finds nothing wrong with a server that is wrong would be of no use.
    @Test func anotherLimitIsFound() throws {
        let outcome = try judge(
            try server(["anonymous-body=255", "watches=15"]), ["--only", "§5-", "--ways", "whole"])
        #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("FAIL §5-anonymous-body of exactly 256 octets before login"))
        #expect(outcome.output.contains("FAIL §5-watches sixteen topics a connection, and no more"))
    }

    @Test func nobodyThereIsAnAnswerOfItsOwn() throws {
        let server = try server()
        let port = server.port
        server.stop()
        let outcome = try run(
            Self.judge, ["--folder", Self.folder, "--port", String(port), "--ca", server.authority], seconds: 60)
        #expect(outcome.status == 69, "\(outcome.output)\(outcome.errors)")
    }
}
