import PhanbienCommands
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// What stands above a text while it is written, and what others do meanwhile.
@Suite struct WritingTests {
    private func settling() throws -> (Story, Desk) {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.open(2)
        try lan.goTo("I/1").press(.character("s"))
        return (story, lan)
    }

    @Test func whoSettlesWhatAColleagueHasJustSettledIsAsked() throws {
        let (story, lan) = try settling()
        lan.type("Theo báo cáo năm.")
        try story.act("son", "SETTLE C1 as=accepted in=@2")
        #expect(lan.shows("! Hoàng Văn Sơn giải trình ý kiến C1"), "\(lan.screen)")
        #expect(lan.shows("phòng chủ trì: tiếp thu"), "the title is as it is now: \(lan.screen)")
        lan.press(.control("s"))
        #expect(lan.shows("Ghi đè?") && lan.shows("Hoàng Văn Sơn giải trình"), "\(lan.screen)")
        lan.press(Key(.escape))
        #expect(lan.shows("Chưa gửi") && lan.shows("Theo báo cáo năm."), "\(lan.screen)")
        lan.press(.control("s")).confirm()
        #expect(lan.shows("Ý kiến C1: tiếp thu"), "\(lan.screen)")
        #expect(lan.drafts.isEmpty)
    }

    @Test func overwritingWithoutANetworkWaitsLikeAnyOtherText() throws {
        let (story, lan) = try settling()
        try story.act("son", "SETTLE C1 as=accepted in=@2")
        lan.cut(true)
        lan.press(.control("s")).confirm()
        #expect(lan.unsent.count == 1 && lan.shows("75 vụ việc"), "\(lan.screen)")
    }

    @Test func whatTouchesAnotherCommentIsNoMatter() throws {
        let (story, lan) = try settling()
        try story.act("son", "SETTLE C2 as=accepted in=@2")
        lan.press(.control("s"))
        #expect(lan.shows("Ý kiến C1: tiếp thu"), "\(lan.screen)")
    }

