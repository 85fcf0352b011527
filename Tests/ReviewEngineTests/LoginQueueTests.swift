import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

@Suite struct LoginQueueTests {
    private func waiter(_ number: UInt64, _ address: String, isKnown: Bool = false) -> LoginQueue.Waiter {
        LoginQueue.Waiter(
            connection: ConnectionID(number), address: address, isKnown: isKnown, subjects: [.address(address)])
    }

    private func order(_ queue: inout LoginQueue) -> [UInt64] {
        var numbers: [UInt64] = []
        while let waiter = queue.next(where: { _ in true }) { numbers.append(waiter.connection.number) }
        return numbers
    }

    @Test func addressesTakeTurns() {
        var queue = LoginQueue()
        for number in 1...4 as ClosedRange<UInt64> { #expect(queue.add(waiter(number, "a")) == nil) }
        #expect(queue.add(waiter(5, "b")) == nil)
        #expect(queue.add(waiter(6, "c")) == nil)
        #expect(order(&queue) == [1, 5, 6, 2, 3, 4])
        // The turns count on: whoever had one waits for those who had none.
        _ = queue.add(waiter(7, "a"))
        _ = queue.add(waiter(8, "d"))
        #expect(order(&queue) == [8, 7])
    }

    @Test func whoeverIsKnownThereGoesFirst() {
        var queue = LoginQueue()
        for number in 1...3 as ClosedRange<UInt64> { _ = queue.add(waiter(number, "\(number)")) }
        _ = queue.add(waiter(9, "home", isKnown: true))
        #expect(order(&queue) == [9, 1, 2, 3])
    }

    @Test func whoHasNoRoomIsPassedOver() {
        var queue = LoginQueue()
        _ = queue.add(waiter(1, "a"))
        _ = queue.add(waiter(2, "b"))
        #expect(queue.next { $0 != [.address("a")] }?.connection == ConnectionID(2))
        #expect(queue.next { $0 != [.address("a")] } == nil)
        #expect(queue.count == 1)
    }

    @Test func inAFullQueueTheLargestCrowdGivesWay() {
        var queue = LoginQueue(capacity: 4)
        for number in 1...4 as ClosedRange<UInt64> { _ = queue.add(waiter(number, "a")) }
        #expect(queue.add(waiter(5, "a")) == ConnectionID(5))
        #expect(queue.add(waiter(6, "b")) == ConnectionID(4))
        #expect(queue.add(waiter(7, "b")) == ConnectionID(3))
        #expect(queue.add(waiter(8, "c")) == ConnectionID(7))
        #expect(queue.add(waiter(9, "d")) == ConnectionID(2))
        // Everybody has one place: a stranger takes nobody's, and somebody known does.
        #expect(queue.add(waiter(10, "e")) == ConnectionID(10))
        #expect(queue.add(waiter(11, "home", isKnown: true)) == ConnectionID(9))
        queue.remove(ConnectionID(6))
        #expect(order(&queue) == [11, 1, 8])
    }

    @Test func onlyPeopleWhoAreKnownFillAQueueForGood() {
        var queue = LoginQueue(capacity: 2)
        _ = queue.add(waiter(1, "a", isKnown: true))
        _ = queue.add(waiter(2, "b", isKnown: true))
        #expect(queue.add(waiter(3, "c", isKnown: true)) == ConnectionID(3))
        #expect(queue.add(waiter(4, "d")) == ConnectionID(4))
    }

    @Test func whatIsRememberedIsBounded() {
        var queue = LoginQueue()
        var places = KnownPlaces()
        for number in 0..<1_000_000 {
            queue.noteTurn(of: "2001:db8::\(number)")
            places.insert("minh", "2001:db8::\(number)")
        }
        #expect(queue.remembered <= EngineConfiguration.rememberedAddresses)
        #expect(places.count <= EngineConfiguration.rememberedPlaces)
        #expect(places.contains("minh", "2001:db8::999999"))
        #expect(!places.contains("lan", "2001:db8::999999"))
    }

    // MARK: In the engine

    /// 200 addresses guess the Director's password; the Director comes in from where the Director has come in before,
    /// without the delay that the guesses cost elsewhere.
    @Test func nobodyIsLockedOutWhereTheyAreKnown() throws {
        let shell = try TestShell()
        shell.logIn(1, "bich", address: "192.0.2.77")
        shell.close(1)
        for connection in 1_001...1_010 as ClosedRange<UInt64> {
            shell.open(connection, address: "198.51.100.\(connection - 1_000)")
            shell.send(connection, "LOGIN bich <\nsai\n")
            shell.pass(milliseconds: 20_000)
        }
        shell.holdsVerifications = true
        for connection in 2_001...2_200 as ClosedRange<UInt64> {
            shell.open(connection, address: "198.51.100.\(connection - 2_000)")
            shell.send(connection, "LOGIN bich <\nsai\n")
        }
        shell.open(2, address: "192.0.2.77")
        _ = shell.lines(2)
        shell.send(2, "LOGIN bich <\nmat khau bich\n")
        // Two guesses are under way; the third check is the Director's, whatever waits.
        #expect(shell.heldVerifications.count == 3)
        shell.verifyLast()
        #expect(shell.lines(2).last?.hasPrefix("OK person=bich") == true)
        // Elsewhere the right password waits as long as a wrong one.
        shell.open(3, address: "192.0.2.78")
        _ = shell.lines(3)
        shell.send(3, "LOGIN bich <\nmat khau bich\n")
        shell.holdsVerifications = false
        for _ in 0..<300 { shell.verifyHeld() }
        #expect(shell.lines(3) == [])
        shell.pass(milliseconds: Throttle.longestDelayMilliseconds)
        #expect(shell.lines(3).last?.hasPrefix("OK person=bich") == true)
    }

    @Test func checksInFlightAreBoundedAltogether() throws {
        let shell = try TestShell()
        shell.holdsVerifications = true
        for connection in 1...50 as ClosedRange<UInt64> {
            shell.open(connection, address: "192.0.2.\(connection)")
            shell.send(connection, "LOGIN x\(connection) <\nsai\n")
        }
        #expect(shell.heldVerifications.count == EngineConfiguration.verificationsAtOnce)
        shell.holdsVerifications = false
        for _ in 0..<60 { shell.verifyHeld() }
        for connection in 1...50 as ClosedRange<UInt64> {
            #expect(shell.lines(connection).last?.hasPrefix("NO AUTH-FAILED") == true, "\(connection)")
        }
    }

    /// The place of somebody who hangs up between getting it and coming for it goes to the next.
    @Test func aPlaceIsNeverLost() throws {
        let shell = try TestShell()
        shell.holdsVerifications = true
        for connection in 1...8 as ClosedRange<UInt64> {
            shell.open(connection, address: "192.0.2.\(connection)")
            shell.send(connection, "LOGIN x\(connection) <\nsai\n")
        }
        #expect(shell.heldVerifications.count == 4)
        for connection in 5...7 as ClosedRange<UInt64> { shell.close(connection) }
        shell.verifyHeld()
        #expect(shell.heldVerifications.count == 1)
        shell.close(8)
        shell.verifyHeld()
        for connection in 11...14 as ClosedRange<UInt64> {
            shell.open(connection, address: "192.0.2.\(connection)")
            shell.send(connection, "LOGIN x\(connection) <\nsai\n")
        }
        #expect(shell.heldVerifications.count == 4)
    }

    @Test func whoWaitsForTheServerIsNotSentAwayForIt() throws {
        var limits = Limits()
        limits.loginSeconds = 10
        let shell = try TestShell(limits: limits)
        shell.holdsVerifications = true
        shell.open(1)
        shell.send(1, "LOGIN minh <\nmat khau minh\n")
        shell.pass(milliseconds: 15_000)
        #expect(!shell.closed.contains(1))
        shell.holdsVerifications = false
        shell.verifyHeld()
        #expect(shell.lines(1).last?.hasPrefix("OK person=minh") == true)
        // Once: whoever goes on trying is not waited for again.
        shell.open(2, address: "192.0.2.2")
        shell.holdsVerifications = true
        shell.send(2, "LOGIN minh <\nsai\n")
        shell.pass(milliseconds: 21_000)
        #expect(shell.closed.contains(2))
    }
}
