import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What people want: mostly what brings a topic further, often several at once, sometimes nonsense.
extension Simulation {
    func think(_ desk: Int) {
        guard !isWindingDown, !desks[desk].isGone else { return }
        timeline.after(dice.between(60, 2_400) / max(desks[desk].zeal, 1), .think(desk: desk))
        guard desks[desk].isRunning, desks[desk].unanswered.count < 10, let id = PersonID(desks[desk].person),
            let person = ledger.state.people[id], !person.isDisabled
        else { return }
        if secrets[person.id.text]?.confirmed.isEmpty ?? true { return setFirstPassword(desk) }
        considerFollowing(desk)
        if let wish = wish(of: person) { issue(wish, desk) }
        // A program asks many things at once; a person does one thing after another, mostly.
        let burst = dice.chance(isFocused ? 3 : 8) ? 1 + dice.below(9) : 0
        for _ in 0..<burst {
            if let wish = dice.chance(25) ? wish(of: person) : noise(person) { issue(wish, desk) }
        }
    }

    private func considerFollowing(_ desk: Int) {
        // Nobody knows more than the server has been told.
        let end = server.view.lastSequence
        if desks[desk].following == nil {
            guard dice.chance(85) else { return }
            let topic = dice.chance(15) ? TopicID(year: 2025, number: 1 + dice.below(2)) : nil
            if desks[desk].person == "quan", topic != nil { return }
            startFollowing(desk, topic: topic, after: dice.chance(20) ? nil : max(0, end - dice.between(0, 40)))
        } else if dice.chance(3), let position = desks[desk].position {
            let topic =
                dice.chance(50) && desks[desk].person != "quan" ? TopicID(year: 2025, number: 1 + dice.below(2)) : nil
            startFollowing(desk, topic: topic, after: max(0, position - dice.between(0, 20)))
        }
    }

    /// Sends a new wish: once, or twice in a row, or from two desks at once.
    private func issue(_ operation: Operation, _ desk: Int) {
        operations.append(operation)
        wishesLeft -= operation.kind == .write ? 1 : 0
        let number = operations.count - 1
        note("\(operation.person) wants op\(number) \(operation.request.verb) \(operation.request.words)", number)
        if let secret = operation.newSecret {
            secrets[operation.person]?.known.append(secret)
            secrets[operation.person]?.isChanging = true
        }
        send(desk, number)
        guard operation.kind == .write, dice.chance(8) else { return }
        let twin = desks.indices.first { $0 != desk && desks[$0].person == operation.person && !desks[$0].isGone }
        send(twin ?? desk, number)
    }

    private func setFirstPassword(_ desk: Int) {
        let person = desks[desk].person
        guard secrets[person]?.isChanging == false else { return }
        let number = operations.count
        let new = "mat khau moi \(number)"
        issue(
            operation(
                person, "PASSWD", [], [], raw: Array(new.utf8), signature: "\(person) sets \(person)", newSecret: new),
            desk)
    }

    // MARK: Making operations

    /// An operation; a text begins with its mark.
    func operation(
        _ person: String, _ verb: String, _ words: [String], _ pairs: [(String, String)] = [], text: String? = nil,
        raw: [UInt8]? = nil, signature: String? = nil, kind: Operation.Kind = .write, key: String? = nil,
        newSecret: String? = nil, isMarked: Bool = false
    ) -> Operation {
        let number = operations.count
        var request = Request(verb: verb, arguments: words.map { Argument(value: $0) })
        request.arguments += pairs.map { Argument(key: $0.0, value: $0.1) }
        switch kind {
        case .write, .reuse:
            request.arguments.append(Argument(key: "key", value: key ?? self.key(person, number)))
        case .dryRun: request.arguments.append(Argument(key: "dry-run", value: "yes"))
        case .query: break
        }
        if let text {
            let octets = Array((Operation.mark(number) + text).utf8)
            let isOneLine = !octets.contains(0x0A)
            request.body =
                isOneLine && dice.chance(40) ? .oneLine(octets) : dice.chance(50) ? .block(octets) : .literal(octets)
        } else if let raw {
            request.body = .block(raw)
        }
        return Operation(
            person: person, request: request, kind: kind, isMarked: text != nil || isMarked, signature: signature,
            newSecret: newSecret)
    }

