import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("The calendar")
struct CalendarFileTests {
    private func calendar(_ world: World, _ who: String = "lan", vietnamese: Bool = true) -> CalendarFile {
        CalendarFile(of: world.state, for: p(who), vietnamese: vietnamese, now: world.now)
    }

    /// The events by the part of their UID before `@`.
    private func events(
        _ world: World, _ who: String = "lan", vietnamese: Bool = true
    ) throws
        -> [String: ParsedComponent]
    {
        let parsed = try ParsedComponent(calendar: calendar(world, who, vietnamese: vietnamese).text)
        let pairs = parsed.parts.map { (String(($0["UID"] ?? "").prefix { $0 != "@" }), $0) }
        #expect(Set(pairs.map(\.0)).count == pairs.count, "an UID stands for one event")
        return Dictionary(pairs) { first, _ in first }
    }

    @Test(
        "every date of the plan stands on its last day on time",
        arguments: [
            (
                BeforeDateRule.strict,
                ["0314", "0319", "0327", "0614", "0619", "0627", "0914", "0919", "0929", "1214", "1219", "1229"]
            ),
            (
                .inclusive,
                ["0315", "0320", "0328", "0615", "0620", "0628", "0915", "0920", "0930", "1215", "1220", "1230"]
            ),
            (
                .workday,
                ["0314", "0319", "0327", "0613", "0619", "0627", "0912", "0919", "0929", "1212", "1219", "1229"]
            ),
        ])
    func lastDays(rule: BeforeDateRule, days: [String]) throws {
        let world = try World(beforeDate: rule)
        let parsed = try ParsedComponent(calendar: calendar(world).text)
        #expect(parsed.parts.map { $0["DTSTART;VALUE=DATE"] } == days.map { "2025" + $0 })
        for event in parsed.parts {
            let start = try #require(event["DTSTART;VALUE=DATE"])
            let end = try #require(event["DTEND;VALUE=DATE"])
            #expect(try ParsedComponent.day(start).days(until: ParsedComponent.day(end)) == 1)
        }
        #expect(calendar(world).events == 12)
    }

