import Foundation
import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal
import Testing

/// What people see, at 80 columns, in both languages.
///
/// `UPDATE_EXPECTED=1 swift test` writes the files anew; the change is then reviewed as a diff.
struct ScreenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Screens")

    private static func screen(_ scenario: Scenario, _ language: Language) throws -> String {
        var words = Shell.words("phanbien " + scenario.line)
        let isJSON = words.contains("--json")
        let surroundings = ScriptedSurroundings(
            scenario.replies.map { ($0.prefix, reply($0.text)) }, language: language, json: isJSON,
            terminal: scenario.isTerminal)
        surroundings.happenings = scenario.happenings
        words += ["--lang", language.rawValue]
        let exit = CommandRunner(try CommandLineParser.parse(words), in: surroundings).run()
        var page = surroundings.shown
        if !surroundings.told.isEmpty { page += "── 2 ──\n" + surroundings.told }
        return page + "── \(exit.rawValue) ──\n"
    }

    @Test(arguments: Scenario.all, Language.allCases)
    func theScreenIsTheRecordedOne(scenario: Scenario, language: Language) throws {
        let page = try Self.screen(scenario, language)
        let file = Self.folder.appendingPathComponent("\(scenario.name).\(language.rawValue).txt")
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] == "1" {
            try Data(page.utf8).write(to: file)
            return
        }
        let recorded = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(Array(page.utf8) == Array(recorded.utf8), "\(page)")
    }

    @Test(arguments: Scenario.all.filter { !$0.name.contains("json") && !$0.name.hasPrefix("help") }, Language.allCases)
    func noLineIsWiderThanTheScreen(scenario: Scenario, language: Language) throws {
        for line in try Self.screen(scenario, language).split(separator: "\n") {
            #expect(DisplayWidth.columns(of: line) <= 80, "\(line)")
        }
    }

    /// Whatever the server sends, nothing that drives a terminal reaches it.
    @Test(arguments: Scenario.all, Language.allCases)
    func nothingDrivesTheTerminal(scenario: Scenario, language: Language) throws {
        for scalar in try Self.screen(scenario, language).unicodeScalars where scalar != "\n" {
            #expect(
                SafeText.isSafe(Character(scalar)) || scalar.properties.generalCategory == .nonspacingMark,
                "U+\(String(scalar.value, radix: 16))")
        }
    }

    /// A server that means ill puts escapes wherever a text may stand, in every answer to every command.
    @Test(arguments: Scenario.all.filter { !$0.replies.isEmpty }, Language.allCases)
    func noServerDrivesTheTerminal(scenario: Scenario, language: Language) throws {
        for hostile in [
            "\u{1B}[2J", "\u{1B}]52;c;aA==\u{7}", "\u{9B}31m", "\u{202E}", "\u{200B}", "\u{0}", "\r", "\u{85}",
        ] {
            var spoilt = scenario
            spoilt.replies = scenario.replies.map { reply in
                var text = reply.text
                for place in ["=\"", "| ", " :"] {
                    text = text.replacingOccurrences(of: place, with: place + hostile)
                }
                return (reply.prefix, text)
            }
            // What cannot be read is refused; what is shown is harmless.
            guard let page = try? Self.screen(spoilt, language) else { continue }
            for scalar in page.unicodeScalars where scalar != "\n" {
                #expect(
                    SafeText.isSafe(Character(scalar)) || scalar.properties.generalCategory == .nonspacingMark,
                    "U+\(String(scalar.value, radix: 16)) in \(scenario.name)")
            }
        }
    }

    @Test func everyEventTypeOfTheTemplatesIsWrittenOnce() {
        let screen = Screen(language: .vietnamese, today: CalendarDay(number: 0))
        let event = EventLine(
            sequence: 1, previous: 0, time: "2025-06-16T09:12:01.101+07:00", type: "REVISION.PUSHED",
            pairs: [Pair("by", "lan"), Pair("revision", "2")])
        #expect(EventText.lines(.event(event), screen) == ["09:12 16/6/2025  #1  lan gửi bản dự thảo 2"])
    }
}
