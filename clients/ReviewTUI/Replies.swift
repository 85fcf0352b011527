import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

extension Model {
    /// Takes the reply to one of our requests in.
    mutating func take(_ reply: Reply, for purpose: Purpose) {
        switch purpose {
        case .write(let key): return takeWritten(reply, key)
        case .trial(let command): return takeTrial(reply, command)
        default: break
        }
        guard reply.status.isOK else { return takeRefusal(reply, for: purpose) }
        if let name = purpose.storedName { effects.append(.keepReply(name, StoredReply.octets(reply))) }
        switch purpose {
        case .whoami:
            me = Me(name: reply["name"] ?? person, office: reply["office"] ?? "", position: reply["position"] ?? "")
        case .people: library.take(people: reply)
        case .offices: library.offices = names(reply, "office")
        case .topics:
            let topics = reply.rows.compactMap { TopicRow($0) }
            changeLists { $0.topics = topics }
            // The line of the year shows every topic's milestones.
            for topic in library.topics.prefix(Self.mostDetails) where library.details[topic.id] == nil {
                askOnce(.of("SHOW", topic.id), for: .topic(topic.id))
            }
        case .tasks: takeTasks(reply.rows.compactMap { TaskRow($0) })
        case .topic(let id):
            library.details[id] = reply
            release(topic: id)
        case .comments(let id): library.comments[id] = reply.rows.compactMap { CommentRow($0) }
        case .formerComments(let topic, let revision):
            library.formerComments["\(topic)@\(revision)"] = reply.rows.compactMap { CommentRow($0) }
        case .thread(let id): library.threads[id] = CommentThread(reply)
        case .check(let id): library.checks[id] = reply.rows.compactMap { RequirementRow($0) }
        case .text(let revision):
            for gone in library.keep(RevisionText(reply), as: revision) { effects.append(.forgetReply("text-" + gone)) }
        case .command(let request, let title): show(reply, title: title, request)
        case .reread(let number): take(reply, readAnewFor: number)
        case .wordFile(let name): effects.append(.save(name: name, octets: reply.text))
        case .calendar: saveCalendar(reply)
        case .dossier(let topic): take(dossier: reply, of: topic)
        case .dossierFile: take(file: reply)
        case .originalOf(let object): take(details: reply, forOriginalOf: object)
        case .original(let download): take(reply, as: download)
        case .limits: largestBody = CommandRunner.largestBody(reply)
        case .manifest(let revision): take(manifest: reply, of: revision)
        case .places(let comment, let topic, let revision): take(reply, of: comment, in: topic, revision)
        case .search(let words):
            open(.search(SearchPage(number: newPageNumber(), words: words, topic: currentTopic, reply: reply)))
        case .history(let topic, let after, let page): takeHistory(reply, topic: topic, after: after, page: page)
        case .blank(let number):
            let drafts = drafts
            changeReview(number) {
                $0.take(blank: String(decoding: reply.text, as: UTF8.self), kept: drafts[$0.draft])
            }
        case .write, .trial: break
        }
    }

    /// Topics whose milestones are read at the start.
    private static let mostDetails = 60

    /// Takes what waits for the person; something new rings the bell.
    private mutating func takeTasks(_ tasks: [TaskRow]) {
        let new = tasks.filter { task in !library.tasks.contains { $0.isSame(as: task) } }
        if library.hasTasks, let first = new.first {
            let object = library.object(of: first, language)
            let more = new.count > 1 ? text(" và \(new.count - 1) việc khác", " and \(new.count - 1) more") : ""
            effects.append(.ring("\(first.topic): \(word(.act, first.act))\(object)\(more)"))
        }
        changeLists {
            $0.tasks = tasks
            $0.hasTasks = true
        }
    }

    /// Changes what the first page lists; whoever has selected something there keeps it selected.
    private mutating func changeLists(_ change: (inout Library) -> Void) {
        guard case .home(var home) = pages.first else { return change(&library) }
        let item = home.item(in: library)
        change(&library)
        home.keep(to: item, in: library)
        pages[0] = .home(home)
    }

    private func names(_ reply: Reply, _ word: String) -> [String: String] {
        var names: [String: String] = [:]
        for row in reply.rows where row.word == word {
            if let id = row["id"], let name = row["name"], !name.isEmpty { names[id] = name }
        }
        return names
    }

