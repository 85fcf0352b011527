import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewProtocol
import Terminal

/// Something to read: the answer to a command, or a refusal with its reasons.
struct ReadingPage: Sendable {
    enum Content: Sendable {
        case reply(Reply)
        case refusal(Reply)
    }

    let number: Int
    private(set) var title: String
    private(set) var content: Content
    let topic: String?
    /// What it was asked for with, to be read anew; nil for what cannot be.
    let request: Request?
    /// Whether something has happened since that it may be about.
    var isOutdated = false
    /// The first line that shows; far behind the end for a log, whose newest lines come last.
    var top: Int

    init(number: Int, title: String, content: Content, topic: String?, request: Request? = nil) {
        self.number = number
        self.title = title
        self.content = content
        self.topic = topic
        self.request = request
        top = request?.verb == "LOG" ? .max / 2 : 0
    }

    /// The request of a paper; nil for what is no paper.
    var paper: Request? { request.flatMap { $0.verb == "FORM" ? $0 : nil } }

    /// Takes what was read anew; one stays where one was, but in a log at its newest lines.
    mutating func take(_ reply: Reply, title: String? = nil) {
        if let title { self.title = title }
        content = .reply(reply)
        isOutdated = false
        basis = nil
        if request?.verb == "LOG" { top = .max / 2 }
    }

    /// The review that is read; nil for anything else.
    var review: String? {
        guard case .reply(let reply) = content else { return nil }
        return reply.rows.first { $0.word == "review" && reply.hasText }?["id"]
    }

    /// The page as a file: a paper as it came, anything else as it is shown.
    private var file: [UInt8] {
        if case .reply(let reply) = content, reply.hasText, reply.rows.isEmpty {
            // Lines come without the last one's end, a counted text with it.
            return Array(reply.text) + (reply.text.last == 0x0A ? [] : [0x0A])
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private func fileName(_ ending: String) -> String {
        // Every file system takes so short a name, and the number that may have to be added.
        let name = Folding.slug(title).prefix(100)
        return (name.isEmpty ? "phanbien" : String(name)) + ending
    }

    /// All that the lines follow from, besides the content.
    private struct Basis: Equatable {
        let width: Int
        let language: Language
        let today: CalendarDay
        let directory: Directory
    }

    private var basis: Basis?
    private var lines: [String] = []
    /// The lines of a comparison as the other page of comparing shows them; nil for anything else, and without colours.
    private var changes: [ChangeText]?
    private var rowCount: Int { changes?.count ?? lines.count }

    /// Lays the lines out, when they would come out otherwise than the last time.
    mutating func settle(in model: Model) {
        let now = Basis(
            width: model.size.columns, language: model.language, today: model.today, directory: model.library.directory)
        guard now != basis else { return }
        basis = now
        lines = layOut(model)
        changes = model.hasColour ? layOutChanges(model) : nil
    }

    /// The server's comparison for one comment, with looks in the place of its signs.
    private func layOutChanges(_ model: Model) -> [ChangeText]? {
        guard case .reply(let reply) = content, reply["for"] != nil, reply.rows.isEmpty, reply.hasText else {
            return nil
        }
        let width = max(model.size.columns - 4, 20)
        var rows: [ChangeText] = []
        for line in SafeText.lines(String(decoding: reply.text, as: UTF8.self)) {
            if line.hasPrefix("@@ ") {
                if !rows.isEmpty { rows.append(ChangeText()) }
                rows += ChangeText.rows([], width: width, hasColour: true, prefix: String(line.dropFirst(3)))
                continue
            }
            let pieces =
                switch line.first {
                case "-": Self.pieces(line, from: "[-", to: "-]", .removed)
                case "+": Self.pieces(line, from: "{+", to: "+}", .added)
                default: [DiffPiece(kind: .equal, text: line)]
                }
            rows += ChangeText.rows(pieces, width: width, hasColour: true)
        }
        return rows
    }

    /// A line of a comparison, cut at the signs around its changed words.
    private static func pieces(_ line: String, from: String, to: String, _ kind: DiffPiece.Kind) -> [DiffPiece] {
        var pieces: [DiffPiece] = []
        var rest = line[...]
        while let begin = rest.firstRange(of: from), let end = rest[begin.upperBound...].firstRange(of: to) {
            pieces.append(DiffPiece(kind: .equal, text: String(rest[..<begin.lowerBound])))
            pieces.append(DiffPiece(kind: kind, text: String(rest[begin.upperBound..<end.lowerBound])))
            rest = rest[end.upperBound...]
        }
        return pieces + [DiffPiece(kind: .equal, text: String(rest))]
    }

    private func layOut(_ model: Model) -> [String] {
        let screen = Screen(language: model.language, width: max(model.size.columns - 2, 20), today: model.today)
        let lines =
            switch content {
            case .reply(let reply): ReplyText.lines(model.library.named(reply), screen)
            case .refusal(let reply):
                Refusal.reasons(model.library.named(reply), screen, to: .fullScreen(model.language))
            }
        // Lines of the log and papers come as they are.
        return lines.flatMap { WordWrap.lines($0, width: screen.width, continuationIndent: 4) }
    }

    mutating func press(_ action: Action?, in model: inout Model) {
        let height = Canvas.contentHeight(model.size)
        let last = max(rowCount - height, 0)
        top = min(top, last)
        switch action {
        case .up: top -= 1
        case .down: top += 1
        case .pageUp: top -= height - 1
        case .pageDown: top += height - 1
        case .top: top = 0
        case .bottom: top = last
        case .save: model.effects.append(.save(name: fileName(".txt"), octets: file))
        case .saveForWord:
            guard let paper else {
                model.tell(
                    .news, "Chỉ văn bản in từ biểu mẫu mới lưu được cho Word; bấm s để lưu thành tệp văn bản.",
                    "Only a paper can be saved for Word; s saves this as plain text.")
                break
            }
            model.askOnce(paper.adding("format", "rtf"), for: .wordFile(name: fileName(".rtf")))
        default: break
        }
        top = min(max(top, 0), last)
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        let hint =
            model.isPlain
            ? model.text("Có thay đổi (doc-lai) · ", "Changed (refresh) · ")
            : model.text("Có thay đổi (Ctrl-L) · ", "Changed (Ctrl-L) · ")
        canvas.title((isOutdated ? hint : "") + title, model)
        let first = min(top, max(rowCount - canvas.contentHeight, 0))
        if let changes {
            for (offset, row) in changes.dropFirst(first).prefix(canvas.contentHeight).enumerated() {
                row.draw(on: &canvas, row: offset + 1, column: 1, end: canvas.width)
            }
        } else {
            for (offset, line) in lines.dropFirst(first).prefix(canvas.contentHeight).enumerated() {
                canvas.grid.put(line, row: offset + 1, column: 1)
            }
        }
        if first + canvas.contentHeight < rowCount {
            canvas.grid.put("▼", row: canvas.contentHeight, column: canvas.width - 1, .faint)
        }
    }
}
