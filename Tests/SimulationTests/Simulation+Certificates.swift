import ReviewClient
import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewProtocol

/// Client certificates: how people are given them, come in with them, and sign with them.
extension Simulation {
    // MARK: At the desks

    /// Somebody without a session sends an invitation code and a certificate request from somebody's desk: a new request, or
    /// that of an operation of before, as whoever missed its answer does.
    func enrol(_ code: String, at person: String, again earlier: Int? = nil) {
        let number = earlier ?? operations.count
        if earlier == nil {
            // A weak key is no use, and leaves the code.
            let content = dice.chance(10) ? Self.weakKey : "op\(number)"
            let text = "-----BEGIN CERTIFICATE REQUEST-----\n\(content)\n-----END CERTIFICATE REQUEST-----\n"
            let request = Request(
                tag: nil, verb: "ENROL", arguments: [Argument(value: code)], body: .literal(Array(text.utf8)))
            operations.append(
                Operation(person: Cast.stranger, request: request, kind: .query, isMarked: false, signature: nil))
            enrolments.append(number)
        }
        note("somebody enrols at the desk of \(person) by op\(number)", number)
        let session = ClientSession(configuration: ClientConfiguration(), credentials: [])
        desks.append(Desk(person: Cast.stranger, zeal: 0, session: session, place: person))
        let desk = desks.count - 1
        send(desk, number)
        timeline.after(dice.between(10, 900), .startSession(desk: desk))
    }

    /// Who is invited enrols, mostly once; codes are overheard, and programs send twice.
    func takeUp(_ code: String, of person: String) {
        enrol(code, at: person)
        if dice.chance(20), let number = enrolments.last { enrol(code, at: person, again: number) }
        if dice.chance(15) { enrol(code, at: dice.pick(Cast.holders) ?? person) }
    }

    /// Sends an earlier request again, or another one with a code that was used.
    func enrolAgain() {
        guard let number = dice.pick(enrolments), let code = operations[number].request.words.first,
            let person = dice.pick(Cast.holders)
        else { return }
        enrol(dice.chance(90) ? code : "doan-mo", at: person, again: dice.chance(50) ? number : nil)
    }

    /// ENROL was answered, and whoever asked is done.
    func concludeEnrolment(_ number: Int, _ sending: Sending, _ reply: Reply) {
        let operation = operations[number]
        if reply.status.isOK {
            guard let person = reply["person"], let digest = reply["sha256"].flatMap({ Digest(hexadecimal: $0) }) else {
                return fail("op\(number): a certificate without a name")
            }
            report.marks.hit(reply["replay"] == "yes" ? .enrolledAgain : .enrolled)
            ledger.acknowledge(
                number, operation, certificate: digest, of: person, sequence: reply["seq"].flatMap { Int64($0) })
            if certificates[person]?.contains(digest) != true { certificates[person, default: []].append(digest) }
        } else if reply.status.code == NoCode.authenticationFailed.rawValue {
            ledger.checkCodeRefusal(number, operation, from: sending.knownAt)
        } else if reply.status.code == NoCode.invalid.rawValue, let code = operation.request.words.first {
            report.marks.hit(.weakRequest)
            enrol(code, at: desks[sending.desk].place ?? "")
        }
        desks[sending.desk].isGone = true
        desks[sending.desk].isRunning = false
        if let link = desks[sending.desk].link { letGo(link) }
        desks[sending.desk].link = nil
    }

    /// What a desk comes in with, the first that is taken; a program tries a certificate also where it has none.
    func credentials(_ desk: Int, _ secret: String) -> [Credential] {
        let person = desks[desk].person
        let known = certificates[person] ?? []
        var credentials: [Credential] = []
        desks[desk].certificate = nil
        if !known.isEmpty, dice.chance(secrets[person]?.confirmed.isEmpty == false ? 60 : 100) {
            desks[desk].certificate = dice.chance(80) ? known.last : dice.pick(known)
        }
        if desks[desk].certificate != nil || dice.chance(3) { credentials.append(.certificate) }
        if let token = desks[desk].token { credentials.append(.token(token)) }
        return credentials + [.password(person: person, Array(secret.utf8))]
    }

