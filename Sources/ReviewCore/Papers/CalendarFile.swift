import ReviewDigest

/// The milestones as a calendar file (iCalendar, RFC 5545), which phones and Outlook import.
///
/// It tells of a topic what everybody may know who may know of it, as LIST does, and of an open plenary what its readers
/// may know. A file is a snapshot: once a date was extended it is fetched and imported again, and its events, which have
/// the same UIDs for ever, take the place of those before.
public struct CalendarFile: Sendable {
    /// How many events it has.
    public let events: Int
    /// The file with LF at the ends of its lines; empty without events, since a calendar is at least one.
    public let text: String

    /// The calendar for a person.
    public init(of state: State, for person: PersonID, vietnamese: Bool, now: Instant) {
        var writer = CalendarWriter(state: state, vietnamese: vietnamese, now: now)
        for topic in state.openTopicsInOrder {
            let access = state.access(of: person, to: topic)
            if access != .none { writer.add(topic, access) }
        }
        events = writer.events
        text = writer.text
    }
}

/// Writes the events of one calendar.
private struct CalendarWriter {
    let state: State
    let vietnamese: Bool
    let now: Instant

    private var lines = ContentLines()
    private(set) var events = 0
    /// `20250616T021201Z`, the moment at which everything in the file held.
    private let stamp: String

    /// The hour of the morning at which a reminder comes.
    private static let hour = 8

    init(state: State, vietnamese: Bool, now: Instant) {
        self.state = state
        self.vietnamese = vietnamese
        self.now = now
        stamp = Self.utc(now)
    }

    var text: String {
        guard events > 0 else { return "" }
        var file = ContentLines()
        file.add("BEGIN", "VCALENDAR")
        file.add("VERSION", "2.0")
        file.add("PRODID", "-//phanbien//phanbien//\(vietnamese ? "VI" : "EN")")
        file.add("CALSCALE", "GREGORIAN")
        // No METHOD: to publish in the sense of RFC 5546 every event would need an organiser with a mail address.
        file.add("X-WR-CALNAME", text: said(Wording("Các mốc chuyên đề", "Topic milestones")))
        return file.text + lines.text + "END:VCALENDAR\n"
    }

    mutating func add(_ topic: Topic, _ access: Access) {
        for milestone in Milestone.allCases {
            if let date = topic.date(of: milestone) { add(milestone, before: date, of: topic) }
        }
        if access == .text, let plenary = topic.plenary, plenary.closed == nil { add(plenary, of: topic) }
    }

    // MARK: Milestones

    /// A whole day: the last one on time.
    private mutating func add(_ milestone: Milestone, before date: CivilDate, of topic: Topic) {
        let deadline = Deadline(date: date, rule: state.beforeDate)
        let day = deadline.lastDay
        let isPassed = topic.milestone.map { milestone.order < $0.order } ?? true
        let extensions = topic.extensions.filter { $0.milestone == milestone }
        let name = said(
            Wording(
                "\(topic.id.code)\(topic.postponed == nil ? "" : " (tạm hoãn)") – hạn \(milestone.wording.vietnamese)",
                "\(topic.id.code)\(topic.postponed == nil ? "" : " (postponed)") – deadline: \(milestone.wording.english)"
            ))
        begin("\(topic.id)-\(milestone.rawValue)", of: topic, sequence: extensions.count)
        lines.add("DTSTART;VALUE=DATE", Self.compact(day))
        let next = day.adding(days: 1)
        // The last day that there is has none behind it; an event without an end takes one day.
        if next > day { lines.add("DTEND;VALUE=DATE", Self.compact(next)) }
        lines.add(
            "SUMMARY",
            text: name + said(Wording(" (trước ngày \(date.vietnamese))", " (before \(date))")))
        var words = about(topic)
        words.append(said(Wording("Thời hạn: ", "Deadline: ")) + deadline.text(vietnamese: vietnamese))
        if let last = extensions.last, let planned = topic.planned[milestone] {
            words.append(
                said(
                    Wording(
                        "Gia hạn theo \(last.reference); Kế hoạch ghi trước ngày \(planned.vietnamese)",
                        "Extended under \(last.reference); the plan says before \(planned)")))
        }
        if topic.postponed != nil {
            words.append(said(Wording("Chuyên đề đang tạm hoãn", "The topic is postponed")))
        }
        if isPassed {
            words.append(said(Wording("Chuyên đề đã qua mốc này", "The topic has passed this milestone")))
        }
        lines.add("DESCRIPTION", text: words.joined(separator: "\n"))
        // A deadline takes nobody's day.
        lines.add("TRANSP", "TRANSPARENT")
        // Nobody is reminded of what is done, or rests.
        if !isPassed, topic.postponed == nil { remind(of: name, on: day) }
        lines.add("END", "VEVENT")
    }

