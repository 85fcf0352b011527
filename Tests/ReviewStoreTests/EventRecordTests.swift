import ReviewCore
import ReviewDigest
import ReviewStore
import ReviewStoreTestKit
import Testing

@Suite struct EventRecordTests {
    @Test func theEncodingIsFrozen() throws {
        // Frozen by storage: a change of this line breaks the chain of every log in use.
        let event = Event(
            sequence: 88, time: Sample.start, person: PersonID("minh"), office: OfficeID("nv"),
            fact: try Sample.comment("2025-1", 7, "Báo cáo ghi 75.", suggestion: "75"))
        let record = EventRecord(event)
        #expect(
            record.encoded == """
                88 2025-06-15T22:06:40.123+07:00 COMMENT.ADDED minh nv topic=2025-1 revision=1 id=C7 kind=content \
                level=must stage=review round=1 \
                suggest=sha256:f369cb89fc627e668987007d121ed1eacdc01db9e28f8bb26f358b7d8c4f08ac \
                body=sha256:\(Digest(hashing: "Báo cáo ghi 75."))
                """)
        #expect(record.bodies.map(\.text) == ["75", "Báo cáo ghi 75."])
        #expect(try record.event() == event)
        let operated = Event(
            sequence: 1, time: Sample.start, person: nil, office: nil,
            fact: try Sample.office("Phòng \"Nghiệp\\vụ\" \u{1}\u{7F}"))
        #expect(
            EventRecord(operated).encoded
                == "1 2025-06-15T22:06:40.123+07:00 OFFICE.ADDED - - office=nv name=\"Phòng \\\"Nghiệp\\\\vụ\\\" \\01\\7f\""
        )
    }

    @Test(arguments: [
        "", " ", "a", "a b", "=", "a=b", "\"", "\\", "\\n", "\n\t\r", "sha256:", "sha256:00", "Đặng Thị Lan", "\u{0}",
        "\u{7F}", "ký\u{301}", "😀", "-", "~!@#$%^&*()", "\u{85}\u{2028}",
    ])
    func anyValueComesBack(_ value: String) throws {
        let event = Event(
            sequence: 1, time: Sample.start, person: nil, office: nil, fact: try Sample.office(value))
        let record = EventRecord(event)
        #expect(!record.encoded.utf8.contains { $0 < 0x20 || $0 == 0x7F })
        let back = try record.event()
        #expect(back == event)
        let name = try #require(back.fact.fields.pairs.last?.value)
        #expect(name.utf8.elementsEqual(value.utf8))
        #expect(EventRecord(back).encoded.utf8.elementsEqual(record.encoded.utf8))
    }

    private static let time = "2025-06-15T22:06:40.123+07:00"

    @Test(arguments: [
        ("1 T OFFICE.ADDED - - office=nv name=\"a\"", RecordProblem.notCanonical),
        ("1 T OFFICE.ADDED - - office=nv name=\"\\20\"", .notCanonical),
        // Found by fuzzing: what is read the same way is not therefore the same text.
        ("1 T OFFICE.ADDED - - name=a office=nv", .notCanonical),
        ("1 T OFFICE.ADDED - - office=nv office=nv name=a", .notCanonical),
        (
            "1 T TOPIC.RESUMED - - topic=2025-01",
            .fact(.malformed(type: "TOPIC.RESUMED", field: "topic", value: "2025-01"))
        ),
        ("1 T COMMENT.AGREED - - topic=2025-1 id=c7", .notCanonical),
        ("1 2025-06-15T15:06:40.123Z OFFICE.ADDED - - office=nv name=a", .notCanonical),
        ("01 T OFFICE.ADDED - - office=nv name=a", .malformed(octet: 0)),
        ("0 T OFFICE.ADDED - - office=nv name=a", .malformed(octet: 0)),
        ("9223372036854775808 T OFFICE.ADDED - - office=nv name=a", .malformed(octet: 0)),
        ("-1 T OFFICE.ADDED - - office=nv name=a", .malformed(octet: 0)),
        ("", .malformed(octet: 0)),
        ("1", .malformed(octet: 1)),
        ("1  T OFFICE.ADDED - - office=nv", .malformed(octet: 2)),
        ("1 T OFFICE.ADDED - -  office=nv", .malformed(octet: 49)),
        ("1 T OFFICE.ADDED - - office=nv ", .malformed(octet: 59)),
        ("1 T OFFICE.ADDED - - office=nv name=", .malformed(octet: 64)),
        ("1 T OFFICE.ADDED - - office=nv name=\"", .malformed(octet: 65)),
        ("1 T OFFICE.ADDED - - office=nv name=\"\\", .malformed(octet: 66)),
        ("1 T OFFICE.ADDED - - office=nv name=\"\\0", .malformed(octet: 66)),
        ("1 T OFFICE.ADDED - - office=nv name=\"\\0G\"", .malformed(octet: 66)),
        ("1 T OFFICE.ADDED - - office=nv name=\"\\1F\"", .malformed(octet: 66)),
        ("1 T OFFICE.ADDED - - office=nv name=a b", .malformed(octet: 67)),
        ("1 T OFFICE.ADDED - - office=nv name=sha256:12", .malformed(octet: 71)),
        ("1 T OFFICE.ADDED - - office=nv", .fact(.missing(type: "OFFICE.ADDED", field: "name"))),
        ("1 T OFFICE.EATEN - -", .fact(.unknownType("OFFICE.EATEN"))),
        ("1 T OFFICE.ADDED A - office=nv name=a", .malformed(octet: 46)),
    ])
    func refusesEveryOtherForm(_ line: String, _ problem: RecordProblem) throws {
        // Octets are counted in the line with the time written out.
        let text = line.replacing("T ", with: Self.time + " ", maxReplacements: line.contains("Z ") ? 0 : 1)
        #expect(throws: problem) { try EventRecord(encoded: text, bodies: []).event() }
    }

    @Test func refusesOtherBodies() throws {
        let event = Event(
            sequence: 1, time: Sample.start, person: nil, office: nil, fact: try Sample.comment("2025-1", 1, "một"))
        let record = EventRecord(event)
        for bodies in [[], [Body("hai")], [Body("một"), Body("hai")]] {
            #expect(throws: RecordProblem.self) { try EventRecord(encoded: record.encoded, bodies: bodies).event() }
        }
        // A body that was removed leaves its digest, and the event can still be read.
        let removed = Body(digest: Digest(hashing: "một"), text: nil)
        #expect(throws: Never.self) { try EventRecord(encoded: record.encoded, bodies: [removed]).event() }
    }

    /// No octets stop the reader, and what it accepts is the encoding of what it read.
    @Test(arguments: 1...20) func damagedLinesAreReadOrRefused(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let event = Event(
            sequence: 12, time: Sample.start, person: PersonID("minh"), office: nil,
            fact: try Sample.office("Phòng \"A\"\n\u{1}"))
        let line = Array(EventRecord(event).encoded.utf8)
        for _ in 0..<500 {
            var damaged = line
            for _ in 0...Int.random(in: 0..<3, using: &generator) where !damaged.isEmpty {
                let place = Int.random(in: damaged.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: damaged.remove(at: place)
                case 1: damaged.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: place)
                case 2: damaged[place] = UInt8.random(in: 0...0xFF, using: &generator)
                default: damaged.removeSubrange(place...)
                }
            }
            let text = String(decoding: damaged, as: UTF8.self)
            guard let read = try? EventRecord(encoded: text, bodies: []).event() else { continue }
            // A fact may ignore fields that it does not know; those apart, reading and writing are inverse.
            let again = EventRecord(read)
            #expect(try again.event() == read, "seed \(seed): \(text)")
            let hasUnknown = text.utf8.count > again.encoded.utf8.count
            #expect(hasUnknown || again.encoded.utf8.elementsEqual(text.utf8), "seed \(seed): \(text)")
        }
    }
}

