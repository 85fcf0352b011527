/// A person with an account.
public struct Person: Sendable, Equatable {
    /// The account name.
    public let id: PersonID
    /// The full name, họ và tên, NFC.
    public var name: String
    /// The office; `leadership` for the Director and the deputies.
    public var office: OfficeID
    /// The position.
    public var position: Position
    /// Whether the account was closed.
    public var isDisabled = false
    /// The scrypt hash of the password; nil until one is set.
    public var credential: String?
    /// SHA-256 (hex) of a pending invitation code.
    public var invitation: String?
    /// SHA-256 (hex) of a pending invitation code that is good for a client certificate alone.
    public var enrolment: String?
    /// What they were before each change.
    var former = Formers<Standing>()

    /// What a change of an account changes.
    struct Standing: Sendable, Equatable {
        let name: String
        let office: OfficeID
        let position: Position
    }

    /// The person as they were when an event happened; nil for the present.
    func asOf(_ event: Int64?) -> Person {
        guard let then = former.value(asOf: event) else { return self }
        var person = self
        (person.name, person.office, person.position) = (then.name, then.office, then.position)
        return person
    }
}

/// An office (phòng).
public struct Office: Sendable, Equatable {
    /// The short name.
    public let id: OfficeID
    /// The full name.
    public internal(set) var name: String
    /// Its names before.
    var former = Formers<String>()
}

/// A delegation of approval to a deputy.
public struct Delegation: Sendable, Equatable {
    /// The deputy.
    public let person: PersonID
    /// The first day.
    public let from: CivilDate
    /// The last day, included.
    public let until: CivilDate
    /// The document that gives it.
    public let reference: String

    /// Whether a day is one of its days.
    func covers(_ date: CivilDate) -> Bool { from <= date && date <= until }

    /// Whether it and another one share a day.
    func overlaps(_ other: Delegation) -> Bool { from <= other.until && other.from <= until }
}

/// A session token that still has force.
public struct SessionToken: Sendable, Equatable {
    /// Whose.
    public let person: PersonID
    /// Until when.
    public let expires: Instant
}

extension State {
    /// The delegation in force for a deputy on a day, under which they approve.
    ///
    /// Several periods stand side by side. Where a later document shares days with an earlier one, it takes the earlier
    /// one's place from its own first day on: so one is cut short, and one given in advance takes nothing away before.
    public func delegation(of person: PersonID, on date: CivilDate) -> Delegation? {
        let given = delegations[person] ?? []
        let index = given.indices.last { index in
            let one = given[index]
            return one.covers(date) && !given[(index + 1)...].contains { $0.overlaps(one) && $0.from <= date }
        }
        return index.map { given[$0] }
    }

    /// The longest name, in octets.
    static let nameOctets = 200
    /// The longest document number, place or note, in octets.
    static let noteOctets = 1_000

    func decideAddOffice(_ office: OfficeID, name: String) throws(Refusal) -> Outcome {
        let name = try canonicalField(name, "name", State.nameOctets)
        if let known = self.office(office) {
            guard known.name == name else {
                throw Refusal(
                    .conflict,
                    Wording(
                        "Phòng \(office) đã có tên “\(known.name)”.",
                        "Office \(office) is already named “\(known.name)”."))
            }
            return Outcome([], wording: Wording("Phòng \(office) đã có.", "Office \(office) exists already."))
        }
        return Outcome(
            [.officeAdded(OfficeAdded(office: office, name: name))], details: [Detail("office", office.text)],
            wording: Wording("Đã thêm \(name).", "Added \(name)."))
    }

    func decideAddPerson(
        _ id: PersonID, name: String, office: OfficeID, position: Position, credential: String?, invitation: String?
    ) throws(Refusal) -> Outcome {
        let name = try canonicalField(name, "name", State.nameOctets)
        guard people[id] == nil else {
            throw Refusal(
                .conflict,
                Wording(
                    "Tài khoản \(id) đã có; dùng PERSON SET để sửa.",
                    "Account \(id) exists; use PERSON SET to change it."))
        }
        guard id.text != Behalf.officeWord else {
            throw Refusal(
                .invalid,
                Wording(
                    "“\(id)” không làm tên tài khoản được: behalf=\(id) là thay mặt phòng.",
                    "“\(id)” cannot be an account's name: behalf=\(id) speaks for an office."),
                details: [Detail("argument", "person")])
        }
        try checkSeat(office: office, position: position)
        var facts: [Fact] = [
            .personAdded(PersonAdded(person: id, name: name, office: office, position: position))
        ]
        if let credential { facts.append(.credentialSet(CredentialSet(person: id, hash: Body(credential)))) }
        if let invitation { facts.append(.personInvited(PersonInvited(person: id, code: invitation))) }
        return Outcome(
            facts, details: [Detail("person", id.text), Detail("office", office.text)],
            wording: Wording("Đã thêm \(name) (\(id)).", "Added \(name) (\(id))."))
    }

