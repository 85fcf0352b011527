import Foundation
import Glibc
import Testing

/// The built client on a terminal, against the built server: each role's part typed key by key, and the terminal as it was
/// found whatever ends the program.
@Suite(.serialized) struct ScreenTests {
    /// A server in which the topic 2025-2 waits for its first draft, and everybody who is logged in.
    private struct Place {
        let server: ServerProcess
        let scratch: Scratch

        init(_ people: String...) throws {
            server = try ServerProcess(options: ["--scrypt-log2n", "10"])
            try server.start()
            scratch = try Scratch()
            _ = try scratch.write(ServerProcess.password + "\n", "mat-khau")
            for person in people { try client(person, "whoami") }
        }

        func environment(_ person: String) -> [String: String] {
            ["PHANBIEN_HOME": scratch.path("home-" + person), "PHANBIEN_PASSWORD_FILE": scratch.path("mat-khau")]
        }

        /// A command of the client; logs in first.
        @discardableResult
        func client(_ person: String, _ words: String..., input: String? = nil) throws -> String {
            if !FileManager.default.fileExists(atPath: scratch.path("home-" + person)) {
                let login = try run(
                    Programs.client, ["login", "localhost:\(server.port)", person, "--ca", server.authority],
                    environment: environment(person))
                try #require(login.status == 0, "\(login.errors)")
            }
            let outcome = try run(Programs.client, words, environment: environment(person), input: input)
            try #require(outcome.status == 0, "\(words): \(outcome.errors)\(outcome.output)")
            return outcome.output
        }

        /// The full-screen client of a person, once it shows the home page.
        func screen(
            _ person: String, _ words: [String] = [], columns: Int = 80, rows: Int = 24,
            term: String = "xterm-256color",
            environment more: [String: String] = [:]
        ) throws -> Pseudoterminal {
            let terminal = try Pseudoterminal(
                Programs.client, words, environment: environment(person).merging(more) { $1 }, columns: columns,
                rows: rows, term: term)
            try terminal.see("2025-4")
            return terminal
        }
    }

    private static let draft = """
        # Mở đầu

        Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng.

        # Nội dung

        ## Thực trạng thực hiện vụ việc

        ### Kết quả đạt được

        Không có vụ việc nào bị khiếu nại.

        ### Hạn chế tồn tại, khó khăn vướng mắc

        Hồ sơ vụ việc còn chậm.

        ## Chia sẻ kỹ năng, kinh nghiệm

        Gặp đương sự sớm.

        ## Ví dụ về một số vụ việc

        Vụ tranh chấp đất đai.

        ## Giải pháp

        Bồi dưỡng kỹ năng mỗi quý.

        # Kết luận

        Cần bồi dưỡng kỹ năng.

        """

    private static let up = "\u{1B}[A"
    private static let down = "\u{1B}[B"
    private static let end = "\u{1B}[F"
    private static let enter = "\r"
    private static let escape = "\u{1B}"
    private static let send = "\u{13}"

    // MARK: The roles