@Suite struct ChainTests {
    @Test func leavesAndLinksAreHashedApart() {
        let leaf = Chain.leaf("1 …")
        #expect(leaf == Digest(hashing: [0x00] + Array("1 …".utf8)))
        #expect(
            Chain.link(after: .zero, leaf) == Digest(hashing: [0x01] + [UInt8](repeating: 0, count: 32) + leaf.octets))
        var chain = Chain()
        chain.append(leaf)
        #expect(chain == Chain(head: 1, link: Chain.link(after: .zero, leaf)))
    }

    /// A storage that was changed behind the log's back.
    private final class Altered: VerifiableLog {
        var stored: [StoredRecord]
        init(_ log: MemoryLog) throws { stored = try log.records(after: 0, limit: 100) }
        func records(after sequence: Int64, limit: Int) -> [StoredRecord] {
            Array(stored.filter { $0.sequence > sequence }.prefix(limit))
        }
        func replace(_ place: Int, encoded: String? = nil, bodies: [Body]? = nil, sequence: Int64? = nil) {
            let old = stored[place]
            stored[place] = StoredRecord(
                sequence: sequence ?? old.sequence,
                record: EventRecord(encoded: encoded ?? old.record.encoded, bodies: bodies ?? old.record.bodies),
                link: old.link)
        }
    }

    private func altered() throws -> Altered {
        let log = MemoryLog()
        try log.append(
            try Sample.batch((1...6).map { try Sample.comment("2025-1", $0, "ý kiến \($0)") }))
        return try Altered(log)
    }

    @Test func anAlteredEventIsNamed() throws {
        let log = try altered()
        let line = log.stored[2].record.encoded
        log.replace(2, encoded: line.replacing("level=must", with: "level=note"))
        let report = try Verification.run(log)
        #expect(report.problems.map(\.sequence) == [3])
        #expect(report.problems.map(\.kind) == [.link])
    }

    @Test func anAlteredBodyIsNamed() throws {
        let log = try altered()
        let digest = log.stored[1].record.bodies[0].digest
        log.replace(1, bodies: [Body(digest: digest, text: "khác")])
        #expect(try Verification.run(log).problems.map(\.kind) == [.body(digest)])
        log.replace(1, bodies: [Body("khác")])
        #expect(try Verification.run(log).problems.map(\.kind) == [.record(.bodies(named: 1, found: 1))])
    }

    @Test func aRemovedBodyLeavesTheChainWhole() throws {
        let log = try altered()
        log.replace(1, bodies: [Body(digest: log.stored[1].record.bodies[0].digest, text: nil)])
        let report = try Verification.run(log)
        #expect(report.isIntact)
        #expect(report.redacted == 1)
        #expect(report.bodies == 5)
    }

    @Test func missingSwappedAndRenumberedEventsAreNamed() throws {
        let missing = try altered()
        missing.stored.remove(at: 3)
        #expect(try Verification.run(missing).problems.map(\.sequence) == [5, 5])
        let renumbered = try altered()
        renumbered.stored.remove(at: 3)
        renumbered.replace(3, sequence: 4)
        renumbered.replace(4, sequence: 5)
        let report = try Verification.run(renumbered)
        #expect(report.problems.first?.sequence == 4)
        #expect(report.problems.first?.kind == .number(5))
        let cut = try altered()
        cut.stored.removeFirst(2)
        #expect(try Verification.run(cut).problems.first?.kind == .order)
    }

    @Test func aStorageThatStandsStillIsNotReadForEver() throws {
        final class Stuck: VerifiableLog {
            let record: StoredRecord
            init(_ record: StoredRecord) { self.record = record }
            func records(after sequence: Int64, limit: Int) -> [StoredRecord] { [record] }
        }
        let log = try altered()
        #expect(try !Verification.run(Stuck(log.stored[0])).isIntact)
    }
}

