import Glibc
import PhanbienCommands
import Terminal

/// Lines that a person types on the terminal, edited grapheme by grapheme.
///
/// Questions appear on standard error's side of the terminal, so that a result may go to a file.
struct Keyboard {
    private let input = RawTerminal(input: 0, output: 2)

    /// Whether somebody can be asked: both the keyboard and the place of the question are a terminal.
    var canAsk: Bool { input.isInteractive }

    /// How a line ended.
    enum Line: Equatable {
        case text(String)
        case cancelled
        case endOfInput
    }

    /// Asks for one line.
    ///
    /// - Parameters:
    ///   - prompt: what stands before the line.
    ///   - editor: begins with its text and history, and keeps both.
    ///   - complete: what Tab offers.
    ///   - idle: called while no key waits; waits for keys and for whatever else may happen, and says whether a key
    ///     waits. What it prints goes through `print`, above the line.
    func line(
        _ prompt: String, _ editor: inout LineEditor, complete: (String) -> Completion? = { _ in nil },
        idle: ((_ print: ([String]) -> Void) -> Bool)? = nil
    ) -> Line {
        guard (try? input.enterRawMode()) != nil else { return .endOfInput }
        var painter = LinePainter()
        defer { input.restore() }
        var reader = KeyReader(terminal: input)
        func paint() {
            let width = input.size?.columns ?? 80
            input.write(
                painter.paint(editor.rendering(prompt: prompt, width: width, layout: .wrapping(maximumRows: 10))))
        }
        func printAbove(_ lines: [String]) {
            guard !lines.isEmpty else { return }
            input.write(painter.erase() + lines.joined(separator: "\r\n") + "\r\n")
            paint()
        }
        paint()
        while true {
            if let idle, !idle(printAbove) { continue }
            guard let reading = try? reader.next(timeoutMilliseconds: idle == nil ? nil : 0) else { return .endOfInput }
            switch reading {
            case .timedOut: continue
            case .interrupted: paint()
            case .endOfInput:
                input.write(painter.leave())
                return .endOfInput
            case .keys(let keys):
                for key in keys {
                    switch editor.handle(key) {
                    case .editing: break
                    case .submitted(let lines):
                        paint()
                        input.write(painter.leave())
                        return .text(lines.first ?? "")
                    case .completionRequested:
                        guard let offer = complete(editor.textBeforeCursor) else { continue }
                        if case .ambiguous(let candidates) = editor.complete(offer), candidates.count > 1 {
                            printAbove(Self.columns(candidates, width: input.size?.columns ?? 80))
                        }
                    case .cancelled:
                        input.write(painter.leave())
                        return .cancelled
                    case .endOfInput:
                        input.write(painter.leave())
                        return .endOfInput
                    case .redrawRequested:
                        _ = painter.erase()
                        input.write("\u{1B}[H\u{1B}[2J")
                    case .refused: input.write("\u{7}")
                    }
                }
                paint()
            }
        }
    }

    /// Asks for a secret, which does not show.
    func secret(_ prompt: String) -> [UInt8]? {
        guard case .secret(let octets)? = try? SecretReader.ask(prompt, on: input) else { return nil }
        return octets
    }

    private static func columns(_ words: [String], width: Int) -> [String] {
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
