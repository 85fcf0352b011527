import ReviewCore
import ReviewProtocol

/// What brings a topic further at each stage, for whoever may do it.
extension Simulation {
    /// One thing a person may want, and how much.
    struct Wish {
        let weight: Int
        let make: () -> Operation
    }

    func progress(_ person: Person, _ topic: Topic) -> [Wish] {
        let name = person.id.text
        // Who waits for an answer on this topic mostly waits; the others act on what they believe.
        if isBusy(name, with: topic), !dice.chance(15) { return [] }
        let id = topic.id.description
        let isLeadHead = person.position == .head && person.office == topic.lead
        let isAuthor = person.office == topic.lead && (person.position == .head || name == author(of: topic))
        var wishes: [Wish] = []
        func want(_ weight: Int, _ make: @escaping () -> Operation) { wishes.append(Wish(weight: weight, make: make)) }
        func submit(_ weight: Int) {
            want(weight) { self.operation(name, "SUBMIT", [id], signature: "\(name) submits \(id)") }
        }
        if topic.postponed != nil {
            if person.position == .director {
                want(9) { self.operation(name, "UNPOSTPONE", [id]) }
            }
            return wishes
        }
        if person.position == .director { direct(topic, name, want) }
        if topic.latest?.person == person.id, topic.latest?.original == nil || dice.chance(10) {
            want(2) { self.attachment(topic, by: name) }
        }
        switch topic.stage {
        case .assigned, .drafting:
            if isLeadHead, topic.assigned(as: .author).isEmpty {
                assign(topic, name, author(of: topic), "author", 3, want)
            }
            if isAuthor, topic.newest == 0 || dice.chance(isFocused ? 10 : 50) {
                want(topic.newest == 0 ? 5 : 1) { self.push(person, topic, base: topic.newest) }
            }
            if isLeadHead, topic.newest > 0 { submit(5) }
        case .leadership:
            if person.position.isLeader {
                opine(topic, name, want)
                want(2) { self.comment(name, topic) }
                submit(4)
            }
            if isAuthor {
                if dice.chance(isFocused ? 10 : 50) { want(1) { self.push(person, topic, base: topic.newest) } }
                settle(topic, name, 2, want)
            }
        case .review: review(person, topic, want)
        case .revision:
            if isAuthor {
                settle(topic, name, 6, want)
                want(2) { self.push(person, topic, base: topic.newest, addresses: self.addressed(topic)) }
            }
            judge(topic, name, want)
            if isLeadHead { submit(topic.comments.contains { $0.disposition == nil && $0.isLive } ? 1 : 6) }
        case .plenary: plenary(person, topic, want)
        case .finishing:
            judge(topic, name, want)
            if isAuthor {
                settle(topic, name, 6, want)
                if dice.chance(isFocused ? 5 : 40) {
                    want(1) { self.push(person, topic, base: topic.newest, addresses: self.addressed(topic)) }
                }
            }
            if topic.plenary?.chair == person.id || topic.plenary?.secretary == person.id,
                topic.plenary?.confirmedBy.contains(person.id) == false
            {
                want(6) { self.operation(name, "CONFIRM", [id], signature: "\(name) confirms \(id)") }
            }
            if isLeadHead {
                if topic.contentVote == nil {
                    let revision = "\(id)@\(topic.newest)"
                    want(5) { self.operation(name, "VOUCH", [revision], signature: "\(name) vouches \(revision)") }
                }
                submit(4)
            }
            if topic.assigned(as: .format).contains(person.id), topic.formatVote?.vote != .pass {
                want(6) {
                    self.operation(name, "FORMAT", ["\(id)@\(topic.newest)"], [("as", "pass")], text: "Đạt thể thức")
                }
            }
            if person.office == topic.review, name == reviewer(of: topic), topic.countingReviews.isEmpty {
                want(4) { self.assess(name, topic, "pass") }
            }
            if person.position == .head, person.office == topic.review { endorse(topic, name, want) }
        case .approval:
            if person.position == .director || name == "lan" {
                want(knowsManifest(topic) ? 16 : 9) {
                    self.approval(person, topic, revision: topic.newest, isRight: true)
                }
                want(2) { self.approval(person, topic, revision: topic.newest, isRight: false) }
                if topic.newest > 1 {
                    want(4) { self.approval(person, topic, revision: topic.newest - 1, isRight: true) }
                }
                want(1) { self.operation(name, "SENDBACK", [id], text: "Chưa đạt yêu cầu") }
                look(topic, name, 15, want)
            }
            if isLeadHead { want(1) { self.operation(name, "SENDBACK", [id], text: "Xin rút lại") } }
            if isAuthor { want(2) { self.push(person, topic, base: topic.newest) } }
        case .approved:
            if person.position == .clerk {
                // Dated on the day of the approval; the clock may have been set back since.
                let day = (topic.approval?.time ?? SimulatedClock.begin).date.description
                want(9) {
                    self.operation(
                        name, "ISSUE", [id], [("number", "\(self.operations.count)/CĐ"), ("date", day)],
                        signature: "\(name) issues \(id)")
                }
            }
        case .issued, .cancelled: break
        }
        return wishes
    }

