import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewProtocol
import Terminal

/// One topic: its text with the comments in the margin, and beside it what was said about the paragraph under the cursor.
struct TopicPage: Sendable {
    /// Which part takes the keys.
    enum Pane: Sendable { case text, comments }

    let topic: String
    /// The revision that is shown; nil until the newest is known.
    var revision: Int?
    var pane = Pane.text
    /// The block under the cursor.
    var block = 0
    /// The first row that shows.
    var top = 0
    /// The comment that is selected among those of the block.
    var comment = 0
    /// The first line of the comments that shows.
    var commentTop = 0
    /// The words that are selected to be quoted.
    var words: WordSelection?
    var layout: TextLayout?
    /// The review page that a paragraph is being chosen for as evidence.
    var picksFor: Int?
    /// The task with which the person came here from the list of their work.
    var chosenTask: TaskRow?
    /// Why the topic was returned, as it was told last.
    var toldReturn: String?
    /// The text that `layout` was made of.
    private var laidOut = ""
    /// The comment to go to as soon as the text is there.
    private var wanted: String?
    /// The comments of each block, by place; made anew when the comments change.
    private(set) var commentsByBlock: [Int: [CommentRow]] = [:]
    private var placed: [CommentRow] = []

    /// The paragraph to go to as soon as the text is there.
    private var wantedPassage: FoundPassage?

    init(topic: String, comment: String? = nil, passage: FoundPassage? = nil) {
        self.topic = topic
        wanted = comment
        wantedPassage = passage
    }

    /// Lets the text go: its number may stand for another one now.
    mutating func forgetText() {
        revision = nil
        layout = nil
        laidOut = ""
    }

    var revisionName: String? { revision.map { "\(topic)@\($0)" } }

    // MARK: Following what is known

    /// Asks for what is missing, and lays out what has come.
    mutating func settle(in model: inout Model) {
        guard let row = model.library.topic(topic) else { return }
        if revision == nil, row.revision > 0 { revision = row.revision }
        guard let name = revisionName else { return }
        guard let text = model.library.texts[name] else {
            return model.readText(name)
        }
        let width = Self.textWidth(model.size)
        if layout?.width != width || laidOut != name {
            let anchor = layout.map { $0.blocks[block].anchor }
            let new = TextLayout(text.document, width: width)
            layout = new
            laidOut = name
            placed = []
            block = anchor.map { new.place(of: $0) } ?? min(1, new.blocks.count - 1)
            commentsByBlock = [:]
        }
        model.readFormerComments(of: self)
        place(model.library.comments(on: self))
        if let id = wanted, goTo(comment: id) { wanted = nil }
        if let passage = wantedPassage, let layout {
            wantedPassage = nil
            if let place = passage.place(in: layout) { moveTo(place) }
        }
        clamp(in: model)
        readThreads(in: &model)
        if model.lastRevisions[topic] != revision, let revision {
            model.formerRevisions[topic] = model.lastRevisions[topic] ?? 0
            model.lastRevisions[topic] = revision
            model.effects.append(.remember(topic: topic, revision: revision))
        }
    }

    private mutating func place(_ comments: [CommentRow]) {
        guard let layout, comments != placed || commentsByBlock.isEmpty else { return }
        placed = comments
        let selected = currentComments.indices.contains(comment) ? currentComments[comment].id : nil
        commentsByBlock = Dictionary(grouping: comments) { layout.place(of: $0.place) }
        if let selected, let place = currentComments.firstIndex(where: { $0.id == selected }) { comment = place }
    }

    private mutating func goTo(comment id: String) -> Bool {
        for (place, comments) in commentsByBlock {
            guard let index = comments.firstIndex(where: { $0.id == id }) else { continue }
            block = place
            comment = index
            pane = .comments
            return true
        }
        return false
    }

    /// Goes to a comment, now or as soon as it is there.
    mutating func show(comment id: String, in model: inout Model) {
        wanted = goTo(comment: id) ? nil : id
        clamp(in: model)
    }

    /// Selects a comment of the current block.
    mutating func select(comment id: String) {
        if let index = currentComments.firstIndex(where: { $0.id == id }) { comment = index }
    }

    private mutating func clamp(in model: Model) {
        guard let layout else { return }
        block = min(max(block, 0), layout.blocks.count - 1)
        comment = min(max(comment, 0), max(currentComments.count - 1, 0))
        if commentTop > 0 { commentTop = min(commentTop, lastCommentTop(model)) }
        let height = Self.textHeight(model.size)
        top = min(max(top, 0), max(layout.rows.count - height, 0))
        let rows = layout.rows(of: block)
        if rows.upperBound > top + height, rows.count <= height { top = rows.upperBound - height }
        if rows.lowerBound < top, rows.count <= height { top = max(rows.lowerBound - 1, 0) }
        if rows.count > height { top = min(max(top, rows.lowerBound), rows.upperBound - height) }
    }

