import ReviewClient
import ReviewDigest
import ReviewProtocol
import Terminal

/// `checkpoint`, `proof`: of what the server says about its log only that is believed which is proved.
///
/// The key that signed the first checkpoint is remembered for the server, and so is the last checkpoint that was right: a
/// later one has to bear the signature of that key, and to begin with all that the earlier one covered.
extension CommandRunner {
    /// A checkpoint whose signature is right.
    private struct Signed {
        let checkpoint: Checkpoint
        let note: String
    }

    func checkpoint() throws(CommandFailure) -> ExitCode {
        let (present, reply) = try presentCheckpoint()
        if screen.isJSON {
            finish(reply)
        } else if screen.isTerminal {
            surroundings.writeLines(SafeText.lines(present.note))
        } else {
            surroundings.write(Array(present.note.utf8))
        }
        return .done
    }

    func proof() throws(CommandFailure) -> ExitCode {
        guard let sequence = invocation.operand("sequence").flatMap({ Int64($0) }), sequence >= 1 else {
            throw CommandFailure(.usage, "Số của sự kiện từ 1 trở lên.", "Events are numbered from 1.")
        }
        let (present, told) = try presentCheckpoint()
        let place = try kept(by: key(of: told)) ?? present
        let size = place.checkpoint.size
        let reply = try require(Request.of("PROOF", String(sequence)).adding("size", String(size)))
        let path = try hashes(of: reply)
        var leaf = reply.text[...]
        if leaf.last == 0x0A { leaf.removeLast() }
        let text = String(decoding: leaf, as: UTF8.self)
        // What is proved is that this text is a leaf; that it is the event's follows from the number in it.
        let words = text.utf8.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        let isOfEvent = words.count == 3 && words[1].elementsEqual(String(sequence).utf8)
        let root = MerkleTree.root(leaf: MerkleTree.leaf(text), at: sequence - 1, in: size, path: path)
        guard isOfEvent, root == place.checkpoint.root else {
            throw CommandFailure(
                .notProven,
                "BẰNG CHỨNG SAI: máy chủ không chứng minh được sự kiện \(sequence) nằm trong nhật ký ở mốc \(name(of: place)).",
                "THE PROOF IS WRONG: the server does not prove that event \(sequence) is in the log at the checkpoint of \(name(of: place)).",
                next: Self.askTheOperator)
        }
        if screen.isJSON {
            finish(reply)
        } else if screen.isTerminal {
            surroundings.writeLines(screen.paragraph(text))
        } else {
            surroundings.write(Array((text + "\n").utf8))
            // What somebody else needs to compute the root again.
            let sides = MerkleTree.inclusion(of: sequence - 1, in: size).map {
                $0.upperBound < sequence ? "left" : "right"
            }
            surroundings.writeLines(zip(sides, path).map { "\($0) \($1)" })
        }
        say(
            "Đã chứng minh: sự kiện \(sequence) nằm trong nhật ký, đúng như ghi ở trên, ở mốc \(name(of: place)).",
            "Proved: event \(sequence) is in the log, as it stands above, at the checkpoint of \(name(of: place)).")
        return .done
    }

    // MARK: - Checkpoints

    /// The present checkpoint, once its signature is right and it continues those that are known.
    private func presentCheckpoint() throws(CommandFailure) -> (Signed, Reply) {
        let reply = try require(Request(verb: "CHECKPOINT"))
        let key = try key(of: reply)
        let known = surroundings.recall(.logKey).flatMap { LogKey(line: $0) }
        if let known, known != key {
            guard invocation.global.yes else { throw changed(known, key) }
            say(
                "Nhận khóa nhật ký mới, vân tay \(key.fingerprint).",
                "Taking the new key of the log, fingerprint \(key.fingerprint).")
        }
        let present = try signed(String(decoding: reply.text, as: UTF8.self), by: key)
        if invocation.form.conduct == .checkpoint, let kept = try kept(by: key) {
            try expect(present, continues: kept, isRemembered: false, mayBeGivenUp: false)
        }
        // What --yes said of the key says nothing of the log: a log that was rewritten raises its own alarm.
        if known != key { try surroundings.keep(.logKey, key.line) }
        if let note = surroundings.recall(.checkpoint), let (checkpoint, _) = Checkpoint.read(note + "\n", by: key) {
            try expect(
                present, continues: Signed(checkpoint: checkpoint, note: note), isRemembered: true,
                mayBeGivenUp: known == key)
        } else {
            say(
                "Chữ ký đúng; nhật ký có \(present.checkpoint.size) sự kiện. Từ nay mốc này được ghi nhớ để so với các mốc sau.",
                "The signature is right; the log has \(present.checkpoint.size) events. This checkpoint is remembered, to compare later ones with it."
            )
        }
        if known == nil {
            say(
                "Lần đầu gặp khóa nhật ký của máy chủ này; đã ghi nhớ. Hãy so vân tay với vân tay quản trị hệ thống đã báo: \(key.fingerprint)",
                "The key of this server's log is seen for the first time, and remembered. Compare its fingerprint with what the administrator told you: \(key.fingerprint)"
            )
        }
        try surroundings.keep(.checkpoint, String(present.note.dropLast()))
        return (present, reply)
    }

