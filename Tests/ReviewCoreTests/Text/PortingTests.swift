import Testing

@testable import ReviewCore

@Suite struct PortingTests {
    private func path(_ text: String) -> SectionPath? { SectionPath(text) }

    private func anchor(_ paragraph: Paragraph, _ quote: String? = nil) -> Anchor {
        Anchor(target: AnchorTarget(paragraph), quote: quote)
    }

    /// One anchor per section, per paragraph, and per paragraph with a quote of three words.
    private func anchors(_ document: Document) -> [Anchor] {
        var anchors = [Anchor(target: .whole)] + document.sections.map { Anchor(target: .section($0.path)) }
        for paragraph in document.paragraphs {
            anchors.append(anchor(paragraph))
            let words = paragraph.text.split(whereSeparator: \.isWhitespace)
            anchors.append(anchor(paragraph, words.dropFirst(words.count / 2).prefix(3).joined(separator: " ")))
        }
        return anchors
    }

    @Test func theSeedIsThere() throws {
        #expect(try SeedPlan.plain().paragraphs.count(where: { $0.text.count >= 60 }) == 38)
        #expect(try SeedPlan.structured().sections.count == 12)
    }

    @Test func nothingMovesBetweenEqualRevisions() throws {
        for document in [try SeedPlan.plain(), try SeedPlan.structured()] {
            let porting = Porting(from: document, to: Document(document.text))
            for anchor in anchors(document) {
                #expect(porting.port(anchor) == PortedAnchor(state: .exact, target: anchor.target))
            }
        }
    }

