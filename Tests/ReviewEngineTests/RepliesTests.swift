import ReviewCore
import ReviewProtocol
import Testing

@testable import ReviewEngine

/// What is written of long lists.
@Suite struct RepliesTests {
    private func written(_ status: RequirementStatus) -> String {
        var octets: [UInt8] = []
        Reply(parts: [Replies.requirement(status, .vietnamese)], status: Status(.ok)).writeParts(
            literal: false, into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    @Test func aRowOfThousandsOfCommentsIsCutBehindAWholeOne() {
        let ids = (1...3_100).map { "C\($0)" }
        let row = written(
            RequirementStatus(.must, .unmet, count: ids.count, missing: ids, wording: Wording("còn", "open")))
        #expect(row.utf8.count <= 16_384)
        #expect(row.hasPrefix("- requirement id=must state=unmet count=3100 missing=C1,C2,C3,"))
        let named = row.split(separator: "missing=").last?.prefix { $0 != " " }.split(separator: ",") ?? []
        #expect(named.count > 400 && named.elementsEqual(ids.prefix(named.count).map { Substring($0) }))
    }

    @Test func noListAndNoSentenceMakesALineTooLong() throws {
        let marks = String(repeating: "\"\\", count: 40)
        let titles = (1...400).map { "Mục \($0) \(marks)" }
        let people = try (10...400).map { try #require(PersonID("nguoi-co-ma-rat-dai-\($0)")) }
        let status = RequirementStatus(
            .outline, .unmet, count: titles.count, missing: titles, waiting: people,
            wording: Wording(titles.joined(), titles.joined()))
        #expect(written(status).utf8.count <= 16_384)
        let refusal = Refusal(.unmet, status.wording, requirements: [status])
        var line: [UInt8] = []
        Replies.refused(refusal, .english).status.write(into: &line)
        #expect(line.count <= 16_384 && String(decoding: line, as: UTF8.self).hasSuffix("…\n"))
    }

    @Test func whatFitsIsSaidWhole() {
        let row = written(
            RequirementStatus(.settled, .unmet, count: 2, missing: ["C1", "C2"], wording: Wording("còn 2", "2 open")))
        #expect(row == "- requirement id=settled state=unmet count=2 missing=C1,C2 text=\"còn 2\"\n")
    }
}
