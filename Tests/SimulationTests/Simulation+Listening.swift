import ReviewCore
import ReviewEngine
import ReviewProtocol

/// What is judged while the server speaks.
extension Simulation {
    /// Listens to what the engine has sent, before any of it leaves.
    func listen(_ link: Int, _ octets: [UInt8], cause: Input) {
        guard let connection = server.connections[link], let person = PersonID(desks[links[link].desk].person) else {
            return
        }
        note("to \(person) (\(link)): \(String(decoding: octets, as: UTF8.self))", link, octets.count)
        connection.tap.clear()
        connection.tap.says(
            octets, Wiretap.Surroundings(person: person, view: server.view, disk: disk.events, cause: cause))
        if let problem = connection.tap.problem { fail(problem) }
        report.figures.told += connection.tap.told
        if connection.tap.hidden > 0 { report.marks.hit(.hiddenEvent) }
        if connection.tap.synchronised > 0 { report.marks.hit(.synchronised) }
        if connection.tap.told > 0, let blockedAt = connection.blockedAt, !connection.isBlocked {
            if server.view.lastSequence > blockedAt { report.marks.hit(.blockedWatcherResumed) }
            connection.blockedAt = nil
        }
        for bye in connection.tap.byes where bye == ByeCode.authenticationTimeout.rawValue {
            report.marks.hit(.loginTimeout)
        }
        checkCertificate(link, connection, person)
        for (request, status) in connection.tap.statuses {
            mark(request, status, cause: cause)
            checkRefused(request, status, cause: cause)
        }
    }

    /// NO means that nothing changed: what a failed append was to store is not on the disk.
    private func checkRefused(_ request: Request?, _ status: Status, cause: Input) {
        guard case .appendFailed = cause, case .no(let code) = status.outcome, let batch = server.flight?.batch,
            let octets = request?.body?.octets,
            let number = Operation.number(in: String(decoding: octets, as: UTF8.self))
        else { return }
        if disk.events[Int(batch.expected)...].contains(where: { $0.mark == number }) {
            fail("op\(number) \(request?.verb ?? ""): answered NO \(code), and it is on the disk")
        }
    }

    /// What only reads, and proves something.
    private func markProof(_ request: Request) {
        switch request.verb {
        case "CHECKPOINT": report.marks.hit(.checkpoint)
        case "PROOF": report.marks.hit(.proof)
        case "DOSSIER": report.marks.hit(.dossier)
        case "FETCH": report.marks.hit(.fetched)
        default: break
        }
    }

    private func mark(_ request: Request?, _ status: Status, cause: Input) {
        guard let request else { return report.marks.hit(.malformed) }
        if case .bad = status.outcome { return report.marks.hit(.malformed) }
        let isLogin = request.verb == "LOGIN" || request.verb == "AUTH"
        if isLogin, server.hasRung { report.marks.hit(.delayedLogin) }
        guard let code = status.code.flatMap({ NoCode(rawValue: $0) }) else {
            if isLogin, request.words.first != "EXTERNAL" {
                report.marks.hit(request.verb == "AUTH" ? .tokenLogin : .passwordLogin)
            }
            markProof(request)
            if isLogin, status.value("must") == "passwd" { report.marks.hit(.invitationUsed) }
            if status.value("replay") == "yes", case .appended = cause, let key = request.value("key"),
                server.flight?.batch.replies.contains(where: { $0.key.key == key }) == true
            {
                report.marks.hit(.duplicateInBatch)
            }
            return
        }
        switch code {
        case .stale: report.marks.hit(request.verb == "APPROVE" ? .staleApproval : .stalePush)
        case .conflict where request.verb == "ATTACH": report.marks.hit(.otherAttached)
        case .conflict:
            guard request.verb == "APPROVE" else { break }
            report.marks.hit(request.body == nil || status.value("current") != nil ? .wrongDigest : .outdatedSignature)
        case .invalid: if request.verb == "APPROVE", request.body != nil { report.marks.hit(.foreignSignature) }
        case .forbidden: report.marks.hit(.forbidden)
        case .stage: report.marks.hit(.stage)
        case .unmet: report.marks.hit(.unmet)
        case .rate: report.marks.hit(.rate)
        case .notFound: report.marks.hit(.notFound)
        case .keyReused: report.marks.hit(.keyReused)
        case .readOnly: report.marks.hit(.appendFull)
        case .unavailable:
            if case .appendFailed = cause {
                report.marks.hit(.appendBroken)
            } else {
                report.marks.hit(request.verb == "ENROL" ? .authorityAway : .readFailed)
            }
        case .authenticationFailed: report.marks.hit(request.verb == "ENROL" ? .wrongCode : .wrongSecret)
        case .cancelled, .logChanged, .cursorAhead, .authenticationNeeded, .busy, .quota: break
        }
    }
}
