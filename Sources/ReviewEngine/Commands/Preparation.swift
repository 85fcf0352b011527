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
        _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Preparation {
        switch call.form.name {
        case "PASSWD": return try preparePassword(id, next, call, identity, now: now)
        case "INVITE":
            let person = try CommandReader(call: call).word("person") { PersonID($0) }
            // Who may not invite costs the pool nothing.
            _ = try state.decide(.invite(person, code: Digest.zero.description), by: .person(identity.person), now: now)
            switch next.materials.verified {
            case .invitation(let code):
                return .command(
                    .invite(person, code: InvitationDigest.digest(of: code.utf8)), secret: Pair("code", code))
            case .busy: return .refused(busy(id))
            case .password, .changed, nil:
                verify(.invitation, for: .invitation(id, serial: next.serial))
                connections[id]?.waiting = .verification
                return .pool
            }
        default:
            let command = try prepared(id, next, call, identity, now: now)
            return command.map { .command($0, secret: nil) } ?? .pool
        }
    }

    /// The command with what a long text was found to mean; nil while that is being found out.
    ///
    /// What is refused whatever the text is costs nobody that work.
    private mutating func prepared(
        _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Command? {
        if call.form.name == "PLAN LOAD" { return try preparePlan(id, next, call, identity) }
        let command = try CommandReader(call: call).command()
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
        _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Command? {
        switch call.form.name {
        case "PASSWD":
            _ = try passwords(call, identity)
            return .setCredential(hash: "")
        case "INVITE":
            return .invite(try CommandReader(call: call).word("person") { PersonID($0) }, code: Digest.zero.description)
        default: return try prepared(id, next, call, identity, now: now)
        }
    }
}
