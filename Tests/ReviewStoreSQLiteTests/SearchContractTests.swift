import ReviewCore
import ReviewStore
import ReviewStoreTestKit
import Testing

/// FIND as every log answers it (specification §6).
@Suite struct SearchContractTests {
    private func fill(_ log: any EventLog) throws {
        try log.append(
            try Sample.batch([
                Sample.planned("2025-1"), Sample.planned("2025-2"),
                Sample.revision("2025-1", 1, "# Mở đầu\n\nNghị định cũ về trợ giúp pháp lý.\n"),
                Sample.comment(
                    "2025-1", 1, "Theo Nghị định số 30/2020/NĐ-CP,\nđề nghị sửa thể thức.", suggestion: "thể thức đúng"),
                Sample.comment("2025-2", 2, "Nghỉ định kỳ của viên chức"),
                Sample.review("2025-1", 1, "Đề nghị bổ sung nghị quyết"),
                Sample.revision(
                    "2025-1", 2,
                    "# Nghị định mới\n\nĐoạn đầu.\n\nTrợ giúp pháp lý theo nghị định.\n\n- nghị định khác\n"),
            ]))
    }

    private func find(
        _ text: String, in log: any EventLog, topics: [String] = ["2025-1", "2025-2"], hidden: [ReviewID] = [],
        limit: Int = 100
    ) throws -> [SearchHit] {
        try log.searchEverything(
            SearchQuery(
                text: text, topics: topics.compactMap { TopicID($0) }, hidden: hidden, through: .max, limit: limit))
    }

