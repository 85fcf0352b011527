/// One press of a key, or one paste.
public struct Key: Sendable, Hashable {
    /// What was pressed.
    public enum Code: Sendable, Hashable {
        /// A grapheme, composed or decomposed as it came.
        case character(Character)
        /// The text of a paste, with line breaks as LF; a paste above `largestPasteOctets` comes in pieces.
        case paste(String)
        case enter, tab, backspace, delete, insert, escape
        case up, down, left, right, home, end, pageUp, pageDown
        /// F1 to F20.
        case function(Int)
        /// The mouse, where its reports are turned on.
        case mouse(Mouse)
    }

    /// What the mouse did, and where.
    public struct Mouse: Sendable, Hashable {
        /// What it did.
        public enum Act: Sendable, Hashable {
            /// The left button went down.
            case press
            /// It moved with the left button down.
            case drag
            /// The left button came up.
            case release
            case wheelUp, wheelDown
        }

        /// What it did.
        public var act: Act
        /// From 0 at the top of the window.
        public var row: Int
        /// From 0 at its left.
        public var column: Int

        /// Describes an act.
        public init(_ act: Act, row: Int, column: Int) {
            self.act = act
            self.row = row
            self.column = column
        }
    }

    /// What was held down with it, as far as terminals tell.
    public struct Modifiers: OptionSet, Sendable, Hashable {
        /// Bits as terminals number them: shift 1, alt 2, control 4 (xterm's modifier parameter less one).
        public let rawValue: Int

        /// Takes the bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Told of cursor keys and Tab only.
        public static let shift = Modifiers(rawValue: 1)
        /// Alt, or Escape typed just before.
        public static let alt = Modifiers(rawValue: 2)
        /// Control; letters come in lower case.
        public static let control = Modifiers(rawValue: 4)
    }

    /// What was pressed.
    public var code: Code
    /// What was held down with it.
    public var modifiers: Modifiers

    /// Describes a key.
    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    /// What the mouse did, wherever; nil where it was no mouse.
    public var mouseAct: Mouse.Act? { if case .mouse(let mouse) = code { mouse.act } else { nil } }

    /// A grapheme typed.
    public static func character(_ character: Character) -> Key { Key(.character(character)) }
    /// A letter with Control, given in lower case.
    public static func control(_ character: Character) -> Key { Key(.character(character), .control) }
    /// A grapheme with Alt.
    public static func alt(_ character: Character) -> Key { Key(.character(character), .alt) }
    /// A paste.
    public static func paste(_ text: String) -> Key { Key(.paste(text)) }
}
