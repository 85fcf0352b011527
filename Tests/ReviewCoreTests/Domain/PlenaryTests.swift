import Testing

@testable import ReviewCore

@Suite("The plenary")
struct PlenaryTests {
    private func open(
        at time: String = "2025-03-25T08:00", chair: String? = "dung", secretary: String? = "quyen"
    ) -> Command {
        .openPlenary(
            topic(1), at: time, place: "Hội trường", chair: chair.map { p($0) }, secretary: secretary.map { p($0) })
    }

    @Test("a leader or the head of the lead office opens it, at its stage, once")
    func opening() throws {
        var world = try World()
        try world.reach(.revision)
        #expect(world.refused("bich", open()) == .stage)
        try world.reach(.plenary)
        for who in ["bich", "dung", "hanh"] { #expect(world.refused(who, open()) == nil) }
        for who in ["nga", "lan", "van", "quyen"] { #expect(world.refused(who, open()) == .forbidden) }
        try world.act("hanh", open())
        #expect(world[1].plenary?.revision == 1)
        #expect(world.refused("hanh", open()) == .conflict)
    }

    @Test("chair and secretary are two persons who may take part; the assigned secretary is the default")
    func seats() throws {
        var world = try World()
        try world.reach(.plenary)
        #expect(world.refused("hanh", open(chair: "dung", secretary: "dung")) == .invalid)
        #expect(world.refused("hanh", open(chair: "soat")) == .invalid)
        #expect(world.refused("hanh", open(secretary: "tri")) == .invalid)
        #expect(world.refused("hanh", open(secretary: "ai")) == .notFound)
        let outcome = try world.act("hanh", open(chair: nil, secretary: nil))
        #expect(outcome.details.contains(Detail("chair", "bich")), "the Director, when a head opens it")
        #expect(outcome.details.contains(Detail("secretary", "quyen")), "who was assigned")
        var other = try World()
        try other.reach(.plenary)
        try other.act("bich", .unassign(topic(1), p("quyen"), .secretary))
        #expect(other.refused("hanh", open(secretary: nil)) == .invalid)
        #expect(try other.act("dung", open(chair: nil)).details.contains(Detail("chair", "dung")))
    }

    @Test(
        "the time is announced to the minute, in Vietnam's zone",
        arguments: [
            ("2025-03-25T08:00", "2025-03-25T08:00"), ("2025-03-25T08:00:59", "2025-03-25T08:00"),
            ("2025-03-25T08:00+07:00", "2025-03-25T08:00"), ("2025-03-25T01:00:00Z", "2025-03-25T08:00"),
            ("2025-03-25T23:30:00.5-01:00", "2025-03-26T07:30"),
        ])
    func time(written: String, stored: String) throws {
        var world = try World()
        try world.reach(.plenary)
        try world.act("hanh", open(at: written))
        #expect(world[1].plenary?.at == stored)
    }

    @Test(
        "anything else is no time",
        arguments: [
            "", "25/3/2025", "2025-03-25", "2025-03-25 08:00", "2025-02-30T08:00", "2025-03-25T+8:00",
            "2025-03-25T24:00",
            "2025-03-25T08:60", "2025-03-25T08:00x", "2025-03-25T08:00\u{202E}", String(repeating: "0", count: 99),
        ])
    func noTime(written: String) throws {
        var world = try World()
        try world.reach(.plenary)
        #expect(world.refused("hanh", open(at: written)) == .invalid)
    }

    @Test("secretary or chair take the roll-call; a later one replaces it")
    func attendance() throws {
        var world = try World()
        try world.reach(.plenary)
        let present = Command.attend(topic(1), present: [p("lan"), p("phuc"), p("lan")], absent: [p("minh")])
        #expect(world.refused("quyen", present) == .conflict, "not open yet")
        try world.openPlenary()
        for who in ["hanh", "bich", "van"] { #expect(world.refused(who, present) == .forbidden) }
        try world.act("quyen", present)
        #expect(world[1].plenary?.present == [p("lan"), p("phuc")])
        #expect(try world.act("dung", present).facts.isEmpty, "the same list again changes nothing")
        let again = try world.act("dung", .attend(topic(1), present: [p("lan")], absent: []))
        #expect(again.wording.vietnamese.contains("thay cả danh sách trước (2 có mặt, 1 vắng)"))
        #expect(world.refused("quyen", .attend(topic(1), present: [], absent: [])) == .invalid, "nobody's roll-call")
        #expect(world[1].plenary?.present == [p("lan")] && world[1].plenary?.absent == [])
        #expect(world.refused("quyen", .attend(topic(1), present: [p("lan")], absent: [p("lan")])) == .invalid)
        #expect(world.refused("quyen", .attend(topic(1), present: [p("ai")], absent: [])) == .notFound)
        for who in ["dung", "quyen"] {
            #expect(world.refused("quyen", .attend(topic(1), present: [], absent: [p(who)])) == .invalid, "they run it")
        }
    }

    @Test("the chair closes with a conclusion; chair and secretary confirm the minutes")
    func closing() throws {
        var world = try World()
        try world.reach(.plenary)
        let close = Command.closePlenary(topic(1), conclusion: octets("Nhất trí."))
        #expect(world.refused("dung", close) == .conflict)
        try world.openPlenary()
        for who in ["bich", "hanh", "quyen"] { #expect(world.refused(who, close) == .forbidden) }
        #expect(world.refused("dung", .closePlenary(topic(1), conclusion: [])) == .invalid)
        #expect(world.refused("dung", .confirmMinutes(topic(1))) == .conflict)
        try world.act("dung", close)
        #expect(world[1].stage == .finishing)
        #expect(world.refused("dung", close) == .stage)
        for who in ["bich", "hanh", "lan"] { #expect(world.refused(who, .confirmMinutes(topic(1))) == .forbidden) }
        #expect(world.requirement(.plenary).waiting == [p("dung"), p("quyen")])
        try world.act("quyen", .confirmMinutes(topic(1)))
        #expect(try world.act("quyen", .confirmMinutes(topic(1))).facts.isEmpty)
        #expect(world.requirement(.plenary).waiting == [p("dung")])
        try world.act("dung", .confirmMinutes(topic(1)))
        #expect(world.requirement(.plenary).state == .met)
    }

    @Test("a topic sent back before the plenary holds a new one")
    func again() throws {
        var world = try World()
        try world.reach(.plenary)
        world.now = at("2025-03-25", "10:00")
        try world.reach(.finishing)
        try world.confirmMinutes()
        world.now = at("2025-03-27", "09:00")
        try world.act("bich", .sendBack(topic(1), reason: octets("Sửa nhiều.")))
        #expect(world[1].stage == .revision && world[1].plenary == nil)
        // Not as if there had been none: with the days of the one that was held, and of the return.
        #expect(world.requirement(.plenary).state == .unmet)
        #expect(
            world.requirement(.plenary).wording.vietnamese
                == "phải tổ chức lại sinh hoạt chuyên đề, vì chuyên đề bị trả lại ngày 27/3/2025 sau buổi sinh hoạt ngày 25/3/2025 (Kế hoạch năm 2025)"
        )
        #expect(
            world.requirement(.plenary).wording.english.contains("sent back on 2025-03-27 after that of 2025-03-25"))
        world.now = at("2025-03-28", "09:00")
        try world.act("bich", .sendBack(topic(1), reason: octets("Phản biện lại.")))
        #expect(world.requirement(.plenary).wording.vietnamese.contains("bị trả lại ngày 27/3/2025"), "since the first")
        try world.reach(.finishing)
        #expect(world[1].plenary?.isConfirmed == false)
    }

    @Test("a plenary that nobody attended leaves no minutes")
    func neverHeld() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.openPlenary()
        try world.act("bich", .sendBack(topic(1), reason: octets("Chưa họp được.")))
        #expect(world[1].plenary == nil && world[1].earlierPlenaries.isEmpty)
        try world.reach(.plenary)
        try world.openPlenary()
        try world.act("quyen", .attend(topic(1), present: [p("dung"), p("quyen")], absent: []))
        try world.act("bich", .sendBack(topic(1), reason: octets("Dừng giữa chừng.")))
        #expect(world[1].earlierPlenaries.count == 1)
    }

    @Test("the chair and the secretary read the topic once the plenary is open")
    func reading() throws {
        var world = try World()
        try world.act(
            nil, .addOffice(office("tc"), name: "Phòng Tổ chức"))
        try world.act(
            nil,
            .addPerson(
                p("khach"), name: "Khách", office: office("tc"), position: .head, credential: nil, invitation: nil))
        try world.reach(.revision)
        #expect(world.state.access(of: p("khach"), to: world[1]) == .title)
        try world.reach(.plenary)
        #expect(world.state.access(of: p("khach"), to: world[1]) == .text)
    }
}
