import PhanbienCommands
import ReviewProtocol
import Terminal

/// What lies over the page and takes all keys until it is answered.
enum Overlay: Sendable {
    case help(top: Int)
    case palette(Palette)
    case prompt(Prompt)
    case contents(Contents)
    case confirm(Confirmation)
    case rollCall(RollCall)
    case files(FilePicker)
    case addresses(AddressList)
    /// A vote that waited for the connection met something newer.
    case held(key: String, reason: String, top: Int = 0)
    /// Others did something to the comment that a text is about.
    case overwrite(page: Int, reason: String, top: Int = 0)
    case quit

    /// The first row that shows of what is to be read before a question is answered.
    var top: Int {
        get {
            switch self {
            case .confirm(let confirmation): confirmation.top
            case .held(_, _, let top), .overwrite(_, _, let top): top
            case .help, .palette, .prompt, .contents, .rollCall, .files, .addresses, .quit: 0
            }
        }
        set {
            switch self {
            case .confirm(var confirmation):
                confirmation.top = newValue
                self = .confirm(confirmation)
            case .held(let key, let reason, _): self = .held(key: key, reason: reason, top: newValue)
            case .overwrite(let page, let reason, _): self = .overwrite(page: page, reason: reason, top: newValue)
            case .help, .palette, .prompt, .contents, .rollCall, .files, .addresses, .quit: break
            }
        }
    }
}

/// A question before something that cannot be undone.
struct Confirmation: Sendable {
    let command: PreparedCommand
    /// What the server said it would do.
    let words: String
    /// The first row that shows of what can be scrolled.
    var top = 0
}

/// One line that is asked for.
struct Prompt: Sendable {
    enum Purpose: Sendable {
        case search
        /// The next value of a command that is being filled in.
        case value(CommandFilling)
        /// A value of a field on a writing page.
        case choice(page: Int, index: Int)
        /// What a new revision changes.
        case note(Upload)
    }

    let title: String
    let purpose: Purpose
    var editor = LineEditor()
    /// What may be chosen instead of typing, as it is shown and as it is sent.
    var choices: [(words: String, value: String)] = []
    var selected = 0
    /// Whether its line shows however short the list is.
    var isSought = false
    /// Why the last answer was not taken.
    var complaint = ""

    /// The choices with what was typed in them, dấu or not; what is called so comes first, then what begins so.
    ///
    /// Enter takes the first one: whoever types an account's name must not get somebody with these letters in theirs.
    var matches: [(words: String, value: String)] {
        let typed = Folding.plain(editor.text).split(separator: " ")
        guard !typed.isEmpty else { return choices }
        let whole = typed.joined(separator: " ")
        func rank(_ choice: (words: String, value: String)) -> Int? {
            let words = Folding.plain(choice.words)
            // A person's name, before their office and account.
            let name = words.firstRange(of: " · ").map { String(words[..<$0.lowerBound]) } ?? words
            if choice.value == whole || name == whole { return 0 }
            if choice.value.hasPrefix(whole) || name.hasPrefix(whole) { return 1 }
            guard typed.allSatisfy({ words.contains($0) }) else { return nil }
            return (" " + name).contains(" " + whole) ? 2 : 3
        }
        let ranked = choices.compactMap { choice in rank(choice).map { (rank: $0, choice: choice) } }
        return (0...3).flatMap { rank in ranked.filter { $0.rank == rank }.map(\.choice) }
    }

    init(
        title: String, purpose: Purpose, choices: [(words: String, value: String)] = [], isSought: Bool = false
    ) {
        self.title = title
        self.purpose = purpose
        self.choices = choices
        self.isSought = isSought
    }
}

/// The sections of a text, to jump to.
struct Contents: Sendable {
    let entries: [(block: Int, text: String)]
    var selected: Int

    init(_ layout: TextLayout, current: Int) {
        entries = layout.blocks.indices.filter { layout.blocks[$0].isHeading }.map { index in
            let block = layout.blocks[index]
            return (index, String(repeating: "  ", count: max(block.level - 1, 0)) + block.anchor + ". " + block.text)
        }
        selected = max((entries.firstIndex { $0.block > current } ?? entries.count) - 1, 0)
    }
}

extension Model {
    mutating func pressInOverlay(_ pressed: Key) {
        guard let overlay, let pressed = Self.answer(pressed, to: overlay) else { return }
        if let top = scrolled(pressed, in: overlay) {
            self.overlay?.top = top
            return
        }
        // The wheel is turned to read on, and a button that comes up may have gone down before the question was there: of
        // the mouse only a click answers anything.
        if let act = pressed.mouseAct, act != .press {
            switch overlay {
            case .help(let top) where act != .drag && act != .release: return pressInHelp(pressed, top)
            default: return
            }
        }
        switch overlay {
        case .help(let top): pressInHelp(pressed, top)
        case .palette(var palette):
            let chosen = palette.press(pressed)
            self.overlay = palette.isOver ? nil : .palette(palette)
            if let chosen {
                choose(chosen)
            } else if pressed.code == .enter {
                let typed = palette.editor.text
                tell(.trouble, "Không có lệnh “\(typed)”.", "There is no command “\(typed)”.")
            }
        case .prompt(let prompt): pressInPrompt(pressed, prompt)
        case .contents(let contents): pressInContents(pressed, contents)
        case .confirm(let confirmation): pressInConfirmation(pressed, confirmation)
        case .rollCall(let roll): pressInRollCall(pressed, roll)
        case .files(let picker): pressInFiles(pressed, picker)
        case .addresses(let list): pressInAddresses(pressed, list)
        case .held(let key, _, _):
            // It comes up by itself, so it is answered by no letter that has a meaning on the pages below it.
            switch (pressed.code, pressed.modifiers) {
            case (.character("s"), .control): settleHeld(key, sends: true)
            case (.character("x"), .control): settleHeld(key, sends: false)
            case (.escape, _):
                laidAside.insert(key)
                tell(
                    .news,
                    isPlain ? "Để sau: gõ doc-lai để được hỏi lại." : "Để sau: bấm Ctrl-L để được hỏi lại.",
                    isPlain ? "Later: type refresh to be asked again." : "Later: Ctrl-L asks about it again.")
            default: return
            }
            self.overlay = nil
        case .overwrite(let page, _, _): pressInOverwriting(pressed, page: page)
        case .quit:
            self.overlay = nil
            switch pressed.code {
            case .character("c"), .character("C"), .character("y"), .character("Y"), .enter, .character("q"):
                effects.append(.quit)
            default: break
            }
        }
    }

