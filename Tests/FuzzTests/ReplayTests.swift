import Foundation
import FuzzTargets
import Testing

/// Everything the fuzzer kept is tried again: what it found once, and the inputs that together reach all it has reached.
@Suite struct ReplayTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz")

    /// The octets of every file of a folder, by name; comments (`.md`) apart.
    private static func inputs(_ kind: String, _ target: String) throws -> [(name: String, octets: [UInt8])] {
        let place = folder.appending(path: kind).appending(path: target)
        guard FileManager.default.fileExists(atPath: place.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            .filter { !$0.hasSuffix(".md") }
            .map { ("\(kind)/\(target)/\($0)", Array(try Data(contentsOf: place.appending(path: $0)))) }
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func theCorpusHoldsEveryPromise(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let inputs = try Self.inputs("Corpora", name)
        #expect(inputs.count >= 5, "the corpus of \(name) is missing")
        for input in inputs { replay(target, input.octets, input.name) }
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func whatWasFoundStaysMended(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        for input in try Self.inputs("Found", name) { replay(target, input.octets, input.name) }
    }

    @Test func everyFolderBelongsToATarget() throws {
        let names = Set(FuzzTarget.all.map(\.name))
        for kind in ["Corpora", "Found"] {
            let place = Self.folder.appending(path: kind)
            for folder in try FileManager.default.contentsOfDirectory(atPath: place.path) where !folder.hasSuffix(".md")
            {
                #expect(names.contains(folder), "\(kind)/\(folder) belongs to no target")
            }
        }
    }

    /// Small inputs at the edges: nothing at all, each octet alone, and long runs of one octet.
    @Test(arguments: FuzzTarget.all.map(\.name)) func edgesHoldEveryPromise(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        replay(target, [], "nothing")
        for octet in UInt8.min...UInt8.max { replay(target, [octet], "octet \(octet)") }
        for octet: UInt8 in [0x00, 0x0A, 0x0D, 0x20, 0x22, 0x2E, 0x3C, 0x61, 0x7B, 0xCC, 0xFC, 0xFF] {
            replay(target, Array(repeating: octet, count: 300), "300 × \(octet)")
        }
    }

    private func replay(_ target: FuzzTarget, _ octets: [UInt8], _ name: String) {
        do throws(Finding) { try target.run(octets) } catch {
            Issue.record("\(name): \(error)")
        }
    }
}
