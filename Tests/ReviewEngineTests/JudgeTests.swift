import ReviewTestKit
import Testing

/// The judge itself: what it must notice, and the language in which transcripts are written.
@Suite struct JudgeTests {
    /// A server that answers every line with the same line, or with one that was bent.
    private struct EchoHost: TranscriptHost {
        var bend: @Sendable (String) -> [String] = { [$0] }
        private var waiting: [String: [String]] = [:]
        private var unfinished: [String: [UInt8]] = [:]

        init(bend: @escaping @Sendable (String) -> [String] = { [$0] }) { self.bend = bend }

        mutating func open(_ connection: String, _ options: OpenOptions) async throws -> Bool {
            waiting[connection] = ["HELLO phanbien/1"]
            return options.version == "1.3"
        }

        mutating func send(_ connection: String, _ octets: [UInt8], _ delivery: Delivery) async throws {
            for piece in delivery.pieces(of: octets) { unfinished[connection, default: []] += piece }
            while let end = unfinished[connection]?.firstIndex(of: 0x0A) {
                let line = String(decoding: unfinished[connection]?[..<end] ?? [], as: UTF8.self)
                unfinished[connection]?.removeSubrange(...end)
                let answer = line == "#nothing-more PING" ? ["OK #nothing-more time=now"] : bend("OK said=\(line)")
                waiting[connection, default: []] += answer
            }
        }

        mutating func nextLine(_ connection: String) async throws -> HostLine {
            guard waiting[connection]?.isEmpty == false, let line = waiting[connection]?.removeFirst() else {
                return .nothing
            }
            return .line(line)
        }

        mutating func close(_ connection: String) async throws { waiting[connection] = nil }
        mutating func setClock(_ step: String) async throws {}
    }

    private func mismatches(
        _ text: String, on host: EchoHost = EchoHost(), _ delivery: Delivery = .whole
    ) async throws -> [Mismatch] {
        var runner = TranscriptRunner(
            try Transcript(name: "t", text: text), on: host, delivery: delivery, endCheck: .ping)
        return try await runner.run().mismatches
    }

    private static let plain = "1> một\n1> hai\n1< OK said=một\n1< OK said=hai\n"

    @Test(arguments: [Delivery.whole, .octets, .cut(1), .cut(7), .cut(1_000), .records])
    func whatFitsPasses(_ delivery: Delivery) async throws {
        #expect(try await mismatches(Self.plain, delivery).isEmpty)
    }

    @Test func anotherWordIsNoticed() async throws {
        let bent = EchoHost { [$0.replacing("hai", with: "ba")] }
        let found = try await mismatches(Self.plain, on: bent)
        #expect(found.count == 1 && found.first?.line == 4)
    }

    @Test func aMissingLineIsNoticed() async throws {
        #expect(try await mismatches(Self.plain, on: EchoHost { $0.hasSuffix("hai") ? [] : [$0] }).count == 1)
    }

    @Test func aLineTooManyIsNoticed() async throws {
        let found = try await mismatches(Self.plain, on: EchoHost { $0.hasSuffix("hai") ? [$0, "EVENT 1"] : [$0] })
        #expect(found.first?.found == "EVENT 1")
    }

    @Test func aConnectionThatStaysOpenIsNoticed() async throws {
        #expect(try await mismatches("1> một\n1< OK said=một\n1< (closed)\n").count == 1)
    }

    @Test func aHandshakeThatShouldHaveFailedIsNoticed() async throws {
        #expect(try await mismatches("1> (open tls=1.2)\n1< (refused)\n").isEmpty)
        #expect(try await mismatches("1> (open tls=1.3)\n1< (refused)\n").count == 1)
    }

    @Test func skippingNeverPassesAStatusUnlessItIsTold() async throws {
        #expect(try await mismatches("1> một\n1> hai\n1<~ OK said=hai\n").count == 1)
        #expect(try await mismatches("1> một\n1> hai\n1<* OK said=hai\n").isEmpty)
    }

    @Test func aNameKeepsItsValue() async throws {
        #expect(try await mismatches("1> một\n1> một\n1< OK said=$x\n1< OK said=$x\n").isEmpty)
        #expect(try await mismatches("1> một\n1> hai\n1< OK said=$x\n1< OK said=$x\n").count == 1)
        #expect(try await mismatches("1> một\n1< OK said=$x\n1> $x $x\n1< OK said=một một\n").isEmpty)
    }

    @Test func escapesAreOctets() {
        #expect(Escapes.octets(of: #"a\n\r\t\\\x00\xff"#) == [0x61, 0x0A, 0x0D, 0x09, 0x5C, 0x00, 0xFF])
        #expect(Escapes.octets(of: #"\u{202E}"#) == [0xE2, 0x80, 0xAE])
        #expect(Escapes.octets(of: #"\{3*ab\n}c"#) == Array("ab\nab\nab\nc".utf8))
        for wrong in [
            #"\q"#, #"\x0"#, #"\x0g"#, #"\u{D800}"#, #"\u{}"#, #"\{3ab}"#, #"\{99999999999*a}"#, #"\{2*a"#, "\\",
        ] {
            #expect(Escapes.octets(of: wrong) == nil, "\(wrong)")
        }
    }

    @Test func everyCutComesInTwoPieces() {
        let burst = Array("abcd".utf8)
        for number in 1...3 {
            let pieces = Delivery.cut(number).pieces(of: burst)
            #expect(pieces.count == 2 && pieces[0].count == number && pieces[0] + pieces[1] == burst)
        }
        #expect(Delivery.cut(4).pieces(of: burst) == Delivery.cut(1).pieces(of: burst))
        #expect(Delivery.cut(1).pieces(of: [1]) == [[1]])
    }

    @Test func whatIsNoTranscriptIsRefusedWithItsLine() {
        for (text, line) in [("1< a\nwas ist das", 2), ("1> a\n== b\n", 2), ("== a\nkey\n", 2)] {
            do {
                _ = try Transcript.all(in: text, name: "t")
                Issue.record("\(text) was taken")
            } catch let error as TranscriptError {
                #expect(error.line == line, "\(text)")
            } catch {
                Issue.record("\(error)")
            }
        }
    }

    @Test func headersOfAFileHoldForItsTranscripts() throws {
        let all = try Transcript.all(
            in: "limits: line=300\n== §1-a x\n1> a\n== §1-b y\nlimits: line=400\n1> a\n", name: "t")
        #expect(all.map(\.title) == ["§1-a x", "§1-b y"])
        #expect(all.map { $0.limits.first?.value } == ["300", "400"])
        #expect(all.map(\.rule) == ["§1-a", "§1-b"] && all[0].section == "§1")
    }
}
