/// Says what to write so that a rendering of the line replaces the one before, at the foot of what scrolls by.
///
/// Whatever else is printed goes between `erase` and the next `paint`.
public struct LinePainter: Sendable {
    private var painted: LineRendering?

    /// Begins at the first column of an empty row.
    public init() {}

    /// What puts the rendering in the place of the one before.
    ///
    /// `look` dresses rows in colour and must keep their width.
    public mutating func paint(_ rendering: LineRendering, look: (String) -> String = { $0 }) -> String {
        var output = erase()
        output += rendering.rows.map(look).joined(separator: "\r\n")
        let below = rendering.rows.count - 1 - rendering.cursorRow
        if below > 0 { output += "\u{1B}[\(below)A" }
        output += "\r"
        if rendering.cursorColumn > 0 { output += "\u{1B}[\(rendering.cursorColumn)C" }
        painted = rendering
        return output
    }

    /// What removes the line from the screen and leaves the cursor where it began.
    public mutating func erase() -> String {
        guard let painted else { return "" }
        self.painted = nil
        return (painted.cursorRow > 0 ? "\u{1B}[\(painted.cursorRow)A" : "") + "\r\u{1B}[J"
    }

    /// What leaves the line standing and moves below it.
    public mutating func leave() -> String {
        guard let painted else { return "" }
        self.painted = nil
        let below = painted.rows.count - 1 - painted.cursorRow
        return (below > 0 ? "\u{1B}[\(below)B" : "") + "\r\n"
    }
}
