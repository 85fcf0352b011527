import ArgumentParser
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import ReviewTestKit

/// Judges an implementation of phanbien/1 by its answers.
@main
struct ConformanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phanbien-conformance",
        abstract: "Judge an implementation of phanbien/1 by the transcripts of this folder.",
        discussion: """
            The server has loaded the beginning (beginning/) and has the limits of the specification; only \
            requests-per-second and idle may be higher. Exit codes: 0 all passed, 1 some failed, 64 usage, 69 no server.
            """)

    @Option(help: "The server's host.") var host = "127.0.0.1"
    @Option(help: "The server's port.") var port = 7443
    @Option(help: "The certificate (PEM) of the authority that issued the server's.") var ca: String
    @Option(help: "The folder with rules.txt, stages.txt, transcripts and beginning.") var folder = "Tests/Conformance"
    @Option(help: "Only transcripts whose title or file contains this; may be repeated.") var only: [String] = []
    @Option(help: "The ways of sending: whole, octets, cuts, records.") var ways = "whole,octets,cuts,records"
    @Option(help: "At how many offsets to cut each transcript; without it, at every one.") var cuts: Int?
    @Option(help: "Chooses the offsets when not all are taken.") var seed: UInt64 = 1
    @Flag(help: "Print failures only.") var quiet = false

    func run() async throws {
        let suite: Suite
        let people: [Transcript.Account]
        let authority: [NIOSSLCertificate]
        do {
            suite = try Suite(folder: folder)
            people = try Suite.people(folder: folder)
            authority = try NIOSSLCertificate.fromPEMFile(ca)
        } catch {
            throw ValidationError("\(error)")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = ServerUnderTest(host: host, port: port, authority: authority)
        let report = try await judge(suite, people, server, group)
        try await group.shutdownGracefully()
        report.printSummary()
        if report.failed > 0 { throw ExitCode(1) }
    }

    private func judge(
        _ suite: Suite, _ people: [Transcript.Account], _ server: ServerUnderTest, _ group: any EventLoopGroup
    ) async throws -> Report {
        let rate: Int
        do { rate = try await Self.rate(of: server, group) } catch {
            FileHandle.standardError.write(Data("no phanbien/1 server at \(host):\(port): \(error)\n".utf8))
            throw ExitCode(69)
        }
        // Names and years that no earlier run on the same server has used.
        let seconds = Int(Date().timeIntervalSince1970)
        let wire = WireHost(server, group: group, firstYear: 3_001, requestsPerSecond: rate)
        var judge = Judge(
            suite, on: wire, standing: Standing(people: people, usesTokens: true),
            prefix: "t" + String(seconds, radix: 36))
        var report = Report()
        for transcript in suite.transcripts where isWanted(transcript) {
            guard transcript.runsOverTLS else {
                report.skip(transcript)
                continue
            }
            let start = ContinuousClock.now
            let verdict: Judge<WireHost>.Verdict
            do {
                verdict = try await judge.judge(transcript, plan())
            } catch {
                report.fail(transcript, "\(error)")
                continue
            }
            report.take(
                transcript, runs: verdict.runs, took: ContinuousClock.now - start,
                failures: verdict.failures.map { "sent \($0.delivery.description): \($0.mismatch)" },
                isQuiet: quiet)
        }
        return report
    }

    private func plan() -> Judge<WireHost>.Plan {
        let chosen = Set(ways.split(separator: ",").map(String.init))
        var plan = Judge<WireHost>.Plan()
        plan.whole = chosen.contains("whole")
        plan.octets = chosen.contains("octets")
        plan.records = chosen.contains("records")
        plan.cuts = chosen.contains("cuts") ? cuts : 0
        plan.seed = seed
        return plan
    }

    private func isWanted(_ transcript: Transcript) -> Bool {
        only.isEmpty || only.contains { transcript.title.contains($0) || transcript.name.contains($0) }
    }

    /// How many requests a second one person may send, from LIMITS.
    private static func rate(of server: ServerUnderTest, _ group: any EventLoopGroup) async throws -> Int {
        let connection = try await WireConnection.connect(to: server, OpenOptions(), group: group)
        try await connection.write([Array("LIMITS\n".utf8)], dribbles: false, pause: .zero)
        var rate = 1_000
        reading: while true {
            guard case .line(let line) = try await connection.line(within: .seconds(10)) else {
                throw HandshakeFailed()
            }
            if line.hasPrefix("- limit name=requests-per-second value=") {
                rate = line.split(separator: "=").last.flatMap { Int($0) } ?? rate
            }
            if line.hasPrefix("OK") { break reading }
        }
        await connection.close()
        return rate
    }
}
