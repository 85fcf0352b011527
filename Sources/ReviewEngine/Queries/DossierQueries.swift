import ReviewCore
import ReviewDigest
import ReviewProtocol

extension Reading {
    /// DOSSIER topic: the files that are kept of an approved topic, the manifest first.
    func showDossier() throws(Interruption) -> Reply {
        let topic = try readable(call.word("topic"))
        let dossier = try dossier(of: topic)
        let files = try refusing { () throws(Refusal) in try dossier.files() }
        let parts = files.map { file in
            Reply.Part.row(
                "file",
                [
                    Pair("name", file.name), Pair("bytes", String(file.text.utf8.count)),
                    Pair("sha256", file.digest.description), Pair("text", said(file.wording)),
                ])
        }
        var pairs = [Pair("topic", topic.id.description), Pair("files", String(files.count))]
        pairs.append(Pair("bytes", String(files.reduce(0) { $0 + $1.text.utf8.count })))
        // The manifest has the digests of all others.
        pairs.add("sha256", files.first?.digest.description)
        return done(pairs, parts: parts)
    }

    /// FETCH digits [topic=]: the text of a revision in work, of any topic or of the one that is named; or a file of a
    /// dossier, without topic= of the one that this connection asked for last.
    func fetch() throws(Interruption) -> Reply {
        let missing = Interruption.refused(
            Refusal(
                .notFound,
                Wording(
                    "Không có tệp nào mang mã này; tệp của hồ sơ: gõ DOSSIER kèm mã chuyên đề trước, rồi FETCH từng tệp",
                    "No file has this digest; for those of a dossier say DOSSIER with the topic first, then FETCH each")
            ))
        guard let digest = Digest(hexadecimal: call.word("sha256")) else { throw missing }
        if let (topic, revision) = fetchedRevision {
            return fetched(
                revision.document.text, digest, [Pair("revision", RevisionID(topic.id, revision.number).description)])
        }
        guard let id = fetchedTopic else { throw missing }
        let topic = try readable(id.description)
        guard topic.stage.isApproved else { throw missing }
        let dossier = try dossier(of: topic)
        guard let file = try refusing({ () throws(Refusal) in try dossier.file(digest) }) else { throw missing }
        return fetched(file.text, digest, [Pair("topic", id.description), Pair("name", file.name)])
    }

    private var namedTopic: TopicID? { call.pair("topic").flatMap { TopicID($0) } }

    /// The topic in whose dossier FETCH looks.
    var fetchedTopic: TopicID? { namedTopic ?? dossier }

    /// The revision in work that FETCH asks for, if the person may read one; the same text may have been pushed in several
    /// topics.
    var fetchedRevision: (topic: Topic, revision: Revision)? {
        guard let digest = Digest(hexadecimal: call.word("sha256")) else { return nil }
        for topic in state.topics.open.sorted(by: { $0.id < $1.id }) where namedTopic == nil || topic.id == namedTopic {
            if let revision = topic.revisions.first(where: { $0.digest == digest }),
                state.access(of: person.id, to: topic) == .text, state.notice(of: revision) == nil
            {
                return (topic, revision)
            }
        }
        return nil
    }

    private func fetched(_ text: String, _ digest: Digest, _ pairs: [Pair]) -> Reply {
        done(
            pairs + [
                Pair("lines", String(text.shownLines.count)), Pair("bytes", String(text.utf8.count)),
                Pair("sha256", digest.description),
            ], parts: [.text(text)])
    }

    /// The dossier, once all events of the topic are at hand.
    private func dossier(of topic: Topic) throws(Interruption) -> Dossier {
        try refusing { () throws(Refusal) in try Dossier.approved(of: topic) }
        let stretch = materials.stretch?.value ?? Stretch()
        // The end of the log may have been read before the one thing that can still happen to an approved topic.
        let isIssued = stretch.events.contains { if case .documentIssued = $0.fact { true } else { false } }
        if !stretch.isAtEnd || topic.issued != nil && !isIssued {
            throw .needs(
                .events(after: stretch.last ?? 0, limit: EngineConfiguration.eventPage, topic: topic.id))
        }
        // What is durable but not part of the state yet comes with the next request.
        let records = stretch.events.filter { $0.sequence <= state.lastSequence }
            .map { Dossier.Record(sequence: $0.sequence, line: writeRecord($0)) }
        return try refusing { () throws(Refusal) in
            try Dossier(of: topic, records: records, epoch: engine.epoch, sealed: seal, in: state, for: person)
        }
    }

    private var seal: Dossier.Seal? {
        engine.signer.map { signer in
            Dossier.Seal(key: signer.key.pem) { signer.sign(Array($0.utf8)).map { Base64.encode($0) } }
        }
    }

    @discardableResult
    private func refusing<Result>(_ work: () throws(Refusal) -> Result) throws(Interruption) -> Result {
        do throws(Refusal) { return try work() } catch { throw .refused(error) }
    }
}