    // MARK: Refusals

    private mutating func takeRefusal(_ reply: Reply, for purpose: Purpose) {
        switch purpose {
        case .command(_, let title): showRefusal(reply, title: title)
        // Nobody presses a key for what the server could only not give just now.
        case .text(let name) where isForLater(reply): ask(.of("SHOW", name), for: purpose, after: Self.pause(of: reply))
        case .thread(let name) where isForLater(reply):
            ask(.of("THREAD", name), for: purpose, after: Self.pause(of: reply))
        case .text(let name), .thread(let name):
            library.refused[name] = reply.status.code == "" ? sentence(of: reply) : ""
        case .formerComments(let topic, let revision): library.refused["comments-\(topic)@\(revision)"] = ""
        // What may not be read at this stage is not shown; the page says what it has instead.
        case .comments, .check: break
        case .manifest(let revision):
            changeApproval(revision) { $0.isSigning = false }
            showRefusal(reply, title: text("Chưa phê duyệt được", "Not approved"))
        case .topic(let id):
            tell(.trouble, sentence(of: reply))
            hold(topic: id, reply)
        default: tell(.trouble, sentence(of: reply))
        }
    }

    /// A refusal in one line.
    func sentence(of reply: Reply) -> String {
        let human = reply.status.human ?? ""
        return human.isEmpty
            ? text("Máy chủ từ chối: ", "The server refused: ") + (reply.status.code ?? "")
            : spoken(human)
    }

    /// A sentence of the server without its verbs and keys.
    func spoken(_ human: String) -> String { ServerWording.spoken(human, to: .fullScreen(language)) }

    /// A refusal with everything that it says: what is missing, why, and whose turn it is.
    mutating func showRefusal(_ reply: Reply, title: String) {
        guard !reply.rows.isEmpty else { return tell(.trouble, sentence(of: reply)) }
        openReading(title: title, .refusal(reply), topic: currentTopic)
    }

    // MARK: Writes

    private mutating func takeWritten(_ reply: Reply, _ key: String) {
        guard let index = outbox.firstIndex(where: { $0.key == key }) else { return }
        if isForLater(reply), !isOpen(outbox[index].page) {
            // Where its page is still open the person has the text before them, may change it, and sends it again.
            return putOff(at: index, reply)
        }
        let write = outbox.remove(at: index)
        // It goes before what was said about the topic meanwhile, and is kept before its first half is forgotten.
        if reply.status.isOK, let half = write.half { follow(half, reply, at: index) }
        effects.append(.forgetWrite(key))
        // What was said about the same topic afterwards follows.
        flushOutbox()
        if write.isApproval, let topic = write.topic { return takeApproval(reply, topic, write.request) }
        guard reply.status.isOK else {
            if let half = write.half { return takeRefusal(of: half, reply, topic: write.topic) }
            // On a writing page the text stays where it is; the reason stands below it.
            if isOpen(write.page) {
                endSending(write.page)
                return tell(.trouble, sentence(of: reply))
            }
            // Its page was left, but not its text.
            if let draft = write.draft, drafts[draft] != nil, reply.rows.isEmpty {
                let rest = text(
                    " Nội dung còn trong bản nháp: mở lại chỗ viết để sửa rồi gửi.",
                    " The text is kept as a draft: open the place again, change it, and send it.")
                return tell(.trouble, sentence(of: reply) + rest)
            }
            return showRefusal(reply, title: text("Chưa thực hiện được", "Not done"))
        }
        if let draft = write.draft {
            dropDraft(draft)
            dropDraft(DraftName.choices(of: draft))
        }
        if let page = write.page { closeWriting(page) }
        switch write.half {
        case .original(let revision) where !write.isKept(by: reply): return tellNotKept(revision, nil)
        // Nobody knows which revision its file belongs to.
        case .text where reply["revision"] == nil: return tellNotKept(write.topic ?? "?", nil)
        default: break
        }
        tell(.done, sentenceOfDone(reply, of: write.half))
        readAgain(after: reply)
    }

    func isForLater(_ reply: Reply) -> Bool {
        if case .no(let code) = reply.status.outcome { NoCode(rawValue: code)?.retry == .later } else { false }
    }

