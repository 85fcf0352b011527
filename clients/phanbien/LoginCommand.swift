import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// `login` and `logout`: what makes a connection possible, and what ends that.
struct LoginCommand {
    let program: Program
    let world: World
    private var screen: Screen { program.screen }

    func login() throws(CommandFailure) -> ExitCode {
        let profile = try program.profileToLogIn()
        let authority = try Trusting.authority(program, profile, agree: world.canAsk ? world.agree : nil)
        let link = try Link(
            profile, authority: authority, configuration: ClientConfiguration(language: screen.language),
            identity: try world.identity(of: profile), credentials: [],
            timeoutSeconds: program.invocation.global.timeoutSeconds ?? 60, password: world.passwordSource(profile))
        world.adopt(link, profile)
        link.hear = world.tellOfCertificate
        let reply = try link.perform(Request(verb: "WHOAMI"))
        try Trusting.pin(authority, profile)
        guard reply.status.isOK else { return CommandRunner(program.invocation, in: world).finish(reply) }
        if reply["must"] == "passwd" {
            let exit = try world.exchangeInvitation(screen)
            return exit == .done ? try login() : exit
        }
        try world.makeCurrent(profile)
        guard profile.token != nil || link.isByCertificate else {
            let path = SafeText.escape(profile.own.path)
            throw CommandFailure(
                .cannotCreate, "Đăng nhập được nhưng không ghi được vào \(path).",
                "Logged in, but nothing can be written to \(path).")
        }
        return world.welcome(profile, reply)
    }

    func logout() throws(CommandFailure) -> ExitCode {
        let profile = try program.profile()
        defer { profile.forgetToken() }
        // Only a session that was kept can be ended; with the certificate there is none.
        world.opening = .absent
        guard profile.token != nil else {
            if profile.identity != nil {
                world.say(
                    Bilingual(
                        "\(profile.person) đăng nhập bằng chứng thư trên máy này, không có phiên nào để đăng xuất. Bỏ chứng thư: phanbien certificate delete VÂN-TAY",
                        "\(profile.person) logs in with the certificate of this machine; there is no session to end. To give it up: phanbien certificate delete FINGERPRINT"
                    ))
                return .done
            }
            world.tell(
                screen.text(
                    Bilingual(
                        "\(profile.person) chưa đăng nhập trên máy này.",
                        "\(profile.person) is not logged in on this machine.")))
            return .done
        }
        guard let reply = try endSession(profile) else {
            tellEnd(profile)
            return .done
        }
        if screen.isJSON { return CommandRunner(program.invocation, in: world).finish(reply) }
        tellEnd(profile)
        return ExitCode(reply.status)
    }

    private func tellEnd(_ profile: Profile) {
        world.write(
            Array(
                (screen.text(Bilingual("Đã đăng xuất \(profile.person).", "\(profile.person) is logged out.")) + "\n")
                    .utf8))
    }

    /// Ends the session on the server; nil when the server no longer knows it.
    ///
    /// Nobody is asked for a password in order to leave.
    private func endSession(_ profile: Profile) throws(CommandFailure) -> Reply? {
        var isEnded = false
        try world.connection().password = { status throws(CommandFailure) in
            if let status, ExitCode(status) == .tryLater {
                throw CommandFailure(
                    .tryLater, status.human ?? "Máy chủ đang bận; thử lại sau.",
                    status.human ?? "The server is busy; try again later.")
            }
            isEnded = true
            throw CommandFailure(.notPermitted, "Phiên đã hết hạn.", "The session has ended.")
        }
        do throws(CommandFailure) {
            return try world.perform(
                Request(verb: "LOGOUT", arguments: [Argument(key: "token", value: "yes")]))
        } catch {
            guard isEnded else { throw error }
            return nil
        }
    }
}

extension World {
    /// Asks whether a server is to be trusted.
    func agree(_ question: [String]) -> Bool {
        for line in question { tell(SafeText.escape(line)) }
        let answer = ask(
            screen.text(Bilingual("Gõ \"đồng ý\" để tin cậy máy chủ này: ", "Type \"yes\" to trust this server: ")))
        return answer.map { ["dong-y", "co", "yes"].contains(Folding.slug($0)) } ?? false
    }

    /// Makes the server and the person the ones meant from now on.
    func makeCurrent(_ profile: Profile) throws(CommandFailure) {
        do {
            try profile.makeCurrent()
        } catch {
            throw PrivateFolder.failure(error, at: profile.home.path)
        }
    }

    /// Says who has come in.
    func welcome(_ profile: Profile, _ reply: Reply) -> ExitCode {
        if screen.isJSON { return CommandRunner(program.invocation, in: self).finish(reply) }
        let name = reply["name"] ?? reply.rows.first { $0.word == "person" }?["name"] ?? profile.person
        // A command that is broken over two lines cannot be copied.
        let sentences = [
            Bilingual(
                "Đã đăng nhập: \(name) tại \(profile.address.text).", "Logged in: \(name) at \(profile.address.text)."),
            Bilingual("Xem việc đang chờ: phanbien todo", "See what waits for you: phanbien todo"),
        ]
        let lines = sentences.flatMap { WordWrap.lines(SafeText.escape(screen.text($0)), width: screen.width) }
        write(Array((lines.joined(separator: "\n") + "\n").utf8))
        return .done
    }

    /// Whoever came with an invitation code sets a password first, and then logs in with it.
    func exchangeInvitation(_ screen: Screen) throws(CommandFailure) -> ExitCode {
        tell(
            screen.text(
                Bilingual(
                    "Mã mời đúng. Hãy đặt mật khẩu của bạn (ít nhất 8 ký tự).",
                    "The invitation code is right. Now set your password (at least 8 characters).")))
        guard let passwd = try? CommandLineParser.parse(["passwd"]) else { return .software }
        let exit = try CommandRunner(passwd, in: self).changePassword(isInvited: true)
        guard exit == .done else { return exit }
        close()
        tell(screen.text(Bilingual("Đăng nhập lại bằng mật khẩu mới.", "Log in again with the new password.")))
        return .done
    }
}
