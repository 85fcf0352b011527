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
            var pairs = [
                Pair("name", file.name), Pair("bytes", String(file.octets)), Pair("sha256", file.digest.description),
            ]
            if case .original = file.content { pairs.append(Self.inBase64) }
            return Reply.Part.row("file", pairs + [Pair("text", said(file.wording))])
        }
        var pairs = [Pair("topic", topic.id.description), Pair("files", String(files.count))]
        pairs.append(Pair("bytes", String(files.reduce(0) { $0 + $1.octets })))
        // The manifest has the digests of all others.
        pairs.add("sha256", files.first?.digest.description)
        return done(pairs, parts: parts)
    }

    /// FETCH digits [topic=]: the text of a revision in work, or its original file, of any topic or of the one that is named;
    /// or an original file of a finished topic, or a file of a dossier, without topic= of the one that this connection asked
    /// for last.
    func fetch() throws(Interruption) -> Reply {
        let missing = Interruption.refused(
            Refusal(
                .notFound,
                Wording(
                    "Không có tệp nào mang mã này, hoặc bạn chưa được xem; tệp của hồ sơ hoặc của chuyên đề đã xong: thêm topic= kèm mã chuyên đề",
                    "No file has this digest, or it is not open to you; for those of a dossier or a finished topic add topic= with the topic"
                )
            ))
        guard let digest = Digest(hexadecimal: call.word("sha256")) else { throw missing }
        if let (topic, revision) = fetchedRevision {
            return fetched(
                revision.document.text, digest, [Pair("revision", RevisionID(topic.id, revision.number).description)])
        }
        if let (topic, revision, original) = fetchedOriginal {
            let pair = Pair("revision", RevisionID(topic.id, revision.number).description)
            return fetched(try content(of: original), original, [pair])
        }
        guard let id = fetchedTopic else { throw missing }
        let topic = try readable(id.description)
        let pairs = { (name: String) in [Pair("topic", id.description), Pair("name", name)] }
        // The other files need not be made for it.
        for revision in topic.revisions {
            guard let original = revision.keptOriginal, original.digest == digest else { continue }
            let isApproved = revision.number == topic.approval?.revision
            // A topic that was cancelled has no dossier.
            let place =
                topic.stage.isApproved
                ? pairs(Dossier.name(ofOriginal: revision, isApproved: isApproved))
                : [Pair("revision", RevisionID(topic.id, revision.number).description)]
            return fetched(try content(of: original), original, place)
        }
        guard topic.stage.isApproved else { throw missing }
        let dossier = try dossier(of: topic)
        guard let file = try refusing({ () throws(Refusal) in try dossier.file(digest) }),
            case .text(let text) = file.content
        else { throw missing }
        return fetched(text, digest, pairs(file.name))
    }

    /// What the log keeps of an original file, once its event is at hand.
    private func content(of original: OriginalFile) throws(Interruption) -> String {
        guard let stretch = materials.stretch?.value else { throw .needs(.event(original.event)) }
        guard case .originalAttached(let fact) = stretch.events.first(where: { $0.sequence == original.event })?.fact,
            let text = fact.content.text
        else { throw notFound(original.digest.description) }
        return text
    }

    private var namedTopic: TopicID? { call.pair("topic").flatMap { TopicID($0) } }

    /// The topic in whose dossier FETCH looks.
    var fetchedTopic: TopicID? { namedTopic ?? dossier }

    /// The revision in work that FETCH asks for, if the person may read one; the same text may have been pushed in several
    /// topics.
    var fetchedRevision: (topic: Topic, revision: Revision)? {
        guard let digest = Digest(hexadecimal: call.word("sha256")) else { return nil }
        return revisionsInWork.first { $0.revision.digest == digest && state.notice(of: $0.revision) == nil }
    }

    /// The original file of a revision in work that FETCH asks for, if the person may read the revision.
    var fetchedOriginal: (topic: Topic, revision: Revision, original: OriginalFile)? {
        guard let digest = Digest(hexadecimal: call.word("sha256")) else { return nil }
        return revisionsInWork.lazy.compactMap { topic, revision in
            revision.keptOriginal.flatMap { $0.digest == digest ? (topic, revision, $0) : nil }
        }.first
    }

    /// The revisions of topics in work, of all or of the one that is named, that the person may read.
    private var revisionsInWork: some Sequence<(topic: Topic, revision: Revision)> {
        state.topics.open.sorted { $0.id < $1.id }.lazy
            .filter { namedTopic == nil || $0.id == namedTopic }
            .filter { state.access(of: person.id, to: $0) == .text }
            .flatMap { topic in topic.revisions.lazy.map { (topic: topic, revision: $0) } }
    }

    private static let inBase64 = Pair("encoding", "base64")
    /// RFC 2045, section 6.8: what every decoder takes.
    private static let base64Line = 76

    private func fetched(_ encoded: String, _ original: OriginalFile, _ pairs: [Pair]) -> Reply {
        let digits = Array(encoded.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(digits.count + digits.count / Self.base64Line + 1)
        for start in stride(from: 0, to: digits.count, by: Self.base64Line) {
            text += digits[start..<min(start + Self.base64Line, digits.count)]
            text.append(0x0A)
        }
        let lines = (digits.count + Self.base64Line - 1) / Self.base64Line
        return done(
            pairs + [
                Pair("file", original.name), Self.inBase64, Pair("lines", String(lines)),
                Pair("bytes", String(original.octets)), Pair("sha256", original.digest.description),
            ], parts: [.text(String(decoding: text, as: UTF8.self))])
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