    /// A write that cannot be put into the protocol's words goes out of the outbox; its text stays on its page.
    mutating func dropUnsendable(_ key: String) {
        guard let index = outbox.firstIndex(where: { $0.key == key }) else { return }
        endSending(outbox.remove(at: index).page)
        effects.append(.forgetWrite(key))
        flushOutbox()
    }

    private func sentenceOfDone(_ reply: Reply, of half: ActHalf? = nil) -> String {
        let human = reply.status.human ?? ""
        if case .settlement(let revision) = half {
            return text("Đã áp dụng đề nghị sửa: bản \(revision). ", "The suggestion is applied: \(revision). ")
                + spoken(human)
        }
        if case .original(let revision) = half {
            let size = FileSize.words(reply["bytes"].flatMap { Int($0) } ?? 0)
            return text(
                "Đã gửi bản \(revision), lưu kèm tệp Word gốc: \(reply["name"] ?? "") (\(size)).",
                "\(revision) was sent, its Word file is kept with it: \(reply["name"] ?? "") (\(size)).")
        }
        if let code = reply["code"] { return text("Mã mời: \(code). ", "Invitation code: \(code). ") + spoken(human) }
        return human.isEmpty ? text("Đã ghi.", "Done.") : spoken(human)
    }

    /// What a write of our own has changed is read at once; the event may come a moment later.
    private mutating func readAgain(after reply: Reply) {
        readOverview()
        guard let topic = reply["topic"] ?? currentTopic else { return }
        refresh(topic: topic, comment: reply["id"])
    }

    private mutating func takeTrial(_ reply: Reply, _ command: PreparedCommand) {
        // Whoever left the page of its text has thought better of it; the text is still a draft.
        if let page = command.page, !isOpen(page) { return }
        if !reply.status.isOK { endSending(command.page) }
        guard reply.status.isOK else { return showRefusal(reply, title: command.name) }
        if command.first != nil {
            var rest = command
            rest.first = nil
            _ = tryOut(rest)
            return
        }
        if notice?.kind == .underWay { notice = nil }
        overlay = .confirm(Confirmation(command: command, words: sentence(of: reply)))
    }

    /// A writing page may be used again: its text was not taken.
    mutating func endSending(_ number: Int?) {
        guard let number else { return }
        changeWriting(number) { $0.isSending = false }
        changeReview(number) { $0.isSending = false }
    }

    private func isOpen(_ number: Int?) -> Bool {
        pages.contains { page in
            switch page {
            case .writing(let writing): writing.number == number
            case .review(let review): review.number == number
            case .home, .topic, .comparison, .approval, .reading, .plenary, .search: false
            }
        }
    }

    mutating func closeWriting(_ number: Int) {
        pages.removeAll { page in
            switch page {
            case .writing(let writing): writing.number == number
            case .review(let review): review.number == number
            case .home, .topic, .comparison, .approval, .reading, .plenary, .search: false
            }
        }
    }

    mutating func changeWriting(_ number: Int, _ change: (inout WritingPage) -> Void) {
        for index in pages.indices {
            guard case .writing(var page) = pages[index], page.number == number else { continue }
            change(&page)
            pages[index] = .writing(page)
        }
    }

    /// The connection broke while texts were on their way: they are sent again by themselves, so nobody has to wait on
    /// their pages.
    private mutating func leaveSending() {
        let left = outbox.compactMap(\.page).filter { isOpen($0) }
        guard !left.isEmpty else { return }
        for page in left { closeWriting(page) }
        tellKept()
    }

    // MARK: Events

    mutating func hear(_ happening: Happening) {
        switch happening {
        case .event(let event): hear(event)
        case .synchronised: connection = .online
        case .note(.reconnecting(let reason, _)):
            connection = .lost(reason)
            leaveSending()
            dropTrials()
        case .note(.resumed): connection = .online
        case .note(.server(_, _, let human)): if !human.isEmpty { tell(.news, spoken(human)) }
        case .note(.watchRefused(let status)): tell(.trouble, spoken(status.human ?? status.code ?? ""))
        case .note(.certificateRefused):
            signer = .unusable(Signer.refused)
            tell(.trouble, CertificateWords.refused)
        case .note(.gap): readAllAnew()
        case .note(.logChanged(let former, _)):
            if former != nil {
                holdWrites()
                // The number of a revision that was seen may stand for a text that nobody has.
                (lastRevisions, formerRevisions) = ([:], [:])
            }
            // A number may stand for another text now: nothing of what was read is shown or compared any more.
            library.forgetTexts()
            library.comments = [:]
            library.refused = [:]
            effects.append(.forgetReplies)
            leaveTexts()
            readAllAnew()
        }
    }