    /// A quote-only matcher attached 27 of these 38 comments to another paragraph, because the topics share boilerplate.
    @Test func commentsOfDeletedParagraphsAreOrphans() throws {
        for document in [try SeedPlan.plain(), try SeedPlan.structured()] {
            var orphans = 0
            for (place, paragraph) in document.paragraphs.enumerated() {
                let porting = Porting(from: document, to: SeedPlan.without([place], document))
                let found = porting.port(anchor(paragraph))
                let isLong = paragraph.text.count >= 60
                if isLong { #expect(found.state == .orphan, "\(paragraph.text)") }
                if isLong, found.state == .orphan { orphans += 1 }
                if found.state == .orphan { #expect(found.oldText == paragraph.text && found.target == nil) }
                for (other, neighbour) in document.paragraphs.enumerated() where other != place {
                    let state = porting.port(anchor(neighbour)).state
                    #expect(state == .exact || state == .moved, "all others are untouched")
                }
            }
            #expect(orphans == 38 - (document.sections.isEmpty ? 0 : headingsAmongLong(document)))
        }
    }

    /// How many of the 38 long lines of the plain text are headings of the structured one.
    private func headingsAmongLong(_ document: Document) -> Int {
        document.sections.count { document.lines[$0.line - 1].drop { $0 == "#" || $0 == " " }.count >= 60 }
    }

    @Test(arguments: 0..<60)
    func severalDeletionsAtOnceReattachNothing(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for document in [try SeedPlan.plain(), try SeedPlan.structured()] {
            let count = Int.random(in: 1...20, using: &random)
            let removed = Set((0..<count).map { _ in Int.random(in: 0..<document.paragraphs.count, using: &random) })
            let new = SeedPlan.without(removed, document)
            let porting = Porting(from: document, to: new)
            for (place, paragraph) in document.paragraphs.enumerated() where paragraph.text.count >= 60 {
                let found = porting.port(anchor(paragraph))
                if removed.contains(place) {
                    #expect(found.state == .orphan, "seed \(seed)")
                } else {
                    #expect(found.state == .exact || found.state == .moved, "seed \(seed)")
                    #expect(self.text(of: found.target, in: new) == paragraph.text, "seed \(seed)")
                }
            }
        }
    }

    private func text(of target: AnchorTarget?, in document: Document) -> String? {
        guard case .paragraph(let section, let number) = target else { return nil }
        return document.paragraph(section: section, number: number)?.text
    }

    /// A paragraph is deleted while a look-alike with another date appears under a new heading.
    @Test func aNewLookAlikeIsNotTheOldParagraph() throws {
        let document = try SeedPlan.structured()
        for (place, paragraph) in document.paragraphs.enumerated() where paragraph.text.contains("/2025.") {
            let copy = paragraph.text.replacing("/2025.", with: "/2026.")
            let text = SeedPlan.without([place], document).text + "\n# Chuyên đề 5\n\n" + copy + "\n"
            let found = Porting(from: document, to: Document(text)).port(anchor(paragraph))
            // The plan has several such paragraphs, all about equally like the new one.
            #expect(found.state == .orphan, "\(paragraph.text) => \(found)")
        }
    }

    @Test func everyParagraphIsFoundAgainInAMovedSection() throws {
        let document = try SeedPlan.structured()
        let lines = document.lines.map(String.init)
        let starts = document.sections.filter { $0.level == 3 }.map { $0.line - 1 }
        #expect(starts.count == 4)
        // Topic 2 goes behind topic 3, with all its boilerplate.
        let moved =
            lines[..<starts[1]] + lines[starts[2]..<starts[3]] + lines[starts[1]..<starts[2]] + lines[starts[3]...]
        let new = Document(moved.joined(separator: "\n") + "\n")
        let porting = Porting(from: document, to: new)
        for paragraph in document.paragraphs {
            let found = porting.port(anchor(paragraph))
            #expect(text(of: found.target, in: new) == paragraph.text, "\(paragraph.anchor) \(paragraph.text)")
            let from = paragraph.section?.description ?? ""
            #expect(found.state == (from == "II.3.2" || from == "II.3.3" ? .moved : .exact))
            if from == "II.3.2" { #expect(found.target?.section == path("II.3.3")) }
        }
        let section = try #require(path("II.3.2"))
        #expect(
            porting.port(Anchor(target: .section(section)))
                == PortedAnchor(state: .moved, target: path("II.3.3").map { .section($0) }))
    }

    private let base = Document(
        """
        # Mở đầu
        Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng, tăng 12% so với năm trước.

        Đội ngũ viên chức được giữ ổn định.

        # Kết luận
        Trên đây là kết quả thực hiện chuyên đề.

        """)

    private func edited(_ old: String, _ new: String) -> Porting {
        Porting(from: base, to: Document(base.text.replacing(old, with: new)))
    }

    @Test(arguments: [
        ("tăng 12%", "giảm 12%", "57 vụ việc", PortState.exact), ("57 vụ", "75 vụ", "57 vụ việc", .edited),
        ("57 vụ", "157 vụ", "57 vụ việc", .edited), ("57 vụ việc", "57 vụ, việc", "57 vụ việc", .edited),
        ("57 vụ việc", "57  vụ việc", "57 vụ việc", .edited),
        ("Năm 2024 Trung", "Trong năm 2024, Trung", "tham gia tố tụng", .exact),
        (", tăng 12% so với năm trước", "", "57 vụ việc", .exact),
        (", tăng 12% so với năm trước", "", "tăng 12%", .edited),
        ("57 vụ việc tham gia tố tụng, tăng 12%", "tăng 12%, 57 vụ việc tham gia tố tụng", "57 vụ việc", .exact),
        ("việc tham", "việc\ntham", "vụ việc tham gia", .edited),
    ])
    func onlyTheQuotedWordsCount(_ old: String, _ new: String, _ quote: String, _ state: PortState) throws {
        let anchor = try Anchor.resolve(at: "I/1", quote: quote, in: base)
        let found = edited(old, new).port(anchor)
        #expect(found.state == state)
        #expect(found.target == anchor.target)
        #expect((found.oldText == nil) == (state == .exact) && (found.newText == nil) == (state == .exact))
    }

    @Test func withoutAQuoteEveryChangeCounts() {
        let found = edited("57 vụ", "75 vụ").port(Anchor(target: .paragraph(path("I"), 1)))
        #expect(found.state == .edited)
        #expect(found.oldText?.contains("57 vụ") == true && found.newText?.contains("75 vụ") == true)
    }

    @Test func newNumbersMeanMoved() {
        let found = edited("# Mở đầu\n", "# Mở đầu\nCăn cứ kế hoạch năm.\n\n").port(
            Anchor(target: .paragraph(path("I"), 1), quote: "57 vụ"))
        #expect(found == PortedAnchor(state: .moved, target: .paragraph(path("I"), 2)))
        let below = edited("# Mở đầu\n", "# Căn cứ\nCăn cứ kế hoạch năm.\n\n# Mở đầu\n")
        #expect(below.port(Anchor(target: .paragraph(path("II"), 1))).target == .paragraph(path("III"), 1))
        let both = edited("# Kết luận\nTrên đây", "# Kết luận\nLời cuối.\n\nTrên đó")
        #expect(both.port(Anchor(target: .paragraph(path("II"), 1))).state == .edited)
        #expect(both.port(Anchor(target: .paragraph(path("II"), 1))).target == .paragraph(path("II"), 2))
    }

    @Test func sectionsFollowTheirHeading() throws {
        let section = Anchor(target: .section(try #require(path("I"))))
        #expect(edited("57", "75").port(section).state == .exact)
        let renamed = edited("# Mở đầu", "# Đặt vấn đề").port(section)
        #expect(renamed.state == .edited)
        #expect(renamed.oldText == "Mở đầu" && renamed.newText == "Đặt vấn đề" && renamed.target == section.target)
        let gone = Porting(from: base, to: Document("# Kết luận\nTrên đây là kết quả thực hiện chuyên đề.\n"))
        #expect(gone.port(section) == PortedAnchor(state: .orphan, target: nil, oldText: "Mở đầu"))
        #expect(gone.port(Anchor(target: .paragraph(path("II"), 1))).state == .moved)
    }

    @Test func aRenamedSectionKeepsItsComments() {
        let found = edited("# Kết luận", "# Tổng kết và kiến nghị").port(Anchor(target: .paragraph(path("II"), 1)))
        #expect(found == PortedAnchor(state: .exact, target: .paragraph(path("II"), 1)))
    }

    @Test func theWholeIsAlwaysExact() {
        #expect(Porting(from: base, to: Document("x\n")).port(Anchor(target: .whole)).state == .exact)
    }

    @Test func anchorsThatNeverWereAreOrphans() {
        let porting = Porting(from: base, to: base)
        #expect(porting.port(Anchor(target: .paragraph(path("IX"), 1))).state == .orphan)
        #expect(porting.port(Anchor(target: .paragraph(path("I"), 9), quote: "x")).state == .orphan)
    }

    @Test func aMovedAndChangedParagraphIsFoundWhenItIsUnlikeAllOthers() {
        let old = Document("# A\nmột hai ba bốn năm sáu bảy tám chín mười\n\nkhác\n\n# B\nchữ kia\n")
        let new = Document("# A\nkhác\n\n# B\nchữ kia\n\nmột hai ba bốn năm sáu bảy tám chín chục\n")
        #expect(
            Porting(from: old, to: new).port(Anchor(target: .paragraph(path("I"), 1))).target
                == .paragraph(path("II"), 2))
        // With a look-alike that stayed, nobody can tell.
        let twin = "\n\nmột hai ba bốn năm sáu bảy tám chín tỷ\n"
        let doubtful = Porting(from: Document(old.text + twin), to: Document(new.text + twin))
        #expect(doubtful.port(Anchor(target: .paragraph(path("I"), 1))).state == .orphan)
    }

    @Test func shortTextIsNotRecognisedElsewhere() {
        let old = Document("# A\nKhông có.\n\n# B\nchữ kia\n")
        let new = Document("# A\n\n# B\nchữ kia\n\nKhông có.\n")
        #expect(Porting(from: old, to: new).port(Anchor(target: .paragraph(path("I"), 1))).state == .orphan)
    }

    @Test func oneChangeInEachOfSeveralLookAlikesIsFollowedByPosition() {
        let items = (1...6).map { "- Phòng Nghiệp vụ hoàn thành chuyên đề trước ngày \($0)/3/2025." }
        let old = Document("# A\n" + items.joined(separator: "\n") + "\n")
        let new = Document(old.text.replacing("hoàn thành", with: "xây dựng"))
        let porting = Porting(from: old, to: new)
        for number in 1...6 {
            let found = porting.port(Anchor(target: .paragraph(path("I"), number), quote: "ngày \(number)/3/2025"))
            #expect(found == PortedAnchor(state: .exact, target: .paragraph(path("I"), number)))
        }
    }

    @Test func amongLookAlikesADeletionLeavesADoubt() {
        let items = (1...4).map { "- Phòng Nghiệp vụ hoàn thành chuyên đề trước ngày \($0)/3/2025." }
        let old = Document("# A\n" + items.joined(separator: "\n") + "\n")
        let rest = items.dropFirst().map { $0.replacing("/3/", with: "/4/") }
        let porting = Porting(from: old, to: Document("# A\n" + rest.joined(separator: "\n") + "\n"))
        for number in 1...4 {
            let found = porting.port(Anchor(target: .paragraph(path("I"), number)))
            #expect(found.state == .orphan || found.newText?.contains("ngày \(number)/") == true)
        }
    }

    @Test func aPlainTextMayGetItsHeadings() throws {
        let plain = try SeedPlan.plain()
        let structured = try SeedPlan.structured()
        let porting = Porting(from: plain, to: structured)
        let headings = Set(structured.sections.map { structured.lines[$0.line - 1].drop { $0 == "#" || $0 == " " } })
        for paragraph in plain.paragraphs where !headings.contains(paragraph.text[...]) {
            let found = porting.port(anchor(paragraph))
            #expect(found.state == .moved || found.state == .exact, "\(paragraph.text)")
            #expect(text(of: found.target, in: structured) == paragraph.text)
        }
    }

    /// What stands elsewhere in the same words may be another remark's place.
    @Test func nothingIsJoinedAcrossAHeadingOrToWhatWasThereBefore() {
        let gone = "Đội ngũ viên chức và cộng tác viên của Trung tâm được giữ ổn định."
        let other = "Trên đây là kết quả thực hiện chuyên đề của Trung tâm trong năm 2024."
        let across = Porting(
            from: Document("# Mở đầu\nLời dẫn.\n\n\(gone)\n\n# Kết luận\n\(other)\n"),
            to: Document("# Mở đầu\nLời dẫn.\n\n# Kết luận\n\(gone) \(other)\n"))
        #expect(across.port(Anchor(target: .paragraph(path("I"), 2))).state == .orphan)
        let twice = Porting(
            from: Document("# Mở đầu\n\(other) \(gone)\n\n\(gone)\n"),
            to: Document("# Mở đầu\n\(other) Có 57 vụ việc. \(gone)\n"))
        #expect(twice.port(Anchor(target: .paragraph(path("I"), 2))).state == .orphan)
    }

    /// The words still stand in the next paragraph, but they stood there before: that is no part of this one.
    @Test func aNeighbourThatWasThereBeforeIsNoPart() {
        let same = "Đội ngũ viên chức và cộng tác viên của Trung tâm được giữ ổn định."
        let rest = (1...4).map { "Quý \($0) năm 2024 Trung tâm thực hiện \(50 + $0) vụ việc tham gia tố tụng." }
            .joined(separator: " ")
        let porting = Porting(
            from: Document("# Mở đầu\n\(rest) \(same)\n\n\(same)\n"),
            to: Document("# Mở đầu\n\(rest)\n\n\(same)\n"))
        let found = porting.port(Anchor(target: .paragraph(path("I"), 1), quote: "cộng tác viên"))
        #expect(found.state == .edited && found.target == .paragraph(path("I"), 1))
    }

    @Test func paragraphsMayBeJoinedAndSplit() {
        let first = "Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng, tăng 12% so với năm trước."
        let second = "Đội ngũ viên chức được giữ ổn định."
        let joined = edited("trước.\n\nĐội", "trước. Đội")
        #expect(
            joined.port(Anchor(target: .paragraph(path("I"), 2), quote: "viên chức")).target == .paragraph(path("I"), 1)
        )
        #expect(joined.port(Anchor(target: .paragraph(path("I"), 2))).state == .moved)
        let whole = Document("# Mở đầu\n\(first) \(second)\n\n# Kết luận\nTrên đây.\n")
        let split = Porting(from: whole, to: Document(whole.text.replacing(". Đội", with: ".\n\nĐội")))
        let found = split.port(Anchor(target: .paragraph(path("I"), 1), quote: "giữ ổn định"))
        #expect(found == PortedAnchor(state: .moved, target: .paragraph(path("I"), 2)))
        #expect(split.port(Anchor(target: .paragraph(path("I"), 1), quote: "57 vụ việc")).state == .exact)
        // Rewritten words are not a part of the old paragraph.
        let rewritten = Porting(from: whole, to: Document(whole.text.replacing(". Đội", with: ".\n\nNay đội")))
        #expect(rewritten.port(Anchor(target: .paragraph(path("I"), 1), quote: "giữ ổn định")).state == .edited)
    }

    @Test func aGiantParagraphIsEditedAsAWhole() {
        let words = (0..<8000).map { "từ\($0)" }.joined(separator: " ")
        let old = Document("đầu " + words + "\n")
        let porting = Porting(from: old, to: Document("cuối " + words + "\n"))
        #expect(porting.port(Anchor(target: .paragraph(nil, 1), quote: "từ5 từ6")).state == .edited)
        #expect(Porting(from: old, to: old).port(Anchor(target: .paragraph(nil, 1), quote: "từ5 từ6")).state == .exact)
    }

    @Test func manyAnchorsGiveWhatEachOneGives() throws {
        let old = try SeedPlan.structured()
        let porting = Porting(from: old, to: Document(old.text.replacing("Chuyên đề", with: "chuyên đề")))
        let all = anchors(old)
        #expect(porting.port(all) == all.map { porting.port($0) })
        #expect(porting.port(all).contains { $0.state == .edited } && porting.port(all).contains { $0.state == .exact })
    }

    @Test func portingsFollowEachOther() throws {
        let words = "một hai ba bốn năm sáu bảy tám chín mười".split(separator: " ").map(String.init)
        // Every step changes two of ten words; after four steps little is left, but every step is small.
        let revisions = (0...4).map { step in
            Document(
                "# A\nđầu tiên\n\n" + words.enumerated().map { $0 < step * 2 ? "x\($0)" : $1 }.joined(separator: " ")
                    + "\n")
        }
        let anchor = Anchor(target: .paragraph(path("I"), 2), quote: "chín mười")
        #expect(Porting.port(anchor, through: revisions)?.state == .exact)
        #expect(Porting(from: revisions[0], to: revisions[4]).port(anchor).state == .orphan)
        let back = revisions + [revisions[0]]
        #expect(Porting.port(Anchor(target: anchor.target), through: back)?.state == .exact, "changed and changed back")
        let restored = [revisions[0], Document("# A\nđầu tiên\n"), revisions[0]]
        #expect(Porting.port(anchor, through: restored)?.state == .exact, "taken out and put back")
        #expect(Porting.port(anchor, through: [revisions[0]])?.state == .exact)
        #expect(Porting.port(anchor, through: []) == nil)
    }

    @Test(arguments: 0..<80)
    func nothingIsAttachedToAnotherParagraph(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for old in [try SeedPlan.plain(), try SeedPlan.structured()] {
            // Some paragraphs go, some get another date or more words, and each text remembers where it came from.
            var origins: [String: Set<String>] = [:]
            let new = SeedPlan.replacing(old) { _, text in
                var now = text
                switch Int.random(in: 0..<8, using: &random) {
                case 0, 1: return nil
                case 2: now = text.replacing("/2025", with: "/2026")
                case 3: now = text + " Bổ sung theo ý kiến của lãnh đạo Trung tâm."
                case 4: now = text.replacing("Phòng Nghiệp vụ", with: "phòng chuyên môn")
                default: break
                }
                origins[now, default: []].insert(text)
                return now
            }
            let porting = Porting(from: old, to: new)
            var kept = 0
            for paragraph in old.paragraphs {
                guard let now = text(of: porting.port(anchor(paragraph)).target, in: new) else { continue }
                kept += 1
                let isJoined = !(origins[now]?.contains(paragraph.text) ?? false)
                #expect(!isJoined, "seed \(seed): \(paragraph.text) => \(now)")
            }
            #expect(kept > old.paragraphs.count / 2, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<40)
    func randomRevisionsKeepTheirPromises(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let old = try SeedPlan.structured()
        let new = SeedPlan.replacing(old) { _, text in
            switch Int.random(in: 0..<6, using: &random) {
            case 0: return nil
            case 1: return text + " Bổ sung \(Int.random(in: 0..<99, using: &random))."
            case 2: return "Đoạn mới số \(Int.random(in: 0..<99, using: &random)) do tác giả viết thêm.\n\n" + text
            default: return text
            }
        }
        let porting = Porting(from: old, to: new)
        var taken: Set<AnchorTarget> = []
        for anchor in anchors(old) {
            let found = porting.port(anchor)
            #expect((found.target == nil) == (found.state == .orphan), "seed \(seed)")
            guard case .paragraph(let section, let number) = anchor.target,
                let then = old.paragraph(section: section, number: number)
            else { continue }
            switch found.state {
            case .exact, .moved:
                let now = try #require(text(of: found.target, in: new))
                #expect(
                    QuoteSearch(anchor.quote ?? then.text).occurs(in: now) || anchor.quote == nil && now == then.text)
                #expect((found.state == .exact) == (found.target == anchor.target), "seed \(seed)")
            case .edited:
                #expect(found.oldText == then.text && found.newText == text(of: found.target, in: new))
                #expect(found.oldText != found.newText)
            case .orphan: #expect(found.oldText == then.text)
            }
            if anchor.quote == nil, let target = found.target {
                #expect(taken.insert(target).inserted, "two paragraphs never become one; seed \(seed)")
            }
        }
    }
}
