extension State {
    func decideAssign(_ topic: Topic, _ id: PersonID, _ assignment: Assignment) throws(Refusal) -> Outcome {
        let person = try activePerson(id)
        let details = [
            Detail("topic", topic.id.description), Detail("person", id.text), Detail("as", assignment.rawValue),
        ]
        switch assignment {
        case .author:
            guard person.office == topic.lead || person.position.isLeader,
                person.position != .clerk, person.position != .observer, person.position != .admin
            else { throw wrongOffice(person, topic.lead, assignment) }
            guard !topic.hasReviewed(id) else {
                throw Refusal(
                    .conflict,
                    Wording(
                        "\(person.name) đã phản biện chuyên đề này nên không soạn thảo.",
                        "\(person.name) reviewed this topic and cannot be its author."))
            }
        case .reviewer:
            guard Policy.isReviewSide(person, topic) else {
                guard person.office == topic.review, topic.hasPushed(id) else {
                    throw wrongOffice(person, topic.review, assignment)
                }
                throw Refusal(
                    .invalid,
                    Wording(
                        "\(person.name) đã gửi bản dự thảo của chuyên đề này nên không phản biện.",
                        "\(person.name) pushed a revision of this topic and cannot be its reviewer."))
            }
        case .secretary, .format:
            guard person.position != .observer, person.position != .admin else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "\(person.name) là \(person.position.wording.vietnamese), không nhận việc này.",
                        "\(person.name) is \(person.position.wording.english) and cannot take this."))
            }
        }
        guard !topic.members.contains(where: { $0.person == id && $0.assignment == assignment }) else {
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording("\(person.name) đã được phân công.", "\(person.name) is assigned already."))
        }
        return Outcome(
            [.memberAssigned(MemberAssigned(topic: topic.id, person: id, assignment: assignment))], details: details,
            wording: Wording(
                "Đã phân công \(person.name): \(assignment.wording.vietnamese).",
                "Assigned \(person.name) as \(assignment.wording.english)."))
    }

    private func wrongOffice(_ person: Person, _ office: OfficeID, _ assignment: Assignment) -> Refusal {
        Refusal(
            .invalid,
            Wording(
                "\(person.name) không thuộc diện làm \(assignment.wording.vietnamese): cần viên chức hoặc Trưởng phòng của \(officeName(office)).",
                "\(person.name) cannot be \(assignment.wording.english): it takes staff or the head of \(officeName(office))."
            ))
    }

    func decideUnassign(_ topic: Topic, _ id: PersonID, _ assignment: Assignment) throws(Refusal) -> Outcome {
        let details = [
            Detail("topic", topic.id.description), Detail("person", id.text), Detail("as", assignment.rawValue),
        ]
        guard topic.members.contains(where: { $0.person == id && $0.assignment == assignment }) else {
            throw Refusal(
                .invalid,
                Wording(
                    "\(personName(id)) không được phân công làm \(assignment.wording.vietnamese).",
                    "\(personName(id)) is not assigned as \(assignment.wording.english)."))
        }
        return Outcome(
            [.memberUnassigned(MemberUnassigned(topic: topic.id, person: id, assignment: assignment))],
            details: details,
            wording: Wording("Đã thôi phân công \(personName(id)).", "\(personName(id)) is no longer assigned."))
    }
}

extension Topic {
    mutating func apply(_ fact: MemberAssigned, _ event: Event) {
        members.append(Member(person: fact.person, assignment: fact.assignment, since: event.time))
    }

    mutating func apply(_ fact: MemberUnassigned) {
        members.removeAll { $0.person == fact.person && $0.assignment == fact.assignment }
    }
}