    private mutating func leaveTexts() {
        // An approval or a comparison is about a text that may not exist.
        pages.removeAll { page in
            switch page {
            case .comparison, .approval: true
            case .home, .topic, .writing, .reading, .plenary, .review, .search: false
            }
        }
        for index in pages.indices {
            guard case .topic(var topic) = pages[index] else { continue }
            topic.forgetText()
            pages[index] = .topic(topic)
        }
    }

    /// Whatever was read may be outdated.
    private mutating func readAllAnew() {
        library.details = [:]
        library.threads = [:]
        library.checks = [:]
        library.formerComments = [:]
        for case .reading(let page) in pages where page.request != nil {
            changeReading(page.number) { $0.isOutdated = true }
        }
        readOverview()
        guard let topic = currentTopic else { return }
        readTopic(topic)
    }

    private mutating func hear(_ event: EventLine) {
        connection = .online
        readOverview()
        if event.type.hasPrefix("PERSON.") || event.type == "DELEGATION.GIVEN" { askAnew(.of("PEOPLE"), for: .people) }
        if event.type.hasPrefix("OFFICE.") { askOnce(.of("OFFICES"), for: .offices) }
        markOutdated(event.value("topic"))
        guard let topic = event.value("topic") else { return }
        refresh(topic: topic, comment: event.type.hasPrefix("COMMENT.") ? event.value("id") : nil)
        guard event.value("by") != person else { return }
        let words = sentence(of: event)
        if event.type.hasPrefix("COMMENT."), let id = event.value("id"), tellWriters(of: id, words) { return }
        // It follows a revision at once, which is the news.
        if event.type == "ORIGINAL.ATTACHED" { return }
        if !isWriting { tellNews("\(topic): " + words) }
    }

    /// An event in words, with the names of people and offices.
    func sentence(of event: EventLine) -> String { EventSentence.text(library.directory.naming(event), language) }

    /// Whether a text is being written: then news stay out of the way.
    var isWriting: Bool {
        switch page {
        case .writing, .review: true
        case .home, .topic, .comparison, .approval, .reading, .plenary, .search: false
        }
    }

    /// Reads anew what is known of a topic.
    ///
    /// What is on the screen stays there until the new is there.
    mutating func refresh(topic: String, comment: String? = nil) {
        library.refused = [:]
        if library.details[topic] != nil { askAnew(.of("SHOW", topic), for: .topic(topic)) }
        if library.comments[topic] != nil { askAnew(.of("COMMENTS", topic), for: .comments(topic)) }
        // Of revisions that no page shows they are read when one does.
        let shown = pages.compactMap { if case .topic(let page) = $0, page.topic == topic { page } else { nil } }
        let names = Set(shown.compactMap(\.revisionName))
        library.formerComments = library.formerComments.filter { name, _ in
            !name.hasPrefix(topic + "@") || names.contains(name)
        }
        for page in shown { readFormerComments(of: page, anew: true) }
        if library.checks[topic] != nil { askAnew(.of("CHECK", topic), for: .check(topic)) }
        if let comment, library.threads[comment] != nil {
            askAnew(.of("THREAD", comment), for: .thread(comment))
        }
    }

    // MARK: What is to be read

    private mutating func show(_ reply: Reply, title: String, _ request: Request) {
        if reply["encoding"] != nil { return saveFetched(reply) }
        guard !reply.parts.isEmpty else {
            tell(.done, sentenceOfDone(reply))
            return
        }
        openReading(title: title, .reply(reply), topic: currentTopic, request: request)
    }

    mutating func openReading(
        title: String, _ content: ReadingPage.Content, topic: String?, request: Request? = nil
    ) {
        open(
            .reading(
                ReadingPage(number: newPageNumber(), title: title, content: content, topic: topic, request: request)))
    }

    private mutating func take(_ reply: Reply, readAnewFor number: Int) {
        changeReading(number) { $0.take(reply) }
        for index in pages.indices {
            guard case .search(var page) = pages[index], page.number == number else { continue }
            page.take(reply)
            pages[index] = .search(page)
        }
    }

