import Testing

@testable import Terminal

@Suite struct CellGridTests {
    private func grid(_ columns: Int = 10, _ rows: Int = 2) -> CellGrid {
        CellGrid(size: TerminalSize(columns: columns, rows: rows))
    }

    @Test func putsVietnameseComposedAndDecomposedInOneColumnPerLetter() {
        var grid = grid()
        #expect(grid.put("Nguyễn", row: 0, column: 1) == 7)
        #expect(grid.put("Nguye\u{302}\u{303}n", row: 1, column: 1) == 7)
        #expect(grid.text(row: 0) == " Nguyễn")
        #expect(grid[1, 5].character.unicodeScalars.count == 3)
    }

    @Test func keepsTheHalvesOfWideGraphemesTogether() {
        var grid = grid(6)
        #expect(grid.put("𡨸字", row: 0, column: 0) == 4)
        #expect(grid[0, 1].width == 0)
        grid.put("x", row: 0, column: 1)
        #expect(grid.text(row: 0) == " x字")
        #expect(grid.put("字", row: 1, column: 5) == 5)
        #expect(grid.text(row: 1).isEmpty)
    }

    @Test func cutsWhatLiesOutside() {
        var grid = grid(4, 1)
        #expect(grid.put("abcdef", row: 0, column: 2) == 4)
        grid.put("x", row: 7, column: 0)
        grid.put("yz", row: 0, column: -1)
        grid.fill(row: 0, columns: -5..<1, with: "-")
        #expect(grid.text(row: 0) == "- ab" || grid.text(row: 0) == "-zab")
        #expect(grid[5, 5] == .blank)
    }

    @Test func nothingThatPeopleWroteReachesTheTerminalAsAControl() {
        var grid = grid(60, 1)
        grid.put("a\u{1B}[2J\u{202E}b\u{200B}\r\n", row: 0, column: 0)
        #expect(grid.text(row: 0) == #"a\u{1B}[2J\u{202E}b\u{200B}\u{D}\u{A}"#)
    }

    @Test func boundsItsSize() {
        #expect(grid(1_000_000, 1_000_000).size == CellGrid.largest)
        #expect(grid(-3, 0).size == TerminalSize(columns: 1, rows: 1))
    }
}

/// A terminal as far as the painter needs one: it reads what was written and shows a grid.
struct PaintedScreen {
    private(set) var grid: CellGrid
    private(set) var cursor: Frame.Cursor?
    private var row = 0
    private var column = 0
    private var look = Style.Attributes.plain

    init(size: TerminalSize) { grid = CellGrid(size: size) }

    mutating func receive(_ octets: [UInt8]) {
        var rest = String(decoding: octets, as: UTF8.self)[...]
        while let character = rest.popFirst() {
            guard character == "\u{1B}" else {
                column = grid.put(String(character), row: row, column: column, look)
                continue
            }
            #expect(rest.popFirst() == "[")
            let end = rest.firstIndex { ("@"..."~").contains($0) } ?? rest.endIndex
            let parameters = String(rest[..<end])
            let final = end < rest.endIndex ? rest[end] : " "
            rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
            switch final {
            case "H":
                let numbers = parameters.split(separator: ";").compactMap { Int($0) }
                row = (numbers.first ?? 1) - 1
                column = (numbers.last ?? 1) - 1
            case "J": grid = CellGrid(size: grid.size)
            case "K": grid.fill(row: row, columns: column..<grid.size.columns)
            case "m": look = attributes(parameters)
            case "h": if parameters == "?25" { cursor = Frame.Cursor(row: row, column: column) }
            case "l": if parameters == "?25" { cursor = nil }
            default: Issue.record("unknown sequence \(parameters)\(final)")
            }
        }
    }

    private func attributes(_ parameters: String) -> Style.Attributes {
        var look = Style.Attributes.plain
        for number in parameters.split(separator: ";").compactMap({ Int($0) }) {
            switch number {
            case 0: look = .plain
            case 1: look.isBold = true
            case 2: look.isFaint = true
            case 4: look.isUnderlined = true
            case 7: look.isReversed = true
            case 30...37: look.colour = Style.Colour(rawValue: number - 30)
            default: Issue.record("unknown look \(number)")
            }
        }
        return look
    }
}

