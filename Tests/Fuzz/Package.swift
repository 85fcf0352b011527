// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because everything in it is built anew with the fuzzer's instrumentation: see README.md. It is
// built by ./run, which passes the switches.
let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "phanbien", path: "../..")],
    targets: [
        .executableTarget(
            name: "fuzz", dependencies: [.product(name: "FuzzTargets", package: "phanbien")],
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