    /// A certificate that the server does not know is not presented again.
    func forgetCertificate(_ desk: Int) {
        report.marks.hit(.certificateRefused)
        guard let digest = desks[desk].certificate else { return }
        certificates[desks[desk].person]?.removeAll { $0 == digest }
    }

    /// Whether the certificate that a desk presents has lost its force: then it may be told that it may do nothing.
    func hasLostCertificate(_ desk: Int) -> Bool {
        desks[desk].certificate.map { ledger.present.certificates[$0] == nil } ?? false
    }

    // MARK: At the server

    /// Whoever has a certificate in force comes in; nobody does by one without force, is served after it has lost it, or
    /// does anything then.
    func checkCertificate(_ link: Int, _ connection: ServerProcess.Connection, _ person: PersonID) {
        guard let certificate = connection.certificate else { return }
        let place = min(Int(server.view.lastSequence), ledger.references.count - 1)
        let owner = ledger.references[place].certificates[certificate]
        for case (let request?, let status) in connection.tap.statuses {
            if request.verb == "AUTH", request.words.first == "EXTERNAL" {
                // Nobody presents one before they were told of it, so one that is in force now was so when it was presented.
                if status.code == NoCode.authenticationFailed.rawValue, owner != nil {
                    fail("\(person) is refused on \(link) with a certificate that is in force after event \(place)")
                }
                if status.isOK {
                    connection.isByCertificate = true
                    report.marks.hit(.certificateLogin)
                    if owner != status.value("person") {
                        fail("\(person) comes in on \(link) by a certificate that is not in force after event \(place)")
                    }
                }
            }
            guard connection.isByCertificate, status.isOK else { continue }
            if request.verb == "PASSWD", !(request.body?.octets ?? []).contains(0x0A) {
                report.marks.hit(.firstPasswordByCertificate)
            }
            // A repeated reply tells of what was done before, perhaps in another session.
            if status.value("replay") == nil, let sequence = status.value("seq").flatMap({ Int($0) }),
                ledger.references.indices.contains(sequence - 1),
                ledger.references[sequence - 1].certificates[certificate] == nil
            {
                fail("event \(sequence) was done by \(person) in a session whose certificate was deleted before")
            }
        }
        guard connection.isByCertificate else { return }
        if connection.tap.byes.contains(ByeCode.revoked.rawValue) {
            let isDisabled = server.view.people[person]?.isDisabled ?? false
            report.marks.hit(isDisabled ? .certificateDisabled : .revokedByDeletion)
        }
        if owner == nil, !connection.tap.isOver {
            fail("\(person) is served on \(link) by a certificate that is not in force after event \(place)")
        }
    }

    /// A request for a key that is too weak.
    private static let weakKey = "khóa yếu"

    /// A certificate that is none; no two are the same, as no two serial numbers are.
    static func certify(_ request: [UInt8], _ serial: String) -> Certification {
        let text = String(decoding: request, as: UTF8.self)
        if text.contains(weakKey) { return .unsuitable(Wording("khóa quá yếu", "the key is too weak")) }
        let digest = Digest(hashing: "\(serial) \(text)")
        return .issued(
            IssuedCertificate(
                text: "-----BEGIN CERTIFICATE-----\n\(digest)\n-----END CERTIFICATE-----\n", digest: digest,
                from: Cast.certificateBegin, until: Cast.certificateEnd))
    }

    // MARK: Signatures

    /// A signature in place of a real one: the signer's certificate and the digest of what is signed.
    static func signature(by certificate: Digest, over content: [UInt8]) -> String {
        "CMS \(certificate) \(Digest(hashing: content))"
    }

    /// Knows such a signature.
    static func signatures(_ mutant: Mutant?) -> SignatureCheck {
        SignatureCheck { signature, content, _ in
            let words = String(decoding: signature, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            guard words.count == 3, let certificate = Digest(hexadecimal: words[1]) else { return .unreadable }
            guard words[2] == Digest(hashing: content).description || mutant == .shellTakesAnySignature else {
                return .otherContent
            }
            return .signer(certificate: certificate, authority: "CA\n", signature: words.joined(separator: " "))
        }
    }

    /// Signs nothing that anybody could check, but always the same.
    static let signer = LogKey(octets: Array(1...32)).map { key in
        Signer(key: key) { Digest(hashing: $0).octets + Digest(hashing: Array("khóa".utf8) + $0).octets }
    }
}