    @Test func theWholeThreadIsReadWhileItIsAnswered() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let long = (1...12).map { "Dòng \($0) của ý kiến." }.joined(separator: "\n")
        try story.act("lan", "SETTLE C1 as=declined <<\n\(long)\n.", "ANSWER C1 <\nĐã hỏi Sở.")
        try story.act("minh", "MAINTAIN C1 <\nLý do giữ ý kiến.")
        let lan = story.lan.open(2)
        try lan.goTo("I/1").press(.character("s"))
        #expect(lan.shows("C1 bắt buộc") && lan.shows("… còn") && !lan.shows("Lý do giữ"), "\(lan.screen)")
        for _ in 0..<40 { lan.press(Key(.down, .alt)) }
        #expect(lan.shows("Lý do giữ ý kiến.") && !lan.shows("… còn"), "\(lan.screen)")
        // While the text is short the page keys do it, too; the text stays as it is.
        lan.type("Viết").press(Key(.pageUp), Key(.pageUp), Key(.pageUp), Key(.pageUp), Key(.pageUp))
        #expect(lan.shows("C1 bắt buộc") && lan.shows("  Viết"), "\(lan.screen)")
    }

    @Test func whatWasTakenBackCanBeMadeAgain() throws {
        let (_, lan) = try settling()
        lan.type("Một").press(.control("z"))
        #expect(lan.shows("Đã hoàn tác; Ctrl-Y làm lại.") && !lan.shows("  Một"), "\(lan.screen)")
        lan.press(.control("y"))
        #expect(lan.shows("  Một"), "\(lan.screen)")
    }

    @Test func goingThroughTheDispositionsChoosesNothing() throws {
        let (_, lan) = try settling()
        lan.press(Key(.tab, .shift), Key(.down)).type("x")
        #expect(lan.shows("[tiếp thu]") && lan.shows("  x"), "\(lan.screen)")
    }

    /// The first text waits for the network, a second one was begun at the same place and left.
    @Test(arguments: ["c", "s", "r"] as [Character])
    func aSecondTextAtAPlaceIsFoundAgain(key: Character) throws {
        let story = try Story()
        try story.advance(to: key == "c" ? .review : .revision)
        let desk = (key == "c" ? story.minh : story.lan).open(2)
        try desk.goTo("I/1")
        desk.cut(true)
        desk.press(.character(key)).type("Bản A.").press(.control("s"))
        desk.press(.character(key)).type("Bản B.").press(Key(.escape))
        #expect(desk.press(.character(key)).shows("Bản B."), "\(desk.screen)")
        desk.press(Key(.escape))
        // Another run knows it as well, and so does everybody once the first text has been taken.
        let later = Desk(desk.person, at: story.office, run: 2, after: desk, startsCut: true).open(2)
        try later.goTo("I/1")
        #expect(later.press(.character(key)).shows("Bản B."), "\(later.screen)")
        later.press(Key(.escape)).cut(false)
        #expect(later.unsent.isEmpty && later.drafts.values.contains("Bản B."))
        #expect(later.press(.character(key)).shows("Bản B."), "\(later.screen)")
    }

    @Test func aDraftIsFoundWhateverItsNumber() throws {
        var model = try Story().lan.model
        for (drafts, name) in [([], "c"), (["c_7"], "c_7"), (["c_7", "c_2-choices", "c_x", "cc"], "c_2")] {
            model.drafts = Dictionary(uniqueKeysWithValues: drafts.map { ($0, "x") })
            #expect(model.draftToWrite("c") == name)
        }
    }

    @Test func aSecondFormOfAReviewIsNotThrownAwayWithTheFirst() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2).press(.character("P")).type("Phiếu A.")
        minh.press(Key(.tab, .shift), Key(.tab, .shift)).type("1").press(.control("s"))
        minh.cut(true)
        minh.press(.control("s"))
        let waiting = try #require(minh.model.outbox.first?.draft)
        minh.press(.character("P"))
        #expect(minh.model.draftToWrite("review-2025-2-1") != waiting)
    }

    // MARK: Two windows

    @Test func neitherWindowTouchesTheTextOfTheOther() {
        var disk: [String: [UInt8]] = ["c": [1]]
        var (one, other) = (DraftFiles(disk), DraftFiles(disk))
        func write(_ files: inout DraftFiles, _ draft: String, _ text: [UInt8]) {
            for (file, text) in files.writes(of: draft, text, read: { disk[$0] }) { disk[file] = text }
        }
        func remove(_ files: inout DraftFiles, _ draft: String) {
            if let file = files.fileToRemove(of: draft, read: { disk[$0] }) { disk[file] = nil }
        }
        write(&one, "c", [1, 2])
        write(&other, "c", [1, 3])
        write(&other, "c-choices", [9])
        write(&other, "c", [1, 3, 4])
        #expect(disk == ["c": [1, 2], "c_2": [1, 3, 4], "c_2-choices": [9]])
        remove(&one, "c")
        #expect(disk == ["c_2": [1, 3, 4], "c_2-choices": [9]])
        write(&one, "c", [5])
        remove(&other, "c")
        remove(&other, "c-choices")
        #expect(disk == ["c": [5]])
        // The second text of one window is not that of the other window, either, nor is it removed with the first.
        write(&other, "c", [7])
        write(&other, "c_2", [8])
        #expect(disk == ["c": [5], "c_2": [7], "c_3": [8]], "each is found by its number")
        remove(&other, "c")
        #expect(disk == ["c": [5], "c_3": [8]])
        remove(&other, "c_2")
        // What another window has sent meanwhile is nobody's; it is not written over by mistake afterwards.
        var third = DraftFiles(disk)
        remove(&one, "c")
        remove(&third, "c")
        #expect(disk.isEmpty)
        write(&third, "c", [6])
        #expect(disk == ["c": [6]])
    }

    /// A remark that must be heeded stays one in the file to which it moved, and takes nothing of the other window along.
    @Test func whatWasChosenGoesWithItsText() {
        var disk: [String: [UInt8]] = ["c": [1], "c-choices": [9]]
        var (one, other, third) = (DraftFiles(disk), DraftFiles(disk), DraftFiles(disk))
        func write(_ files: inout DraftFiles, _ draft: String, _ text: [UInt8]) {
            for (file, text) in files.writes(of: draft, text, read: { disk[$0] }) { disk[file] = text }
        }
        func remove(_ files: inout DraftFiles) {
            for draft in ["c", "c-choices"] {
                if let file = files.fileToRemove(of: draft, read: { disk[$0] }) { disk[file] = nil }
            }
        }
        write(&one, "c", [1, 2])
        write(&other, "c", [1, 3])
        #expect(disk == ["c": [1, 2], "c-choices": [9], "c_2": [1, 3], "c_2-choices": [9]])
        remove(&other)
        #expect(disk == ["c": [1, 2], "c-choices": [9]])
        // It was sent as it had been found, while the other window went on.
        remove(&third)
        #expect(disk == ["c": [1, 2], "c-choices": [9]])
        // What was chosen moves a text as well, and what another window threw away is kept on.
        var fourth = DraftFiles(disk)
        write(&fourth, "c-choices", [8])
        write(&one, "c", [1, 2, 4])
        #expect(disk == ["c": [1, 2], "c-choices": [8], "c_2": [1, 2, 4], "c_2-choices": [9]])
        disk = [:]
        write(&one, "c-choices", [7])
        #expect(disk == ["c_2": [1, 2, 4], "c_2-choices": [7]])
    }

    /// What waits to be sent when its window is closed takes its own draft with it in the next run, and no other.
    @Test func anotherRunDropsTheDraftThatWasSent() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        try minh.goTo("I/1")
        minh.cut(true)
        minh.press(.character("c")).type("Bản A.").press(.control("s"))
        let name = try #require(minh.model.outbox.first?.draft)
        var disk = [name: Array("Bản của cửa sổ kia.".utf8)]
        var files = DraftFiles([:])
        for (draft, text) in minh.drafts {
            for (file, text) in files.writes(of: draft, Array(text.utf8), read: { disk[$0] }) { disk[file] = text }
        }
        #expect(disk.count == 2)
        minh.drafts = disk.mapValues { String(decoding: $0, as: UTF8.self) }
        minh.unsent = minh.unsent.mapValues { files.naming($0) { disk[$0] } }
        let later = Desk("minh", at: story.office, run: 2, after: minh, startsCut: true)
        #expect(later.model.outbox.map(\.draft) == [name + "_2"])
        later.cut(false)
        #expect(later.unsent.isEmpty && later.drafts == [name: "Bản của cửa sổ kia."], "\(later.drafts)")
    }

    /// A write without a draft, or with one in which another window has gone on, takes none with it.
    @Test func aWriteNamesNoDraftThatIsNotItsOwn() throws {
        let write = PendingWrite(
            key: "k-1", request: Request.of("WITHDRAW", "C1").adding("key", "k-1"), topic: "2025-1", draft: "c",
            sight: nil, isApproval: false)
        let octets = try StoredWrite.octets(write)
        func draft(_ files: DraftFiles, _ disk: [String: [UInt8]]) -> String? {
            StoredWrite.write(files.naming(octets) { disk[$0] })?.draft
        }
        let found = DraftFiles(["c": [1]])
        #expect(draft(found, ["c": [1]]) == "c")
        #expect(draft(found, ["c": [1, 2]]) == nil)
        #expect(draft(found, ["c": [1], "c-choices": [9]]) == nil)
        #expect(draft(DraftFiles([:]), ["c": [1]]) == nil)
    }

    @Test func theHelpNamesTheKeysOfTheText() throws {
        let (_, lan) = try settling()
        lan.resize(80, 60).press(Key(.function(1)))
        for key in ["Ctrl-Z", "Ctrl-Y", "Ctrl-W", "Ctrl-K", "Alt-↑↓", "Ctrl-S"] { #expect(lan.shows(key), "\(key)") }
    }

    /// The ways on and out stand at the foot however narrow the window is.
    @Test func theFootKeepsWhatWritersNeed() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2).press(.character("P"))
        for columns in [64, 80, 120] {
            minh.resize(columns, 24)
            for key in ["Ctrl-S gửi", "Tab ô sau", "F1 trợ giúp", "Esc quay lại"] {
                #expect(minh.shows(key), "\(columns): \(minh.screen)")
            }
        }
    }

    @Test func aTextOfTheEditorThatIsTooLongIsNotCutInSilence() throws {
        let (_, lan) = try settling()
        lan.edited = String(repeating: "chữ ", count: 25_001)
        lan.press(.control("o"))
        #expect(lan.shows("Nội dung quá dài: chỉ giữ 100000 ký tự đầu"), "\(lan.screen)")
        lan.edited = "Theo báo cáo năm."
        lan.press(.control("o"))
        #expect(lan.shows("Theo báo cáo năm.") && !lan.shows("quá dài"), "\(lan.screen)")
    }

    @Test func whereAnEditorThatFailedLeftTheTextIsSaid() throws {
        let (_, lan) = try settling()
        lan.type("Theo").press(.control("o"))
        #expect(lan.shows("nội dung còn ở /home/lan/dang-viet.md") && lan.shows("Đặt biến EDITOR."), "\(lan.screen)")
        #expect(lan.drafts.values.contains("Theo"), "what stood there before stays")
    }

    /// In a window that has no room for all of it the field that is written in shows, and the keys that matter most.
    @Test(arguments: [(80, 24), (40, 12), (40, 10), (40, 8)].map { TerminalSize(columns: $0.0, rows: $0.1) })
    func everyFieldIsSeenInASmallWindow(size: TerminalSize) throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = try story.minh.open(2).goTo("II.2/1").press(.character("c"))
        minh.resize(size.columns, size.rows).type("Nêu rõ.")
        #expect(minh.shows("▸ Nội dung") && minh.shows("  Nêu rõ."), "\(minh.screen)")
        minh.press(Key(.tab), Key(.end)).type("XONG")
        let rows = minh.screen.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(minh.shows("▸ Đề nghị sửa"), "\(minh.screen)")
        let written = try #require(rows.firstIndex { $0.contains("XONG") }, "\(minh.screen)")
        #expect(written < size.rows - 2 && rows.last { $0.hasPrefix("──") }?.contains("cursor \(written):") == true)
        #expect(rows[0].contains("phanbien") && rows[size.rows - 1].hasPrefix("Ctrl-S gửi  Tab ô sau  F1"))
        #expect(rows[size.rows - 1].contains("Esc"), "\(minh.screen)")
        for title in ["Loại", "Mức", "Thay mặt"] {
            minh.press(Key(.tab))
            #expect(minh.shows("▸ \(title):"), "\(minh.screen)")
        }
    }
}
