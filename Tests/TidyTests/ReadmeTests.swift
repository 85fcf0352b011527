import Testing

/// What the README shows is what the program draws.
struct ReadmeTests {
    @Test func theFirstScreenIsTheRecordedOne() throws {
        let recorded = try SourceTree.text("Tests/Screens/full/topic.txt").split(
            separator: "\n", omittingEmptySubsequences: false)
        let screen = recorded.dropFirst().prefix { !$0.hasPrefix("─── ") && !$0.hasPrefix("═══ ") }
        try #require(screen.count == 24)
        let blocks = try SourceTree.text("README.md").split(separator: "\n```\n")
        #expect(blocks.contains { $0 == screen.joined(separator: "\n") })
    }
}