    @Test(arguments: LogKind.allCases) func ignoresMarksWhenTheQueryHasNone(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log)
            #expect(try find("nghi dinh", in: log).map(\.sequence) == [7, 7, 7, 5, 4])
            #expect(try find("NGHỊ ĐỊNH", in: log).map(\.sequence) == [7, 7, 7, 4])
            #expect(try find("nghỉ định", in: log).map(\.sequence) == [5])
            #expect(try find("de nghi", in: log).map(\.sequence) == [6, 4])
            // One dấu makes the whole query exact: “nghi” then means nghi.
            #expect(try find("nghi định", in: log).isEmpty)
        }
    }

    @Test(arguments: LogKind.allCases) func searchesOnlyTheNewestRevision(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log)
            #expect(try find("cũ", in: log).isEmpty)
            let hits = try find("nghị định", in: log)
            let revision = try #require(RevisionID("2025-1@2"))
            // From top to bottom: the heading, the paragraph, the list item.
            #expect(hits.prefix(3).map(\.source) == [.revision(revision), .revision(revision), .revision(revision)])
            #expect(
                hits.prefix(3).map(\.snippet) == [
                    "Nghị định mới", "Trợ giúp pháp lý theo nghị định.", "- nghị định khác",
                ])
        }
    }

    @Test(arguments: LogKind.allCases) func wordsAreAndedAndPhrasesStandTogether(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log)
            #expect(try find("pháp trợ", in: log).map(\.sequence) == [7])
            #expect(try find("\"pháp trợ\"", in: log).isEmpty)
            #expect(try find("“giúp pháp”", in: log).map(\.sequence) == [7])
            #expect(try find("30/2020/NĐ-CP", in: log).map(\.sequence) == [4])
            #expect(try find("2020/30", in: log).isEmpty)
            // A line end inside a phrase is a blank like any other.
            #expect(try find("\"cp đề nghị\"", in: log).map(\.sequence) == [4])
            #expect(
                try find("\"thể thức đúng\"", in: log).map(\.source) == [
                    .comment(CommentID(1), topic: Sample.topic("2025-1"))
                ])
        }
    }

    /// In a long text the words that were looked for are shown, not the first place of one of them.
    @Test(arguments: LogKind.allCases) func aHitShowsWhereTheWordsStandTogether(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let body = (1...120).map { "Câu thứ \($0) của một đoạn dài." }.joined(separator: " ")
            try log.append(try Sample.batch([Sample.comment("2025-1", 1, body)]))
            let hit = try #require(try find("cau 87 thu", in: log).first)
            #expect(hit.snippet.contains("Câu thứ 87 của") && hit.snippet.hasPrefix("…"), "\(hit.snippet)")
            #expect(
                try find("thứ \"dài Câu\" 1", in: log).first?.snippet.hasPrefix("Câu thứ 1 của một đoạn dài.") == true)
        }
    }

    @Test(arguments: LogKind.allCases) func aStarContinuesAWord(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log)
            #expect(try find("quy", in: log).isEmpty)
            #expect(try find("quy*", in: log).map(\.sequence) == [6])
            #expect(try find("nghị quy*", in: log).map(\.sequence) == [6])
            #expect(try find("\"nghi quy*\"", in: log).map(\.sequence) == [6])
        }
    }

    @Test(arguments: LogKind.allCases) func seesNothingBeyondWhatThePersonMayRead(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log)
            #expect(try find("nghi", in: log, topics: ["2025-2"]).map(\.sequence) == [5])
            #expect(try find("nghi", in: log, topics: []).isEmpty)
            #expect(try find("quyết", in: log, hidden: [ReviewID(1)]).isEmpty)
            // The number of a hidden review hides no comment of that number.
            #expect(try find("2020", in: log, hidden: [ReviewID(1)]).map(\.sequence) == [4])
            // What may not be seen takes no place among the hits that are counted.
            #expect(try find("nghi dinh", in: log, topics: ["2025-2"], limit: 1).map(\.sequence) == [5])
            #expect(try find("nghi dinh", in: log, limit: 2).map(\.sequence) == [7, 7])
        }
    }

    @Test(
        arguments: LogKind.allCases,
        [
            "", " ", "\"", "\"\"", "*", "**", "\" * \"", "AND", "a AND", "NOT", "NEAR(", "exact:", "{exact folded}: x",
            "^",
            "x^", "-x", "x -y", "(", ")", "();DROP TABLE events", "'", "';", "\\", "%", "_", "\u{0}", "\u{301}",
            "\u{FEFF}",
            "a\u{0}b", "“", "”x“", "😀", "ﬁ", "İ", "ß", "½", "１２", "ก็", "\r\n", "a\"b\"c*", "+a", "a.b", "col:a",
        ])
    func noQueryIsAnError(_ kind: LogKind, _ text: String) throws {
        try kind.withLog { log throws in
            try log.append(try Sample.batch([Sample.comment("2025-1", 1, "x y: \(text) z")]))
            let hits = try find(text, in: log)
            // A text contains itself, unless it holds no word at all.
            #expect(hits.count == (SearchExpression(text).phrases.isEmpty ? 0 : 1))
        }
    }

    @Test(arguments: LogKind.allCases) func theIndexCatchesUpInSteps(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let paragraphs = (1...3000).map { "Đoạn văn số \($0) bàn về trợ giúp pháp lý." }.joined(separator: "\n\n")
            try log.append(
                try Sample.batch([Sample.revision("2025-1", 1, paragraphs + "\n"), Sample.comment("2025-1", 1, "cuối")])
            )
            var steps = 0
            while try log.indexSome(limit: 100) {
                steps += 1
                #expect(steps < 100)
            }
            #expect(try log.indexSome(limit: 100) == false)
            #expect(try find("“số 2999”", in: log).map(\.snippet) == ["Đoạn văn số 2999 bàn về trợ giúp pháp lý."])
            #expect(try find("cuối", in: log).map(\.sequence) == [2])
            #expect(
                try find("văn", in: log, limit: 3).map(\.snippet).map { $0.prefix(13) } == [
                    "Đoạn văn số 1", "Đoạn văn số 2", "Đoạn văn số 3",
                ])
        }
    }

    /// The durable index and the plain reading of every text agree on any words.
    @Test(arguments: 1...8) func bothLogsAgree(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let syllables = [
            "đề", "de", "nghị", "nghi", "Nghỉ", "định", "dinh", "30", "NĐ-CP", "quyền", "hoà", "hòa", "a", "b",
        ]
        func phrase(_ count: Int) -> String {
            (0..<count).map { _ in syllables.randomElement(using: &generator) ?? "" }.joined(separator: " ")
        }
        var facts: [Fact] = []
        for number in 1...40 {
            let topic = "2025-\(Int.random(in: 1...3, using: &generator))"
            switch number % 4 {
            case 0:
                facts.append(
                    try Sample.revision(topic, number, "# \(phrase(2))\n\n\(phrase(6))\n\n\(phrase(4))\n"))
            case 1: facts.append(try Sample.review(topic, number, phrase(8)))
            default: facts.append(try Sample.comment(topic, number, phrase(7)))
            }
        }
        var queries: [SearchQuery] = []
        for _ in 1...60 {
            var text = phrase(Int.random(in: 1...3, using: &generator))
            if Bool.random(using: &generator) { text = "\"\(text)\"" }
            if Int.random(in: 0..<4, using: &generator) == 0 { text += "*" }
            let topics = (1...3).filter { _ in Bool.random(using: &generator) }.compactMap {
                TopicID(year: 2025, number: $0)
            }
            queries.append(
                SearchQuery(
                    text: text, topics: topics, hidden: [ReviewID(1), ReviewID(5), ReviewID(9)], through: .max,
                    limit: Int.random(in: 1...30, using: &generator)))
        }
        let batch = try Sample.batch(facts)
        var answers: [[[SearchHit]]] = []
        for kind in LogKind.allCases {
            try kind.withLog { log throws in
                try log.append(batch)
                answers.append(try queries.map { try log.searchEverything($0) })
            }
        }
        for place in queries.indices {
            #expect(answers[0][place] == answers[1][place], "seed \(seed), query \(queries[place].text)")
        }
        #expect(answers[0].contains { !$0.isEmpty })
    }

    /// Who asks is judged by what there was; what came later is not for this query.
    @Test(arguments: LogKind.allCases) func nothingAfterItsBoundIsFound(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log)
            let topics = [try Sample.topic("2025-1")]
            for (through, found) in [(7, [7, 7, 7, 4]), (6, [4]), (4, [4]), (3, []), (-1, []), (.max, [7, 7, 7, 4])]
                as [(Int64, [Int64])]
            {
                let query = SearchQuery(text: "nghị định", topics: topics, hidden: [], through: through, limit: 9)
                #expect(try log.searchEverything(query).map(\.sequence) == found, "\(through)")
            }
        }
    }

    /// A long text is found by its words wherever they stand, cut at the ends of its lines.
    @Test(arguments: LogKind.allCases) func longTextsAreFoundInPieces(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let line = String(repeating: "nội dung ", count: 40)
            let lines = (1...200).map { "\(line)dòng số \($0)" }
            try log.append(
                try Sample.batch([
                    Sample.planned("2025-1"), Sample.comment("2025-1", 1, lines.joined(separator: "\n")),
                    Sample.review("2025-1", 1, String(repeating: "a", count: 20_000) + "ê ngắn"),
                ]))
            for passage in SearchPassage.passages(
                of: try #require(try log.events(after: 1, limit: 1, topic: nil).first))
            {
                #expect(passage.text.utf8.count <= SearchPassage.maximumOctets)
                #expect(passage.text.hasSuffix("\n") || passage.text.hasSuffix("dòng số 200"))
            }
            for number in [1, 77, 200] {
                let hits = try find("\"dòng số \(number)\"", in: log)
                #expect(hits.map(\.sequence) == [2])
                #expect(hits.first?.snippet.contains("dòng số \(number)") == true)
            }
            #expect(try find("ngắn", in: log).map(\.sequence) == [3])
        }
    }
}
