import Foundation
import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol
import Testing

/// The Word file of a text: kept with its revision, and brought back.
struct OriginalTests {
    private static let topic = "- topic id=2025-2 stage=drafting revision=3 title=x\nOK topic=2025-2"
    private static let limits = "- limit name=line value=4000\n- limit name=body value=2097152\nOK"
    private static let name = "Chuyên đề 2.docx"

    private static func file(_ name: String = "heading-styles") throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appending(path: "Fixtures/word/\(name).docx")))
    }

    private static func kept(_ file: [UInt8]) -> String {
        "OK revision=2025-2@4 name=\"\(name)\" bytes=\(file.count) sha256=\(Digest(hashing: file)) seq=10"
    }

    /// A person at a terminal with a Word file, and a server that answers so.
    private static func world(
        limits: String = limits, push: String = "OK revision=2025-2@4 seq=9 :Đã nhận bản 4.", attach: String? = nil,
        json: Bool = false
    ) throws -> ScriptedSurroundings {
        let file = try file()
        let world = ScriptedSurroundings(
            [
                ("SHOW 2025-2", reply(topic)), ("LIMITS", reply(limits)), ("PUSH", reply(push)),
                ("ATTACH", reply(attach ?? kept(file))),
            ], json: json)
        world.files = ["d/\(name)": file, "bài.docm": file, "-": file]
        world.canAsk = true
        world.answers = ["có"]
        return world
    }

    /// The words without the places where lines were broken.
    private static func flat(_ text: String) -> String {
        text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    private static func attached(_ world: ScriptedSurroundings) -> [Request] {
        world.requests.filter { $0.verb == "ATTACH" }
    }

    // MARK: push

    @Test func theWordFileIsKeptWithTheRevisionThatTheAnswerNames() throws {
        let world = try Self.world()
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .done)
        let request = try #require(Self.attached(world).first)
        #expect(request.arguments.map(\.value) == ["2025-2@4", Self.name, "key-2"])
        #expect(request.arguments.map(\.key) == [nil, "name", "key"])
        #expect(request.body?.octets.flatMap { Base64.decode($0) } == (try Self.file()))
        #expect(world.requests.map(\.verb) == ["LIMITS", "SHOW", "PUSH", "ATTACH"])
        #expect(world.shown.hasSuffix("Đã lưu kèm tệp Word gốc: \(Self.name) (36 KB)\n"), "\(world.shown)")
        #expect(world.shown.contains("Đã nhận bản 4."))
        let said = Self.flat(world.told)
        #expect(said.contains("Tệp Word gốc (36 KB) được lưu kèm"), "\(said)")
        #expect(said.contains("phần theo dõi sửa đổi (Track Changes), ghi chú bên lề và tên người soạn"))
        #expect(said.contains("--without-original") && world.questions.count == 1)
    }

    @Test func whoThinksBetterOfItSendsNeither() throws {
        let world = try Self.world()
        world.answers = ["không"]
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .refused)
        #expect(world.requests.map(\.verb) == ["LIMITS", "SHOW"])
    }

    @Test func thePersonLeavesTheFileOut() throws {
        let world = try Self.world()
        #expect(run("push", "2025-2", "d/\(Self.name)", "--without-original", in: world) == .done)
        #expect(world.requests.map(\.verb) == ["SHOW", "PUSH"])
        #expect(Self.flat(world.told).contains("tệp Word gốc không lưu kèm: hãy giữ tệp ở phòng."), "\(world.told)")
    }

    @Test func aTextAloneHasNoFile() throws {
        let world = try Self.world()
        world.files["a.md"] = Array("# A\n".utf8)
        #expect(run("push", "2025-2", "a.md", in: world) == .done)
        #expect(world.requests.map(\.verb) == ["SHOW", "PUSH"])
        #expect(!world.told.contains("Word"), "\(world.told)")
    }

    @Test func aTrialKeepsNothing() throws {
        let world = try Self.world()
        #expect(run("push", "2025-2", "d/\(Self.name)", "--dry-run", in: world) == .done)
        #expect(Self.attached(world).isEmpty && world.lines.contains { $0.contains("dry-run=yes") })
    }

    @Test(arguments: ["bài.docm", "BÀI.DOCM"]) func aFileWithMacrosIsNeverHandedOn(name: String) throws {
        let world = try Self.world()
        world.files[name] = try Self.file()
        #expect(run("push", "2025-2", name, in: world) == .done)
        #expect(world.requests.map(\.verb).contains("PUSH") && Self.attached(world).isEmpty)
        #expect(
            Self.flat(world.told).contains("Chỉ gửi văn bản. Tệp có macro (.docm) không được lưu kèm."), "\(world.told)"
        )
    }

    /// Base 64 makes four letters of three octets, and all of them have to have room.
    @Test(arguments: [(0, true), (4, false)]) func whatTheServerDoesNotTakeIsSaidBefore(less: Int, fits: Bool) throws {
        let room = (try Self.file().count + 2) / 3 * 4
        let world = try Self.world(limits: "- limit name=body value=\(room - less)\nOK")
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .done)
        #expect(Self.attached(world).count == (fits ? 1 : 0))
        let said = Self.flat(world.told)
        #expect(said.contains("lớn hơn mức máy chủ nhận (36 KB): hãy giữ tệp ở phòng.") != fits, "\(said)")
    }

    @Test(arguments: ["OK", "- limit name=body value=99999999\nOK", "NO RATE retry=later"])
    func withoutAUsableLimitThisProgramsOwnHolds(limits: String) throws {
        #expect(CommandRunner.largestBody(reply(limits)) == 2_097_152)
    }

    @Test func aFileFromStandardInputIsCalledLikeItsTopic() throws {
        let world = try Self.world()
        #expect(run("push", "2025-2", "-", in: world) == .done)
        #expect(Self.attached(world).first?.value("name") == "2025-2.docx")
    }

    /// Where its name is not known, what is in it tells.
    @Test(arguments: ["d/x.docx", "-"]) func aFileWithMacrosIsKnownWithoutItsName(path: String) throws {
        let world = try Self.world()
        world.files[path] = try Self.file("macros")
        #expect(run("push", "2025-2", path, in: world) == .done)
        #expect(world.requests.map(\.verb).contains("PUSH") && Self.attached(world).isEmpty)
        #expect(world.told.contains("macro"), "\(world.told)")
    }

    // MARK: half done

    @Test(
        arguments: [
            (
                "NO STALE retry=refresh newest=2025-2@5 :Đã có bản mới hơn: 2025-2@5", ExitCode.refused,
                "Hãy giữ tệp ở phòng."
            ),
            ("NO FORBIDDEN retry=never :Bản này do người khác gửi", .notPermitted, "Hãy giữ tệp ở phòng."),
            ("NO CONFLICT retry=refresh :Đã có tệp khác", .refused, "Hãy giữ tệp ở phòng."),
            ("NO READ-ONLY retry=later after=9000 :Ổ đĩa đầy", .tryLater, "gõ lệnh: phanbien attach 2025-2@4 TỆP"),
            ("BAD UNKNOWN-VERB :Không có lệnh ATTACH", .protocolError, "phiên bản cũ, chưa nhận tệp Word"),
            ("OK revision=2025-2@4 sha256=00", .protocolError, "không phải tệp vừa gửi"),
        ] as [(String, ExitCode, String)])
    func whereTheFileIsNotTakenTheTextStaysAndThatIsSaid(answer: String, exit: ExitCode, words: String) throws {
        let world = try Self.world(attach: answer)
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == exit)
        #expect(Self.attached(world).count == 1)
        let said = Self.flat(world.told)
        #expect(said.contains("Văn bản đã gửi xong (bản 2025-2@4) nhưng CHƯA lưu được tệp Word gốc."), "\(said)")
        #expect(said.contains(words), "\(said)")
        #expect(world.shown.contains("Đã nhận bản 4.") && !world.shown.contains("Đã lưu kèm"))
        for line in world.told.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test func aLostConnectionLeavesTheTextAndSaysHowToGoOn() throws {
        let world = try Self.world()
        world.failsAt = { $0.verb == "ATTACH" }
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .unavailable)
        let said = Self.flat(world.told)
        #expect(said.contains("Mất kết nối.") && said.contains("gõ lệnh: phanbien attach 2025-2@4 TỆP"), "\(said)")
        #expect(!said.contains("--key"), "the text must not be sent again: \(said)")
    }

    /// Then the newest revision is the one that was sent: without its base the same command would be another request.
    @Test func aPushWithoutAnAnswerIsRepeatedWithItsBaseAndItsKey() throws {
        let world = try Self.world()
        world.failsAt = { $0.verb == "PUSH" }
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .unavailable)
        #expect(Self.flat(world.told).contains("với --if @3 --key key-1:"), "\(world.told)")
        #expect(Self.attached(world).isEmpty)
    }

    /// After a restore neither the base nor the revision that the answer named is the one of before.
    @Test(arguments: ["PUSH", "ATTACH"]) func nothingIsSaidToBeSentAgainToAnotherLog(verb: String) throws {
        let world = try Self.world()
        world.loss = ScriptedSurroundings.restored
        world.failsAt = { $0.verb == verb }
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .unavailable)
        let said = Self.flat(world.told)
        #expect(said.contains("Hãy xem lại."), "\(said)")
        #expect(!said.contains("--key") && !said.contains("phanbien attach"), "\(said)")
    }

    /// Somebody else has sent revision 7 meanwhile.
    @Test func aRepeatedPushKeepsTheFileWithItsOwnRevision() throws {
        let world = try Self.world(push: "OK revision=2025-2@4 seq=9 replay=yes")
        world.replies[0].reply = reply("- topic id=2025-2 revision=7\nOK")
        #expect(run("push", "2025-2", "d/\(Self.name)", "--if", "@3", "--key", "K", in: world) == .done)
        #expect(world.lines.contains { $0.hasPrefix("PUSH 2025-2 if=@3 key=K ") })
        #expect(Self.attached(world).map { $0.arguments.map(\.value) } == [["2025-2@4", Self.name, "K.2"]])
    }

    @Test func withoutTheNameOfTheRevisionTheFileGoesNowhere() throws {
        let world = try Self.world(push: "OK seq=9")
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .protocolError)
        #expect(Self.attached(world).isEmpty && Self.flat(world.told).contains("không cho biết bản vừa nhận"))
    }

    @Test func aKeyForTwoWritesLeavesRoomForTheSecond() throws {
        let world = try Self.world()
        let key = String(repeating: "k", count: 63)
        #expect(run("push", "2025-2", "d/\(Self.name)", "--key", key, in: world) == .usage)
        #expect(!world.requests.contains { $0.verb == "PUSH" })
        #expect(run("push", "2025-2", "d/\(Self.name)", "--key", key, "--without-original", in: world) == .done)
    }

    @Test func aRefusedTextHasNoFile() throws {
        let world = try Self.world(push: "NO STALE retry=refresh newest=2025-2@4 :Đã có bản mới hơn")
        #expect(run("push", "2025-2", "d/\(Self.name)", in: world) == .refused)
        #expect(Self.attached(world).isEmpty && !world.told.contains("CHƯA lưu"))
    }

    // MARK: for programs

    @Test(
        arguments: [
            (nil, [], "\"original\":{\"kept\":\"yes\",\"name\":\"Chuyên đề 2.docx\",\"bytes\":", ExitCode.done),
            (nil, ["--without-original"], "\"reason\":\"left-out\"}", .done),
            (
                "BAD UNKNOWN-VERB :x", [], "\"reason\":\"refused\",\"code\":\"UNKNOWN-VERB\",\"human\":\"x\"}",
                .protocolError
            ),
            ("OK sha256=00", [], "\"reason\":\"wrong-answer\"}", .protocolError),
        ] as [(String?, [String], String, ExitCode)])
    func programsAreToldWhatBecameOfIt(
        answer: String?, options: [String], words: String, exit: ExitCode
    ) throws {
        let world = try Self.world(attach: answer, json: true)
        let invocation = try CommandLineParser.parse(["push", "2025-2", "d/\(Self.name)", "--yes", "--json"] + options)
        #expect(CommandRunner(invocation, in: world).run() == exit)
        let lines = world.shown.split(separator: "\n")
        #expect(lines.count == 1 && world.shown.contains(words), "\(world.shown)")
        let object = try JSONSerialization.jsonObject(with: Data(world.output)) as? [String: Any]
        #expect((object?["status"] as? [String: Any])?["revision"] as? String == "2025-2@4")
        let original = try #require(object?["original"] as? [String: Any])
        #expect(original["sha256"] as? String == Digest(hashing: try Self.file()).description)
    }

    @Test func programsAreToldThatNoAnswerCame() throws {
        let world = try Self.world(json: true)
        world.failsAt = { $0.verb == "ATTACH" }
        #expect(run("push", "2025-2", "bài.docm", "--yes", "--json", in: world) == .done)
        #expect(world.shown.contains("\"kept\":\"no\"") && world.shown.contains("\"reason\":\"macros\""))
        let second = try Self.world(limits: "- limit name=body value=300\nOK", json: true)
        #expect(run("push", "2025-2", "d/\(Self.name)", "--yes", "--json", in: second) == .done)
        #expect(second.shown.contains("\"reason\":\"too-large\""))
        let third = try Self.world(json: true)
        third.failsAt = { $0.verb == "ATTACH" }
        #expect(run("push", "2025-2", "d/\(Self.name)", "--yes", "--json", in: third) == .unavailable)
        #expect(third.shown.contains("\"reason\":\"no-answer\"") && third.shown.contains("2025-2@4"))
    }

    // MARK: attach

    /// The revision's text is the one that the file gives, or another one.
    private static func late(isSame: Bool, attach: String? = nil) throws -> ScriptedSurroundings {
        let world = try world(attach: attach)
        let pushed = try self.world()
        run("push", "2025-2", "d/\(name)", in: pushed)
        let text = try #require(pushed.requests.first { $0.verb == "PUSH" }?.body?.octets)
        let digest = isSame ? Digest(hashing: text).description : String(repeating: "0", count: 64)
        let details = "- topic id=2025-2 revision=4\n- revision number=4 sha256=\(digest)\nOK"
        world.replies[0].reply = reply(details)
        world.replies.append(("SHOW 2025-2", reply(details)))
        return world
    }

    @Test(arguments: ["2025-2", "2025-2@4"]) func aFileIsKeptLater(named: String) throws {
        let world = try Self.late(isSame: true)
        #expect(run("kem-tep-goc", named, "d/\(Self.name)", in: world) == .done)
        #expect(Self.attached(world).map { $0.arguments.map(\.value) } == [["2025-2@4", Self.name, "key-1"]])
        #expect(world.questions.isEmpty && world.shown == "Đã lưu kèm tệp Word gốc: \(Self.name) (36 KB)\n")
        #expect(Self.flat(world.told).contains("phần theo dõi sửa đổi"))
    }

    @Test(arguments: ["có", "không"]) func anotherTextsFileIsAskedAbout(answer: String) throws {
        let world = try Self.late(isSame: false)
        world.answers = [answer]
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", in: world) == (answer == "có" ? .done : .refused))
        #expect(Self.flat(world.told).contains("văn bản đọc từ tệp này khác văn bản của bản ấy"))
        #expect(Self.attached(world).count == (answer == "có" ? 1 : 0))
        let program = try Self.late(isSame: false)
        program.canAsk = false
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", in: program) == .usage)
        #expect(Self.attached(program).isEmpty)
        let sure = try Self.late(isSame: false)
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", "--yes", in: sure) == .done)
    }

    @Test func whatMayNotBeKeptIsNotSent() throws {
        let world = try Self.late(isSame: true)
        world.files["a.md"] = Array("# A\n".utf8)
        #expect(run("attach", "2025-2@4", "a.md", in: world) == .badData)
        #expect(run("attach", "2025-2@4", "bài.docm", in: world) == .badData)
        #expect(world.told.contains("không phải tệp Word") && world.told.contains("macro"))
        let small = try Self.world(limits: "- limit name=body value=256\nOK")
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", in: small) == .badData)
        #expect(Self.attached(world).isEmpty && Self.attached(small).isEmpty)
        #expect(small.told.contains("lớn hơn mức máy chủ nhận"), "\(small.told)")
        // Nothing at all is sent, so no text either.
        #expect(!(world.told + small.told).contains("Chỉ gửi văn bản"), "\(world.told)")
    }

    @Test func whatTheServerSaysOfALateFileIsSaid() throws {
        let refused = try Self.late(isSame: true, attach: "NO STALE retry=refresh :Đã có bản mới hơn: 2025-2@5")
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", in: refused) == .refused)
        #expect(refused.told.contains("Đã có bản mới hơn"))
        let other = try Self.late(isSame: true, attach: "OK sha256=11")
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", in: other) == .protocolError)
        let older = try Self.late(isSame: true, attach: "BAD UNKNOWN-VERB :Không có lệnh “ATTACH”")
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", in: older) == .protocolError)
        #expect(Self.flat(older.told).hasSuffix("phiên bản cũ, chưa nhận tệp Word: hãy giữ tệp ở phòng."))
        let trial = try Self.late(isSame: true, attach: "OK dry-run=yes :Sẽ lưu")
        #expect(run("attach", "2025-2@4", "d/\(Self.name)", "--dry-run", in: trial) == .done)
        #expect(Self.attached(trial).first?.value("dry-run") == "yes" && trial.shown.contains("Sẽ lưu"))
    }

    // MARK: original

    private static let octets = [UInt8](0...255) + [0x50, 0x4B]

    private static func lines(_ octets: [UInt8]) -> String {
        let text = Array(Base64.encode(octets))
        return stride(from: 0, to: text.count, by: 76).map { "| " + String(text[$0..<min($0 + 76, text.count)]) }
            .joined(separator: "\n")
    }

    /// Revisions 1 and 3 of four have a file.
    private static func shelf(
        name: String = "Chuyên đề 2.docx", sent: [UInt8] = octets, encoding: String = "encoding=base64 "
    ) -> ScriptedSurroundings {
        let (first, third) = (Digest(hashing: "1"), Digest(hashing: octets))
        var details = reply(
            """
            - topic id=2025-2 revision=4
            - revision number=1 original=\(first) file=một.docx
            - revision number=2
            - revision number=3 original=\(third)
            - revision number=4
            OK
            """)
        if case .row(var row) = details.parts[3] {
            row.pairs.append(Pair("file", name))
            details.parts[3] = .row(row)
        }
        return ScriptedSurroundings([
            ("SHOW 2025-2", details),
            ("FETCH \(third)", reply("\(lines(sent))\nOK revision=2025-2@3 \(encoding)lines=5 bytes=258")),
        ])
    }

    @Test(arguments: ["2025-2", "2025-2@3"]) func theFileOfARevisionIsSavedUnderItsName(named: String) {
        let world = Self.shelf()
        #expect(run("original", named, in: world) == .done)
        #expect(world.lines == ["SHOW 2025-2", "FETCH \(Digest(hashing: Self.octets)) topic=2025-2"])
        #expect(world.saved == ["Chuyên đề 2.docx": Self.octets])
        #expect(world.shown.contains("bản 2025-2@3 (258 byte)"), "\(world.shown)")
        #expect(world.shown.hasSuffix(": /nhà/Chuyên đề 2.docx\n"))
    }

    @Test func theFileGoesWhereItWasToldTo() {
        let world = Self.shelf()
        #expect(run("tep-goc", "2025-2", "--file", "luu/x.docx", in: world) == .done)
        #expect(world.saved.keys.sorted() == ["luu/x.docx"])
        let taken = Self.shelf()
        taken.saved = ["luu/x.docx": [1]]
        #expect(run("tep-goc", "2025-2", "--file", "luu/x.docx", in: taken) == .cannotCreate)
        #expect(taken.saved == ["luu/x.docx": [1]] && taken.told.contains("Đã có"))
    }

    @Test func whereNoFileIsKeptThatIsSaid() {
        let world = Self.shelf()
        #expect(run("original", "2025-2@2", in: world) == .refused)
        #expect(world.told.contains("Bản 2025-2@2 không có tệp Word gốc kèm theo."), "\(world.told)")
        #expect(world.told.contains("Các bản có tệp gốc: 2025-2@1, 2025-2@3"))
        let none = ScriptedSurroundings([("SHOW", reply("- topic id=2025-2\n- revision number=1\nOK"))])
        #expect(run("original", "2025-2", in: none) == .refused)
        #expect(none.told.contains("chưa có bản nào kèm tệp Word gốc") && none.lines == ["SHOW 2025-2"])
        // Who sees the title only is not told what is not known of the files.
        let title = ScriptedSurroundings([("SHOW", reply("- topic id=2025-2 access=title\nOK"))])
        #expect(run("original", "2025-2@1", in: title) == .refused)
        #expect(Self.flat(title.told).contains("chưa được đọc văn bản của chuyên đề 2025-2"), "\(title.told)")
        #expect(!title.told.contains("không có tệp") && title.lines == ["SHOW 2025-2"])
    }

    @Test func aFileThatIsNotTheOneNamedIsNotSaved() {
        for (sent, encoding) in [
            (Self.octets + [1], "encoding=base64 "), (Self.octets, ""), (Self.octets, "encoding=gzip "),
        ] {
            let world = Self.shelf(sent: sent, encoding: encoding)
            #expect(run("original", "2025-2", in: world) == .protocolError)
            #expect(world.saved.isEmpty && world.told.contains("chưa lưu gì"), "\(world.told)")
        }
        for original in ["abc", String(repeating: "g", count: 64), ""] {
            let world = ScriptedSurroundings([("SHOW", reply("- revision number=1 original=\"\(original)\"\nOK"))])
            #expect(run("original", "2025-2", in: world) == .protocolError)
            #expect(world.lines.count == 1)
        }
    }

    @Test func programsAreToldWhereItIs() throws {
        let world = Self.shelf()
        world.screen.isJSON = true
        #expect(run("original", "2025-2", "--json", in: world) == .done)
        let object = try JSONSerialization.jsonObject(with: Data(world.output)) as? [String: Any]
        let status = try #require(object?["status"] as? [String: String])
        #expect(status["path"] == "/nhà/Chuyên đề 2.docx" && status["revision"] == "2025-2@3")
        #expect(status["bytes"] == "258" && status["sha256"] == Digest(hashing: Self.octets).description)
    }

    @Test(
        arguments: [
            ("Dự thảo lần 2 (sửa).DOCX", "Dự thảo lần 2 (sửa).docx"), ("../../etc/passwd", "passwd.docx"),
            ("..\\..\\a.docx", "a.docx"), ("/", "2025-2-3.docx"), ("..", "2025-2-3.docx"), ("", "2025-2-3.docx"),
            (".bashrc", "bashrc.docx"), ("-rf.docx", "rf.docx"), ("~.docx", "2025-2-3.docx"), ("a.exe", "a.exe.docx"),
            ("a\u{202E}xcod.exe", "axcod.exe.docx"), ("a\u{1B}[2J\u{7}.docx", "a[2J.docx"),
            ("a\u{0}b\n.docx", "ab.docx"),
            ("C:x?*<>|\".docx", "C-x------.docx"), ("NUL.docx", "_NUL.docx"), ("com1.a.docx", "_com1.a.docx"),
            ("a. .docx", "a.docx"), ("a\u{A0}\u{3000} b.docx", "a b.docx"),
            ("\u{FEFF}\u{2060}\u{AD}.docx", "2025-2-3.docx"),
            ("Chuye\u{302}n \u{111}e\u{302}\u{300}.docx", "Chuyên đề.docx"),
            ("..\u{301}/a\u{301}\u{302F}.docx", "a\u{301}\u{302F}.docx"),
        ])
    func aNameOfTheServersLeadsNowhereElse(name: String, saved: String) {
        let world = Self.shelf(name: name)
        #expect(run("original", "2025-2", in: world) == .done)
        #expect(world.saved.keys.sorted() == [saved], "\(world.saved.keys)")
    }

    @Test func aLongNameIsCutBetweenLetters() throws {
        let world = Self.shelf(name: String(repeating: "ệ", count: 200) + ".docx")
        #expect(run("original", "2025-2", in: world) == .done)
        let name = try #require(world.saved.keys.first)
        #expect(name == String(repeating: "ệ", count: 65) + ".docx" && name.utf8.count == 200)
        let heap = Self.shelf(name: "a" + String(repeating: "\u{301}", count: 500) + ".docx")
        #expect(run("original", "2025-2", in: heap) == .done)
        #expect(heap.saved.keys.sorted() == ["2025-2-3.docx"])
        let device = Self.shelf(name: "con." + String(repeating: "a", count: 300) + ".docx")
        #expect(run("original", "2025-2", in: device) == .done)
        #expect(device.saved.keys.sorted() == ["_con." + String(repeating: "a", count: 190) + ".docx"])
    }

    // MARK: fetch, and the dossier

    @Test func whatIsNoTextIsFetchedAsTheFileItself() throws {
        let digest = Digest(hashing: Self.octets).description
        func world(terminal: Bool, _ octets: [UInt8] = Self.octets) -> ScriptedSurroundings {
            let answer = "\(Self.lines(octets))\nOK revision=2025-2@3 file=a.docx encoding=base64 sha256=\(digest)"
            return ScriptedSurroundings([("FETCH", reply(answer))], terminal: terminal)
        }
        let file = world(terminal: false)
        #expect(run("fetch", digest, in: file) == .done)
        #expect(file.output == Self.octets && file.told.contains("a.docx"))
        let screen = world(terminal: true)
        #expect(run("fetch", digest, in: screen) == .usage)
        #expect(screen.output.isEmpty && Self.flat(screen.told).contains("> tep.docx"))
        let other = world(terminal: false, [1, 2, 3])
        #expect(run("fetch", digest, in: other) == .protocolError)
        #expect(other.output.isEmpty)
    }

    private static func dossier(
        _ sent: String, bytes: Int = octets.count, encoding: String = "base64"
    ) -> ScriptedSurroundings {
        let list = """
            - file name=manifest.txt bytes=4 sha256=\(Digest(hashing: "abc\n")) text="Bản kê"
            - file name=van-ban-goc.docx bytes=\(bytes) sha256=\(Digest(hashing: octets)) encoding=\(encoding) text="Tệp Word"
            OK files=2
            """
        return ScriptedSurroundings([
            ("DOSSIER", reply(list)), ("FETCH", reply("| abc\nOK")), ("FETCH", reply(sent + "\nOK encoding=base64")),
        ])
    }

    @Test func theWordFileOfADossierIsSavedAsItWas() {
        let world = Self.dossier(Self.lines(Self.octets))
        #expect(run("dossier", "2025-2", in: world) == .done)
        #expect(world.saved["ho-so-2025-2/van-ban-goc.docx"] == Self.octets)
        #expect(world.saved["ho-so-2025-2/manifest.txt"] == Array("abc\n".utf8))
        #expect(world.shown.contains("Đã lưu 2 tệp"))
        // The same as one counted text.
        let text = Base64.encode(Self.octets) + "\n"
        let counted = Self.dossier("= {\(text.utf8.count)}\n\(text)")
        #expect(run("dossier", "2025-2", in: counted) == .done)
        #expect(counted.saved["ho-so-2025-2/van-ban-goc.docx"] == Self.octets)
    }

    @Test func aWordFileThatIsNotTheOneListedIsNotSaved() {
        let text = Base64.encode(Self.octets)
        for world in [
            Self.dossier(Self.lines(Self.octets + [1])), Self.dossier(Self.lines(Self.octets), bytes: 257),
            Self.dossier("| \(text.dropLast())"), Self.dossier("| \(text)="), Self.dossier("|  \(text)"),
            Self.dossier("| " + text.replacing("+", with: "-")),
        ] {
            #expect(run("dossier", "2025-2", in: world) == .protocolError)
            #expect(world.saved.isEmpty && world.told.contains("van-ban-goc.docx"), "\(world.told)")
        }
    }

    @Test(arguments: ["gzip", "BASE64", "\"\""]) func aListInAnUnknownEncodingIsUnusable(encoding: String) {
        let world = Self.dossier(Self.lines(Self.octets), encoding: encoding)
        #expect(run("dossier", "2025-2", in: world) == .protocolError)
        #expect(world.lines.count == 1 && world.told.contains("có thể cũ hơn máy chủ"), "\(world.told)")
    }
}
