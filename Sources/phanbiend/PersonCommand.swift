import ArgumentParser
import ReviewCore
import ReviewDigest
import ReviewServer
import ReviewSignatures

/// `phanbiend person`: for whoever has forgotten their password, and for who comes back.
struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "Tài khoản của một người. / One person's account.",
        subcommands: [Password.self, Enable.self])

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password",
            abstract: "Đặt lại mật khẩu, hoặc in mã mời. / Set a password, or print an invitation code.",
            discussion: """
                Mật khẩu mới đọc từ bàn phím hoặc đầu vào chuẩn (một dòng). Với --invitation, in mã mời dùng một lần để \
                người đó tự đặt mật khẩu; mật khẩu cũ hết hiệu lực ngay.

                The new password is read from the keyboard or standard input (one line). With --invitation a code is \
                printed, with which the person sets a password once; the old one ends at once.
                """)

        @OptionGroup var data: DataOption
        @OptionGroup var cost: PasswordCostOption
        @Flag(help: "In mã mời thay vì đặt mật khẩu. / Print an invitation code instead.")
        var invitation = false
        @Argument(help: ArgumentHelp("Tên tài khoản. / The account.", valueName: "ID"))
        var person: String

        func run() async throws {
            let id = try PersonCommand.id(person)
            if invitation {
                let code = SecureRandom.invitationCode()
                _ = try PersonCommand.store(.invite(id, code: Passwords.digest(ofInvitation: code)), data.data)
                Console.say("INVITATION \(id) \(code)")
            } else {
                let password = try Console.readSecret(prompt: Wording("Mật khẩu mới:", "New password:"))
                if Console.isTyped {
                    let again = try Console.readSecret(prompt: Wording("Gõ lại lần nữa:", "Once more:"))
                    guard again == password else {
                        throw Failure(.data, "Hai lần gõ khác nhau; chưa đổi.", "The two differ; nothing was changed.")
                    }
                }
                try Passwords.check(password, line: nil)
                let hash = try Passwords.hash(password, cost: Passwords.cost(cost))
                _ = try PersonCommand.store(.setCredentialOf(id, hash: hash), data.data)
                Console.say("PASSWORD \(id)")
            }
        }

    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Mở lại một tài khoản đã khóa. / Open a disabled account again.",
            discussion: """
                Người đó dùng lại mật khẩu như trước khi khóa; quên thì đặt lại bằng person password.

                The person has the password of before again; if it is forgotten, set one with person password.
                """)

        @OptionGroup var data: DataOption
        @Argument(help: ArgumentHelp("Tên tài khoản. / The account.", valueName: "ID"))
        var person: String

        func run() async throws {
            let id = try PersonCommand.id(person)
            let outcome = try PersonCommand.store(.enablePerson(id), data.data)
            Console.say("ENABLED \(id)")
            Console.say(outcome.wording)
        }
    }

    private static func id(_ text: String) throws(Failure) -> PersonID {
        guard let id = PersonID(text) else {
            throw Failure(.data, "“\(text)” không phải tên tài khoản.", "“\(text)” is not an account's name.")
        }
        return id
    }

    private static func store(_ command: Command, _ data: String) throws(Failure) -> Outcome {
        var session = try OperatorSession(data: data)
        let outcome: Outcome
        do throws(Refusal) {
            outcome = try session.decide(command)
        } catch {
            throw Failure(error)
        }
        try session.commit()
        return outcome
    }
}

/// What the operator's commands do with passwords.
enum Passwords {
    static func cost(_ option: PasswordCostOption) throws(Failure) -> ScryptCost {
        let standard = ScryptCost.standard
        guard option.log2N != standard.log2N else { return standard }
        guard let cost = ScryptCost(log2N: option.log2N, blockSize: 8, parallelisation: 1) else {
            throw Failure(.configuration, "--scrypt-log2n phải từ 1 đến 17.", "--scrypt-log2n has to be 1 to 17.")
        }
        return cost
    }

    static func check(_ password: [UInt8], line: Int?) throws(Failure) {
        guard PasswordForm.allows(password) else {
            let octets = PasswordForm.allowedOctets
            let place =
                line.map { Wording("Dòng \($0): mật khẩu", "Line \($0): the password") }
                ?? Wording("Mật khẩu", "The password")
            throw Failure(
                .data,
                "\(place.vietnamese) phải có từ \(octets.lowerBound) đến \(octets.upperBound) ký tự (chữ có dấu tính nhiều hơn một).",
                "\(place.english) must have \(octets.lowerBound) to \(octets.upperBound) octets.")
        }
    }

    static func hash(_ password: [UInt8], cost: ScryptCost) throws(Failure) -> String {
        guard let hash = PasswordText.hash(of: password, cost: cost) else {
            throw Failure(
                .internal, "Không tính được mã băm mật khẩu (thiếu bộ nhớ?).",
                "The password could not be hashed (out of memory?).")
        }
        return hash
    }

    /// What the log keeps of an invitation code, the same as the engine compares.
    static func digest(ofInvitation code: String) -> String { InvitationDigest.digest(of: code.utf8) }
}