    /// The checkpoint in the file of `--kept`; nil without one.
    private func kept(by key: LogKey) throws(CommandFailure) -> Signed? {
        guard let path = invocation.option("kept") else { return nil }
        let octets = try surroundings.readFile(path)
        // Whoever kept it may have lost or changed the ends of lines.
        var text = String(decoding: octets.filter { $0 != 0x0D }, as: UTF8.self)
        if text.utf8.last != 0x0A { text += "\n" }
        return try signed(text, by: key)
    }

    /// A note, if the owner of the key signed it.
    private func signed(_ note: String, by key: LogKey) throws(CommandFailure) -> Signed {
        guard let (checkpoint, signatures) = Checkpoint.read(note, by: key) else { throw Self.noCheckpoint }
        let text = Array(checkpoint.text.utf8)
        guard signatures.contains(where: { surroundings.verifies($0, of: text, by: key.octets) }) else {
            throw CommandFailure(
                .notProven,
                "CHỮ KÝ SAI: mốc nhật ký này không do khóa có vân tay \(key.fingerprint) ký.",
                "THE SIGNATURE IS WRONG: this checkpoint was not signed by the key with the fingerprint \(key.fingerprint).",
                next: Self.askTheOperator)
        }
        return Signed(checkpoint: checkpoint, note: note)
    }

    /// Has the server prove that its log begins with all that an earlier checkpoint covers, and says what was proved.
    ///
    /// - Parameters:
    ///   - isRemembered: whether it is the one that this machine remembers.
    ///   - mayBeGivenUp: whether `--yes` may go on with another log.
    private func expect(
        _ present: Signed, continues earlier: Signed, isRemembered: Bool, mayBeGivenUp: Bool
    ) throws(CommandFailure) {
        let (old, new) = (earlier.checkpoint, present.checkpoint)
        let isRestored = !old.origin.utf8.elementsEqual(new.origin.utf8)
        guard try isProved(old, new) else {
            if mayBeGivenUp, invocation.global.yes {
                return say(
                    "Bỏ mốc đã nhớ \(name(of: earlier)) theo yêu cầu (--yes); ghi nhớ mốc mới.",
                    "Giving up the remembered checkpoint of \(name(of: earlier)) as told (--yes); remembering the new one."
                )
            }
            throw broken(earlier, present, isRestored: isRestored, isRemembered: isRemembered)
        }
        if isRestored {
            say(
                "Nhật ký đã được khôi phục từ bản sao lưu, nhưng mọi sự kiện của mốc \(name(of: earlier)) còn nguyên.",
                "The log was restored from a backup, but every event of the checkpoint of \(name(of: earlier)) is there unchanged."
            )
        } else if old.size == new.size {
            say(
                "Đã chứng minh: nhật ký không đổi kể từ mốc \(name(of: earlier)).",
                "Proved: the log is unchanged since the checkpoint of \(name(of: earlier)).")
        } else {
            say(
                "Đã chứng minh: từ mốc \(name(of: earlier)) nhật ký chỉ được ghi thêm đến \(new.size) sự kiện; không sự kiện nào bị sửa, xóa hay chen vào.",
                "Proved: since the checkpoint of \(name(of: earlier)) the log only grew, to \(new.size) events; none was altered, removed or put in between."
            )
        }
    }

