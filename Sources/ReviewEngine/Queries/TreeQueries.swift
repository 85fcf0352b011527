import ReviewCore
import ReviewDigest
import ReviewProtocol

/// CHECKPOINT, PROOF: what shows that nobody rewrites the log (RFC 6962).
extension Reading {
    /// CHECKPOINT: the size and the root of the tree over everything that is durable, signed.
    func checkpoint() throws(Interruption) -> Reply {
        guard let signer = engine.signer else { throw .answered(cannotSign) }
        guard let tree = materials.tree?.value else {
            // By the time of the answer the log may have grown; what was asked for stays good.
            let size = state.lastSequence
            throw .needs(.tree(TreeQuery(size: size, subtrees: [0..<size])))
        }
        let checkpoint = Checkpoint(
            origin: "phanbien/\(engine.epoch)", size: tree.query.size, root: tree.hashes.first ?? MerkleTree.empty,
            extensions: [Checkpoint.timeMark + now.rfc3339])
        guard let signature = signer.sign(Array(checkpoint.text.utf8)) else { throw .answered(cannotSign) }
        let note = checkpoint.note(signature: signature, by: signer.key)
        let key: [Pair] = [
            Pair("name", checkpoint.origin), Pair("id", checkpoint.id(of: signer.key).hexadecimal),
            Pair("public", signer.key.line),
        ]
        return done(
            [
                Pair("size", String(checkpoint.size)), Pair("root", checkpoint.root.description),
                Pair("lines", String(note.shownLines.count)), Pair("bytes", String(note.utf8.count)),
                Pair("key", signer.key.fingerprint.description),
            ], parts: [.row("key", key), .text(note)])
    }

    private var cannotSign: Reply {
        .no(
            .unavailable,
            Wording(
                "Máy chủ không có khóa để ký mốc nhật ký; hãy báo quản trị hệ thống",
                "The server has no key to sign a checkpoint with; please tell the administrator"),
            afterMilliseconds: 60_000, language)
    }

    /// PROOF n [size=m]: that an event is in the log as it was with so many events; PROOF from=m [size=n]: that the log
    /// with n events begins with the one that had m.
    func treeProof() throws(Interruption) -> Reply {
        let tail = state.lastSequence
        // Without size= all that was there when it was asked for first.
        let size = call.number("size") ?? materials.tree?.value.query.size ?? tail
        let from = call.number("from")
        guard size <= tail, from ?? 0 <= tail else {
            throw .answered(
                .no(
                    .cursorAhead, Wording("Nhật ký chỉ đến sự kiện \(tail)", "The log ends at event \(tail)"),
                    pairs: [Pair("tail", String(tail))], language))
        }
        switch (call.optionalWord("sequence"), from) {
        case (let sequence?, nil): return try inclusion(of: sequence, in: size)
        case (nil, let from?): return try consistency(from: from, to: size)
        case (nil, nil):
            throw unfit(
                "sequence",
                Wording(
                    "Cần số của một sự kiện, hoặc from= cùng số sự kiện của mốc trước",
                    "Give the number of an event, or from= with the size of an earlier checkpoint"))
        case (.some, .some):
            throw unfit(
                "from",
                Wording(
                    "Chỉ chứng minh được một điều mỗi lần: một sự kiện, hoặc from=",
                    "One proof at a time: of an event, or from="))
        }
    }

    private func unfit(_ argument: String, _ wording: Wording) -> Interruption {
        .refused(Refusal(.invalid, wording, details: [Detail("argument", argument)]))
    }

