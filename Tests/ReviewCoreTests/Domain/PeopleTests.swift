import Testing

@testable import ReviewCore

@Suite("People, offices, delegation")
struct PeopleTests {
    private func add(
        _ id: String, _ place: String = "nv", _ position: Position = .staff, name: String = "Nguyễn Văn A"
    ) -> Command {
        .addPerson(p(id), name: name, office: office(place), position: position, credential: nil, invitation: nil)
    }

    @Test("accounts are the administrator's and the operator's, nobody else's")
    func accounts() throws {
        let world = try World()
        for who in ["bich", "dung", "hanh", "lan", "van", "soat"] {
            #expect(world.refused(who, add("moi")) == .forbidden)
            #expect(world.refused(who, .invite(p("lan"), code: "x")) == .forbidden)
            #expect(world.refused(who, .disablePerson(p("lan"), reason: octets("x"))) == .forbidden)
        }
        for who in ["tri", nil] {
            #expect(world.refused(who, add("moi")) == nil)
            #expect(world.refused(who, .addOffice(office("tc"), name: "Phòng Tổ chức")) == nil)
            #expect(
                world.refused(who, .changePerson(p("lan"), name: "Lý Thị Lan Anh", office: nil, position: nil)) == nil)
        }
        #expect(world.refused("tri", .setCredentialOf(p("lan"), hash: "h")) == .forbidden)
        #expect(world.refused(nil, .setCredentialOf(p("lan"), hash: "h")) == nil)
    }

    @Test("the operator and the administrator touch no content")
    func neverContent() throws {
        var world = try World()
        try world.reach(.review)
        let id = try world.comment()
        let commands: [Command] = [
            .assign(topic(1), p("lan"), .author), .submit(topic(1)), .sendBack(topic(1), reason: octets("x")),
            .push(topic(1), base: 1, addresses: [], note: nil, text: octets(Draft.first)), world.newComment(),
            .answer(id, body: octets("x")), .settle(id, .noted, revision: nil, body: nil), .agree(id),
            .withdraw(id, reason: octets("x")), .assess(RevisionID(topic(1), 1), .pass, body: octets("x")),
            .opine(RevisionID(topic(1), 1), .agree, body: nil), .vouch(RevisionID(topic(1), 1), .vouch, body: nil),
            .checkFormat(RevisionID(topic(1), 1), .pass, body: nil), .override(topic(1), .must, reason: octets("x")),
            .postpone(topic(1), reason: octets("x")), .cancel(topic(1), reason: octets("x")), world.approval(),
            .issue(topic(1), number: "1", date: day("2025-03-01")), .confirmMinutes(topic(1)),
        ]
        for command in commands {
            #expect(world.refused(nil, command) == .forbidden, "operator: \(command)")
            #expect([.forbidden, .notFound].contains(world.refused("tri", command)), "admin: \(command)")
        }
    }

    @Test("leaders sit in the leadership, heads and staff in an office that exists")
    func seats() throws {
        let world = try World()
        #expect(world.refused(nil, add("moi", "leadership", .staff)) == .invalid)
        #expect(world.refused(nil, add("moi", "nv", .deputy)) == .invalid)
        #expect(world.refused(nil, add("moi", "xx", .staff)) == .invalid)
        #expect(world.refused(nil, add("moi", "leadership", .clerk)) == nil)
        #expect(world.refused(nil, add("lan")) == .conflict)
        #expect(world.refused(nil, add("moi", name: "A\u{202E}B")) == .invalid)
        #expect(world.refused(nil, add("moi", name: "")) == .invalid)
        #expect(
            world.refused("tri", .changePerson(p("lan"), name: nil, office: nil, position: .director)) == .invalid)
        #expect(world.refused("tri", .changePerson(p("moi"), name: nil, office: nil, position: nil)) == .notFound)
    }

    @Test("names are stored composed, and an unchanged wish stores nothing")
    func canonicalNames() throws {
        var world = try World()
        try world.act(nil, add("moi", name: "Nguye\u{302}\u{303}n  Va\u{306}n A"))
        #expect(world.state.people[p("moi")].map { Array($0.name.utf8) } == octets("Nguyễn Văn A"))
        let same = Command.changePerson(p("moi"), name: "Nguyễn Văn A", office: office("nv"), position: .staff)
        #expect(try world.act("tri", same).facts.isEmpty)
        #expect(try world.act(nil, .addOffice(office("nv"), name: "Phòng Nghiệp vụ")).facts.isEmpty)
        #expect(world.refused(nil, .addOffice(office("nv"), name: "Phòng khác")) == .conflict)
    }

    @Test("people are listed by tên, then họ and đệm")
    func order() throws {
        let world = try World()
        #expect(
            world.state.peopleInOrder.map(\.id.text) == [
                "bich", "dung", "hanh", "lan", "minh", "nga", "phuc", "quyen", "soat", "tri", "van",
            ])
    }

    @Test("a disabled account does nothing, waits for nothing and loses its sessions")
    func disabled() throws {
        var world = try World()
        try world.act("lan", .issueToken(token: "t", expires: at("2025-03-04")))
        #expect(world.state.person(ofToken: "t", now: world.now) == p("lan"))
        try world.reach(.drafting)
        #expect(!world.state.authors(of: world[1]).isEmpty)
        try world.act("tri", .disablePerson(p("lan"), reason: octets("Chuyển công tác.")))
        #expect(world.state.person(ofToken: "t", now: world.now) == nil)
        #expect(world.refused("lan", .withdrawToken("t")) == .forbidden)
        #expect(world.state.access(of: p("lan"), to: world[1]) == .none)
        #expect(world.state.authors(of: world[1]) == [p("hanh")])
        #expect(try world.act("tri", .disablePerson(p("lan"), reason: octets("x"))).facts.isEmpty)
        #expect(world.refused("tri", .invite(p("lan"), code: "x")) == .conflict)
        #expect(world.refused("hanh", .assign(topic(1), p("lan"), .author)) == .invalid)
    }

    @Test("a disabled account is not changed, and only the operator opens it again")
    func enabled() throws {
        var world = try World()
        try world.act(nil, .setCredentialOf(p("lan"), hash: "h"))
        try world.act("tri", .disablePerson(p("lan"), reason: octets("Nghỉ thai sản.")))
        let renamed = Command.changePerson(p("lan"), name: "Lý Lan", office: nil, position: nil)
        for command in [renamed, .setCredentialOf(p("lan"), hash: "i"), .invite(p("lan"), code: "x")] {
            #expect(world.refused(nil, command) == .conflict, "\(command)")
        }
        let same = Command.changePerson(p("lan"), name: "Lý Thị Lan", office: office("hcth"), position: .staff)
        #expect(try world.act(nil, same).facts.isEmpty, "a list may still name who has left")
        for who in Chaos.names where who != "lan" { #expect(world.refused(who, .enablePerson(p("lan"))) == .forbidden) }
        #expect(world.refused(nil, .enablePerson(p("moi"))) == .notFound)
        #expect(try world.act(nil, .enablePerson(p("lan"))).facts.count == 1)
        #expect(world.state.people[p("lan")]?.isDisabled == false)
        #expect(world.state.people[p("lan")]?.credential == "h")
        #expect(try world.act(nil, .enablePerson(p("lan"))).facts.isEmpty)
        try world.act(nil, renamed)
        try world.act("tri", .invite(p("lan"), code: "c"))
        try world.act("tri", .disablePerson(p("lan"), reason: octets("Lộ mã mời.")))
        try world.act(nil, .enablePerson(p("lan")))
        #expect(world.state.people[p("lan")]?.invitation == nil, "a code that went astray does not come back")
    }

    @Test("nobody disables their own account, and the last administrator stays one")
    func lastAdministrator() throws {
        var world = try World()
        let disable = Command.disablePerson(p("tri"), reason: octets("x"))
        let leave = Command.changePerson(p("tri"), name: nil, office: nil, position: .staff)
        #expect(world.refused("tri", disable) == .conflict && world.refused("tri", leave) == .conflict)
        try world.act("tri", .changePerson(p("tri"), name: "Chu Trí", office: nil, position: nil))
        try world.act("tri", add("hai", "hcth", .admin))
        #expect(world.refused("tri", disable) == .conflict && world.refused("tri", leave) == nil)
        try world.act("hai", disable)
        #expect(
            world.refused("hai", .changePerson(p("hai"), name: nil, office: nil, position: .staff)) == .conflict,
            "one that is disabled does not count")
        try world.act(nil, .enablePerson(p("tri")))
        try world.act("hai", .changePerson(p("hai"), name: nil, office: nil, position: .staff))
    }

    @Test("an invitation ends the password that there was, and its tokens")
    func invitationEndsPassword() throws {
        var world = try World()
        #expect(try world.act("tri", .invite(p("lan"), code: "c")).facts == [invited("lan", "c", ends: false)])
        try world.act("lan", .setCredential(hash: "h"))
        try world.act("lan", .issueToken(token: "t", expires: at("2025-03-04")))
        #expect(try world.act("tri", .invite(p("lan"), code: "d")).facts == [invited("lan", "d", ends: true)])
        #expect(world.state.people[p("lan")]?.credential == nil && world.state.people[p("lan")]?.invitation == "d")
        #expect(world.state.person(ofToken: "t", now: world.now) == nil)
        // Of an event that an earlier version wrote nothing more follows than then.
        var earlier = try World()
        try earlier.act("lan", .setCredential(hash: "h"))
        earlier.state.apply(
            Event(sequence: 99, time: earlier.now, person: nil, office: nil, fact: invited("lan", "c", ends: false)))
        #expect(earlier.state.people[p("lan")]?.credential == "h")
    }

    private func invited(_ who: String, _ code: String, ends: Bool) -> Fact {
        .personInvited(PersonInvited(person: p(who), code: code, endsPassword: ends))
    }

    @Test("a new password ends invitations and sessions; tokens lapse")
    func sessions() throws {
        var world = try World()
        try world.act("tri", .invite(p("lan"), code: "c"))
        #expect(world.state.people[p("lan")]?.invitation == "c")
        try world.act("lan", .issueToken(token: "t", expires: at("2025-03-04")))
        try world.act("minh", .issueToken(token: "u", expires: at("2025-03-04")))
        try world.act("lan", .setCredential(hash: "h"))
        #expect(world.state.people[p("lan")]?.invitation == nil)
        #expect(world.state.people[p("lan")]?.credential == "h")
        #expect(world.state.person(ofToken: "t", now: world.now) == nil)
        #expect(world.state.person(ofToken: "u", now: world.now) == p("minh"))
        #expect(world.state.person(ofToken: "u", now: at("2025-03-04")) == nil)
        world.state.forgetExpired(now: at("2025-03-04"))
        #expect(world.state.tokens.isEmpty)
    }

    @Test("no account is called what behalf= says for an office")
    func reservedName() throws {
        let world = try World()
        func add(_ id: String) -> Command {
            .addPerson(
                p(id), name: "Phòng", office: office("nv"), position: .staff, credential: nil, invitation: nil)
        }
        for who in ["tri", nil] {
            #expect(world.refused(who, add("office")) == .invalid && world.refused(who, add("office2")) == nil)
        }
    }

    @Test("only the Director delegates, only to a deputy, from a day through a day")
    func delegation() throws {
        var world = try World()
        let days = (day("2025-03-10"), day("2025-03-12"))
        func delegate(_ who: String) -> Command { .delegate(p(who), from: days.0, until: days.1, reference: "07/UQ") }
        for who in ["dung", "hanh", "tri", "van"] { #expect(world.refused(who, delegate("dung")) == .forbidden) }
        #expect(world.refused("bich", delegate("hanh")) == .invalid)
        #expect(
            world.refused("bich", .delegate(p("dung"), from: days.1, until: days.0, reference: "07/UQ")) == .invalid)
        try world.act("bich", delegate("dung"))
        #expect(try world.act("bich", delegate("dung")).facts.isEmpty, "given already")
        let dung = try #require(world.state.people[p("dung")])
        #expect(!world.state.mayApprove(dung, now: at("2025-03-09", "23:59")))
        #expect(world.state.mayApprove(dung, now: at("2025-03-10", "00:00")))
        #expect(world.state.mayApprove(dung, now: at("2025-03-12", "23:59")))
        #expect(!world.state.mayApprove(dung, now: at("2025-03-13", "00:00")))
        #expect(world.state.approvers(now: at("2025-03-11")) == [p("bich"), p("dung")])
    }

    @Test("several periods stand side by side; where two share days, the later one counts from its first day on")
    func delegations() throws {
        var world = try World()
        func delegate(_ from: String, _ until: String, _ reference: String) throws {
            try world.act(
                "bich",
                .delegate(p("dung"), from: day("2025-\(from)"), until: day("2025-\(until)"), reference: reference))
        }
        func reference(_ date: String) -> String? {
            world.state.delegation(of: p("dung"), on: day("2025-\(date)"))?.reference
        }
        try delegate("04-01", "04-30", "1")
        try delegate("06-01", "06-30", "2")
        try delegate("03-10", "03-12", "3")
        #expect(reference("04-01") == "1" && reference("04-30") == "1", "neither a later nor an earlier period ends it")
        #expect(reference("03-11") == "3" && reference("06-15") == "2")
        #expect(reference("03-13") == nil && reference("05-15") == nil)
        try delegate("04-20", "05-10", "4")
        #expect(reference("04-19") == "1" && reference("04-20") == "4" && reference("05-10") == "4")
        try delegate("04-01", "04-30", "1")
        #expect(reference("04-25") == "1", "given anew, after another one took its place")
        try delegate("06-10", "06-10", "5")
        #expect(reference("06-09") == "2" && reference("06-10") == "5")
        #expect(reference("06-11") == nil, "cut short")
        let dung = try #require(world.state.people[p("dung")])
        #expect(world.state.mayApprove(dung, now: at("2025-06-09")))
        #expect(!world.state.mayApprove(dung, now: at("2025-06-11")))
    }

    private func delegate(_ from: String, _ until: String) -> Command {
        .delegate(p("dung"), from: day("2025-\(from)"), until: day("2025-\(until)"), reference: "07/UQ")
    }

    @Test("days that are past delegate nothing, but may end a delegation that is not over")
    func pastDelegation() throws {
        var world = try World()
        world.now = at("2025-03-10")
        #expect(world.refused("bich", delegate("03-01", "03-09")) == .invalid)
        try world.act("bich", delegate("03-01", "03-31"))
        #expect(world.state.delegation(of: p("dung"), on: day("2025-03-10")) != nil, "from a day before it was entered")
        #expect(world.refused("bich", delegate("02-01", "02-28")) == .invalid, "it shares no day with that one")
        let ended = try world.act("bich", delegate("03-09", "03-09"))
        #expect(
            ended.wording.vietnamese.hasSuffix(
                "số 07/UQ của \(world.state.personName(p("dung"))): hết hiệu lực sau ngày 9/3/2025."))
        #expect(world.state.delegation(of: p("dung"), on: day("2025-03-10")) == nil)
        #expect(world.refused("bich", delegate("03-05", "03-05")) == .invalid, "nothing is left to end")
        let again = try world.act("bich", delegate("03-09", "03-09"))
        #expect(again.facts.isEmpty && again.wording.vietnamese.hasSuffix("đã hết hiệu lực sau ngày 9/3/2025."))
    }

    @Test("days that are past end only the delegation that counts today, not one that another has replaced")
    func replacedDelegation() throws {
        var world = try World()
        world.now = at("2025-03-11")
        try world.act("bich", delegate("03-01", "03-12"))
        try world.act("bich", delegate("03-10", "03-31"))
        #expect(world.refused("bich", delegate("03-09", "03-09")) == .invalid)
        #expect(world.state.delegation(of: p("dung"), on: day("2025-03-11")) != nil)
        try world.act("bich", delegate("03-10", "03-10"))
        #expect(world.state.delegation(of: p("dung"), on: day("2025-03-11")) == nil)
    }

    @Test("a transfer rewrites nothing that was done before")
    func transfer() throws {
        var world = try World()
        try world.reach(.review)
        let id = try world.comment("phuc")
        let review = try world.assess("phuc")
        try world.act("tri", .changePerson(p("phuc"), name: nil, office: office("hcth"), position: nil))
        #expect(world[1].comments[id.number]?.office == office("nv"))
        #expect(world[1].reviews[review.number]?.office == office("nv"))
        #expect(world.refused("phuc", .assess(RevisionID(topic(1), 1), .pass, body: octets("x"))) == .forbidden)
        #expect(world.refused("hanh", .assign(topic(1), p("phuc"), .author)) == .conflict)
    }
}
