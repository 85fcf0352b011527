import PhanbienCommands
import ReviewProtocol
import Terminal

extension Model {
    /// What waits for the person on a topic, in the order of the list.
    func tasks(of topic: String) -> [TaskRow] { library.tasks.filter { $0.topic == topic } }

    /// The task that the key for it would begin on this page; nil where there is none.
    var taskOfPage: TaskRow? {
        switch page {
        case .topic(let page) where page.picksFor == nil: task(on: page)
        case .reading(let page):
            // What lies over the first page, such as the list of people, is about no topic.
            topicPage().flatMap { below in
                guard page.topic == below.topic else { return nil }
                return page.review.flatMap { task(about: $0, of: below.topic) } ?? task(on: below)
            }
        case .home, .topic, .writing, .comparison, .approval, .plenary, .review, .search: nil
        }
    }

    /// The task that is meant on a topic's page: that of the comment that is read, the one that was chosen from the list,
    /// that of the comment beside the text, or else the first.
    private func task(on page: TopicPage) -> TaskRow? {
        let tasks = tasks(of: page.topic)
        let read = page.currentComment.flatMap { task(about: $0.id, of: page.topic) }
        if page.pane == .comments, let read { return read }
        let chosen = page.chosenTask.flatMap { chosen in
            tasks.first { $0.isSame(as: chosen) } ?? tasks.first { $0.act == chosen.act }
        }
        return chosen ?? read ?? tasks.first
    }

    private func task(about object: String, of topic: String) -> TaskRow? {
        tasks(of: topic).first { $0.object == object }
    }

    /// Begins what waits for the person: the page, the question or the confirmation that belongs to it.
    ///
    /// Nothing is done before they have written, chosen or confirmed something.
    mutating func beginTask() {
        guard let task = taskOfPage else {
            return tell(.news, "Chuyên đề này không có việc nào chờ bạn.", "Nothing waits for you on this topic.")
        }
        switch task.act {
        case "push": openUpload()
        case "approve": openApproval(task.topic)
        case "assess": openReview(of: task)
        case "attend": openRollCall()
        case "settle", "agree": goToComment(of: task)
        case "endorse":
            // Nobody vouches for a form unread.
            if case .reading(let reading) = page, reading.review == task.object { return choose(task) }
            if let review = task.object { readReview(review) }
        default: choose(task)
        }
    }

    /// What the person has to do here, told when they come from the list of their work.
    mutating func tellTask(_ task: TaskRow) {
        let act = word(.act, task.act)
        let words = text("Việc của bạn: \(act). Phím w: làm việc này.", "Your task: \(act). The key w begins it.")
        guard let reason = returnWords(task.topic) else { return tell(.news, words) }
        withTopicPage(task.topic) { page, _ in page.toldReturn = reason }
        tell(.trouble, reason + " " + words)
    }

    /// Opens the form of the office's review that a person is to file.
    mutating func openReview(of task: TaskRow) {
        guard let revision = library.topic(task.topic)?.revision, revision > 0 else { return }
        openReview(of: task.topic, revision: "\(task.topic)@\(revision)")
    }

    /// Shows a filed review.
    mutating func readReview(_ review: String) {
        read(.of("SHOW", review), title: text("Phiếu \(review)", "Review \(review)"))
    }

    private mutating func goToComment(of task: TaskRow) {
        guard let id = task.object else { return }
        withTopicPage(task.topic) { page, model in
            page.show(comment: id, in: &model)
            if task.act == "settle" { return page.press(Key(.escape), .settle, in: &model) }
            model.tell(
                .news, "Ý kiến \(id): y đồng ý · m giữ ý kiến · r trao đổi tiếp.",
                "\(id): y agree · m maintain · r reply.")
        }
    }

    private mutating func choose(_ task: TaskRow) {
        guard let form = Self.form(of: task.act) else {
            // Who is to be head is decided on paper; a later server may know other acts.
            return tell(
                .news, "Không có lệnh nào của bạn làm việc này: \(task.text).",
                "None of your commands does this: \(task.text).")
        }
        var values: [String: String] = [:]
        for operand in form.operands {
            switch operand.kind {
            case .topic: values[operand.name] = task.topic
            case .topicOrComment: values[operand.name] = task.object ?? task.topic
            case .term(.role), .term(.requirement), .person, .review: values[operand.name] = task.object
            case .word where operand.name == "object": values[operand.name] = task.object
            default: break
            }
        }
        // The person who is to be named is what is asked for.
        if task.act == "assign" { values["person"] = nil }
        choose(form, with: values, asksFirst: task.act != "assign")
    }

    /// The command that does what the server calls by this name.
    private static func form(of act: String) -> CommandForm? {
        let names = ["open": ["plenary", "open"], "close": ["plenary", "close"]]
        return CommandLineParser.form(named: names[act] ?? [act])
    }
}