    /// A key of one's own; some number theirs as others do, since a key belongs to a person.
    private func key(_ person: String, _ number: Int) -> String {
        guard dice.chance(10) else { return "op\(number)" }
        ownKeys[person, default: 0] += 1
        let own = ownKeys[person] ?? 1
        if ownKeys.contains(where: { $0.key != person && $0.value >= own }) { report.marks.hit(.keySharedByPeople) }
        return "viec-\(own)"
    }

    /// A draft that has every required section and differs from the others in a few paragraphs.
    func draft() -> String {
        let choices = ["57 vụ việc", "75 vụ việc", "12 buổi truyền thông", "tiếng Tày, Nùng"]
        func paragraph() -> String {
            "Năm 2024 Trung tâm thực hiện \(dice.pick(choices) ?? "")."
                + (dice.chance(5) ? String(repeating: " Số liệu đã được đối chiếu.", count: 60) : "")
        }
        return "Dự thảo chuyên đề.\n\n# Mở đầu\n\n\(paragraph())\n\n# Nội dung\n\n\(paragraph())\n\n\(paragraph())\n\n"
            + "# Kết luận\n\n\(paragraph())\n"
    }

    func push(_ person: Person, _ topic: Topic, base: Int, addresses: [CommentID] = []) -> Operation {
        var pairs = [("if", "@\(base)")]
        if !addresses.isEmpty { pairs.append(("addresses", addresses.map(\.description).joined(separator: ","))) }
        return operation(person.id.text, "PUSH", [topic.id.description], pairs, text: draft())
    }

    // MARK: Choosing

    private func wish(of person: Person) -> Operation? {
        if dice.chance(isFocused ? 3 : 12), let noise = noise(person) { return noise }
        if let duty = duty(of: person) { return duty }
        let open = ledger.state.topicsInOrder.filter { !$0.isArchived }
        // The first topic is the one that everybody hurries to finish.
        guard let topic = dice.chance(isFocused ? 97 : 40) ? open.first : dice.pick(open) else { return noise(person) }
        let wishes = progress(person, topic)
        guard !wishes.isEmpty else { return dice.chance(6) ? noise(person) : nil }
        var place = dice.below(wishes.reduce(0) { $0 + $1.weight })
        for wish in wishes {
            place -= wish.weight
            if place < 0 { return wish.make() }
        }
        return nil
    }

    /// What the administrator does, and what everybody does with their password.
    private func duty(of person: Person) -> Operation? {
        let name = person.id.text
        if name == "root" {
            let state = ledger.state
            if let newcomer = PersonID(Cast.newcomer), state.people[newcomer] == nil {
                return operation(
                    name, "PERSON", ["ADD", Cast.newcomer],
                    [("name", "Người Mới"), ("office", "nv"), ("position", "staff")],
                    signature: "root adds \(Cast.newcomer)")
            }
            guard dice.chance(22) else { return nil }
            if dice.chance(35) { return certificateDuty() }
            if secrets[Cast.newcomer] == nil {
                return operation(name, "INVITE", [Cast.newcomer], signature: "root invites \(Cast.newcomer) account")
            }
            guard let movable = dice.pick(Cast.movable) else { return nil }
            moved.insert(movable)
            if dice.chance(30) {
                // Often somebody who has a certificate.
                let holder = dice.pick(Cast.movable.filter { certificates[$0]?.isEmpty == false })
                let leaver = dice.chance(70) ? holder ?? movable : movable
                moved.insert(leaver)
                return operation(name, "PERSON", ["DISABLE", leaver], text: "Chuyển công tác")
            }
            return operation(
                name, "PERSON", ["SET", movable],
                [("office", dice.pick(["hcth", "nv"]) ?? "nv"), ("position", "staff")],
                signature: "root changes \(movable)")
        }
        if dice.chance(2), let certificate = dice.pick(certificates[name] ?? []) {
            return delete(certificate, by: name)
        }
        guard ["minh", "nga", "son"].contains(name), dice.chance(4), let secret = secrets[name], !secret.isChanging
        else {
            return nil
        }
        let new = "mat khau \(name) \(operations.count)"
        return operation(
            name, "PASSWD", [], raw: Array("\(secret.confirmed)\n\(new)".utf8), signature: "\(name) sets \(name)",
            newSecret: new)
    }

