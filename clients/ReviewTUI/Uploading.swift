import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewProtocol
import Terminal

/// A new revision on its way from a file to the server.
struct Upload: Sendable {
    let topic: String
    /// The revision on which it builds, 0 for none.
    let base: Int
    let file: String
    let octets: [UInt8]
    /// What was made of a file that is no plain text.
    var reading: Bilingual?
    /// The Word file that it was read from.
    var original: WordFile?
    /// The comments that it deals with.
    var addresses: [String] = []
    /// What was changed, in a sentence.
    var note = ""

    var request: Request {
        var request = Request.of("PUSH", topic).adding("if", "@\(base)")
        if !addresses.isEmpty { request = request.adding("addresses", addresses.joined(separator: ",")) }
        if !note.isEmpty { request = request.adding("note", note) }
        request.body = .literal(octets)
        return request
    }
}

/// Which comments a new revision deals with: those that were accepted are marked already.
///
/// Favourable votes of the review round stand only if nothing is changed beyond the paragraphs of these comments (domain
/// §3), so this is asked and not guessed.
struct AddressList: Sendable {
    let upload: Upload
    let comments: [CommentRow]
    private(set) var isChosen: [Bool]
    private(set) var selected = 0

    /// The topic's comments that a revision may deal with; nil when there are none.
    init?(_ upload: Upload, _ comments: [CommentRow]) {
        let live = comments.filter { $0.state != "withdrawn" }
        guard !live.isEmpty else { return nil }
        self.upload = upload
        self.comments = live
        isChosen = live.map { ["accepted", "partly"].contains($0.row["as"] ?? "") && $0.row["in"] ?? "" == "" }
    }

    /// The upload with what was chosen.
    var answered: Upload {
        var upload = upload
        upload.addresses = zip(comments, isChosen).filter(\.1).map(\.0.id)
        return upload
    }

    /// Takes a key; false when it means nothing here.
    mutating func press(_ key: Key) -> Bool {
        switch key.code {
        case .up, .character("k"): selected = max(selected - 1, 0)
        case .down, .character("j"): selected = min(selected + 1, comments.count - 1)
        case .pageUp: selected = max(selected - 10, 0)
        case .pageDown: selected = min(selected + 10, comments.count - 1)
        case .character(" "), .character("x"):
            isChosen[selected].toggle()
            selected = min(selected + 1, comments.count - 1)
        case .character("*"): isChosen = Array(repeating: isChosen.contains(false), count: comments.count)
        default: return false
        }
        return true
    }

    func words(_ index: Int, _ model: Model) -> String {
        let comment = comments[index]
        let state = model.stateWords(of: comment, isShort: true)
        let by = model.library.giver(of: comment, model.language)
        let place = comment.place == "whole" ? model.text("ý kiến chung", "the whole text") : comment.place
        return "[\(isChosen[index] ? "x" : " ")] \(comment.id) \(place) – \(state) (\(by))"
    }
}

extension Model {
    /// Begins with the choice of a file.
    mutating func openUpload() {
        guard let topic = currentTopic else {
            return tell(.trouble, "Mở một chuyên đề rồi mới dùng lệnh này.", "Open a topic first.")
        }
        // Its newest revision and its comments are needed after the file.
        readTopic(topic)
        if let revision = library.topic(topic)?.revision, revision > 0 { readText("\(topic)@\(revision)") }
        askOnce(.of("LIMITS"), for: .limits)
        overlay = .files(FilePicker(topic: topic))
        effects.append(.visit(""))
    }

    mutating func pressInFiles(_ key: Key, _ picker: FilePicker) {
        var picker = picker
        switch picker.press(key) {
        case .none: overlay = .files(picker)
        case .leave: overlay = nil
        case .visit(let path):
            overlay = .files(picker)
            effects.append(.visit(path))
        }
    }

