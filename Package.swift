// swift-tools-version: 6.2
import PackageDescription

/// One set of switches for every target: a warning is a defect, and the language's upcoming rules are on.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqliteInterface: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")
let csv: Target.Dependency = .product(name: "SwiftCSV", package: "SwiftCSV")

let package = Package(
    name: "phanbien",
    products: [
        .executable(name: "phanbiend", targets: ["phanbiend"]),
        .executable(name: "phanbien", targets: ["phanbien"]),
        .library(name: "ReviewProtocol", targets: ["ReviewProtocol"]),
        .library(name: "ReviewClient", targets: ["ReviewClient"]),
        // For the nested package Tests/Fuzz, which builds everything anew for the fuzzer and sees products only.
        .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
    ],
    dependencies: [
        // Why each: README, "Dependencies".
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV.git", from: "0.10.0"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
        .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "ReviewDigest", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "ReviewProtocol", swiftSettings: strict),
        .target(name: "ReviewCore", dependencies: ["ReviewDigest"], swiftSettings: strict),
        .target(name: "ReviewFiles", dependencies: ["ReviewProtocol", "ReviewCore", yaml, csv], swiftSettings: strict),
        .target(
            name: "ReviewEngine", dependencies: ["ReviewProtocol", "ReviewCore", "ReviewDigest"], swiftSettings: strict),
        .target(name: "ReviewStore", dependencies: ["ReviewCore", "ReviewDigest"], swiftSettings: strict),
        .target(
            name: "ReviewStoreSQLite",
            dependencies: ["ReviewStore", "ReviewCore", "ReviewDigest", sqlite, sqliteInterface],
            swiftSettings: strict),
        .target(name: "ReviewSignatures", dependencies: ["ReviewDigest", "COpenSSL"], swiftSettings: strict),
        .target(name: "ReviewMetrics", dependencies: [metrics], swiftSettings: strict),
        .target(
            name: "ReviewServer",
            dependencies: [
                "ReviewProtocol", "ReviewCore", "ReviewDigest", "ReviewEngine", "ReviewStore", "ReviewSignatures",
                "ReviewMetrics", nio, nioPosix, nioTLS, nioSSL, nioHTTP, log, metrics, lifecycle,
            ], swiftSettings: strict),
        .executableTarget(
            name: "phanbiend",
            dependencies: [
                "ReviewServer", "ReviewStore", "ReviewStoreSQLite", "ReviewCore", "ReviewEngine", "ReviewFiles",
                "ReviewSignatures", "ReviewMetrics",
                "ReviewDigest", "ReviewProtocol", "CMalloc", arguments, log, lifecycle, signals,
            ], swiftSettings: strict),
        .target(
            name: "ReviewClient", dependencies: ["ReviewProtocol"], path: "clients/ReviewClient", swiftSettings: strict),
        .target(name: "Terminal", path: "clients/Terminal", swiftSettings: strict),
        .target(
            name: "WordDocuments", dependencies: ["ReviewProtocol", "ReviewCore", "CZlib"],
            path: "clients/WordDocuments",
            swiftSettings: strict),
        .target(
            name: "PhanbienCommands",
            dependencies: [
                "ReviewClient", "ReviewProtocol", "ReviewCore", "Terminal", "ReviewDigest", "WordDocuments",
            ],
            path: "clients/PhanbienCommands", swiftSettings: strict),
        .target(
            name: "ReviewTUI",
            dependencies: [
                "PhanbienCommands", "ReviewClient", "ReviewProtocol", "ReviewCore", "ReviewDigest", "Terminal",
            ], path: "clients/ReviewTUI", swiftSettings: strict),
        .executableTarget(
            name: "phanbien",
            dependencies: [
                "ReviewTUI", "PhanbienCommands", "ReviewClient", "ReviewProtocol", "Terminal", "ReviewDigest",
                "ReviewSignatures", nio, nioPosix, nioTLS, nioSSL,
            ],
            path: "clients/phanbien", swiftSettings: strict),

        // Needs nothing of the project, so that it can judge other implementations of the protocol as well.
        .target(name: "ReviewTestKit", path: "Tests/ReviewTestKit", swiftSettings: strict),
        .target(
            name: "ReviewStoreTestKit", dependencies: ["ReviewStore", "ReviewCore", "ReviewDigest"],
            path: "Tests/ReviewStoreTestKit", swiftSettings: strict),
        .target(name: "WordTestKit", dependencies: ["CZlib"], path: "Tests/WordTestKit", swiftSettings: strict),
        .executableTarget(
            name: "phanbien-conformance",
            dependencies: ["ReviewTestKit", nio, nioPosix, nioTLS, nioSSL, arguments],
            path: "Tests/Conformance/Runner", swiftSettings: strict),
        .executableTarget(
            name: "screen-benchmark", dependencies: ["ReviewTUI", "PhanbienCommands", "ReviewProtocol", "Terminal"],
            path: "Tests/Benchmarks/screen", swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        .testTarget(name: "ReviewDigestTests", dependencies: ["ReviewDigest"], swiftSettings: strict),
        .testTarget(name: "ReviewSignaturesTests", dependencies: ["ReviewSignatures"], swiftSettings: strict),
        .testTarget(name: "ReviewProtocolTests", dependencies: ["ReviewProtocol"], swiftSettings: strict),
        .testTarget(name: "ReviewCoreTests", dependencies: ["ReviewCore", "ReviewDigest"], swiftSettings: strict),
        .testTarget(name: "ReviewFilesTests", dependencies: ["ReviewFiles", "ReviewCore"], swiftSettings: strict),
        .testTarget(
            name: "ReviewStoreTests",
            dependencies: ["ReviewStore", "ReviewStoreTestKit", "ReviewCore", "ReviewDigest"],
            swiftSettings: strict),
        .testTarget(
            name: "ReviewStoreSQLiteTests",
            dependencies: [
                "ReviewStoreSQLite", "ReviewStore", "ReviewStoreTestKit", "ReviewCore", "ReviewDigest", "ReviewTestKit",
                sqlite,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReviewMetricsTests", dependencies: ["ReviewMetrics", "ReviewTestKit", metrics], swiftSettings: strict
        ),
        .testTarget(
            name: "ReviewEngineTests",
            dependencies: [
                "ReviewEngine", "ReviewProtocol", "ReviewCore", "ReviewDigest", "ReviewFiles", "ReviewStore",
                "ReviewTestKit",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReviewServerTests",
            dependencies: [
                "ReviewServer", "ReviewEngine", "ReviewProtocol", "ReviewCore", "ReviewStore", "ReviewSignatures",
                "ReviewDigest", nio, nioPosix, nioTLS, nioSSL, nioEmbedded, log, "ReviewMetrics", "ReviewTestKit",
            ], swiftSettings: strict),
        .testTarget(
            name: "ReviewClientTests", dependencies: ["ReviewClient", "ReviewProtocol"], swiftSettings: strict),
        .testTarget(
            name: "PhanbienCommandTests",
            dependencies: ["PhanbienCommands", "ReviewClient", "ReviewProtocol", "Terminal", "ReviewDigest"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["phanbiend", "phanbien", "phanbien-conformance", "ReviewTestKit", "Terminal", sqlite],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "ReviewEngine", "ReviewClient", "ReviewStore", "ReviewStoreTestKit", "ReviewProtocol", "ReviewCore",
                "ReviewDigest", "ReviewTestKit",
            ], exclude: ["README.md"], swiftSettings: strict),
        .target(name: "FramingOracle", path: "Tests/FramingOracle"),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "FramingOracle", "ReviewProtocol", "ReviewCore", "ReviewEngine", "ReviewFiles", "ReviewStore",
                "ReviewDigest", "WordDocuments", "WordTestKit",
            ],
            path: "Tests/FuzzTargets", swiftSettings: strict),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),
        .testTarget(
            name: "ReviewTUITests",
            dependencies: [
                "ReviewTUI", "PhanbienCommands", "ReviewClient", "ReviewProtocol", "Terminal", "ReviewEngine",
                "ReviewStore", "ReviewStoreTestKit", "ReviewCore", "ReviewDigest",
            ],
            swiftSettings: strict),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
        .testTarget(
            name: "WordDocumentTests",
            dependencies: ["WordDocuments", "WordTestKit", "ReviewProtocol", "ReviewCore", "ReviewTestKit"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
