import ReviewClient
import ReviewProtocol
import Terminal

/// `watch`: events as sentences, for ever.
extension CommandRunner {
    func watch() throws(CommandFailure) -> ExitCode {
        var subscription = Subscription(topic: invocation.operand("topic"))
        if let after = invocation.option("after") {
            subscription.after = Int64(after)
        } else if invocation.option("resume") != nil, let known = surroundings.recall(.lastEvent) {
            let parts = known.split(separator: " ")
            subscription.after = parts.first.flatMap { Int64($0) }
            subscription.log = parts.count > 1 ? String(parts[1]) : nil
        }
        if !screen.isJSON {
            surroundings.tell(screen.text("Đang theo dõi; nhấn Ctrl-C để dừng.", "Watching; Ctrl-C ends."))
        }
        var refused: Status?
        try surroundings.follow(subscription) { happening in
            surroundings.writeLines(EventText.lines(named(happening), screen))
            switch happening {
            case .event(let event): remember(event.sequence, subscription)
            case .synchronised(let sequence): remember(sequence, subscription)
            case .note(.watchRefused(let status)):
                refused = status
                return false
            case .note: break
            }
            return true
        }
        guard let refused else { return .done }
        return finish(Reply(status: refused))
    }

    /// Remembers how far everything has been seen.
    ///
    /// Only a subscription to everything proves that nothing before the number is left to see. The number means something in
    /// its own log only, so the two are one value.
    private func remember(_ sequence: Int64, _ subscription: Subscription) {
        guard subscription.topic == nil else { return }
        let log = surroundings.logIdentity.map { " " + $0 } ?? ""
        surroundings.remember(.lastEvent, String(sequence) + log)
    }

    /// What happened, with people's names; programs get account names.
    private func named(_ happening: Happening) -> Happening {
        guard case .event(let event) = happening, !screen.isJSON else { return happening }
        return .event(surroundings.directory().naming(event))
    }
}

/// What happens on a followed log, as lines for people or programs.
public enum EventText {
    /// The lines for one happening; none when there is nothing to say.
    public static func lines(_ happening: Happening, _ screen: Screen) -> [String] {
        switch happening {
        case .event(let event):
            if screen.isJSON { return [event.json.text] }
            return lines(event, screen)
        case .synchronised: return []
        case .note(let note): return lines(note, screen)
        }
    }

    /// An event as one line: when, its number, where, and what.
    ///
    /// On a terminal a long sentence goes on below its beginning.
    static func lines(_ event: EventLine, _ screen: Screen) -> [String] {
        let parts = [
            (SafeText.escape(MomentText.text(event.time) ?? event.time), Style.Attributes.faint),
            ("#\(event.sequence)", .faint), (SafeText.escape(event.value("topic") ?? ""), .bold),
        ].filter { !$0.0.isEmpty }
        let head = parts.map { screen.style.apply($0.1, to: $0.0) + "  " }.joined()
        let indent = parts.reduce(0) { $0 + DisplayWidth.columns(of: $1.0) + 2 }
        let sentence = SafeText.escape(EventSentence.text(event, screen.language))
        guard screen.isTerminal else { return [head + sentence] }
        return WordWrap.lines(sentence, width: max(screen.width - indent, 20)).enumerated().map { index, line in
            (index == 0 ? head : String(repeating: " ", count: indent)) + line
        }
    }

    private static func lines(_ note: ClientNote, _ screen: Screen) -> [String] {
        if screen.isJSON { return [json(note).text] }
        let sentence: Bilingual
        switch note {
        case .server(let code, _, let human):
            sentence = Bilingual(both: human.isEmpty ? code : human)
        case .reconnecting(let reason, let wait):
            let seconds = max((wait + 999) / 1000, 1)
            sentence = Bilingual(
                "Mất kết nối (\(reason)); thử lại sau \(seconds) giây …",
                "Connection lost (\(reason)); trying again in \(seconds) s …")
        case .resumed(let resent):
            sentence =
                resent == 0
                ? Bilingual("Đã kết nối lại.", "Connected again.")
                : Bilingual(
                    "Đã kết nối lại; gửi lại \(resent) lệnh.", "Connected again; \(resent) requests sent again.")
        case .gap(let expected, let found, let sequence):
            sentence = Bilingual(
                "Thiếu sự kiện trước #\(sequence) (đã có #\(expected), máy chủ nói #\(found)); đang lấy lại.",
                "Events before #\(sequence) are missing (#\(expected) is known, the server says #\(found)); asking again."
            )
        case .logChanged:
            sentence = Bilingual(
                "Nhật ký của máy chủ đã được khôi phục từ bản sao lưu; theo dõi tiếp từ cuối nhật ký.",
                "The server's log was restored from a backup; watching goes on from its end.")
        case .certificateRefused: sentence = CertificateWords.refused
        case .watchRefused: return []
        }
        return screen.paragraph("• " + sentence.text(screen.language), .colour(.yellow), continuation: 2)
    }

    private static func json(_ note: ClientNote) -> JSONText {
        switch note {
        case .server(let code, let pairs, let human):
            .object(pairs, before: [("note", .string(code)), ("human", .string(human))])
        case .reconnecting(let reason, let wait):
            .object([
                ("note", .string("reconnecting")), ("reason", .string(reason)), ("afterMilliseconds", .number(wait)),
            ])
        case .resumed(let resent): .object([("note", .string("resumed")), ("resent", .number(Int64(resent)))])
        case .gap(let expected, let found, let sequence):
            .object([
                ("note", .string("gap")), ("expected", .number(expected)), ("found", .number(found)),
                ("event", .number(sequence)),
            ])
        case .logChanged(let from, let to):
            .object([("note", .string("log-changed")), ("from", .string(from ?? "")), ("to", .string(to ?? ""))])
        case .certificateRefused: .object([("note", .string("certificate-refused"))])
        case .watchRefused(let status):
            .object([("note", .string("refused")), ("code", .string(status.code ?? ""))])
        }
    }
}
