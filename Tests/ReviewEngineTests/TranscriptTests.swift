import Foundation
import ReviewTestKit
import Testing

/// The protocol by example: every file in Tests/Transcripts runs against the engine in memory.
///
/// `UPDATE_EXPECTED=1 swift test` writes down what really came; the change is then read as a diff.
@Suite struct TranscriptTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Transcripts")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test func thereAreTranscripts() { #expect(Self.names.count >= 10) }

    @Test(arguments: names) func speaksAsWritten(_ name: String) async throws {
        let file = Self.folder.appending(path: name)
        let transcript = try Transcript(name: name, text: String(contentsOf: file, encoding: .utf8))
        let isRewriting = ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] == "1"
        var runner = TranscriptRunner(transcript, on: try MemoryHost(transcript), rewriting: isRewriting)
        let (mismatches, rewritten) = try await runner.run()
        if isRewriting {
            try rewritten.write(to: file, atomically: true, encoding: .utf8)
        } else {
            for mismatch in mismatches { Issue.record("\(mismatch)") }
        }
    }
}
