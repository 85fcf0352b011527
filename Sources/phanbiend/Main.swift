import ArgumentParser
import Glibc
import ReviewCore

/// The operator's program (specification §9).
@main
struct Phanbiend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phanbiend",
        abstract: "Máy chủ phản biện chuyên đề. / The server for collaborative review.",
        discussion: """
            Lần đầu: init, plan load, people import, rồi serve. Các lệnh ghi dữ liệu cần dừng máy chủ trước; backup và \
            verify chạy được cả khi máy chủ đang phục vụ.

            First: init, plan load, people import, then serve. Commands that write need the server stopped; backup and \
            verify also work while it serves.
            """,
        version: Version.server,
        subcommands: [
            InitCommand.self, PlanCommand.self, PeopleCommand.self, PersonCommand.self, ServeCommand.self,
            BackupCommand.self, RestoreCommand.self, VerifyCommand.self, RedactCommand.self, CertificateCommand.self,
            FingerprintCommand.self,
        ])

    /// Runs the command line; every failure of ours ends with two sentences and a status of sysexits.
    static func main() async {
        if let word = unknownHelp(CommandLine.arguments.dropFirst()) {
            Console.complain(
                Wording(
                    "Không có lệnh “\(word)”. Gõ: phanbiend help", "There is no command “\(word)”. Type: phanbiend help"
                ))
            Glibc.exit(ExitStatus.usage.rawValue)
        }
        do {
            var command = try await asyncParseAsRoot(nil)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Console.complain(failure.wording)
            Glibc.exit(failure.status.rawValue)
        } catch {
            // The parser's own sentences are English; who reads only Vietnamese is told at least what kind of trouble it is.
            if exitCode(for: error) == .validationFailure {
                Console.complain(
                    Wording(
                        "Lệnh gõ chưa đúng hoặc còn thiếu; chi tiết ở dưới. Gõ: phanbiend help LỆNH",
                        "The command is not right; see below, or type: phanbiend help COMMAND"))
                Console.complain(inFull: fullMessage(for: error))
                Glibc.exit(ExitStatus.usage.rawValue)
            }
            exit(withError: error)
        }
    }
}

extension Phanbiend {
    /// The word after `help` that names no command, which the parser would answer with the help of the whole program.
    private static func unknownHelp(_ arguments: ArraySlice<String>) -> String? {
        guard arguments.first == "help" else { return nil }
        var command: any ParsableCommand.Type = Self.self
        for word in arguments.dropFirst() where !word.hasPrefix("-") {
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            else { return word }
            command = next
        }
        return nil
    }
}

/// What the program calls itself.
enum Version {
    static let number = "1.0"
    static let server = "phanbiend/\(number)"
}
