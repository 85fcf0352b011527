import ReviewCore
import ReviewProtocol
import Testing

@testable import ReviewEngine

/// What single answers say, and to whom.
@Suite struct AnswerTests {
    /// A topic with a draft; son is the head of its office, lan its author.
    private func shell(_ text: String = "# Mở đầu\n\nKinh phí.") throws -> TestShell {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        shell.logIn(3, "root")
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        shell.ask(2, "PUSH 2025-2 if=@0 <<", text, ".")
        return shell
    }

    // MARK: FIND

    @Test func aSearchLooksAtNothingThatItsAskerWasNotJudgedBy() throws {
        let shell = try shell()
        let tail = shell.engine.state.lastSequence
        #expect(shell.ask(2, "FIND \"kinh phi\"").last == "OK hits=1")
        guard case .search(let query)? = shell.loads.last else {
            Issue.record("no search")
            return
        }
        #expect(query.through == tail)
    }

    @Test func hitsAreJudgedOnceMoreWhenTheyCome() throws {
        let shell = try shell()
        shell.holdsLoads = true
        shell.send(1, "FIND \"kinh phi\"\n")
        // Meanwhile the draft is closed to who led its office.
        shell.send(3, "PERSON SET son office=hcth\n")
        #expect(shell.lines(3).last?.hasPrefix("OK person=son") == true)
        shell.loadHeld()
        #expect(shell.lines(1) == ["OK hits=0"])
    }

    @Test func aColleaguesReviewThatIsHiddenMeanwhileIsNoHit() throws {
        let shell = try shell()
        for (id, person) in [(4 as UInt64, "bich"), (5, "minh"), (6, "dung")] { shell.logIn(id, person) }
        shell.ask(1, "SUBMIT 2025-2")
        shell.ask(4, "SUBMIT 2025-2")
        shell.ask(5, "ASSESS 2025-2@1 verdict=fail <<", "riêng tư", ".")
        #expect(shell.ask(6, "FIND \"riêng tư\"").last == "OK hits=0")
        // The store gives what the query did not exclude, as it would for an event that came after it was made.
        let place = try #require(ReviewID("P1"))
        let hit = SearchHit(
            source: .review(place, topic: try #require(TopicID("2025-2"))), sequence: 1, snippet: "riêng tư")
        shell.holdsLoads = true
        shell.send(6, "FIND \"riêng tư\"\n")
        let load = shell.engine.lastLoad
        shell.handle(.loaded(LoadID(load), .hits([hit])))
        shell.run()
        #expect(shell.lines(6) == ["OK hits=0"])
    }

    // MARK: Comments

    @Test func aSettledCommentAlwaysSaysWhereItIsCarried() throws {
        let shell = try shell()
        for (id, person) in [(4 as UInt64, "bich"), (5, "minh")] { shell.logIn(id, person) }
        shell.ask(1, "SUBMIT 2025-2")
        shell.ask(4, "SUBMIT 2025-2")
        for number in 1...2 { shell.ask(5, "COMMENT 2025-2@1 kind=content level=should <<", "Ý \(number).", ".") }
        #expect(shell.ask(5, "COMMENTS 2025-2").allSatisfy { !$0.contains(" in=") })
        shell.ask(5, "ASSESS 2025-2@1 verdict=pass-if-revised <<", "Được.", ".")
        shell.logIn(6, "hoa")
        #expect(shell.ask(6, "ENDORSE P1").last?.contains(" stage=revision ") == true)
        let unsettled = shell.ask(2, "SETTLE C1 as=declined <<", "Không.", ".")
        #expect(unsettled.last?.contains(" as=declined in=\"\" seq=") == true, "\(unsettled)")
        shell.ask(2, "PUSH 2025-2 if=@1 <<", "# Mở đầu\n\nKinh phí mới.", ".")
        #expect(shell.ask(2, "SETTLE C2 as=accepted in=@2").last?.contains(" as=accepted in=@2 seq=") == true)
        let rows = shell.ask(2, "COMMENTS 2025-2")
        #expect(rows.first?.contains(" as=declined in=\"\" ") == true)
        #expect(rows.dropFirst().first?.contains(" as=accepted in=@2 ") == true)
        let events = shell.ask(2, "LOG 2025-2").filter { $0.contains("COMMENT.SETTLED") }
        #expect(events.count == 2)
        #expect(events.first?.contains(" in=") == false)
        #expect(events.last?.contains(" in=@2") == true)
        // A revision that SETTLE names claims the comment, though its PUSH does not; one on everything shows nothing else.
        let claimed = shell.ask(2, "DIFF 2025-2 from=@1 to=@2 for=C2")
        #expect(claimed.last?.contains(" for=C2 claimed=yes changed=yes lines=") == true)
        #expect(claimed.contains { $0.hasPrefix("| +") })
        let whole = shell.ask(2, "DIFF 2025-2 from=@1 to=@2 for=C1")
        #expect(whole.count == 1)
        #expect(whole.last?.contains(" for=C1 claimed=no changed=yes lines=0") == true, "\(whole)")
    }

    // MARK: Papers

    @Test func theReviewFormWithoutATopicIsBlank() throws {
        let shell = try shell()
        shell.logIn(5, "minh")
        let form = shell.ask(5, "FORM name=phieu-phan-bien")
        #expect(form.last?.hasPrefix("OK name=phieu-phan-bien lines=") == true)
        #expect(form.contains { $0.hasSuffix("Chuyên đề ………………") })
        #expect(form.contains("| Tên chuyên đề: ………………"))
        #expect(form.contains("| Người phản biện: Trần Văn Minh"))
        #expect(form.contains("| 1. Kết quả triển khai thực hiện chuyên đề"))
        #expect(shell.ask(5, "FORM name=bang-tiep-thu-giai-trinh").last?.hasPrefix("NO INVALID") == true)
    }

    // MARK: Events

    @Test func theOfficeOfAnAccountsEventIsTheAccountsOwn() throws {
        let shell = try shell()
        shell.ask(3, "PERSON SET lan position=head")
        shell.ask(3, "PERSON SET lan office=hcth")
        shell.ask(3, "INVITE dung")
        let rows = shell.ask(3, "LOG").filter { $0.contains(" type=PERSON.") }.suffix(3)
        #expect(rows.map { $0.contains(" office=") } == [false, true, false])
        #expect(rows.dropFirst().first?.contains(" office=hcth") == true)
        // Of others it is the office of who did it.
        #expect(shell.ask(1, "LOG 2025-2").contains { $0.contains("REVISION.PUSHED") && $0.contains(" office=nv") })
    }
}
