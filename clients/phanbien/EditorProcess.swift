import Glibc
import PhanbienCommands
import ReviewProtocol
import Terminal

/// The person's own editor on a text.
enum EditorProcess {
    /// Lets the person edit; the edited text.
    ///
    /// The file stands in a folder of the person's own, and stays there when the editor or the machine fails.
    static func edit(
        _ text: [UInt8], name: String, in folder: PrivateFolder, environment: [String: String]
    ) throws(CommandFailure) -> [UInt8] {
        // What an editor that failed left behind stays, and so does what another window is editing.
        let names = (1...100).map { $0 == 1 ? "dang-viet-" + name : "dang-viet-\($0)-\(name)" }
        var made: String?
        for name in names where made == nil {
            do {
                try folder.create(name, text)
                made = name
            } catch  where error.code == EEXIST {
                continue
            } catch {
                throw PrivateFolder.failure(error, at: folder.path)
            }
        }
        guard let file = made else { throw PrivateFolder.failure(Files.Failure(code: EEXIST), at: folder.path) }
        let path = folder.path(of: file)
        let editor = [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }.first { !$0.isEmpty }
        // The value may hold arguments ("code --wait"), so the shell parts it; the path is passed as an argument, never as code.
        let command =
            editor.map { "\($0) \"$1\"" }
            ?? "for e in editor nano vim vi; do if command -v \"$e\" >/dev/null 2>&1; then exec \"$e\" \"$1\"; fi; done; exit 127"
        let status = run(["/bin/sh", "-c", command, "phanbien", path])
        guard status == 0 else {
            // Where nothing was written nothing stays, so that no number of tries leaves more than one text.
            let isUntouched = folder.read(file) == text
            if isUntouched { folder.remove(file) }
            let kept = SafeText.escape(path)
            throw CommandFailure(
                .noInput,
                "Trình soạn thảo kết thúc với lỗi (\(status))\(isUntouched ? "" : "; nội dung còn ở \(kept)").",
                "The editor failed (\(status))\(isUntouched ? "" : "; the text is at \(kept)").",
                next: Bilingual(
                    "Đặt biến EDITOR, ví dụ: export EDITOR=nano", "Set EDITOR, for example: export EDITOR=nano"))
        }
        guard let edited = folder.read(file) else {
            throw CommandFailure(
                .noInput, "Không đọc lại được \(SafeText.escape(path)).",
                "\(SafeText.escape(path)) cannot be read again.")
        }
        folder.remove(file)
        return edited
    }

    /// Runs a program on this terminal and waits for its end; its exit status, or 128 and its signal.
    private static func run(_ words: [String]) -> Int32 {
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this program ignores the editor must not: signals begin with their usual meaning.
        var usual = sigset_t()
        sigemptyset(&usual)
        for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&usual, number) }
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        // Control-C belongs to the editor while it runs.
        let interrupt = signal(SIGINT, SIG_IGN)
        let quit = signal(SIGQUIT, SIG_IGN)
        defer {
            signal(SIGINT, interrupt)
            signal(SIGQUIT, quit)
        }
        var child = pid_t()
        let result = posix_spawn(&child, words[0], nil, &attributes, &pointers, environ)
        guard result == 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            if errno != EINTR { return 127 }
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
