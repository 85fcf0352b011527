import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol
import Testing

/// Approving with a signature, and what stands about certificates.
struct SigningTests {
    private static let digest = "ab12" + String(repeating: "0", count: 59) + "5"
    private static let certificate = Signer.certificate(
        sha256: "3f9a2c11d0e84b57" + String(repeating: "0", count: 48),
        until: CalendarDay("2028-11-29") ?? CalendarDay(number: 0))

    private static func manifest(_ last: String, revision: String = "2025-2@3", digest: String = digest) -> String {
        "phanbien-manifest 1\ntopic 2025-2 CĐ2/2025\nrevision \(revision)\nsha256 \(digest)\nlog 01J8 \(last)\n"
    }

    private static func approving(
        _ answers: [(String, String)], manifests: [String] = [manifest("76")], signer: Signer = certificate
    ) -> ScriptedSurroundings {
        let world = ScriptedSurroundings(
            [
                ("CHECK 2025-2", reply("- requirement id=approval state=unmet count=0 waiting=bich\nOK")),
                ("COMMENTS 2025-2 state=maintained", reply("OK comments=0")),
                ("DIFF 2025-2", reply("| -cũ\n| +mới\nOK change=other")),
                ("SHOW 2025-2@3", reply("= {5}\nabcd\nOK revision=2025-2@3 sha256=ab12")),
            ] + manifests.map { ("MANIFEST 2025-2@3", reply("= {\($0.utf8.count)}\n\($0)OK revision=2025-2@3")) }
                + answers.map { ($0.0, reply($0.1)) })
        world.canAsk = true
        world.answers = ["ab12"]
        world.signing = signer
        return world
    }

    private static func signature(_ manifest: String) -> [UInt8] {
        Array("CMS over \(Digest(hashing: Array(manifest.utf8)))".utf8)
    }

    private static let accepted = [
        ("APPROVE 2025-2@3", "OK dry-run=yes :Sẽ phê duyệt"),
        ("APPROVE 2025-2@3", "OK seq=77 signed=yes :Đã phê duyệt"),
    ]

    private func approvals(_ world: ScriptedSurroundings) -> [Request] {
        world.requests.filter { $0.verb == "APPROVE" }
    }

    @Test func theManifestIsSignedAsItCame() {
        let world = Self.approving(Self.accepted)
        #expect(run("approve", "2025-2@3", in: world) == .done)
        let sent = approvals(world)
        #expect(sent.map { $0.value("dry-run") } == ["yes", nil])
        let signature = Body.literal(Self.signature(Self.manifest("76")))
        #expect(sent.allSatisfy { $0.body == signature })
        #expect(world.told.contains("Sẽ ký số bằng chứng thư 3f9a2c11d0e84b57"), "\(world.told)")
        #expect(world.shown.contains("Đã ký số bằng chứng thư 3f9a2c11d0e84b57, có giá trị đến hết 29/11/2028"))
    }