    private func isBusy(_ person: String, with topic: Topic) -> Bool {
        let id = topic.id.description
        return operations.suffix(40).contains { operation in
            guard operation.person == person, operation.kind == .write, operation.openSendings > 0 else { return false }
            return operation.request.words.first?.hasPrefix(id) ?? false
        }
    }

    private typealias Want = (Int, @escaping () -> Operation) -> Void

    private func author(of topic: Topic) -> String { topic.lead.text == "hcth" ? "minh" : "nga" }
    private func reviewer(of topic: Topic) -> String { topic.lead.text == "hcth" ? "nga" : "minh" }

    private func assign(_ topic: Topic, _ name: String, _ other: String, _ what: String, _ weight: Int, _ want: Want) {
        let id = topic.id.description
        want(weight) {
            self.operation(
                name, "ASSIGN", [id, other], [("as", what)], signature: "\(name) assigns \(id) \(other) \(what)")
        }
    }

    /// What only the Director does, at any stage.
    private func direct(_ topic: Topic, _ name: String, _ want: Want) {
        let id = topic.id.description
        if topic.stage.isApproved || topic.stage == .cancelled { return }
        if topic.assigned(as: .secretary).isEmpty { assign(topic, name, "hoa", "secretary", 3, want) }
        if topic.assigned(as: .format).isEmpty { assign(topic, name, "thu", "format", 3, want) }
        if ledger.state.delegations.isEmpty {
            want(1) {
                self.operation(
                    name, "DELEGATE", ["lan"],
                    [("from", "2025-01-01"), ("until", "2025-12-31"), ("ref", "15/QĐ-TGPL")],
                    signature: "\(name) delegates lan")
            }
        }
        if dice.chance(6) { want(1) { self.operation(name, "POSTPONE", [id], text: "Chờ hướng dẫn") } }
        if topic.id.number == 2, dice.chance(20) {
            want(1) { self.operation(name, "CANCEL", [id], text: "Không còn cần thiết") }
        }
        if topic.stage == .finishing { look(topic, name, 6, want) }
        if topic.stage == .finishing || topic.stage == .approval {
            let lacking = ledger.state.requirements(of: topic, seen: [], now: SimulatedClock.begin)
                .filter { $0.state == .unmet && $0.requirement != .approval && $0.requirement != .maintained }
            for status in lacking {
                want(1) {
                    self.operation(
                        name, "OVERRIDE", [id], [("requirement", status.requirement.rawValue)], text: "Cho qua một lần")
                }
            }
        }
    }

    func comment(_ name: String, _ topic: Topic) -> Operation {
        let level = dice.pick(topic.stage == .finishing ? ["should", "note"] : ["must", "should", "note"]) ?? "note"
        var pairs = [("kind", dice.pick(["content", "legal", "language"]) ?? "content"), ("level", level)]
        if dice.chance(60) { pairs.insert(("at", "L\(1 + dice.below(13))"), at: 0) }
        return operation(
            name, "COMMENT", ["\(topic.id)@\(max(1, topic.newest - (dice.chance(20) ? 1 : 0)))"], pairs,
            text: "Đề nghị xem lại số liệu")
    }

    /// Whether the manifest that was taken last is the present one.
    private func knowsManifest(_ topic: Topic) -> Bool {
        manifests[topic.id].map { String(decoding: $0, as: UTF8.self).hasSuffix(" \(topic.lastEvent)\n") } ?? false
    }

