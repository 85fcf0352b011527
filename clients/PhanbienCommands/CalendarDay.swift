public import ReviewProtocol

/// A day of the Gregorian calendar, without Foundation: deadlines are days (domain §6).
public struct CalendarDay: Sendable, Equatable, Comparable {
    /// Days since 1970-01-01.
    public let number: Int

    /// Takes the number of days since 1970-01-01.
    public init(number: Int) {
        self.number = number
    }

    /// The day on which a moment falls in Vietnam (UTC+7, which has no summer time).
    public init(secondsSince1970 seconds: Int) {
        let (local, overflow) = seconds.addingReportingOverflow(7 * 3600)
        let moment = overflow ? seconds : local
        number = moment / 86_400 - (moment % 86_400 < 0 ? 1 : 0)
    }

    /// Reads the first ten characters of `2025-06-20` or `2025-06-20T09:12:01.101+07:00`.
    public init?(_ text: String) {
        let octets = Array(text.utf8.prefix(10))
        guard octets.count == 10, octets[4] == 0x2D, octets[7] == 0x2D else { return nil }
        func value(_ range: Range<Int>) -> Int? {
            var result = 0
            for octet in octets[range] {
                guard (0x30...0x39).contains(octet) else { return nil }
                result = result * 10 + Int(octet - 0x30)
            }
            return result
        }
        guard let year = value(0..<4), let month = value(5..<7), let day = value(8..<10),
            (1...12).contains(month), day >= 1, day <= Self.lengthOfMonth(month, year: year)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func lengthOfMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private init(year: Int, month: Int, day: Int) {
        // Days are counted in a year that begins with March, so that the leap day comes last.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private var parts: (year: Int, month: Int, day: Int) {
        let days = number + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Written as people write it here: 20/6/2025.
    public var text: String {
        let parts = parts
        return "\(parts.day)/\(parts.month)/\(parts.year)"
    }

    /// The earlier day is the smaller one.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    /// How far the last day on time is away: "còn 2 ngày", "hạn cuối hôm nay", "quá hạn 3 ngày".
    public func distance(from today: CalendarDay, _ language: Language) -> String {
        let days = number - today.number
        return switch (days, language) {
        case (0, .vietnamese): "hạn cuối hôm nay"
        case (0, .english): "last day today"
        case (1..., .vietnamese): "còn \(days) ngày"
        case (1..., .english): days == 1 ? "1 day left" : "\(days) days left"
        case (_, .vietnamese): "quá hạn \(-days) ngày"
        case (_, .english): days == -1 ? "1 day overdue" : "\(-days) days overdue"
        }
    }
}

/// A moment written for people: 9:12 16/6/2025.
package enum MomentText {
    /// Rewrites `2025-06-16T09:12:01.101+07:00`; nil for anything else.
    package static func text(_ value: String) -> String? {
        let octets = Array(value.utf8)
        guard octets.count >= 16, octets[10] == 0x54 || octets[10] == 0x20, octets[13] == 0x3A,
            let day = CalendarDay(value)
        else { return nil }
        let clock = octets[11..<16]
        guard clock.allSatisfy({ (0x30...0x3A).contains($0) }) else { return nil }
        return String(decoding: clock, as: UTF8.self) + " " + day.text
    }
}
