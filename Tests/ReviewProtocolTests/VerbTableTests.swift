import ReviewProtocol
import Testing

/// The verb table is data; these are the rules that the data keeps.
@Suite struct VerbTableTests {
    @Test func noVerbBeginsWithALetterThatTheTerminalToolKeeps() {
        // `openssl s_client` without -quiet acts on typed lines that begin with these (specification §1.7).
        for verb in VerbTable.verbs {
            #expect(verb.first.map { !"BKQR".contains($0) } == true, "\(verb)")
        }
    }

    @Test func theTableHasEveryVerb() {
        let names = [
            "LOGIN", "AUTH PLAIN", "AUTH TOKEN", "AUTH EXTERNAL", "ENROL", "LOGOUT", "WHOAMI", "PASSWD", "CERT LIST",
            "CERT DELETE",
            "LANG",
            "SET",
            "LIMITS", "PING", "HELP", "PEOPLE", "OFFICES", "PERSON ADD", "PERSON SET", "PERSON DISABLE", "INVITE",
            "DELEGATE",
            "PLANS", "PLAN SHOW", "PLAN CHECK", "PLAN LOAD", "LIST", "SHOW", "CHECK", "TODO", "LOG", "ASSIGN",
            "UNASSIGN",
            "EXTEND", "POSTPONE", "UNPOSTPONE", "CANCEL", "PUSH", "ATTACH", "OUTLINE", "DIFF", "COMMENT", "ANSWER",
            "SETTLE",
            "AGREE",
            "MAINTAIN", "WITHDRAW", "COMMENTS", "THREAD", "ASSESS", "ASSESSMENTS", "ENDORSE", "OPINION", "LIFT",
            "VOUCH",
            "FORMAT", "SUBMIT", "SENDBACK", "PLENARY OPEN", "PLENARY CLOSE", "ATTEND", "CONFIRM", "MANIFEST", "APPROVE",
            "OVERRIDE", "ISSUE", "FIND", "FORM", "CALENDAR", "DOSSIER", "FETCH", "WATCH", "UNWATCH", "ACK",
            "CHECKPOINT",
            "PROOF", "STATUS",
        ]
        #expect(Set(VerbTable.forms.map(\.name)) == Set(names))
        #expect(VerbTable.forms.count == names.count)
    }

    @Test func writesAreExactlyThese() {
        let writes = [
            "PASSWD", "PERSON ADD", "PERSON SET", "PERSON DISABLE", "INVITE", "DELEGATE", "PLAN LOAD", "ASSIGN",
            "UNASSIGN",
            "EXTEND", "POSTPONE", "UNPOSTPONE", "CANCEL", "PUSH", "ATTACH", "COMMENT", "ANSWER", "SETTLE", "AGREE",
            "MAINTAIN",
            "WITHDRAW", "ASSESS", "ENDORSE", "OPINION", "LIFT", "VOUCH", "FORMAT", "SUBMIT", "SENDBACK", "PLENARY OPEN",
            "PLENARY CLOSE", "ATTEND", "CONFIRM", "APPROVE", "OVERRIDE", "ISSUE", "CERT DELETE",
        ]
        #expect(Set(VerbTable.forms.filter(\.writes).map(\.name)) == Set(writes))
    }

    @Test func everyActHasOneRow() {
        let acts =
            Act.Session.allCases.map { Act.session($0) } + Act.Query.allCases.map { Act.query($0) }
            + Act.Write.allCases.map { Act.write($0) }
        #expect(Set(VerbTable.forms.map(\.act)) == Set(acts))
        #expect(VerbTable.forms.count == acts.count)
    }

