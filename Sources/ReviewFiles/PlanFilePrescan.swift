import ReviewCore

/// Looks at a plan file's lines before the YAML parser does, and refuses what a plan never needs and a parser may choke
/// on: deep nesting, anchors and aliases (which can blow up a small file), and tags.
enum PlanFilePrescan {
    /// How deep parts may lie in each other; a plan with its outline needs nine.
    static let maximumDepth = 24
    /// The longest line, in octets.
    static let maximumLineOctets = 4_000

    static func problem(in text: String) -> PlanProblem? {
        var flowDepth = 0
        // The columns at which open block parts began: each deeper one is one more level.
        var columns: [Int] = []
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let number = index + 1
            guard line.count <= maximumLineOctets else {
                return .fatal(
                    number, "dòng dài hơn \(maximumLineOctets) byte; hãy ngắt dòng",
                    "the line is longer than \(maximumLineOctets) octets; break it")
            }
            let octets = Array(line)
            let blanks = octets.prefix { $0 == 0x20 }.count
            guard blanks < octets.count, octets[blanks] != UInt8(ascii: "#") else { continue }
            if octets[blanks] == 0x09 {
                return .fatal(
                    number, column: blanks + 1, "dùng dấu cách, không dùng phím Tab, để thụt đầu dòng",
                    "indent with blanks, not with tabs")
            }
            while let last = columns.last, last > blanks { columns.removeLast() }
            if columns.last != blanks { columns.append(blanks) }
            var start = blanks
            // "- - - x" opens a level with each dash, and so does "? ".
            while start + 1 < octets.count, octets[start] == UInt8(ascii: "-") || octets[start] == UInt8(ascii: "?"),
                octets[start + 1] == 0x20
            {
                start += 2
                while start < octets.count, octets[start] == 0x20 { start += 1 }
                columns.append(start)
            }
            if let problem = scan(octets, from: start, number, &flowDepth) { return problem }
            guard columns.count + flowDepth <= maximumDepth else { return tooDeep(number) }
        }
        return nil
    }

    private static func tooDeep(_ line: Int) -> PlanProblem {
        .fatal(line, "các phần lồng nhau quá \(maximumDepth) cấp", "parts lie more than \(maximumDepth) levels deep")
    }

    /// Walks one line: brackets count as levels, quoted words do not matter, a value must not begin with `&`, `*` or `!`.
    private static func scan(_ octets: [UInt8], from start: Int, _ number: Int, _ flowDepth: inout Int) -> PlanProblem?
    {
        var quote: UInt8?
        var beginsValue = true
        var index = start
        while index < octets.count {
            let octet = octets[index]
            defer { index += 1 }
            if let open = quote {
                if octet == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") { index += 1 }
                if octet == open { quote = nil }
                continue
            }
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if beginsValue { quote = octet }
                beginsValue = false
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                flowDepth += 1
                if flowDepth > maximumDepth { return tooDeep(number) }
                beginsValue = true
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                flowDepth = max(0, flowDepth - 1)
                beginsValue = false
            case UInt8(ascii: "#"):
                if index == 0 || octets[index - 1] == 0x20 { return nil }
                beginsValue = false
            case UInt8(ascii: ":"), UInt8(ascii: ","): beginsValue = true
            case 0x20: break
            case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
                if beginsValue {
                    return .fatal(
                        number, column: index + 1,
                        "tệp kế hoạch không dùng “\(Character(Unicode.Scalar(octet)))” ở đầu giá trị; hãy đặt giá trị trong ngoặc kép",
                        "a plan file has no “\(Character(Unicode.Scalar(octet)))” in front of a value; put the value in quotes"
                    )
                }
                beginsValue = false
            default: beginsValue = false
            }
        }
        return nil
    }
}
