import ReviewCore

/// How the text of a paragraph or a run looks, as far as it tells what the text is; nil where nothing is said.
struct Look {
    var isBold: Bool?
    var isCapitals: Bool?
    var isHidden: Bool?
    var font: String?

    /// What is said here, and where nothing is said, what `other` says.
    func over(_ other: Look) -> Look {
        Look(
            isBold: isBold ?? other.isBold, isCapitals: isCapitals ?? other.isCapitals,
            isHidden: isHidden ?? other.isHidden, font: font ?? other.font)
    }

    /// Takes an element of run properties (ECMA-376, part 1, 17.3.2).
    mutating func take(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "b": isBold = Self.isOn(attributes)
        case "caps": isCapitals = Self.isOn(attributes)
        case "vanish": isHidden = Self.isOn(attributes)
        case "rFonts": font = attributes["ascii"] ?? attributes["hAnsi"] ?? font
        default: break
        }
    }

    /// A switch without a value is on (17.17.4).
    static func isOn(_ attributes: [String: String]) -> Bool {
        switch attributes["val"] {
        case "0", "false", "off": false
        default: true
        }
    }
}

/// The named styles of a document, each with what it inherits.
struct Styles: MarkupReceiver {
    struct Style {
        var name = ""
        var base: String?
        /// The level of a heading, from 0; 9 says that it is none.
        var outlineLevel: Int?
        var numbering: (list: Int?, level: Int?) = (nil, nil)
        var look = Look()
    }

    /// Styles built on each other; a circle of them ends here.
    private static let longestChain = 20

    private(set) var defaults = Look()
    private(set) var defaultParagraph: String?
    private var styles: [String: Style] = [:]
    private var open: (name: String, style: Style)?
    private var isInDefaults = false
    private var isInRunProperties = false

    /// A style with all that it inherits; nil when there is no such style.
    func resolved(_ id: String?) -> Style? {
        guard let id, var style = styles[id] else { return nil }
        var next = style.base
        for _ in 0..<Self.longestChain {
            guard let name = next, let base = styles[name] else { break }
            style.outlineLevel = style.outlineLevel ?? base.outlineLevel
            style.numbering.list = style.numbering.list ?? base.numbering.list
            style.numbering.level = style.numbering.level ?? base.numbering.level
            style.look = style.look.over(base.look)
            next = base.base
        }
        return style
    }

    mutating func begin(_ name: String, _ space: Markup.Space, _ attributes: [String: String]) {
        guard space == .word else { return }
        switch name {
        case "docDefaults": isInDefaults = true
        case "style":
            guard let id = attributes["styleId"] else { return }
            open = (id, Style())
            if attributes["type"] == "paragraph", attributes["default"].map({ $0 == "1" || $0 == "true" }) == true {
                defaultParagraph = id
            }
        case "name": open?.style.name = (attributes["val"] ?? "").lowercased()
        case "basedOn": open?.style.base = attributes["val"]
        case "outlineLvl": open?.style.outlineLevel = attributes["val"].flatMap { Int($0) }
        case "numId": open?.style.numbering.list = attributes["val"].flatMap { Int($0) }
        case "ilvl": open?.style.numbering.level = attributes["val"].flatMap { Int($0) }
        case "rPr": isInRunProperties = true
        default:
            guard isInRunProperties else { return }
            if isInDefaults { defaults.take(name, attributes) } else { open?.style.look.take(name, attributes) }
        }
    }

    mutating func end(_ name: String, _ space: Markup.Space) {
        guard space == .word else { return }
        switch name {
        case "docDefaults": isInDefaults = false
        case "rPr": isInRunProperties = false
        case "style":
            guard let id = open?.name, var style = open?.style else { return }
            // Word's own heading styles have their level by their names, whatever else the file says.
            if style.outlineLevel == nil, style.name.hasPrefix("heading "), let level = Int(style.name.dropFirst(8)) {
                style.outlineLevel = level &- 1
            }
            styles[id] = style
            open = nil
        default: break
        }
    }

    mutating func text(_ text: String) {}
}

/// The lists of a document: Word keeps their numbers out of the text and counts anew whenever it shows them.
struct Numbering: MarkupReceiver {
    private struct Level {
        var start = 1
        var format = "decimal"
        var pattern = ""
        var style: String?
        var isLegal = false
        /// It begins anew after an item of this level, from 1, or of one above it; 0 for never, nil for any level above.
        var restart: Int?
    }

    private struct List {
        var abstract = ""
        /// Levels that begin anew with this list, and with what.
        var starts: [Int: Int] = [:]
    }

    private static let levelCount = 9
    /// Scalars of the longest pattern of a number, as "Điều %1." is one.
    private static let longestPattern = 64

    private var abstracts: [String: [Int: Level]] = [:]
    private var lists: [Int: List] = [:]
    /// Kinds of list that only say of which list style they are, and the kinds that are those styles.
    private var linked: [String: String] = [:]
    private var styled: [String: String] = [:]
    private var openAbstract: String?
    private var openList: Int?
    private var openLevel: Int?
    /// What stands where: the numbers of the last item of every level, of lists of one kind together.
    private var counters: [String: [Int?]] = [:]
    private var begun: Set<[Int]> = []

