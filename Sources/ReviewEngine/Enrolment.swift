import ReviewCore
import ReviewDigest
import ReviewProtocol

extension Engine {
    /// ENROL: an invitation code and a certificate request for a client certificate.
    ///
    /// A code has 71 random bits, so it is looked up without the slow hash; only a wrong one waits. Whoever missed the
    /// answer sends the same again and is given the same certificate.
    mutating func enrol(_ id: ConnectionID, _ next: Queued, _ call: Call, now: Instant) -> Progress {
        if let outcome = connections[id]?.login { return conclude(id, outcome, call, now: now) }
        guard let language = language(of: id) else { return .waits }
        let octets = call.octets ?? []
        // What is no request at all is told so without a look at the code, and tries none.
        guard octets.contains(Self.requestMark) else {
            return answer(
                id,
                .no(
                    .invalid,
                    Wording(
                        "Nội dung không phải yêu cầu chứng thư dạng PEM (openssl req -new)",
                        "The body is no certificate request in PEM (openssl req -new)"),
                    pairs: [Pair("argument", "body")], language), tag: call.tag)
        }
        let code = InvitationDigest.digest(of: call.word("code").utf8)
        let request = Digest(hashing: octets)
        if let known = state.certificate(for: code, request: request) {
            return answer(id, Self.again(known, language), tag: call.tag)
        }
        guard let person = state.person(invitedBy: code) else { return refuseGuess(id, now: now) }
        do throws(Refusal) { try state.mayEnrol(person.id, now: now) } catch {
            return answer(id, Replies.refused(error, language), tag: call.tag)
        }
        switch next.materials.verified {
        case .certificate(.issued(let issued)):
            let certificate = ClientCertificate(
                person: person.id, digest: issued.digest, from: issued.from, until: issued.until, code: code,
                request: request, text: Body(issued.text))
            return store(id, .enrol(certificate), of: person.id, call, now: now) { scratch, outcome in
                switch outcome {
                case .success(let outcome):
                    var reply = Self.reply(to: outcome, language)
                    reply.status.pairs.append(Pair("seq", String(scratch.lastSequence + 1)))
                    return .stored(.reply(reply))
                case .failure(let refusal):
                    // The same may stand before it in the batch.
                    if let known = scratch.certificate(for: code, request: request) {
                        return .refused(Self.again(known, language))
                    }
                    return .refused(
                        refusal.code == .conflict
                            ? Replies.refused(refusal, language) : Self.refusal(of: call.form.name, language))
                }
            }
        case .certificate(.unsuitable(let reason)):
            return answer(
                id, .no(.invalid, reason, pairs: [Pair("argument", "body")], language), tag: call.tag)
        case .certificate(.unavailable):
            return answer(
                id,
                .no(
                    .unavailable,
                    Wording(
                        "Máy chủ chưa có khóa của CA, hoặc khóa không khớp, nên chưa cấp được chứng thư; mã mời vẫn dùng được, hãy báo người vận hành",
                        "The authority's key is not at the server, or does not fit, so no certificate can be issued now; the code stays good, tell the operator"
                    ), afterMilliseconds: EngineConfiguration.authorityMilliseconds, language), tag: call.tag)
        case .busy: return answer(id, busy(id), tag: call.tag)
        case .password, .changed, .invitation, nil:
            let subject = CertificateSubject(
                person: person.id, name: person.name, title: person.position.wording.vietnamese,
                office: state.officeName(person.office))
            verify(.certificate(octets, subject), for: .uncounted(.certificate, id, serial: next.serial))
            return wait(id, for: .verification)
        }
    }

    /// What tells a certificate request from anything else.
    private static let requestMark = Array("CERTIFICATE REQUEST-----".utf8)

    /// The answer to ENROL for whoever missed it.
    private static func again(_ known: ClientCertificate, _ language: Language) -> Reply {
        .ok(
            [Pair("replay", "yes")] + known.details.map { Pair($0.key, $0.value) }, nil,
            parts: known.text.text.map { [.text($0)] } ?? [], language)
    }
}
