public import ReviewProtocol
public import Terminal

/// How results are shown.
public struct Screen: Sendable {
    /// The language of every word.
    public var language: Language
    /// The columns of the terminal; 80 when there is none.
    public var width: Int
    /// Colours, when they are wanted.
    public var style: Style
    /// Whether results are JSON.
    public var isJSON: Bool
    /// Whether standard output is a terminal.
    public var isTerminal: Bool
    /// The day in Vietnam, for "còn 2 ngày".
    public var today: CalendarDay

    /// Describes a screen.
    public init(
        language: Language, width: Int = 80, style: Style = Style(isEnabled: false), isJSON: Bool = false,
        isTerminal: Bool = false, today: CalendarDay
    ) {
        self.language = language
        self.width = width
        self.style = style
        self.isJSON = isJSON
        self.isTerminal = isTerminal
        self.today = today
    }

    /// A sentence in the screen's language.
    public func text(_ sentence: Bilingual) -> String { sentence.text(language) }

    /// One of two sentences.
    func text(_ vietnamese: String, _ english: String) -> String {
        language == .vietnamese ? vietnamese : english
    }

    /// Text of one line, made safe and wrapped to the screen, with a look.
    func paragraph(
        _ text: String, _ look: Style.Attributes = .plain, indent: Int = 0, continuation: Int? = nil,
        cutsWords: Bool = true
    ) -> [String] {
        SafeText.lines(text).flatMap { line in
            WordWrap.lines(
                line, width: max(width - indent, 20), continuationIndent: (continuation ?? indent) - indent,
                cutsWords: cutsWords)
        }.map { $0.isEmpty ? "" : String(repeating: " ", count: indent) + style.apply(look, to: $0) }
    }
}