    @Test func everyRowIsWellFormed() {
        for form in VerbTable.forms {
            let fixed = form.pattern.compactMap { if case .literal(let word) = $0 { word } else { nil } }
            #expect(form.name == ([form.verb] + fixed).joined(separator: " "))
            let verb = Array(form.verb.utf8)
            #expect((1...16).contains(verb.count) && verb.allSatisfy { (0x41...0x5A).contains($0) }, "\(form.name)")
            var keys: [String] = []
            var optional = false
            for part in form.pattern {
                switch part {
                case .literal(let word): #expect(word == word.uppercased() && !optional, "\(form.name)")
                case .word(let name, _):
                    #expect(!name.isEmpty && !optional, "\(form.name): a required word after an optional one")
                case .optionalWord: optional = true
                case .pair(let key, _, _): keys.append(key)
                }
            }
            #expect(Set(keys).count == keys.count, "\(form.name): a key twice")
            #expect(keys.allSatisfy { $0 == $0.lowercased() && $0 != "key" && $0 != "dry-run" }, "\(form.name)")
            if form.writes { #expect(form.session == .authenticated, "\(form.name): only people write") }
            #expect(form.body.presence == .none || ["<", "<<", "{n}"].contains(form.body.mark), "\(form.name)")
        }
        // A verb's forms tell themselves apart by a fixed word at one place.
        for verb in VerbTable.verbs {
            let forms = VerbTable.forms(of: verb) ?? []
            #expect(forms.count == 1 || Set(forms.map(\.name)).count == forms.count, "\(verb)")
            #expect(forms.count == 1 || forms.allSatisfy { $0.name != verb }, "\(verb)")
        }
    }

    @Test func everyTextIsThereInBothLanguages() {
        for form in VerbTable.forms {
            for text in [form.summary, form.permission] {
                #expect(!text.vietnamese.isEmpty && !text.english.isEmpty, "\(form.name)")
                #expect(text.vietnamese != text.english, "\(form.name)")
                #expect(!text.vietnamese.hasSuffix(".") && !text.english.hasSuffix("."), "\(form.name)")
            }
            #expect(!form.example.vietnamese.isEmpty, "\(form.name)")
        }
    }

    /// What HELP shows works: every example is framed, and fits its own row.
    @Test(arguments: Language.allCases)
    func everyExampleIsARequestOfItsRow(language: Language) throws {
        for form in VerbTable.forms {
            var stream = form.example.text(language) + "\n"
            if let open = stream.firstIndex(of: "{"), let close = stream.firstIndex(of: "}"),
                let count = Int(stream[stream.index(after: open)..<close])
            {
                stream += String(repeating: "x", count: count) + "\n"
            }
            let example = try call(stream)
            #expect(example.form.name == form.name)
            #expect((example.body != nil) == stream.dropLast().contains("\n"), "\(form.name)")
        }
    }

    @Test func keyAndDryRunBelongToWrites() throws {
        let agreed = try call("AGREE c88 key=abc-1 dry-run=yes\n")
        #expect(agreed.word("comment") == "C88")
        #expect(agreed.key == "abc-1")
        #expect(agreed.dryRun)
        #expect(try VerbTable.call(for: Request(verb: "AGREE", arguments: [Argument(value: "C1")])).dryRun == false)
        #expect(fault("THREAD C1 key=a\n")?.code == .unknownArgument)
        #expect(fault("LOGIN minh key=a <\nx\n")?.code == .unknownArgument)
        #expect(fault("AGREE C1 dry-run=no\n")?.code == .syntax)
        let longest = String(repeating: "ấ", count: 64)
        #expect(try call("AGREE C1 key=\(longest)\n").key == longest)
        #expect(fault("AGREE C1 key=\(longest)x\n")?.code == .syntax)
        #expect(fault("AGREE C1 key=\"\"\n")?.code == .syntax)
        #expect(fault("AGREE C1 key=\"a\\nb\"\n")?.code == .syntax)
    }

    @Test func formsAreChosenByTheirFixedWords() throws {
        #expect(try call("plan show 2025\n").form.name == "PLAN SHOW")
        #expect(try call("PLENARY 2025-1 close <\nx\n").form.name == "PLENARY CLOSE")
        #expect(try call("PLENARY 2025-1 close <\nx\n").word("topic") == "2025-1")
        #expect(fault("PLENARY 2025-1\n")?.code == .missingArgument)
        #expect(fault("PLENARY 2025-1 STOP\n")?.code == .syntax)
        #expect(fault("PLAN\n")?.argument == "SHOW/CHECK/LOAD")
    }

    @Test func optionalWordsMayBeAbsent() throws {
        #expect(try call("LOG\n").optionalWord("topic") == nil)
        #expect(try call("LOG 2025-1 after=7\n").optionalWord("topic") == "2025-1")
        #expect(try call("LOG 2025-1 after=7\n").number("after") == 7)
        #expect(try call("PUSH 2025-1 if=@3 addresses=c1,C4 <\nx\n").number("if") == 3)
        #expect(try call("PUSH 2025-1 if=@3 addresses=c1,C4 <\nx\n").list("addresses") == ["C1", "C4"])
        #expect(try call("PUSH 2025-1 if=@3 <\nx\n").list("addresses") == [])
        #expect(try call("SHOW P5\n").word("object") == "P5")
        #expect(try call("SHOW 2025-1@2 numbers=YES\n").flag("numbers"))
        #expect(fault("LOG 2025-1 2025-2\n") == Malformed(code: .unknownArgument, line: 1, found: "2025-2"))
    }

    @Test func bodiesFollowTheirRule() throws {
        #expect(try call("SETTLE C1 as=noted\n").text == nil)
        #expect(try call("SETTLE C1 as=noted <<\nmột\nhai\n.\n").text == "một\nhai")
        #expect(try call("ANSWER C1 {10}\na\r\nb\r\nc\r\nd\n").text == "a\nb\nc\nd")
        #expect(try call("ANSWER C1 <<\n.cancel\n").isCancelled)
        #expect(try call("AUTH PLAIN {8}\n\u{0}minh\u{0}mk\n").octets == octets("\u{0}minh\u{0}mk"))
        #expect(try call("AUTH PLAIN {8}\n\u{0}minh\u{0}mk\n").text == nil)
        #expect(fault("LOGIN minh <\na\u{1}\n")?.code == .control)
        #expect(
            try call("APPROVE 2025-1@1 sha256=B91611D506BC4220 {2}\n\u{1}\u{2}\n").pair("sha256") == "b91611d506bc4220")
    }

