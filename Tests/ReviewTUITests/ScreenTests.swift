import Foundation
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// Every view as it was when somebody last looked at it and found it good: at 80×24 and 120×40, in both languages, with
/// the looks of its letters, and without colours where that makes a difference.
///
/// `UPDATE_EXPECTED=1 swift test` writes the files anew; the change is then reviewed as a diff.
@Suite struct ScreenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Screens/full")
    private static let sizes = [TerminalSize(columns: 80, rows: 24), TerminalSize(columns: 120, rows: 40)]

    @Test(arguments: Scene.all) func theScreenIsTheRecordedOne(_ scene: Scene) throws {
        var page = ""
        for language in Language.allCases {
            let desk = try scene.desk(language)
            for size in Self.sizes {
                desk.resize(size.columns, size.rows)
                page += "═══ \(size.columns)×\(size.rows) \(language.rawValue)\n" + desk.screen
                if language == .vietnamese, size == Self.sizes[0] { page += "─── looks\n" + desk.looks }
            }
        }
        let plain = try scene.desk(.vietnamese, hasColour: false).screen
        if !page.contains(plain) { page += "═══ 80×24 vi, no colours\n" + plain }
        let file = Self.folder.appendingPathComponent("\(scene.name).txt")
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] == "1" {
            try Data(page.utf8).write(to: file)
            return
        }
        let recorded = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        let isSame = page.utf8.elementsEqual(recorded.utf8)
        #expect(isSame, "\(page)")
    }

    /// The same keys give the same screen whatever the size was on the way there.
    @Test(arguments: Scene.all) func comingFromAnotherSizeChangesNothing(_ scene: Scene) throws {
        let desk = try scene.desk(.vietnamese)
        let before = desk.screen
        desk.resize(120, 40).resize(80, 24)
        #expect(desk.screen == before)
    }

    @Test(.disabled(if: ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] == "1", "they are being written"))
    func everyFileHasItsScene() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(names.sorted() == Scene.all.map { $0.name + ".txt" }.sorted())
    }
}
