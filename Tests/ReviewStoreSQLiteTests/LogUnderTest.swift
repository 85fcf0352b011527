import Foundation
import ReviewCore
import ReviewStore
import ReviewStoreSQLite
import ReviewStoreTestKit
import Testing

/// The logs that the contract holds for; a new one is added here and nowhere else.
enum LogKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { rawValue }

    /// Runs a test with a fresh log and removes what it left.
    func withLog(_ body: (any EventLog & VerifiableLog) throws -> Void) throws {
        switch self {
        case .memory: try body(MemoryLog())
        case .sqlite:
            try withDirectory { directory in
                let log = try SQLiteLog.open(directory: directory, creating: true)
                try body(log)
                try log.close()
            }
        }
    }
}

/// A directory of this test alone.
func withDirectory(_ body: (String) throws -> Void) throws {
    let directory = NSTemporaryDirectory() + "phanbien-store-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try body(directory)
}

/// How much of a write-ahead log its frames take; what stands behind them is room for those to come
/// (sqlite.org/fileformat2.html, section 4.2: a frame bears the two salts of the file's header).
func framedOctets(ofWriteAheadLog path: String) throws -> Int {
    let octets = try Data(contentsOf: URL(fileURLWithPath: path))
    let (header, frame) = (32, 24 + 4_096)
    guard octets.count >= header else { return 0 }
    var end = header
    while octets.count >= end + frame, octets[(end + 8)..<(end + 16)] == octets[16..<24] { end += frame }
    return end
}
