import Glibc
import PhanbienCommands
import ReviewProtocol
import Terminal

/// The program `phanbien`: reads its command line, lets the command happen, and ends with an exit code that means something.
@main
enum Main {
    static func main() {
        // The terminal is put back whatever ends the program; a reader that has gone is noticed by the write.
        let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
        // What ends a program by a mistake of its own leaves a usable terminal as well.
        let mistakes = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]
        for number in endings + mistakes { signal(number, RawTerminal.restoreOnSignal) }
        signal(SIGPIPE, SIG_IGN)
        umask(0o077)
        exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// The place of the first word of the command line that is not UTF-8, counted behind the program's name.
    ///
    /// `CommandLine.arguments` puts U+FFFD in its place, and that would be stored as what somebody wrote.
    private static var unreadableWord: Int? {
        (1..<max(Int(CommandLine.argc), 1)).first { place in
            CommandLine.unsafeArgv[place].map { String(validatingCString: $0) == nil } ?? false
        }
    }

    private static func run(_ arguments: [String]) -> ExitCode {
        if let place = unreadableWord {
            let message = Bilingual(
                "Từ thứ \(place) sau “phanbien” không phải UTF-8; hãy đặt bảng mã của màn hình dòng lệnh là UTF-8.",
                "Word \(place) behind “phanbien” is not UTF-8; set the terminal's encoding to UTF-8.")
            World.print(message.text(CommandLineParser.language(in: arguments) ?? .vietnamese), to: 2)
            return .badData
        }
        let invocation: Invocation
        do throws(UsageError) {
            invocation = try CommandLineParser.parse(arguments)
        } catch {
            let language = CommandLineParser.language(in: arguments) ?? .vietnamese
            World.print(SafeText.escape(error.message.text(language)), to: 2)
            World.print(SafeText.escape(error.hint.text(language)), to: 2)
            return .usage
        }
        let program = Program(invocation, environment: environment())
        let world = World(program)
        defer { world.close() }
        let runner = CommandRunner(invocation, in: world)
        if invocation.global.help { return runner.run() }
        do throws(CommandFailure) {
            switch invocation.form.conduct {
            case .login: return try LoginCommand(program: program, world: world).login()
            case .logout: return try LoginCommand(program: program, world: world).logout()
            case .enrol: return try EnrolCommand(program: program, world: world).run()
            case .screen: return try screen(program, world)
            case .shell: return try ShellCommand(program, world).run()
            case .request, .changePassword, .show, .push, .attach, .original, .comment, .apply, .review, .approve,
                .watch, .differences, .log, .calendar, .dossier, .fetch, .checkpoint, .proof, .completions, .help,
                .version:
                return runner.run()
            }
        } catch {
            runner.tell(error)
            return error.exit
        }
    }

    /// The full-screen client where there is a screen, line by line where it cannot be drawn on or is read out; a program
    /// gets the list of commands.
    private static func screen(_ program: Program, _ world: World) throws(CommandFailure) -> ExitCode {
        let isPlain = program.invocation.options["plain"] != nil
        guard isPlain || RawTerminal().isInteractive else {
            world.write(Array(HelpText.overview(program.screen.language).utf8))
            return .done
        }
        return try ScreenCommand(program, world, isPlain: isPlain || program.environment["TERM"] == "dumb").run()
    }

    private static func environment() -> [String: String] {
        var result: [String: String] = [:]
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            pointer = pointer.advanced(by: 1)
        }
        return result
    }
}