    @Test("an event says what, until when, by which rule, and who")
    func words() throws {
        let world = try World()
        let vietnamese = try #require(events(world)["2025-2-review"])
        #expect(vietnamese["SUMMARY"] == "CĐ2/2025 – hạn phản biện (trước ngày 20/6/2025)")
        #expect(
            vietnamese["DESCRIPTION"] == """
                Tranh chấp quyền sử dụng đất
                Phòng chủ trì: Phòng Nghiệp vụ
                Phòng phản biện: Phòng Hành chính – Tổng hợp
                Thời hạn: trước ngày 20/6/2025: chậm nhất hết thứ Năm, ngày 19/6/2025 (quy tắc: xong trước khi ngày 20/6/2025 bắt đầu)
                """)
        let english = try #require(events(world, vietnamese: false)["2025-2-review"])
        #expect(english["SUMMARY"] == "CĐ2/2025 – deadline: review (before 2025-06-20)")
        #expect(english["DESCRIPTION"]?.hasPrefix("Tranh chấp quyền sử dụng đất\nLead office: ") == true)
        #expect(english["UID"] == vietnamese["UID"])
        for name in ["opinion", "final"] {
            let summary = try #require(events(world)["2025-1-\(name)"]?["SUMMARY"])
            #expect(summary.hasPrefix("CĐ1/2025 – hạn \(name == "final" ? "sinh hoạt và hoàn thiện" : "gửi lãnh đạo")"))
        }
    }

    @Test("the file is what RFC 5545 asks for")
    func frame() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.openPlenary()
        let file = calendar(world)
        let parsed = try ParsedComponent(calendar: file.text)
        #expect(parsed["VERSION"] == "2.0" && parsed["CALSCALE"] == "GREGORIAN" && parsed["METHOD"] == nil)
        #expect(parsed["X-WR-CALNAME"] == "Các mốc chuyên đề" && parsed["PRODID"]?.isEmpty == false)
        #expect(file.text.hasPrefix("BEGIN:VCALENDAR\nVERSION:2.0\n") && file.text.hasSuffix("\nEND:VCALENDAR\n"))
        for event in parsed.parts {
            #expect(event["DTSTAMP"] == "20250303T020000Z")
            #expect(
                event["UID"]?.hasSuffix("@\(Digest(hashing: SeedDraft.source).description.prefix(16)).phanbien") == true
            )
        }
        #expect(calendar(world).text == file.text, "the same state gives the same octets")
    }

    @Test("reminders at eight o'clock, five days, two days before, and on the last day")
    func reminders() throws {
        var world = try World()
        let all = try #require(events(world)["2025-2-final"]).parts
        #expect(all.map { $0["TRIGGER"] } == ["-P4DT16H", "-P1DT16H", "PT8H"])
        #expect(
            all.map { $0["DESCRIPTION"] } == [
                "Còn 5 ngày: CĐ2/2025 – hạn sinh hoạt và hoàn thiện",
                "Còn 2 ngày: CĐ2/2025 – hạn sinh hoạt và hoàn thiện",
                "Hôm nay là ngày cuối: CĐ2/2025 – hạn sinh hoạt và hoàn thiện",
            ])
        #expect(all.allSatisfy { $0.name == "VALARM" && $0["ACTION"] == "DISPLAY" })
        func left(_ date: String, _ time: String) throws -> Int {
            world.now = at(date, time)
            return try #require(events(world)["2025-2-final"]).parts.count
        }
        #expect(try left("2025-06-22", "07:59") == 3, "the last day is the 27th")
        #expect(try left("2025-06-22", "08:00") == 2)
        #expect(try left("2025-06-27", "07:59") == 1)
        #expect(try left("2025-06-27", "08:00") == 0)
    }

    @Test("what the topic has passed stays in the calendar and reminds nobody")
    func passed() throws {
        var world = try World()
        world.now = at("2025-01-03")
        try world.reach(.review)
        var found = try events(world)
        #expect(["opinion", "review", "final"].map { found["2025-1-\($0)"]?.parts.count } == [0, 3, 3])
        #expect(found["2025-1-opinion"]?["DESCRIPTION"]?.hasSuffix("\nChuyên đề đã qua mốc này") == true)
        #expect(found["2025-1-review"]?["DESCRIPTION"]?.contains("đã qua") == false)
        try world.reach(.approved)
        found = try events(world)
        #expect(["opinion", "review", "final"].map { found["2025-1-\($0)"]?.parts.count } == [0, 0, 0])
    }

    @Test("an extension moves the event and makes it a later one of the same name")
    func extended() throws {
        var world = try World()
        let before = try events(world)
        for (date, reference) in [("2025-04-10", "12/TB-TGPL"), ("2025-04-20", "15/TB-TGPL; bổ sung, lần 2")] {
            try world.act(
                "bich",
                .extend(
                    topic(1), .final, to: day(date), reference: reference, reason: octets("Chờ số liệu.")))
        }
        let found = try events(world)
        let event = try #require(found["2025-1-final"])
        #expect(event["UID"] == before["2025-1-final"]?["UID"])
        #expect(event["SEQUENCE"] == "2" && event["DTSTART;VALUE=DATE"] == "20250419")
        #expect(event["SUMMARY"]?.hasSuffix("(trước ngày 20/4/2025)") == true)
        #expect(
            event["DESCRIPTION"]?.hasSuffix(
                "\nGia hạn theo 15/TB-TGPL; bổ sung, lần 2; Kế hoạch ghi trước ngày 28/3/2025") == true)
        #expect(event["DESCRIPTION"]?.contains("Chờ số liệu") == false)
        #expect(found["2025-1-review"]?["SEQUENCE"] == "0")
    }

    @Test("a postponed topic says so and reminds nobody")
    func postponed() throws {
        var world = try World()
        try world.act("bich", .postpone(topic(3), reason: octets("Chờ hướng dẫn mới.")))
        let event = try #require(events(world)["2025-3-opinion"])
        #expect(event["SUMMARY"] == "CĐ3/2025 (tạm hoãn) – hạn gửi lãnh đạo cho ý kiến (trước ngày 15/9/2025)")
        #expect(event["DESCRIPTION"]?.hasSuffix("\nChuyên đề đang tạm hoãn") == true)
        #expect(event["DESCRIPTION"]?.contains("Chờ hướng dẫn") == false && event.parts.isEmpty)
        try world.act("bich", .resume(topic(3)))
        #expect(try events(world)["2025-3-opinion"]?.parts.count == 3)
    }

    @Test("an open plenary stands at its hour, with its place and who runs it")
    func plenary() throws {
        var world = try World()
        try world.reach(.plenary)
        #expect(try events(world)["2025-1-plenary"] == nil)
        try world.openPlenary()
        let event = try #require(events(world)["2025-1-plenary"])
        #expect(event["DTSTART"] == "20250325T010000Z" && event["LOCATION"] == "Hội trường")
        #expect(event["SUMMARY"] == "CĐ1/2025 – sinh hoạt chuyên đề" && event["SEQUENCE"] == "0")
        #expect(
            event["DESCRIPTION"]?.hasSuffix(
                "\nChủ trì: Vi Văn Dũng\nThư ký: Lương Thị Quyên\nVăn bản: dự thảo lần 1") == true)
        // What is opened in its place is the same event, changed.
        try world.act("bich", .sendBack(topic(1), reason: octets("Sửa thêm.")))
        #expect(try events(world)["2025-1-plenary"] == nil)
        try world.reach(.plenary)
        try world.openPlenary()
        let later = try #require(events(world)["2025-1-plenary"])
        #expect(later["UID"] == event["UID"] && later["SEQUENCE"] == "1")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        #expect(try events(world)["2025-1-plenary"] == nil)
    }

    @Test("one that is opened anew without its chair is a later one, and one that never was opened counts for nothing")
    func openedAnew() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.act("bich", .sendBack(topic(1), reason: octets("Sửa thêm.")))
        try world.reach(.plenary)
        try world.openPlenary()
        #expect(try events(world)["2025-1-plenary"]?["SEQUENCE"] == "1")
        try world.act("tri", .disablePerson(p("dung"), reason: octets("Chuyển công tác.")))
        try world.act(
            "hanh", .openPlenary(topic(1), at: "2025-03-26T14:00", place: nil, chair: p("bich"), secretary: nil))
        #expect(try events(world)["2025-1-plenary"]?["SEQUENCE"] == "2")
    }

    @Test("a moment that is none leaves its plenary out; a place that was removed says why")
    func oldPlenaries() throws {
        var world = try World()
        try world.reach(.plenary)
        let place = Body(digest: Digest(hashing: "Nhà ông A"), text: nil)
        func open(_ time: String) throws -> ParsedComponent? {
            var world = world
            let opened = PlenaryOpened(
                topic: topic(1), revision: 1, at: time, chair: p("dung"), secretary: p("quyen"), place: place)
            world.state.apply(
                Event(sequence: 900, time: world.now, person: p("hanh"), office: nil, fact: .plenaryOpened(opened)))
            return try events(world)["2025-1-plenary"]
        }
        for time in ["", "2025-02-30T08:00", "sáng thứ Ba", "2025-03-25T08:00:00+07:00"] {
            #expect(try open(time) == nil, "\(time)")
        }
        #expect(try open("2025-03-25T08:00")?["LOCATION"] == place.shown)
    }

    @Test("everybody sees the milestones of the topics that they may know of, and no more than these")
    func readers() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment("phuc", level: .must, "BÍ-MẬT trong ý kiến.")
        try world.act("bich", .opine(RevisionID(topic(1), 1), .direct, body: octets("BÍ-MẬT chỉ đạo.")))
        for (who, _, _, _) in World.people {
            let file = calendar(world, who)
            #expect(file.events == (who == "soat" ? 0 : 12), "\(who)")
            #expect(!file.text.contains("BÍ-MẬT") && !file.text.contains("57 buổi"), "\(who)")
        }
        #expect(calendar(world, "soat").text.isEmpty)
        #expect(calendar(world, "khong.co").events == 0)
    }

    @Test("a plenary is for whoever reads the text, an approved topic also for observers")
    func readersOfLaterStages() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.openPlenary()
        #expect(try events(world, "phuc")["2025-1-plenary"] != nil)
        #expect(try events(world, "tri")["2025-1-plenary"] == nil, "the administrator reads no text")
        #expect(try events(world, "tri")["2025-1-final"] != nil)
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        try world.reach(.approved)
        #expect(try Set(events(world, "soat").keys) == ["2025-1-opinion", "2025-1-review", "2025-1-final"])
    }

    @Test("finished topics are left out", arguments: [Stage.issued, .cancelled])
    func finished(stage: Stage) throws {
        var world = try World()
        try world.reach(stage)
        #expect(calendar(world).events == 9 && !calendar(world).text.contains("CĐ1/2025"))
    }

    @Test("the last day that there is has none behind it")
    func lastDayOfAll() throws {
        var world = try World(beforeDate: .inclusive)
        try world.act(
            "bich",
            .extend(
                topic(1), .final, to: day("9999-12-31"), reference: "1/TB", reason: octets("Vô thời hạn.")))
        let event = try #require(events(world)["2025-1-final"])
        #expect(event["DTSTART;VALUE=DATE"] == "99991231" && event["DTEND;VALUE=DATE"] == nil)
    }

    // MARK: Lines

    @Test("the marks of the format are escaped")
    func escaping() {
        #expect(ContentLines.escaped("a\\b;c,d\ne: \"f\" – g") == "a\\\\b\\;c\\,d\\ne: \"f\" – g")
        #expect(ContentLines.escaped("\r\nEND:VEVENT\rBEGIN:VEVENT\u{0}\u{7F}\u{85}") == "\\nEND:VEVENTBEGIN:VEVENT")
        #expect(ContentLines.escaped("\\n\t\\") == "\\\\n\t\\\\")
    }

    @Test("a line of exactly 75 octets is not broken, one more is")
    func edges() {
        func lines(_ count: Int, _ tail: String) -> [Int] {
            var lines = ContentLines()
            lines.add("A", String(repeating: "x", count: count - 2 - tail.utf8.count) + tail)
            return lines.text.split(separator: "\n").map(\.utf8.count)
        }
        #expect(lines(75, "") == [75])
        #expect(lines(76, "") == [75, 2])
        #expect(lines(75 + 74, "") == [75, 75])
        #expect(lines(75 + 75, "") == [75, 75, 2])
        // The character that would be cut goes to the next line whole.
        #expect(lines(76, "ế") == [73, 4])
        #expect(lines(77, "ế") == [74, 4])
        #expect(lines(78, "ế") == [75, 4])
        #expect(lines(78, "\u{1F4C5}") == [74, 5])
    }

    @Test("whatever the text, its lines fit and give it back", arguments: 1...40 as ClosedRange<UInt64>)
    func folding(seed: UInt64) throws {
        var chaos = Chaos(seed: seed)
        let pieces = [
            "ế", "ữ", "đ", "Đ", "a", " ", "  ", ";", ",", "\\", "\n", "\t", ":", "\"", "–", "“", "e\u{302}\u{301}",
            "\u{1F4C5}", "\u{1F1FB}\u{1F1F3}", "trợ giúp pháp lý", "BEGIN:VEVENT",
        ]
        for _ in 0..<40 {
            let text = (0..<chaos.below(120)).map { _ in chaos.one(pieces) }.joined()
            var lines = ContentLines()
            lines.add("SUMMARY", text: text)
            let properties = try ParsedComponent.properties(lines.text)
            #expect(properties.count == 1 && properties[0].name == "SUMMARY")
            // By octets: Swift's == takes what is composed and what is not for the same.
            #expect(Array(properties[0].text.utf8) == Array(text.utf8))
        }
    }
}

