import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

@testable import ReviewTUI

/// One person at the full-screen client, joined to the office without a network: keys in, screens out.
final class Desk {
    let person: String
    private let office: Office
    private(set) var model: Model
    private var session: ClientSession
    private var connection: UInt64?
    /// Whether the cable is out.
    private(set) var isCut = false
    private var inputs: [ClientInput] = []
    var drafts: [String: String] = [:]
    private(set) var kept: [String: [UInt8]] = [:]
    var unsent: [String: [UInt8]] = [:]
    private(set) var rings: [String] = []
    private(set) var hasQuit = false
    /// What $EDITOR gives back; nil where it fails.
    var edited: String?
    private static let failedEditor = CommandFailure(
        .noInput, "Trình soạn thảo kết thúc với lỗi (1); nội dung còn ở /home/lan/dang-viet.md.",
        "The editor failed (1); the text is at /home/lan/dang-viet.md.",
        next: Bilingual("Đặt biến EDITOR.", "Set EDITOR."))
    /// What was saved, by name.
    private(set) var saved: [String: [UInt8]] = [:]
    /// Why nothing can be saved; nil when it can.
    var unsavable: Bilingual?
    /// What lies on this machine; the empty path is where somebody begins to look.
    var disk: [String: Visit] = [:]
    /// What the line does not carry: the connection breaks each time it is written.
    var breaking: String?

    init(
        _ person: String, at office: Office, size: TerminalSize = TerminalSize(columns: 80, rows: 24),
        language: Language = .vietnamese, hasColour: Bool = true, run: Int = 1, after former: Desk? = nil,
        startsCut: Bool = false, isPlain: Bool = false
    ) {
        self.person = person
        self.office = office
        drafts = former?.drafts ?? [:]
        kept = former?.kept ?? [:]
        unsent = former?.unsent ?? [:]
        var configuration = ClientConfiguration(language: language)
        configuration.firstAttempts = .max
        configuration.laterAttempts = nil
        session = ClientSession(
            configuration: configuration, credentials: [.password(person: person, Array("mật khẩu".utf8))])
        isCut = startsCut
        model = Model(
            Model.Configuration(
                person: person, server: "localhost:7443", language: language, size: size, hasColour: hasColour,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "k\(person)\(run)",
                drafts: drafts, replies: kept, writes: unsent.sorted { $0.key < $1.key }.map(\.value),
                isOnline: !startsCut, isPlain: isPlain, store: "~/.phanbien"))
        perform(model.start())
    }

    // MARK: At the keyboard

    @discardableResult
    func press(_ keys: Key...) -> Desk {
        for key in keys { perform(model.update(.keys([key]))) }
        return self
    }

    @discardableResult
    func type(_ text: String) -> Desk {
        perform(model.update(.keys(text.map { $0 == "\n" ? Key(.enter) : .character($0) })))
        return self
    }

    @discardableResult
    func resize(_ columns: Int, _ rows: Int) -> Desk {
        perform(model.update(.resized(TerminalSize(columns: columns, rows: rows))))
        return self
    }

    /// A command of the palette by its Vietnamese name, with the values that it asks for.
    @discardableResult
    func command(_ name: String, _ values: String...) -> Desk {
        press(.character(":")).type(name).press(Key(.enter))
        for value in values { type(value).press(Key(.enter)) }
        return self
    }

    /// Gives the person something to sign with, or says why they cannot.
    @discardableResult
    func certify(_ signer: Signer) -> Desk {
        model.signer = signer
        return self
    }

