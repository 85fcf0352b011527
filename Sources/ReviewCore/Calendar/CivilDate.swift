/// A day of the civil (proleptic Gregorian) calendar, without a time of day.
///
/// Years run from 1 to 9999; arithmetic that would leave them stops at the first or the last day instead of trapping.
public struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int

    /// The days of the week; the raw value counts from Monday = 1, as in ISO 8601.
    public enum Weekday: Int, Sendable, CaseIterable {
        case monday = 1
        case tuesday, wednesday, thursday, friday, saturday, sunday

        /// Saturday and Sunday, on which the Centre does not work.
        var isWeekend: Bool { self == .saturday || self == .sunday }

        /// The name of the day, for people.
        public func text(vietnamese: Bool) -> String {
            switch self {
            case .monday: vietnamese ? "thứ Hai" : "Monday"
            case .tuesday: vietnamese ? "thứ Ba" : "Tuesday"
            case .wednesday: vietnamese ? "thứ Tư" : "Wednesday"
            case .thursday: vietnamese ? "thứ Năm" : "Thursday"
            case .friday: vietnamese ? "thứ Sáu" : "Friday"
            case .saturday: vietnamese ? "thứ Bảy" : "Saturday"
            case .sunday: vietnamese ? "Chủ nhật" : "Sunday"
            }
        }
    }

    /// A date from its three numbers; nil when there is no such day, as 30 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// A date as the wire writes it, `2025-03-15`: four, two and two digits, nothing else.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
            reader.skip("-"), let day = reader.number(digits: 2), reader.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// A date as people write it, `15/3/2025` or `05/01/2025`: day first, never month first.
    public init?(vietnamese text: String) {
        var reader = DigitReader(text)
        guard let day = reader.number(upTo: 2), reader.skip("/"), let month = reader.number(upTo: 2),
            reader.skip("/"), let year = reader.number(digits: 4), reader.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Days since 1970-01-01, which is day 0.
    init(dayNumber: Int) {
        let clamped = min(max(dayNumber, Self.firstDayNumber), Self.lastDayNumber)
        // Years are counted from 1 March, so that the leap day is the last one of its year, in eras of 400 years.
        let shifted = clamped + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private static let firstDayNumber = -719_162
    private static let lastDayNumber = 2_932_896

    var dayNumber: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day of the week.
    public var weekday: Weekday {
        let sinceMonday = (dayNumber + 3) % 7
        return Weekday(rawValue: (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1) ?? .monday
    }

    /// The date so many days later, or earlier when negative; it stops at the first and last day of the calendar.
    public func adding(days: Int) -> CivilDate {
        let bounded = min(max(days, -4_000_000), 4_000_000)
        return CivilDate(dayNumber: dayNumber + bounded)
    }

    /// How many days `other` lies after this date; negative when it lies before.
    public func days(until other: CivilDate) -> Int { other.dayNumber - dayNumber }

    /// The first instant of this date in Vietnam: 00:00 at UTC+7.
    public var startInstant: Instant {
        Instant(milliseconds: Int64(dayNumber) * 86_400_000 - Instant.offsetMilliseconds)
    }

    /// The date as the wire writes it, `2025-03-15`.
    public var description: String {
        var writer = DigitWriter(capacity: 10)
        writer.write(self)
        return writer.text
    }

    /// The date in running text, `15/3/2025`.
    public var vietnamese: String { "\(day)/\(month)/\(year)" }

    /// The date in the running text of a document, `05/01/2025`, with the zeros that its dates have in words.
    public var onPaper: String { "\(padded(day, 2))/\(month <= 2 ? padded(month, 2) : String(month))/\(year)" }

    /// The date on a document, `ngày 05 tháng 01 năm 2025`.
    ///
    /// NĐ 30/2020/NĐ-CP, Phụ lục I: days below 10 and the months 1 and 2 take a leading zero, other months do not.
    public var administrative: String {
        "ngày \(padded(day, 2)) tháng \(month <= 2 ? padded(month, 2) : String(month)) năm \(year)"
    }

    /// Earlier dates come first.
    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// A number with leading zeros up to the given width.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Writes fixed forms of digits and separators.
///
/// Dates and times stand in every event and nearly every row, so they are written without a string for each number.
struct DigitWriter {
    private(set) var octets: [UInt8] = []

    init(capacity: Int) { octets.reserveCapacity(capacity) }

    /// Writes behind these octets.
    init(behind octets: consuming [UInt8]) { self.octets = octets }

    /// What was written.
    var text: String { String(decoding: octets, as: UTF8.self) }

    mutating func separator(_ scalar: Unicode.Scalar) { octets.append(UInt8(truncatingIfNeeded: scalar.value)) }

    /// The last digits of a number that is not negative.
    mutating func number(_ number: Int, digits: Int) {
        let start = octets.count
        for _ in 0..<digits { octets.append(UInt8(ascii: "0")) }
        var rest = number
        for place in stride(from: start + digits - 1, through: start, by: -1) {
            octets[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// A date in ten octets.
    mutating func write(_ date: CivilDate) {
        number(date.year, digits: 4)
        separator("-")
        number(date.month, digits: 2)
        separator("-")
        number(date.day, digits: 2)
    }
}

/// Reads fixed forms of digits and separators; never reads more digits than asked, so no number can overflow.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(digits: Int) -> Int? {
        guard let (value, count) = read(digits), count == digits else { return nil }
        return value
    }

    mutating func number(upTo digits: Int) -> Int? { read(digits)?.value }

    mutating func skip(_ separator: Unicode.Scalar) -> Bool {
        guard let octet = rest.first, UInt32(octet) == separator.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func octet() -> UInt8? { rest.popFirst() }

    private mutating func read(_ limit: Int) -> (value: Int, count: Int)? {
        var value = 0
        var count = 0
        while count < limit, let octet = rest.first, octet >= 0x30, octet <= 0x39 {
            value = value * 10 + Int(octet - 0x30)
            count += 1
            rest.removeFirst()
        }
        return count == 0 ? nil : (value, count)
    }
}
