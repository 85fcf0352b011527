import ReviewClient
import ReviewCore
import ReviewDigest
import ReviewProtocol

/// The desks: real client sessions, and the program around each, which remembers what was not answered.
extension Simulation {
    func addDesk(_ person: String, zeal: Int64) {
        desks.append(
            Desk(
                person: person, zeal: zeal,
                session: ClientSession(configuration: ClientConfiguration(), credentials: [])))
        let desk = desks.count - 1
        timeline.after(dice.between(0, 1_500), .startSession(desk: desk))
        timeline.after(dice.between(500, 2_500), .think(desk: desk))
    }

    /// Starts a session, with everything that the last one left unanswered.
    func startSession(_ desk: Int) {
        guard !desks[desk].isGone, !desks[desk].isRunning else { return }
        let person = desks[desk].person
        var configuration = ClientConfiguration(language: dice.chance(70) ? .vietnamese : .english)
        configuration.windowRequests = 12
        configuration.backOff = BackOff(firstMilliseconds: 100, longestMilliseconds: 4_000)
        configuration.isAnonymous = person == Cast.stranger
        let secret = !isWindingDown && dice.chance(8) ? "nham" : secrets[person]?.known.last ?? ""
        desks[desk].session = ClientSession(
            configuration: configuration, credentials: configuration.isAnonymous ? [] : credentials(desk, secret))
        desks[desk].sessions += 1
        desks[desk].secretsTried = 0
        desks[desk].isRunning = true
        note("\(person) starts session \(desks[desk].sessions)", desk)
        if let following = desks[desk].following {
            if desks[desk].position != nil { report.marks.hit(.watchResumed) }
            tell(
                desk,
                .watch(
                    Subscription(
                        topic: following.topic?.description, after: desks[desk].position ?? following.begin,
                        log: disk.epoch)))
        } else if !configuration.isAnonymous {
            tell(desk, .credential(.password(person: person, Array(secret.utf8))))
        }
        for sending in desks[desk].unanswered { hand(desk, sending) }
    }

    private func hand(_ desk: Int, _ sending: Int) {
        tell(desk, .send(RequestIdentifier(UInt64(sending)), operations[sendings[sending].operation].request))
    }

    /// Sends an operation from a desk.
    func send(_ desk: Int, _ operation: Int) {
        var wasDone = false
        if case .done = operations[operation].outcome { wasDone = true }
        noteSending(operation, desk, wasDone: wasDone)
        desks[desk].unanswered.append(sendings.count - 1)
        if desks[desk].isRunning { hand(desk, sendings.count - 1) }
    }

    private func noteSending(_ operation: Int, _ desk: Int, wasDone: Bool) {
        sendings.append(
            Sending(
                operation: operation, desk: desk, wasDone: wasDone,
                knownAt: min(server.view.lastSequence, Int64(disk.events.count))))
        operations[operation].openSendings += 1
        operations[operation].sentAt = min(operations[operation].sentAt, Int64(disk.events.count))
    }

    /// Sends once more what was refused for the moment.
    func sendAgain(_ desk: Int, _ sending: Int) {
        guard !desks[desk].isGone else { return }
        desks[desk].unanswered.append(sending)
        if desks[desk].isRunning { hand(desk, sending) }
    }

    /// Tells a session something, and does what it asks for.
    ///
    /// Whatever people do about it comes later, as in life.
    func tell(_ desk: Int, _ input: ClientInput) {
        guard desks[desk].isRunning else { return }
        let effects = desks[desk].session.handle(input, now: timeline.now)
        for effect in effects { perform(effect, desk) }
        if let position = desks[desk].session.position { desks[desk].position = position }
    }