    private func inclusion(of text: String, in size: Int64) throws(Interruption) -> Reply {
        guard let sequence = Int64(text), sequence <= state.lastSequence else {
            throw notFound("sự kiện \(text)", "event \(text)")
        }
        guard sequence <= size else {
            throw unfit(
                "size",
                Wording(
                    "Mốc có \(size) sự kiện chưa có sự kiện \(sequence)",
                    "A checkpoint of \(size) events does not have event \(sequence)"))
        }
        let event = try provable(sequence, text)
        let index = sequence - 1
        let path = MerkleTree.inclusion(of: index, in: size)
        guard let tree = materials.tree?.value else {
            throw .needs(.tree(TreeQuery(size: size, event: event.sequence, subtrees: path)))
        }
        let leaf = tree.leaf ?? ""
        let hash = MerkleTree.leaf(leaf)
        let nodes = zip(path, tree.hashes).map { range, hash in
            Self.node(range, hash, side: range.upperBound <= index ? "left" : "right")
        }
        var pairs = [Pair("index", String(index)), Pair("size", String(size))]
        pairs.add("root", MerkleTree.root(leaf: hash, at: index, in: size, path: tree.hashes)?.description)
        pairs.append(Pair("nodes", String(nodes.count)))
        return done(
            pairs, parts: [.row("leaf", [Pair("seq", text), Pair("hash", hash.description)]), .text(leaf)] + nodes)
    }

    private func consistency(from old: Int64, to size: Int64) throws(Interruption) -> Reply {
        guard old <= size else {
            throw unfit(
                "size",
                Wording(
                    "size= phải từ \(old) trở lên, vì nhật ký chỉ dài thêm",
                    "size= has to be \(old) or more: a log grows"))
        }
        let path = MerkleTree.consistency(from: old, to: size)
        guard let tree = materials.tree?.value else {
            // Both roots with it, for who checks it by hand.
            throw .needs(.tree(TreeQuery(size: size, subtrees: path + [0..<old, 0..<size])))
        }
        let nodes = zip(path, tree.hashes).map { Self.node($0, $1) }
        let roots = tree.hashes.suffix(2)
        var pairs = [Pair("from", String(old)), Pair("size", String(size))]
        pairs.add("from-root", roots.first?.description)
        pairs.add("root", roots.last?.description)
        pairs.append(Pair("nodes", String(nodes.count)))
        return done(pairs, parts: nodes)
    }

    /// A subtree of a proof, by the events that it covers.
    private static func node(_ range: Range<Int64>, _ hash: Digest, side: String? = nil) -> Reply.Part {
        var pairs: [Pair] = []
        pairs.add("side", side)
        pairs += [
            Pair("first", String(range.lowerBound + 1)), Pair("last", String(range.upperBound)),
            Pair("hash", hash.description),
        ]
        return .row("node", pairs)
    }

    /// The event, if the person may be given its record: it holds more than a line tells, above all the digests of texts,
    /// from which short ones can be guessed.
    private func provable(_ sequence: Int64, _ text: String) throws(Interruption) -> Event {
        guard let stretch = materials.stretch?.value else {
            throw .needs(.events(after: sequence - 1, limit: 1, topic: nil))
        }
        // What one may see is decided when it is told, not when it was read.
        guard let event = stretch.events.first, event.sequence == sequence, state.isVisible(event, to: person.id) else {
            throw notFound("sự kiện \(text)", "event \(text)")
        }
        guard !event.fact.holdsSecret else {
            throw .refused(
                Refusal(
                    .forbidden,
                    Wording(
                        "Sự kiện \(sequence) giữ dấu vết của mật khẩu, mã mời hoặc phiên nên không đưa ra; mốc vẫn bao gồm nó",
                        "Event \(sequence) holds traces of a password, code or session and is not given out; checkpoints cover it"
                    )))
        }
        if !event.fact.fields.bodies.isEmpty {
            if let id = event.fact.topic {
                guard let topic = state.topics[id] else { throw notFound("sự kiện \(text)", "event \(text)") }
                guard state.access(of: person.id, to: topic) == .text else { throw .refused(topic.unread) }
            } else if case .personDisabled = event.fact, person.position != .admin {
                throw .refused(
                    Refusal(
                        .forbidden,
                        Wording(
                            "Chỉ quản trị hệ thống xem lý do khóa tài khoản",
                            "Only the administrator sees why an account was disabled")))
            }
        }
        return event
    }
}
