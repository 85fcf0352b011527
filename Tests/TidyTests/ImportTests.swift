import Foundation
import Testing

/// The map of the README as a test: which room may import which.
///
/// Package.swift cannot say it all: a module that is reached through another one can be imported without being
/// declared, so the imports themselves are read.
struct ImportTests {
    /// What each room may import, besides the standard library.
    static let allowed: [String: Set<String>] = [
        "Sources/ReviewDigest": ["COpenSSL"],
        "Sources/ReviewSignatures": ["ReviewDigest", "COpenSSL", "Glibc", "Synchronization"],
        "Sources/ReviewProtocol": [],
        "Sources/ReviewCore": ["ReviewDigest"],
        "Sources/ReviewFiles": ["ReviewProtocol", "ReviewCore", "Yams", "SwiftCSV"],
        "Sources/ReviewEngine": ["ReviewProtocol", "ReviewCore", "ReviewDigest"],
        "Sources/ReviewStore": ["ReviewCore", "ReviewDigest"],
        "Sources/ReviewStoreSQLite": [
            "ReviewStore", "ReviewCore", "ReviewDigest", "GRDB", "GRDBSQLite", "Foundation", "Glibc",
        ],
        "Sources/ReviewMetrics": ["CoreMetrics", "Synchronization"],
        "Sources/ReviewServer": [
            "ReviewProtocol", "ReviewCore", "ReviewDigest", "ReviewEngine", "ReviewStore", "ReviewSignatures",
            "ReviewMetrics", "NIOCore", "NIOPosix", "NIOTLS", "NIOSSL", "NIOHTTP1", "Logging", "CoreMetrics",
            "ServiceLifecycle", "Glibc", "Synchronization",
        ],
        "Sources/phanbiend": [
            "ReviewServer", "ReviewStore", "ReviewStoreSQLite", "ReviewCore", "ReviewEngine", "ReviewFiles",
            "ReviewSignatures", "ReviewMetrics", "ReviewDigest", "ReviewProtocol", "ArgumentParser", "Logging",
            "ServiceLifecycle",
            "UnixSignals", "Glibc", "CMalloc", "Synchronization",
        ],
        "clients/ReviewClient": ["ReviewProtocol"],
        "clients/Terminal": ["Glibc", "Synchronization"],
        "clients/WordDocuments": ["ReviewProtocol", "ReviewCore", "CZlib", "Foundation", "FoundationXML"],
        "clients/PhanbienCommands": [
            "ReviewClient", "ReviewProtocol", "ReviewCore", "Terminal", "ReviewDigest", "WordDocuments",
        ],
        "clients/ReviewTUI": [
            "PhanbienCommands", "ReviewClient", "ReviewProtocol", "ReviewCore", "ReviewDigest", "Terminal",
        ],
        "clients/phanbien": [
            "ReviewTUI", "PhanbienCommands", "ReviewClient", "ReviewProtocol", "Terminal", "ReviewDigest",
            "ReviewSignatures", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "Glibc", "Foundation",
            "FoundationEssentials", "Synchronization",
        ],
        // Whoever judges other implementations shares nothing with this one.
        "Tests/ReviewTestKit": ["Foundation", "Glibc"],
        "Tests/ReviewStoreTestKit": ["ReviewStore", "ReviewCore", "ReviewDigest"],
        "Tests/Conformance/Runner": [
            "ReviewTestKit", "ArgumentParser", "Foundation", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS",
            "Synchronization",
        ],
    ]

    @Test(arguments: allowed.keys.sorted())
    func roomImportsOnlyWhatTheMapAllows(room: String) throws {
        let allowed = try #require(Self.allowed[room])
        let files = try SourceTree.swiftFiles(below: room)
        #expect(!files.isEmpty, "the room \(room) is empty or has moved")
        for file in files {
            for module in file.imports {
                #expect(
                    module == "Swift" || allowed.contains(module),
                    "\(file.path) imports \(module), which the map does not allow")
            }
        }
    }

    @Test func everyRoomIsOnTheMap() throws {
        for parent in ["Sources", "clients"] {
            for room in try SourceTree.folders(below: parent) where !room.hasPrefix("Sources/C") {
                let hasCode = try !SourceTree.swiftFiles(below: room).isEmpty
                #expect(!hasCode || Self.allowed[room] != nil, "\(room) is not on the map")
            }
        }
    }

    @Test func pureRoomsKnowNoClockChanceOrInputAndOutput() throws {
        let pure = [
            "Sources/ReviewProtocol", "Sources/ReviewCore", "Sources/ReviewEngine", "clients/ReviewClient",
            "clients/ReviewTUI",
        ]
        let banned = [
            "async ", "await ", "Task {", "Task.detached", "Date()", "ContinuousClock", "SuspendingClock", ".random(",
            "SystemRandomNumberGenerator", "UnsafeMutable", "print(", "@unchecked",
        ]
        for room in pure {
            for file in try SourceTree.swiftFiles(below: room) {
                for (number, line) in file.codeLines {
                    #expect(!line.contains(#/\bactor [A-Z]/#), "\(file.path):\(number) is an actor in a pure room")
                    for word in banned {
                        #expect(!line.contains(word), "\(file.path):\(number) uses \(word) in a pure room")
                    }
                }
            }
        }
    }

    @Test func nothingShippedTrapsOnPurposeOverInput() throws {
        let banned = ["try!", "fatalError(", " as! ", "@unchecked Sendable", "nonisolated(unsafe)"]
        for parent in ["Sources", "clients"] {
            for file in try SourceTree.swiftFiles(below: parent) where !file.path.hasPrefix("Sources/ReviewSignatures")
            {
                for (number, line) in file.codeLines {
                    for word in banned {
                        #expect(!line.contains(word), "\(file.path):\(number) uses \(word)")
                    }
                }
            }
        }
    }

    /// A coroutine that is not inlined yields from a frame in the heap, and the compiler (6.3) lets go of a part of what was
    /// read after that frame was given back: memory of another thread by then.
    @Test func nothingIsReadThroughACoroutine() throws {
        for parent in ["Sources", "clients"] {
            for file in try SourceTree.swiftFiles(below: parent) {
                for (number, line) in file.codeLines {
                    #expect(!line.contains("_read {"), "\(file.path):\(number) reads through a coroutine")
                }
            }
        }
    }

    @Test func filesStayOneRoomLong() throws {
        for parent in ["Sources", "clients"] {
            for file in try SourceTree.swiftFiles(below: parent) {
                #expect(file.lines.count <= 600, "\(file.path) has \(file.lines.count) lines: is it one room?")
            }
        }
    }
}
