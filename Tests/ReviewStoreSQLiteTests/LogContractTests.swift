import ReviewCore
import ReviewDigest
import ReviewStore
import Testing

/// What every log promises; the same tests run against each kind.
@Suite struct LogContractTests {
    @Test(arguments: LogKind.allCases) func beginsEmpty(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            #expect(log.head == 0)
            #expect(log.epoch.utf8.count == 12)
            #expect(log.epoch.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
            #expect(try log.openEvents(now: Sample.start).isEmpty)
            #expect(try log.events(after: 0, limit: 10, topic: nil).isEmpty)
        }
    }

    @Test(arguments: LogKind.allCases) func givesBackWhatWasAppended(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let first = try Sample.batch([Sample.office("Phòng “A” \\ B"), Sample.planned("2025-1")])
            try log.append(first)
            let second = try Sample.batch(
                [
                    Sample.revision("2025-1", 1, "# Mở đầu\n\nĐoạn một.\n"),
                    Sample.comment("2025-1", 1, "U+0000 giữa \u{0} chữ", suggestion: "sửa"),
                ], after: 2)
            try log.append(second)
            #expect(log.head == 4)
            let all = first.events + second.events
            #expect(try log.events(after: 0, limit: 100, topic: nil) == all)
            // The same without their texts.
            let references = try log.references(after: 0, limit: 100, topic: nil)
            #expect(references.map { EventRecord($0).encoded } == all.map { EventRecord($0).encoded })
            #expect(references.allSatisfy { $0.fact.fields.bodies.allSatisfy { $0.body.text == nil } })
            #expect(try log.references(after: 1, limit: 2, topic: nil).map(\.sequence) == [2, 3])
            #expect(try log.openEvents(now: Sample.start) == all)
            // NFC and NFD are equal Strings, so the octets are compared as well.
            let body = try #require(try log.events(after: 3, limit: 1, topic: nil).first?.fact.fields.bodies.last?.body)
            #expect(body.text?.utf8.elementsEqual("U+0000 giữa \u{0} chữ".utf8) == true)
        }
    }

    @Test(arguments: LogKind.allCases) func keepsDecomposedTextAsItCame(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let decomposed = "Nghi\u{302}\u{323} đi\u{323}nh"
            try log.append(try Sample.batch([Sample.comment("2025-1", 1, decomposed)]))
            let body = try #require(
                try log.events(after: 0, limit: 1, topic: nil).first?.fact.fields.bodies.first?.body)
            #expect(body.text.map { Array($0.utf8) } == Array(decomposed.utf8))
            #expect(body.digest == Digest(hashing: decomposed))
        }
    }

    @Test(arguments: LogKind.allCases) func refusesAnotherHead(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try log.append(try Sample.batch([Sample.office()]))
            for expected in [Int64(0), 2, -1, .max] {
                #expect(throws: LogError.conflict(head: 1)) {
                    try log.append(Batch(expected: expected))
                }
            }
            #expect(log.head == 1)
        }
    }

    @Test(arguments: LogKind.allCases) func refusesGapsAndWritesNothing(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let facts = try [Sample.office(), Sample.planned("2025-1"), Sample.planned("2025-2")]
            let events = try Sample.events(facts)
            for wrong in [[events[1]], [events[0], events[2]], [events[0], events[0]], [events[1], events[0]]] {
                var batch = Batch(expected: 0)
                batch.events = wrong
                #expect(throws: LogError.self) { try log.append(batch) }
                #expect(log.head == 0)
                #expect(try log.events(after: 0, limit: 10, topic: nil).isEmpty)
            }
            try log.append(try Sample.batch(facts))
            #expect(log.head == 3)
        }
    }

    @Test(arguments: LogKind.allCases) func aReplyIsStoredWithItsEffectOrNotAtAll(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let minh = try #require(PersonID("minh"))
            let lan = try #require(PersonID("lan"))
            let reply = StoredReply(
                key: ReplyKey(person: minh, key: "k-1"), request: String(repeating: "0f", count: 32),
                reply: Array("| Đã ghi\u{0}\r\nOK id=C1\r\n".utf8))
            var batch = try Sample.batch([Sample.office()])
            batch.replies = [reply]
            // A server asks before it writes, and what it was told then holds no longer.
            #expect(try log.replies([reply.key]).isEmpty)
            try log.append(batch)
            // The same key again: nothing of the batch may stay.
            var again = try Sample.batch([Sample.planned("2025-1")], after: 1)
            again.replies = [StoredReply(key: reply.key, request: "", reply: [])]
            #expect(throws: LogError.self) { try log.append(again) }
            #expect(log.head == 1)
            #expect(try log.events(after: 1, limit: 10, topic: nil).isEmpty)
            // Keys belong to a person.
            var other = Batch(expected: 1)
            other.replies = [
                StoredReply(key: ReplyKey(person: lan, key: "k-1"), request: "r", reply: []),
                StoredReply(key: ReplyKey(person: minh, key: "K-1"), request: "s", reply: [0xFF]),
                // Two keys, though String takes them for one: a letter with its accent, and with the accent behind it.
                StoredReply(key: ReplyKey(person: minh, key: "kh\u{E9}"), request: "t", reply: [1]),
                StoredReply(key: ReplyKey(person: minh, key: "khe\u{301}"), request: "u", reply: [2]),
            ]
            try log.append(other)
            #expect(
                try log.replies([
                    ReplyKey(person: lan, key: "k-1"), ReplyKey(person: lan, key: "none"), reply.key,
                    ReplyKey(person: minh, key: "K-1"), ReplyKey(person: minh, key: "khe\u{301}"),
                    ReplyKey(person: minh, key: "kh\u{E9}"),
                ]) == [other.replies[0], reply, other.replies[1], other.replies[3], other.replies[2]])
        }
    }

    @Test(arguments: LogKind.allCases) func theLaterPositionWins(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let minh = try #require(PersonID("minh"))
            var batch = Batch(expected: 0)
            batch.positions = [
                ReadPosition(person: minh, client: "", sequence: 5),
                ReadPosition(person: minh, client: "tui", sequence: 7),
                ReadPosition(person: minh, client: "", sequence: 3),
            ]
            try log.append(batch)
            #expect(try log.position(of: minh, client: "") == 3)
            #expect(try log.position(of: minh, client: "tui") == 7)
            #expect(try log.position(of: minh, client: "TUI") == nil)
            batch.positions = [ReadPosition(person: minh, client: "tui", sequence: 9)]
            try log.append(batch)
            #expect(try log.position(of: minh, client: "tui") == 9)
            #expect(log.head == 0)
        }
    }

    @Test(arguments: LogKind.allCases) func loadsOnlyWhatIsOpen(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let end = Sample.start.adding(milliseconds: 1000)
            let batch = try Sample.batch([
                Sample.office(), Sample.planned("2025-1"), Sample.planned("2025-2"),
                Sample.comment("2025-1", 1, "một"), Sample.comment("2025-2", 2, "hai"),
                Sample.token(expires: end), Sample.cancelled("2025-1", highestComment: 1),
                Sample.comment("2025-2", 3, "ba"),
            ])
            try log.append(batch)
            func sequences(_ now: Instant) throws -> [Int64] { try log.openEvents(now: now).map(\.sequence) }
            #expect(try sequences(Sample.start) == [1, 2, 3, 5, 6, 7, 8])
            #expect(try sequences(end.adding(milliseconds: -1)) == [1, 2, 3, 5, 6, 7, 8])
            // At its end a token is void.
            #expect(try sequences(end) == [1, 2, 3, 5, 7, 8])
            #expect(try log.events(of: Sample.topic("2025-1")).map(\.sequence) == [2, 4, 7])
            #expect(try log.events(after: 0, limit: 100, topic: nil) == batch.events)
        }
    }

    @Test(arguments: LogKind.allCases) func pagesThroughEvents(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            var facts: [Fact] = []
            for number in 1...25 {
                facts.append(try Sample.comment(number.isMultiple(of: 2) ? "2025-2" : "2025-1", number, "ý kiến"))
            }
            try log.append(try Sample.batch(facts))
            var seen: [Int64] = []
            while case let page = try log.events(after: seen.last ?? 0, limit: 7, topic: nil), let last = page.last {
                #expect(page.count <= 7)
                #expect(last.sequence > seen.last ?? 0)
                seen += page.map(\.sequence)
            }
            #expect(seen == Array(1...25))
            let topic = try Sample.topic("2025-2")
            #expect(try log.events(after: 3, limit: 3, topic: topic).map(\.sequence) == [4, 6, 8])
            #expect(try log.events(after: 25, limit: 3, topic: nil).isEmpty)
            #expect(try log.events(after: .max, limit: 3, topic: nil).isEmpty)
            #expect(try log.events(after: 0, limit: 0, topic: nil).isEmpty)
            #expect(try log.events(of: Sample.topic("2031-1")).isEmpty)
        }
    }

    /// Also across the bounds at which a store brings its indices forward, whatever the sizes of the batches.
    @Test(arguments: LogKind.allCases) func findsTheEventsOfTopicsHoweverManyThereAre(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let names = ["2025-1", "2025-2", "2025-3"]
            var topics: [String] = []
            for size in [1, 250, 4, 1, 1, 600, 130] {
                let numbers = (topics.count + 1)...(topics.count + size)
                let facts = try numbers.map { try Sample.comment(names[$0 * $0 % 3], $0, "ý kiến \($0)") }
                try log.append(try Sample.batch(facts, after: Int64(topics.count)))
                topics += numbers.map { names[$0 * $0 % 3] }
                for name in names {
                    let topic = try Sample.topic(name)
                    let expected = topics.indices.filter { topics[$0] == name }.map { Int64($0 + 1) }
                    #expect(try log.events(of: topic).map(\.sequence) == expected)
                    for after in [0, 3, 254, 255, 256, 400, 900] as [Int64] {
                        let page = try log.events(after: after, limit: 50, topic: topic).map(\.sequence)
                        #expect(page == Array(expected.filter { $0 > after }.prefix(50)))
                    }
                }
                for number in [1, 2, 251, 252, 256, 257, topics.count] where number <= topics.count {
                    #expect(try log.topic(of: CommentID(number)) == Sample.topic(topics[number - 1]))
                }
                #expect(try log.topic(of: CommentID(topics.count + 1)) == nil)
            }
            #expect(try log.openEvents(now: Sample.start).count == topics.count)
        }
    }

    @Test(arguments: LogKind.allCases) func findsTheTopicOfCommentsAndReviews(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try log.append(
                try Sample.batch([
                    Sample.comment("2025-1", 1, "một"), Sample.review("2025-2", 1, "đạt"), Sample.cancelled("2025-1"),
                ]))
            #expect(try log.topic(of: CommentID(1)) == Sample.topic("2025-1"))
            #expect(try log.topic(of: ReviewID(1)) == Sample.topic("2025-2"))
            #expect(try log.topic(of: CommentID(2)) == nil)
            #expect(try log.topic(of: ReviewID(2)) == nil)
        }
    }

    @Test(arguments: LogKind.allCases) func keepsTheLargestRevision(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            let text = "# Mở đầu\n" + String(repeating: "ế", count: (2_097_152 - 15) / 3) + "\n"
            #expect(text.utf8.count <= 2_097_152 && text.utf8.count > 2_097_140)
            try log.append(try Sample.batch([Sample.revision("2025-1", 1, text)]))
            let body = try #require(try log.events(of: Sample.topic("2025-1")).first?.fact.fields.bodies.first?.body)
            #expect(body.text?.utf8.elementsEqual(text.utf8) == true)
        }
    }

    @Test(arguments: LogKind.allCases) func itsChainVerifies(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            var expected = Chain()
            for round in 0..<5 {
                let batch = try Sample.batch(
                    [Sample.comment("2025-1", round * 2 + 1, "a"), Sample.comment("2025-1", round * 2 + 2, "b")],
                    after: log.head)
                try log.append(batch)
                for event in batch.events { expected.append(EventRecord(event).leaf) }
            }
            let report = try Verification.run(log)
            #expect(report.isIntact)
            #expect(report.events == 10)
            #expect(report.bodies == 10)
            #expect(report.chain == expected)
        }
    }

    @Test(arguments: LogKind.allCases) func isOfNoUseOnceClosed(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try log.append(try Sample.batch([Sample.office()]))
            try log.close()
            #expect(throws: LogError.self) { try log.append(try Sample.batch([Sample.office()], after: 1)) }
            #expect(throws: LogError.self) { try log.events(after: 0, limit: 1, topic: nil) }
            #expect(throws: LogError.self) { try log.indexSome(limit: 1) }
            try log.close()
        }
    }
}
