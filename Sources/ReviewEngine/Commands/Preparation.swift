import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What a write has become before it is decided.
enum Preparation: Sendable {
    /// A command, and what its reply tells once and the store never keeps.
    case command(Command, secret: Pair?)
    /// The pool, or another thread, works on it.
    case pool
    /// It is refused before the domain sees it.
    case refused(Reply)
}

extension Engine {
    /// Makes a write's command; PASSWD and INVITE need the pool first.
    mutating func prepare(
        _ act: Act.Write, _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Preparation {
        switch try CommandReader(call: call).wish(act) {
        case .password: return try preparePassword(id, next, call, identity, now: now)
        case .invitation(let person, let purpose):
            // Who may not invite costs the pool nothing.
            _ = try basis(of: call).decide(
                .invite(person, code: Digest.zero.description, for: purpose), by: .person(identity.person), now: now)
            switch next.materials.verified {
            case .invitation(let code):
                return .command(
                    .invite(person, code: InvitationDigest.digest(of: code.utf8), for: purpose),
                    secret: Pair("code", code))
            case .busy: return .refused(busy(id))
            case .password, .changed, .certificate, nil:
                verify(.invitation, for: .uncounted(.invitation, id, serial: next.serial))
                connections[id]?.waiting = .verification
                return .pool
            }
        case .plan: return try preparePlan(id, next, call, identity).map { .command($0, secret: nil) } ?? .pool
        case .command(let command):
            let command = try prepared(command, id, next, call, identity, now: now)
            return command.map { .command($0, secret: nil) } ?? .pool
        }
    }

    /// The command with what a long text was found to mean; nil while that is being found out.
    ///
    /// What is refused whatever the text is costs nobody that work.
    private mutating func prepared(
        _ command: Command, _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Command? {
        if case .approve = command { return try signed(command, call, identity, now: now) }
        if case .attach(let name, let file, let octets, _) = command {
            return try attached(command, name, file, octets, id, next, call, identity, now: now)
        }
        guard case .push(let name, let base, let addresses, let note, let text, _) = command else { return command }
        if let draft = next.materials.draft {
            return .push(name, base: base, addresses: addresses, note: note, text: text, prepared: draft)
        }
        let state = basis(of: call)
        guard let known = state.topics[name],
            PreparedDraft.work(of: text, in: known) >= configuration.longOctets
        else { return command }
        let topic = try state.topic(for: command, by: .person(identity.person), now: now)
        compute(.draft(text, addressing: addresses, topic), for: id, serial: next.serial)
        return nil
    }

    /// The command with a long file that was understood; nil while it is looked at.
    private mutating func attached(
        _ command: Command, _ name: RevisionID, _ file: String, _ octets: [UInt8], _ id: ConnectionID, _ next: Queued,
        _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Command? {
        if let content = next.materials.original {
            return .attach(name, name: file, octets: octets, prepared: try content.value.get())
        }
        guard octets.count >= configuration.longOctets else { return command }
        try basis(of: call).mayAttach(to: name, by: .person(identity.person), command, now: now)
        compute(.original(octets), for: id, serial: next.serial)
        return nil
    }

    /// An approval with what its signature proves, where it brings one.
    ///
    /// Whoever may not approve learns nothing about a signature, and costs no check.
    private func signed(_ command: Command, _ call: Call, _ identity: Identity, now: Instant) throws(Refusal) -> Command
    {
        guard let signature = call.octets, case .approve(let name, let digest, let seen, _) = command else {
            return command
        }
        let state = basis(of: call)
        let outcome = try state.decide(command, by: .person(identity.person), now: now)
        guard let topic = state.topics[name.topic], let revision = topic.revision(name.number) else { return command }
        if outcome.facts.isEmpty {
            guard topic.approval?.evidence == nil else { return command }
            // Taken silently, its sender would believe that it is kept.
            throw Refusal(
                .conflict,
                Wording(
                    "Bản này đã được phê duyệt, không kèm chữ ký số; chữ ký này không được ghi.",
                    "This revision was approved before, without a signature; this one is not kept."))
        }
        guard let signatures = configuration.signatures else {
            throw Refusal(
                .unavailable,
                Wording(
                    "Máy chủ không kiểm tra được chữ ký số; hãy gửi APPROVE không kèm nội dung",
                    "The server cannot check signatures; send APPROVE without a body"))
        }
        let manifest = state.approvalManifest(of: topic, revision, epoch: epoch, now: now)
        return .approve(
            name, digest: digest, seen: seen,
            evidence: try signatures.evidence(signature, over: manifest, now: now))
    }

    /// What a write is judged by: what is durable, and what others of the batch change before it.
    ///
    /// A dry run is answered at once, so it goes by what is durable alone.
    func basis(of call: Call) -> State {
        writing == .gathering && !call.dryRun ? open?.scratch ?? state : state
    }

    /// The command of a dry run: nothing is made or checked that costs or gives away a secret.
    ///
    /// nil while a long text is being looked at.
    mutating func rehearse(
        _ act: Act.Write, _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Command? {
        switch try CommandReader(call: call).wish(act) {
        case .password:
            _ = try passwords(call, identity)
            return .setCredential(hash: "")
        case .invitation(let person, let purpose):
            return .invite(person, code: Digest.zero.description, for: purpose)
        case .plan: return try preparePlan(id, next, call, identity)
        case .command(let command): return try prepared(command, id, next, call, identity, now: now)
        }
    }
}