/// A component of a calendar file, read by the letter of RFC 5545: what does not follow it is an error.
struct ParsedComponent {
    let name: String
    private(set) var properties: [Property] = []
    private(set) var parts: [ParsedComponent] = []

    struct Property {
        /// With its parameters: `DTSTART;VALUE=DATE`.
        let name: String
        let value: String
        let text: String
    }

    struct Problem: Error {
        let words: String
        init(_ words: String) { self.words = words }
    }

    /// A value as text; nil when there is none.
    subscript(name: String) -> String? { properties.first { $0.name == name }?.text }

    /// Reads a whole file.
    init(calendar text: String) throws {
        var rest = try Self.properties(text)[...]
        guard let first = rest.popFirst(), first.name == "BEGIN", first.value == "VCALENDAR" else {
            throw Problem("no calendar")
        }
        try self.init("VCALENDAR", &rest)
        guard rest.isEmpty, !parts.isEmpty else { throw Problem("more than a calendar, or an empty one") }
        try check()
    }

    private init(_ name: String, _ rest: inout ArraySlice<Property>) throws {
        self.name = name
        while let property = rest.popFirst() {
            switch property.name {
            case "BEGIN": parts.append(try ParsedComponent(property.value, &rest))
            case "END":
                guard property.value == name else { throw Problem("\(name) ends as \(property.value)") }
                return
            default:
                guard parts.isEmpty else { throw Problem("\(property.name) stands behind a component") }
                guard self[property.name] == nil else { throw Problem("\(property.name) stands twice") }
                properties.append(property)
            }
        }
        throw Problem("\(name) does not end")
    }

