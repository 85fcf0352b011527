import ReviewProtocol

/// Codes, days and moments as people write them, brought into the form that is sent.
///
/// Only what can mean one thing is taken: `CĐ2/2025` is 2025-2, but `2` alone is no topic.
enum WrittenForm {
    /// `2025-2`, or the official `CĐ2/2025`.
    static func topic(_ typed: String) -> String? {
        let plain = Folding.plain(typed).filter { $0 != " " }
        if let topic = WordKind.topic.canonical(plain) { return topic }
        let parts = (plain.hasPrefix("cd") ? plain.dropFirst(2) : plain[...]).split(
            separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = number(parts[0]) else { return nil }
        return WordKind.topic.canonical("\(parts[1])-\(number)")
    }

    /// A topic in any form with `@n` behind it.
    static func revision(_ typed: String) -> String? {
        guard let at = typed.lastIndex(of: "@"), let topic = topic(String(typed[..<at])),
            let number = number(typed[typed.index(after: at)...])
        else { return nil }
        return WordKind.revision.canonical("\(topic)@\(number)")
    }

    /// `@2`, or the number alone.
    static func revisionNumber(_ typed: String) -> String? {
        number(typed.hasPrefix("@") ? typed.dropFirst() : typed[...]).flatMap {
            WordKind.revisionNumber.canonical("@\($0)")
        }
    }

    /// `C9`, or the number alone.
    static func comment(_ typed: String) -> String? {
        WordKind.comment.canonical(typed) ?? WordKind.comment.canonical("C" + typed)
    }

    /// `P5`, or the number alone.
    static func review(_ typed: String) -> String? {
        WordKind.review.canonical(typed) ?? WordKind.review.canonical("P" + typed)
    }

    /// Several of a kind, separated by commas, with or without blanks.
    static func list(_ typed: String, of item: (String) -> String?) -> String? {
        let parts = typed.split(separator: ",", omittingEmptySubsequences: false).map { part in
            item(String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
        }
        let values = parts.compactMap { $0 }
        return values.count == parts.count ? values.joined(separator: ",") : nil
    }

    /// `25/6/2025`, `25-6-2025`, `25.6.2025`, or the protocol's `2025-06-25`.
    static func day(_ typed: String) -> String? {
        if let day = WordKind.date.canonical(typed) { return day }
        for separator in ["/", "-", "."] as [Character] {
            let parts = typed.split(separator: separator, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].utf8.count == 4, let day = number(parts[0]), let month = number(parts[1])
            else { continue }
            return WordKind.date.canonical("\(parts[2])-\(padded(month))-\(padded(day))")
        }
        return nil
    }

    /// A time of day beside a day, in either order: `14:00 25/6/2025`, `14h ngày 25/6/2025`, `25/6/2025 14 giờ 30`; or the
    /// protocol's `2025-06-25T14:00`.
    static func moment(_ typed: String) -> String? {
        if typed.utf8.count > 10, let moment = WordKind.moment.canonical(typed) { return moment }
        let words = Folding.plain(typed).split { $0 == " " || $0 == "," }.filter {
            !["ngay", "luc", "vao"].contains($0)
        }
        let days = words.compactMap { day(String($0)) }
        guard days.count == 1, let time = time(words.filter { day(String($0)) == nil }.joined()) else { return nil }
        return WordKind.moment.canonical("\(days[0])T\(time)")
    }

    /// `14:00`, `14h`, `14h00`, `14g30`, `14gio30phut` as `14:00`.
    private static func time(_ plain: String) -> String? {
        let hour = plain.prefix { $0.isASCII && $0.isNumber }
        let rest = plain.dropFirst(hour.count)
        guard (1...2).contains(hour.count), let mark = ["gio", "h", "g", ":"].first(where: { rest.hasPrefix($0) })
        else { return nil }
        let behind = rest.dropFirst(mark.count)
        let minute = behind.hasSuffix("phut") ? behind.dropLast(4) : behind
        // "14h" is a time, "14:" is half of one.
        if minute.isEmpty { return mark == ":" || !behind.isEmpty ? nil : padded(String(hour)) + ":00" }
        guard (mark == ":" ? 2...2 : 1...2).contains(minute.count) else { return nil }
        return padded(String(hour)) + ":" + padded(String(minute))
    }

    /// A number without the zeros that people put before it; nil for anything else.
    private static func number(_ text: Substring) -> String? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text).map(String.init)
    }

    private static func padded(_ digits: String) -> String { digits.utf8.count == 1 ? "0" + digits : digits }
}