    /// What the window shows, as lines without the blanks at their ends.
    var screen: String {
        let frame = model.frame()
        var lines = (0..<frame.grid.size.rows).map { frame.grid.text(row: $0) }
        if let cursor = frame.cursor { lines.append("── cursor \(cursor.row):\(cursor.column)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How each place of the window looks, by a letter; small letters for colours, and a capital where it is bold or reversed.
    var looks: String {
        let grid = model.frame().grid
        return (0..<grid.size.rows).map { row in
            var letters = (0..<grid.size.columns).map { Self.letter(grid[row, $0].attributes) }
            while letters.last == "." { letters.removeLast() }
            return String(letters)
        }.joined(separator: "\n") + "\n"
    }

    private static func letter(_ look: Style.Attributes) -> Character {
        let letter: Character =
            switch look.colour {
            case .red: "r"
            case .green: "g"
            case .yellow: "y"
            case .blue: "u"
            case .magenta: "m"
            case .cyan: "c"
            case .black, .white, nil: look.isReversed ? "v" : look.isFaint ? "f" : look.isBold ? "b" : "."
            }
        guard look.isBold || look.isReversed, letter != "b", letter != "." else { return letter }
        return look.isReversed && !look.isBold && letter == "v" ? letter : Character(letter.uppercased())
    }

    func shows(_ text: String) -> Bool { screen.contains(text) }

    // MARK: The network

    /// Something large is on its way, or has arrived.
    func transfer(_ transfer: Transfer?) { perform(model.update(.transfer(transfer))) }

    /// Pulls the cable out, or puts it in again.
    func cut(_ isCut: Bool) {
        self.isCut = isCut
        if isCut {
            if let connection { office.close(connection) }
            connection = nil
            feed(.disconnected(reason: "mất mạng", jitter: 0))
        } else {
            time += 60_000
            feed(.timer)
        }
        listen()
    }

    /// Takes in what the office has sent meanwhile.
    @discardableResult
    func listen() -> Desk {
        while let connection {
            let octets = office.take(connection)
            guard !octets.isEmpty else { break }
            feed(.received(octets))
        }
        return self
    }

    private var time: Milliseconds = 0

    private func feed(_ input: ClientInput) {
        inputs.append(input)
        guard inputs.count == 1 else { return }
        while let next = inputs.first {
            for effect in session.handle(next, now: time) { perform(effect) }
            inputs.removeFirst()
        }
    }

    private func perform(_ effect: ClientEffect) {
        switch effect {
        case .connect:
            if isCut {
                inputs.append(.disconnected(reason: "mất mạng", jitter: 0))
            } else {
                let opened = office.open()
                connection = opened
                inputs.append(.connected)
                inputs.append(.received(office.take(opened)))
            }
        case .write(let octets):
            guard let connection else { return }
            if let breaking, String(decoding: octets, as: UTF8.self).contains(breaking) {
                office.close(connection)
                self.connection = nil
                inputs.append(.disconnected(reason: "mất mạng", jitter: 0))
                return
            }
            office.send(connection, octets)
            let answer = office.take(connection)
            if !answer.isEmpty { inputs.append(.received(answer)) }
        case .deliver(let identifier, let reply): perform(model.update(.reply(identifier, reply)))
        case .refuse(let identifier, let error): perform(model.update(.refused(identifier, error)))
        case .giveUp(let identifier, let reason): perform(model.update(.givenUp(identifier, reason)))
        case .event(let event): perform(model.update(.heard(.event(event))))
        case .synchronised(let sequence): perform(model.update(.heard(.synchronised(sequence))))
        case .note(let note): perform(model.update(.heard(.note(note))))
        case .ready: perform(model.update(.ready))
        case .disconnect, .keepToken, .forgetToken, .needsCredential, .setTimer, .failed: break
        }
    }

    private func perform(_ effects: [ReviewTUI.Effect]) {
        for effect in effects {
            switch effect {
            case .send(let identifier, let request): feed(.send(identifier, request))
            case .sendLater(let identifier, let request, let pause):
                feed(.sendLater(identifier, request, milliseconds: pause))
            case .watch: feed(.watch(Subscription()))
            case .keepDraft(let name, let text): drafts[name] = text
            case .discardDraft(let name): drafts[name] = nil
            case .keepReply(let name, let octets): kept[name] = octets
            case .forgetReply(let name): kept[name] = nil
            case .forgetReplies: kept = [:]
            case .keepWrite(let key, let octets): unsent[key] = octets
            case .forgetWrite(let key): unsent[key] = nil
            case .edit:
                perform(model.update(edited.map { .edited($0) } ?? .notEdited(Self.failedEditor)))
            case .visit(let path):
                let missing = Visit.failed(Bilingual("Không đọc được \(path).", "\(path) cannot be read."))
                perform(model.update(.visited(disk[path] ?? missing)))
            case .save(let name, let octets):
                if let unsavable {
                    perform(model.update(.saved(.failed(unsavable))))
                } else {
                    saved[name] = octets
                    perform(model.update(.saved(.at("/home/\(person)/\(name)"))))
                }
            case .saveFolder(let name, let files):
                if let unsavable {
                    perform(model.update(.saved(.failed(unsavable))))
                } else {
                    for file in files { saved[name + "/" + file.name] = file.octets }
                    perform(model.update(.saved(.at("/home/\(person)/\(name)"))))
                }
            case .sign(let revision, let manifest):
                perform(model.update(.signed(revision, .by(Array("CMS \(manifest.count)".utf8)))))
            case .ring(let words): rings.append(words)
            case .quit: hasQuit = true
            case .remember, .repaint, .suspend: break
            }
        }
        listen()
    }
}