    /// What the standard demands of each kind of component, and what it allows at all.
    private func check() throws {
        let (needed, allowed, inside): ([String], [String], [String]) =
            switch name {
            case "VCALENDAR": (["VERSION", "PRODID"], ["CALSCALE", "X-WR-CALNAME"], ["VEVENT"])
            case "VEVENT":
                (
                    ["UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DESCRIPTION"],
                    ["DTSTART", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "LOCATION", "TRANSP"], ["VALARM"]
                )
            case "VALARM": (["ACTION", "TRIGGER", "DESCRIPTION"], [], [])
            default: throw Problem("there is no \(name)")
            }
        for name in needed where self[name]?.isEmpty ?? true { throw Problem("no \(name)") }
        for property in properties where !(needed + allowed).contains(property.name) {
            throw Problem("\(property.name) in \(name)")
        }
        if name == "VEVENT" {
            let isDay = self["DTSTART;VALUE=DATE"] != nil
            guard isDay != (self["DTSTART"] != nil), isDay || self["DTEND;VALUE=DATE"] == nil else {
                throw Problem("one beginning, and an end of its kind")
            }
            for moment in ["DTSTAMP", "DTSTART"].compactMap({ self[$0] }) {
                let isUTC = moment.utf8.count == 16 && moment.hasSuffix("Z") && Array(moment)[8] == "T"
                guard isUTC, moment.filter(\.isNumber).utf8.count == 14 else { throw Problem(moment) }
                _ = try Self.day(String(moment.prefix(8)))
            }
            if let end = self["DTEND;VALUE=DATE"], let start = self["DTSTART;VALUE=DATE"], end <= start {
                throw Problem("ends before it begins")
            }
        }
        for part in parts {
            guard inside.contains(part.name) else { throw Problem("\(part.name) in \(name)") }
            try part.check()
        }
    }