@Suite struct FramePainterTests {
    private static let words = ["Nguyễn", "phản biện", "字", "a", "  ", "tiê\u{301}ng", "👩‍👩‍👧", "𡨸", "-----"]
    private static let looks: [Style.Attributes] = [
        .plain, .bold, .faint, .colour(.red), .init(isReversed: true), .init(colour: .blue, isUnderlined: true),
    ]

    @Test(arguments: 0..<40) func theScreenIsTheFrameWhateverCameBefore(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let size = TerminalSize(columns: 12, rows: 4)
        var painter = FramePainter(hasColour: true)
        var screen = PaintedScreen(size: size)
        var frame = Frame(grid: CellGrid(size: size))
        for step in 0..<60 {
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                frame.grid.put(
                    Self.words.randomElement(using: &random) ?? "", row: Int.random(in: 0..<4, using: &random),
                    column: Int.random(in: -2..<12, using: &random), Self.looks.randomElement(using: &random) ?? .plain)
            }
            if step % 7 == 0 { frame.grid.fill(row: 1, columns: 0..<12) }
            frame.cursor =
                Bool.random(using: &random) ? Frame.Cursor(row: Int.random(in: 0..<4, using: &random), column: 3) : nil
            screen.receive(painter.paint(frame))
            #expect(screen.grid == frame.grid, "seed \(seed) step \(step)")
            #expect(screen.cursor == frame.cursor)
        }
    }

    @Test func writesOnlyWhatChanged() {
        let size = TerminalSize(columns: 80, rows: 24)
        var painter = FramePainter(hasColour: true)
        var frame = Frame(grid: CellGrid(size: size), cursor: Frame.Cursor(row: 0, column: 0))
        for row in 0..<24 { frame.grid.put(String(repeating: "chuyên đề ", count: 8), row: row, column: 0) }
        let whole = painter.paint(frame).count
        #expect(painter.paint(frame).isEmpty)
        frame.grid.put("x", row: 12, column: 40)
        let one = painter.paint(frame).count
        #expect(whole > 1_920 && one < 64, "\(whole) \(one)")
        painter.forget()
        #expect(painter.paint(frame).count > 1_920)
    }

    /// Terminals disagree on how wide a joined or wide grapheme is: what follows stands in its place all the same.
    @Test func behindWhatTerminalsDisagreeOnThePlaceIsSaidAnew() {
        var painter = FramePainter(hasColour: false)
        var grid = CellGrid(size: TerminalSize(columns: 10, rows: 1))
        grid.put("xe\u{302}\u{301}a字b", row: 0, column: 0)
        let written = String(decoding: painter.paint(Frame(grid: grid, cursor: nil)), as: UTF8.self)
        #expect(written.contains("xe\u{302}\u{301}\u{1B}[1;3Ha字\u{1B}[1;6Hb"), "\(written.debugDescription)")
    }

    @Test func withoutColourEmphasisStays() {
        var painter = FramePainter(hasColour: false)
        var frame = Frame(grid: CellGrid(size: TerminalSize(columns: 10, rows: 1)))
        frame.grid.put("a", row: 0, column: 0, .init(colour: .red, isBold: true))
        let written = String(decoding: painter.paint(frame), as: UTF8.self)
        #expect(written.contains("\u{1B}[0;1ma") && !written.contains("31"))
    }

    @Test func theConsoleGetsSignsThatItsFontHas() {
        var painter = FramePainter(hasColour: false, isConsole: true)
        var grid = CellGrid(size: TerminalSize(columns: 20, rows: 1))
        grid.put("▌✓ phê duyệt … “x”", row: 0, column: 0)
        let written = String(decoding: painter.paint(Frame(grid: grid, cursor: nil)), as: UTF8.self)
        #expect(written.contains("█+ phê duyệt ~ \"x\""))
    }
}
