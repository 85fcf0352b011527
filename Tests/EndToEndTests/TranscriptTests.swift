import Foundation
import ReviewTestKit
import Testing

/// The transcripts of the protocol against the built server, over TLS: the same files that the engine meets in memory.
///
/// Those that move the clock are left out: a real one does not move.
@Suite(.serialized) struct ServedTranscriptTests {
    static let folder = Programs.top.appending(path: "Tests/Transcripts")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted().filter { name in
            guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8),
                let transcript = try? Transcript(name: name, text: text)
            else { return true }
            return !transcript.hasFixedClock
        }
    }()

    @Test func thereAreTranscripts() { #expect(Self.names.count >= 10) }

    @Test(arguments: names) func theServerSpeaksAsWritten(_ name: String) async throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let transcript = try Transcript(name: name, text: text)
        var runner = TranscriptRunner(transcript, on: try ServedHost(transcript))
        for mismatch in try await runner.run().mismatches { Issue.record("\(mismatch)") }
    }
}

/// A server of its own for one transcript; each connection is an `openssl s_client`.
private struct ServedHost: TranscriptHost {
    private let server: ServerProcess
    private var connections: [Transcript.ConnectionName: HandConnection] = [:]
    /// How long a line that is expected may take, and one that should not come.
    private static let patienceSeconds = 20.0
    private static let quietSeconds = 0.3

    init(_ transcript: Transcript) throws {
        var list = "id,name,office,position,password\n"
        for person in transcript.people {
            list += "\(person.id),\(person.name),\(person.office),\(person.position),\(person.password)\n"
        }
        server = try ServerProcess(
            people: list, plan: Programs.top.appending(path: "Tests/Conformance/beginning/ke-hoach-2025.yaml").path,
            options: ["--scrypt-log2n", "10"])
        try server.start(
            ["--scrypt-log2n", "10"] + transcript.limits.flatMap { ["--limit", "\($0.name)=\($0.value)"] })
    }

    mutating func open(_ connection: Transcript.ConnectionName, _ options: OpenOptions) async throws -> Bool {
        connections[connection] = try HandConnection(server)
        return true
    }

    func send(_ connection: Transcript.ConnectionName, _ octets: [UInt8], _ delivery: Delivery) async throws {
        for piece in delivery.pieces(of: octets) { try connections[connection]?.write(piece) }
    }

    func nextLine(_ connection: Transcript.ConnectionName) async throws -> HostLine {
        read(connection, Self.patienceSeconds)
    }

    func idleLine(_ connection: Transcript.ConnectionName) async throws -> HostLine {
        read(connection, Self.quietSeconds)
    }

    private func read(_ connection: Transcript.ConnectionName, _ seconds: Double) -> HostLine {
        guard let open = connections[connection] else { return .closed }
        do { return .line(try open.line(seconds: seconds)) } catch let error as LineReader.TimedOut {
            return error.isEnd ? .closed : .nothing
        } catch {
            return .closed
        }
    }

    mutating func close(_ connection: Transcript.ConnectionName) async throws { connections[connection] = nil }

    func setClock(_ step: String) async throws {
        throw LineReader.TimedOut(description: "a real clock is not set", isEnd: false)
    }
}
