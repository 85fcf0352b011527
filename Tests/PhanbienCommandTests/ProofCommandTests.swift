import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol
import Testing

/// `checkpoint`, `proof`: against a server that is honest, and against servers that are not.
@Suite struct ProofCommandTests {
    /// A log as a server shows it.
    private struct Log {
        var leaves: [String]
        var origin = "phanbien/01J8"
        var key = LogKey(octets: Array(1...32))
        var forges = false

        init(_ count: Int) { leaves = (1...count).map(Self.leaf) }

        static func leaf(_ event: Int) -> String {
            String(repeating: "a", count: 32) + " \(event) 2025-06-16T09:12:01.101+07:00 COMMENT.ADDED minh hcth"
        }

        private func hash(_ range: Range<Int64>) -> Digest {
            MerkleTree.root(of: leaves[Int(range.lowerBound)..<Int(range.upperBound)].map { MerkleTree.leaf($0) })
        }

        var note: String {
            guard let key else { return "" }
            let size = Int64(leaves.count)
            let checkpoint = Checkpoint(
                origin: origin, size: size, root: hash(0..<size), extensions: ["time 2025-06-16T09:12:01.101+07:00"])
            let text = Array(checkpoint.text.utf8)
            return checkpoint.note(
                signature: ScriptedSurroundings.signature(of: forges ? text + [1] : text, by: key.octets), by: key)
        }

        func answer(_ request: Request) -> Reply {
            func number(_ text: String?) -> Int64 { text.flatMap { Int64($0) } ?? 0 }
            func node(_ range: Range<Int64>) -> ReplyPart {
                .row(ReplyRow("node", [Pair("hash", hash(range).description)]))
            }
            switch request.verb {
            case "CHECKPOINT":
                return Reply(
                    [.row(ReplyRow("key", [Pair("public", key?.line ?? "")])), .literal(Array(note.utf8))],
                    status: Status(.ok))
            case "PROOF":
                let size = number(request.value("size"))
                if let from = request.value("from") {
                    return Reply(
                        MerkleTree.consistency(from: number(from), to: size).map(node), status: Status(.ok))
                }
                let event = number(request.arguments.first?.value)
                return Reply(
                    [
                        .row(ReplyRow("leaf", [Pair("seq", String(event))])),
                        .literal(Array(leaves[Int(event) - 1].utf8)),
                    ] + MerkleTree.inclusion(of: event - 1, in: size).map(node), status: Status(.ok))
            default: return Reply(status: Status(.no("INVALID")))
            }
        }
    }

    private func world(
        _ log: Log, after earlier: ScriptedSurroundings? = nil, terminal: Bool = false
    ) -> ScriptedSurroundings {
        let world = ScriptedSurroundings(terminal: terminal)
        world.respond = { log.answer($0) }
        world.remembered = earlier?.remembered ?? [:]
        return world
    }

    /// What a person was told, wherever the lines broke.
    private func said(_ world: ScriptedSurroundings) -> String {
        world.told.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    @Test func theFirstCheckpointIsRememberedWithItsKey() throws {
        let log = Log(5)
        let world = world(log)
        #expect(run("checkpoint", in: world) == .done)
        #expect(world.shown == log.note, "to a file it goes octet by octet")
        #expect(world.lines == ["CHECKPOINT"])
        #expect(world.remembered["_log-key"] == log.key?.line)
        #expect(world.remembered["_checkpoint"] == String(log.note.dropLast()))
        #expect(said(world).contains("Chữ ký đúng; nhật ký có 5 sự kiện."), "\(world.told)")
        #expect(said(world).contains(try #require(log.key).fingerprint.description))
    }

    /// What is kept of a server lies where its people have their folders.
    @Test(arguments: [Memory.logKey, .checkpoint]) func nobodyIsNamedLikeIt(memory: Memory) {
        #expect(memory.isOfServer && WordKind.person.canonical(memory.name) == nil)
    }

    @Test func aLaterOneIsProvedToContinueIt() throws {
        let first = world(Log(5))
        run("checkpoint", in: first)
        let second = world(Log(9), after: first)
        #expect(run("moc-nhat-ky", in: second) == .done)
        #expect(second.lines == ["CHECKPOINT", "PROOF from=5 size=9"])
        #expect(
            said(second).contains("từ mốc 5 sự kiện (09:12 16/6/2025) nhật ký chỉ được ghi thêm đến 9 sự kiện"),
            "\(second.told)")
        #expect(second.remembered["_checkpoint"] == String(Log(9).note.dropLast()))
        let third = world(Log(9), after: second)
        #expect(run("checkpoint", in: third) == .done)
        #expect(third.lines == ["CHECKPOINT"], "nothing has to be proved")
        #expect(said(third).contains("nhật ký không đổi kể từ mốc 9 sự kiện"))
        let english = ScriptedSurroundings(language: .english, terminal: false)
        english.respond = { Log(12).answer($0) }
        english.remembered = third.remembered
        #expect(run("checkpoint", in: english) == .done)
        #expect(said(english).contains("Proved: since the checkpoint of 9 events"), "\(english.told)")
    }

