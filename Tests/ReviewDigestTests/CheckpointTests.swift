import ReviewDigest
import Testing

@Suite struct CheckpointTests {
    /// The key and the id of the example of golang.org/x/mod/sumdb/note, from which the form of the notes comes.
    @Test func theIDOfAPublishedKey() throws {
        let octets = try #require(Base64.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".utf8))
        let key = try #require(LogKey(octets: Array(octets.dropFirst())))
        let checkpoint = Checkpoint(origin: "PeterNeumann", size: 0, root: .zero, extensions: [])
        #expect(checkpoint.id(of: key) == [0xC7, 0x4F, 0x20, 0xA3])
    }

    /// RFC 8410 section 10.1.
    @Test func theFormOfAPublishedKey() throws {
        let key = try #require(LogKey(line: "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="))
        #expect(key.octets.prefix(4) == [0x19, 0xBF, 0x44, 0x09])
        #expect(
            key.pem
                == "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
        )
        #expect(
            LogKey(line: "MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=") == nil, "another algorithm")
        #expect(LogKey(octets: [1, 2, 3]) == nil && LogKey(line: "") == nil)
    }

    private let key = LogKey(octets: Array(1...32))
    private let checkpoint = Checkpoint(
        origin: "phanbien/01J8", size: 1046, root: Digest(hashing: "gốc"),
        extensions: ["time 2025-06-16T09:12:01.101+07:00"])

    @Test func isWrittenLineByLine() throws {
        let key = try #require(key)
        let note = checkpoint.note(signature: [UInt8](repeating: 7, count: 64), by: key)
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 7 && lines[0] == "phanbien/01J8" && lines[1] == "1046" && lines[4].isEmpty)
        #expect(Base64.decode(lines[2].utf8) == checkpoint.root.octets)
        #expect(lines[3] == "time 2025-06-16T09:12:01.101+07:00" && lines[6].isEmpty)
        #expect(lines[5].hasPrefix("\u{2014} phanbien/01J8 "))
        let (read, signatures) = try #require(Checkpoint.read(note, by: key))
        #expect(read == checkpoint && signatures == [[UInt8](repeating: 7, count: 64)])
        #expect(read.time == "2025-06-16T09:12:01.101+07:00")
    }

    @Test func signaturesOfOthersArePassedOver() throws {
        let key = try #require(key)
        let other = try #require(LogKey(octets: Array(2...33)))
        let own = checkpoint.note(signature: [1], by: key)
        let both =
            own + checkpoint.note(signature: [2], by: other).split(separator: "\n").suffix(1).map { $0 + "\n" }[0]
        #expect(Checkpoint.read(both, by: key)?.signatures == [[1]])
        #expect(Checkpoint.read(both, by: other)?.signatures == [[2]])
        #expect(Checkpoint.read(own, by: other)?.signatures == [])
    }

    @Test func anythingElseIsRefused() throws {
        let key = try #require(key)
        let note = checkpoint.note(signature: [1, 2, 3], by: key)
        for (old, new) in [
            ("1046\n", "01046\n"), ("1046\n", "-1\n"), ("1046\n", "+1046\n"), ("1046\n", "\n"),
            ("1046\n", "9223372036854775808\n"), ("phanbien/01J8\n", "phanbien 01J8\n"), ("phanbien/01J8\n", "a+b\n"),
            ("\n\n", "\n"), ("\u{2014} ", "- "), ("\u{2014} ", "\u{2014}  "), ("time", "\n\ntime"),
        ] {
            let place = try #require(note.firstRange(of: old))
            let wrong = note.replacingCharacters(in: place, with: new)
            #expect(Checkpoint.read(wrong, by: key) == nil, "\(old) \(new)")
        }
        for wrong in [
            "", "\n", "\n\n\n\n\n", String(note.dropLast()), note + "x", String(repeating: "a\n", count: 9_000),
        ] {
            #expect(Checkpoint.read(wrong, by: key) == nil)
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