    private mutating func changeReading(_ number: Int, _ change: (inout ReadingPage) -> Void) {
        for index in pages.indices {
            guard case .reading(var page) = pages[index], page.number == number else { continue }
            change(&page)
            pages[index] = .reading(page)
        }
    }

    /// Something happened to a topic, or to none: what is read of it says so, since nobody reads on lines that move.
    private mutating func markOutdated(_ topic: String?) {
        for case .reading(let page) in pages where page.request != nil && (page.topic == nil || page.topic == topic) {
            changeReading(page.number) { $0.isOutdated = true }
        }
    }

    /// Its lines are for programs: it is a file at once.
    private mutating func saveCalendar(_ reply: Reply) {
        guard reply.hasText else { return tell(.news, sentenceOfDone(reply)) }
        effects.append(.save(name: "chuyen-de.ics", octets: CommandRunner.calendarFile(reply)))
    }

    /// The dossier's list came: its files are fetched, and saved together.
    private mutating func take(dossier reply: Reply, of topic: String) {
        do throws(CommandFailure) { continueDownload(try DossierDownload(reply, of: topic)) } catch { tell(error) }
    }

    /// What went wrong, and what to do.
    mutating func tell(_ failure: CommandFailure) {
        tell(
            .trouble,
            ([failure.message] + [failure.next].compactMap { $0 }).map { $0.text(language) }.joined(separator: " "))
    }

    /// Whether a dossier is on its way: its list, or one of its files.
    var isDownloading: Bool {
        pending.values.contains { purpose in
            switch purpose {
            case .dossier, .dossierFile: true
            default: false
            }
        }
    }

    private mutating func take(file reply: Reply) {
        guard var download else { return }
        self.download = nil
        do throws(CommandFailure) {
            try download.take(reply)
            continueDownload(download)
        } catch {
            tell(error)
        }
    }

    private mutating func continueDownload(_ download: DossierDownload) {
        if let request = download.next {
            self.download = download
            return ask(request, for: .dossierFile)
        }
        effects.append(.saveFolder(name: download.folderName, files: download.files))
    }

    /// Events of the log that are read at a time; the server gives at most 1,000.
    private static let stretch = 500

    /// Reads the end of the log: where it ends is asked first.
    ///
    /// - Parameter page: where it is read already.
    mutating func readHistory(of topic: String?, page: Int? = nil) {
        ask(Self.log(topic, after: nil, limit: 1), for: .history(topic: topic, after: nil, page: page))
    }

    private static func log(_ topic: String?, after: Int?, limit: Int) -> Request {
        var request = Request.of("LOG")
        if let topic { request.arguments.append(Argument(value: topic)) }
        return request.adding("after", after.map { String($0) }).adding("limit", String(limit))
    }

    private mutating func takeHistory(_ reply: Reply, topic: String?, after: Int?, page: Int?) {
        guard let after else {
            // A topic's events lie scattered in the log: all of them are read. Of everybody's only the last ones.
            let tail = reply["tail"].flatMap { Int($0) } ?? 0
            let start = topic == nil && tail > Self.stretch ? tail - Self.stretch : 0
            historyBefore = []
            ask(
                Self.log(topic, after: start, limit: topic == nil ? Self.stretch : 1_000),
                for: .history(topic: topic, after: start, page: page))
            return
        }
        var reply = reply
        reply.parts = historyBefore.suffix(10_000) + reply.parts
        if reply["more"] == "yes", let next = reply["next"].flatMap({ Int($0) }), next > after {
            historyBefore = reply.parts
            ask(Self.log(topic, after: next, limit: 1_000), for: .history(topic: topic, after: next, page: page))
            return
        }
        historyBefore = []
        let title = topic.map { text("Nhật ký chuyên đề \($0)", "Log of \($0)") } ?? text("Nhật ký", "The log")
        let isShortened = topic == nil && after > 0
        // The number comes from the server, so it may be the largest there is.
        let first = after &+ 1
        let range = isShortened ? text(" – từ sự kiện \(first)", " – from event \(first)") : ""
        if let page { return changeReading(page) { $0.take(reply, title: title + range) } }
        openReading(title: title + range, .reply(reply), topic: topic, request: Self.log(topic, after: nil, limit: 1))
    }
}
