public import ReviewCore
import Yams

/// Reads a plan file (YAML) into a draft, and says line by line what it could not understand.
///
/// The parser is a library's; what it is given is bounded first (`PlanFilePrescan`), since it follows nesting by
/// recursion.
public enum PlanFile {
    /// The largest plan file, in octets; the plan of 34 centres has a tenth of that.
    public static let maximumOctets = 262_144

    /// Reads a plan file.
    ///
    /// - Returns: the draft, whose `unread` holds the same problems; nil when the file is no plan at all.
    public static func read(_ octets: [UInt8]) -> (draft: PlanDraft?, problems: [PlanProblem]) {
        guard octets.count <= maximumOctets else {
            return (
                nil,
                [
                    .fatal(
                        0, "tệp lớn hơn \(maximumOctets / 1024) KiB; tệp kế hoạch chỉ chứa chữ, hãy kiểm tra lại tệp",
                        "the file is larger than \(maximumOctets / 1024) KiB; a plan file holds words only")
                ]
            )
        }
        let text: String
        do { text = try CanonicalText.document(octets) } catch {
            return (
                nil,
                [
                    .fatal(
                        error.line, column: error.column, error.text(vietnamese: true), error.text(vietnamese: false))
                ]
            )
        }
        if let problem = PlanFilePrescan.problem(in: text) { return (nil, [problem]) }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            return (nil, [problem(of: error)])
        }
        guard let root, case .mapping(let mapping) = root else {
            return (
                nil,
                [
                    .fatal(
                        1, "tệp kế hoạch phải bắt đầu bằng các dòng “khóa: giá trị”, dòng đầu là “plan: 2025”",
                        "a plan file consists of “key: value” lines, the first one “plan: 2025”")
                ]
            )
        }
        var reader = PlanNodeReader()
        let draft = reader.draft(mapping)
        return (draft, PlanProblem.inOrder(reader.problems))
    }

    /// What the YAML parser stumbled over, in words for an official.
    private static func problem(of error: any Error) -> PlanProblem {
        guard let error = error as? YamlError else {
            return .fatal(0, "không đọc được tệp YAML", "the YAML cannot be read")
        }
        switch error {
        case .scanner(_, let said, let mark, _), .parser(_, let said, let mark, _), .composer(_, let said, let mark, _):
            return .fatal(
                mark.line, column: mark.column,
                "sai cú pháp YAML (\(said)); kiểm tra thụt đầu dòng, dấu hai chấm và dấu ngoặc kép",
                "YAML syntax (\(said)); look at indentation, colons and quotes")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.sorted().map { "“\($0.prefix(40))”" }.joined(separator: ", ")
            return .fatal(
                context.mark.line, "khóa \(names) ghi hai lần trong phần bắt đầu ở dòng này; chỉ giữ một",
                "the keys \(names) stand twice in the part that begins here; keep one")
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return .fatal(0, "không đọc được tệp YAML", "the YAML cannot be read")
        }
    }
}
