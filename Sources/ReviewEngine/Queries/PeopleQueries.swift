import ReviewCore
import ReviewDigest
import ReviewProtocol

extension Reading {
    /// WHOAMI.
    func whoAmI() -> Reply {
        var pairs = [
            Pair("person", person.id.text), Pair("office", person.office.text),
            Pair("position", person.position.rawValue),
            Pair("name", person.name),
        ]
        // The one in force, else the next one to begin.
        let coming = state.delegations[person.id]?.filter { $0.from > now.date }.min { $0.from < $1.from }
        if let delegation = state.delegation(of: person.id, on: now.date) ?? coming {
            pairs.append(Pair("delegation", delegation.reference))
            pairs.append(Pair("from", delegation.from.description))
            pairs.append(Pair("until", delegation.until.description))
        }
        pairs.add("must", proof == .invitation ? "passwd" : nil)
        let position = person.position.wording
        let office = state.officeName(person.office)
        return done(
            pairs,
            Wording(
                "\(person.name), \(position.vietnamese), \(office)", "\(person.name), \(position.english), \(office)"))
    }

    /// PEOPLE, by the order of Vietnamese names.
    func people() -> Reply {
        let rows = state.peopleInOrder.map { other -> Reply.Part in
            var pairs = [
                Pair("id", other.id.text), Pair("name", other.name), Pair("office", other.office.text),
                Pair("position", other.position.rawValue),
            ]
            pairs.add("disabled", flag: other.isDisabled)
            if let delegation = state.delegation(of: other.id, on: now.date) {
                pairs.append(Pair("delegation", delegation.reference))
                pairs.append(Pair("until", delegation.until.description))
            }
            if person.position == .admin {
                // Whether somebody can log in is the administrator's business only.
                pairs.add("invited", flag: other.invitation != nil)
                pairs.append(Pair("password", other.credential == nil ? "no" : "yes"))
                pairs.add("enrolling", flag: other.enrolment != nil)
            }
            return .row("person", pairs)
        }
        return done([Pair("people", String(rows.count))], parts: rows)
    }

    /// CERT LIST [person=], the newest first; somebody else's for the administrator alone.
    func certificates() throws(Interruption) -> Reply {
        var owner = person.id
        if let named = call.pair("person").flatMap({ PersonID($0) }), named != owner {
            guard person.position == .admin else {
                throw .refused(
                    Refusal(
                        .forbidden,
                        Wording(
                            "Chỉ quản trị hệ thống xem chứng thư của người khác.",
                            "Only the administrator sees other people's certificates.")))
            }
            guard state.people[named] != nil else { throw notFound("tài khoản \(named.text)", "account \(named.text)") }
            owner = named
        }
        let rows = state.certificates(of: owner).map { certificate -> Reply.Part in
            var pairs = [
                Pair("sha256", certificate.digest.description), Pair("person", certificate.person.text),
                Pair("from", certificate.from.date.description), Pair("until", certificate.until.date.description),
            ]
            pairs.add("lapsed", flag: !certificate.isValid(at: now))
            pairs.add("current", flag: certificate.digest == self.certificate)
            return .row("certificate", pairs)
        }
        return done([Pair("certificates", String(rows.count))], parts: rows)
    }

    /// OFFICES, in the order of adding.
    func offices() -> Reply {
        let rows = state.offices.map {
            Reply.Part.row("office", [Pair("id", $0.id.text), Pair("name", $0.name)])
        }
        return done([Pair("offices", String(rows.count))], parts: rows)
    }
}
