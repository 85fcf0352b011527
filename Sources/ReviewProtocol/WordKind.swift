/// The lexical form of a value (specification §5).
///
/// A value of the wrong form is BAD SYNTAX: whether the thing it names exists, and whether the person may see it, is
/// decided later.
public indirect enum WordKind: Sendable, Equatable {
    /// `2025-1`: year and number.
    case topic
    /// `2025-1@3`: topic and revision number from 1.
    case revision
    /// `@3`: the number of a revision of the topic named beside it; `@0` stands for “none yet”.
    case revisionNumber
    /// `C88`, also written `c88`.
    case comment
    /// `P5`, also written `p5`.
    case review
    /// A person's id: `[a-z0-9][a-z0-9._-]{1,31}`.
    case person
    /// An office's id, of the same form.
    case office
    /// `2025-03-15`, a day of the calendar.
    case date
    /// A date, or a date and time of day `2025-03-15T08:00`.
    case moment
    /// `2025`.
    case year
    /// A decimal number within bounds.
    case number(ClosedRange<Int64>)
    /// A section and paragraph `II.1/2`, a section `II.1`, or a line `L12`.
    ///
    /// What it points at is resolved later.
    case anchor
    /// `yes`.
    case yes
    /// One of these words, in any case.
    case oneOf([String])
    /// Hexadecimal digits, so many.
    case hexadecimal(ClosedRange<Int>)
    /// Values of one kind, separated by commas.
    case list(WordKind)
    /// The first of these kinds that fits.
    case any([WordKind])
    /// Free text of 1 to so many octets.
    case text(Int)
    /// 1 to 64 printable characters that the sender chose for a retry (specification §4).
    case retryKey

    /// The value in its one spelling (`C88`, lower-case digits); nil when it has not this form.
    public func canonical(_ value: String) -> String? {
        lazy var octets = Array(value.utf8)
        switch self {
        case .topic: return Lexical.isTopic(octets[...]) ? value : nil
        case .revision:
            guard let at = octets.firstIndex(of: 0x40), Lexical.isTopic(octets[..<at]),
                Lexical.isNumber(octets[(at + 1)...], digits: 6)
            else { return nil }
            return value
        case .revisionNumber:
            guard octets.first == 0x40 else { return nil }
            return octets.count == 2 && octets[1] == 0x30 || Lexical.isNumber(octets[1...], digits: 6) ? value : nil
        case .comment: return Lexical.numbered(value, octets, letter: 0x43)
        case .review: return Lexical.numbered(value, octets, letter: 0x50)
        case .person, .office: return Lexical.isName(octets) ? value : nil
        case .date: return Lexical.isDate(octets[...]) ? value : nil
        case .moment: return Lexical.isMoment(octets) ? value : nil
        case .year: return octets.count == 4 && Lexical.isNumber(octets[...], digits: 4) ? value : nil
        case .number(let range):
            guard (1...19).contains(octets.count), octets.allSatisfy(Octet.isDigit), let number = Int64(value),
                range.contains(number)
            else { return nil }
            return String(number)
        case .anchor: return Lexical.isAnchor(octets) ? value : nil
        case .yes: return value == "yes" || value.lowercased() == "yes" ? "yes" : nil
        case .oneOf(let words):
            if words.contains(value) { return value }
            let lower = value.lowercased()
            return words.first { $0 == lower }
        case .hexadecimal(let digits):
            guard digits.contains(octets.count), octets.allSatisfy(Lexical.isHexadecimal) else { return nil }
            return value.lowercased()
        case .list(let kind):
            guard octets.count <= 4_000 else { return nil }
            var values: [String] = []
            for part in octets.split(separator: 0x2C, omittingEmptySubsequences: false) {
                guard let value = kind.canonical(String(decoding: part, as: UTF8.self)) else { return nil }
                values.append(value)
            }
            return values.joined(separator: ",")
        case .any(let kinds):
            for kind in kinds {
                if let value = kind.canonical(value) { return value }
            }
            return nil
        case .text(let most): return (1...most).contains(value.utf8.count) ? value : nil
        case .retryKey:
            let count = value.unicodeScalars.count
            return (1...64).contains(count) && !value.utf8.contains(Octet.lineFeed) ? value : nil
        }
    }

    /// What a right value looks like.
    public var expected: Bilingual {
        switch self {
        case .topic: Bilingual("mã chuyên đề, ví dụ 2025-1", "a topic such as 2025-1")
        case .revision: Bilingual("mã chuyên đề và số bản, ví dụ 2025-1@3", "a revision such as 2025-1@3")
        case .revisionNumber: Bilingual("số bản, ví dụ @3", "a revision's number such as @3")
        case .comment: Bilingual("mã ý kiến, ví dụ C88", "a comment such as C88")
        case .review: Bilingual("mã phiếu phản biện, ví dụ P5", "a review such as P5")
        case .person:
            Bilingual(
                "mã người dùng, ví dụ minh (2–32 ký tự: chữ thường không dấu, số, dấu . _ -)",
                "a person's id such as minh (2–32 of a–z 0–9 . _ -)")
        case .office:
            Bilingual(
                "mã phòng, ví dụ hcth (2–32 ký tự: chữ thường không dấu, số, dấu . _ -)",
                "an office's id such as hcth (2–32 of a–z 0–9 . _ -)")
        case .date: Bilingual("ngày dạng năm-tháng-ngày, ví dụ 2025-03-15", "a date such as 2025-03-15")
        case .moment:
            Bilingual(
                "ngày và giờ, ví dụ 2025-06-25T08:00", "a date and a time of day such as 2025-06-25T08:00")
        case .year: Bilingual("năm, ví dụ 2025", "a year such as 2025")
        case .number(let range):
            Bilingual(
                "số từ \(range.lowerBound) đến \(range.upperBound)",
                "a number from \(range.lowerBound) to \(range.upperBound)")
        case .anchor:
            Bilingual(
                "mục và đoạn II.1/2, mục II.1, hoặc dòng L12",
                "a section and paragraph II.1/2, a section II.1, or a line L12")
        case .yes: Bilingual(both: "yes")
        case .oneOf(let words):
            Bilingual("một trong: \(words.joined(separator: ", "))", "one of: \(words.joined(separator: ", "))")
        case .hexadecimal(let digits) where digits.count == 1:
            Bilingual(
                "\(digits.lowerBound) chữ số thập lục phân", "\(digits.lowerBound) hexadecimal digits")
        case .hexadecimal(let digits):
            Bilingual(
                "từ \(digits.lowerBound) đến \(digits.upperBound) chữ số thập lục phân",
                "\(digits.lowerBound) to \(digits.upperBound) hexadecimal digits")
        case .list(let kind):
            Bilingual(
                "danh sách cách nhau bằng dấu phẩy: \(kind.expected.vietnamese)",
                "a list separated by commas: \(kind.expected.english)")
        case .any(let kinds):
            Bilingual(
                kinds.map(\.expected.vietnamese).joined(separator: "; hoặc "),
                kinds.map(\.expected.english).joined(separator: "; or "))
        case .text(let most): Bilingual("văn bản, tối đa \(most) octet", "text of at most \(most) octets")
        case .retryKey: Bilingual("1 đến 64 ký tự in được", "1 to 64 printable characters")
        }
    }

    /// How a synopsis shows the value.
    public var placeholder: String {
        switch self {
        case .topic: "topic"
        case .revision: "topic@n"
        case .revisionNumber: "@n"
        case .comment: "C88"
        case .review: "P5"
        case .person: "person"
        case .office: "office"
        case .date: "date"
        case .moment: "moment"
        case .year: "year"
        case .number: "n"
        case .anchor: "II.1/2"
        case .yes: "yes"
        case .oneOf(let words): words.joined(separator: "/")
        case .hexadecimal: "digits"
        case .list(let kind): "\(kind.placeholder),…"
        case .any(let kinds): kinds.map(\.placeholder).joined(separator: "/")
        case .text: "\"text\""
        case .retryKey: "text"
        }
    }
}