    private func readThreads(in model: inout Model) {
        // Around the selected one, so that there is always more to read than shows.
        for comment in currentComments.dropFirst(max(comment - 10, 0)).prefix(30) { model.readThread(comment.id) }
    }

    /// The comments of the block under the cursor.
    var currentComments: [CommentRow] { commentsByBlock[block] ?? [] }
    var currentComment: CommentRow? {
        currentComments.indices.contains(comment) ? currentComments[comment] : nil
    }
    /// Whether there is something to read beside the block: its comments, or what was said about the whole topic.
    private func hasSomethingBeside(_ model: Model) -> Bool {
        !currentComments.isEmpty
            || block == 0 && !model.remarkLines(on: topic, width: Self.textWidth(model.size)).isEmpty
    }
    var currentBlock: TextLayout.Block? { layout.map { $0.blocks[block] } }

    // MARK: Keys

    mutating func press(_ key: Key, _ action: Action?, in model: inout Model) {
        if let review = picksFor {
            if key.code == .enter { return pick(for: review, in: &model) }
            // Only the ways through the text are open: nobody comments by mistake while choosing evidence.
            if let action, !Self.ways.contains(action) {
                return model.tell(
                    .news, "Đang chọn minh chứng: Enter lấy đoạn này, Esc thôi.",
                    "Choosing evidence: Enter takes this paragraph, Esc leaves it.")
            }
        }
        if words != nil, pressInWords(key, action, in: &model) { return }
        if let action, let reason = reasonAgainst(action, model) { return model.tell(.trouble, reason) }
        // A notice of several lines stands over the last ones of what is read below or beside the text.
        if pane == .comments, let action, [.up, .down, .pageUp, .pageDown].contains(action) { model.notice = nil }
        switch action {
        case .switchPane:
            let isSomethingThere = hasSomethingBeside(model)
            if pane == .text, !isSomethingThere {
                model.tell(.news, "Đoạn này chưa có ý kiến.", "There is no comment on this paragraph.")
            }
            pane = pane == .text && isSomethingThere ? .comments : .text
        case .up: move(-1, model)
        case .down: move(1, model)
        case .pageUp: page(-1, model)
        case .pageDown: page(1, model)
        case .top: moveTo(0)
        case .bottom: moveTo((layout?.blocks.count ?? 1) - 1)
        case .nextComment: seekParagraph(1)
        case .previousComment: seekParagraph(-1)
        case .nextOpen: seekOpen(1, in: &model)
        case .previousOpen: seekOpen(-1, in: &model)
        case .nextSection: section(1)
        case .previousSection: section(-1)
        case .contents: model.overlay = layout.map { .contents(Contents($0, current: block)) }
        case .newest: showNewest(in: &model)
        case .words: beginWords(in: &model)
        case .comment: writeComment(in: &model)
        case .reply: write(.answer, in: &model)
        case .settle: write(.settle, in: &model)
        case .apply: apply(in: &model)
        case .maintain: write(.maintain, in: &model)
        case .withdraw: write(.withdraw, in: &model)
        case .agree:
            guard let comment = require(in: &model) else { return }
            model.write(.of("AGREE", comment.id))
        case .compare: compare(in: &model)
        case .answers: showAnswers(in: &model)
        case .requirements:
            model.read(.of("CHECK", topic), title: model.text("Điều kiện phê duyệt \(topic)", "Requirements"))
        case .review: writeReview(in: &model)
        case .approve: model.openApproval(topic)
        case .projector: model.open(.plenary(PlenaryPage(topic: topic)))
        default: break
        }
        clamp(in: model)
    }

    /// Why an act makes no sense here: nobody should write what the server can only refuse, or press keys that do nothing.
    func reasonAgainst(_ action: Action, _ model: Model) -> Bilingual? {
        let row = model.library.topic(topic)
        if Self.acts.contains(action), let row, row.isFinished { return Self.readOnly(row) }
        if layout == nil, Self.acts.union(Self.ways).union([.switchPane, .words, .compare]).contains(action) {
            return row?.revision == 0
                ? Bilingual("Chưa có bản dự thảo nào.", "There is no revision yet.")
                : Bilingual("Chưa có văn bản để xem.", "There is no text to look at yet.")
        }
        switch action {
        case .comment: return row.flatMap { Self.reasonAgainstCommenting($0, model.me) }
        case .apply: return row.flatMap { reasonAgainstApplying($0, model) }
        case .approve: return model.reasonAgainstApproving
        default: return nil
        }
    }

