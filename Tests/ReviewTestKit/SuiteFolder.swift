import Foundation

extension Suite {
    /// Reads the suite of a folder: `rules.txt`, `stages.txt`, and every file of `transcripts`.
    ///
    /// - Throws: `TranscriptError`, or the system's error when a file cannot be read.
    public init(folder: String) throws {
        let folder = URL(filePath: folder)
        func file(_ name: String) throws -> File {
            (name, try String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "transcripts").path)
        try self.init(
            transcripts: names.filter { $0.hasSuffix(".txt") }.sorted().map { try file("transcripts/\($0)") },
            stages: try file("stages.txt"), rules: try file("rules.txt"))
    }

    /// The people of the beginning, from the list of the folder: `id,name,office,position,password` a line, after a header.
    public static func people(folder: String) throws -> [Transcript.Account] {
        let path = URL(filePath: folder).appending(path: "beginning/nhan-su.csv")
        return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst()
            .compactMap { Transcript.Account(line: String($0)) }
    }
}