    /// Five days and two days before the last day on time, and on that day (domain §6); what lies behind is left out, since
    /// some programs call it up at once.
    private mutating func remind(of name: String, on day: CivilDate) {
        for days in [5, 2, 0] {
            let morning = day.adding(days: -days).startInstant.adding(milliseconds: Int64(Self.hour) * 3_600_000)
            guard morning > now else { continue }
            lines.add("BEGIN", "VALARM")
            lines.add("ACTION", "DISPLAY")
            // Counted from the midnight with which the day begins.
            lines.add("TRIGGER", days == 0 ? "PT\(Self.hour)H" : "-P\(days - 1)DT\(24 - Self.hour)H")
            let left =
                days == 0
                ? Wording("Hôm nay là ngày cuối", "Today is the last day")
                : Wording("Còn \(days) ngày", "\(days) days left")
            lines.add("DESCRIPTION", text: said(left) + ": " + name)
            lines.add("END", "VALARM")
        }
    }

    // MARK: Plenaries

    /// A moment: how long a plenary takes is not known before.
    private mutating func add(_ plenary: Plenary, of topic: Topic) {
        guard let start = plenary.announced else { return }
        let former = topic.passages.count { $0.from == .plenary } + topic.plenariesReopened
        begin("\(topic.id)-plenary", of: topic, sequence: former)
        lines.add("DTSTART", Self.utc(start))
        lines.add(
            "SUMMARY",
            text: said(Wording("\(topic.id.code) – sinh hoạt chuyên đề", "\(topic.id.code) – plenary")))
        let place = state.shown(plenary.place)
        if !place.isEmpty { lines.add("LOCATION", text: place) }
        let words =
            about(topic) + [
                said(Wording("Chủ trì: ", "Chair: ")) + state.personName(plenary.chair),
                said(Wording("Thư ký: ", "Secretary: ")) + state.personName(plenary.secretary),
                said(
                    Wording("Văn bản: dự thảo lần \(plenary.revision)", "The text: revision \(plenary.revision)")),
            ]
        lines.add("DESCRIPTION", text: words.joined(separator: "\n"))
        lines.add("END", "VEVENT")
    }

    // MARK: Both

    private mutating func begin(_ name: String, of topic: Topic, sequence: Int) {
        events += 1
        lines.add("BEGIN", "VEVENT")
        // Named by the plan's own octets: a log gets another name when it is restored, and these stay.
        let source = state.plan(topic.plan)?.origin.description.prefix(16) ?? ""
        lines.add("UID", "\(name)@\(source).phanbien")
        lines.add("DTSTAMP", stamp)
        lines.add("SEQUENCE", String(sequence))
    }

    private func about(_ topic: Topic) -> [String] {
        [
            topic.title,
            said(Wording("Phòng chủ trì: ", "Lead office: ")) + state.officeName(topic.lead),
            said(Wording("Phòng phản biện: ", "Review office: ")) + state.officeName(topic.review),
        ]
    }

    private func said(_ wording: Wording) -> String { vietnamese ? wording.vietnamese : wording.english }

    /// `20250620`.
    private static func compact(_ date: CivilDate) -> String { String(date.description.filter { $0 != "-" }) }

    /// `20250625T010000Z`.
    private static func utc(_ moment: Instant) -> String {
        let local = moment.adding(milliseconds: -Instant.offsetMilliseconds).rfc3339.prefix(19)
        return String(local.filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
