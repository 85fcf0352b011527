/// Colours and emphasis by ANSI's Select Graphic Rendition (ECMA-48 §8.3.117), only when they are wanted.
public struct Style: Sendable, Hashable {
    /// What the person asked for on the command line.
    public enum Choice: String, Sendable, CaseIterable {
        case automatic = "auto"
        case always
        case never
    }

    /// One of the eight colours that every terminal has.
    public enum Colour: Int, Sendable, Hashable, CaseIterable {
        case black, red, green, yellow, blue, magenta, cyan, white
    }

    /// How a piece of text is to look.
    public struct Attributes: Sendable, Hashable {
        /// The colour of the letters; nil for the terminal's own.
        public var colour: Colour?
        /// Whether the letters are bold.
        public var isBold: Bool
        /// Whether the letters are fainter than usual.
        public var isFaint: Bool
        /// Whether the text is underlined.
        public var isUnderlined: Bool
        /// Whether letters and background change places.
        public var isReversed: Bool

        /// Describes a look; without arguments the plain one.
        public init(
            colour: Colour? = nil, isBold: Bool = false, isFaint: Bool = false, isUnderlined: Bool = false,
            isReversed: Bool = false
        ) {
            self.colour = colour
            self.isBold = isBold
            self.isFaint = isFaint
            self.isUnderlined = isUnderlined
            self.isReversed = isReversed
        }

        /// The terminal's own look.
        public static let plain = Self()
        /// Bold letters.
        public static let bold = Self(isBold: true)
        /// Faint letters.
        public static let faint = Self(isFaint: true)

        /// Letters of a colour.
        public static func colour(_ colour: Colour) -> Self { Self(colour: colour) }
    }

    /// Whether anything but the text itself is written.
    public let isEnabled: Bool

    /// Takes the decision as it is.
    public init(isEnabled: Bool) {
        self.isEnabled = isEnabled
    }

    /// Decides from the person's choice and the surroundings.
    ///
    /// `automatic` means: on a terminal, unless `NO_COLOR` is set to anything but the empty text (no-color.org) or `TERM`
    /// is `dumb`.
    public init(choice: Choice, isTerminal: Bool, environment: [String: String]) {
        switch choice {
        case .always: isEnabled = true
        case .never: isEnabled = false
        case .automatic:
            let noColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
            isEnabled = isTerminal && !noColour && environment["TERM"] != "dumb"
        }
    }

    /// The text with the look around it.
    ///
    /// The text must be safe already (`SafeText`) and hold no line break.
    public func apply(_ attributes: Attributes, to text: String) -> String {
        guard isEnabled, attributes != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(attributes.codes(resetting: false))m\(text)\u{1B}[0m"
    }
}

extension Style.Attributes {
    /// The parameters of SGR for this look; with `resetting` whatever went before is taken off first.
    func codes(resetting: Bool) -> String {
        var codes = resetting ? ["0"] : []
        if isBold { codes.append("1") }
        if isFaint { codes.append("2") }
        if isUnderlined { codes.append("4") }
        if isReversed { codes.append("7") }
        if let colour { codes.append(String(30 + colour.rawValue)) }
        return codes.joined(separator: ";")
    }
}
