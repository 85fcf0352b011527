/// Looks in a text for what tells who a person is (domain §4, requirement 10): topic papers need real cases, and a case can be
/// told without its people.
///
/// What it finds blocks an approval, so it looks for what is hardly ever anything else: numbers of a fixed form, full names
/// behind the word for a party, dates of birth, and places of residence down to the house or village. A name whose last word
/// is one letter (Nông Văn A), as judgments are published, tells nobody, nor does a number with letters or dots in it. It can
/// miss something; the authors' own eyes are not replaced.
public enum PersonalData {
    /// What was found.
    public enum Kind: String, WireWord {
        case nationalID = "national-id"
        case phone
        case email
        case account
        case birth
        case residence
        case name

        /// What a person reads.
        public var wording: Wording {
            switch self {
            case .nationalID: Wording("số căn cước, định danh", "national ID number")
            case .phone: Wording("số điện thoại", "phone number")
            case .email: Wording("địa chỉ thư điện tử", "e-mail address")
            case .account: Wording("số tài khoản", "account number")
            case .birth: Wording("ngày sinh", "date of birth")
            case .residence: Wording("nơi cư trú", "place of residence")
            case .name: Wording("họ tên đương sự", "name of a party")
            }
        }
    }

    /// One kind of personal data in one paragraph, or in one heading.
    public struct Finding: Sendable, Equatable {
        /// What.
        public let kind: Kind
        /// Where: `II.1/2`, or `II.1` for a heading.
        public let place: String
        /// The first one found, masked so that it can be recognized by who has the text and is told to nobody else.
        public let hint: String

        /// How CHECK names it.
        public var id: String { "\(place):\(kind.rawValue)" }
    }

    /// Findings that a sentence names.
    private static let mostNamed = 8

    /// The findings in words: where what stands, each with its hint.
    static func listed(_ findings: [Finding]) -> Wording {
        let (named, more) = (findings.prefix(mostNamed), findings.count > mostNamed ? "; …" : "")
        func joined(_ words: (Kind) -> String) -> String {
            named.map { "\($0.place) \(words($0.kind)) (\($0.hint))" }.joined(separator: "; ") + more
        }
        return Wording(joined { $0.wording.vietnamese }, joined { $0.wording.english })
    }

    /// Findings of one text; whoever has so many has work enough.
    static let most = 200

    /// What stands in a text, in its order; takes time in proportion to the text.
    static func findings(in document: Document) -> [Finding] {
        var findings: [Finding] = []
        for section in document.sections where findings.count < most {
            look(in: section.title, at: section.path.description, &findings)
        }
        for paragraph in document.paragraphs where findings.count < most {
            look(in: paragraph.text, at: paragraph.anchor, &findings)
        }
        return findings
    }

    private static func look(in text: String, at place: @autoclosure () -> String, _ findings: inout [Finding]) {
        for (kind, hint) in PersonalDataScan(text).found {
            findings.append(Finding(kind: kind, place: place(), hint: hint))
        }
    }
}