    func decideChangePerson(
        _ id: PersonID, name: String?, office: OfficeID?, position: Position?, by actor: Person?
    ) throws(Refusal)
        -> Outcome
    {
        let person = try knownPerson(id)
        var newName: String?
        if let name { newName = try canonicalField(name, "name", State.nameOctets) }
        try checkSeat(office: office ?? person.office, position: position ?? person.position)
        let change = PersonChanged(
            person: id, name: newName == person.name ? nil : newName, office: office == person.office ? nil : office,
            position: position == person.position ? nil : position)
        guard change.name != nil || change.office != nil || change.position != nil else {
            return Outcome(
                [], details: [Detail("person", id.text)],
                wording: Wording("Không có gì thay đổi.", "Nothing changes."))
        }
        try expectEnabled(person)
        // Another administrator can undo it; after the last one only the operator could.
        guard change.position == nil || actor == nil || active(.admin) != [id] else {
            throw Refusal(
                .conflict,
                Wording(
                    "\(id) là quản trị hệ thống duy nhất đang hoạt động; hãy thêm một quản trị khác trước.",
                    "\(id) is the only active administrator; add another one first."))
        }
        return Outcome(
            [.personChanged(change)], details: [Detail("person", id.text)],
            wording: Wording("Đã sửa thông tin của \(id).", "Changed \(id)."))
    }

    /// Leaders sit in `leadership` and nobody else does; heads and staff sit in an office that exists.
    private func checkSeat(office: OfficeID, position: Position) throws(Refusal) {
        guard self.office(office) != nil else {
            throw Refusal(
                .invalid,
                Wording(
                    "Không có phòng \(office); các phòng: \(offices.map(\.id.text).joined(separator: ", ")).",
                    "There is no office \(office); offices: \(offices.map(\.id.text).joined(separator: ", "))."))
        }
        if position.isLeader != (office == .leadership) && position != .admin && position != .clerk
            && position != .observer
        {
            throw Refusal(
                .invalid,
                Wording(
                    "Giám đốc, Phó Giám đốc thuộc leadership; Trưởng phòng và viên chức thuộc một phòng.",
                    "Director and deputies belong to leadership; heads and staff belong to an office."))
        }
    }

    func decideDisablePerson(_ id: PersonID, reason: [UInt8], by actor: Person?) throws(Refusal) -> Outcome {
        let person = try knownPerson(id)
        let reason = try canonicalBody(reason)
        guard !person.isDisabled else {
            return Outcome(
                [], details: [Detail("person", id.text)],
                wording: Wording("Tài khoản \(id) đã khóa.", "Account \(id) is disabled already."))
        }
        // Only an active administrator disables, so this also keeps the last one.
        guard actor?.id != id else {
            throw Refusal(
                .conflict,
                Wording(
                    "Không tự khóa tài khoản của mình được; hãy nhờ một quản trị hệ thống khác.",
                    "Nobody disables their own account; ask another administrator."))
        }
        return Outcome(
            [.personDisabled(PersonDisabled(person: id, reason: Body(reason)))], details: [Detail("person", id.text)],
            echo: reason,
            wording: Wording("Đã khóa tài khoản \(id).", "Disabled \(id)."))
    }

    func decideEnablePerson(_ id: PersonID) throws(Refusal) -> Outcome {
        let person = try knownPerson(id)
        guard person.isDisabled else {
            return Outcome(
                [], details: [Detail("person", id.text)],
                wording: Wording("Tài khoản \(id) không bị khóa.", "Account \(id) is not disabled."))
        }
        return Outcome(
            [.personEnabled(PersonEnabled(person: id))], details: [Detail("person", id.text)],
            wording: Wording(
                "Đã mở lại tài khoản \(id) của \(person.name), với mật khẩu như trước khi khóa; chứng thư phải cấp lại.",
                "Account \(id) of \(person.name) is open again, with the password that it had, and without certificates."
            ))
    }