    private func perform(_ effect: ClientEffect, _ desk: Int) {
        switch effect {
        case .connect: makeLink(desk)
        case .write(let octets):
            guard let link = desks[desk].link else { return }
            note(
                "\(desks[desk].person) writes (\(link)): \(String(decoding: octets, as: UTF8.self))", link, octets.count
            )
            writeToServer(link, distorted(octets, desk, link))
        case .disconnect: if let link = desks[desk].link { hangUp(link) }
        case .deliver(let identifier, let reply): answered(desk, Int(identifier.number), reply)
        case .refuse(let identifier, let error): fail("request \(identifier.number) cannot be written: \(error)")
        // The program says so and ends; the person starts it again.
        case .giveUp: tell(desk, .close)
        case .event(let event): follow(desk, event)
        case .synchronised(let sequence):
            if desks[desk].following?.begin == nil { desks[desk].following?.begin = sequence }
        case .note(let note): take(note, desk)
        case .keepToken(let token): desks[desk].token = token
        case .forgetToken: desks[desk].token = nil
        case .ready:
            desks[desk].wasReady = true
            desks[desk].secretsTried = 0
        case .needsCredential:
            desks[desk].secretsTried += 1
            timeline.after(dice.between(200, 1_500), .offerSecret(desk: desk))
        case .setTimer(let instant):
            desks[desk].timerTicket += 1
            guard let instant else { return }
            timeline.after(instant - now, .deskTimer(desk: desk, ticket: desks[desk].timerTicket))
        case .failed(let failure): fails(desk, failure)
        }
    }

    private func hangUp(_ link: Int) {
        links[link].isCut = true
        timeline.after(dice.between(0, 20), .clientNotices(link: link))
        timeline.after(dice.between(1, 100), .serverNotices(link: link))
    }

    private func take(_ note: ClientNote, _ desk: Int) {
        switch note {
        case .gap(let expected, let found, let sequence):
            fail("\(desks[desk].person) notices a gap: event \(sequence) follows \(found), not \(expected)")
        case .resumed(let resent): if resent > 0 { report.marks.hit(.resent) }
        case .watchRefused: desks[desk].following = nil
        case .certificateRefused: forgetCertificate(desk)
        case .logChanged: fail("the log changed for \(desks[desk].person)")
        case .server, .reconnecting: break
        }
    }

    /// A session is over: the program starts another one, unless there is nobody to log in.
    private func fails(_ desk: Int, _ failure: ClientFailure) {
        note("\(desks[desk].person)'s session ends: \(failure)")
        desks[desk].isRunning = false
        if let link = desks[desk].link { letGo(link) }
        desks[desk].link = nil
        let person = desks[desk].person
        switch failure {
        case .protocolViolation(let what): return fail("\(person)'s client: \(what)")
        case .closedByServer(let code, _, let human):
            guard code == ByeCode.revoked.rawValue else { return fail("\(person): BYE \(code) \(human)") }
            let isDisabled = PersonID(person).flatMap { server.view.people[$0] }?.isDisabled ?? false
            report.marks.hit(isDisabled ? .revokedByDisabling : .revokedByPassword)
            if desks[desk].following != nil { report.marks.hit(.revokedWhileWatching) }
            desks[desk].token = nil
        case .unreachable, .closed: break
        }
        timeline.after(dice.between(100, 2_500), .startSession(desk: desk))
    }

    /// The person types what they know, the newest first.
    func offerSecret(_ desk: Int) {
        guard desks[desk].isRunning, let known = secrets[desks[desk].person]?.known, !known.isEmpty else { return }
        let person = desks[desk].person
        guard let id = PersonID(person), let account = ledger.state.people[id] else { return }
        let hasCertificate = !ledger.state.certificates(of: id).isEmpty
        // Whose code was used up by a certificate that was deleted has nothing to come in with.
        if account.isDisabled || (account.credential == nil && account.invitation == nil && !hasCertificate) {
            note("\(person) is gone")
            desks[desk].isGone = true
            tell(desk, .close)
            return
        }
        if hasCertificate, desks[desk].secretsTried > 4 {
            // Another connection presents the certificate.
            return tell(desk, .close)
        }
        if desks[desk].secretsTried > 60 { return fail("\(person) cannot log in any more") }
        let secret = known[known.count - 1 - desks[desk].secretsTried % known.count]
        tell(desk, .credential(.password(person: person, Array(secret.utf8))))
    }

