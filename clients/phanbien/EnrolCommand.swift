import PhanbienCommands
import ReviewClient
import ReviewProtocol
import ReviewSignatures
import Terminal

/// `enrol`: a certificate for this account of the machine, got with an invitation code.
///
/// The private key is made here and never leaves the machine. It is on the disk before the code is used up: when the answer
/// is lost, the same command sends the same request again, and gets the same certificate. What was there before is
/// replaced once the new one has served.
struct EnrolCommand {
    /// How often a code may be mistyped.
    private static let codeTries = 3

    let program: Program
    let world: World
    private var screen: Screen { program.screen }

    init(program: Program, world: World) {
        (self.program, self.world) = (program, world)
    }

    func run() throws(CommandFailure) -> ExitCode {
        let profile = try program.profileToLogIn()
        let authority = try Trusting.authority(program, profile, agree: world.canAsk ? world.agree : nil)
        let (file, key) = try enrolment(profile)
        let reply = try enrol(profile, authority, request: file.head)
        guard reply.status.isOK else { return CommandRunner(program.invocation, in: world).finish(reply) }
        guard reply["person"] == profile.person else {
            let other = SafeText.escape(reply["person"] ?? "?")
            throw CommandFailure(
                .notPermitted, "Mã mời này là của \(other), không phải của \(profile.person). Không giữ chứng thư.",
                "This invitation code is \(other)'s, not \(profile.person)'s. The certificate was not kept.")
        }
        let certificate = String(decoding: reply.text, as: UTF8.self)
        guard let identity = Identity(certificate: certificate, key: key), identity.facts.sha256 == reply["sha256"]
        else {
            throw CommandFailure(
                .protocolError, "Máy chủ đưa một chứng thư không đọc được.",
                "The server gave an unreadable certificate.")
        }
        let greeting = try comeIn(profile, authority, identity)
        guard greeting.status.isOK else { return CommandRunner(program.invocation, in: world).finish(greeting) }
        try Trusting.pin(authority, profile)
        do {
            try profile.keepIdentity(KeyFile(head: certificate, key: file.key))
        } catch {
            throw PrivateFolder.failure(error, at: profile.identityPath)
        }
        profile.forgetEnrolment()
        try world.makeCurrent(profile)
        if !screen.isJSON {
            let (digits, day) = (Fingerprint.short(identity.facts.sha256), identity.facts.until.text)
            world.say(
                Bilingual(
                    "Đã nhận chứng thư \(digits), có giá trị đến hết \(day).",
                    "Got the certificate \(digits), valid until \(day)."))
        }
        return world.welcome(profile, greeting)
    }

    // MARK: - The key

    /// The request with its key: those of an earlier try whose answer may have been lost, else new ones.
    private func enrolment(_ profile: Profile) throws(CommandFailure) -> (KeyFile, PersonalKey) {
        if let file = profile.enrolment {
            world.say(
                Bilingual(
                    "Tiếp tục lần ghi danh chưa xong, với khóa đã tạo.",
                    "Going on with the enrolment that was not finished, with its key."))
            let question = Bilingual(
                "Mật khẩu bảo vệ khóa đã đặt (Enter: tạo khóa mới): ", "The key's passphrase (Enter: make a new key): ")
            switch try world.unlock(file.key, question) {
            case .opened(let key): return (file, key)
            // The server may have answered this request already, and gives the certificate to no other.
            case .stillLocked:
                throw CommandFailure(
                    .notPermitted, "Khóa của lần ghi danh chưa xong vẫn chưa mở được; không đổi gì.",
                    "The key of the unfinished enrolment is still locked; nothing was changed.",
                    next: Bilingual(
                        "Gõ lại lệnh này trên màn hình và nhập đúng mật khẩu bảo vệ khóa; nhấn Enter là bỏ khóa ấy, tạo khóa mới.",
                        "Type this command again on a terminal, with the key's passphrase; Enter gives that key up for a new one."
                    ))
            case .left, .unreadable: break
            }
        }
        let passphrase = try askPassphrase(profile)
        let file: KeyFile
        let key: PersonalKey
        do throws(SignatureError) {
            key = try PersonalKey.create()
            let request = try key.request(commonName: profile.person)
            file = KeyFile(head: request, key: try passphrase.isEmpty ? key.pem : key.locked(passphrase: passphrase))
        } catch {
            throw CommandFailure(.software, "Không tạo được khóa: \(error).", "No key could be made: \(error).")
        }
        do {
            try profile.keepEnrolment(file)
        } catch {
            throw PrivateFolder.failure(error, at: profile.own.path)
        }
        return (file, key)
    }