/// The lexical checks themselves, on octets.
enum Lexical {
    /// A decimal number without leading zeros, of at most so many digits.
    static func isNumber(_ octets: ArraySlice<UInt8>, digits: Int) -> Bool {
        guard let first = octets.first, first != 0x30, octets.count <= digits else { return false }
        return octets.allSatisfy(Octet.isDigit)
    }

    // topic = 4DIGIT "-" 1*3DIGIT
    static func isTopic(_ octets: ArraySlice<UInt8>) -> Bool {
        let start = octets.startIndex
        guard octets.count > 5, octets[start + 4] == Octet.minus else { return false }
        return isNumber(octets[start..<start + 4], digits: 4) && isNumber(octets[(start + 5)...], digits: 3)
    }

    /// `C88` with its letter in either case, spelt with the upper-case one; nil when it is something else.
    static func numbered(_ value: String, _ octets: [UInt8], letter: UInt8) -> String? {
        guard let first = octets.first, first & 0xDF == letter, isNumber(octets[1...], digits: 9) else { return nil }
        return first == letter ? value : value.uppercased()
    }

    // [a-z0-9][a-z0-9._-]{1,31}
    static func isName(_ octets: [UInt8]) -> Bool {
        guard (2...32).contains(octets.count) else { return false }
        func isPlain(_ octet: UInt8) -> Bool { octet &- 0x61 < 26 || Octet.isDigit(octet) }
        return isPlain(octets[0])
            && octets.allSatisfy { isPlain($0) || $0 == Octet.dot || $0 == Octet.underscore || $0 == Octet.minus }
    }

