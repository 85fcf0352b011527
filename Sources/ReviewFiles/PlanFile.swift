public import ReviewCore
import ReviewProtocol
import Yams

/// Reads a plan file: the YAML form of a year's plan, with comments and the order of its lines.
public enum PlanFile {
    /// Reads a plan, as far as it can be understood.
    ///
    /// Total: any octets give a draft, or problems that say why not. Nothing is corrected.
    /// - Returns: the draft, nil when there is nothing to hold on to (no YAML, no year), and every problem in the order
    ///   of the lines. With a draft these are `draft.problems()`, so whoever has the draft needs no other list.
    public static func read(_ octets: [UInt8]) -> (draft: PlanDraft?, problems: [PlanProblem]) {
        let text: String
        switch FileText.read(octets, maximumOctets: PlanForm.maximumOctets) {
        case .success(let canonical): text = canonical
        case .failure(let problem): return (nil, [problem])
        }
        let form = PlanForm(text)
        guard form.problems.isEmpty else { return (nil, form.problems) }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            return (nil, [YAMLProblem.describe(error, in: text)])
        }
        var reader = PlanReader(lines: text.utf8.count { $0 == 0x0A })
        let draft = reader.read(root)
        return (draft, draft?.problems() ?? PlanProblem.inOrder(reader.problems))
    }
}

/// The text of a file that people edit with any program.
enum FileText {
    /// Canonical text: valid UTF-8 in NFC without invisible or control characters, lines as in the file.
    ///
    /// A byte order mark in front, which Notepad and Excel write, is dropped.
    static func read(_ octets: [UInt8], maximumOctets: Int) -> Result<String, PlanProblem> {
        guard octets.count <= maximumOctets else {
            return .failure(
                .fatal(
                    0, "Tệp lớn hơn \(maximumOctets / 1024) KiB. Kiểm tra có chọn nhầm tệp không.",
                    "The file is larger than \(maximumOctets / 1024) KiB. Check that it is the right one."))
        }
        let content = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(octets.dropFirst(3)) : octets
        do throws(TextProblem) {
            return .success(try CanonicalText.document(content, maximumOctets: maximumOctets))
        } catch {
            if error.kind == .empty {
                return .failure(.fatal(0, "Tệp trống.", "The file is empty."))
            }
            if let what = ForeignFile(content)?.name {
                return .failure(
                    .fatal(
                        0,
                        "Đây là \(what.vietnamese). Hãy lưu thành văn bản thuần mã UTF-8; trong Excel chọn “CSV UTF-8”.",
                        "This is \(what.english). Save it as plain text in UTF-8; in Excel choose “CSV UTF-8”."))
            }
            let hint =
                error.kind == .utf8
                ? Wording(" Lưu lại tệp với mã UTF-8.", " Save the file as UTF-8.")
                : Wording(" Xóa ký tự đó.", " Delete it.")
            return .failure(
                .fatal(
                    error.line, column: error.column, error.text(vietnamese: true) + "." + hint.vietnamese,
                    error.text(vietnamese: false) + "." + hint.english))
        }
    }
}

/// Says in both languages what the YAML library found wrong.
enum YAMLProblem {
    static func describe(_ error: any Error, in text: String) -> PlanProblem {
        guard let error = error as? YamlError else { return syntax(0, nil, String(describing: error)) }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            // The library points behind the file's end when something is missing there; people look at its last line.
            let last = text.utf8.count { $0 == 0x0A }
            return mark.line > last ? syntax(last, nil, problem) : syntax(mark.line, mark.column, problem)
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            let second = secondLine(of: key, first: context.mark, in: text)
            return .fatal(
                second ?? context.mark.line, column: context.mark.column,
                "“\(key)” ghi hai lần (lần đầu ở dòng \(context.mark.line)). Giữ một dòng.",
                "“\(key)” is given twice (first in line \(context.mark.line)). Keep one of them.")
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
            return syntax(0, nil, problem)
        case .memory, .no, .dataCouldNotBeDecoded:
            return syntax(0, nil, "unreadable")
        }
    }

    private static func syntax(_ line: Int, _ column: Int?, _ problem: String) -> PlanProblem {
        .fatal(
            line, column: column,
            "Không đọc được theo dạng YAML (\(problem)). Kiểm tra thụt đầu dòng, dấu cách sau dấu hai chấm; giá trị có “: ” hoặc “ #” thì đặt trong ngoặc kép.",
            "Not readable as YAML (\(problem)). Check the indentation and the blank after each colon; put values that hold “: ” or “ #” in quotation marks."
        )
    }

    /// The line of the same key further down in the same mapping.
    private static func secondLine(of key: String, first: Mark, in text: String) -> Int? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard first.line >= 1, first.line < lines.count else { return nil }
        for (index, line) in lines.enumerated().dropFirst(first.line) {
            let content = line.drop { $0 == " " }
            let column = line.unicodeScalars.count - content.unicodeScalars.count + 1
            if content.isEmpty || content.hasPrefix("#") { continue }
            if column < first.column { return nil }
            if column == first.column, content.hasPrefix(key + ":") || content.hasPrefix("\"\(key)\":") {
                return index + 1
            }
        }
        return nil
    }
}