    @Test(
        arguments: [
            (
                WordKind.topic, ["2025-1", "2025-999"],
                ["2025", "2025-", "2025-0", "2025-01", "25-1", "2025-1000", "2025-1@1", "x"]
            ),
            (
                .revision, ["2025-1@1", "2025-1@999999"],
                ["2025-1", "2025-1@", "2025-1@0", "2025-1@01", "2025-1@1000000", "@1"]
            ),
            (.revisionNumber, ["@0", "@1", "@999999"], ["1", "@", "@01", "@00", "@1000000", "@-1"]),
            (.comment, ["C1", "C999999999"], ["C", "C0", "C01", "P1", "C1000000000", "88", "C1x"]),
            (.review, ["P1"], ["C1", "P", "P0"]),
            (
                .person, ["ab", "a.b_c-9", String(repeating: "a", count: 32)],
                ["a", "A1", ".a", "a b", "đa", String(repeating: "a", count: 33)]
            ),
            (
                .date, ["2025-03-15", "2024-02-29", "2000-02-29", "2025-12-31"],
                [
                    "2025-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-1-1", "15/3/2025",
                    "2025-03-15T", "0000-01-01",
                ]
            ),
            (
                .moment, ["2025-03-15T08:00", "2025-03-15T23:59:59"],
                [
                    "2025-03-15",
                    "2025-03-15T24:00", "2025-03-15T08:60", "2025-03-15 08:00", "2025-03-15T8:00",
                    "2025-03-15T08:00:60", "08:00",
                ]
            ),
            (.year, ["2025"], ["25", "02025", "0125", "20255"]),
            (.number(1...1_000), ["1", "1000"], ["0", "1001", "-1", "x", "", "99999999999999999999999"]),
            (
                .anchor, ["II.1/2", "II", "L12", "I/1"],
                ["", "/1", "II.", "II 1", "Mục", String(repeating: "I", count: 65)]
            ),
            (.yes, ["yes"], ["no", "", "y"]),
            (.oneOf(["must", "should"]), ["must", "should"], ["note", "", "mus"]),
            (
                .hexadecimal(16...64), [String(repeating: "0f", count: 8), String(repeating: "9", count: 64)],
                [String(repeating: "0", count: 15), String(repeating: "0", count: 65), "b91611d506bc422g"]
            ),
            (.list(.comment), ["C1", "C1,C2"], ["", ",", "C1,", "C1,,C2", "C1;C2"]),
            (.any([.topic, .review]), ["2025-1", "P5"], ["C1", ""]),
            (.text(3), ["a", "abc", "á"], ["", "abcd", "ấấ"]),
            (.retryKey, ["a", "a b"], ["", "a\nb"]),
        ] as [(WordKind, [String], [String])])
    func valuesHaveTheirForm(kind: WordKind, right: [String], wrong: [String]) {
        for value in right { #expect(kind.canonical(value) == value, "\(value)") }
        for value in wrong { #expect(kind.canonical(value) == nil, "\(value)") }
        #expect(!kind.expected.vietnamese.isEmpty && !kind.expected.english.isEmpty && !kind.placeholder.isEmpty)
    }

    @Test func spellingsThatMeanTheSameBecomeOne() {
        #expect(WordKind.comment.canonical("c88") == "C88")
        #expect(WordKind.review.canonical("p5") == "P5")
        #expect(WordKind.list(.comment).canonical("c1,C2") == "C1,C2")
        #expect(WordKind.oneOf(["vi", "en"]).canonical("EN") == "en")
        #expect(WordKind.hexadecimal(2...4).canonical("AbC") == "abc")
        #expect(WordKind.number(0...9).canonical("007") == "7")
    }

    @Test func editDistanceSuggestsOnlyWhatIsNear() {
        #expect(VerbTable.nearestVerb(to: "SUBMITT") == "SUBMIT")
        #expect(VerbTable.nearestVerb(to: "ASIGN") == "ASSIGN")
        #expect(VerbTable.nearestVerb(to: "WHO") == "WHOAMI")
        #expect(VerbTable.nearestVerb(to: "X") == nil)
        #expect(VerbTable.nearestVerb(to: "") == nil)
    }
}

@Suite struct HelpTests {
    @Test(arguments: Language.allCases)
    func theListNamesEveryFormAndBeginsWithHowToConnect(language: Language) {
        let lines = VerbTable.help(nil, language: language)
        #expect(lines.first?.contains("openssl s_client -quiet") == true)
        for form in VerbTable.forms {
            #expect(lines.contains { $0.hasPrefix("  \(form.name) — ") }, "\(form.name)")
        }
        for group in VerbGroup.allCases { #expect(lines.contains("\(group.title.text(language)):")) }
    }

    @Test(arguments: Language.allCases)
    func noLineIsLongerThanTwoHundredCharacters(language: Language) {
        var lines = VerbTable.help(nil, language: language)
        for form in VerbTable.forms { lines += VerbTable.help(form.name, language: language) }
        for line in lines { #expect(line.unicodeScalars.count <= 200, "\(line)") }
    }

    @Test func oneCommandIsExplained() {
        let lines = VerbTable.help("comment", language: .vietnamese)
        #expect(
            lines.first
                == "COMMENT topic@n [at=II.1/2] [quote=\"text\"] kind=content/legal/format/language/question/praise level=must/should/note [suggest=\"text\"] [behalf=office/person] <<"
        )
        #expect(lines.contains("  level=: một trong: must, should, note"))
        #expect(lines.contains("    Không đồng ý số liệu: báo cáo năm ghi 75 vụ việc."))
        #expect(lines.contains { $0.contains("dry-run=yes") })
        #expect(VerbTable.help("PLAN", language: .english).filter { $0.hasPrefix("PLAN ") }.count == 3)
        #expect(VerbTable.help("plan  load", language: .english).filter { $0.hasPrefix("PLAN ") } == ["PLAN LOAD {n}"])
    }

    @Test func helpForAnUnknownCommandSuggestsOne() {
        #expect(VerbTable.help("coment", language: .vietnamese).first == "Không có lệnh “COMENT”. Có phải COMMENT?")
        #expect(VerbTable.help("coment", language: .english).contains { $0.hasPrefix("COMMENT topic@n") })
        #expect(VerbTable.help("xyzzy", language: .english).count > 50)
        #expect(VerbTable.help("", language: .english).count > 50)
    }
}