    /// The administrator invites somebody for a certificate, or deletes one.
    private func certificateDuty() -> Operation? {
        guard dice.chance(70) else {
            return dice.pick(certificates.keys.sorted().flatMap { certificates[$0] ?? [] }).map {
                delete($0, by: "root")
            }
        }
        let known = Cast.holders.filter { id in PersonID(id).map { ledger.state.people[$0] != nil } == true }
        guard let person = dice.pick(known) else { return nil }
        return operation(
            "root", "INVITE", [person], [("for", "certificate")], signature: "root invites \(person) certificate")
    }

    private func delete(_ certificate: Digest, by name: String) -> Operation {
        let digits = String(certificate.description.prefix(dice.chance(50) ? 16 : 64))
        return operation(name, "CERT", ["DELETE", digits], signature: "\(name) deletes \(certificate)")
    }

    /// What proves something, and changes nothing.
    private func inquiry(_ name: String, _ topic: Topic) -> Operation {
        let end = Int64(ledger.events.count)
        switch dice.below(6) {
        case 0: return operation(name, "CHECKPOINT", [], kind: .query)
        case 1: return operation(name, "PROOF", [String(dice.between(1, end))], kind: .query)
        case 2: return operation(name, "PROOF", [], [("from", String(dice.between(1, end)))], kind: .query)
        case 3: return operation(name, "CERT", ["LIST"], kind: .query)
        case 4:
            if let file = dice.pick(files) {
                return operation(name, "FETCH", [file.digest], [("topic", file.topic)], kind: .query)
            }
            let original = dice.chance(50) ? topic.latest?.original?.digest : nil
            let digest = (original ?? topic.latest?.digest ?? Digest.zero).description
            return operation(name, "FETCH", [digest], kind: .query)
        default: return operation(name, "DOSSIER", [topic.id.description], kind: .query)
        }
    }

    /// The file of the newest revision; now and then another one.
    func attachment(_ topic: Topic, by name: String) -> Operation {
        let id = "\(topic.id)@\(max(topic.newest, 1))"
        let file = [0x50, 0x4B, 0x03, 0x04] + Array((id + (dice.chance(20) ? " khác" : "")).utf8)
        return operation(
            name, "ATTACH", [id], [("name", "Chuyên đề.docx")], raw: Array(Base64.encode(file).utf8),
            signature: "\(name) attaches \(id)")
    }

