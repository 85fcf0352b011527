import Foundation
import Testing

/// Screens as files: compared, or with `UPDATE_EXPECTED=1` written anew.
enum Golden {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Screens")

    static func check(_ screen: String, _ name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let file = folder.appendingPathComponent(name + ".txt")
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] == "1" {
            try Data(screen.utf8).write(to: file)
            return
        }
        let recorded = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(Array(screen.utf8) == Array(recorded.utf8), "\(name)\n\(screen)", sourceLocation: location)
    }
}
