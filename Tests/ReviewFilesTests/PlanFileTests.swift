import ReviewCore
import ReviewFiles
import Testing

@Suite struct PlanFileTests {
    @Test func thePlanOf2025IsUnderstoodWhole() throws {
        let (read, problems) = PlanFile.read(Array(SamplePlan.text.utf8))
        let draft = try #require(read)
        #expect(problems == draft.problems())
        #expect(draft.year == 2025)
        #expect(draft.number == "")
        #expect(draft.reference == "29/KH-TGPL")
        #expect(draft.date == PlanDraft.WrittenDate("2025-01"))
        #expect(draft.date?.date == nil)
        #expect(draft.signer == "Hoàng Thị Bích")
        #expect(draft.offices.map(\.id.text) == ["hcth", "nv"])
        #expect(draft.offices.map(\.name) == ["Phòng Hành chính – Tổng hợp", "Phòng Nghiệp vụ"])
        #expect(draft.coordinator?.text == "hcth")
        #expect(draft.requirements.map(\.key) == ["results", "experience", "difficulties", "solutions", "proposals"])
        #expect(draft.topics.map(\.number) == [1, 2, 3, 4])
        #expect(draft.topics.map(\.quarter) == [1, 2, 3, 4])
        #expect(draft.topics.map { $0.lead?.text } == ["hcth", "nv", "nv", "nv"])
        #expect(draft.topics[1].title.hasSuffix("yêu cầu hủy quyết định cá biệt”"))
        #expect(draft.topics[0].milestones.map(\.milestone) == [.opinion, .review, .final])
        #expect(draft.topics[3].date(of: .final) == CivilDate("2025-12-30"))
        #expect(
            draft.topics[0].outline == [
                OutlineItem("Mở đầu"),
                OutlineItem(
                    "Nội dung",
                    children: [
                        OutlineItem(
                            "Thực trạng truyền thông TGPL cho người dân tộc thiểu số của viên chức Trung tâm",
                            children: [
                                OutlineItem("Kết quả đạt được"), OutlineItem("Hạn chế tồn tại, khó khăn vướng mắc"),
                            ]), OutlineItem("Giải pháp"), OutlineItem("Đề xuất, kiến nghị"),
                    ]), OutlineItem("Kết luận"),
            ])
    }

    /// What a careful reader finds in the document: nothing that stops it, and seven doubts.
    @Test func thePlanOf2025IsLoadableWithNotes() {
        let problems = PlanFile.read(Array(SamplePlan.text.utf8)).problems
        #expect(!problems.hasFatal)
        #expect(problems.map(\.line) == [3, 5, 26, 41, 41, 57, 73])
        #expect(
            problems.dropFirst(2).map(\.wording.vietnamese).map { $0.contains("thứ Bảy") || $0.contains("Chủ nhật") }
                == [true, true, true, true, true])
        #expect(
            problems.first?.placed.vietnamese
                == "Dòng 3 – lưu ý: Số, ký hiệu của kế hoạch để trống. Ghi vào “number” khi văn thư đã cấp số.")
    }

    /// One slip, its line, whether it stops loading, and words of the message in both languages.
    @Test(
        arguments: [
            ("plan: 2025", "", nil, 0, true, "Chưa ghi năm", "No year"),
            ("plan: 2025", "plan: 25", nil, 2, true, "không phải năm", "not a year"),
            ("plan: 2025", "plann: 2025", nil, 2, true, "có phải là “plan”", "did you mean “plan”"),
            ("number: \"\"", "number: 05/KH-TGPL", nil, 0, false, "", ""),
            ("date: 2025-01  ", "date: 2025-01-13", nil, 0, false, "", ""),
            ("date: 2025-01  ", "date: 2025-02-30 ", nil, 5, true, "không phải ngày có thật", "not a date that exists"),
            ("date: 2025-01  ", "date: 13/1/2025 ", nil, 5, true, "2025-01-13", "2025-01-13"),
            ("date: 2025-01  ", "date: 2023-12-01 ", nil, 5, false, "năm 2023", "dated 2023"),
            (
                "title: Thực hiện chuyên đề về trợ giúp pháp lý năm 2025", "title:", nil, 6, true, "chưa có tên",
                "no title"
            ),
            (
                "title: Thực hiện chuyên đề về", "title: Thực hiện \"chuyên đề\": về", nil, 6, true, "YAML",
                "quotation marks"
            ),
            ("signer: Hoàng Thị Bích", "signer: [a, b]", nil, 9, true, "một giá trị", "one value"),
            ("signer: Hoàng Thị Bích\n", "", nil, 2, false, "người ký", "signer"),
            ("signer: Hoàng", "chữ ký: Hoàng", nil, 9, false, "được bỏ qua", "passed over"),
            ("issuer:", "isuer:", nil, 7, true, "có phải là “issuer”", "did you mean “issuer”"),
            ("  nv: Phòng Nghiệp vụ", "  nv: ", nil, 12, true, "chưa có tên", "no name"),
            ("  nv: Phòng Nghiệp vụ", "  NV: Phòng Nghiệp vụ", nil, 12, true, "không phải mã phòng", "short name"),
            ("  nv: Phòng Nghiệp vụ", "  hcth: Phòng Nghiệp vụ", nil, 12, true, "“hcth” ghi hai lần", "given twice"),
            ("  nv: Phòng Nghiệp vụ", "  nv: Phòng Hành chính – Tổng hợp", nil, 12, false, "cùng tên", "Two offices"),
            ("  nv: Phòng", "  leadership: Phòng", nil, 12, true, "có sẵn", "built-in"),
            ("coordinator: hcth", "coordinator: hc", nil, 13, true, "không có phòng “hc”", "no office “hc”"),
            ("coordinator: hcth", "x: y", nil, 2, true, "phòng tổng hợp", "coordinating office"),
            ("requirements:  ", "requirements: []", nil, 15, true, "YAML", "YAML"),
            (
                "  results: Kết quả triển khai thực hiện chuyên đề theo quy định", "  results: ''", nil, 15, true,
                "chưa có nội dung", "no text"
            ),
            ("  results:", "  Kết quả:", nil, 15, true, "mã yêu cầu", "short name"),
            ("  - number: 2", "  - number: 1", nil, 36, true, "hai tên", "two titles"),
            ("  - number: 2", "  - number: 5", nil, 36, false, "không liên tục", "not in sequence"),
            ("  - number: 2", "  - number: 0", nil, 36, true, "từ 1 đến 999", "1 to 999"),
            ("  - number: 2", "  - number: hai", nil, 36, true, "từ 1 đến 999", "1 to 999"),
            ("  - number: 2", "  - number: 99999999999999999999", nil, 36, true, "từ 1 đến 999", "1 to 999"),
            ("  - number: 2\n    title", "  - title", nil, 36, true, "chưa có số thứ tự", "no number"),
            ("    lead: nv", "    lead: nghiepvu", 38, 38, true, "không có phòng “nghiepvu”", "no office “nghiepvu”"),
            ("    lead: nv", "    lead: hcth", 38, 39, true, "tự phản biện", "does not review its own"),
            ("    lead: nv", "    leads: nv", 38, 38, true, "có phải là “lead”", "did you mean “lead”"),
            ("    review: hcth", "    review:", 39, 39, true, "phòng phản biện", "review office"),
            ("    quarter: 2", "    quarter: II", 40, 40, true, "không phải quý", "not a quarter"),
            ("    quarter: 2", "    quarter: 3", 40, 41, false, "thuộc quý 2", "in quarter 2"),
            (
                "final: 2025-06-28", "final: 2025-06-31", 41, 41, true, "không có ngày “2025-06-31”",
                "no day “2025-06-31”"
            ),
            ("final: 2025-06-28", "final: 2025-02-29", 41, 41, true, "không có ngày", "no day"),
            ("final: 2025-06-28", "final: 28/6/2025", 41, 41, true, "không phải ngày", "not a date"),
            ("final: 2025-06-28", "final: \"\"", 41, 41, true, "để trống", "blank"),
            (
                "final: 2025-06-28", "final: 2025-06-19", 41, 41, true, "sớm hơn mốc “review”",
                "earlier than milestone “review”"
            ),
            ("final: 2025-06-28", "final: 2025-06-20", 41, 41, false, "cùng ngày với mốc", "the same day"),
            ("final: 2025-06-28", "final: 2026-06-29", 41, 41, false, "không thuộc năm 2025", "not in 2025"),
            ("final: 2025-06-28", "final: 2025-06-29", 41, 41, false, "Chủ nhật", "Sunday"),
            (", final: 2025-06-28", "", 41, 41, true, "chưa có hạn", "no deadline"),
            ("final: 2025-06-28", "finall: 2025-06-28", 41, 41, true, "có phải là “final”", "did you mean “final”"),
            ("review: 2025-06-20", "opinion: 2025-06-20", 41, 41, true, "“opinion” ghi hai lần", "given twice"),
            ("    outline:", "    outlines:", 42, 42, true, "có phải là “outline”", "did you mean “outline”"),
            ("      - Mở đầu", "      - ''", 43, 42, true, "mục không tên", "without a title"),
            ("      - Mở đầu", "      - Kết luận", 43, 42, false, "lặp lại", "stands twice"),
            ("      - Mở đầu", "      - [Mở đầu]", 43, 43, true, "Mục của bố cục", "item of the outline"),
            ("      - Mở đầu", "       - Mở đầu", 43, 44, true, "thụt đầu dòng", "indentation"),
            ("      - Mở đầu", "\t- Mở đầu", 43, 43, true, "phím Tab", "a tab"),
            ("      - Mở đầu", "      - Mở\u{200B} đầu", 43, 43, true, "U+200B", "U+200B"),
        ] as [(String, String, Int?, Int, Bool, String, String)])
    func everySlipIsNamedWithItsLine(
        _ passage: String, _ other: String, _ at: Int?, _ line: Int, _ isFatal: Bool, _ vietnamese: String,
        _ english: String
    ) throws {
        let (draft, problems) = PlanFile.read(try SamplePlan.replacing(passage, with: other, line: at))
        if let draft { #expect(draft.problems() == problems) }
        guard !vietnamese.isEmpty else {
            // A blank of the document that was filled in is no problem any more.
            #expect(problems.count == 6)
            return
        }
        let found = problems.filter { $0.line == line && $0.wording.vietnamese.contains(vietnamese) }
        #expect(!found.isEmpty, "\(problems.map(\.placed.vietnamese))")
        #expect(found.allSatisfy { $0.isFatal == isFatal && $0.wording.english.contains(english) })
        #expect(problems.hasFatal == isFatal)
        // A draft with which loading could go on never lacks what it needs.
        if let draft, !problems.hasFatal {
            #expect(draft.coordinator != nil)
            for topic in draft.topics {
                #expect(topic.lead != nil && topic.review != nil && topic.quarter != nil)
                #expect(Milestone.allCases.allSatisfy { topic.date(of: $0) != nil })
            }
        }
    }

    @Test func oneSlipIsOneComplaint() throws {
        // A value that could not be read is not also reported as missing.
        let octets = try SamplePlan.replacing("    quarter: 2", with: "    quarter: II", line: 40)
        #expect(PlanFile.read(octets).problems.filter(\.isFatal).count == 1)
    }

    @Test func acceptsWhatEditorsWrite() throws {
        let expected = try #require(PlanFile.read(Array(SamplePlan.text.utf8)).draft)
        let windows = [0xEF, 0xBB, 0xBF] + Array(SamplePlan.text.replacing("\n", with: "\r\n").utf8)
        #expect(PlanFile.read(windows).draft == expected)
        #expect(PlanFile.read(Array(("---\n" + SamplePlan.text).utf8)).draft?.topics.count == 4)
        // Decomposed letters, as some keyboards send them, are the same text.
        let decomposed = SamplePlan.text.replacing("Hoàng Thị Bích", with: "Hoa\u{300}ng Thi\u{323} Bi\u{301}ch")
        let signer = try #require(PlanFile.read(Array(decomposed.utf8)).draft?.signer)
        #expect(signer.utf8.elementsEqual("Hoàng Thị Bích".utf8))
    }

    @Test(arguments: [
        ("", "Tệp trống"), (" \n\n", "Tệp trống"), ("a", "khóa: giá trị"), ("- a\n", "khóa: giá trị"),
        ("a: b\n---\nc: d\n", "YAML"), ("plan: 2025\nplan: 2026\n", "“plan” ghi hai lần"), ("[a]: b\n", ""),
        ("plan: &x 2025\n", "neo"), ("plan: *x\n", "tham chiếu"), ("plan: !!int 2025\n", "thẻ"),
        ("plan: |\n  2025\n", "khối văn bản"), ("title: >-\n", "khối văn bản"), ("? plan\n: 2025\n", "“?”"),
        ("%YAML 1.1\n---\n", "“%”"), ("plan: @a\n", "“@”"), ("plan: `a`\n", "“`”"), ("plan: \"2025\n", "dấu ngoặc kép"),
        ("plan: '2025\n", "dấu ngoặc kép"), ("plan: {a: b\n}\n", "dấu ngoặc"), ("plan: [\n", "dấu ngoặc"),
        ("plan: 2025\n  và tiếp\n", "nối tiếp"), ("plan: 2025 # năm\n    tiếp\n", "nối tiếp"),
        ("plan: }\n", ""), ("plan: ]\n", ""), (":\n", ""), ("-\n", ""), ("- - - a\n", ""), (": : :\n", ""),
        ("plan: \"\\ud800\"\n", ""), ("plan: \"\\x\"\n", ""), ("\"plan\": 2025\n", ""), ("{plan: 2025}\n", ""),
        ("plan: 2025\ntopics: 5\n", "“topics” phải là danh sách"), ("plan: 2025\ntopics:\n  - 5\n", "Mỗi chuyên đề"),
        ("plan: 2025\noffices: [a, b]\n", "“offices” phải gồm"), ("plan: 2025\noffices:\n  ? a\n", "“?”"),
        ("plan: 2025\ntopics:\n  - number: 1\n    milestones: 5\n    outline: 6\n", "“milestones” phải gồm"),
        ("plan: 2025\ntopics:\n  - number: 1\n    outline: {a: b}\n", "“outline” phải là danh sách"),
        ("plan: ~\n", "không phải năm"), ("plan: null\n", "không phải năm"), ("<<: {a: b}\n", ""),
        ("plan: 2025\noffices: {<<: {a: b}}\n", ""), ("=: a\n", ""),
    ])
    func oddFilesAreRefusedWithoutATrap(_ text: String, _ words: String) {
        let (draft, problems) = PlanFile.read(Array(text.utf8))
        #expect(problems.hasFatal)
        #expect(problems.contains { $0.wording.vietnamese.contains(words) }, "\(problems.map(\.placed.vietnamese))")
        if let draft { #expect(draft.problems() == problems) }
    }

    @Test func neitherSizeNorDepthExhaustsAnything() {
        let bombs: [String] = [
            String(repeating: "[", count: 200_000), String(repeating: "{a: ", count: 60_000),
            String(repeating: "- ", count: 100_000), "a: " + String(repeating: "[{a: ", count: 40_000),
            String(repeating: "\"]\" [ ", count: 30_000), String(repeating: "[ \"]\", ", count: 30_000),
            (0..<700).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
            (0..<700).map { String(repeating: " ", count: $0) + "-" }.joined(separator: "\n"),
            String(repeating: "a: [\n", count: 40_000), String(repeating: "x\n \"", count: 40_000),
            "a: b\n  \"c\nd: " + String(repeating: "[", count: 100_000) + "\ne: \"\n",
            "a: 'it''s " + String(repeating: "[", count: 100_000) + "'\nb: ' '"
                + String(repeating: "[", count: 100_000),
            String(repeating: "?", count: 1000) + " " + String(repeating: "? ", count: 50_000),
            String(repeating: "a", count: 262_145), String(repeating: "ế", count: 100_000),
            (0..<20_000).map { "k\($0): v" }.joined(separator: "\n"),
            String(repeating: "!a ", count: 50_000), "a: &x [*x]",
        ]
        for bomb in bombs {
            let (draft, problems) = PlanFile.read(Array(bomb.utf8))
            #expect(draft == nil)
            #expect(problems.hasFatal, "\(bomb.prefix(20))")
        }
    }

    private static let crowds: [String] = {
        func keys(_ count: Int, _ value: String, indentation: String = " ") -> String {
            (0..<count).map { "\(indentation)k\($0): \(value)\n" }.joined()
        }
        func times(_ count: Int, _ line: String) -> String { String(repeating: line + "\n", count: count) }
        let topics = (1..<999).map { " - number: \($0)\n   lead: zz\n   review: yy\n" }.joined()
        return [
            keys(20_000, "v", indentation: ""), "topics:\n" + times(50_000, " - 5"),
            "topics:\n" + times(19_000, " - number: 7"), "offices:\n" + keys(15_000, "v"),
            "topics:\n - number: 1\n   outline:\n" + times(30_000, "    - a"),
            "requirements:\n" + keys(15_000, "''"), "offices:\n" + keys(7_000, "v") + "topics:\n" + topics,
            "topics: [" + String(repeating: "5,", count: 120_000) + "5]\n",
        ]
    }()

    /// Many items and many slips cost little and stay errors, whatever was passed over.
    @Test(arguments: crowds)
    func whatIsTooMuchIsBounded(_ text: String) throws {
        let (draft, problems) = PlanFile.read(Array(("plan: 2025\n" + text).utf8))
        #expect(problems.hasFatal)
        #expect(problems.count <= PlanDraft.maximumProblems)
        #expect(try #require(draft).topics.count <= 300)
        #expect(try #require(draft).offices.count <= 300)
    }

    /// The form's sixteen levels: an outline as deep as headings go passes, one level more is named.
    @Test func depthIsKnownExactly() throws {
        func plan(depth: Int) throws -> [UInt8] {
            var outline = ""
            for level in 0..<depth {
                outline +=
                    String(repeating: "    ", count: level) + "      - Mục \(level)" + (level + 1 < depth ? ":" : "")
                    + "\n"
            }
            return try SamplePlan.replacing("      - Mở đầu\n", with: outline)
        }
        let deepest = PlanFile.read(try plan(depth: OutlineItem.maximumDepth))
        #expect(deepest.draft?.topics.first?.outline.first?.depth == OutlineItem.maximumDepth)
        #expect(!deepest.problems.hasFatal)
        let deeper = PlanFile.read(try plan(depth: OutlineItem.maximumDepth + 1))
        #expect(deeper.problems.filter(\.isFatal).map(\.wording.vietnamese).contains { $0.contains("sâu quá 6 cấp") })
        let far = PlanFile.read(try plan(depth: 12))
        #expect(far.problems.filter(\.isFatal).map(\.wording.vietnamese).contains { $0.contains("quá 16 cấp") })
    }

    /// Found by fuzzing: the YAML library points behind the file's end when something is missing there.
    @Test(arguments: ["-\nA", "\n---", "plan: 2025\ntopics:\n  -", "plan: 2025\noffices:\n  - ", "a: b\n- c"])
    func noProblemIsBehindTheEnd(_ text: String) {
        let (_, problems) = PlanFile.read(Array(text.utf8))
        #expect(problems.hasFatal)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(problems.allSatisfy { $0.line <= lines }, "\(problems.map(\.placed.english))")
    }

    /// Whatever is done to a plan, it is read or refused, and the draft's own list is the list.
    @Test(arguments: 1...12) func damagedPlansAreReadOrRefused(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let whole = Array(SamplePlan.text.utf8)
        let pieces = [
            "- ", ": ", "\"", "'", "[", "]", "{", "}", "#", "\n", "  ", "\t", "|", "&a ", "*a", "0", "ế", "\u{0}", ",",
        ].map { Array($0.utf8) }
        for round in 0..<60 {
            var octets = whole
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let place = Int.random(in: octets.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: octets.remove(at: place)
                case 1: octets.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
                case 2: octets[place] = UInt8.random(in: 0...0xFF, using: &generator)
                default:
                    let end = min(octets.count, place + Int.random(in: 1..<200, using: &generator))
                    octets.removeSubrange(place..<end)
                }
            }
            let (draft, problems) = PlanFile.read(octets)
            if let draft {
                #expect(draft.problems() == problems, "seed \(seed), round \(round)")
            } else {
                #expect(problems.hasFatal, "seed \(seed), round \(round)")
            }
        }
    }
}

