/// Something that a plan file says wrongly, doubtfully, or not at all; reported line by line, never corrected.
public struct PlanProblem: Error, Sendable, Equatable {
    /// The line of the file, from 1; 0 when it concerns the file as a whole.
    public let line: Int
    /// The character in that line, from 1, where it is known.
    public let column: Int?
    /// What is wrong and what to do about it.
    public let wording: Wording
    /// Whether the plan cannot be loaded as long as this stands.
    public let isFatal: Bool

    /// Reports a problem.
    public init(line: Int, column: Int? = nil, wording: Wording, isFatal: Bool) {
        self.line = line
        self.column = column
        self.wording = wording
        self.isFatal = isFatal
    }

    /// A problem that stops loading.
    public static func fatal(_ line: Int, column: Int? = nil, _ vietnamese: String, _ english: String) -> PlanProblem {
        PlanProblem(line: line, column: column, wording: Wording(vietnamese, english), isFatal: true)
    }

    /// A problem that is reported and does not stop loading.
    public static func warning(_ line: Int, column: Int? = nil, _ vietnamese: String, _ english: String) -> PlanProblem
    {
        PlanProblem(line: line, column: column, wording: Wording(vietnamese, english), isFatal: false)
    }

    /// The sentence with its place and its weight in front: `Dòng 12, cột 7 – lỗi: …`.
    public var placed: Wording {
        let columnVietnamese = column.map { ", cột \($0)" } ?? ""
        let columnEnglish = column.map { ", column \($0)" } ?? ""
        let placeVietnamese = line > 0 ? "Dòng \(line)\(columnVietnamese)" : "Toàn tệp"
        let placeEnglish = line > 0 ? "Line \(line)\(columnEnglish)" : "Whole file"
        return Wording(
            "\(placeVietnamese) – \(isFatal ? "lỗi" : "lưu ý"): \(wording.vietnamese)",
            "\(placeEnglish) – \(isFatal ? "error" : "note"): \(wording.english)")
    }

    /// Problems in the order of the file; those of one line stay in the order in which they were found.
    public static func inOrder(_ problems: [PlanProblem]) -> [PlanProblem] {
        problems.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    }
}