    @Test func fromDraftToApprovalEachAtTheirOwnScreen() throws {
        let place = try Place("lan", "son", "bich", "minh", "hoa", "van")
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        _ = try place.client("son", "--yes", "submit", "2025-2")

        // The Director finds the topic among what waits, reads, comments, and passes it on.
        let bich = try place.screen("bich")
        try bich.see("Chờ tôi xử lý")
        bich.type(Self.enter)
        try bich.see("57 vụ việc")
        bich.type("n" + Self.down + Self.down)
        bich.type("c")
        try bich.see("Góp ý kiến 2025-2@1")
        bich.type("Bám sát số liệu báo cáo năm." + Self.send)
        try bich.see("Đã ghi ý kiến C1")
        bich.type(":trinh" + Self.enter)
        try bich.see("Việc này không rút lại được.")
        bich.type("c")
        try bich.see("phản biện ·")

        // The reviewer types with an input method that takes letters back, and files the form.
        let minh = try place.screen("minh", columns: 120, rows: 40)
        minh.type(Self.end + Self.up + Self.up + Self.enter)
        try minh.see("57 vụ việc")
        minh.type(Self.down + "c")
        try minh.see("Góp ý kiến 2025-2@1")
        minh.type("d\u{8}đe\u{7F}ề nghi\u{8}ị ghi ro\u{7F}\u{7F}rõ\u{8}õ nguồn." + Self.send)
        try minh.see("Đã ghi ý kiến C2")
        try minh.see("đề nghị ghi rõ nguồn.")
        minh.type("P")
        try minh.see("NHẬN XÉT CHUNG")
        minh.type("Bố cục rõ.\t1\u{7}")
        try minh.see("Chọn mục hoặc đoạn làm minh chứng")
        minh.type("}" + Self.enter)
        try minh.see("Minh chứng (mục, đoạn): I")
        minh.type("\u{1B}[Z\u{1B}[Z\u{1B}[Z\u{1B}[Z")
        minh.type("\u{13}")
        try minh.see("Chưa chọn kết luận.")
        minh.type("1" + Self.send)
        try minh.see("Phiếu đã nộp không sửa được", orSee: "chưa đánh giá")
        minh.type(Self.send)
        try minh.see("Đã nộp phiếu P1")

        // The review office's head endorses it, by the name of the command without dấu.
        let hoa = try place.screen("hoa")
        hoa.type(":xac nhan phieu" + Self.enter)
        try hoa.see("P1", orSee: "mã phiếu")
        hoa.type("P1" + Self.enter)
        try hoa.see("c hoặc y: thực hiện")
        hoa.type("c")
        try hoa.see("✓ Đã xác nhận phiếu P1")

        // The author sends the next revision from a file, and accepts both comments where the tasks lead.
        let second = Self.draft.replacing("57 vụ việc", with: "75 vụ việc (báo cáo năm)")
        let file = try place.scratch.write(second, "d2.md")
        let lan = try place.screen("lan")
        lan.type("U")
        try lan.see("chọn tệp")
        // The client looks at the network every half minute: what comes sooner did not wait for that.
        lan.type(place.scratch.path("") + Self.enter)
        try lan.see("d2.md", seconds: 20)
        lan.type(file + Self.enter)
        try lan.see("[ ] C2", seconds: 20)
        lan.type("  " + Self.enter)
        try lan.see("Bản này sửa gì?")
        lan.type("Sửa số liệu" + Self.enter)
        try lan.see("Sửa theo ý kiến: C1, C2", orSee: "C1, C2.")
        lan.type("c")
        try lan.see("Đã nhận dự thảo lần 2")
        for comment in ["C1", "C2"] {
            try lan.see("giải trình \(comment)")
            lan.type("g" + Self.enter)
            try lan.see("\(comment) nên sửa")
            lan.type("s")
            try lan.see("Tiếp thu, giải trình ý kiến \(comment)")
            lan.type(Self.send)
            try lan.see("Ý kiến \(comment): tiếp thu")
            lan.type("q")
            try lan.see("Các chuyên đề")
            try lan.seeNoMore("giải trình \(comment)")
        }

        // The plenary and what the heads sign, by the command line.
        try place.client("bich", "assign", "2025-2", "dung", "secretary")
        try place.client("bich", "assign", "2025-2", "van", "format")
        try place.client("son", "--yes", "submit", "2025-2")
        try place.client(
            "bich", "plenary", "open", "2025-2", "--at", "2025-06-25T14:00", "--place", "Phòng họp", "--chair", "bich",
            "--secretary", "dung")
        try place.client("dung", "attend", "2025-2", "--present", "bich,son,lan,minh")
        try place.client("bich", "--yes", "plenary", "close", "2025-2", "Thống nhất.")
        for person in ["bich", "dung"] { try place.client(person, "confirm", "2025-2") }
        try place.client("son", "vouch", "2025-2@2")
        try place.client("van", "format", "2025-2@2", "pass")
        try place.client("son", "--yes", "submit", "2025-2")

        // The Director reads what changed, and approves exactly that text by four characters of its digest.
        bich.type("qq" + Self.escape)
        try bich.see("phê duyệt 2025-2@2")
        bich.type("g" + Self.enter)
        try bich.see("Mã SHA-256 của đúng văn bản này")
        bich.type("d")
        try bich.see("{+", orSee: "So sánh 2025-2: bản 1 → bản 2")
        // The question stands below the digest, and is painted after it.
        bich.type("q" + Self.end)
        try bich.see("Gõ bốn ký tự đầu")
        let group = try #require(bich.display.text.split(separator: "\n").first { $0.contains(/^ +([0-9a-f]{4} ){7}/) })
        bich.type(String(group.drop { $0 == " " }.prefix(4)))
        try bich.see("phê duyệt: \(group.drop { $0 == " " }.prefix(4))")
        bich.type(Self.enter)
        try bich.see("Đã phê duyệt")

        for terminal in [bich, minh, hoa, lan] {
            terminal.type("\u{3}")
            try terminal.see("Thoát phanbien?")
            terminal.type("c")
            #expect(try terminal.end() == .status(0))
            #expect(terminal.leftBehind() == [])
            #expect(terminal.display.unknown == [])
        }
    }

