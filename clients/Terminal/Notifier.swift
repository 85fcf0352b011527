/// Tells a person who looks elsewhere that something waits: by the bell, or by a message of the desktop where the terminal
/// knows how.
public struct Notifier: Sendable, Equatable {
    /// How.
    public enum Means: String, Sendable, CaseIterable {
        /// BEL, which every terminal knows.
        case bell
        /// `OSC 9 ; text`: iTerm2, kitty, Windows Terminal, and others.
        case osc9
        /// `OSC 777 ; notify ; title ; text`: rxvt-unicode, foot, and others.
        case osc777
        /// Not at all.
        case none
    }

    private let means: Means

    /// - Parameter name: a means by its name; the bell for any other word, and for none.
    public init(_ name: String?) {
        means = name.flatMap { Means(rawValue: $0) } ?? .bell
    }

    /// What is written to the terminal; nil where nothing is to be told.
    ///
    /// - Parameter words: one line, of which other people may have written a part: it is made safe, and cannot end the
    ///   sequence that carries it.
    public func octets(_ words: String) -> String? {
        // The parts of a sequence are parted by semicolons.
        let safe = String(SafeText.escape(words).map { $0 == ";" ? "," : $0 }.prefix(Self.longestMessage))
        return switch means {
        case .bell: "\u{7}"
        case .osc9: "\u{1B}]9;phanbien: \(safe)\u{7}"
        case .osc777: "\u{1B}]777;notify;phanbien;\(safe)\u{7}"
        case .none: nil
        }
    }

    private static let longestMessage = 200
}