    // MARK: Events

    private func follow(_ desk: Int, _ event: EventLine) {
        guard var following = desks[desk].following else {
            return fail("\(desks[desk].person) is told event \(event.sequence) without following")
        }
        if let topic = following.topic, event.value("topic") != topic.description {
            return fail("\(desks[desk].person) follows \(topic) and is told event \(event.sequence) of another topic")
        }
        if following.begin == nil { following.begin = event.previous }
        if let last = following.told.last ?? following.begin, event.sequence <= last {
            return fail("\(desks[desk].person) is told event \(event.sequence) after \(last)")
        }
        following.told.append(event.sequence)
        desks[desk].following = following
    }

    /// Begins to follow the log, or follows something else from now on.
    func startFollowing(_ desk: Int, topic: TopicID?, after: Int64?) {
        if desks[desk].following != nil { report.marks.hit(.watchAgain) }
        desks[desk].following = Desk.Following(topic: topic, begin: after)
        desks[desk].position = after
        tell(desk, .watch(Subscription(topic: topic?.description, after: after, log: disk.epoch)))
    }

    // MARK: Replies

    private func answered(_ desk: Int, _ sending: Int, _ reply: Reply) {
        guard desks[desk].unanswered.first == sending else {
            return fail("\(desks[desk].person): the reply to sending \(sending) comes twice or out of order")
        }
        desks[desk].unanswered.removeFirst()
        let number = sendings[sending].operation
        let operation = operations[number]
        switch reply.status.outcome {
        case .ok: succeeded(number, operation, sendings[sending], reply)
        case .no(let code):
            // Whom an invitation came between has to set a password first, and asks again then.
            let isForLater = NoCode(rawValue: code).map { $0.retry == .later || $0 == .authenticationNeeded } ?? false
            if isForLater, operation.delays < 40 {
                operations[number].delays += 1
                let pause = reply["after"].flatMap { Int64($0) } ?? 1_000
                return timeline.after(
                    min(pause, 4_000) + dice.between(0, 500), .sendAgain(desk: desk, sending: sending))
            }
            refused(number, operation, sendings[sending], code)
        case .bad(let code):
            if operation.request.verb != "XYZ" { fail("op\(number) \(operation.request.verb): BAD \(code)") }
            operations[number].outcome = .refused(code)
        }
        operations[number].openSendings -= 1
        settleSecret(operation, reply)
        if operation.request.verb == "ENROL" { concludeEnrolment(number, sendings[sending], reply) }
    }

    private func refused(_ number: Int, _ operation: Operation, _ sending: Sending, _ code: String) {
        if case .done = operation.outcome {
            // A refusal that was given before it was done may arrive after.
            if operation.kind == .write, sending.wasDone {
                fail("op\(number) \(operation.request.verb) was done, and is refused: \(code)")
            }
            return
        }
        if operation.kind == .write, code == NoCode.keyReused.rawValue {
            fail(
                "op\(number) \(operation.request.verb): its key is new to \(operation.person), and is said to be known")
        }
        if code == NoCode.forbidden.rawValue, hasLostCertificate(sending.desk) {
            report.marks.hit(.refusedByDeletion)
        } else if operation.kind == .write, let code = NoCode(rawValue: code) {
            ledger.checkRefusal(number, operation, code, from: sending.knownAt)
        }
        if operation.request.verb == "PUSH", code == NoCode.stage.rawValue, isApproving(operation, since: sending) {
            report.marks.hit(.pushWhileApproving)
        }
        if case .reuse = operation.kind, code != NoCode.keyReused.rawValue, NoCode(rawValue: code)?.retry != .later {
            fail("op\(number) uses a key again and is answered \(code)")
        }
        operations[number].outcome = .refused(code)
    }

