import ReviewCore
import ReviewFiles
import Testing

@Suite struct PeopleFileTests {
    private static let header = "id,name,office,position,password\n"

    private func read(_ text: String) -> (rows: [PeopleFile.Row], problems: [PlanProblem]) {
        PeopleFile.read(Array(text.utf8))
    }

    @Test func readsAList() throws {
        let (rows, problems) = read(
            Self.header + "minh,Trần Văn Minh,hcth,staff,mat khau 1\n\nbich, Hoàng  Thị Bích ,leadership,director,\n"
                + "lan,\"Nông Thị Lan, ThS.\",nv,HEAD,\"a,\"\"b\"\"; c \"\n")
        #expect(problems.isEmpty)
        #expect(rows.map(\.id.text) == ["minh", "bich", "lan"])
        #expect(rows.map(\.name) == ["Trần Văn Minh", "Hoàng Thị Bích", "Nông Thị Lan, ThS."])
        #expect(rows.map(\.office.text) == ["hcth", "leadership", "nv"])
        #expect(rows.map(\.position) == [.staff, .director, .head])
        #expect(rows.map(\.password) == ["mat khau 1", "", "a,\"b\"; c "])
        #expect(rows.map(\.line) == [2, 4, 5])
    }

    @Test(arguments: [
        "\u{FEFF}id;name;office;position;password\r\nminh;Trần Văn Minh;hcth;staff;x\r\n;;;;\r\n",
        "id\tname\toffice\tposition\nminh\tTrần Văn Minh\thcth\tstaff\n",
        "Name,ID,Position,Office,Password,\nTra\u{302}\u{300}n Văn Minh,minh,staff,hcth,x\n,,,,,\n",
        "\"id\",\"name\",\"office\",\"position\",\"password\"\n\"minh\",\"Trần Văn Minh\",\"hcth\",\"staff\",\"x\"",
        "sep=,\r\nid,name,office,position,password\r\nminh,Trần Văn Minh,hcth,staff,x\r\n;;;;\r\n",
        "\"sep=;\"\nid;name;office;position;password\n,,,,\nminh;Trần Văn Minh;hcth;staff;x\n",
    ])
    func acceptsWhatSpreadsheetsWrite(_ text: String) throws {
        let (rows, problems) = read(text)
        #expect(problems.isEmpty)
        let row = try #require(rows.first)
        #expect(rows.count == 1)
        #expect(row.id.text == "minh")
        #expect(row.name.utf8.elementsEqual("Trần Văn Minh".utf8))
        #expect(row.position == .staff)
    }

    @Test(arguments: [
        ("minh,Minh,hcth,staff,x,y\n", 2, "6 cột"), ("Minh,Minh,hcth,staff\n", 2, "tên tài khoản"),
        ("m,Minh,hcth,staff\n", 2, "tên tài khoản"), (",Minh,hcth,staff\n", 2, "tên tài khoản"),
        ("minh,,hcth,staff\n", 2, "Họ và tên"), ("minh,Minh,Phòng,staff\n", 2, "mã phòng"),
        ("minh,Minh,hcth,chief\n", 2, "chức vụ"), ("minh,Minh,hcth\n", 2, "chức vụ"),
        ("minh,\"Minh,hcth,staff\n", 2, "ngoặc kép"), ("minh,\"Minh\" x,hcth,staff\n", 2, "ngoặc kép"),
        ("minh,Minh,hcth,staff\nminh,Minh,hcth,staff\n", 3, "đã có ở dòng 2"),
        ("minh,Minh\u{202E},hcth,staff\n", 2, "U+202E"),
    ])
    func everySlipIsNamedWithItsLine(_ lines: String, _ line: Int, _ words: String) {
        let problems = read(Self.header + lines).problems
        #expect(problems.map(\.line) == [line])
        #expect(problems.first?.isFatal == true)
        #expect(problems.first?.wording.vietnamese.contains(words) == true, "\(problems.map(\.placed.vietnamese))")
    }