@Suite struct OutlineTextTests {
    @Test func comesBackFromItsText() {
        let outline = [
            OutlineItem("Mở đầu"),
            OutlineItem(
                "Nội dung",
                children: [OutlineItem("Thực trạng", children: [OutlineItem("Kết quả")]), OutlineItem("Giải pháp")]),
            OutlineItem("Kết luận"),
        ]
        #expect(outline.outlineText == "Mở đầu\nNội dung\n  Thực trạng\n    Kết quả\n  Giải pháp\nKết luận")
        #expect([OutlineItem](outlineText: outline.outlineText) == outline)
        #expect([OutlineItem](outlineText: "") == [])
    }

    @Test(arguments: ["  a", "a\n    b", "a\n b", "a\n  ", "a\n  b\n      c"])
    func refusesASkippedLevel(_ text: String) {
        #expect([OutlineItem](outlineText: text) == nil)
    }

    @Test func refusesTooMuchDepth() {
        func nested(_ depth: Int) -> String {
            (0..<depth).map { String(repeating: "  ", count: $0) + "x" }.joined(separator: "\n")
        }
        #expect([OutlineItem](outlineText: nested(OutlineItem.maximumDepth))?.first?.depth == OutlineItem.maximumDepth)
        #expect([OutlineItem](outlineText: nested(OutlineItem.maximumDepth + 1)) == nil)
        #expect([OutlineItem](outlineText: nested(2000)) == nil)
    }
}
