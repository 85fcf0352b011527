/// What a plan file was understood as, before anybody decided whether it can be loaded.
///
/// Nothing is corrected and nothing is guessed: what could not be read is nil here and has an entry in `unread`, and
/// `problems()` says line by line what is wrong. A value that is nil or blank although a plan needs it always comes
/// with a fatal problem, so whoever loads a draft without fatal problems may rely on `coordinator`, and on every topic's `lead`, `review`,
/// `quarter` and three dates.
public struct PlanDraft: Sendable, Equatable {
    /// The keys at the top of a plan file, in the order in which the form prints them.
    public enum Key: String, Sendable, CaseIterable {
        case plan, number, reference, date, title, issuer, parent, signer, offices, coordinator, requirements, topics
    }

    /// The year the plan is for, 1900 to 9999; it is the plan's identifier.
    public var year: Int
    /// Its number and sign (số, ký hiệu), empty when the document leaves it blank.
    public var number: String
    /// The plan that it carries out, empty for none.
    public var reference: String
    /// The day it is dated, perhaps with the day left blank; nil when nothing was written.
    public var date: WrittenDate?
    /// Its title.
    public var title: String
    /// The body that issues it.
    public var issuer: String
    /// The body above the issuer.
    public var parent: String
    /// Who signs it.
    public var signer: String
    /// The offices it names, in order.
    public var offices: [Office]
    /// The office that synthesises and reports; nil when none could be read, which is fatal.
    public var coordinator: OfficeID?
    /// What every topic must answer (II.2 of the plan), in order.
    public var requirements: [Requirement]
    /// The topics, in the order of the file.
    public var topics: [Topic]
    /// The line of each key at the top that was found.
    public var lines: [Key: Int]
    /// What the reader of the file could not understand: part of `problems()`.
    public var unread: [PlanProblem]

    /// Makes a draft; lines are 0 where they do not matter.
    public init(
        year: Int, number: String = "", reference: String = "", date: WrittenDate? = nil, title: String,
        issuer: String = "", parent: String = "", signer: String = "", offices: [Office], coordinator: OfficeID? = nil,
        requirements: [Requirement] = [], topics: [Topic], lines: [Key: Int] = [:], unread: [PlanProblem] = []
    ) {
        self.year = year
        self.number = number
        self.reference = reference
        self.date = date
        self.title = title
        self.issuer = issuer
        self.parent = parent
        self.signer = signer
        self.offices = offices
        self.coordinator = coordinator
        self.requirements = requirements
        self.topics = topics
        self.lines = lines
        self.unread = unread
    }

    /// A date as a document prints it: `2025-01-13`, or `2025-01` while the day is blank.
    public struct WrittenDate: Sendable, Equatable {
        /// As written.
        public let text: String
        /// The year.
        public let year: Int
        /// The month, 1 to 12; nil when blank.
        public let month: Int?
        /// The day, existing in that month; nil when blank.
        public let day: Int?

        /// Reads `2025-01-13`, `2025-01` or `2025`; nil for anything else and for days that do not exist.
        public init?(_ text: String) {
            self.text = text
            if let date = CivilDate(text) {
                (year, month, day) = (date.year, date.month, date.day)
                return
            }
            var reader = DigitReader(text)
            guard let year = reader.number(digits: 4), year >= 1 else { return nil }
            self.year = year
            day = nil
            if reader.isAtEnd {
                month = nil
                return
            }
            guard reader.skip("-"), let month = reader.number(digits: 2), (1...12).contains(month), reader.isAtEnd
            else { return nil }
            self.month = month
        }

        /// The whole date, once nothing is blank.
        public var date: CivilDate? {
            guard let month, let day else { return nil }
            return CivilDate(year: year, month: month, day: day)
        }
    }

    /// An office that the plan names.
    public struct Office: Sendable, Equatable {
        /// The short name by which topics refer to it.
        public let id: OfficeID
        /// Its full name.
        public let name: String
        /// The line in the file.
        public let line: Int

        /// Names an office.
        public init(id: OfficeID, name: String, line: Int = 0) {
            self.id = id
            self.name = name
            self.line = line
        }
    }

    /// A general requirement of the content of every topic.
    public struct Requirement: Sendable, Equatable {
        /// Its short name.
        public let key: String
        /// What is required.
        public let text: String
        /// The line in the file.
        public let line: Int

        /// Names a requirement.
        public init(key: String, text: String, line: Int = 0) {
            self.key = key
            self.text = text
            self.line = line
        }
    }

    /// One topic of the plan.
    public struct Topic: Sendable, Equatable {
        /// The keys of a topic, in the order in which the form prints them.
        public enum Key: String, Sendable, CaseIterable {
            case number, title, lead, review, quarter, milestones, outline
        }

        /// Its number in the plan, 1 to 999.
        public var number: Int
        /// Its title; empty when none was given, which is fatal.
        public var title: String
        /// The office that writes it; nil when none could be read, which is fatal.
        public var lead: OfficeID?
        /// The office that reviews it; nil when none could be read, which is fatal.
        public var review: OfficeID?
        /// The quarter in which it is to be finished, 1 to 4; nil when it could not be read, which is fatal.
        public var quarter: Int?
        /// The deadlines ("trước ngày …"), in the order of the file.
        public var milestones: [Deadline]
        /// The outline that its text must follow.
        public var outline: [OutlineItem]
        /// The line where the topic begins.
        public var line: Int
        /// The line of each of its keys that was found.
        public var lines: [Key: Int]

        /// Makes a topic.
        public init(
            number: Int, title: String, lead: OfficeID?, review: OfficeID?, quarter: Int?, milestones: [Deadline] = [],
            outline: [OutlineItem] = [], line: Int = 0, lines: [Key: Int] = [:]
        ) {
            self.number = number
            self.title = title
            self.lead = lead
            self.review = review
            self.quarter = quarter
            self.milestones = milestones
            self.outline = outline
            self.line = line
            self.lines = lines
        }

        /// The date of a milestone, if it was given and exists.
        public func date(of milestone: Milestone) -> CivilDate? {
            milestones.first { $0.milestone == milestone }?.date
        }
    }

    /// A milestone with the date written for it.
    public struct Deadline: Sendable, Equatable {
        /// Which one.
        public let milestone: Milestone
        /// As written.
        public let text: String
        /// The date; nil when it does not exist (30 February) or is not written as a date, which is fatal.
        public let date: CivilDate?
        /// The line in the file.
        public let line: Int

        /// Reads the date from what was written.
        public init(_ milestone: Milestone, _ text: String, line: Int = 0) {
            self.milestone = milestone
            self.text = text
            self.date = CivilDate(text)
            self.line = line
        }
    }
}