    /// What does not bring anything further: queries, dry runs, repetitions, mistakes.
    private func noise(_ person: Person) -> Operation? {
        let name = person.id.text
        guard let topic = dice.pick(ledger.state.topicsInOrder) else { return nil }
        let id = topic.id.description
        func query(_ verb: String, _ words: [String] = [], _ pairs: [(String, String)] = []) -> Operation {
            operation(name, verb, words, pairs, kind: .query)
        }
        switch dice.below(26) {
        case 0: return query("LIST")
        case 1: return query("CHECK", [id])
        case 2: return query("COMMENTS", [id])
        case 3: return query("TODO")
        case 4: return query("SHOW", ["\(id)@\(max(topic.newest, 1))"])
        case 5: return query("LOG", [], [("after", String(dice.below(ledger.events.count))), ("limit", "20")])
        case 6: return query("FIND", ["so lieu"])
        case 7: return query("THREAD", ["C\(1 + dice.below(max(ledger.state.highestComment, 1)))"])
        case 8: return query("SHOW", [id])
        case 9: return query("ACK", [String(dice.below(ledger.events.count))], [("client", "simulation")])
        case 10: return query("XYZ")
        case 11, 12: return repetition(name)
        case 13: return reuse(name)
        case 14:
            return operation(
                name, "PUSH", [id], [("if", "@\(topic.newest)")], raw: Array(draft().utf8), kind: .dryRun)
        case 15: return push(person, topic, base: max(0, topic.newest - 1))
        case 16:
            return operation(
                name, "COMMENT", ["\(id)@\(max(topic.newest, 1))"],
                [("at", "L\(900 + dice.below(9))"), ("kind", "content"), ("level", "note")], text: "Không có dòng này")
        case 17: return operation(name, "SUBMIT", [id], signature: "\(name) submits \(id)")
        case 18: return operation(name, "SETTLE", ["C\(900 + dice.below(9))"], [("as", "noted")], text: "Không có")
        case 19: return approval(person, topic, revision: topic.newest - dice.below(2), isRight: dice.chance(50))
        case 20:
            return operation(
                name, "ANSWER", ["C\(1 + dice.below(max(ledger.state.highestComment, 1)))"], text: "Trao đổi thêm")
        case 21:
            enrolAgain()
            return nil
        case 22, 23: return inquiry(name, topic)
        case 24: return attachment(topic, by: name)
        default: return query("WHOAMI")
        }
    }

    /// Asks once more for what was done already, and wants the same reply.
    private func repetition(_ person: String) -> Operation? {
        guard let number = doneWrite(of: person) else { return nil }
        guard let desk = dice.pick(desks.indices.filter { desks[$0].person == person && !desks[$0].isGone }) else {
            return nil
        }
        note("\(person) repeats op\(number)", number)
        send(desk, number)
        return nil
    }

    /// Another request under a known key.
    private func reuse(_ person: String) -> Operation? {
        guard let number = doneWrite(of: person), let key = operations[number].key else { return nil }
        return operation(
            person, "COMMENT", ["2025-1@1"], [("kind", "content"), ("level", "note")], text: "Mã dùng lại",
            kind: .reuse(of: number), key: key)
    }

    private func doneWrite(of person: String) -> Int? {
        dice.pick(
            operations.indices.suffix(60).filter { number in
                guard operations[number].person == person, operations[number].kind == .write,
                    operations[number].request.verb != "INVITE", case .done = operations[number].outcome
                else { return false }
                return true
            })
    }

    func approval(_ person: Person, _ topic: Topic, revision: Int, isRight: Bool) -> Operation {
        let digest = topic.revision(revision)?.digest.description ?? Digest(hashing: "none").description
        let shown = isRight ? digest : Digest(hashing: digest).description
        let maintained = topic.comments.filter { $0.isMaintained }.map(\.id.description)
        var pairs = [("sha256", String(shown.prefix(dice.chance(50) ? 16 : 64)))]
        // Now and then the approver has not looked.
        if !maintained.isEmpty, !dice.chance(15) { pairs.append(("seen", maintained.joined(separator: ","))) }
        let name = "\(topic.id)@\(max(revision, 1))"
        return operation(
            person.id.text, "APPROVE", [name], pairs, raw: signature(of: person.id.text, topic),
            signature: "\(person.id) approves \(name)")
    }

    /// Who has a certificate signs what MANIFEST said when they looked last, mostly; now and then by another one.
    private func signature(of person: String, _ topic: Topic) -> [UInt8]? {
        let own = certificates[person]?.last
        let others = certificates.keys.sorted().flatMap { certificates[$0] ?? [] }.filter { $0 != own }
        guard let manifest = manifests[topic.id], dice.chance(90),
            let certificate = dice.chance(35) ? dice.pick(others) ?? Digest.zero : own
        else { return nil }
        return Array(Self.signature(by: certificate, over: manifest).utf8)
    }
}