    private func isProved(_ old: Checkpoint, _ new: Checkpoint) throws(CommandFailure) -> Bool {
        if old.size == 0 { return true }
        guard old.size <= new.size else { return false }
        var path: [Digest] = []
        if old.size < new.size {
            path = try hashes(
                of: try require(
                    Request(verb: "PROOF").adding("from", String(old.size)).adding("size", String(new.size))))
        }
        return MerkleTree.isConsistent(from: old.size, old.root, to: new.size, new.root, path: path)
    }

    /// Why the present log is not the one that a checkpoint was of.
    private func broken(
        _ earlier: Signed, _ present: Signed, isRestored: Bool, isRemembered: Bool
    ) -> CommandFailure {
        let before = name(of: earlier)
        var failure =
            isRestored
            ? CommandFailure(
                .notProven,
                "NHẬT KÝ KHÔNG CÒN NHƯ Ở MỐC ĐÃ GIỮ: máy chủ đã được khôi phục từ bản sao lưu, và các sự kiện của mốc \(before) không còn đủ hoặc đã khác.",
                "THE LOG IS NO LONGER AS AT THE CHECKPOINT: the server was restored from a backup, and events of the checkpoint of \(before) are missing or different."
            )
            : CommandFailure(
                .notProven,
                "NHẬT KÝ ĐÃ BỊ SỬA: nhật ký hiện nay (\(present.checkpoint.size) sự kiện) không tiếp nối mốc \(before). Có sự kiện đã bị sửa, xóa hoặc thay.",
                "THE LOG WAS REWRITTEN: the present log (\(present.checkpoint.size) events) does not continue the checkpoint of \(before). Events were altered, removed or replaced."
            )
        failure.next =
            isRemembered
            ? Bilingual(
                "Giữ lại mốc đã nhớ và hỏi quản trị hệ thống, lãnh đạo. Nếu thay đổi này có lý do đúng: gõ lại lệnh với --yes để nhớ mốc mới.",
                "Keep the remembered checkpoint, and ask the administrator and the leadership. If there is a good reason: type the command again with --yes to remember the new one."
            ) : Self.askTheOperator
        return failure
    }

    private func changed(_ known: LogKey, _ key: LogKey) -> CommandFailure {
        CommandFailure(
            .notProven,
            "KHÓA NHẬT KÝ CỦA MÁY CHỦ ĐÃ THAY ĐỔI. Đã nhớ: \(known.fingerprint). Hiện nay: \(key.fingerprint).",
            "THE KEY OF THE SERVER'S LOG HAS CHANGED. Remembered: \(known.fingerprint). Now: \(key.fingerprint).",
            next: Bilingual(
                "Hỏi quản trị hệ thống. Nếu đúng là khóa mới: gõ lại lệnh với --yes.",
                "Ask the administrator. If the new key is right: type the command again with --yes."))
    }

    private static let askTheOperator = Bilingual(
        "Giữ tệp và màn hình này làm bằng chứng, hỏi quản trị hệ thống và lãnh đạo.",
        "Keep the file and this screen as evidence, and ask the administrator and the leadership.")

    private static let noCheckpoint = CommandFailure(
        .badData, "Không đọc được: không đúng dạng một mốc nhật ký.", "This is not of the form of a checkpoint.")

    // MARK: - What came

    private func key(of reply: Reply) throws(CommandFailure) -> LogKey {
        guard let row = reply.rows.first(where: { $0.word == "key" }),
            let key = row["public"].flatMap({ LogKey(line: $0) })
        else { throw Self.noProof }
        return key
    }

    private func hashes(of reply: Reply) throws(CommandFailure) -> [Digest] {
        var found: [Digest] = []
        for row in reply.rows where row.word == "node" {
            guard let hash = row["hash"].flatMap({ Digest(hexadecimal: $0) }) else { throw Self.noProof }
            found.append(hash)
        }
        return found
    }

    private static let noProof = CommandFailure(
        .protocolError, "Máy chủ trả lời không đúng dạng.", "The server's answer is not of the right form.")

    /// How many events a checkpoint covers, and when it was made.
    private func name(of signed: Signed) -> String {
        let time = signed.checkpoint.time.map { SafeText.escape(MomentText.text($0) ?? $0) }
        let size = signed.checkpoint.size
        return screen.text("\(size) sự kiện", "\(size) events") + (time.map { " (\($0))" } ?? "")
    }

    /// A sentence beside the result.
    private func say(_ vietnamese: String, _ english: String) {
        for line in screen.paragraph(screen.text(vietnamese, english)) { surroundings.tell(line) }
    }
}
