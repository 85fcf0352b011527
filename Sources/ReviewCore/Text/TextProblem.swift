/// Why a text from outside cannot be stored, and where.
public struct TextProblem: Error, Sendable, Equatable {
    /// What is wrong with the text.
    public enum Kind: Sendable, Equatable, CaseIterable {
        /// Octets that are not UTF-8, surrogates and overlong forms included.
        case utf8
        /// A control character, a carriage return that does not end a line, a line or paragraph separator of Unicode,
        /// a noncharacter; in a field also a line feed or a tab.
        case control
        /// A character that turns the direction of the text around it.
        case bidi
        /// A character nobody can see: zero width, soft hyphen, byte order mark, variation selector, tag.
        case invisible
        /// A combining mark with nothing to stand on, or more than 30 marks in a row (UAX #15, stream-safe text).
        case combining
        /// Nothing but blanks.
        case empty
        /// More octets than allowed; the position is that of the whole text.
        case tooLong
    }

    /// What is wrong.
    public let kind: Kind
    /// The line, from 1, in the text as it was received.
    public let line: Int
    /// The character in that line, from 1, counted in Unicode scalars of the text as it was received.
    public let column: Int
    /// The offending character, where there is one.
    public let scalar: UInt32?
    /// The octets that are allowed, where there are too many.
    public let limit: Int?

    init(_ kind: Kind, line: Int = 1, column: Int = 1, scalar: UInt32? = nil, limit: Int? = nil) {
        self.limit = limit
        self.kind = kind
        self.line = line
        self.column = column
        self.scalar = scalar
    }

    /// The problem in one sentence, for people.
    public func text(vietnamese: Bool) -> String {
        let place = vietnamese ? "dòng \(line), cột \(column)" : "line \(line), column \(column)"
        let name =
            scalar.map {
                " U+" + String(repeating: "0", count: max(0, 4 - hexadecimal($0).utf8.count)) + hexadecimal($0)
            } ?? ""
        switch kind {
        case .utf8: return vietnamese ? "Không phải UTF-8 hợp lệ (\(place))" : "Not valid UTF-8 (\(place))"
        case .control:
            return vietnamese
                ? "Ký tự điều khiển\(name) không được phép (\(place))"
                : "Control character\(name) is not allowed (\(place))"
        case .bidi:
            return vietnamese
                ? "Ký tự đảo chiều chữ\(name) không được phép (\(place))"
                : "Bidirectional control\(name) is not allowed (\(place))"
        case .invisible:
            return vietnamese
                ? "Ký tự ẩn\(name) không được phép (\(place))" : "Invisible character\(name) is not allowed (\(place))"
        case .combining:
            return vietnamese
                ? "Dấu kết hợp\(name) không có chữ để đặt, hoặc quá 30 dấu liền nhau (\(place))"
                : "Combining mark\(name) without a letter, or more than 30 in a row (\(place))"
        case .empty: return vietnamese ? "Không được để trống" : "Must not be empty"
        case .tooLong:
            guard let limit else { return vietnamese ? "Nội dung quá dài" : "Too long" }
            return vietnamese
                ? "Nội dung quá dài: tối đa \(limit) byte (chữ có dấu chiếm 2 đến 3 byte)"
                : "Too long: at most \(limit) octets (a letter with marks takes 2 or 3)"
        }
    }
}

private func hexadecimal(_ value: UInt32) -> String { String(value, radix: 16, uppercase: true) }