    /// An event altered, the end cut off, an event left out: whatever the server computes anew, it has no proof.
    @Test(arguments: ["altered", "cut", "left out", "replaced"]) func aLogThatWasRewrittenIsSaid(how: String) {
        let first = world(Log(20))
        run("checkpoint", in: first)
        var log = Log(33)
        switch how {
        case "altered": log.leaves[7] += " verdict=pass"
        case "cut": log.leaves.removeLast(20)
        case "left out": log.leaves.remove(at: 3)
        default:
            log.leaves.removeLast(13)
            log.leaves[19] += "x"
        }
        let second = world(log, after: first)
        #expect(run("checkpoint", in: second) == .notProven)
        #expect(said(second).contains("NHẬT KÝ ĐÃ BỊ SỬA"), "\(second.told)")
        #expect(second.shown.isEmpty && second.remembered == first.remembered, "the old one stays remembered")
        let proof = world(log, after: first)
        #expect(run("proof", "3", in: proof) == .notProven, "nor is anything proved by it")
        // Whoever has been told why may go on.
        let third = world(log, after: first)
        #expect(run("checkpoint", "--yes", in: third) == .done)
        #expect(third.remembered["_checkpoint"] == String(log.note.dropLast()))
    }

    @Test func aRestoredLogIsNamedAsThat() {
        let first = world(Log(20))
        run("checkpoint", in: first)
        var log = Log(12)
        log.origin = "phanbien/01J9"
        let second = world(log, after: first)
        #expect(run("checkpoint", in: second) == .notProven)
        #expect(said(second).contains("đã được khôi phục từ bản sao lưu"), "\(second.told)")
        log.leaves = Log(25).leaves
        let third = world(log, after: first)
        #expect(run("checkpoint", in: third) == .done)
        #expect(said(third).contains("mọi sự kiện của mốc 20 sự kiện (09:12 16/6/2025) còn nguyên"), "\(third.told)")
    }

    @Test func anotherKeyIsNotTakenSilently() {
        let first = world(Log(5))
        run("checkpoint", in: first)
        var log = Log(6)
        log.key = LogKey(octets: Array(2...33))
        let second = world(log, after: first)
        #expect(run("checkpoint", in: second) == .notProven)
        #expect(said(second).contains("KHÓA NHẬT KÝ CỦA MÁY CHỦ ĐÃ THAY ĐỔI"))
        #expect(second.remembered == first.remembered)
        let third = world(log, after: first)
        #expect(run("checkpoint", "--yes", in: third) == .done)
        #expect(third.remembered["_log-key"] == log.key?.line)
        #expect(said(third).contains("nhật ký chỉ được ghi thêm đến 6 sự kiện"), "the log is still proved")
    }

    @Test func whoTakesANewKeyHasNotTakenARewrittenLog() {
        let first = world(Log(20))
        run("checkpoint", in: first)
        var log = Log(33)
        log.leaves[7] += " verdict=pass"
        log.key = LogKey(octets: Array(2...33))
        let second = world(log, after: first)
        #expect(run("checkpoint", "--yes", in: second) == .notProven)
        #expect(said(second).contains("NHẬT KÝ ĐÃ BỊ SỬA"), "\(second.told)")
        #expect(second.remembered["_log-key"] == log.key?.line)
        #expect(second.remembered["_checkpoint"] == first.remembered["_checkpoint"])
        let third = world(log, after: second)
        #expect(run("checkpoint", in: third) == .notProven, "it is still wrong")
        #expect(run("checkpoint", "--yes", in: third) == .done)
    }