    @Test(arguments: [
        ("", "Tệp trống"), ("\n\n", "Tệp trống"), (header, "chưa có người nào"),
        ("minh,Minh,hcth,staff\n", "Không có cột"),
        ("id,name,ofice,position\n", "có phải là “office”"), ("id,name,position\n", "Thiếu cột “office”"),
        ("id,id,name,office,position\n", "hai lần"), ("\"\n", "ngoặc kép"), ("\u{0}", "U+0000"),
        (String(repeating: "x", count: 5000), "quá dài"), (String(repeating: "a,", count: 1900), ""),
    ])
    func aFileWithoutPeopleSaysWhy(_ text: String, _ words: String) {
        let (rows, problems) = read(text)
        #expect(rows.isEmpty)
        #expect(problems.contains { $0.isFatal && $0.wording.vietnamese.contains(words) })
    }

    @Test(
        arguments: [
            ([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00], "Excel"), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "đời cũ"),
            ([0xFF, 0xFE, 0x69, 0x00, 0x64, 0x00], "UTF-16"), ([0x69, 0, 0x64, 0, 0x2C, 0, 0x6E, 0], "UTF-16"),
        ] as [([UInt8], String)])
    func aFileThatIsNoTextIsNamed(_ octets: [UInt8], _ words: String) {
        for problems in [PeopleFile.read(octets).problems, PlanFile.read(octets).problems] {
            #expect(problems.count == 1)
            #expect(problems.first?.wording.vietnamese.contains(words) == true, "\(problems.map(\.placed.vietnamese))")
        }
    }

    @Test func leadersOutsideTheLeadershipAreDoubted() {
        let (rows, problems) = read(Self.header + "bich,Hoàng Thị Bích,hcth,director\nlan,Lan,leadership,staff\n")
        #expect(rows.count == 2)
        #expect(problems.map(\.isFatal) == [false, false])
        #expect(problems.map(\.line) == [2, 3])
    }

    /// All or nothing: nobody is left out for the notes that stand before them, and what was not looked at is said so.
    @Test func aListIsReadToItsEndOrRefused() {
        let doubtful = (1...150).map { "u\($0),Nguyễn Văn A,leadership,staff,\n" }.joined()
        let (rows, problems) = read(Self.header + doubtful + "lan,Nông Thị Lan,nv,staff,\n")
        #expect(rows.count == 151 && rows.last?.id.text == "lan")
        #expect(problems.count == 101 && !problems.contains(where: \.isFatal))
        #expect(problems.last?.wording.vietnamese.contains("Còn 50 lưu ý nữa") == true)
        let wrong = read(Self.header + doubtful + String(repeating: "?,?,?,?\n", count: 150)).problems
        #expect(wrong.contains { $0.isFatal && $0.wording.vietnamese.contains("phần còn lại chưa được xem") })
    }

    @Test func aLongListIsReadInTime() {
        let lines = (1...10_000).map { "u\($0),Nguyễn Văn A,hcth,staff,\n" }
        #expect(read(Self.header + lines.joined()).rows.count == 10_000)
        let wrong = read(Self.header + String(repeating: "?,?,?,?\n", count: 40_000)).problems
        #expect(wrong.count <= 105)
        #expect(PeopleFile.read([UInt8](repeating: 0x61, count: PeopleFile.maximumOctets + 1)).problems.count == 1)
    }

    @Test(arguments: 1...8) func damagedListsAreReadOrRefused(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let whole = Array((Self.header + "minh,Trần Văn Minh,hcth,staff,x\nlan,\"Lan, \"\"A\"\"\",nv,head,\n").utf8)
        for _ in 0..<300 {
            var octets = whole
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let place = Int.random(in: octets.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: octets.remove(at: place)
                case 1: octets.insert([0x22, 0x2C, 0x0A, 0x3B, 0x09].randomElement(using: &generator) ?? 0, at: place)
                default: octets[place] = UInt8.random(in: 0...0xFF, using: &generator)
                }
            }
            let (rows, problems) = PeopleFile.read(octets)
            #expect(rows.count <= 3)
            #expect(!rows.isEmpty || !problems.isEmpty, "seed \(seed)")
        }
    }
}