    private func expectEnabled(_ person: Person) throws(Refusal) {
        guard !person.isDisabled else {
            throw Refusal(
                .conflict,
                Wording(
                    "Tài khoản \(person.id) đã khóa. Người vận hành mở lại được, tại máy chủ: phanbiend person enable.",
                    "Account \(person.id) is disabled. The operator can open it again, at the server: phanbiend person enable."
                ))
        }
    }

    /// Whoever lost a password, or fears that somebody else has it, gets a code; the password ends with that, and what came
    /// in with it.
    func decideInvite(
        _ id: PersonID, code: String, for purpose: InvitationPurpose, now: Instant
    ) throws(Refusal) -> Outcome {
        let person = try knownPerson(id)
        try expectEnabled(person)
        if purpose == .certificate {
            try mayEnrol(id, now: now)
            return Outcome(
                [.personInvited(PersonInvited(person: id, code: code, purpose: purpose))],
                details: [Detail("person", id.text), Detail("for", purpose.rawValue)],
                wording: Wording(
                    "Gửi mã mời cho \(person.name); mã dùng một lần để nhận chứng thư. Mật khẩu và các phiên đang mở vẫn như cũ.",
                    "Give the code to \(person.name); it is good once, for a certificate. Password and open sessions stay."
                ))
        }
        let endsPassword = person.credential != nil
        return Outcome(
            [.personInvited(PersonInvited(person: id, code: code, endsPassword: endsPassword))],
            details: [Detail("person", id.text)],
            wording: (endsPassword
                ? Wording(
                    "Gửi mã mời cho \(person.name); mã dùng một lần để đặt mật khẩu. Mật khẩu cũ và các phiên mở bằng mật khẩu hết hiệu lực.",
                    "Give the code to \(person.name); it sets a password once. The old password and the sessions by it have ended."
                )
                : Wording(
                    "Gửi mã mời cho \(person.name); mã dùng một lần để đặt mật khẩu.",
                    "Give the code to \(person.name); it sets a password once."))
                .followed(by: certificatesStay(id)))
    }

    /// What a new password or code does not end; nil for whoever has no certificate.
    private func certificatesStay(_ id: PersonID) -> Wording? {
        guard !certificates(of: id).isEmpty else { return nil }
        return Wording(
            "Chứng thư vẫn dùng được: nếu máy hoặc khóa bị mất, xóa chứng thư ấy (CERT LIST, CERT DELETE).",
            "Certificates still work: if a machine or key was lost, delete its certificate (CERT LIST, CERT DELETE).")
    }

    func decideSetCredential(_ id: PersonID, hash: String) throws(Refusal) -> Outcome {
        try expectEnabled(knownPerson(id))
        return Outcome(
            [.credentialSet(CredentialSet(person: id, hash: Body(hash)))], details: [Detail("person", id.text)],
            wording: Wording(
                "Đã đổi mật khẩu; các phiên khác mở bằng mật khẩu bị ngắt.",
                "Password changed; other sessions by password end."
            ).followed(by: certificatesStay(id)))
    }

    func decideDelegate(
        _ id: PersonID, from: CivilDate, until: CivilDate, reference: String, now: Instant
    ) throws(Refusal)
        -> Outcome
    {
        let person = try knownPerson(id)
        let reference = try canonicalField(reference, "ref", State.noteOctets)
        guard person.position == .deputy, !person.isDisabled else {
            throw Refusal(
                .invalid,
                Wording(
                    "Chỉ ủy quyền cho Phó Giám đốc; \(person.name) là \(person.position.wording.vietnamese).",
                    "Only a deputy can be delegated to; \(person.name) is \(person.position.wording.english)."))
        }
        guard from <= until else {
            throw Refusal(
                .invalid,
                Wording("Ngày bắt đầu sau ngày kết thúc.", "The first day lies after the last."))
        }
        let details = [
            Detail("person", id.text), Detail("from", from.description), Detail("until", until.description),
        ]
        let given = delegations[id] ?? []
        let delegation = Delegation(person: id, from: from, until: until, reference: reference)
        let today = now.date
        let isOver = until < today
        // Only the last one: an earlier one may have been cut short by it, and is given anew.
        guard given.last != delegation else {
            return Outcome(
                [], details: details,
                wording: isOver
                    ? Wording(
                        "Ủy quyền này của \(person.name) đã ghi, và đã hết hiệu lực sau ngày \(until.vietnamese).",
                        "\(person.name) had this delegation; it ended with \(until).")
                    : Wording(
                        "\(person.name) đã được ủy quyền như vậy.", "\(person.name) has this delegation already."))
        }
        // Days that are past delegate nothing; but where they are also those of the delegation that counts today, they end it.
        let running = self.delegation(of: id, on: today)
        guard !isOver || running?.overlaps(delegation) == true else {
            throw Refusal(
                .invalid,
                Wording(
                    "Ngày kết thúc ủy quyền (\(until.vietnamese)) đã qua; hôm nay là \(today.vietnamese). Ghi một ngày từ hôm nay trở đi.",
                    "The last day (\(until)) is past; today is \(today). Give today or a later one."),
                details: [Detail("argument", "until")])
        }
        return Outcome(
            [.delegationGiven(DelegationGiven(person: id, from: from, until: until, reference: reference))],
            details: details,
            wording: isOver
                ? Wording(
                    "Đã rút ngắn ủy quyền số \(running?.reference ?? "") của \(person.name): hết hiệu lực sau ngày \(until.vietnamese).",
                    "\(person.name)'s delegation \(running?.reference ?? "") is cut short; it ended with \(until).")
                : Wording(
                    "Ủy quyền phê duyệt cho \(person.name) từ \(from.vietnamese) đến hết \(until.vietnamese).",
                    "\(person.name) may approve from \(from) through \(until)."))
    }