    /// Whether somebody approved the topic while this was on its way.
    private func isApproving(_ operation: Operation, since sending: Sending) -> Bool {
        disk.events[Int(sending.knownAt)...].contains { event in
            guard case .approvalGiven(let fact) = event.fact else { return false }
            return fact.topic.description == operation.request.words.first
        }
    }

    private func succeeded(_ number: Int, _ operation: Operation, _ sending: Sending, _ reply: Reply) {
        let sequence = reply["seq"].flatMap { Int64($0) }
        switch operation.kind {
        case .reuse: return fail("op\(number): another request under a known key was done")
        case .query, .dryRun:
            if operation.kind == .dryRun {
                report.marks.hit(.dryRun)
                if reply["dry-run"] != "yes" || sequence != nil { fail("op\(number): a dry run that is none") }
            }
            operations[number].outcome = .done(reply, sequence: nil)
            learn(operation, reply)
            if operation.request.verb == "ACK" { positions[operation.person] = reply["position"].flatMap { Int64($0) } }
            return
        case .write: break
        }
        let isReplay = reply["replay"] == "yes"
        if case .done(let first, _) = operation.outcome {
            if sending.wasDone {
                report.marks.hit(.replayOnDemand)
                if !isReplay { fail("op\(number) \(operation.request.verb): answered anew under the same key") }
            }
            if first.comparable != reply.comparable {
                fail("op\(number): same key, other reply: \(first.comparable) and then \(reply.comparable)")
            }
            return
        }
        if isReplay { report.marks.hit(.replayAfterLoss) }
        report.figures.acknowledged += 1
        operations[number].outcome = .done(reply, sequence: sequence)
        if let sequence { ledger.acknowledge(number, operation, sequence: sequence) }
        celebrate(operation, reply, sending.desk)
    }

    /// What people keep of an answer, and do with it later.
    private func learn(_ operation: Operation, _ reply: Reply) {
        guard let word = operation.request.words.first else { return }
        switch operation.request.verb {
        case "MANIFEST": if let revision = RevisionID(word) { manifests[revision.topic] = reply.text }
        case "DOSSIER": files = reply.rows.compactMap { row in row["sha256"].map { (word, $0) } }
        case "FETCH":
            let octets = reply["encoding"] == "base64" ? Base64.decode(reply.text.filter { $0 != 0x0A }) : reply.text
            if octets.map({ Digest(hashing: $0).description }) != word { fail("FETCH \(word) gives something else") }
        default: break
        }
    }

    /// Whether a person has a password, which an invitation that comes after it ends.
    private func hasPassword(_ person: String) -> Bool {
        PersonID(person).flatMap { ledger.state.people[$0] }?.credential != nil
    }

    /// The code was in a reply that got lost, and no repeated reply has it: the administrator gives a new one.
    private func inviteAgain(_ desk: Int) {
        guard !hasPassword(Cast.newcomer) else { return }
        let person = desks[desk].person
        operations.append(
            operation(person, "INVITE", [Cast.newcomer], signature: "\(person) invites \(Cast.newcomer) account"))
        noteSending(operations.count - 1, desk, wasDone: false)
        timeline.after(dice.between(100, 800), .sendAgain(desk: desk, sending: sendings.count - 1))
    }