    static func day(_ text: String) throws -> CivilDate {
        let digits = Array(text)
        guard digits.count == 8,
            let date = CivilDate(String(digits[0..<4]) + "-" + String(digits[4..<6]) + "-" + String(digits[6...]))
        else { throw Problem("no day: \(text)") }
        return date
    }

    /// The properties of the lines, put together where they were broken.
    static func properties(_ text: String) throws -> [Property] {
        guard text.utf8.last == 0x0A else { throw Problem("the last line does not end") }
        var whole: [[UInt8]] = []
        for line in text.utf8.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard (1...75).contains(line.count) else { throw Problem("a line of \(line.count) octets") }
            guard String(validating: line, as: UTF8.self) != nil else { throw Problem("a character was cut") }
            if line.first == 0x20 {
                guard !whole.isEmpty, line.count > 1 else { throw Problem("goes on from nothing") }
                whole[whole.count - 1] += line.dropFirst()
            } else {
                whole.append(Array(line))
            }
        }
        return try whole.map { line in
            guard let colon = line.firstIndex(of: 0x3A) else { throw Problem("no property") }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            let isName = name.utf8.allSatisfy { octet in
                (0x41...0x5A).contains(octet) || octet == 0x2D || octet == 0x3B || octet == 0x3D
            }
            guard isName else { throw Problem("\(name) is no name") }
            let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
            let isText = ["SUMMARY", "DESCRIPTION", "LOCATION", "X-WR-CALNAME", "PRODID", "UID"].contains(name)
            return Property(name: name, value: value, text: isText ? try plain(value) : value)
        }
    }

    /// A text without its escapes.
    private static func plain(_ value: String) throws -> String {
        var plain = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in value.unicodeScalars {
            switch (isEscaped, scalar) {
            case (false, "\\"): isEscaped = true
            case (true, "\\"), (true, ";"), (true, ","):
                plain.append(scalar)
                isEscaped = false
            case (true, "n"):
                plain.append("\n")
                isEscaped = false
            case (true, _), (false, ";"), (false, ","): throw Problem("a mark without its escape: \(value)")
            default:
                guard scalar.value >= 0x20 || scalar == "\t" else { throw Problem("a control") }
                plain.append(scalar)
            }
        }
        guard !isEscaped else { throw Problem("ends in an escape") }
        return String(plain)
    }
}
