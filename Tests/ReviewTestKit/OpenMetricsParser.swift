/// A reader of the OpenMetrics 1.0 text format that takes nothing but what the format allows, as a scraper may.
///
/// It knows the rules that a writer can break: the order of metadata and samples, one block a family, units and suffixes,
/// labels that repeat, buckets that fall, the end mark.
public struct OpenMetricsParser {
    /// What breaks the format, and where.
    public struct Problem: Error, CustomStringConvertible {
        /// The line, from 1; 0 for a rule about more than one.
        public let line: Int
        /// The rule.
        public let description: String
    }

    /// One figure.
    public struct Sample: Equatable {
        /// With the suffix of its type.
        public let name: String
        /// By name.
        public let labels: [String: String]
        /// The figure.
        public let value: Double
    }

    /// All figures of one name.
    public struct Family {
        /// Without suffixes.
        public let name: String
        /// As TYPE says.
        public internal(set) var type = "unknown"
        /// As UNIT says.
        public internal(set) var unit: String?
        /// As HELP says.
        public internal(set) var help: String?
        /// In their order.
        public internal(set) var samples: [Sample] = []
    }

    /// In the order of the text.
    public private(set) var families: [Family] = []

    /// Reads a whole exposition.
    public init(_ text: String) throws {
        guard text.hasSuffix("# EOF\n") else { throw Problem(line: 0, description: "the text does not end with # EOF") }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast()
        for (index, line) in lines.enumerated() {
            func fail(_ reason: String) -> Problem { Problem(line: index + 1, description: "\(reason): \(line)") }
            if line == "# EOF" {
                guard index == lines.count - 1 else { throw fail("# EOF is not the end") }
                continue
            }
            guard !line.isEmpty else { throw fail("an empty line") }
            if line.hasPrefix("# ") {
                try metadata(line, fail)
            } else {
                try sample(line, fail)
            }
        }
        for family in families { try Self.check(family) }
    }

    /// The family of this name.
    public func family(_ name: String) -> Family? { families.first { $0.name == name } }

    /// The value of the one sample with this name and these labels.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        for family in families {
            for sample in family.samples where sample.name == name && sample.labels == labels { return sample.value }
        }
        return nil
    }

    // MARK: Lines

    private mutating func metadata(_ line: Substring, _ fail: (String) -> Problem) throws {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, ["TYPE", "UNIT", "HELP"].contains(words[1]), Self.isName(words[2]) else {
            throw fail("metadata of an unknown form")
        }
        if families.last?.name != String(words[2]) {
            guard !families.contains(where: { $0.name == words[2] }) else { throw fail("a family in two places") }
            families.append(Family(name: String(words[2])))
        }
        let place = families.count - 1
        guard families[place].samples.isEmpty else { throw fail("metadata behind samples") }
        switch words[1] {
        case "TYPE":
            guard families[place].type == "unknown" else { throw fail("a second TYPE") }
            guard ["counter", "gauge", "histogram", "info"].contains(words[3]) else { throw fail("an unknown type") }
            families[place].type = String(words[3])
        case "UNIT":
            guard families[place].unit == nil else { throw fail("a second UNIT") }
            guard words[2].hasSuffix("_\(words[3])") else { throw fail("the name does not end with its unit") }
            families[place].unit = String(words[3])
        default:
            guard families[place].help == nil, !words[3].isEmpty else { throw fail("a second or empty HELP") }
            families[place].help = String(words[3])
        }
    }

    private mutating func sample(_ line: Substring, _ fail: (String) -> Problem) throws {
        var rest = line[...]
        let name = rest.prefix { $0 != "{" && $0 != " " }
        rest = rest.dropFirst(name.count)
        guard Self.isName(name) else { throw fail("no name") }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while rest.first != "}" {
                let key = rest.prefix { $0 != "=" }
                guard Self.isName(key), !key.contains(":"), rest.dropFirst(key.count).hasPrefix("=\"") else {
                    throw fail("a label of another form")
                }
                rest = rest.dropFirst(key.count + 2)
                var value = ""
                while let next = rest.first, next != "\"" {
                    rest = rest.dropFirst()
                    guard next == "\\" else {
                        value.append(next)
                        continue
                    }
                    guard let escaped = rest.first, ["\\", "\"", "n"].contains(escaped) else { throw fail("an escape") }
                    value.append(escaped == "n" ? "\n" : escaped)
                    rest = rest.dropFirst()
                }
                guard rest.first == "\"" else { throw fail("a value without an end") }
                rest = rest.dropFirst()
                guard labels.updateValue(value, forKey: String(key)) == nil else { throw fail("a label twice") }
                if rest.first == "," {
                    rest = rest.dropFirst()
                    guard rest.first != "}" else { throw fail("a comma too many") }
                }
            }
            rest = rest.dropFirst()
        }
        guard rest.first == " ", let value = Self.number(rest.dropFirst()) else { throw fail("no value") }
        guard let family = families.last, Self.suffixes(family.type).contains(where: { name == family.name + $0 })
        else {
            throw fail("a sample outside its family, or without the suffix of its type")
        }
        let sample = Sample(name: String(name), labels: labels, value: value)
        guard !family.samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else {
            throw fail("a series twice")
        }
        families[families.count - 1].samples.append(sample)
    }

    // MARK: Rules

    private static func suffixes(_ type: String) -> [String] {
        switch type {
        case "counter": ["_total", "_created"]
        case "histogram": ["_bucket", "_count", "_sum", "_created"]
        case "info": ["_info"]
        default: [""]
        }
    }

    private static func check(_ family: Family) throws {
        func fail(_ reason: String) -> Problem { Problem(line: 0, description: "\(family.name): \(reason)") }
        guard family.type != "unknown", family.help != nil else { throw fail("no TYPE or HELP") }
        guard !family.samples.isEmpty else { throw fail("no samples") }
        switch family.type {
        case "counter":
            guard !family.name.hasSuffix("_total") else { throw fail("_total in the name") }
            guard family.samples.allSatisfy({ $0.value >= 0 && $0.value.isFinite }) else { throw fail("below nothing") }
        case "info":
            guard family.unit == nil, family.samples.allSatisfy({ $0.value == 1 }) else { throw fail("not an info") }
        case "histogram": try checkHistogram(family, fail)
        default: break
        }
    }

    private static func checkHistogram(_ family: Family, _ fail: (String) -> Problem) throws {
        let buckets = family.samples.filter { $0.name.hasSuffix("_bucket") }
        var last = (bound: -Double.infinity, count: 0.0)
        for bucket in buckets {
            guard let text = bucket.labels["le"], let bound = number(Substring(text)) else { throw fail("no le") }
            guard text == "+Inf" || text == String(bound) else { throw fail("le \(text) is not canonical") }
            guard bound > last.bound, bucket.value >= last.count else { throw fail("buckets fall") }
            last = (bound, bucket.value)
        }
        guard last.bound == .infinity else { throw fail("no bucket +Inf") }
        let count = family.samples.first { $0.name.hasSuffix("_count") }?.value
        guard count == last.count else { throw fail("_count is not the last bucket") }
        guard family.samples.contains(where: { $0.name.hasSuffix("_sum") }) else { throw fail("no _sum") }
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first < 48 || first > 57 else { return false }
        return text.utf8.allSatisfy {
            ($0 >= 97 && $0 <= 122) || ($0 >= 65 && $0 <= 90) || ($0 >= 48 && $0 <= 57) || $0 == 95
        }
    }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.contains(where: { $0.isLetter && $0 != "e" }) ? nil : Double(text)
        }
    }
}