    @Test(arguments: [
        (["--unsigned"], Self.certificate), ([], Signer.none),
        ([], Signer.unusable(Bilingual("khóa đang khóa", "locked"))),
    ])
    func withoutACertificateOrUnlessWantedNothingIsSigned(words: [String], signer: Signer) throws {
        let world = Self.approving(Self.accepted, signer: signer)
        let exit = CommandRunner(try CommandLineParser.parse(["approve", "2025-2@3"] + words), in: world).run()
        #expect(exit == .done)
        #expect(approvals(world).allSatisfy { $0.body == nil } && approvals(world).count == 2)
        #expect(!world.lines.contains { $0.hasPrefix("MANIFEST") })
        if case .unusable = signer { #expect(world.told.contains("Không ký số: khóa đang khóa.")) }
    }

    @Test func aSignatureInAFileIsSentAsItIs() {
        let world = Self.approving(Self.accepted)
        world.files["ky.pem"] = Array("PEM".utf8)
        #expect(run("approve", "2025-2@3", "--signature", "ky.pem", in: world) == .done)
        #expect(approvals(world).allSatisfy { $0.body == .literal(Array("PEM".utf8)) })
    }

    /// The server cannot have another text signed than the one that was read.
    @Test(arguments: [
        Self.manifest("76", digest: String(repeating: "f", count: 64)), Self.manifest("76", revision: "2025-2@2"),
        Self.manifest("76") + "sha256 \(String(repeating: "f", count: 64))\n",
        "sha256 \(Self.digest)\nrevision 2025-2@3\n", Self.manifest("76", digest: "ab12"),
    ])
    func aManifestOfAnythingElseIsNotSigned(manifest: String) {
        let world = Self.approving(Self.accepted, manifests: [manifest])
        #expect(run("approve", "2025-2@3", in: world) == .protocolError)
        #expect(approvals(world).isEmpty)
    }

    private static let conflict = "NO CONFLICT retry=refresh :Bản kê đã thay đổi"

    /// Between the question and the answer something happened to the topic: its manifest is signed anew, once.
    @Test(arguments: [0, 1])
    func aManifestThatChangedIsSignedOnceMore(place: Int) {
        var answers = Self.accepted
        answers.insert(("APPROVE 2025-2@3", Self.conflict), at: place)
        let world = Self.approving(answers, manifests: [Self.manifest("76"), Self.manifest("78")])
        #expect(run("approve", "2025-2@3", in: world) == .done)
        #expect(approvals(world).count == 3)
        #expect(approvals(world).last?.body == .literal(Self.signature(Self.manifest("78"))))
    }

    @Test func aSecondConflictIsShown() {
        let conflicts = [Self.accepted[0]] + Array(repeating: ("APPROVE 2025-2@3", Self.conflict), count: 2)
        let world = Self.approving(conflicts, manifests: [Self.manifest("76"), Self.manifest("78")])
        #expect(run("approve", "2025-2@3", in: world) == .refused)
        #expect(approvals(world).count == 3)
        #expect(world.told.contains("Bản kê đã thay đổi"))
    }

    // MARK: Certificates

    @Test func certificatesAreListedInPeoplesWords() {
        let digits = String(repeating: "0", count: 48)
        let world = ScriptedSurroundings([
            (
                "CERT LIST",
                reply(
                    """
                    - certificate sha256=3f9a2c11d0e84b57\(digits) person=bich from=2026-11-30 until=2028-11-29 current=yes
                    - certificate sha256=b91611d506bc4220\(digits) person=bich from=2025-11-30 until=2027-11-29
                    OK certificates=2
                    """)
            )
        ])
        #expect(run("certificates", in: world) == .done)
        for words in ["Có giá trị đến hết", "29/11/2028", "3f9a2c11d0e84b57 ", "Đang dùng"] {
            #expect(world.shown.contains(words), "\(world.shown)")
        }
        let empty = ScriptedSurroundings([("CERT LIST person=lan", reply("OK certificates=0"))])
        #expect(run("certificates", "--person", "lan", in: empty) == .done)
        #expect(empty.shown == "Chưa có chứng thư nào.\n")
    }

    @Test func aCertificateIsDeletedOnceThatIsConfirmed() {
        let world = ScriptedSurroundings([
            ("CERT DELETE 3f9a2c11d0e84b57 dry-run=yes", reply("OK dry-run=yes person=bich :Sẽ xóa chứng thư"))
        ])
        world.canAsk = true
        world.answers = ["có"]
        #expect(run("chung-thu", "xoa", "3f9a2c11d0e84b57", in: world) == .done)
        #expect(world.lines.last == "CERT DELETE 3f9a2c11d0e84b57 key=key-1")
        #expect(world.told.contains("Việc này không rút lại được."))
    }

    @Test func aCodeForACertificateIsAskedForByItsName() {
        let world = ScriptedSurroundings([("INVITE hoa", reply("OK person=hoa code=ABCD seq=3"))])
        #expect(run("invite", "hoa", "--for", "certificate", in: world) == .done)
        #expect(world.lines == ["INVITE hoa for=certificate key=key-1"])
        #expect(world.shown.contains("Mã mời: ABCD"))
    }

    /// Whoever came with a certificate and has no password yet sets one.
    @Test func aFirstPasswordNeedsNoFormerOne() {
        let world = ScriptedSurroundings()
        world.canAsk = true
        world.signing = Self.certificate
        world.secrets = [[], Array("mật khẩu mới".utf8), Array("mật khẩu mới".utf8)]
        #expect(run("passwd", in: world) == .done)
        #expect(world.requests.last?.body == .literal(Array("mật khẩu mới".utf8)))
        let other = ScriptedSurroundings()
        other.canAsk = true
        other.secrets = [[]]
        #expect(run("passwd", in: other) == .refused)
    }
}