    /// Whoever is going to sign takes the manifest, unless it is known.
    private func look(_ topic: Topic, _ name: String, _ weight: Int, _ want: Want) {
        if certificates[name]?.isEmpty ?? true || knowsManifest(topic) { return }
        want(weight) { self.operation(name, "MANIFEST", ["\(topic.id)@\(topic.newest)"], kind: .query) }
    }

    private func opine(_ topic: Topic, _ name: String, _ want: Want) {
        want(1) {
            self.operation(
                name, "OPINION", ["\(topic.id)@\(topic.newest)"], [("as", self.dice.chance(80) ? "agree" : "direct")],
                text: "Ý kiến lãnh đạo")
        }
    }

    private func settle(_ topic: Topic, _ name: String, _ weight: Int, _ want: Want) {
        let open = topic.comments.filter { $0.isLive && $0.state != .agreed && $0.disposition == nil }
        let settled = topic.comments.filter { $0.isLive && $0.state == .settled }
        func settle(_ comment: Comment) -> Operation {
            operation(
                name, "SETTLE", [comment.id.description],
                [("as", dice.pick(["accepted", "partly", "declined", "noted"]) ?? "noted")], text: "Đã xem xét")
        }
        if let comment = dice.pick(open) { want(weight) { settle(comment) } }
        if let comment = dice.pick(settled) { want(1) { settle(comment) } }
    }

    private func addressed(_ topic: Topic) -> [CommentID] {
        topic.comments.filter { $0.isLive && $0.disposition == .accepted }.suffix(3).map(\.id)
    }

    /// Commenters judge what became of their comments.
    private func judge(_ topic: Topic, _ name: String, _ want: Want) {
        let mine = topic.comments.filter { $0.isLive && $0.owner.text == name && $0.state == .settled }
        guard let comment = dice.pick(mine) else { return }
        let id = comment.id.description
        want(2) { self.operation(name, "AGREE", [id], signature: "\(name) agrees \(id)") }
        want(1) { self.operation(name, "MAINTAIN", [id], text: "Vẫn giữ ý kiến") }
        want(1) { self.operation(name, "ANSWER", [id], text: "Đề nghị nói rõ") }
    }

    func assess(_ name: String, _ topic: Topic, _ verdict: String) -> Operation {
        operation(name, "ASSESS", ["\(topic.id)@\(topic.newest)"], [("verdict", verdict)], text: "Ưu điểm, hạn chế")
    }

    private func endorse(_ topic: Topic, _ name: String, _ want: Want) {
        guard let review = topic.countingReviews.first(where: { $0.endorsedBy == nil }) else { return }
        want(5) {
            self.operation(name, "ENDORSE", [review.id.description], signature: "\(name) endorses \(review.id)")
        }
    }

    private func review(_ person: Person, _ topic: Topic, _ want: Want) {
        let name = person.id.text
        if person.office == topic.review, person.position == .head || person.position == .staff {
            want(3) { self.comment(name, topic) }
            if !topic.reviews.contains(where: { $0.person == person.id && $0.round == topic.round }) {
                want(4) { self.assess(name, topic, self.dice.chance(50) ? "pass" : "pass-if-revised") }
            }
            if person.position == .head { endorse(topic, name, want) }
        }
        if person.position.isLeader {
            want(1) { self.comment(name, topic) }
            if dice.chance(20) { want(1) { self.operation(name, "SENDBACK", [topic.id.description], text: "Làm lại") } }
        }
    }

    private func plenary(_ person: Person, _ topic: Topic, _ want: Want) {
        let name = person.id.text
        let id = topic.id.description
        if topic.plenary == nil, person.position.isLeader || (person.position == .head && person.office == topic.lead) {
            want(6) {
                let number = self.operations.count
                return self.operation(
                    name, "PLENARY", [id, "OPEN"],
                    [
                        ("at", "2025-03-25T08:00"), ("place", Operation.mark(number) + "Phòng họp"), ("chair", "bich"),
                        ("secretary", "thu"),
                    ], isMarked: true)
            }
        }
        if let plenary = topic.plenary {
            if plenary.secretary == person.id {
                want(2) {
                    self.operation(
                        name, "ATTEND", [id], [("present", "bich,thu,hung")], signature: "\(name) attends \(id)")
                }
            }
            if plenary.chair == person.id {
                want(5) { self.operation(name, "PLENARY", [id, "CLOSE"], text: "Thống nhất") }
            }
            if person.position != .observer, person.position != .admin, dice.chance(40) {
                want(1) { self.comment(name, topic) }
            }
        }
    }
}
