import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What a write has become before it is decided.
enum Preparation: Sendable {
    /// A command, and what its reply tells once and the store never keeps.
    case command(Command, secret: Pair?)
    /// The pool works on it.
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
            let person = try reader(call).word("person") { PersonID($0) }
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
        default: return .command(try reader(call).command(), secret: nil)
        }
    }

    /// The command of a dry run: nothing is made or checked that costs or gives away a secret.
    func rehearsal(of call: Call, _ identity: Identity) throws(Refusal) -> Command {
        switch call.form.name {
        case "PASSWD": return .setCredential(hash: "")
        case "INVITE": return .invite(try reader(call).word("person") { PersonID($0) }, code: Digest.zero.description)
        default: return try reader(call).command()
        }
    }

    func reader(_ call: Call) -> CommandReader { CommandReader(call: call, readPlan: configuration.readPlan) }
}
