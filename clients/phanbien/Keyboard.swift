import PhanbienCommands
import Terminal

/// Lines that a person types on the terminal, edited grapheme by grapheme.
///
/// Questions appear on standard error's side of the terminal, so that a result may go to a file.
final class Keyboard {
    /// How a line ended.
    enum Line: Equatable {
        case text(String)
        case cancelled
        case endOfInput
    }

    /// What waiting brought.
    enum Idle {
        /// A key may be read.
        case keys
        /// Nothing for the keyboard, but perhaps lines to print above what is being typed.
        case nothing([String])
        /// There is no point in asking on.
        case end
    }

    private let terminal = RawTerminal(input: 0, output: 2)
    private var reader: KeyReader
    /// Keys typed ahead, behind the Enter that ended the last line.
    private var ahead: [Key] = []
    /// Lines that a paste brought behind the one that was given last (`LineEditor.LineBreaks.submit`).
    private(set) var pasted: [String] = []

    init() {
        reader = KeyReader(terminal: terminal)
    }

    /// Whether somebody can be asked: both the keyboard and the place of the question are a terminal.
    var canAsk: Bool { terminal.isInteractive }

    /// Asks for one line.
    ///
    /// - Parameters:
    ///   - prompt: what stands before the line.
    ///   - editor: begins with its text and history, and keeps both.
    ///   - complete: what Tab offers.
    ///   - idle: waits for a key, and for whatever else may happen; nil waits for keys alone.
    func line(
        _ prompt: String, _ editor: inout LineEditor, complete: (String) -> Completion? = { _ in nil },
        idle: (() -> Idle)? = nil
    ) -> Line {
        pasted = []
        guard (try? terminal.enterRawMode()) != nil else { return .endOfInput }
        var foot = Foot(prompt: prompt, terminal: terminal)
        defer {
            foot.leave()
            terminal.restore()
        }
        foot.paint(editor)
        while true {
            if ahead.isEmpty {
                if let idle {
                    switch idle() {
                    case .keys: break
                    case .nothing(let lines):
                        foot.print(lines, above: editor)
                        continue
                    case .end: return .endOfInput
                    }
                }
                switch try? reader.next(timeoutMilliseconds: idle == nil ? nil : 0) {
                case .keys(let keys): ahead = keys
                case .timedOut: continue
                case .interrupted: foot.paint(editor)
                case .endOfInput, nil: return .endOfInput
                }
            }
            while !ahead.isEmpty {
                let key = ahead.removeFirst()
                // The line stays on the screen as it was entered; afterwards the editor is empty.
                if key.code == .enter { foot.paint(editor) }
                switch editor.handle(key) {
                case .editing: break
                case .submitted(let lines):
                    pasted = Array(lines.dropFirst())
                    if key.code != .enter { foot.keep(lines) }
                    return .text(lines.first ?? "")
                case .completionRequested:
                    guard let offer = complete(editor.textBeforeCursor) else { continue }
                    if case .ambiguous(let candidates) = editor.complete(offer), candidates.count > 1 {
                        foot.print(foot.columns(candidates), above: editor)
                    }
                case .cancelled: return .cancelled
                case .endOfInput: return .endOfInput
                case .redrawRequested: foot.clear()
                case .refused: terminal.write("\u{7}")
                }
            }
            foot.paint(editor)
        }
    }

    /// Asks for a secret, which does not show.
    func secret(_ prompt: String) -> [UInt8]? {
        guard case .secret(let octets)? = try? SecretReader.ask(prompt, on: terminal) else { return nil }
        return octets
    }
}

/// The line at the foot of the screen, below everything else that is printed.
private struct Foot {
    let prompt: String
    let terminal: RawTerminal
    private var painter = LinePainter()

    init(prompt: String, terminal: RawTerminal) {
        self.prompt = prompt
        self.terminal = terminal
    }

    private var width: Int { terminal.size?.columns ?? 80 }

    mutating func paint(_ editor: LineEditor) {
        let rendering = editor.rendering(prompt: prompt, width: width, maximumRows: 10)
        terminal.write(painter.paint(rendering))
    }

    mutating func print(_ lines: [String], above editor: LineEditor) {
        guard !lines.isEmpty else { return }
        terminal.write(painter.erase() + lines.joined(separator: "\r\n") + "\r\n")
        paint(editor)
    }

    mutating func clear() {
        _ = painter.erase()
        terminal.write("\u{1B}[H\u{1B}[2J")
    }

    /// Lets lines of a paste stand as if each had been entered; what follows them is painted by the next line.
    mutating func keep(_ lines: [String]) {
        terminal.write(painter.erase() + lines.map { prompt + SafeText.escape($0) + "\r\n" }.joined())
    }

    mutating func leave() { terminal.write(painter.leave()) }

    /// Words side by side, as `ls` shows them.
    func columns(_ words: [String]) -> [String] {
        let shown = words.prefix(200).map(SafeText.escape)
        let widest = (shown.map { DisplayWidth.columns(of: $0) }.max() ?? 0) + 2
        let perRow = max(width / max(widest, 1), 1)
        return stride(from: 0, to: shown.count, by: perRow).map { start in
            shown[start..<min(start + perRow, shown.count)].map { word in
                word + String(repeating: " ", count: widest - DisplayWidth.columns(of: word))
            }.joined()
        }
    }
}