    /// The key as a question takes it; nil for one that is no answer.
    ///
    /// With Control or Alt a letter is another key: Ctrl-C leaves a question, and never says the yes of the letter `c`.
    private static func answer(_ key: Key, to overlay: Overlay) -> Key? {
        guard case .character = key.code, !key.modifiers.isEmpty else { return key }
        switch overlay {
        case .confirm, .overwrite: return Key(.escape)
        case .rollCall, .addresses: return key == .control("c") ? Key(.escape) : nil
        case .help, .palette, .prompt, .contents, .files, .held, .quit: return key
        }
    }

    private mutating func pressInHelp(_ key: Key, _ top: Int) {
        let last = max(helpLines.count - (size.rows - 4), 0)
        switch (key.code, key.mouseAct) {
        case (.down, _), (.character("j"), _), (_, .wheelDown): overlay = .help(top: min(top + 1, last))
        case (.up, _), (.character("k"), _), (_, .wheelUp): overlay = .help(top: max(top - 1, 0))
        case (.pageDown, _), (.character(" "), _): overlay = .help(top: min(top + 10, last))
        case (.pageUp, _): overlay = .help(top: max(top - 10, 0))
        default: overlay = nil
        }
    }

    private mutating func pressInContents(_ key: Key, _ contents: Contents) {
        var contents = contents
        switch key.code {
        case .down, .character("j"): contents.selected = min(contents.selected + 1, max(contents.entries.count - 1, 0))
        case .up, .character("k"): contents.selected = max(contents.selected - 1, 0)
        case .pageDown: contents.selected = min(contents.selected + 10, max(contents.entries.count - 1, 0))
        case .pageUp: contents.selected = max(contents.selected - 10, 0)
        case .enter:
            overlay = nil
            guard case .topic(var topic) = page, contents.entries.indices.contains(contents.selected) else { return }
            topic.moveTo(contents.entries[contents.selected].block)
            page = .topic(topic)
            return
        default:
            overlay = nil
            return
        }
        overlay = .contents(contents)
    }

    private mutating func pressInConfirmation(_ key: Key, _ confirmation: Confirmation) {
        overlay = nil
        let hasOriginal = confirmation.command.original != nil
        switch key.code {
        case .character("c"), .character("C"), .character("y"), .character("Y"):
            carryOut(confirmation.command, half: confirmation.command.original.map { .text(original: $0) })
        case .character("v") where hasOriginal, .character("V") where hasOriginal:
            carryOut(confirmation.command)
        default:
            endSending(confirmation.command.page)
            tell(.news, "Đã thôi, không thay đổi gì.", "Left as it was; nothing changed.")
        }
    }

    private mutating func carryOut(_ command: PreparedCommand, half: ActHalf? = nil) {
        tell(.underWay, "Đang gửi …", "Being sent …")
        write(command.request, page: command.page, draft: command.draft, half: half ?? command.half)
    }

    private mutating func pressInPrompt(_ key: Key, _ prompt: Prompt) {
        var prompt = prompt
        if !prompt.choices.isEmpty {
            let matches = prompt.matches
            let last = max(matches.count - 1, 0)
            switch key.code {
            case .up: prompt.selected = max(prompt.selected - 1, 0)
            case .down: prompt.selected = min(prompt.selected + 1, last)
            case .pageUp: prompt.selected = max(prompt.selected - 10, 0)
            case .pageDown: prompt.selected = min(prompt.selected + 10, last)
            case .enter:
                guard matches.indices.contains(prompt.selected) else { return }
                return answer(prompt, matches[prompt.selected].value)
            case .escape: return overlay = nil
            default:
                switch prompt.editor.handle(key) {
                case .cancelled, .endOfInput: return overlay = nil
                default: prompt.selected = 0
                }
            }
            return overlay = .prompt(prompt)
        }
        if key.code == .escape { return overlay = nil }
        prompt.complaint = ""
        switch prompt.editor.handle(key) {
        case .submitted(let lines): answer(prompt, lines.first ?? "")
        case .cancelled, .endOfInput: overlay = nil
        default: overlay = .prompt(prompt)
        }
    }

    private mutating func answer(_ prompt: Prompt, _ words: String) {
        overlay = nil
        switch prompt.purpose {
        case .search:
            guard !words.allSatisfy(\.isWhitespace) else { return }
            ask(SearchPage.request(words, in: page.topic), for: .search(words))
        case .value(var filling):
            if let complaint = filling.take(words, language) {
                var again = prompt
                again.complaint = complaint
                overlay = .prompt(again)
                return
            }
            fill(filling)
        case .choice(let page, let index):
            for place in pages.indices {
                guard case .writing(var writing) = pages[place], writing.number == page else { continue }
                writing.take(choice: words, of: index, in: &self)
                pages[place] = .writing(writing)
            }
        case .note(var upload):
            upload.note = String(words.drop { $0 == " " })
            tryOut(upload)
        }
    }
}
