public import PhanbienCommands
import ReviewClient
public import ReviewProtocol
public import Terminal

/// The whole full-screen client as a value: what was read, what is being written, and what the window shows.
///
/// `update` takes one input and says what is to be done; `frame` draws. There is no clock, chance, socket or terminal
/// inside: the same inputs give the same screens.
public struct Model: Sendable {
    /// How the connection is.
    enum Connection: Sendable, Equatable {
        case online
        /// Lost, and why; it is being made again.
        case lost(String)
    }

    /// One line at the foot of the window.
    struct Notice: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            case done, news, trouble
            /// News until what it speaks of has come.
            case underWay
        }
        let kind: Kind
        let text: String
    }

    /// What a person is on the server.
    struct Me: Sendable, Equatable {
        var name = ""
        var office = ""
        var position = ""
    }

    /// How the client begins.
    public struct Configuration: Sendable {
        /// The account.
        public var person: String
        /// The server, as people write it.
        public var server: String
        /// The language of every word.
        public var language: Language
        /// The size of the window.
        public var size: TerminalSize
        /// Whether there are colours: otherwise changes are marked by signs.
        public var hasColour: Bool
        /// The day in Vietnam.
        public var today: CalendarDay
        /// What the keys of this run's writes begin with, at most 40 characters; another one for each run.
        public var keySeed: String
        /// Texts that were being written when the client was last left, by name.
        public var drafts: [String: String]
        /// The revision of each topic that this person last looked at.
        public var lastRevisions: [String: Int]
        /// Replies that were kept on this machine, by name.
        public var replies: [String: [UInt8]]
        /// Writes that were not answered when the client was last left, in their order.
        public var writes: [[UInt8]]
        /// Whether the session is logged in already.
        public var isOnline: Bool
        /// The folder in which this person's things are kept on this machine, as people read it.
        public var store: String
        /// Whether the pages are read out line by line: nothing is drawn then.
        public var isPlain: Bool
        /// What the person can sign an approval with.
        public var signer = Signer.none

        /// A configuration.
        public init(
            person: String, server: String, language: Language, size: TerminalSize, hasColour: Bool,
            today: CalendarDay, keySeed: String, drafts: [String: String] = [:], lastRevisions: [String: Int] = [:],
            replies: [String: [UInt8]] = [:], writes: [[UInt8]] = [], isOnline: Bool = true,
            isPlain: Bool = false, store: String = ""
        ) {
            self.person = person
            self.server = server
            self.language = language
            self.size = size
            self.hasColour = hasColour
            self.today = today
            self.keySeed = keySeed
            self.drafts = drafts
            self.lastRevisions = lastRevisions
            self.replies = replies
            self.writes = writes
            self.isOnline = isOnline
            self.isPlain = isPlain
            self.store = store
        }
    }

    let person: String
    let server: String
    let keySeed: String
    let hasColour: Bool
    let isPlain: Bool
    let store: String
    var signer: Signer
    var language: Language
    var size: TerminalSize
    var today: CalendarDay
    var drafts: [String: String]
    var lastRevisions: [String: Int]
    /// For each topic whose text was opened in this run: the revision that the person had looked at before, 0 for none.
    var formerRevisions: [String: Int] = [:]

    var me = Me()
    var connection = Connection.lost("")
    /// Something large that takes its time on the way.
    var transfer: Transfer?
    var library = Library()
    var notice: Notice?
    /// How many keys had been pressed when it was told.
    private var noticePress = 0
    /// Never empty: the first is the home page.
    var pages: [Page] = [.home(HomePage())]
    var overlay: Overlay?

    var pending: [RequestIdentifier: Purpose] = [:]
    /// Where the person was when they asked for what will come up as a question or a page.
    var spots: [RequestIdentifier: Spot] = [:]
    /// How many keys were pressed: whoever goes on typing no longer waits.
    var pressCount = 0
    /// What is to be asked once more as soon as the reply that is on its way has come.
    var again: [(purpose: Purpose, request: Request)] = []
    /// What was read of a topic's log before the stretch that is on its way.
    var historyBefore: [ReplyPart] = []
    /// The most octets that the server takes as a body.
    var largestBody = Limits().body
    /// The dossier whose files are on their way.
    var download: DossierDownload?
    /// Whether something could not be written on this machine.
    var isUnkept = false
    /// Writes without an answer, in the order in which they were made.
    var outbox: [PendingWrite] = []
    /// Held writes, by their keys, that the person wants to be asked about later: when they read anew, or with the next
    /// connection.
    var laidAside: Set<String> = []
    var requestCount: UInt64 = 0
    var keyCount = 0
    var pageCount = 0
    var effects: [Effect] = []

    /// Begins at the home page.
    public init(_ configuration: Configuration) {
        person = configuration.person
        server = configuration.server
        keySeed = configuration.keySeed
        hasColour = configuration.hasColour
        isPlain = configuration.isPlain
        store = configuration.store
        signer = configuration.signer
        language = configuration.language
        size = configuration.size
        today = configuration.today
        drafts = configuration.drafts
        lastRevisions = configuration.lastRevisions
        for (name, octets) in configuration.replies.sorted(by: { $0.key < $1.key }) {
            guard let purpose = Purpose(storedName: name), let reply = StoredReply.reply(octets) else { continue }
            take(reply, for: purpose)
        }
        outbox = configuration.writes.compactMap { StoredWrite.write($0) }
        connection = configuration.isOnline ? .online : .lost("")
        // What was kept may be outdated, and is no news.
        library.hasTasks = false
        notice = nil
        // Nothing is asked while the kept is read: a question that is never sent would stand in the way of the real one.
        effects = []
        pending = [:]
        again = []
        requestCount = 0
        for index in outbox.indices where outbox[index].isOfOtherLog {
            giveUp(at: index, .logChanged)
        }
    }

    /// Whether answers are on their way.
    public var awaitsAnswers: Bool { connection == .online && !pending.isEmpty }

    /// What the client asks for first.
    public mutating func start() -> [Effect] {
        effects.append(.watch)
        ask(.of("WHOAMI"), for: .whoami)
        ask(.of("PEOPLE"), for: .people)
        ask(.of("OFFICES"), for: .offices)
        readOverview()
        if connection == .online { flushOutbox() }
        return takeEffects()
    }

    /// Takes one input in, and gives what is to be done about it, in this order.
    public mutating func update(_ input: Input) -> [Effect] {
        switch input {
        case .keys(let keys):
            for key in keys {
                pressCount &+= 1
                press(key)
            }
        case .resized(let size):
            self.size = size
            effects.append(.repaint)
        case .reply(let identifier, let reply):
            guard let purpose = pending.removeValue(forKey: identifier) else { break }
            connection = .online
            if isExpected(identifier, purpose) { take(reply, for: purpose) }
            askAgain(after: purpose)
        case .refused(let identifier, let error):
            guard let purpose = pending.removeValue(forKey: identifier) else { break }
            spots[identifier] = nil
            if case .write(let key) = purpose { dropUnsendable(key) }
            if case .trial(let command) = purpose { endSending(command.page) }
            tell(.trouble, Self.describe(error))
        case .givenUp(let identifier, let reason):
            guard let purpose = pending.removeValue(forKey: identifier) else { break }
            spots[identifier] = nil
            again.removeAll { $0.purpose == purpose }
            giveUp(purpose, reason)
        case .transfer(let transfer): self.transfer = transfer
        case .heard(let happening): hear(happening)
        case .ready:
            connection = .online
            laidAside = []
            flushOutbox()
        case .day(let day):
            // A delegation is for certain days.
            if day != today, connection == .online { askAnew(.of("PEOPLE"), for: .people) }
            today = day
        case .edited(let text): takeEdited(text)
        case .notEdited(let failure):
            effects.append(.repaint)
            tell(failure)
        case .visited(let visit): take(visit)
        case .saved(.at(let path)): tell(.done, "Đã lưu: \(path)", "Saved: \(path)")
        case .saved(.failed(let reason)): tell(.trouble, reason.text(language))
        case .signed(let revision, let signed): take(signed, of: revision)
        case .notKept:
            isUnkept = true
            tell(
                .trouble, "KHÔNG ghi được vào máy này (\(store)): những gì chưa gửi sẽ mất khi thoát.",
                "NOTHING can be kept on this machine (\(store)): what was not sent is lost with the program.")
        }
        settle()
        return takeEffects()
    }

    private mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    /// Lets what is shown follow from what is known: texts that are missing are asked for, the cursor stays on the text.
    private mutating func settle() {
        for index in pages.indices {
            switch pages[index] {
            case .topic(var page):
                page.settle(in: &self)
                if index == pages.count - 1 { page.tellReturn(in: &self) }
                pages[index] = .topic(page)
            case .plenary(var page):
                page.settle(in: &self)
                pages[index] = .plenary(page)
            case .comparison(var page):
                page.settle(in: self)
                pages[index] = .comparison(page)
            case .reading(var page):
                page.settle(in: self)
                pages[index] = .reading(page)
            case .search(var page):
                page.settle(in: self)
                pages[index] = .search(page)
            // What is not on the screen is not read.
            case .approval(var page) where index == pages.count - 1 && overlay == nil:
                page.settle(in: self)
                pages[index] = .approval(page)
            case .home, .writing, .approval, .review: break
            }
        }
        offerHeld()
    }

    /// Whether the connection is lost.
    var isLost: Bool { if case .lost = connection { true } else { false } }

    // MARK: - Words

    func text(_ vietnamese: String, _ english: String) -> String {
        language == .vietnamese ? vietnamese : english
    }

    func word(_ domain: Vocabulary.Domain, _ identifier: String) -> String {
        Vocabulary.word(domain, identifier, language)
    }

    mutating func tell(_ kind: Notice.Kind, _ text: String) {
        notice = Notice(kind: kind, text: text)
        noticePress = pressCount
    }

    /// What others did is told, but not in the place of a trouble that stands there since the person pressed a key last:
    /// that text was not sent they have to read, however many are at work.
    mutating func tellNews(_ text: String) {
        // Line by line it was read out already.
        guard isPlain || notice?.kind != .trouble || noticePress != pressCount else { return }
        tell(.news, text)
    }

    mutating func tell(_ kind: Notice.Kind, _ vietnamese: String, _ english: String) {
        tell(kind, text(vietnamese, english))
    }

    mutating func tell(_ kind: Notice.Kind, _ sentence: Bilingual) { tell(kind, sentence.text(language)) }

    static func describe(_ error: EncodeError) -> Bilingual {
        switch error {
        case .text(let fault):
            Bilingual(
                "Có ký tự không cho phép (\(fault.found)) ở cột \(fault.column); hãy xóa nó rồi gửi lại",
                "A character that may not be sent (\(fault.found)) in column \(fault.column); delete it and send again")
        case .bodyTooBig:
            Bilingual("Nội dung quá lớn (tối đa 2 MiB)", "The text is too large (at most 2 MiB)")
        case .lineTooLong:
            Bilingual("Đoạn trích hoặc phần đề nghị sửa quá dài", "The quotation or suggestion is too long")
        case .tag, .verb, .key, .duplicateKey:
            Bilingual("Lệnh không đúng", "The request makes no sense")
        }
    }

    // MARK: - Pages

    /// The page on top.
    var page: Page {
        get { pages[pages.count - 1] }
        set { pages[pages.count - 1] = newValue }
    }

    mutating func open(_ page: Page) {
        notice = nil
        pages.append(page)
    }

    mutating func leave() {
        notice = nil
        if case .review(var review) = page, review.leavePreview() {
            page = .review(review)
            return
        }
        if pages.count > 1 { pages.removeLast() } else { overlay = .quit }
    }

    /// A number for a page that waits for a reply, so that it is found again.
    mutating func newPageNumber() -> Int {
        pageCount += 1
        return pageCount
    }

    /// The topic that the person is in.
    var currentTopic: String? {
        for page in pages.reversed() {
            if let topic = page.topic { return topic }
        }
        if case .home(let home) = page { return home.selectedTopic(in: self) }
        return nil
    }
}

/// What fills the window.
enum Page: Sendable {
    case home(HomePage)
    case topic(TopicPage)
    case writing(WritingPage)
    case comparison(ComparisonPage)
    case approval(ApprovalPage)
    case reading(ReadingPage)
    case plenary(PlenaryPage)
    case review(ReviewPage)
    case search(SearchPage)

    var isTopic: Bool { if case .topic = self { true } else { false } }

    var topic: String? {
        switch self {
        case .home: nil
        case .topic(let page): page.topic
        case .writing(let page): page.topic
        case .comparison(let page): page.topic
        case .approval(let page): page.topic
        case .reading(let page): page.topic
        case .plenary(let page): page.topic
        case .review(let page): page.topic
        case .search(let page): page.topic
        }
    }
}