@Suite struct SnippetTests {
    @Test func isOneLineOfBoundedLength() throws {
        var generator = SplitMix64(seed: 7)
        let parts = ["Nghị", "định", "\n", "  ", "a", String(repeating: "dài", count: 90), "😀", "e\u{301}\u{323}", "-"]
        for _ in 0..<400 {
            let text = (0..<Int.random(in: 1...60, using: &generator))
                .map { _ in parts.randomElement(using: &generator) ?? "" }.joined(separator: " ")
            for word in SearchWords.words(of: text) {
                let snippet = Snippet.around(word.octets, in: text)
                #expect(snippet.count <= Snippet.maximumCharacters)
                #expect(!snippet.contains { $0.isNewline })
                #expect(!snippet.unicodeScalars.contains("\u{FFFD}"))
                // The word itself, or the beginning of an endless one, is shown.
                #expect(Folding.exact(snippet).contains(word.exact.prefix(40)))
            }
        }
    }

    @Test func cutsBetweenWords() {
        let text = (1...200).map { "từ\($0)" }.joined(separator: " ")
        let place = SearchWords.words(of: text)[99].octets
        let snippet = Snippet.around(place, in: text)
        #expect(snippet.hasPrefix("…từ8"))
        #expect(snippet.contains(" từ100 "))
        #expect(snippet.hasSuffix("…"))
        let words = snippet.dropFirst().dropLast().split(separator: " ")
        #expect(words.allSatisfy { word in word.hasPrefix("từ") && Int(word.dropFirst(2)) != nil })
    }

    @Test func anyRangeIsSafe() {
        for range in [0..<0, 5..<5, 0..<100, 90..<100, -5..<3] {
            #expect(Snippet.around(range, in: "một hai").count <= 9)
        }
        #expect(Snippet.around(0..<0, in: "") == "")
    }
}