    /// A suggestion goes into the text and its comment is settled: once by the command, once by the key.
    @Test func aSuggestionIsAppliedByTheCommandAndByTheKey() throws {
        let place = try Place("lan", "son", "bich", "minh", "hoa")
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        for person in ["son", "bich"] { try place.client(person, "--yes", "submit", "2025-2") }
        try place.client(
            "minh", "comment", "2025-2@1", "--at", "I/1", "--quote", "57 vụ việc", "--suggest", "75 vụ việc", "Sai số.")
        try place.client(
            "minh", "comment", "2025-2@1", "--at", "II", "--quote", "Gặp đương sự sớm.", "--suggest",
            "Gặp đương sự sớm, ghi biên bản.", "Nêu rõ hơn.")
        try place.client("minh", "review", "2025-2", "--verdict", "pass-if-revised", input: "Bố cục rõ.")
        try place.client("hoa", "endorse", "P1")

        let tried = try place.client("lan", "ap-dung", "C1", "--dry-run")
        #expect(tried.contains("{+75+} vụ việc") && tried.contains("chưa ghi gì"), "\(tried)")
        let applied = try place.client("lan", "apply", "1", "--yes")
        #expect(applied.contains("Ý kiến C1: tiếp thu"), "\(applied)")
        let once = Self.draft.replacing("57 vụ việc", with: "75 vụ việc")
        #expect(try place.client("lan", "show", "2025-2@2") == once)
        #expect(try place.client("lan", "comments", "2025-2", "--json").contains(#""in":"@2""#))
        // Once more is no more.
        try place.client("lan", "apply", "C1", "--yes")
        #expect(try place.client("lan", "show", "2025-2@2") == once)

        let lan = try place.screen("lan")
        lan.type("/gap duong su som" + Self.enter)
        try lan.see("Gặp đương sự sớm.", seconds: 20)
        lan.type(Self.enter)
        try lan.see("a áp dụng đề nghị", seconds: 20)
        lan.type("a")
        try lan.see("Áp dụng đề nghị sửa C2")
        try lan.see("c hoặc y: thực hiện")
        lan.type("c")
        try lan.see("Đã áp dụng đề nghị sửa: bản 2025-2@3")
        let twice = once.replacing("Gặp đương sự sớm.", with: "Gặp đương sự sớm, ghi biên bản.")
        #expect(try place.client("lan", "show", "2025-2@3") == twice)
        #expect(try place.client("lan", "comments", "2025-2", "--json").contains(#""in":"@3""#))
        lan.type("\u{3}")
        try lan.see("Thoát phanbien?")
        lan.type("c")
        #expect(try lan.end() == .status(0))
    }

    // MARK: The terminal

    @Test func theTerminalIsAsItWasWhateverEndsTheProgram() throws {
        let place = try Place("minh")
        for number in [SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGTRAP] {
            let terminal = try place.screen("minh", environment: ["SWIFT_BACKTRACE": "enable=no"])
            #expect(terminal.leftBehind() != [], "the whole window is taken")
            terminal.signal(number)
            #expect(try terminal.end() == .signal(number))
            #expect(terminal.leftBehind() == [], "after signal \(number)")
        }
    }

    @Test func controlZGivesTheTerminalBackAndForegroundTakesItAgain() throws {
        let place = try Place("minh")
        // Only below a shell with jobs can a program be stopped.
        let terminal = try Pseudoterminal(
            URL(filePath: "/bin/bash"), ["--norc", "-i"],
            environment: place.environment("minh").merging(["PS1": "dau-nhac> "]) { $1 })
        try terminal.see("dau-nhac>")
        terminal.type(Programs.client.path + "\r")
        try terminal.see("Các chuyên đề")
        terminal.type("\u{1A}")
        try terminal.wait(for: "the shell") { !$0.modes.contains("1049") && $0.text.contains("Stopped") }
        #expect(!terminal.display.modes.contains("1002") && !terminal.display.isCursorHidden)
        terminal.type("fg\r")
        try terminal.wait(for: "the full screen") { $0.modes.contains("1049") && $0.text.contains("Enter mở") }
        terminal.type("qc")
        try terminal.wait(for: "the shell") { !$0.modes.contains("1049") }
        terminal.type("exit 3\r")
        #expect(try terminal.end() == .status(3))
    }

