package import ReviewClient
import ReviewProtocol
import Terminal

/// A refusal for people: what the server said, what is missing, whose turn it is, and what to type next.
package enum Refusal {
    static func lines(_ reply: Reply, topic: String?, _ screen: Screen) -> [String] {
        var lines = reasons(reply, screen)
        if ServerWording.asksForText(reply.status.human ?? ""), let how = CommandRunner.noText.next {
            return lines + screen.paragraph(screen.text(how), .faint)
        }
        if let step = nextStep(reply.status, topic: topic, screen) { lines += screen.paragraph(step, .faint) }
        return lines
    }

    /// What was refused, what is missing, and whose turn it is.
    package static func reasons(
        _ reply: Reply, _ screen: Screen, to reader: ServerWording.Reader = .commandLine
    ) -> [String] {
        let requirements = reply.rows.filter { $0.word == "requirement" }
        let headline = headline(reply.status, screen, reader)
        let points = points(ServerWording.spoken(reply.status.human ?? "", to: reader), count: requirements.count)
        var lines = screen.paragraph(points?.first ?? headline, .colour(.red))
        if let points {
            // The server's own sentence counts the requirements up, with the names of whom they wait for.
            for point in points.dropFirst() { lines += screen.paragraph(point, indent: 2, continuation: 6) }
        } else {
            for (index, row) in requirements.enumerated() {
                let name = RowTable.words(row["id"] ?? "", key: "id", row: "requirement", screen.language)
                var parts = ["(\(index + 1)) \(name)"]
                if let text = row["text"], !text.isEmpty { parts.append(text) }
                if let waiting = row["waiting"], !waiting.isEmpty {
                    parts.append(screen.text("chờ: \(waiting)", "waiting for: \(waiting)"))
                }
                lines += screen.paragraph(parts.joined(separator: " – "), indent: 2, continuation: 6)
            }
        }
        let others = reply.rows.filter { $0.word != "requirement" }
        if !others.isEmpty { lines += RowTable.lines(others, screen) }
        return lines
    }

    /// A sentence that counts up "(1) …; (2) …", parted at its numbers; nil when it counts up something else.
    private static func points(_ sentence: String, count: Int) -> [String]? {
        guard count > 0 else { return nil }
        var points: [String] = []
        var rest = Substring(sentence)
        for number in 1...count {
            guard let mark = rest.firstRange(of: "(\(number)) ") else { return nil }
            points.append(String(rest[..<mark.lowerBound]))
            rest = rest[mark.lowerBound...]
        }
        return points + [String(rest)]
    }

    private static func headline(_ status: Status, _ screen: Screen, _ reader: ServerWording.Reader) -> String {
        // The code is for programs, which read --json.
        if let human = status.human, !human.isEmpty { return ServerWording.spoken(human, to: reader) }
        let code = status.code ?? ""
        return screen.text("Máy chủ từ chối: \(code)", "The server refused: \(code)")
    }

    private static func nextStep(_ status: Status, topic: String?, _ screen: Screen) -> String? {
        func type(_ command: String) -> String { screen.text("Gõ: phanbien \(command)", "Type: phanbien \(command)") }
        guard case .no(let code) = status.outcome else {
            return screen.text(
                "Lệnh gửi đi không đúng giao thức; phiên bản máy chủ và phần mềm có thể khác nhau.",
                "The request does not fit the protocol; server and client may be of different releases.")
        }
        switch NoCode(rawValue: code) {
        case .unmet: return topic.map { type("check \($0)") }
        case .stale, .conflict: return topic.map { type("show \($0)") }
        case .stage: return topic.map { type("show \($0)") }
        case .authenticationNeeded, .authenticationFailed:
            return type(screen.text("login MÁY-CHỦ:CỔNG TÊN", "login HOST:PORT PERSON"))
        case .busy, .rate, .unavailable, .readOnly, .quota:
            if let wait = status.value("after").flatMap({ Int64($0) }), (1...3_600_000).contains(wait) {
                let seconds = (wait + 999) / 1000
                return screen.text("Thử lại sau \(seconds) giây.", "Try again in \(seconds) s.")
            }
            return nil
        case .notFound: return topic.map { _ in type("topics") }
        case .keyReused:
            return screen.text("Bỏ --key, hoặc dùng khóa khác.", "Leave --key out, or use another key.")
        case .forbidden: return type("todo")
        // The server's sentence says all: a number behind the log's end is mostly a slip, and no sign of a restored log.
        case .cancelled, .invalid, .logChanged, .cursorAhead, nil: return nil
        }
    }
}
