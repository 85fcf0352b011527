/// A moment in time, to the millisecond.
///
/// What people see is always the time of Vietnam, UTC+7, which has no daylight saving: the zone is fixed, so no time
/// zone database can change what a stored deadline means.
public struct Instant: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    public let milliseconds: Int64

    /// UTC+7 in milliseconds.
    static let offsetMilliseconds: Int64 = 7 * 3_600_000

    /// A moment so many milliseconds after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A moment as RFC 3339 section 5.6 writes it, with any offset; nil when it is not one, or no such day exists.
    ///
    /// Digits of the fraction beyond the millisecond are dropped. A leap second (`:60`) is refused.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
            reader.skip("-"), let day = reader.number(digits: 2),
            let date = CivilDate(year: year, month: month, day: day),
            reader.skip("T") || reader.skip("t"),
            let hour = reader.number(digits: 2), hour < 24, reader.skip(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.skip(":"),
            let second = reader.number(digits: 2), second < 60
        else { return nil }
        var thousandths = 0
        if reader.skip(".") {
            var weight = 100
            var digits = 0
            while let digit = reader.number(digits: 1) {
                thousandths += digit * weight
                weight /= 10
                digits += 1
            }
            guard digits > 0 else { return nil }
        }
        var offsetMinutes = 0
        if !(reader.skip("Z") || reader.skip("z")) {
            let sign = reader.skip("+") ? 1 : reader.skip("-") ? -1 : 0
            guard sign != 0, let hours = reader.number(digits: 2), hours < 24, reader.skip(":"),
                let minutes = reader.number(digits: 2), minutes < 60
            else { return nil }
            offsetMinutes = sign * (hours * 60 + minutes)
        }
        guard reader.isAtEnd else { return nil }
        let seconds = date.dayNumber * 86_400 + hour * 3600 + (minute - offsetMinutes) * 60 + second
        milliseconds = Int64(seconds) * 1000 + Int64(thousandths)
    }

    /// The moment in Vietnam, `2025-06-16T09:12:01.101+07:00`: always three decimals, always this offset.
    public var rfc3339: String {
        var writer = DigitWriter(capacity: 29)
        write(to: &writer)
        return writer.text
    }

    /// Appends the octets of `rfc3339`, without a string in between.
    public func appendRFC3339(to octets: inout [UInt8]) {
        var writer = DigitWriter(behind: octets)
        // The writer must hold the only reference, or its first octet would copy all before it.
        octets = []
        write(to: &writer)
        octets = writer.octets
    }

    private func write(to writer: inout DigitWriter) {
        let (day, rest) = localParts
        let seconds = rest / 1000
        writer.write(CivilDate(dayNumber: day))
        writer.separator("T")
        writer.number(seconds / 3600, digits: 2)
        writer.separator(":")
        writer.number(seconds / 60 % 60, digits: 2)
        writer.separator(":")
        writer.number(seconds % 60, digits: 2)
        writer.separator(".")
        writer.number(rest % 1000, digits: 3)
        for scalar in "+07:00".unicodeScalars { writer.separator(scalar) }
    }

    /// The moment for people, in Vietnam: `09:12 ngày 16/6/2025`.
    public var vietnamese: String { "\(clock) ngày \(date.vietnamese)" }

    /// The moment in the running text of a document: `09:12 ngày 05/01/2025`.
    var onPaper: String { "\(clock) ngày \(date.onPaper)" }

    private var clock: String {
        let minutes = localParts.rest / 60_000
        return "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }

    /// The moment on a document, `08 giờ 05 phút, ngày 25 tháng 6 năm 2025`.
    var administrative: String {
        let (_, rest) = localParts
        return "\(padded(rest / 3_600_000, 2)) giờ \(padded(rest / 60_000 % 60, 2)) phút, \(date.administrative)"
    }

    /// The date it is in Vietnam at this moment.
    public var date: CivilDate { CivilDate(dayNumber: localParts.day) }

    /// The moment so many milliseconds later; it stops at the ends of what 64 bits hold.
    public func adding(milliseconds distance: Int64) -> Instant {
        let (sum, overflow) = milliseconds.addingReportingOverflow(distance)
        return Instant(milliseconds: overflow ? (distance > 0 ? .max : .min) : sum)
    }

    /// Earlier moments come first.
    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// The number of the day in Vietnam and the milliseconds since its midnight.
    private var localParts: (day: Int, rest: Int) {
        // Bounded well outside the years 1 to 9999, so that adding the offset cannot overflow.
        let bounded = min(max(milliseconds, -100_000_000_000_000), 300_000_000_000_000)
        let local = bounded + Self.offsetMilliseconds
        var day = local / 86_400_000
        var rest = local % 86_400_000
        if rest < 0 {
            day -= 1
            rest += 86_400_000
        }
        return (Int(day), Int(rest))
    }
}