    /// The passphrase that protects the key on the disk, typed twice; empty for none.
    private func askPassphrase(_ profile: Profile) throws(CommandFailure) -> [UInt8] {
        while world.canAsk {
            let first = try secret(
                "Đặt mật khẩu bảo vệ khóa riêng (Enter: không đặt): ", "Passphrase for the private key (Enter: none): ")
            if first.isEmpty { break }
            if try secret("Nhập lại mật khẩu bảo vệ khóa: ", "Passphrase again: ") == first { return first }
            world.say(Bilingual("Hai lần nhập không giống nhau; nhập lại.", "The two differ; once more."))
        }
        world.say(
            Bilingual(
                "Khóa riêng không có mật khẩu bảo vệ: ai vào được tài khoản này của máy thì ký thay \(profile.person) được.",
                "The private key has no passphrase: whoever gets at this account of the machine can sign as \(profile.person)."
            ))
        return []
    }

    private func secret(_ vietnamese: String, _ english: String) throws(CommandFailure) -> [UInt8] {
        guard let typed = world.askSecret(screen.text(Bilingual(vietnamese, english))) else {
            throw CommandFailure(.interrupted, "Đã thôi.", "Given up.")
        }
        return typed
    }

    // MARK: - The server

    /// Sends ENROL, before any login; a code that is mistyped may be typed again.
    private func enrol(
        _ profile: Profile, _ authority: [UInt8], request pem: String
    ) throws(CommandFailure) -> Reply {
        var configuration = ClientConfiguration(language: screen.language)
        configuration.isAnonymous = true
        let link = try Link(
            profile, authority: authority, configuration: configuration, credentials: [],
            timeoutSeconds: program.invocation.global.timeoutSeconds ?? 60,
            password: { _ throws(CommandFailure) in throw Self.wrongCode })
        defer { link.close() }
        let scripted = try program.scriptedPassword()
        guard scripted != nil || world.canAsk else {
            throw CommandFailure(
                .notPermitted, "Cần mã mời.", "An invitation code is needed.",
                next: Bilingual("Dùng --password-file TỆP.", "Use --password-file FILE."))
        }
        for asked in 1...Self.codeTries {
            var typed = scripted
            if typed == nil {
                typed = try secret("Mã mời của \(profile.person): ", "Invitation code of \(profile.person): ")
            }
            let code = String(decoding: typed ?? [], as: UTF8.self).filter { !$0.isWhitespace }
            guard !code.isEmpty else { break }
            var request = Request.of("ENROL", code)
            request.body = .literal(Array(pem.utf8))
            let reply = try link.perform(request)
            guard reply.status.code == NoCode.authenticationFailed.rawValue else { return reply }
            guard scripted == nil, asked < Self.codeTries else { throw Self.wrongCode }
            world.say(Self.wrongCode.message)
        }
        throw CommandFailure(.interrupted, "Đã thôi.", "Given up.")
    }

    private static let wrongCode = CommandFailure(
        .notPermitted, "Mã mời sai, đã dùng rồi, hoặc đã được thay bằng mã khác.",
        "The invitation code is wrong, was used, or was replaced by another.",
        next: Bilingual("Xin quản trị hệ thống mã mời khác.", "Ask the administrator for another one."))

    /// Comes in with the new certificate and nothing else: TLS proves that the key is its own.
    private func comeIn(
        _ profile: Profile, _ authority: [UInt8], _ identity: Identity
    ) throws(CommandFailure) -> Reply {
        let link = try Link(
            profile, authority: authority, configuration: ClientConfiguration(language: screen.language),
            identity: identity, credentials: [],
            timeoutSeconds: program.invocation.global.timeoutSeconds ?? 60,
            password: { _ throws(CommandFailure) in
                throw CommandFailure(
                    .notPermitted,
                    "Máy chủ không nhận chứng thư vừa cấp. Chứng thư cũ trên máy này, nếu có, còn nguyên.",
                    "The server does not take the certificate that it has just given. An earlier one is still here.",
                    next: Bilingual("Gõ lại lệnh này với cùng mã mời.", "Type this command again, with the same code."))
            })
        world.adopt(link, profile)
        return try link.perform(Request(verb: "WHOAMI"))
    }
}