    private func celebrate(_ operation: Operation, _ reply: Reply, _ desk: Int) {
        switch operation.request.verb {
        case "APPROVE":
            report.marks.hit(.approved)
            if reply["signed"] == "yes" { report.marks.hit(.signedApproval) }
            let topic = operation.request.words.first?.split(separator: "@").first.map(String.init)
            let isPushed = operations.suffix(60).contains {
                $0.request.verb == "PUSH" && $0.openSendings > 0 && $0.request.words.first == topic
            }
            if isPushed { report.marks.hit(.approvalWhilePushing) }
            if operation.person == "lan" { report.marks.hit(.approvedUnderDelegation) }
        case "ISSUE": report.marks.hit(.issued)
        case "ATTACH": report.marks.hit(reply["already"] == "yes" ? .attachedAgain : .attached)
        case "CANCEL": report.marks.hit(.cancelled)
        case "SENDBACK": report.marks.hit(.sentBack)
        case "OVERRIDE": report.marks.hit(.overridden)
        case "INVITE":
            let person = operation.request.words.first ?? ""
            if reply["for"] == InvitationPurpose.certificate.rawValue {
                if let code = reply["code"] { takeUp(code, of: person) }
                return
            }
            guard let code = reply["code"] else { return inviteAgain(desk) }
            if dice.chance(40) { takeUp(code, of: person) }
            guard secrets[Cast.newcomer] != nil else {
                secrets[Cast.newcomer] = Secrets(known: [code], confirmed: "")
                return addDesk(Cast.newcomer, zeal: 3)
            }
            // Of several codes only the last one given is good; the newcomer tries them all.
            guard !hasPassword(Cast.newcomer) else { break }
            secrets[Cast.newcomer]?.known.insert(code, at: 0)
            secrets[Cast.newcomer]?.confirmed = ""
        default: break
        }
    }

    private func settleSecret(_ operation: Operation, _ reply: Reply) {
        guard let new = operation.newSecret, operation.kind == .write else { return }
        if reply.status.isOK {
            // A repeated request may be answered long after a later change.
            guard secrets[operation.person]?.isChanging == true, secrets[operation.person]?.known.last == new else {
                return
            }
            if hasPassword(operation.person) {
                secrets[operation.person] = Secrets(known: [new], confirmed: new)
            } else {
                // An invitation came behind it; its code is known already, or comes.
                secrets[operation.person]?.isChanging = false
                secrets[operation.person]?.confirmed = ""
            }
        } else if secrets[operation.person]?.known.last == new, let confirmed = secrets[operation.person]?.confirmed,
            !confirmed.isEmpty
        {
            secrets[operation.person] = Secrets(known: [confirmed], confirmed: confirmed)
        } else {
            secrets[operation.person]?.isChanging = false
        }
    }

    // MARK: Planted bugs

    /// What planted bugs do to what a client writes.
    private func distorted(_ octets: [UInt8], _ desk: Int, _ link: Int) -> [UInt8] {
        switch mutant {
        case .clientChangesKey: return withOtherKeys(octets, link)
        case .clientSkipsAfterResume where desks[desk].wasReady:
            let text = String(decoding: octets, as: UTF8.self)
            guard text.contains("WATCH"), let position = desks[desk].session.position else { return octets }
            return Array(text.replacing("after=\(position)", with: "after=\(min(position + 1, disk.head))").utf8)
        default: return octets
        }
    }

    private func withOtherKeys(_ octets: [UInt8], _ link: Int) -> [UInt8] {
        var octets = octets
        let sign = Array(" key=op".utf8)
        var place = 0
        while place + sign.count < octets.count {
            guard octets[place...].starts(with: sign) else {
                place += 1
                continue
            }
            let end = octets[place...].dropFirst().firstIndex { $0 == 0x20 || $0 == 0x0A } ?? octets.endIndex
            let key = String(decoding: octets[place..<end], as: UTF8.self)
            if firstLinks[key, default: link] != link { octets[place + 5] = UInt8(ascii: "x") }
            firstLinks[key] = firstLinks[key] ?? link
            place = end
        }
        return octets
    }
}

extension Reply {
    /// What has to be the same each time: everything but what a repeated reply adds or keeps secret, and human words, which
    /// are not what programs rely on.
    var comparable: [String] {
        status.pairs.filter { !["replay", "code", "token"].contains($0.key) }.map { "\($0.key)=\($0.value)" }
    }
}
