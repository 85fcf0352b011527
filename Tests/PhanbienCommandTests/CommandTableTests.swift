import Foundation
import PhanbienCommands
import ReviewProtocol
import Testing

/// Every row of the table is consistent with itself and with the protocol.
struct CommandTableTests {
    /// The guide in English and the one for officials name the same commands, or people of one language miss some.
    @Test func bothGuidesNameTheSameCommands() throws {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let (english, vietnamese) = (
            try String(contentsOf: top.appending(path: "docs/guide.md"), encoding: .utf8),
            try String(contentsOf: top.appending(path: "docs/huong-dan.md"), encoding: .utf8)
        )
        var named = 0
        for form in CommandTable.forms {
            func isNamed(_ text: String) -> Bool {
                ["phanbien ", "`"].contains { before in
                    text.ranges(of: before + form.name).contains { place in
                        guard place.upperBound < text.endIndex else { return true }
                        return !text[place.upperBound].isLetter && text[place.upperBound] != "-"
                    }
                }
            }
            named += isNamed(english) ? 1 : 0
            #expect(isNamed(english) == isNamed(vietnamese), "\(form.name)")
        }
        #expect(named > 30)
    }

    @Test func namesAreUnique() {
        var names: Set<[String]> = []
        for form in CommandTable.forms {
            #expect(names.insert(form.path).inserted, "\(form.name)")
            #expect(names.insert(form.alias).inserted, "\(form.alias)")
        }
    }

    @Test(arguments: CommandTable.forms.map(\.name)) func theExampleIsUnderstood(name: String) throws {
        let form = try #require(CommandTable.forms.first { $0.name == name })
        let invocation = try CommandLineParser.parse(Shell.words(form.example))
        #expect(invocation.form.name == name)
        let alias = try CommandLineParser.parse(form.alias + Shell.words(form.example).dropFirst(form.path.count))
        #expect(alias.form.name == name)
    }

    /// What the table sends, the protocol's own table takes: verbs, arguments, bodies.
    @Test(arguments: CommandTable.forms.filter { !$0.wire.isEmpty }.map(\.name))
    func theRequestFitsTheProtocol(name: String) throws {
        let form = try #require(CommandTable.forms.first { $0.name == name })
        var invocation = try CommandLineParser.parse(Shell.words(form.example))
        if let revision = invocation.operands["revision"], !revision.contains("@"), form.conduct != .show {
            invocation.operands["revision"] = revision + "@1"
        }
        if form.conduct == .comment {
            invocation.options["kind"] = invocation.options["kind"] ?? "content"
            invocation.options["level"] = invocation.options["level"] ?? "should"
        }
        if form.conduct == .differences {
            invocation.options["from"] = invocation.options["from"] ?? "@1"
            invocation.options["to"] = invocation.options["to"] ?? "@2"
        }
        let text = form.text == .required ? Array("Nội dung".utf8) : nil
        for dryRun in form.writes ? [false, true] : [false] {
            var octets: [UInt8] = []
            try invocation.request(text: text, key: form.writes && !dryRun ? "k1" : nil, dryRun: dryRun).write(
                into: &octets)
            var framer = Framer(limits: Limits())
            framer.authenticated = true
            framer.append(octets)
            guard case .request(let request) = framer.next() else {
                Issue.record("not a request: \(String(decoding: octets, as: UTF8.self))")
                continue
            }
            let call = try VerbTable.call(for: request)
            #expect(call.form.writes == form.writes)
            #expect(call.dryRun == dryRun)
        }
    }

    /// No option and no text is offered that the verb would refuse.
    @Test(arguments: CommandTable.forms.filter { !$0.wire.isEmpty }.map(\.name))
    func whatIsOfferedIsTaken(name: String) throws {
        let form = try #require(CommandTable.forms.first { $0.name == name })
        let words = form.wire.split(separator: " ").map(String.init)
        let verb = try #require(
            VerbTable.forms(of: words[0])?.first { verb in
                verb.pattern.allSatisfy { if case .literal(let literal) = $0 { words.contains(literal) } else { true } }
            })
        let keys = verb.pattern.compactMap { if case .pair(let key, _, _) = $0 { key } else { nil } }
        for option in form.options { if let key = option.wire { #expect(keys.contains(key), "--\(option.name)") } }
        #expect(form.text == .none || verb.body.presence != .none)
    }

    /// Every paper that the server makes is offered, by its Vietnamese name as well.
    @Test func everyPaperIsOffered() throws {
        let form = try #require(VerbTable.forms(of: "FORM")?.first)
        let names = form.pattern.compactMap { part -> [String]? in
            guard case .pair("name", .oneOf(let names), _) = part else { return nil }
            return names
        }
        // The report is of no topic, so it has a command of its own.
        let offered = Vocabulary.identifiers(.form) + ["bao-cao-nam"]
        #expect(names.map { Set($0) } == [Set(offered)])
        #expect(Vocabulary.identifier(.form, meant: "biên bản") == "bien-ban")
        let report = try CommandLineParser.parse(["bao-cao", "--year", "2025"])
        #expect(report.form.name == "report" && report.options["year"] == "2025")
        #expect(throws: UsageError.self) { try CommandLineParser.parse(["form", "bien-ban"]) }
        #expect(throws: UsageError.self) { try CommandLineParser.parse(["form", "giay-moi", "2025-2"]) }
    }

    /// Every act of the protocol that a person may do after login has a command.
    @Test func everyVerbHasACommand() {
        let own: Set<String> = [
            "LOGIN", "AUTH", "LOGOUT", "PASSWD", "LANG", "SET", "WATCH", "UNWATCH", "PUSH", "ATTACH", "APPROVE",
            "ENROL",
        ]
        let reached = Set(CommandTable.forms.map { $0.wire.split(separator: " ").first.map(String.init) ?? "" })
        for form in VerbTable.forms where !own.contains(form.verb) {
            #expect(reached.contains(form.verb), "\(form.name)")
        }
    }

    @Test func everyFormOfAVerbWithSeveralHasACommand() throws {
        for (verb, literal) in [
            ("PLENARY", "OPEN"), ("PLENARY", "CLOSE"), ("PERSON", "ADD"), ("PERSON", "SET"), ("PERSON", "DISABLE"),
            ("PLAN", "SHOW"), ("PLAN", "CHECK"), ("PLAN", "LOAD"), ("CERT", "LIST"), ("CERT", "DELETE"),
        ] {
            #expect(
                CommandTable.forms.contains {
                    $0.wire.hasPrefix(verb) && $0.wire.split(separator: " ").contains(Substring(literal))
                }, "\(verb) \(literal)")
        }
    }

    @Test func noOptionHidesAGlobalOne() {
        for form in CommandTable.forms {
            for option in form.options {
                #expect(
                    !CommandTable.globalOptions.contains { $0.name == option.name }, "\(form.name) --\(option.name)")
            }
        }
    }
}

/// The words of a shell line with double quotes.
enum Shell {
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        var isOpen = false
        for character in line {
            switch character {
            case "\"":
                isQuoted.toggle()
                isOpen = true
            case " " where !isQuoted:
                if isOpen { words.append(word) }
                word = ""
                isOpen = false
            default:
                word.append(character)
                isOpen = true
            }
        }
        if isOpen { words.append(word) }
        // What a shell would take for itself: a redirection and its file.
        if let redirection = words.firstIndex(of: ">") { words.removeSubrange(redirection...) }
        return Array(words.dropFirst())
    }
}