    private static func readOnly(_ row: TopicRow) -> Bilingual {
        let stage = Bilingual(
            Vocabulary.word(.stage, row.stage, .vietnamese), Vocabulary.word(.stage, row.stage, .english))
        return Bilingual(
            "Chuyên đề ở bước “\(stage.vietnamese)”: chỉ đọc, không góp ý thêm.",
            "The topic is \(stage.english): it can be read, not commented on.")
    }

    /// Who may comment when (docs/protocol.md, decision 30); while the person's office is not known yet, the server judges.
    private static func reasonAgainstCommenting(_ row: TopicRow, _ me: Model.Me) -> Bilingual? {
        if row.row["postponed"] == "yes" {
            return Bilingual(
                "Chuyên đề đang tạm hoãn: chưa góp ý được.", "The topic is postponed: there are no comments meanwhile.")
        }
        // The clerk keys in what others say.
        let isHeard = me.position.isEmpty || ["director", "deputy", "clerk"].contains(me.position)
        switch Stage(rawValue: row.stage) {
        case .leadership:
            return isHeard
                ? nil
                : Bilingual(
                    "Ở bước này chỉ Ban lãnh đạo góp ý; bạn góp ý từ bước sinh hoạt chuyên đề.",
                    "At this stage only leadership comments; you do from the plenary on.")
        case .review, .revision:
            guard !isHeard, me.office != row.row["review"] else { return nil }
            return Bilingual(
                "Ở bước này chỉ phòng phản biện và Ban lãnh đạo góp ý; bạn góp ý từ bước sinh hoạt chuyên đề.",
                "At this stage only the review office and leadership comment; you do from the plenary on.")
        case .plenary, .finishing, nil: return nil
        case .assigned, .drafting, .approval, .approved, .issued, .cancelled: return readOnly(row)
        }
    }

    /// What adds to what was said about the topic.
    private static let acts: Set<Action> = [.comment, .reply, .settle, .apply, .agree, .maintain, .withdraw, .review]

    /// Only the changes that the authors declared to answer the selected comment (specification, DIFF for=).
    private func showAnswers(in model: inout Model) {
        guard let comment = require(in: &model) else { return }
        guard let made = comment.row["revision"].flatMap({ Int($0) }), let revision, made < revision else {
            return model.tell(
                .news, "Từ khi có ý kiến \(comment.id) chưa có bản mới.",
                "There is no newer revision than the one \(comment.id) was made on.")
        }
        model.read(
            Request.of("DIFF", topic).adding("from", "@\(made)").adding("to", "@\(revision)").adding("for", comment.id),
            title: model.text("Phần sửa để trả lời \(comment.id)", "Changes that answer \(comment.id)"))
    }

    private mutating func move(_ step: Int, _ model: Model) {
        if pane == .comments {
            let next = comment + step
            if currentComments.indices.contains(next) {
                comment = next
                commentTop = 0
            } else {
                commentTop = max(commentTop + step, 0)
            }
            return
        }
        guard let layout else { return }
        // A paragraph longer than the window is read row by row before the next one is reached.
        let height = Self.textHeight(model.size)
        let rows = layout.rows(of: block)
        if rows.count > height {
            let next = top + step
            if next >= rows.lowerBound, next + height <= rows.upperBound {
                top = next
                return
            }
        }
        moveTo(block + step)
        if step < 0, layout.rows(of: block).count > height { top = layout.rows(of: block).upperBound - height }
    }

    private mutating func page(_ step: Int, _ model: Model) {
        if pane == .comments {
            commentTop = max(min(commentTop + step * 5, lastCommentTop(model)), 0)
            return
        }
        guard let layout else { return }
        let height = Self.textHeight(model.size)
        let last = max(layout.rows.count - height, 0)
        let target = min(max(top + step * (height - 1), 0), last)
        if target == top { return moveTo(step < 0 ? 0 : layout.blocks.count - 1) }
        top = target
        // The cursor goes along: to the first block that begins in the window.
        let row = min(step < 0 ? target : target + (target == last ? height - 1 : 1), layout.rows.count - 1)
        moveTo(layout.rows[row].block)
    }

    mutating func moveTo(_ place: Int) {
        guard let layout else { return }
        let target = min(max(place, 0), layout.blocks.count - 1)
        if target != block {
            comment = 0
            commentTop = 0
            words = nil
        }
        block = target
    }

