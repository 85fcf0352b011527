/// What "trước ngày 15/3/2025" means: the setting `before-date` (domain, section 6).
public enum BeforeDateRule: String, Sendable, CaseIterable {
    /// On time if done before that date begins.
    case strict
    /// On time until that date ends.
    case inclusive
    /// Strict; when the last day on time is a Saturday or Sunday, it is the working day before.
    case workday = "working-day"
}

/// A milestone of a plan: "trước ngày …", and the rule that says what that means.
///
/// Being overdue is computed from it and never stored. Public holidays are not known here: a milestone that meets one
/// is extended by a document of the Director.
public struct Deadline: Sendable, Hashable {
    /// The date the plan prints.
    public let date: CivilDate
    /// The reading of "before" in force.
    public let rule: BeforeDateRule

    /// A milestone before the given date.
    public init(date: CivilDate, rule: BeforeDateRule = .strict) {
        self.date = date
        self.rule = rule
    }

    /// The last day on which an act is on time.
    public var lastDay: CivilDate {
        switch rule {
        case .inclusive: return date
        case .strict: return date.adding(days: -1)
        case .workday:
            var day = date.adding(days: -1)
            while day.weekday.isWeekend, day.adding(days: -1) < day { day = day.adding(days: -1) }
            return day
        }
    }

    /// Whether an act at this moment comes too late.
    public func isLate(at now: Instant) -> Bool { lastDay < now.date }

    /// How many days an act at this moment is late, as in "quá hạn n ngày"; 0 while it is on time.
    public func overdueDays(at now: Instant) -> Int { max(0, lastDay.days(until: now.date)) }

    /// How many days remain until the last day on time: 0 on that day itself, negative when late.
    public func daysLeft(at now: Instant) -> Int { now.date.days(until: lastDay) }

    /// The reminder that is due, by its days before the last day: five, two, none; nil before the first and once it is late,
    /// which is told by itself.
    public func reminder(at now: Instant) -> Int? {
        let left = daysLeft(at: now)
        return left < 0 ? nil : [0, 2, 5].first { left <= $0 }
    }

    /// The milestone and the rule in words; the screen always prints the rule used.
    public func text(vietnamese: Bool) -> String {
        let last = lastDay
        if vietnamese { return text(date.vietnamese, last.vietnamese) }
        let reading =
            switch rule {
            case .strict: "rule: done before \(date) begins"
            case .inclusive: "rule: \(date) itself counts"
            case .workday: "rule: the last working day before \(date)"
            }
        return "before \(date): at the latest on \(last.weekday.text(vietnamese: false)), \(last) (\(reading))"
    }

    /// The same in the running text of a document.
    var onPaper: String { text(date.onPaper, lastDay.onPaper) }

    private func text(_ date: String, _ last: String) -> String {
        let reading =
            switch rule {
            case .strict: "quy tắc: xong trước khi ngày \(date) bắt đầu"
            case .inclusive: "quy tắc: tính cả ngày \(date)"
            case .workday: "quy tắc: ngày làm việc cuối cùng trước ngày \(date)"
            }
        return "trước ngày \(date): chậm nhất hết \(lastDay.weekday.text(vietnamese: true)), ngày \(last) (\(reading))"
    }
}
