import Glibc
import PhanbienCommands
import ReviewProtocol
import Terminal

/// What the command line and the environment say together: where, who, in which language, on which screen.
struct Program {
    let invocation: Invocation
    let environment: [String: String]
    let terminal = RawTerminal()
    let home: PrivateFolder
    let screen: Screen

    init(_ invocation: Invocation, environment: [String: String]) {
        self.invocation = invocation
        self.environment = environment
        home = Self.home(environment)
        let isTerminal = RawTerminal.isTerminal(1)
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        screen = Screen(
            language: invocation.global.language ?? .vietnamese,
            width: isTerminal ? min(max(terminal.size?.columns ?? 80, 40), 200) : 80,
            style: Style(
                choice: invocation.global.noColour ? .never : .automatic, isTerminal: isTerminal,
                environment: environment),
            isJSON: invocation.global.json, isTerminal: isTerminal,
            today: CalendarDay(secondsSince1970: clock.tv_sec))
    }

    private static func home(_ environment: [String: String]) -> PrivateFolder {
        if let named = environment["PHANBIEN_HOME"], !named.isEmpty { return PrivateFolder(path: named) }
        if let named = environment["XDG_CONFIG_HOME"], named.hasPrefix("/") {
            return PrivateFolder(path: named + "/phanbien")
        }
        return PrivateFolder(path: (environment["HOME"] ?? ".") + "/.config/phanbien")
    }

    /// The server and person meant: by the command line, the environment, or the last login.
    func profile() throws(CommandFailure) -> Profile {
        let current = Profile.current(in: home)
        let login = Bilingual(
            "Gõ: phanbien login MÁY-CHỦ:CỔNG TÊN-NGƯỜI-DÙNG", "Type: phanbien login HOST:PORT PERSON")
        guard let server = invocation.global.server ?? environment["PHANBIEN_SERVER"] ?? current?.server,
            let person = invocation.global.person ?? environment["PHANBIEN_AS"] ?? current?.person
        else {
            throw CommandFailure(
                .notPermitted, "Chưa đăng nhập trên máy này.", "Nobody has logged in on this machine.", next: login)
        }
        return try profile(server, person)
    }

    /// The server and person named by the operands of `login` and `enrol`.
    func profileToLogIn() throws(CommandFailure) -> Profile {
        guard let address = invocation.operand("address"), let person = invocation.operand("person") else {
            throw CommandFailure(.usage, "Cần máy chủ và tên người dùng.", "A server and a person are needed.")
        }
        return try profile(address, person)
    }

    func profile(_ server: String, _ person: String) throws(CommandFailure) -> Profile {
        guard let address = ServerAddress(server) else {
            let named = SafeText.escape(server)
            throw CommandFailure(
                .usage, "Địa chỉ máy chủ \"\(named)\" không đúng; ví dụ: localhost:7443",
                "\"\(named)\" is no server address; such as localhost:7443")
        }
        guard WordKind.person.canonical(person) != nil else {
            let expected = WordKind.person.expected
            throw CommandFailure(
                .usage, "\"\(SafeText.escape(person))\" không phải mã người dùng: \(expected.vietnamese)",
                "\"\(SafeText.escape(person))\" is no person's id: \(expected.english)")
        }
        return Profile(home: home, address: address, person: person)
    }

    /// The password that a script provides; nil when a person has to be asked.
    func scriptedPassword() throws(CommandFailure) -> [UInt8]? {
        let octets: [UInt8]
        if invocation.global.passwordStandardInput {
            do {
                octets = try Files.readAll(0, largest: 4096)
            } catch {
                throw CommandFailure(
                    .noInput, "Không đọc được mật khẩu từ đầu vào chuẩn.",
                    "The password cannot be read from standard input.")
            }
        } else if let path = invocation.global.passwordFile ?? environment["PHANBIEN_PASSWORD_FILE"] {
            do {
                octets = try Files.read(path, largest: 4096)
            } catch {
                let named = SafeText.escape(path)
                let reason = World.reason(error.code)
                throw CommandFailure(
                    .noInput, "Không đọc được tệp mật khẩu \(named): \(reason.vietnamese).",
                    "The password file \(named) cannot be read: \(reason.english).")
            }
        } else {
            return nil
        }
        var password = octets[...]
        while let last = password.last, last == 0x0A || last == 0x0D { password.removeLast() }
        guard !password.isEmpty else {
            throw CommandFailure(.noInput, "Mật khẩu để trống.", "The password is empty.")
        }
        return Array(password)
    }
}
