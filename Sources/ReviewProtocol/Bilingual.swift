/// A language in which the server writes the human part of its lines.
///
/// Programs never read that part.
///
/// Specification §2: Vietnamese by default, English after `LANG en`.
public enum Language: String, CaseIterable, Sendable {
    /// Vietnamese, the language of the people who work here.
    case vietnamese = "vi"
    /// English.
    case english = "en"
}

/// One sentence in both languages.
///
/// Everything that a person reads is written this way, Vietnamese first.
public struct Bilingual: Sendable, Equatable {
    /// The Vietnamese sentence.
    public var vietnamese: String
    /// The English sentence.
    public var english: String

    /// A sentence in Vietnamese and the same one in English.
    public init(_ vietnamese: String, _ english: String) {
        self.vietnamese = vietnamese
        self.english = english
    }

    /// A text that reads the same in both languages, such as a command line.
    public init(both text: String) {
        vietnamese = text
        english = text
    }

    /// The sentence in one language.
    public func text(_ language: Language) -> String {
        switch language {
        case .vietnamese: vietnamese
        case .english: english
        }
    }
}