    private mutating func seekParagraph(_ step: Int) {
        let places = commentsByBlock.keys.sorted()
        let next = step > 0 ? places.first { $0 > block } : places.last { $0 < block }
        if let next { moveTo(next) }
    }

    /// To the next comment that is not done with, on this paragraph or another.
    private mutating func seekOpen(_ step: Int, in model: inout Model) {
        let open = commentsByBlock.keys.sorted().flatMap { place in
            (commentsByBlock[place] ?? []).enumerated().filter(\.element.isUnfinished).map { (place, $0.offset) }
        }
        // Where nothing is selected one stands before everything of the paragraph.
        let here = (block, currentComments.isEmpty ? -1 : comment)
        guard let next = step > 0 ? open.first(where: { $0 > here }) : open.last(where: { $0 < here }) else {
            return model.tell(
                .news,
                step > 0
                    ? "Phía sau không còn ý kiến chưa giải quyết." : "Phía trước không còn ý kiến chưa giải quyết.",
                step > 0 ? "There is no open comment behind this one." : "There is no open comment before this one.")
        }
        moveTo(next.0)
        comment = next.1
        commentTop = 0
    }

    private mutating func section(_ step: Int) {
        guard let layout else { return }
        let headings = layout.blocks.indices.filter { layout.blocks[$0].isHeading }
        let next = step > 0 ? headings.first { $0 > block } : headings.last { $0 < block }
        if let next { moveTo(next) }
    }

    private mutating func showNewest(in model: inout Model) {
        guard let newest = model.library.topic(topic)?.revision, newest > 0 else { return }
        if newest == revision { return model.tell(.news, "Đây là bản mới nhất.", "This is the newest revision.") }
        revision = newest
        words = nil
    }

    static let ways: Set<Action> = [
        .up, .down, .pageUp, .pageDown, .top, .bottom, .nextComment, .previousComment, .nextOpen, .previousOpen,
        .nextSection, .previousSection, .contents,
    ]

    private func pick(for review: Int, in model: inout Model) {
        guard let block = currentBlock, block.anchor != "whole" else {
            return model.tell(.news, "Chọn một mục hoặc một đoạn.", "Choose a section or a paragraph.")
        }
        model.takeEvidence(block.anchor, for: review)
    }

    // MARK: The mouse

    mutating func point(row: Int, column: Int, in model: inout Model) {
        let size = model.size
        let textRow = row - 2
        guard let layout, textRow >= 0 else { return }
        let isInText = Self.isWide(size) ? column < Self.textWidth(size) + 5 : textRow < Self.textHeight(size)
        guard isInText else {
            if hasSomethingBeside(model) { pane = .comments }
            return
        }
        pane = .text
        let index = top + textRow
        guard textRow < Self.textHeight(size), layout.rows.indices.contains(index) else { return }
        moveTo(layout.rows[index].block)
    }

    // MARK: Writing

    /// The comment that an act is about; says so when there is none.
    private func require(in model: inout Model) -> CommentRow? {
        if currentComment == nil {
            model.tell(
                .trouble, "Đoạn này chưa có ý kiến nào; phím n đi tới đoạn có ý kiến.",
                "No comment on this paragraph; n goes to the next one.")
        }
        return currentComment
    }

    private func write(_ kind: WritingPage.Kind, in model: inout Model) {
        guard let comment = require(in: &model) else { return }
        model.readThread(comment.id)
        model.openWriting(kind, topic: topic, object: comment.id, context: [])
    }

    private func writeComment(in model: inout Model) {
        guard let block = currentBlock, let name = revisionName else { return }
        let quote = words?.text
        let shown = block.anchor == "whole" ? model.text("Cả chuyên đề", "The whole topic") : block.anchor
        let quoted = quote.map { "“\($0)”" } ?? block.text
        model.openWriting(
            .comment(anchor: block.anchor == "whole" ? nil : block.anchor, quote: quote), topic: topic, object: name,
            context: ["\(shown): \(quoted)"], suggestion: quote ?? (block.isHeading ? "" : block.text))
    }

    private func writeReview(in model: inout Model) {
        guard let name = revisionName else { return }
        model.openReview(of: topic, revision: name)
    }

    private func compare(in model: inout Model) {
        guard let revision, revision > 1 else {
            return model.tell(.news, "Chưa có bản trước để so sánh.", "There is no revision before this one.")
        }
        model.openComparison(topic: topic, from: revision - 1, to: revision)
    }
}
