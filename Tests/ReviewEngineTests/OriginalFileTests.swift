import ReviewCore
import ReviewDigest
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// A Word file on its way into the log and out of it: what is long is looked at beside the engine, and is read from the log.
@Suite struct OriginalFileTests {
    private static let file: [UInt8] =
        [0x50, 0x4B, 0x03, 0x04] + (0..<90_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }
    private static let digest = Digest(hashing: file).description

    /// With a revision of lan's.
    private func shell() throws -> TestShell {
        let shell = try TestShell()
        shell.logIn(1, "lan")
        shell.logIn(2, "hoa")
        shell.logIn(3, "son")
        shell.ask(3, "ASSIGN 2025-2 lan as=author")
        shell.send(1, "PUSH 2025-2 if=@0 <\n# Mở đầu\n")
        #expect(shell.lines(1).last?.hasPrefix("OK ") == true)
        shell.holdsComputations = true
        return shell
    }

    private func attach(_ file: String, _ more: String = "") -> String {
        "#a ATTACH 2025-2@1 name=goc.docx\(more) {\(file.utf8.count)}\n\(file)\n"
    }

    @Test func aLongFileIsLookedAtBesideTheEngine() throws {
        let shell = try shell()
        let appends = shell.log.appends
        shell.send(1, attach(Base64.encode(Self.file), " key=k"))
        #expect(shell.heldComputations.count == 1 && shell.log.appends == appends)
        #expect(shell.lines(1) == [])
        shell.computeHeld()
        let sequence = try #require(shell.log.events.last?.sequence)
        let said = "OK #a revision=2025-2@1 name=goc.docx bytes=90004 sha256=\(Self.digest) seq=\(sequence) "
        #expect(shell.lines(1).map { $0.hasPrefix(said) } == [true])
        // The same request again is answered from what is stored, and costs no look at the file.
        shell.send(1, attach(Base64.encode(Self.file), " key=k"))
        #expect(shell.heldComputations.isEmpty)
        #expect(shell.lines(1).first?.hasPrefix("OK #a replay=yes ") == true)

        // It comes back as it was, in lines that every decoder takes.
        shell.send(1, "FETCH \(Self.digest)\n")
        #expect(shell.heldComputations.count == 1)
        shell.computeHeld()
        shell.computeHeld()
        var lines = shell.lines(1)
        let status = lines.removeLast()
        #expect(
            status == "OK revision=2025-2@1 file=goc.docx encoding=base64 lines=\(lines.count) bytes=90004 "
                + "sha256=\(Self.digest)")
        #expect(lines.allSatisfy { $0.hasPrefix("| ") && $0.utf8.count <= 78 })
        #expect(Base64.decode(lines.flatMap { Array($0.utf8.dropFirst(2)) }) == Self.file)
    }

    @Test func whatIsRefusedAnywayCostsNoLook() throws {
        let shell = try shell()
        shell.send(2, attach(Base64.encode(Self.file)))
        #expect(shell.heldComputations.isEmpty)
        #expect(shell.lines(2).map { $0.hasPrefix("NO FORBIDDEN #a ") } == [true])
        shell.send(1, "PUSH 2025-2 if=@1 <\n# Khác\n")
        _ = shell.lines(1)
        shell.send(1, attach(Base64.encode(Self.file)))
        #expect(shell.heldComputations.isEmpty)
        #expect(shell.lines(1).map { $0.hasPrefix("NO STALE #a ") } == [true])
    }

    @Test func aLongTextThatIsNoFileIsRefusedAndNotStored() throws {
        let shell = try shell()
        let events = shell.log.events.count
        shell.send(1, attach(String(repeating: "A", count: 90_001)))
        shell.computeHeld()
        #expect(shell.lines(1).map { $0.hasPrefix("NO INVALID #a retry=fix argument=body ") } == [true])
        #expect(shell.log.events.count == events)
    }

    @Test func aDryRunStoresNothing() throws {
        let shell = try shell()
        let events = shell.log.events.count
        shell.send(1, attach(Base64.encode(Self.file), " dry-run=yes"))
        shell.computeHeld()
        #expect(shell.lines(1).map { $0.hasPrefix("OK #a dry-run=yes revision=2025-2@1 name=goc.docx ") } == [true])
        #expect(shell.log.events.count == events)
        #expect(shell.ask(1, "SHOW 2025-2@1").last?.contains("original=") == false)
    }

    @Test func whoMayNotReadTheRevisionDoesNotFindTheFile() throws {
        let shell = try shell()
        shell.holdsComputations = false
        shell.send(1, attach(Base64.encode(Self.file)))
        _ = shell.lines(1)
        for request in ["FETCH \(Self.digest)", "FETCH \(Self.digest) topic=2025-2"] {
            #expect(shell.ask(2, request).map { $0.hasPrefix("NO NOT-FOUND ") } == [true])
        }
        // A body of the log that is no file is not given away either.
        let stored = Digest(hashing: Base64.encode(Self.file)).description
        #expect(shell.ask(1, "FETCH \(stored)").map { $0.hasPrefix("NO NOT-FOUND ") } == [true])
    }
}
