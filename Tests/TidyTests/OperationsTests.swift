import Foundation
import Testing

/// The operator's documents, the alert rules and the source name the same figures, events and alerts.
struct OperationsTests {
    private static let documents = ["docs/van-hanh.md", "docs/operations.md"]

    private func names(_ pattern: Regex<(Substring, Substring)>, in text: String) -> Set<String> {
        Set(text.matches(of: pattern).map { String($0.output.1) })
    }

    private func families() throws -> Set<String> {
        let table = try SourceTree.text("Sources/ReviewServer/MetricTable.swift")
        return names(#/MetricFamily\(\s*"(phanbien_[a-z_]+)"/#, in: table)
    }

    @Test func everyFigureIsExplainedAndNoOtherOneIsNamed() throws {
        let families = try families()
        #expect(families.count > 20)
        for document in Self.documents {
            let named = names(#/`(phanbien_[a-z_]+)`/#, in: try SourceTree.text(document))
            #expect(named == families, "\(document): \(named.symmetricDifference(families).sorted())")
        }
    }

    @Test func alertsAskForFiguresThatAreThere() throws {
        let rules = try SourceTree.text("Sources/Packaging/prometheus/phanbien.rules.yml")
        let families = try families()
        for name in names(
            #/(phanbien_[a-z_]+)/#, in: rules.replacing(#/#.*/#, with: "").replacing("phanbien.rules", with: ""))
        {
            let family = ["_total", "_bucket", "_count", "_sum", "_info"].reduce(name) { name, suffix in
                name.hasSuffix(suffix) && !families.contains(name) ? String(name.dropLast(suffix.count)) : name
            }
            #expect(families.contains(family), "\(name)")
        }
        let alerts = names(#/alert: (Phanbien[A-Za-z]+)/#, in: rules)
        #expect(alerts.count >= 10)
        for document in Self.documents {
            let explained = names(#/\n\| (Phanbien[A-Za-z]+) \|/#, in: try SourceTree.text(document))
            #expect(explained == alerts, "\(document): \(explained.symmetricDifference(alerts).sorted())")
        }
    }

    /// Scripts look the statuses up in the manual pages.
    @Test(arguments: [
        ("Sources/Packaging/man/phanbien.1", "clients/PhanbienCommands/ExitCode.swift", Set<Int>()),
        // The parser ends well with 0, and `verify` with 1 where it found something.
        ("Sources/Packaging/man/phanbiend.8", "Sources/phanbiend/Failure.swift", Set([0, 1])),
    ])
    func theManualPagesHaveEveryExitStatus(page: String, source: String, besides: Set<Int>) throws {
        let known = besides.union(
            try SourceTree.text(source).matches(of: #/case [`a-zA-Z]+ = ([0-9]+)\n/#).compactMap { Int($0.output.1) })
        #expect(known.count > 10)
        let section = try #require(
            SourceTree.text(page).split(separator: "EXIT STATUS\n").last?.split(separator: "\n.SH").first)
        let listed = section.matches(of: #/(?:^|; |;\n)([0-9]+) /#).compactMap { Int($0.output.1) }
        #expect(listed == listed.sorted() && Set(listed) == known, "\(listed) \(known.sorted())")
    }

    @Test func everyEventOfTheLogIsExplained() throws {
        var events: Set<String> = []
        let form = #/"((?:server|connection|login|threads|certificate|log|files|tls|accept|metrics|store)\.[a-z-]+)"/#
        for room in ["Sources/ReviewServer", "Sources/phanbiend"] {
            for file in try SourceTree.swiftFiles(below: room) {
                events.formUnion(names(form, in: file.lines.joined(separator: "\n")))
            }
        }
        #expect(events.count > 20)
        for document in Self.documents {
            let text = try SourceTree.text(document)
            let missing = events.filter { !text.contains("`\($0)`") }
            #expect(missing.isEmpty, "\(document): \(missing.sorted())")
        }
    }
}
