import Glibc
import NIOCore
import ReviewTestKit
import Testing

@testable import ReviewServer

@Suite struct ServiceManagerTests {
    @Test(arguments: [false, true])
    func everythingThatIsSaidIsOneDatagram(isAbstract: Bool) throws {
        let socket = try NotifySocket(isAbstract: isAbstract)
        let manager = try #require(ServiceManager(environment: socket.environment(), process: 7))
        manager.isReady(status: "Đang phục vụ tại 127.0.0.1:7443")
        #expect(socket.next() == "READY=1\nSTATUS=Đang phục vụ tại 127.0.0.1:7443")
        manager.says("hai dòng\nREADY=0")
        #expect(socket.next() == "STATUS=hai dòng READY=0", "a line end would begin an assignment")
        manager.isReloading()
        let reloading = try #require(socket.next())
        #expect(reloading.hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
        #expect(reloading.split(separator: "=").last.flatMap { Int64($0) } ?? 0 > 0)
        manager.isAlive()
        manager.isStopping(status: "Đang dừng")
        #expect(socket.all() == ["WATCHDOG=1", "STOPPING=1\nSTATUS=Đang dừng"])
    }

    @Test func aManagerThatIsGoneHoldsNobody() throws {
        var socket: NotifySocket? = try NotifySocket(isAbstract: false)
        let manager = try #require(ServiceManager(environment: socket?.environment() ?? [:], process: 7))
        socket = nil
        manager.isReady(status: "x")
        manager.isAlive()
    }

    @Test(
        arguments: [
            [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "run/notify"], ["NOTIFY_SOCKET": "@"],
            ["NOTIFY_SOCKET": "vsock:2:1234"], ["NOTIFY_SOCKET": "/" + String(repeating: "a", count: 107)],
        ] as [[String: String]])
    func withoutAnAddressThatIsUnderstoodThereIsNoManager(environment: [String: String]) {
        #expect(ServiceManager(environment: environment, process: 7) == nil)
    }

    @Test func theLongestPathIsTaken() {
        let path = "/" + String(repeating: "a", count: 106)
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": path], process: 7) != nil)
    }

    @Test(
        arguments: [
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], 10_000_000),
            (["WATCHDOG_USEC": "30000000"], 10_000_000),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
        ] as [([String: String], Int64?)])
    func theWatchdogIsFedThreeTimesAsOftenAsItAsks(environment: [String: String], microseconds: Int64?) throws {
        let socket = try NotifySocket(isAbstract: true)
        let manager = try #require(ServiceManager(environment: socket.environment(environment), process: 7))
        #expect(manager.watchdogInterval == microseconds.map { .microseconds($0) })
    }

    /// The engine's loop is what must not stand still, so nothing else feeds the watchdog.
    @Test func theEnginesLoopFeedsTheWatchdogAndSaysHowItIsDoing() throws {
        let socket = try NotifySocket(isAbstract: true)
        let manager = try #require(
            ServiceManager(environment: socket.environment(["WATCHDOG_USEC": "30000000"]), process: 7))
        let rig = try ShellRig(manager: manager)
        _ = socket.all()
        rig.advance(seconds: 60)
        #expect(socket.all().filter { $0 == "WATCHDOG=1" }.count == 6)
        let person = try rig.open(as: "minh")
        rig.advance(seconds: 5)
        #expect(socket.all().contains { $0.hasPrefix("STATUS=1 kết nối đã đăng nhập, 0 kết nối khác") })
        #expect(person.isOpen)
        // A loop that stands still says nothing.
        #expect(socket.all().isEmpty)
        try rig.host.closeLog()
        rig.advance(seconds: 60)
        #expect(socket.all().isEmpty, "a server that has ended is not alive")
    }

    @Test func aServerSaysThatItIsReadyAndThatItStops() async throws {
        let socket = try NotifySocket(isAbstract: true)
        let manager = try #require(ServiceManager(environment: socket.environment(), process: getpid()))
        try await Loopback.serve(manager: manager) { server in
            server.server.stop()
            _ = await server.server.end()
        }
        let said = socket.all()
        #expect(said.contains("STOPPING=1\nSTATUS=Đang dừng"))
    }
}