    mutating func begin(_ name: String, _ space: Markup.Space, _ attributes: [String: String]) {
        guard space == .word else { return }
        let value = attributes["val"]
        switch name {
        case "abstractNum":
            openAbstract = attributes["abstractNumId"]
            if let openAbstract { abstracts[openAbstract] = [:] }
        case "num":
            openList = attributes["numId"].flatMap { Int($0) }
            if let openList { lists[openList] = List() }
        case "abstractNumId": if let openList { lists[openList]?.abstract = value ?? "" }
        case "lvl", "lvlOverride":
            openLevel = attributes["ilvl"].flatMap { Int($0) }.flatMap { (0..<Self.levelCount).contains($0) ? $0 : nil }
            if openList == nil { change { _ in } }
        case "startOverride":
            if let openList, let openLevel, let start = value.flatMap({ Int($0) }) {
                lists[openList]?.starts[openLevel] = start
            }
        case "start": change { $0.start = value.flatMap { Int($0) } ?? 1 }
        case "numFmt": change { $0.format = value ?? "decimal" }
        case "lvlText":
            // Each item repeats it; and a single character may have any number of scalars.
            change {
                $0.pattern = String(String.UnicodeScalarView((value ?? "").unicodeScalars.prefix(Self.longestPattern)))
            }
        case "pStyle": change { $0.style = value }
        case "isLgl": change { $0.isLegal = Look.isOn(attributes) }
        case "lvlRestart": change { $0.restart = value.flatMap { Int($0) } }
        case "numStyleLink": if let openAbstract { linked[openAbstract] = value }
        case "styleLink": if let openAbstract, let value { styled[value] = openAbstract }
        default: break
        }
    }

    /// Changes the level that is open; a list's own levels are rare and taken for those of its kind.
    private mutating func change(_ how: (inout Level) -> Void) {
        guard let openLevel, let abstract = openAbstract else { return }
        how(&abstracts[abstract, default: [:]][openLevel, default: Level()])
    }

    mutating func end(_ name: String, _ space: Markup.Space) {
        guard space == .word else { return }
        switch name {
        case "abstractNum": openAbstract = nil
        case "num": openList = nil
        case "lvl" where openList == nil, "lvlOverride": openLevel = nil
        default: break
        }
    }

    mutating func text(_ text: String) {}

    /// The kind of a list, as it is defined.
    private func kind(of list: List) -> String { linked[list.abstract].flatMap { styled[$0] } ?? list.abstract }

    /// The level of a list that belongs to a style; 0 when none does.
    func level(of list: Int, style: String?) -> Int {
        guard let style, let list = lists[list], let levels = abstracts[kind(of: list)] else { return 0 }
        return levels.first { $0.value.style == style }?.key ?? 0
    }

    /// The mark of the next item of a list, such as `1.`, `a)`, `II.1.` or `-`; empty when it has none.
    mutating func mark(list: Int, level: Int) -> String {
        guard let known = lists[list], let levels = abstracts[kind(of: known)], let own = levels[level],
            (0..<Self.levelCount).contains(level)
        else { return "" }
        let kind = kind(of: known)
        var numbers = counters[kind] ?? Array(repeating: nil, count: Self.levelCount)
        if let start = known.starts[level], begun.insert([list, level]).inserted {
            numbers[level] = start
        } else {
            numbers[level] = numbers[level].map { $0 &+ 1 } ?? own.start
        }
        for deeper in (level + 1)..<Self.levelCount where level < levels[deeper]?.restart ?? deeper {
            numbers[deeper] = nil
        }
        counters[kind] = numbers
        if own.format == "bullet" { return "-" }
        if own.format == "none" { return "" }
        var mark = own.pattern
        for place in 0...level where mark.contains("%\(place + 1)") {
            let other = levels[place] ?? Level()
            let number = numbers[place] ?? other.start
            mark = mark.replacing(
                "%\(place + 1)", with: Self.spelled(number, own.isLegal ? "decimal" : other.format))
        }
        return mark
    }

    private static func spelled(_ number: Int, _ format: String) -> String {
        guard number > 0, number < 4_000 else { return String(number) }
        switch format {
        case "upperRoman": return SectionPath.roman(number)
        case "lowerRoman": return SectionPath.roman(number).lowercased()
        case "upperLetter": return letter(number).uppercased()
        case "lowerLetter": return letter(number)
        case "decimalZero": return number < 10 ? "0\(number)" : String(number)
        default: return String(number)
        }
    }

    /// a … z, aa, bb, as Word counts.
    private static func letter(_ number: Int) -> String {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let letter = letters[letters.index(letters.startIndex, offsetBy: (number - 1) % 26)]
        return String(repeating: letter, count: (number - 1) / 26 + 1)
    }
}