    static func isHexadecimal(_ octet: UInt8) -> Bool {
        Octet.isDigit(octet) || (octet | 0x20) &- 0x61 < 6
    }

    /// Letters, digits, dots and slashes: the document decides what the path means.
    static func isAnchor(_ octets: [UInt8]) -> Bool {
        guard (1...64).contains(octets.count), let first = octets.first, let last = octets.last else { return false }
        return Octet.isAlphaOrDigit(first) && Octet.isAlphaOrDigit(last)
            && octets.allSatisfy { Octet.isAlphaOrDigit($0) || $0 == Octet.dot || $0 == 0x2F }
    }

    /// Two digits as a number.
    private static func two(_ octets: ArraySlice<UInt8>, _ offset: Int) -> Int? {
        let index = octets.startIndex + offset
        guard index + 1 < octets.endIndex, Octet.isDigit(octets[index]), Octet.isDigit(octets[index + 1]) else {
            return nil
        }
        return Int(octets[index] - 0x30) * 10 + Int(octets[index + 1] - 0x30)
    }

    /// A day that the Gregorian calendar has.
    static func isDate(_ octets: ArraySlice<UInt8>) -> Bool {
        let start = octets.startIndex
        guard octets.count == 10, octets[start + 4] == Octet.minus, octets[start + 7] == Octet.minus,
            let century = two(octets, 0), let rest = two(octets, 2), let month = two(octets, 5),
            let day = two(octets, 8)
        else { return false }
        let year = century * 100 + rest
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return year > 0 && (1...12).contains(month) && day >= 1 && day <= days[month - 1]
    }

    /// A date with `T` and a time of day of hours and minutes, perhaps seconds.
    static func isMoment(_ octets: [UInt8]) -> Bool {
        guard octets.count == 16 || octets.count == 19, isDate(octets[..<10]), octets[10] == 0x54,
            octets[13] == Octet.colon,
            let hour = two(octets[...], 11), let minute = two(octets[...], 14), hour < 24, minute < 60
        else { return false }
        guard octets.count == 19 else { return true }
        guard octets[16] == Octet.colon, let second = two(octets[...], 17) else { return false }
        return second < 60
    }
}