    /// A path was looked at.
    mutating func take(_ visit: Visit) {
        guard case .files(var picker) = overlay else { return }
        switch visit {
        case .folder(let listing):
            picker.show(listing)
            overlay = .files(picker)
        case .failed(let words):
            picker.complain(words)
            overlay = .files(picker)
        case .document(let path, let octets, let reading, let original):
            guard let base = library.topic(picker.topic)?.revision else {
                picker.complain(
                    Bilingual(
                        "Chưa đọc được chuyên đề này; xin bấm Enter lại sau giây lát.",
                        "The topic has not been read yet; press Enter again in a moment."))
                return overlay = .files(picker)
            }
            // Without them nobody could say which ones it deals with, and votes would fall for it.
            guard base == 0 || library.comments[picker.topic] != nil else {
                picker.complain(
                    Bilingual(
                        "Đang đọc ý kiến của chuyên đề này; xin bấm Enter lại sau giây lát.",
                        "The topic's comments are being read; press Enter again in a moment."))
                return overlay = .files(picker)
            }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let upload = Upload(
                topic: picker.topic, base: base, file: name, octets: octets, reading: reading, original: original)
            let comments = library.comments[picker.topic] ?? []
            if base > 0, let list = AddressList(upload, comments) {
                overlay = .addresses(list)
            } else {
                askNote(upload)
            }
        }
    }

    mutating func pressInAddresses(_ key: Key, _ list: AddressList) {
        var list = list
        if list.press(key) { return overlay = .addresses(list) }
        switch key.code {
        case .enter: askNote(list.answered)
        case .escape, .character("q"): overlay = nil
        default: break
        }
    }

    /// The first revision needs no word on what was changed.
    private mutating func askNote(_ upload: Upload) {
        guard upload.base > 0 else { return tryOut(upload) }
        overlay = .prompt(
            Prompt(
                title: text("Bản này sửa gì? (để trống cũng được)", "What was changed? (may be left empty)"),
                purpose: .note(upload)))
    }

    /// The server says what it would do; the revision is sent when the person says yes.
    mutating func tryOut(_ upload: Upload) {
        overlay = nil
        var trial = upload.request
        trial.arguments.append(Argument(key: "dry-run", value: "yes"))
        tell(.underWay, "Đang kiểm tra \(upload.file) …", "Checking \(upload.file) …")
        var command = PreparedCommand(
            name: text("Gửi bản mới của \(upload.topic)", "New revision of \(upload.topic)"), request: upload.request,
            details: summary(upload))
        if let original = upload.original, original.fate(largestBody: largestBody) == .goesAlong {
            command.original = original
        }
        ask(trial, for: .trial(command))
    }

    /// Headings that are named of a file before it is sent: enough to see whether they are those of the paper.
    private static let mostHeadings = 8

    private static func beginning(of sections: [Section]) -> String? {
        guard !sections.isEmpty else { return nil }
        let named = sections.prefix(mostHeadings).map { "\($0.path). \($0.title)" }
        return named.joined(separator: "; ") + (sections.count > mostHeadings ? "; …" : "")
    }

    /// What is about to be sent, in the words of the person's own machine.
    private func summary(_ upload: Upload) -> String {
        // In the form in which the server will keep it: line ends of another system are no difference.
        let text = (try? CanonicalText.document(upload.octets)) ?? String(decoding: upload.octets, as: UTF8.self)
        let document = Document(text)
        // The number comes from the server, so it may be the largest there is.
        let new = "\(upload.topic)@\(upload.base &+ 1)"
        let size = FileSize.words(upload.octets.count)
        let count = document.sections.count
        // Of a Word file the headings are told with how they were found.
        var words =
            "\(upload.file) → \(new): "
            + (upload.reading == nil ? self.text("\(count) mục, \(size).", "\(count) sections, \(size).") : "\(size).")
        if let reading = upload.reading {
            words += " " + reading.text(language)
            words +=
                Self.beginning(of: document.sections).map { self.text(" Đề mục: \($0).", " Headings: \($0).") } ?? ""
        }
        if let former = library.texts["\(upload.topic)@\(upload.base)"] {
            let changes = DocumentDiff.changes(former.document, document).filter { $0.kind != .equal }.count
            words +=
                changes > 0
                ? self.text(
                    " Khác bản trước \(changes) đoạn.", " \(changes) paragraphs differ from the revision before.")
                : self.text(
                    " TỆP NÀY GIỐNG HỆT BẢN TRƯỚC: xem lại có chọn đúng tệp không.",
                    " IT IS THE SAME AS THE REVISION BEFORE: is this the right file?")
        }
        if let original = upload.original {
            let way = Bilingual("Không muốn lưu kèm: phím v.", "To leave it out: v.")
            words += " " + original.words(original.fate(largestBody: largestBody), leftOutBy: way).text(language)
        }
        if !upload.addresses.isEmpty {
            words += self.text(" Sửa theo ý kiến: ", " Deals with: ") + upload.addresses.joined(separator: ", ") + "."
        }
        return words
    }
}
