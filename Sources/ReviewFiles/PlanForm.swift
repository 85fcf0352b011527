import ReviewCore

/// Checks the form of a plan file before the YAML library sees it.
///
/// YAML can do far more than a plan needs, and its composer descends once for every level of nesting, so a small file
/// could exhaust the stack. A plan file therefore uses a part of YAML in which every line stands for itself: each value
/// on one line, no anchors, aliases, tags, directives, block texts or explicit keys, and `[…]` and `{…}` closed on the
/// line that opens them. That makes the depth exactly known without a parser, and mistakes easy to name.
struct PlanForm {
    /// The largest file, in octets.
    static let maximumOctets = 262_144
    /// The deepest nesting of lists and mappings: the form itself needs nine, with an outline of six levels.
    static let maximumDepth = 16
    /// The most problems that are reported; what follows is usually their consequence.
    private static let maximumProblems = 20

    private(set) var problems: [PlanProblem] = []
    /// The columns, from 0, at which the open lists and mappings begin.
    private var open: [Int] = []
    /// Where a value may go on: the column that a following line has to exceed, as YAML sees it.
    private var continuation: Int?

    /// Looks at every line of a canonical text.
    init(_ text: String) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard problems.count < Self.maximumProblems else { return }
            var scanner = LineScanner(Array(line.utf8), number: index + 1)
            check(&scanner)
        }
    }

    private mutating func check(_ line: inout LineScanner) {
        let indentation = line.skipBlanks()
        guard !line.isAtEnd else { return }
        if line.hasTab {
            report(
                line.number, "thụt đầu dòng bằng phím Tab. Dùng dấu cách, mỗi cấp hai dấu cách.",
                "indented with a tab. Use blanks, two for each level.")
            return
        }
        if indentation == 0, line.isDocumentMark { return }
        if let continuation, indentation > continuation {
            report(
                line.number,
                "dòng này nối tiếp giá trị của dòng trước. Viết mỗi giá trị trên một dòng, hoặc kiểm tra lại thụt đầu dòng.",
                "this line continues the value of the one before. Write each value on one line, or check the indentation."
            )
            self.continuation = nil
            return
        }
        continuation = nil
        while let last = open.last, last > indentation { open.removeLast() }
        line.scan()
        for column in line.starts where column > (open.last ?? -1) { open.append(column) }
        if let (vietnamese, english) = line.problem { report(line.number, vietnamese, english) }
        if open.count + line.deepestFlow > Self.maximumDepth {
            report(
                line.number, "các mục lồng nhau quá \(Self.maximumDepth) cấp.",
                "nested deeper than \(Self.maximumDepth) levels.")
        }
        if line.endsInPlainValue { continuation = line.starts.last ?? -1 }
    }

    private mutating func report(_ line: Int, _ vietnamese: String, _ english: String) {
        problems.append(.fatal(line, vietnamese, english))
    }
}

/// Reads the tokens of one line, as far as nesting and forbidden forms need them.
private struct LineScanner {
    let number: Int
    private let octets: [UInt8]
    private var place = 0
    private(set) var hasTab = false
    /// The columns of list marks and of the mapping key, in order.
    private(set) var starts: [Int] = []
    private(set) var deepestFlow = 0
    private(set) var problem: (String, String)?
    /// Whether the line ends in a value that YAML would let the next line continue.
    private(set) var endsInPlainValue = false
    private var flow = 0

    init(_ octets: [UInt8], number: Int) {
        self.octets = octets
        self.number = number
    }

    /// Whether only a comment or nothing is left.
    var isAtEnd: Bool { place >= octets.count || octets[place] == UInt8(ascii: "#") }

    /// `---` or `...` alone.
    var isDocumentMark: Bool { octets == Array("---".utf8) || octets == Array("...".utf8) }

    /// Moves to the first character that is not a blank and gives its column.
    mutating func skipBlanks() -> Int {
        while place < octets.count, isBlank(octets[place]) {
            if octets[place] == 0x09 { hasTab = true }
            place += 1
        }
        return place
    }

    mutating func scan() {
        while problem == nil {
            _ = skipBlanks()
            guard !isAtEnd else { break }
            endsInPlainValue = false
            token()
        }
        if problem == nil, flow > 0 {
            problem = (
                "dấu ngoặc mở mà không đóng trên cùng dòng. Viết cả {…} hoặc […] trên một dòng.",
                "a bracket is not closed on its line. Write the whole of {…} or […] on one line."
            )
        }
    }

    private mutating func token() {
        let octet = octets[place]
        switch octet {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            flow += 1
            deepestFlow = max(deepestFlow, flow)
            place += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            flow = max(0, flow - 1)
            place += 1
        case UInt8(ascii: ","), UInt8(ascii: ":"): place += 1
        case UInt8(ascii: "-") where isBlankOrEnd(place + 1):
            if flow == 0 { starts.append(place) }
            place += 1
        case UInt8(ascii: "?") where flow > 0 || isBlankOrEnd(place + 1): forbid("“?”")
        case UInt8(ascii: "&"): forbid("neo “&”", "anchor “&”")
        case UInt8(ascii: "*"): forbid("tham chiếu “*”", "alias “*”")
        case UInt8(ascii: "!"): forbid("thẻ “!”", "tag “!”")
        case UInt8(ascii: "|"), UInt8(ascii: ">"): forbid("khối văn bản “|”, “>”", "block text “|”, “>”")
        case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            forbid(
                "ký tự “\(Character(Unicode.Scalar(octet)))” ở đầu giá trị",
                "“\(Character(Unicode.Scalar(octet)))” as first character")
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quoted(octet)
        default: plain()
        }
    }

    private mutating func forbid(_ vietnamese: String, _ english: String? = nil) {
        problem = (
            "tệp kế hoạch không dùng \(vietnamese). Nếu là nội dung, đặt cả giá trị trong ngoặc kép.",
            "a plan file has no \(english ?? vietnamese). If it is content, put the whole value in quotation marks."
        )
    }

    private mutating func quoted(_ mark: UInt8) {
        let start = place
        place += 1
        while place < octets.count {
            if mark == UInt8(ascii: "\""), octets[place] == UInt8(ascii: "\\") {
                place += 2
                continue
            }
            if octets[place] == mark {
                place += 1
                if mark == UInt8(ascii: "'"), place < octets.count, octets[place] == mark {
                    place += 1
                    continue
                }
                if flow == 0, place < octets.count, octets[place] == UInt8(ascii: ":") { starts.append(start) }
                return
            }
            place += 1
        }
        problem = (
            "dấu ngoặc kép mở mà không đóng trên cùng dòng.", "a quotation mark is not closed on its line."
        )
    }

    private mutating func plain() {
        let start = place
        while place < octets.count {
            let octet = octets[place]
            if octet == UInt8(ascii: ":"), isBlankOrEnd(place + 1) || flow > 0 && isFlow(place + 1) {
                if flow == 0 { starts.append(start) }
                return
            }
            if flow > 0, isFlow(place) { return }
            if octet == UInt8(ascii: "#"), place > start, isBlank(octets[place - 1]) { break }
            place += 1
        }
        endsInPlainValue = flow == 0
    }

    private func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

    private func isBlankOrEnd(_ place: Int) -> Bool { place >= octets.count || isBlank(octets[place]) }

    private func isFlow(_ place: Int) -> Bool {
        guard place < octets.count else { return false }
        switch octets[place] {
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): return true
        default: return false
        }
    }
}
