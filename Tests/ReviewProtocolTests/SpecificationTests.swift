import Foundation
import ReviewProtocol
import Testing

/// The tables of docs/protocol.md are printed from the source.
///
/// `UPDATE_EXPECTED=1` rewrites them instead of comparing; the change is then reviewed as a difference.
@Suite(.serialized) struct SpecificationTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/protocol.md")

    private func compare(_ name: String, _ rows: [String]) throws {
        let text = try String(contentsOf: Self.path, encoding: .utf8)
        let begin = "<!-- \(name): begin -->\n"
        let end = "<!-- \(name): end -->\n"
        let opening = try #require(text.range(of: begin), "no mark \(begin)")
        let closing = try #require(text.range(of: end, range: opening.upperBound..<text.endIndex), "no mark \(end)")
        let expected = rows.map { "\($0)\n" }.joined()
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] == "1" {
            let updated = text[..<opening.upperBound] + expected + text[closing.lowerBound...]
            try String(updated).write(to: Self.path, atomically: true, encoding: .utf8)
        } else {
            #expect(text[opening.upperBound..<closing.lowerBound] == expected, "UPDATE_EXPECTED=1 rewrites the table")
        }
    }

    /// A cell: the bar is the table's own mark.
    private func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    @Test func limits() throws {
        let limits = Limits()
        try compare(
            "limits",
            ["| limit | default | may be set to |", "| --- | ---: | --- |"]
                + Limits.names.map { name in
                    let range = Limits.range(of: name) ?? 0...0
                    return "| `\(name)` | \(limits[name] ?? 0) | \(range.lowerBound) to \(range.upperBound) |"
                })
    }

    @Test func codes() throws {
        let bad = BadCode.allCases.map { "| BAD | `\($0.rawValue)` | \($0.retry.rawValue) |" }
        let no = NoCode.allCases.map { "| NO | `\($0.rawValue)` | \($0.retry.rawValue) |" }
        let bye = ByeCode.allCases.map { "| BYE | `\($0.rawValue)` | |" }
        try compare("codes", ["| class | code | retry |", "| --- | --- | --- |"] + bad + no + bye)
    }

    @Test func verbs() throws {
        var rows: [String] = []
        for group in VerbGroup.allCases {
            rows += [
                "", "### \(group.title.english)", "", "| request | | who may | does |", "| --- | --- | --- | --- |",
            ]
            for form in VerbTable.forms where form.group == group {
                rows.append(
                    "| `\(cell(form.synopsis))` | \(form.writes ? "write" : "") | \(cell(form.permission.english)) | \(cell(form.summary.english)) |"
                )
            }
        }
        try compare("verbs", rows + [""])
    }

    @Test func everyExampleByHandIsARequest() throws {
        let text = try String(contentsOf: Self.path, encoding: .utf8)
        let section = try #require(text.range(of: "## 12 By hand"))
        let opening = try #require(text.range(of: "```\n", range: section.upperBound..<text.endIndex))
        let closing = try #require(text.range(of: "```\n", range: opening.upperBound..<text.endIndex))
        #expect(try call(String(text[opening.upperBound..<closing.lowerBound])).form.name == "COMMENT")
    }
}