    @Test func theWindowMayChangeItsSizeAtAnyMoment() throws {
        let place = try Place("minh")
        let terminal = try place.screen("minh")
        terminal.resize(columns: 120, rows: 40)
        try terminal.see("Các chuyên đề")
        terminal.resize(columns: 20, rows: 5)
        try terminal.see("Cửa sổ nhỏ hơn 40×8")
        terminal.resize(columns: 80, rows: 24)
        try terminal.see("Các chuyên đề")
        terminal.type("qc")
        #expect(try terminal.end() == .status(0))
    }

    @Test(arguments: ["xterm-256color", "screen", "linux", "vt100"])
    func everyTerminalIsServed(_ term: String) throws {
        let place = try Place("minh")
        let terminal = try place.screen("minh", term: term, environment: ["NO_COLOR": term == "vt100" ? "1" : ""])
        terminal.type("?")
        try terminal.see("Esc để đóng")
        terminal.type(Self.escape)
        try terminal.seeNoMore("Esc để đóng")
        terminal.type("qc")
        #expect(try terminal.end() == .status(0))
        #expect(terminal.display.unknown == [])
        if term == "vt100" {
            let text = String(decoding: terminal.written, as: UTF8.self)
            #expect(!text.contains(/\u{1B}\[[0-9;]*3[0-7]m/), "no colours")
        }
    }

