import ReviewCore
import ReviewDigest
import ReviewProtocol
import Testing

@testable import ReviewEngine

/// CHECKPOINT and PROOF: what they prove, and to whom.
@Suite struct TreeQueryTests {
    /// A topic with a draft; son is the head of its office, lan its author, minh of the other office.
    private func shell() throws -> TestShell {
        let shell = try TestShell()
        for (id, person) in [(1 as UInt64, "son"), (2, "lan"), (3, "minh"), (4, "root")] { shell.logIn(id, person) }
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        shell.ask(2, "PUSH 2025-2 if=@0 <<", "# Mở đầu", "", "Kinh phí.", ".")
        return shell
    }

    private func value(_ key: String, _ lines: [String]) -> String? {
        lines.last?.split(separator: " ").first { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    private func nodes(_ lines: [String]) -> [Digest] {
        lines.filter { $0.hasPrefix("- node ") }.compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("hash=") }.flatMap { Digest(hexadecimal: $0.dropFirst(5)) }
        }
    }

    /// The note of a reply, checked by the key that stands before it.
    private func checkpoint(_ lines: [String]) throws -> Checkpoint {
        let row = try #require(lines.first { $0.hasPrefix("- key ") })
        let words = row.split(separator: " ")
        let key = try #require(
            words.first { $0.hasPrefix("public=") }.flatMap { LogKey(line: $0.dropFirst("public=".count)) })
        let note = lines.filter { $0.hasPrefix("|") }.map { $0.dropFirst(2) + "\n" }.joined()
        let (checkpoint, signatures) = try #require(Checkpoint.read(note, by: key))
        #expect(signatures == [TestPool.signer?.sign(Array(checkpoint.text.utf8))])
        #expect(words.contains { $0 == "name=\(checkpoint.origin)" })
        #expect(value("size", lines) == String(checkpoint.size))
        #expect(value("root", lines) == checkpoint.root.description)
        #expect(value("key", lines) == key.fingerprint.description)
        #expect(value("bytes", lines) == String(note.utf8.count) && value("lines", lines) == "6")
        return checkpoint
    }

    private func root(of shell: TestShell, size: Int) -> Digest {
        MerkleTree.root(of: shell.log.events.prefix(size).map { MerkleTree.leaf(TestLog.leaf(of: $0)) })
    }

    @Test func aCheckpointCoversWhatIsDurableAndNothingElse() throws {
        let shell = try shell()
        let tail = shell.log.events.count
        let first = try checkpoint(shell.ask(3, "CHECKPOINT"))
        #expect(first.origin == "phanbien/01J8TEST" && first.size == Int64(tail))
        #expect(first.root == root(of: shell, size: tail))
        #expect(first.time == TestShell.start.rfc3339)
        // What is on its way to the disk is not vouched for.
        shell.holdsAppends = true
        shell.send(2, "PUSH 2025-2 if=@1 <<\n# Mở đầu\n\nKhác.\n.\n")
        #expect(try checkpoint(shell.ask(3, "CHECKPOINT")).size == Int64(tail))
        shell.holdsAppends = false
        shell.release()
        let second = try checkpoint(shell.ask(3, "CHECKPOINT"))
        #expect(second.size > Int64(tail))
        let proof = shell.ask(3, "PROOF from=\(first.size) size=\(second.size)")
        #expect(
            MerkleTree.isConsistent(
                from: first.size, first.root, to: second.size, second.root, path: nodes(proof)), "\(proof)")
        #expect(value("from-root", proof) == first.root.description && value("root", proof) == second.root.description)
    }

    /// While its hashes are made the log grows; the answer is about the log as it was asked for.
    @Test func aCheckpointIsOfTheMomentOfItsQuestion() throws {
        let shell = try shell()
        let tail = Int64(shell.log.events.count)
        shell.holdsLoads = true
        shell.send(3, "CHECKPOINT\nPROOF 1\n")
        shell.ask(1, "UNASSIGN 2025-2 lan as=author")
        #expect(shell.lines(3).isEmpty)
        shell.loadHeld()
        let lines = shell.lines(3)
        let end = try #require(lines.firstIndex { $0.hasPrefix("OK") })
        #expect(try checkpoint(Array(lines[...end])).size == tail)
    }

    @Test func withoutAKeyNothingIsSigned() throws {
        let founded = try shell().founded
        let shell = TestShell(founded, signer: nil)
        shell.logIn(1, "minh")
        #expect(shell.ask(1, "CHECKPOINT").last?.hasPrefix("NO UNAVAILABLE retry=later after=60000 ") == true)
        #expect(shell.ask(1, "PROOF 1").last?.hasPrefix("OK index=0 ") == true, "what is proved needs no key")
        let failing = TestPool.signer.map { Signer(key: $0.key) { _ in nil } }
        let other = TestShell(founded, signer: failing)
        other.logIn(1, "minh")
        #expect(other.ask(1, "CHECKPOINT").last?.hasPrefix("NO UNAVAILABLE") == true)
    }

    @Test func anEventIsProvedAtEverySize() throws {
        let shell = try shell()
        let tail = shell.log.events.count
        for size in [1, 2, tail - 1, tail] {
            let lines = shell.ask(2, "PROOF 1 size=\(size)")
            let leaf = try #require(lines.first { $0.hasPrefix("| ") }?.dropFirst(2))
            #expect(leaf == TestLog.leaf(of: shell.log.events[0]))
            let root = MerkleTree.root(leaf: MerkleTree.leaf(String(leaf)), at: 0, in: Int64(size), path: nodes(lines))
            #expect(root == self.root(of: shell, size: size))
            #expect(value("root", lines) == root?.description && value("index", lines) == "0")
            #expect(value("size", lines) == String(size) && value("nodes", lines) == String(nodes(lines).count))
        }
        // The sides are those by which one computes it by hand.
        let lines = shell.ask(2, "PROOF 2 size=3")
        #expect(
            lines.filter { $0.hasPrefix("- node ") }.map { $0.split(separator: " ")[2] } == ["side=left", "side=right"])
        #expect(lines.contains { $0.hasPrefix("- node side=right first=3 last=3 hash=") })
    }

    @Test func whatThereIsNotAndWhatFitsNothing() throws {
        let shell = try shell()
        let tail = shell.log.events.count
        #expect(
            shell.ask(3, "PROOF \(tail + 1)").last?.hasPrefix("NO NOT-FOUND retry=never :Không có sự kiện \(tail + 1),")
                == true)
        #expect(shell.ask(3, "PROOF \(Int64.max)").last?.hasPrefix("NO NOT-FOUND") == true)
        #expect(
            shell.ask(3, "PROOF 1 size=\(tail + 1)").last?.hasPrefix("NO CURSOR-AHEAD retry=refresh tail=\(tail) ")
                == true)
        #expect(shell.ask(3, "PROOF from=\(Int64.max)").last?.hasPrefix("NO CURSOR-AHEAD") == true)
        #expect(shell.ask(3, "PROOF 5 size=4").last?.hasPrefix("NO INVALID retry=fix argument=size ") == true)
        #expect(shell.ask(3, "PROOF from=5 size=4").last?.hasPrefix("NO INVALID retry=fix argument=size ") == true)
        #expect(shell.ask(3, "PROOF").last?.hasPrefix("NO INVALID retry=fix argument=sequence ") == true)
        #expect(shell.ask(3, "PROOF 1 from=1").last?.hasPrefix("NO INVALID retry=fix argument=from ") == true)
        for wrong in ["PROOF 0", "PROOF -1", "PROOF 1 size=0", "PROOF from=0", "PROOF 9223372036854775808"] {
            #expect(shell.ask(3, wrong).last?.hasPrefix("BAD SYNTAX") == true, "\(wrong)")
        }
        #expect(shell.ask(3, "PROOF from=\(tail)").last?.hasPrefix("OK from=\(tail) size=\(tail) ") == true)
    }

    /// A proof gives the record, which names the digests of texts: whoever may not read them gets none.
    @Test func whoMayNotSeeAnEventGetsNoProofOfIt() throws {
        let shell = try shell()
        let events = shell.log.events
        func last(_ connection: UInt64, _ type: String) -> String {
            let event = events.last { $0.fact.type == type }
            return shell.ask(connection, "PROOF \(event?.sequence ?? 0)").last ?? ""
        }
        #expect(last(2, "REVISION.PUSHED").hasPrefix("OK index="))
        let pushed = try #require(events.last { $0.fact.type == "REVISION.PUSHED" })
        let hidden = shell.ask(3, "PROOF \(pushed.sequence)")
        let absent = shell.ask(3, "PROOF 999999")
        #expect(
            hidden.map { $0.replacing("\(pushed.sequence)", with: "n") }
                == absent.map { $0.replacing("999999", with: "n") }, "hidden and absent are told in the same words")
        #expect(last(4, "REVISION.PUSHED").hasPrefix("NO NOT-FOUND"), "the administrator reads no content")
        // Stages and assignments are open to the other office; a reason is a text, and its digest lets it be guessed.
        #expect(last(3, "MEMBER.ASSIGNED").hasPrefix("OK index="))
        shell.logIn(5, "bich")
        shell.ask(5, "POSTPONE 2025-2 <", "Bận.")
        let postponed = try #require(shell.log.events.last)
        #expect(postponed.fact.type == "TOPIC.POSTPONED")
        #expect(shell.ask(2, "PROOF \(postponed.sequence)").last?.hasPrefix("OK") == true)
        #expect(shell.ask(3, "LOG after=\(postponed.sequence - 1)").count == 2, "the event itself is open")
        #expect(shell.ask(3, "PROOF \(postponed.sequence)").last?.hasPrefix("NO NOT-FOUND") == true)
    }

    @Test func secretsAreGivenToNobody() throws {
        let shell = try shell()
        shell.ask(4, "INVITE dung")
        let invited = try #require(shell.log.events.last)
        #expect(invited.fact.type == "PERSON.INVITED")
        #expect(shell.ask(4, "PROOF \(invited.sequence)").last?.hasPrefix("NO FORBIDDEN retry=never ") == true)
        #expect(shell.ask(3, "PROOF \(invited.sequence)").last?.hasPrefix("NO NOT-FOUND") == true)
        shell.ask(4, "PERSON DISABLE dung <", "Nghỉ hưu")
        let disabled = try #require(shell.log.events.last { $0.fact.type == "PERSON.DISABLED" })
        #expect(shell.ask(4, "PROOF \(disabled.sequence)").last?.hasPrefix("OK index=") == true)
        #expect(shell.ask(3, "PROOF \(disabled.sequence)").last?.hasPrefix("NO FORBIDDEN") == true)
    }

    /// What one may see is decided when it is told.
    @Test func anEventThatIsClosedMeanwhileIsNotProved() throws {
        let shell = try shell()
        let pushed = try #require(shell.log.events.last { $0.fact.type == "REVISION.PUSHED" })
        shell.holdsLoads = true
        shell.send(1, "PROOF \(pushed.sequence)\n")
        shell.send(4, "PERSON SET son office=hcth\n")
        shell.loadHeld()
        #expect(shell.lines(1).last?.hasPrefix("NO NOT-FOUND") == true)
    }

    @Test func aStoreThatCannotReadIsSaid() throws {
        let shell = try shell()
        shell.failsLoads = true
        for request in ["CHECKPOINT", "PROOF 1", "PROOF from=1"] {
            #expect(shell.ask(3, request).last?.hasPrefix("NO UNAVAILABLE retry=later after=5000") == true)
        }
    }
}