    func knownPerson(_ id: PersonID) throws(Refusal) -> Person {
        guard let person = people[id] else {
            throw Refusal(.notFound, Wording("Không có tài khoản \(id).", "There is no account \(id)."))
        }
        return person
    }

    func activePerson(_ id: PersonID) throws(Refusal) -> Person {
        let person = try knownPerson(id)
        guard !person.isDisabled else {
            throw Refusal(.invalid, Wording("Tài khoản \(id) đã khóa.", "Account \(id) is disabled."))
        }
        return person
    }

    /// Persons of a position who may act, in the order of their names.
    func active(_ position: Position, in office: OfficeID? = nil) -> [PersonID] {
        people.values.filter { $0.position == position && !$0.isDisabled && (office == nil || $0.office == office) }
            .map(\.id).sorted()
    }
}

extension State {
    mutating func apply(_ fact: OfficeAdded) { add(Office(id: fact.office, name: fact.name)) }

    mutating func apply(_ fact: PersonAdded) {
        people[fact.person] = Person(id: fact.person, name: fact.name, office: fact.office, position: fact.position)
    }

    mutating func apply(_ fact: PersonChanged, _ event: Event) {
        if let person = people[fact.person] {
            people[fact.person]?.former.append(
                Person.Standing(name: person.name, office: person.office, position: person.position),
                until: event.sequence)
        }
        if let name = fact.name { people[fact.person]?.name = name }
        if let office = fact.office { people[fact.person]?.office = office }
        if let position = fact.position { people[fact.person]?.position = position }
    }

    mutating func apply(_ fact: PersonDisabled) {
        people[fact.person]?.isDisabled = true
        // Codes that were given out before do not come back with the account.
        people[fact.person]?.invitation = nil
        people[fact.person]?.enrolment = nil
        certificates = certificates.filter { $0.value.person != fact.person }
        withdrawTokens(of: fact.person)
    }

    mutating func apply(_ fact: PersonEnabled) { people[fact.person]?.isDisabled = false }

    mutating func apply(_ fact: PersonInvited) {
        guard fact.purpose == .account else {
            people[fact.person]?.enrolment = fact.code
            return
        }
        people[fact.person]?.invitation = fact.code
        // Whoever is invited anew has perhaps lost the code before.
        people[fact.person]?.enrolment = nil
        guard fact.endsPassword else { return }
        people[fact.person]?.credential = nil
        withdrawTokens(of: fact.person)
    }

    mutating func apply(_ fact: CredentialSet) {
        people[fact.person]?.credential = fact.hash.text
        people[fact.person]?.invitation = nil
        withdrawTokens(of: fact.person)
    }

    mutating func apply(_ fact: TokenIssued) {
        tokens[fact.token] = SessionToken(person: fact.person, expires: fact.expires)
    }

    mutating func apply(_ fact: TokensWithdrawn) {
        guard let token = fact.token else { return withdrawTokens(of: fact.person) }
        tokens[token] = nil
    }

    mutating func apply(_ fact: DelegationGiven) {
        delegations[fact.person, default: []].append(
            Delegation(person: fact.person, from: fact.from, until: fact.until, reference: fact.reference))
    }

    private mutating func withdrawTokens(of person: PersonID) {
        tokens = tokens.filter { $0.value.person != person }
    }
}