    @Test func aTextThatIsBeingWrittenSurvivesTheEndOfTheProgram() throws {
        let place = try Place("lan", "son", "bich")
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        _ = try place.client("son", "--yes", "submit", "2025-2")
        let terminal = try place.screen("bich")
        terminal.type(Self.enter)
        try terminal.see("57 vụ việc")
        terminal.type(Self.down + "c")
        try terminal.see("Góp ý kiến")
        terminal.type("Một ý kiến viết dở")
        try terminal.see("viết dở")
        terminal.signal(SIGKILL)
        #expect(try terminal.end() == .signal(SIGKILL))
        let again = try place.screen("bich")
        again.type(Self.enter)
        try again.see("57 vụ việc")
        again.type(Self.down + "c")
        try again.see("Tiếp tục bản nháp đã giữ.")
        try again.see("Một ý kiến viết dở")
        // What is kept is for its owner alone.
        let home = place.scratch.path("home-bich")
        let files = try #require(FileManager.default.enumerator(atPath: home)?.allObjects as? [String])
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: home + "/" + file)
            let permissions = (attributes[.posixPermissions] as? Int ?? 0) & 0o077
            #expect(permissions == 0, "\(file)")
        }
        let secret = Array(ServerProcess.password.utf8)
        for file in files {
            let octets = [UInt8]((try? Data(contentsOf: URL(filePath: home + "/" + file))) ?? Data())
            #expect(octets.firstRange(of: secret) == nil, "\(file) holds the password")
        }
    }

    @Test func whatWasReadIsReadAndWhatIsWrittenWaitsWithoutTheServer() throws {
        let place = try Place("lan", "son", "bich")
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        _ = try place.client("son", "--yes", "submit", "2025-2")
        let terminal = try place.screen("bich")
        terminal.type(Self.enter)
        try terminal.see("57 vụ việc")
        place.server.killHard()
        try terminal.see("mất kết nối")
        terminal.type(Self.down + "c")
        try terminal.see("Góp ý kiến")
        terminal.type("Viết khi mất mạng." + Self.send)
        try terminal.see("1 chờ gửi")
        terminal.type("\u{3}")
        try terminal.see("Còn 1 việc chưa gửi")
        terminal.type("c")
        #expect(try terminal.end() == .status(0))

        // Without the server it opens all the same, and what waits goes out when the server is back.
        let again = try place.screen("bich")
        again.type(Self.enter)
        try again.see("57 vụ việc")
        try again.see("1 chờ gửi")
        try place.server.start()
        try again.see("Đã ghi ý kiến C1", seconds: 120)
        try again.see("1 ý kiến, 1 chưa xong")
        again.type("n")
        try again.see("Viết khi mất mạng.")
        try again.wait(for: "an empty queue") { !$0.text.contains("chờ gửi") }
    }

    /// What a window has waiting is of the log that the window knew, whatever another window has learned meanwhile.
    @Test func everyWindowFindsOutThatTheServerWasRestored() throws {
        let place = try Place("lan", "son", "bich")
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        _ = try place.client("son", "--yes", "submit", "2025-2")
        let copy = place.scratch.path("ban-sao.db")
        _ = try place.server.operate(["backup", "--data", place.server.data, copy])
        let first = try place.screen("bich")
        first.type(Self.enter)
        try first.see("57 vụ việc")
        first.type(Self.escape)
        try first.see("Các chuyên đề")
        first.type("qc")
        #expect(try first.end() == .status(0))
        place.server.killHard()

        let offline = try place.screen("bich")
        offline.type(Self.enter)
        try offline.see("57 vụ việc")
        offline.type(Self.down + "c")
        try offline.see("Góp ý kiến")
        offline.type("Viết khi mất mạng." + Self.send)
        try offline.see("1 chờ gửi")
        offline.signal(SIGSTOP)
        _ = try place.server.operate(["restore", "--data", place.server.data, "--replace", copy])
        try place.server.start()
        // The other window has the same things waiting, and leaves them for later.
        let other = try place.screen("bich")
        try other.see("Máy chủ đã được khôi phục từ bản sao lưu")
        other.type(Self.escape)
        try other.see("Để sau")

        offline.signal(SIGCONT)
        try offline.see("Máy chủ đã được khôi phục từ bản sao lưu", seconds: 120)
        #expect(try place.client("bich", "comments", "2025-2").contains("C1") == false)
    }

    /// Papers lie where the person takes their drafts from, and never on top of another file.
    @Test func whatIsReadIsSavedBesideTheDrafts() throws {
        let place = try Place("lan")
        let draft = try place.scratch.write(Self.draft, "d1.md")
        let lan = try place.screen("lan")
        lan.type("U")
        try lan.see("chọn tệp")
        lan.type(draft + Self.enter)
        // Another office's topic is refused, but the folder was looked at.
        try lan.see("Chỉ phòng chủ trì")
        // What Word keeps beside an open document is no draft.
        _ = try place.scratch.write("Lan", "~$d1.md")
        lan.type("U")
        try lan.wait(for: "the drafts alone") {
            $0.text.contains("chọn tệp") && $0.text.contains("d1.md") && !$0.text.contains("~$d1.md")
        }
        lan.type("\u{1B}")
        try lan.wait(for: "the page") { !$0.text.contains("chọn tệp") }
        for name in ["chuyen-de.ics", "chuyen-de (2).ics"] {
            lan.type(":lich" + Self.enter)
            try lan.wait(for: name) { _ in FileManager.default.fileExists(atPath: place.scratch.path(name)) }
            try lan.see("Đã lưu")
        }
        let calendar = try String(contentsOfFile: place.scratch.path("chuyen-de.ics"), encoding: .utf8)
        #expect(calendar.hasPrefix("BEGIN:VCALENDAR\r\n") && calendar.hasSuffix("END:VCALENDAR\r\n"))
        lan.type(":bao cao" + Self.enter)
        try lan.see("BÁO CÁO")
        lan.type("s")
        let report = place.scratch.path("bao-cao-ket-qua-thuc-hien-ke-hoach-nam.txt")
        try lan.wait(for: "the report") { _ in FileManager.default.fileExists(atPath: report) }
        #expect(try String(contentsOfFile: report, encoding: .utf8).contains("Kính gửi: Giám đốc"))
        lan.type("\u{3}")
        try lan.see("Thoát phanbien?")
        lan.type("c")
        #expect(try lan.end() == .status(0))
    }

    @Test func lineByLineNothingIsDrawn() throws {
        let place = try Place("lan", "son", "bich")
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        _ = try place.client("son", "--yes", "submit", "2025-2")
        let terminal = try place.screen("bich", ["screen", "--plain"], rows: 100)
        try terminal.see("Chế độ từng dòng")
        terminal.type(".\n")
        try terminal.see("> I. Mở đầu")
        terminal.type("\n")
        try terminal.see("57 vụ việc")
        terminal.type("c\nGhi rõ nguồn số liệu.\n.\n")
        try terminal.see("Đã ghi ý kiến C1")
        terminal.type("q\nq\nc\n")
        #expect(try terminal.end() == .status(0))
        #expect(terminal.written.firstIndex(of: 0x1B) == nil, "no sequence at all")
        #expect(terminal.leftBehind() == [])
    }

    /// Lines of a file wait for the answers to those before them, and its end for all of them.
    @Test func linesOfAFileAreAnsweredToTheEnd() throws {
        let place = try Place("lan", "son", "bich")
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        _ = try place.client("son", "--yes", "submit", "2025-2")
        let told = try place.client("bich", "screen", "--plain", input: ".\n\nc\nGhi rõ nguồn số liệu.\n.")
        #expect(told.contains("Đã ghi ý kiến C1"), "\(told)")
        #expect(try place.client("son", "thread", "C1").contains("Ghi rõ nguồn số liệu."))
    }

    @Test func whoWasInvitedSetsAPasswordAndGoesOn() throws {
        let place = try Place("minh", "quan")
        try place.client("minh", "logout")
        let told = try place.client("quan", "invite", "minh")
        let code = try #require(
            told.split(separator: "\n").first { $0.contains("Mã mời: ") }?.split(separator: " ").last)
        let terminal = try Pseudoterminal(
            Programs.client, [], environment: ["PHANBIEN_HOME": place.scratch.path("home-minh")])
        try terminal.see("Mật khẩu của minh:")
        terminal.type(code + Self.enter)
        try terminal.see("Mật khẩu mới:")
        terminal.type("một câu dài" + Self.enter)
        try terminal.see("Nhập lại mật khẩu mới:")
        terminal.type("một câu dài" + Self.enter)
        // Only what is typed at the second question is its answer.
        try terminal.wait(for: "the password once more") { $0.text.ranges(of: "Mật khẩu của minh:").count == 2 }
        terminal.type("một câu dài" + Self.enter)
        try terminal.see("Các chuyên đề")
        terminal.type("qc")
        #expect(try terminal.end() == .status(0))
        #expect(terminal.leftBehind() == [])
    }

    @Test func anEditorThatFailsLeavesWhatWasWrittenAndNothingElse() throws {
        let place = try Place("minh")
        let home = place.scratch.path("home-minh")
        func fail(_ editor: String) throws -> [String] {
            let terminal = try Pseudoterminal(
                Programs.client, ["comment", "2025-2@1"], environment: ["PHANBIEN_HOME": home, "EDITOR": editor])
            try terminal.see("Trình soạn thảo kết thúc với lỗi (3)")
            #expect(try terminal.end() == .status(66))
            let paths = FileManager.default.enumerator(atPath: home)?.compactMap { $0 as? String } ?? []
            return paths.filter { $0.contains("dang-viet-") }
        }
        #expect(try fail("sh -c 'exit 3'").isEmpty)
        let script = try place.scratch.write("echo \"Số liệu sai.\" > \"$1\"; exit 3\n", "soan.sh")
        let left = try #require(try fail("sh \(script)").first)
        #expect(try String(contentsOfFile: home + "/" + left, encoding: .utf8) == "Số liệu sai.\n")
    }

    /// How long somebody looks for their password says nothing about the server.
    @Test func thePersonsOwnTimeIsNotTheServers() throws {
        let place = try Place("minh")
        try place.client("minh", "logout")
        let terminal = try Pseudoterminal(
            Programs.client, ["--timeout", "3", "whoami"],
            environment: ["PHANBIEN_HOME": place.scratch.path("home-minh")])
        try terminal.see("Mật khẩu của minh:")
        usleep(3_200_000)
        terminal.type(ServerProcess.password + Self.enter)
        try terminal.see("Trần Văn Minh")
        #expect(try terminal.end() == .status(0))
    }

    @Test func newWorkIsToldAsThePersonWants() throws {
        let place = try Place("lan", "son", "bich", "minh")
        let terminal = try place.screen("bich", ["screen", "--notify", "osc9"])
        _ = try place.client("lan", "push", "2025-2", try place.scratch.write(Self.draft, "d1.md"))
        _ = try place.client("son", "--yes", "submit", "2025-2")
        try terminal.wait(for: "a message") { $0.commands.contains { $0.hasPrefix("9;phanbien: 2025-2: ") } }
        #expect(terminal.display.rings == 0)
        terminal.type("qc")
        #expect(try terminal.end() == .status(0))
    }
}

extension Pseudoterminal {
    /// Reads until one of two texts stands on the screen.
    func see(_ text: String, orSee other: String) throws {
        try wait(for: text) { $0.text.contains(text) || $0.text.contains(other) }
    }
}
