import PhanbienCommands
import ReviewProtocol
import Terminal

extension Model {
    /// Takes one key.
    mutating func press(_ key: Key) {
        if overlay != nil { return pressInOverlay(key) }
        if case .mouse(let mouse) = key.code { return point(mouse) }
        let place = page.place
        let action = KeyTable.action(key, in: place)
        if action == nil, !KeyTable.forms.contains(place), let letter = KeyTable.composed(key) {
            return tell(
                .news, "Phím “\(letter)” không có nghĩa ở đây. Bộ gõ tiếng Việt đang bật: tắt đi rồi bấm lại.",
                "“\(letter)” means nothing here. A Vietnamese input method is on: turn it off and press the key again.")
        }
        switch action {
        case .help: overlay = .help(top: 0)
        case .palette: overlay = .palette(Palette(self))
        case .search: overlay = .prompt(Prompt(title: text("Tìm (không dấu cũng được)", "Search"), purpose: .search))
        case .language:
            language = language == .vietnamese ? .english : .vietnamese
            read(.of("LANG", language.rawValue), title: "")
            // The server's own words, as why something waits, come in the other language from now on.
            readOverview()
            if let topic = currentTopic { refresh(topic: topic) }
        case .refresh:
            effects.append(.repaint)
            // Whoever wanted to look at a topic first has looked.
            laidAside = []
            readOverview()
            if let topic = currentTopic { refresh(topic: topic) }
            readPageAnew()
        case .back:
            leave()
        case .quit: overlay = .quit
        case .suspend: effects.append(.suspend)
        case .upload: openUpload()
        case .task: beginTask()
        case .about: if let topic = currentTopic { openAbout(topic) }
        case .history:
            readHistory(of: page.topic)
        default: pressInPage(key, action)
        }
    }

    private mutating func pressInPage(_ key: Key, _ action: Action?) {
        switch page {
        case .home(var home):
            home.press(action, in: &self)
            replaceTop(.home(home), if: { if case .home = $0 { true } else { false } })
        case .topic(var topic):
            topic.press(key, action, in: &self)
            put(topic)
        case .writing(var writing):
            writing.press(key, action, in: &self)
            changeWriting(writing.number) { $0 = writing }
        case .comparison(var comparison):
            comparison.press(action, in: &self)
            replaceTop(.comparison(comparison), if: { if case .comparison = $0 { true } else { false } })
        case .approval(var approval):
            approval.press(key, action, in: &self)
            put(approval)
        case .reading(var reading):
            reading.press(action, in: &self)
            replaceTop(.reading(reading), if: { if case .reading = $0 { true } else { false } })
        case .plenary(var plenary):
            plenary.press(action, in: &self)
            replaceTop(.plenary(plenary), if: { if case .plenary = $0 { true } else { false } })
        case .review(var review):
            review.press(key, action, in: &self)
            changeReview(review.number) { $0 = review }
        case .search(var search):
            search.press(action, in: &self)
            replaceTop(.search(search), if: { if case .search = $0 { true } else { false } })
        }
    }

    /// Keeps a page's new state where the page still lies: what it did may have opened another above it.
    private mutating func replaceTop(_ page: Page, if isSame: (Page) -> Bool) {
        guard let index = pages.lastIndex(where: isSame) else { return }
        pages[index] = page
    }

    mutating func put(_ topic: TopicPage) {
        replaceTop(.topic(topic)) {
            // The page that evidence is chosen on is another one than the page below the form.
            if case .topic(let other) = $0 {
                other.topic == topic.topic && other.picksFor == topic.picksFor
            } else {
                false
            }
        }
    }

    mutating func put(_ approval: ApprovalPage) {
        replaceTop(.approval(approval)) {
            if case .approval(let other) = $0 { other.topic == approval.topic } else { false }
        }
    }

    // MARK: The mouse

    private mutating func point(_ mouse: Key.Mouse) {
        switch mouse.act {
        case .wheelUp: for _ in 0..<3 { pressInPage(Key(.up), .up) }
        case .wheelDown: for _ in 0..<3 { pressInPage(Key(.down), .down) }
        case .press:
            switch page {
            case .home(var home):
                home.point(row: mouse.row, in: &self)
                replaceTop(.home(home), if: { if case .home = $0 { true } else { false } })
            case .topic(var topic):
                topic.point(row: mouse.row, column: mouse.column, in: &self)
                put(topic)
            case .writing(var writing):
                writing.point(row: mouse.row, column: mouse.column, in: &self)
                changeWriting(writing.number) { $0 = writing }
            case .search(var search):
                search.point(row: mouse.row, in: &self)
                replaceTop(.search(search), if: { if case .search = $0 { true } else { false } })
            case .comparison, .approval, .reading, .plenary, .review: break
            }
        case .drag, .release: break
        }
    }
}
