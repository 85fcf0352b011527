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

    /// The old text counts sections otherwise than the new one: what is shown is beside the comment, wherever that is now.
    @Test func theChangeForACommentIsFoundAfterASectionWasInserted() throws {
        let shell = try shell()
        for (id, person) in [(4 as UInt64, "bich"), (5, "minh"), (6, "hoa")] { shell.logIn(id, person) }
        let body = "# Nội dung\n\nTrung tâm đã tập huấn.\n"
        shell.ask(2, "PUSH 2025-3 if=@0 <<", "# Mở đầu\n\nĐoạn mở đầu.\n\n\(body)\n# Kết luận\n\nHết.", ".")
        shell.ask(1, "SUBMIT 2025-3")
        shell.ask(4, "SUBMIT 2025-3")
        for place in ["II/1", "II", "III/1"] {
            shell.ask(5, "COMMENT 2025-3@1 at=\(place) kind=content level=note <<", "Bổ sung số liệu.", ".")
        }
        shell.ask(5, "ASSESS 2025-3@1 verdict=pass-if-revised <<", "Được.", ".")
        #expect(shell.ask(6, "ENDORSE P1").last?.contains(" stage=revision ") == true)
        shell.ask(
            2, "PUSH 2025-3 if=@1 addresses=C1,C1 <<",
            "# Mở đầu\n\nĐoạn mở đầu.\n\n# Căn cứ\n\nCăn cứ Luật.\n\n\(body)\nCó 12 lớp.\n\n# Kết luận\n\nHết.", ".")
        let pushed = shell.ask(2, "LOG 2025-3").filter { $0.contains("REVISION.PUSHED") }.last
        #expect(pushed?.contains(" addresses=C1 ") == true, "\(pushed ?? "")")
        func difference(_ comment: String) -> [String] { shell.ask(2, "DIFF 2025-3 from=@1 to=@2 for=\(comment)") }
        for comment in ["C1", "C2"] {
            let shown = difference(comment)
            #expect(shown.contains("| + Có 12 lớp.") && !shown.contains { $0.contains("Căn cứ") }, "\(shown)")
            #expect(shown.last?.contains(" changed=yes ") == true)
        }
        let untouched = difference("C3")
        #expect(untouched.last?.contains(" claimed=no changed=no ") == true, "\(untouched)")
    }

    @Test func aPlanIsShownWithItsOfficesDatesAndOutlines() throws {
        let shell = try shell()
        let shown = shell.ask(2, "PLAN SHOW 2025")
        #expect(shown.contains { $0.hasPrefix("- office id=nv name=") })
        #expect(shown.contains { $0.hasPrefix("- topic id=2025-1 ") && $0.contains(" opinion-date=2025-03-15 ") })
        #expect(shown.contains { $0.hasPrefix("| ") && $0.contains("Nội dung") })
        for line in shown where line.hasPrefix("- ") {
            let keys = line.matches(of: #/ ([a-z-]+)=/#).map { $0.output.1 }
            #expect(Set(keys).count == keys.count, "\(line)")
        }
    }

    /// A code is told once; whoever repeats the request is not told to hand out what they never saw.
    @Test func aRepeatedInvitationSaysThatItsCodeIsGone() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        #expect(shell.ask(1, "INVITE minh key=a").last?.contains(" code=") == true)
        let again = shell.ask(1, "INVITE minh key=a").last ?? ""
        #expect(
            again.contains(" replay=yes") && !again.contains(" code=") && again.contains("không in lại"), "\(again)")
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
