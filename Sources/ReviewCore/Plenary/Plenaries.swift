extension State {
    func decideOpenPlenary(
        _ topic: Topic, by person: PersonID, at: String, place: String?, chair: PersonID?, secretary: PersonID?
    ) throws(Refusal) -> Outcome {
        // One whose chair is gone can only be opened anew.
        if let open = topic.plenary, open.conclusion == nil, takesPart(open.chair, in: topic) {
            throw Refusal(
                .conflict,
                Wording(
                    "Buổi sinh hoạt đã mở lúc \(open.opened.vietnamese), chủ trì \(personName(open.chair)).",
                    "The plenary is open since \(open.opened.rfc3339), chaired by \(personName(open.chair))."))
        }
        let time = try plenaryTime(at)
        var venue = ""
        if let place { venue = try canonicalField(place, "place", State.noteOctets) }
        guard let chairing = chair ?? (people[person]?.position.isLeader == true ? person : active(.director).first)
        else {
            throw Refusal(
                .invalid, Wording("Cần chair= người chủ trì.", "chair= is needed."),
                details: [Detail("argument", "chair")])
        }
        guard let writing = secretary ?? topic.assigned(as: .secretary).first else {
            throw Refusal(
                .invalid,
                Wording(
                    "Cần secretary= thư ký, hoặc cử thư ký trước bằng ASSIGN \(topic.id) NGƯỜI as=secretary.",
                    "secretary= is needed, or assign one first."),
                details: [Detail("argument", "secretary")])
        }
        for (id, argument) in [(chairing, "chair"), (writing, "secretary")] {
            let known = try activePerson(id)
            guard known.position != .observer, known.position != .admin else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "\(known.name) (\(known.position.wording.vietnamese)) không điều hành buổi sinh hoạt.",
                        "\(known.name) (\(known.position.wording.english)) does not run a plenary."),
                    details: [Detail("argument", argument)])
            }
        }
        guard chairing != writing else {
            throw Refusal(
                .invalid, Wording("Chủ trì và thư ký phải là hai người.", "Chair and secretary must be two persons."),
                details: [Detail("argument", "secretary")])
        }
        return Outcome(
            [
                .plenaryOpened(
                    PlenaryOpened(
                        topic: topic.id, revision: topic.newest, at: time, chair: chairing, secretary: writing,
                        place: Body(venue)))
            ],
            details: [
                Detail("revision", RevisionID(topic.id, topic.newest).description), Detail("at", time),
                Detail("chair", chairing.text), Detail("secretary", writing.text),
            ],
            wording: Wording(
                "Đã mở buổi sinh hoạt chuyên đề \(topic.id); văn bản giữ ở dự thảo lần \(topic.newest).",
                "Opened the plenary of \(topic.id); the text is frozen at revision \(topic.newest)."))
    }

    /// `2025-06-25T08:00` of Vietnam; seconds and a zone may follow, and the meeting is announced to the minute.
    private func plenaryTime(_ text: String) throws(Refusal) -> String {
        let written = text.utf8.count <= 40 ? text : ""
        let withSeconds = String(written.prefix(16)) + ":00" + String(written.dropFirst(16))
        let complete = [written, written + "+07:00", withSeconds, withSeconds + "+07:00"]
        guard let time = complete.lazy.compactMap({ Instant(rfc3339: $0) }).first else {
            throw Refusal(
                .invalid,
                Wording(
                    "at= phải có dạng 2025-06-25T08:00 (ngày, giờ).", "at= has the form 2025-06-25T08:00 (date, time)."),
                details: [Detail("argument", "at")])
        }
        return String(time.rfc3339.prefix(16))
    }

    private func opened(_ topic: Topic) throws(Refusal) -> Plenary {
        guard let plenary = topic.plenary else {
            throw Refusal(
                .conflict,
                Wording(
                    "Chưa mở buổi sinh hoạt: PLENARY \(topic.id) OPEN.",
                    "The plenary is not open: PLENARY \(topic.id) OPEN."))
        }
        return plenary
    }

    func decideAttend(_ topic: Topic, present: [PersonID], absent: [PersonID]) throws(Refusal) -> Outcome {
        let plenary = try opened(topic)
        guard !(present.isEmpty && absent.isEmpty) else {
            throw Refusal(
                .invalid,
                Wording(
                    "Điểm danh ai: cần present= hoặc absent=. Danh sách gửi đi thay cả danh sách trước.",
                    "Whose roll-call: present= or absent= is needed. What is sent takes the place of the whole list before."
                ), details: [Detail("argument", "present")])
        }
        let present = once(present)
        let absent = once(absent)
        for id in present + absent { _ = try knownPerson(id) }
        if let twice = present.first(where: { absent.contains($0) }) {
            throw Refusal(
                .invalid,
                Wording(
                    "\(personName(twice)) không thể vừa có mặt vừa vắng.",
                    "\(personName(twice)) is both present and absent."))
        }
        if let running = absent.first(where: { $0 == plenary.chair || $0 == plenary.secretary }) {
            throw Refusal(
                .invalid,
                Wording(
                    "\(personName(running)) là chủ trì hoặc thư ký của buổi sinh hoạt nên không ghi vắng.",
                    "\(personName(running)) chairs the plenary or takes its minutes, and so is not absent."),
                details: [Detail("argument", "absent")])
        }
        let details = [
            Detail("topic", topic.id.description), Detail("present", String(present.count)),
            Detail("absent", String(absent.count)),
        ]
        guard present != plenary.present || absent != plenary.absent else {
            return Outcome(
                [], details: details,
                wording: Wording("Danh sách điểm danh đã như vậy.", "The roll-call says so already."))
        }
        return Outcome(
            [.attendanceTaken(AttendanceTaken(topic: topic.id, present: present, absent: absent))],
            details: details,
            wording: Wording(
                "Đã điểm danh: \(present.count) có mặt, \(absent.count) vắng.",
                "Roll-call: \(present.count) present, \(absent.count) absent."
            ).followed(by: replaced(plenary)))
    }

    /// What a new roll-call takes the place of: whoever adds one person may have meant to keep the others.
    private func replaced(_ plenary: Plenary) -> Wording? {
        guard !(plenary.present.isEmpty && plenary.absent.isEmpty) else { return nil }
        return Wording(
            "Danh sách này thay cả danh sách trước (\(plenary.present.count) có mặt, \(plenary.absent.count) vắng).",
            "It takes the place of the whole list before (\(plenary.present.count) present, \(plenary.absent.count) absent)."
        )
    }

    func decideClosePlenary(_ topic: Topic, conclusion: [UInt8]) throws(Refusal) -> Outcome {
        _ = try opened(topic)
        let text = try canonicalBody(conclusion)
        return Outcome(
            [
                .plenaryClosed(PlenaryClosed(topic: topic.id, conclusion: Body(text))),
                .stageEntered(StageEntered(topic: topic.id, stage: .finishing, from: topic.stage)),
            ],
            details: [Detail("topic", topic.id.description), Detail("stage", Stage.finishing.rawValue)], echo: text,
            wording: Wording(
                "Đã kết luận buổi sinh hoạt; chủ trì và thư ký xác nhận biên bản bằng CONFIRM \(topic.id).",
                "Closed the plenary; chair and secretary confirm the minutes with CONFIRM \(topic.id)."))
    }

    func decideConfirmMinutes(_ topic: Topic, by person: PersonID) throws(Refusal) -> Outcome {
        let plenary = try opened(topic)
        guard plenary.conclusion != nil else {
            throw Refusal(
                .conflict, Wording("Buổi sinh hoạt chưa kết luận.", "The plenary is not closed yet."))
        }
        let details = [Detail("topic", topic.id.description)]
        guard !plenary.confirmedBy.contains(person) else {
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording("Bạn đã xác nhận biên bản.", "You confirmed the minutes already."))
        }
        return Outcome(
            [.minutesConfirmed(MinutesConfirmed(topic: topic.id))], details: details,
            wording: Wording("Đã xác nhận biên bản sinh hoạt chuyên đề.", "Confirmed the minutes."))
    }
}