    @Test func aWrongSignatureIsNothing() {
        var log = Log(5)
        log.forges = true
        let world = world(log)
        #expect(run("checkpoint", in: world) == .notProven)
        #expect(said(world).contains("CHỮ KÝ SAI") && world.remembered.isEmpty && world.shown.isEmpty)
        #expect(run("checkpoint", "--yes", in: world) == .notProven, "nobody can wish it right")
    }

    @Test func aKeptFileIsCheckedAsWell() {
        let kept = Log(4).note
        let world = world(Log(9))
        // As Notepad would keep it.
        world.files["moc.txt"] = Array(kept.replacing("\n", with: "\r\n").dropLast(1).utf8)
        #expect(run("checkpoint", "--kept", "moc.txt", in: world) == .done)
        #expect(world.lines == ["CHECKPOINT", "PROOF from=4 size=9"])
        var other = Log(4)
        other.leaves[0] += "x"
        world.files["moc.txt"] = Array(other.note.utf8)
        #expect(run("checkpoint", "--kept", "moc.txt", "--yes", in: world) == .notProven, "a file does not give way")
        other.forges = true
        world.files["moc.txt"] = Array(other.note.utf8)
        #expect(run("checkpoint", "--kept", "moc.txt", in: world) == .notProven)
        world.files["moc.txt"] = Array("thư\n".utf8)
        #expect(run("checkpoint", "--kept", "moc.txt", in: world) == .badData)
        #expect(run("checkpoint", "--kept", "khong.txt", in: world) == .noInput)
    }

    @Test func anEventIsProved() throws {
        let log = Log(9)
        let first = world(log)
        #expect(run("proof", "6", in: first) == .done)
        #expect(first.lines == ["CHECKPOINT", "PROOF 6 size=9"])
        #expect(said(first).contains("Đã chứng minh: sự kiện 6 nằm trong nhật ký"), "\(first.told)")
        let lines = first.shown.split(separator: "\n").map(String.init)
        #expect(lines.first == Log.leaf(6) && lines.count == 5)
        #expect(lines.dropFirst().map { String($0.split(separator: " ")[0]) } == ["left", "right", "left", "right"])
        let screen = world(log, terminal: true)
        #expect(run("chung-minh", "6", in: screen) == .done)
        #expect(screen.shown.contains("COMMENT.ADDED") && !screen.shown.contains("left "))
        let kept = world(Log(30))
        kept.files["moc.txt"] = Array(log.note.utf8)
        #expect(run("proof", "6", "--kept", "moc.txt", in: kept) == .done)
        #expect(kept.lines.last == "PROOF 6 size=9")
        #expect(said(kept).contains("ở mốc 9 sự kiện (09:12 16/6/2025)"))
    }

    /// Another text, the text of another event, a path that leads elsewhere.
    @Test func whatIsNotProvedIsSaid() {
        let log = Log(9)
        for wrong in [Log.leaf(6) + "x", Log.leaf(7), "", " 6 "] {
            let world = world(log)
            world.respond = { request in
                var reply = log.answer(request)
                if request.verb == "PROOF" { reply.parts[1] = .literal(Array(wrong.utf8)) }
                return reply
            }
            #expect(run("proof", "6", in: world) == .notProven, "\(wrong)")
            #expect(said(world).contains("BẰNG CHỨNG SAI") && world.shown.isEmpty)
        }
        let short = world(log)
        short.respond = { request in
            var reply = log.answer(request)
            if request.verb == "PROOF" { reply.parts.removeLast() }
            return reply
        }
        #expect(run("proof", "6", in: short) == .notProven)
        #expect(run("proof", "0", in: short) == .usage)
    }

    @Test func anAnswerOfAnotherFormIsThat() {
        let world = ScriptedSurroundings()
        #expect(run("checkpoint", in: world) == .protocolError)
        world.respond = { request in
            request.verb == "CHECKPOINT"
                ? reply("- key public=\(Log(1).key?.line ?? "")\n| phanbien\nOK") : Reply(status: Status(.ok))
        }
        #expect(run("checkpoint", in: world) == .badData)
        world.respond = { _ in reply("NO UNAVAILABLE retry=later after=60000 :Máy chủ không có khóa") }
        #expect(run("checkpoint", in: world) == .tryLater)
        let full = self.world(Log(3))
        full.isFull = true
        #expect(run("checkpoint", in: full) == .cannotCreate)
    }
}
