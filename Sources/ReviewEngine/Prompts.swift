import ReviewCore
import ReviewProtocol

extension Connection {
    /// Takes in what the framer waits for now, after so many requests of the last burst.
    ///
    /// A prompt is due for every body that a person begins to type: once, and not for the rest of a body whose beginning
    /// came earlier.
    mutating func notice(_ now: Framer.Pending, after received: Int) {
        let begins = now.isTyped && (received > 0 || !pending.isTyped)
        if begins { isPromptDue = true }
        if !now.isTyped { isPromptDue = false }
        pending = now
    }

    /// The prompt, if its time has come: every reply before it is out.
    mutating func takePrompt() -> ServerLine? {
        guard isPromptDue, unanswered == 0, waiting == .nothing else { return nil }
        isPromptDue = false
        switch pending {
        case .oneLineBody:
            switch session {
            case .anonymous:
                return .prompt(
                    Wording("Mật khẩu (chữ sẽ hiện trên màn hình):", "Password (it will show on the screen):").text(
                        language))
            case .authenticated:
                return .prompt(Wording("Nhập nội dung trên một dòng:", "Type the text in one line:").text(language))
            case .ended: return nil
            }
        case .blockBody:
            switch session {
            case .anonymous, .authenticated:
                return .prompt(
                    Wording(
                        "Nhập nội dung, kết thúc bằng dòng chỉ có \".\"; bỏ bằng \".cancel\"",
                        "Type the text, end with a line that is just \".\"; give up with \".cancel\""
                    ).text(language))
            case .ended: return nil
            }
        case .nothing, .line, .literalBody: return nil
        }
    }
}

extension Framer.Pending {
    /// Whether a body is on its way.
    var isBody: Bool {
        switch self {
        case .oneLineBody, .blockBody, .literalBody: true
        case .nothing, .line: false
        }
    }

    /// Whether a person may be typing a body now; a counted literal comes from a program.
    fileprivate var isTyped: Bool {
        switch self {
        case .oneLineBody, .blockBody: true
        case .nothing, .line, .literalBody: false
        }
    }
}
