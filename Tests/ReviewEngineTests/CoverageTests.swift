import Foundation
import ReviewProtocol
import ReviewTestKit
import Testing

/// What the conformance suite judges: every rule of the specification, or it says why not.
@Suite struct CoverageTests {
    static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private let suite: Suite
    private let coverage: Coverage

    init() throws {
        suite = try Suite(folder: ConformanceTests.folder)
        coverage = Coverage(suite)
    }

    @Test func everyRuleIsJudgedOrSaysWhyNot() {
        for problem in coverage.problems { Issue.record("\(problem)") }
    }

    @Test func theRulesAreThoseOfTheSpecification() throws {
        func spaced(_ text: String) -> String {
            text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        }
        let path = Self.top.appending(path: "docs/protocol.md")
        let specification = spaced(try String(contentsOf: path, encoding: .utf8))
        for rule in suite.rules {
            let isThere = specification.contains(spaced(rule.quote))
            #expect(isThere, "\(rule.id): the specification does not say so")
        }
    }

    @Test func everyDecisionAndEveryFormIsARule() throws {
        let names = Set(suite.rules.map(\.id))
        for form in VerbTable.forms {
            let name = "§8-" + form.name.split(separator: " ").joined(separator: "-")
            let isRule = names.contains(name)
            #expect(isRule, "\(name) is no rule")
        }
        let text = try String(contentsOf: Self.top.appending(path: "docs/protocol.md"), encoding: .utf8)
        let decisions = text.split(separator: "## 13 ").last?.split(separator: "\n").compactMap { line in
            Int(line.prefix { $0.isNumber }).flatMap { line.dropFirst(String($0).count).hasPrefix(". ") ? $0 : nil }
        }
        for number in try #require(decisions) {
            let isRule = names.contains("§13-\(number)")
            #expect(isRule, "§13-\(number) is no rule")
        }
    }

    /// Whoever writes a client knows the pairs of answers from nowhere else.
    @Test func everyPairOfAnAnswerStandsInTheSpecification() throws {
        var keys: Set<String> = []
        for folder in ["Tests/Conformance/transcripts", "Tests/Transcripts"] {
            let files = try FileManager.default.contentsOfDirectory(atPath: Self.top.appending(path: folder).path)
            for file in files where file.hasSuffix(".txt") {
                let path = Self.top.appending(path: "\(folder)/\(file)")
                for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
                    guard let said = line.firstMatch(of: #/^[a-z0-9]+< (?:- |OK|NO |BAD |HELLO )(.*)/#)?.output.1 else {
                        continue
                    }
                    let pairs = said.replacing(#/"(?:\\.|[^"\\])*"/#, with: "").replacing(#/ :.*/#, with: "")
                    keys.formUnion(pairs.matches(of: #/ ([a-z][a-z0-9-]*)=/#).map { String($0.output.1) })
                }
            }
        }
        #expect(keys.count > 100)
        let text = try String(contentsOf: Self.top.appending(path: "docs/protocol.md"), encoding: .utf8)
        let prose = text.split(separator: "```").enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        let code = prose.flatMap { $0.matches(of: #/`[^`]*`/#) }.map(\.output).joined(separator: " ")
        let words = Set(code.matches(of: #/[a-z][a-z0-9-]*/#).map { String($0.output) })
        #expect(keys.isSubset(of: words), "\(keys.subtracting(words).sorted())")
    }

    @Test func everyCodeIsReachedOrSaysWhyNot() {
        let reached = coverage.codes
        let excused = Set(suite.rules.filter { $0.unjudged != nil }.map(\.id))
        let all =
            BadCode.allCases.map { ("BAD", $0.rawValue) } + NoCode.allCases.map { ("NO", $0.rawValue) }
            + ByeCode.allCases.map { ("BYE", $0.rawValue) }
        for (word, code) in all {
            #expect(
                (reached["\(word) \(code)"] != nil) != excused.contains("§6-\(code)"),
                "\(word) \(code): reached by \(reached["\(word) \(code)"] ?? 0) transcripts")
        }
    }

    @Test func everyVerbOfThisReleaseIsAnsweredWithOK() {
        let forms = VerbTable.forms.map(\.name)
        let answered = coverage.answeredWithOK(forms)
        for form in forms {
            let isAnswered = answered.contains(form)
            #expect(isAnswered, "\(form) is nowhere answered with OK")
        }
    }

    @Test func theTableIsUpToDate() throws {
        let path = Self.top.appending(path: "Tests/Conformance/COVERAGE.md")
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] == "1" {
            try coverage.table.write(to: path, atomically: true, encoding: .utf8)
        }
        let isUpToDate = try String(contentsOf: path, encoding: .utf8) == coverage.table
        #expect(isUpToDate, "COVERAGE.md is old: UPDATE_EXPECTED=1 writes it anew")
    }
}
