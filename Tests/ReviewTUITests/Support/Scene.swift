import PhanbienCommands
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// One view of the client, and how people come to it.
struct Scene: Sendable, CustomTestStringConvertible {
    let name: String
    let stage: Stage
    /// Whose screen it is.
    let person: @Sendable (Story) -> Desk
    let play: @Sendable (Desk, Story) throws -> Void

    var testDescription: String { name }

    init(
        _ name: String, _ stage: Stage, _ person: @escaping @Sendable (Story) -> Desk,
        _ play: @escaping @Sendable (Desk, Story) throws -> Void
    ) {
        (self.name, self.stage, self.person, self.play) = (name, stage, person, play)
    }

    /// The desk of the person, once they have come there.
    func desk(_ language: Language, hasColour: Bool = true) throws -> Desk {
        let story = try Story(language: language, hasColour: hasColour)
        try story.advance(to: stage)
        let desk = person(story)
        try play(desk, story)
        return desk
    }

    static let all: [Scene] = [
        Scene("home-leader", .approval, { $0.bich }) { _, _ in },
        Scene("home-author", .revision, { $0.lan }) { desk, _ in desk.press(Key(.down)) },
        Scene("home-nothing", .leadership, { $0.minh }) { _, _ in },
        Scene("topic", .revision, { $0.lan }) { desk, _ in try desk.open(2).goTo("I/1") },
        Scene("topic-edited", .revision, { $0.lan }) { desk, _ in try desk.open(2).goTo("II.1/2") },
        Scene("topic-orphan", .revision, { $0.lan }) { desk, _ in
            try desk.open(2).goTo("II.2").press(Key(.tab))
        },
        Scene("topic-words", .review, { $0.minh }) { desk, _ in
            try desk.open(2).goTo("I/1").press(.character("v"), Key(.right), Key(.right), .character(">"))
        },
        Scene("suggestion", .review, { $0.lan }) { desk, story in
            try story.endTheReview()
            try desk.open(2).goTo("I/1")
        },
        Scene("suggestion-confirm", .review, { $0.lan }) { desk, story in
            try story.endTheReview()
            try desk.open(2).goTo("I/1").press(.character("a"))
        },
        Scene("suggestion-applied", .review, { $0.lan }) { desk, story in
            try story.endTheReview()
            try desk.open(2).goTo("I/1").press(.character("a"), .character("c"))
        },
        Scene("contents", .review, { $0.minh }) { desk, _ in try desk.open(2).goTo("II.1/1").press(.character("o")) },
        Scene("newer", .review, { $0.minh }) { desk, story in
            desk.open(2)
            try story.act("hoa", "ASSESS 2025-2@1 verdict=pass <\nĐạt.", "ENDORSE P1")
            try story.push(Story.secondDraft, onto: 1, addresses: "C1")
        },
        Scene("comment", .review, { $0.minh }) { desk, _ in
            try desk.open(2).goTo("II.2/1").press(.character("c")).type(
                "Thêm nguyên nhân:\n- thiếu người\n- thiếu thời gian")
            desk.press(Key(.tab), Key(.end), Key(.backspace)).type(" do thiếu người.")
        },
        Scene("comment-quoting", .review, { $0.minh }) { desk, _ in
            try desk.open(2).goTo("I/1").press(.character("v"), Key(.right, .shift), .character("c"))
            desk.type("Ghi rõ năm.").press(Key(.tab, .shift), Key(.right))
        },
        Scene("settle", .revision, { $0.lan }) { desk, _ in
            try desk.open(2).goTo("I/1").press(.character("s")).press(Key(.tab, .shift), Key(.right), Key(.right))
            desk.press(Key(.tab)).type("Số liệu lấy từ báo cáo của Sở.")
        },
        Scene("review", .review, { $0.minh }) { desk, _ in desk.open(2).press(.character("P")) },
        Scene("review-filled", .review, { $0.minh }) { desk, _ in
            desk.open(2).press(.character("P")).type("Bố cục rõ, số liệu phong phú.").press(Key(.tab)).type("2")
            desk.press(.control("g"))
            try desk.goTo("II.1/1").press(Key(.enter))
        },
        Scene("review-evidence", .review, { $0.minh }) { desk, _ in
            desk.open(2).press(.character("P"), Key(.tab), .control("g"))
        },
        Scene("review-preview", .review, { $0.minh }) { desk, _ in
            desk.open(2).press(.character("P")).type("Bố cục rõ.").press(Key(.tab, .shift), Key(.tab, .shift)).type("2")
            desk.press(.control("s"))
        },
        Scene("answers", .revision, { $0.lan }) { desk, _ in try desk.open(2).goTo("I/1").press(.character("D")) },
        Scene("comparison", .revision, { $0.lan }) { desk, _ in desk.open(2).press(.character("d")) },
        Scene("comparison-two", .revision, { $0.lan }) { desk, _ in
            desk.open(2).press(.character("d"), .character("s"))
        },
        Scene("approval", .approval, { $0.bich }) { desk, _ in
            desk.open(2).press(.character("A"), Key(.down), Key(.enter))
        },
        Scene("approval-digest", .approval, { $0.bich }) { desk, _ in
            desk.open(2).press(.character("A"), Key(.down), Key(.enter), Key(.end)).type("ab")
        },
        Scene("approval-signing", .approval, { $0.bich }) { desk, _ in
            let until = CalendarDay("2028-11-29") ?? CalendarDay(number: 0)
            desk.certify(.certificate(sha256: "3f9a2c11d0e84b5700", until: until)).open(2)
            desk.press(.character("A"), Key(.down), Key(.enter), Key(.end)).type("ab")
        },
        Scene("requirements", .plenary, { $0.bich }) { desk, _ in desk.open(2).press(.character("t")) },
        Scene("plenary", .plenary, { $0.bich }) { desk, _ in desk.open(2).press(.character("M")) },
        Scene("roll-call", .plenary, { $0.lan }) { desk, _ in
            desk.open(2).press(.character("M"), .character("R"), .character("c"), .character("v"), .character("c"))
        },
        Scene("refused", .finishing, { $0.son }) { desk, _ in desk.open(2).command("trinh") },
        Scene("history", .plenary, { $0.bich }) { desk, _ in desk.open(2).press(.character("h")) },
        Scene("search", .review, { $0.minh }) { desk, _ in
            desk.press(.character("/")).type("ho so cham").press(Key(.enter))
        },
        Scene("people", .leadership, { $0.bich }) { desk, _ in desk.command("nguoi dung") },
        Scene("palette", .review, { $0.minh }) { desk, _ in desk.press(.character(":")).type("y kien") },
        Scene("prompt", .review, { $0.bich }) { desk, _ in desk.open(2).command("cho y kien") },
        Scene("files", .review, { $0.lan }) { desk, _ in desk.keepDrafts().open(2).press(.character("U"), Key(.down)) },
        Scene("files-none", .review, { $0.lan }) { desk, _ in
            desk.keepDrafts().open(2).press(.character("U")).type("/tmp/khong-co").press(Key(.enter))
        },
        Scene("files-comments", .review, { $0.lan }) { desk, story in
            try story.settleBeforeTheRevision()
            desk.keepDrafts().open(2).press(.character("U"), Key(.enter), Key(.down))
        },
        Scene("files-confirm", .review, { $0.lan }) { desk, story in
            try story.settleBeforeTheRevision()
            desk.keepDrafts().open(2).press(.character("U"), Key(.enter), Key(.enter)).type("Nêu nguyên nhân").press(
                Key(.enter))
        },
        Scene("confirm", .leadership, { $0.bich }) { desk, _ in desk.open(2).command("trinh") },
        Scene("cancel", .review, { $0.bich }) { desk, _ in desk.open(2).command("huy").type("Điều chỉnh kế hoạch.") },
        Scene("cancel-confirm", .review, { $0.bich }) { desk, _ in
            desk.open(2).command("huy").type("Điều chỉnh kế hoạch.").press(.control("s"))
        },
        Scene("overwrite", .revision, { $0.lan }) { desk, story in
            try desk.open(2).goTo("I/1").press(.character("s")).type("Theo báo cáo năm.")
            try story.act("son", "SETTLE C1 as=accepted in=@2")
            desk.press(.control("s"))
        },
        Scene("settle-thread", .revision, { $0.lan }) { desk, story in
            try story.act("lan", "SETTLE C1 as=declined <\nSố liệu lấy từ báo cáo của Sở.")
            try story.act("minh", "MAINTAIN C1 <\nBáo cáo của Sở cũng ghi 75 vụ việc.")
            try desk.open(2).goTo("I/1").press(.character("s"))
            for _ in 0..<4 { desk.press(Key(.down, .alt)) }
        },
        Scene("assign", .review, { $0.hoa }) { desk, _ in desk.open(2).press(.character("w")) },
        Scene("help-writing", .review, { $0.minh }) { desk, _ in
            try desk.open(2).goTo("I/1").press(.character("c"), Key(.function(1)), Key(.pageDown))
        },
        Scene("help-topic", .review, { $0.minh }) { desk, _ in desk.open(2).press(.character("?")) },
        Scene("help-home", .review, { $0.minh }) { desk, _ in desk.press(.character("?")) },
        Scene("quit", .review, { $0.minh }) { desk, _ in
            try desk.open(2).goTo("I/1").press(.character("c")).type("Chưa xong").press(Key(.escape), Key(.escape))
            desk.press(.character("q"))
        },
        Scene("held", .leadership, { $0.bich }) { desk, story in
            desk.open(2).cut(true)
            desk.command("cho y kien").press(Key(.down), Key(.enter)).press(.control("s"))
            try story.push(Story.secondDraft, onto: 1)
            desk.cut(false)
        },
        Scene("offline", .review, { $0.minh }) { desk, _ in
            try desk.open(2).goTo("I/1")
            desk.cut(true)
            desk.press(.character("c")).type("Viết khi mất mạng.").press(.control("s"))
        },
    ]
}