extension Topic {
    mutating func apply(_ fact: PlenaryOpened, _ event: Event) {
        if let plenary, plenary.opening > passages.last?.event ?? 0 { plenariesReopened += 1 }
        endPlenary(event)
        plenary = Plenary(
            revision: fact.revision, at: fact.at, place: fact.place, chair: fact.chair, secretary: fact.secretary,
            opened: event.time, opening: event.sequence, pushed: revision(fact.revision)?.time)
    }

    /// The plenary counts no more; one that was held keeps its minutes.
    mutating func endPlenary(_ event: Event) {
        guard var last = plenary else { return }
        plenary = nil
        guard last.wasHeld else { return }
        if last.conclusion == nil {
            last.brokenOff = event.time
            last.ending = event.sequence
        }
        earlierPlenaries.append(last)
    }

    /// That a plenary was held, and has to be once more since the topic went back; nil where none was.
    var plenaryToRepeat: Wording? {
        guard plenary == nil, let held = earlierPlenaries.last else { return nil }
        let back = passages.last { $0.to.order < Stage.plenary.order && $0.from.order >= Stage.plenary.order }
        let since = Wording(
            back.map { " ngày \($0.time.date.vietnamese)" } ?? "", back.map { " on \($0.time.date)" } ?? "")
        return Wording(
            "phải tổ chức lại sinh hoạt chuyên đề, vì chuyên đề bị trả lại\(since.vietnamese) sau buổi sinh hoạt ngày \(held.day.vietnamese) (\(planCited.vietnamese))",
            "the plenary has to be held again, since the topic was sent back\(since.english) after that of \(held.day) (\(planCited.english))"
        )
    }

    mutating func apply(_ fact: AttendanceTaken) {
        plenary?.present = fact.present
        plenary?.absent = fact.absent
    }

    mutating func apply(_ fact: PlenaryClosed, _ event: Event) {
        plenary?.conclusion = fact.conclusion
        plenary?.closed = event.time
        plenary?.ending = event.sequence
    }

    mutating func apply(_ fact: MinutesConfirmed, _ event: Event) {
        if let person = event.person { plenary?.confirmedBy.append(person) }
    }
}
