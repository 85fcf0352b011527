import Foundation

/// The project's own files, read as text.
enum SourceTree {
    struct File {
        let path: String
        let lines: [Substring]

        /// The modules it imports, whatever the access level of the import.
        var imports: [String] {
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place <= 2, words.count > place + 1,
                    words[..<place].allSatisfy({
                        ["public", "internal", "private", "package", "fileprivate"].contains($0) || $0.hasPrefix("@")
                    })
                else { return nil }
                return String(words[place + 1].prefix { $0 != "." })
            }
        }

        /// Lines without comments, numbered from 1.
        var codeLines: [(Int, Substring)] {
            lines.enumerated().compactMap { index, line in
                let trimmed = line.drop { $0 == " " }
                return trimmed.hasPrefix("//") ? nil : (index + 1, line)
            }
        }
    }

    /// The checkout's top folder.
    static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: top.appending(path: path), encoding: .utf8)
    }

    static func folders(below path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: top.appending(path: path).path).sorted()
            .map { "\(path)/\($0)" }
            .filter {
                (try? URL(filePath: top.appending(path: $0).path).resourceValues(forKeys: [.isDirectoryKey]))?
                    .isDirectory ?? false
            }
    }

    static func swiftFiles(below path: String) throws -> [File] {
        let start = top.appending(path: path)
        guard let walker = FileManager.default.enumerator(atPath: start.path) else { return [] }
        var names: [String] = []
        for case let name as String in walker where name.hasSuffix(".swift") { names.append(name) }
        return try names.sorted().map { name in
            let text = try text("\(path)/\(name)")
            return File(path: "\(path)/\(name)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }
}
