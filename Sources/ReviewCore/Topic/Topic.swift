public import ReviewDigest

/// A topic (chuyên đề) with everything that happened to it.
///
/// Once it is issued or cancelled its details leave the working memory (`isArchived`) and are read from the log again
/// when somebody asks for them.
public struct Topic: Sendable {
    /// Year and number in the plan.
    public let id: TopicID
    /// The plan's id.
    public let plan: String
    /// The full title.
    public let title: String
    /// The office that drafts (phòng chủ trì).
    public let lead: OfficeID
    /// The office that reviews (phòng phản biện).
    public let review: OfficeID
    /// The quarter of the year, 1 to 4.
    public let quarter: Int
    /// The required outline (bố cục).
    public let outline: [OutlineItem]
    /// The dates of the plan.
    public let planned: [Milestone: CivilDate]
    /// New dates with their documents, the latest one of a milestone in force.
    public internal(set) var extensions: [Extension] = []

    /// Where it stands.
    public internal(set) var stage: Stage = .assigned
    /// Since when.
    public internal(set) var stageSince: Instant
    /// The stages it went through.
    public internal(set) var passages: [Passage] = []
    /// When work rested, in order.
    public internal(set) var postponements: [Postponement] = []
    /// The review round, from 1; 0 before the first.
    public internal(set) var round = 0

    /// Who is assigned as what, in the order of assigning.
    public internal(set) var members: [Member] = []
    /// The revisions, 1 first.
    public internal(set) var revisions: [Revision] = []
    /// The comments in the order of posting.
    public internal(set) var comments = NumberedList<Comment>()
    /// The reviews in the order of filing.
    public internal(set) var reviews = NumberedList<Review>()
    /// The leaders' opinions in the order of giving; an objection stands until it is lifted, or its leader agrees.
    public internal(set) var opinions: [OpinionVote] = []
    /// The head's sign-offs for the content, the last one counts while it is in force.
    public internal(set) var contentVotes: [ContentSignoff] = []
    /// The format checks, the last one counts while it is in force.
    public internal(set) var formatVotes: [FormatSignoff] = []
    /// The plenary that counts, once opened: a topic that is sent back before it needs another one.
    public internal(set) var plenary: Plenary?
    /// How often a plenary was opened anew within its stage.
    public internal(set) var plenariesReopened = 0
    /// The plenaries that were held and count no more, in order.
    public internal(set) var earlierPlenaries: [Plenary] = []
    /// What the Director overrode.
    public internal(set) var overrides: [Override] = []
    /// The approval in force.
    public internal(set) var approval: Approval?
    /// Number and date, once issued.
    public internal(set) var issued: Issued?
    /// Why it was given up.
    public internal(set) var cancelled: Body?
    /// Whether the details are no longer in memory.
    public internal(set) var isArchived = false
    /// The last event about it that is in memory.
    public internal(set) var lastEvent: Int64 = 0
    /// The newest revision's number; kept when the revisions themselves no longer are.
    public internal(set) var newest = 0
    /// From each revision that has comments to the newest one.
    var portings: [Int: Porting] = [:]
    /// The reason of a return that the next stage entered belongs to.
    var returning: Body?

    init(
        id: TopicID, plan: String, title: String, lead: OfficeID, review: OfficeID, quarter: Int,
        outline: [OutlineItem], planned: [Milestone: CivilDate], stageSince: Instant
    ) {
        self.id = id
        self.plan = plan
        self.title = title
        self.lead = lead
        self.review = review
        self.quarter = quarter
        self.outline = outline
        self.planned = planned
        self.stageSince = stageSince
    }

    /// A person's assignment.
    public struct Member: Sendable, Equatable {
        /// Who.
        public let person: PersonID
        /// As what.
        public let assignment: Assignment
        /// Since when.
        public let since: Instant
    }

    /// A milestone's new date.
    public struct Extension: Sendable, Equatable {
        /// Which milestone.
        public let milestone: Milestone
        /// The new date.
        public let to: CivilDate
        /// The document that gives it.
        public let reference: String
        /// Why.
        public let reason: Body
        /// When it was given.
        public let time: Instant
        /// By whom.
        public let person: PersonID?
    }

    /// A time in which work rested.
    public struct Postponement: Sendable, Equatable {
        /// Why.
        public let reason: Body
        /// Since when.
        public let time: Instant
        /// By whom.
        public let person: PersonID?
        /// When it was over; nil while it lasts.
        public internal(set) var until: Instant?
    }

    /// A step from one stage to the next.
    public struct Passage: Sendable, Equatable {
        /// The stage left.
        public let from: Stage
        /// The stage entered.
        public let to: Stage
        /// When.
        public let time: Instant
        /// By whom; nil when it followed from another act of the operator.
        public let person: PersonID?
        /// Days over the milestone, 0 when on time.
        public let overdueDays: Int
        /// Why it went back, when it did.
        public let reason: Body?
        /// Its place in the log.
        let event: Int64
    }

    /// Number and date of the issued document.
    public struct Issued: Sendable, Equatable {
        /// Số, ký hiệu.
        public let number: String
        /// The document's date.
        public let date: CivilDate
        /// The digest of the issued revision.
        public let digest: Digest
    }

    /// Why work rests; nil while it does not.
    public var postponed: Body? { postponements.last.flatMap { $0.until == nil ? $0.reason : nil } }

    /// How many comments wait for their disposition.
    public var openComments: Int { comments.count { $0.value.state == .open } }

    /// The newest revision, if there is one and its details are in memory.
    public var latest: Revision? { revisions.last }

    /// The revision with this number.
    public func revision(_ number: Int) -> Revision? {
        number >= 1 && number <= revisions.count ? revisions[number - 1] : nil
    }

    /// Whether the newest text is another one than that of a revision; the same text may have been pushed again.
    func hasChanged(since number: Int) -> Bool { revision(number)?.digest != latest?.digest }

    /// What differs between two revisions, in either order.
    ///
    /// A revision that follows the other has its own kind. Over several, only what each of them says is certain: that all kept
    /// to the comments that they addressed. Otherwise the sentence says no more than that the content differs.
    public func change(from old: Revision, to new: Revision, _ porting: Porting) -> (kind: ChangeKind, wording: Wording)
    {
        func named(_ kind: ChangeKind) -> (ChangeKind, Wording) {
            (kind, Wording(kind.text(vietnamese: true), kind.text(vietnamese: false)))
        }
        if new.number == old.number + 1, let change = new.change { return named(change) }
        let kind = ChangeKind.classify(porting, addressed: [])
        if kind == .identical || kind == .cosmetic { return named(kind) }
        let steps = revisions.filter { $0.number > old.number && $0.number <= new.number }.map(\.change)
        let keeps = !steps.isEmpty && steps.allSatisfy { $0 != nil && $0 != .other }
        return keeps ? named(.addressed) : (.other, Wording("có sửa nội dung", "the content differs"))
    }

    /// Whether a revision that names a comment can carry what was accepted of it: not with the text that it was made on.
    func canCarry(_ comment: Comment, _ revision: Revision) -> Bool {
        self.revision(comment.revision)?.digest != revision.digest
    }

    /// Whether a comment was accepted, at least in part, and no revision carries it yet.
    ///
    /// One that was accepted in part may ask for no change; it is promised only while there is no other text at all.
    func isPromised(_ comment: Comment) -> Bool {
        comment.isLive && comment.isToBeCarried && comment.settledIn == nil
            && (comment.disposition == .accepted || !hasChanged(since: comment.revision))
    }

    /// A milestone's date in force: the plan's, or the last extension's.
    public func date(of milestone: Milestone) -> CivilDate? {
        extensions.last { $0.milestone == milestone }?.to ?? planned[milestone]
    }

    /// The milestone that the present stage works towards.
    public var milestone: Milestone? {
        switch stage {
        case .assigned, .drafting, .leadership: .opinion
        case .review: .review
        case .revision, .plenary, .finishing, .approval: .final
        case .approved, .issued, .cancelled: nil
        }
    }

    /// The date that the present stage works towards.
    public var due: CivilDate? { milestone.flatMap { date(of: $0) } }

    /// The deadline with the rule that counts it, and whether it has passed.
    public func deadline(_ rule: BeforeDateRule) -> Deadline? { due.map { Deadline(date: $0, rule: rule) } }

    /// The persons assigned as something, in the order of assigning.
    public func assigned(as assignment: Assignment) -> [PersonID] {
        members.filter { $0.assignment == assignment }.map(\.person)
    }

    /// Whether a person pushed any revision: such a person never counts as its reviewer (domain §5).
    public func hasPushed(_ person: PersonID) -> Bool { revisions.contains { $0.person == person } }

    /// Whether a person filed a review: such a person does not write (domain §5).
    func hasReviewed(_ person: PersonID) -> Bool {
        reviews.contains { $0.person == person || $0.endorsedBy == person }
    }

    /// The event with which work on it came to rest, by its approval or its end; nil while somebody works on it.
    var restedAt: Int64? {
        guard stage.order >= Stage.approved.order else { return nil }
        return approval?.event ?? lastEvent
    }

    /// Its plan, as the rule behind a requirement; in which section one plan or another asks for that, the program does not
    /// know.
    var planCited: Wording { Wording("Kế hoạch năm \(plan)", "plan of \(plan)") }

    /// Where it stands, behind the word “chuyên đề”.
    var standing: String {
        stage == .issued ? "đã \(stage.wording.vietnamese)" : stage.wording.vietnamese
    }

    /// The content sign-off in force.
    public var contentVote: ContentSignoff? { contentVotes.last { $0.isInForce } }
    /// The format check in force.
    public var formatVote: FormatSignoff? { formatVotes.last { $0.isInForce } }

    /// Objections that stand: nobody lifted it, and its leader has not agreed since.
    ///
    /// A later one of the same leader takes its place; directions that follow it leave it as it is (domain §2, votes).
    public var standingObjections: [OpinionVote] { placesOfStandingObjections.map { opinions[$0] } }

    /// Where they stand in `opinions`, in their order.
    public var placesOfStandingObjections: [Int] {
        var places: [Int] = []
        // Those of whom a later agreement or objection has been seen, from the end: leaders give opinions without bound.
        var spoken = Set<PersonID>()
        for (place, vote) in opinions.enumerated().reversed() where vote.opinion != .direct {
            let isLast = spoken.insert(vote.person).inserted
            if isLast, vote.opinion == .object, vote.lifted == nil { places.append(place) }
        }
        return places.reversed()
    }
}

/// One revision (dự thảo lần n): immutable.
public struct Revision: Sendable {
    /// From 1.
    public let number: Int
    /// SHA-256 of the canonical text.
    public let digest: Digest
    /// The canonical text with its sections and paragraphs.
    public let document: Document
    /// What in it tells who a person is, in its order.
    public let personalData: [PersonalData.Finding]
    /// Who pushed it.
    public let person: PersonID
    /// Their office at that moment.
    public let office: OfficeID?
    /// When.
    public let time: Instant
    /// What changed, in the author's words.
    public let note: String?
    /// The comments it claims to address.
    public let addresses: [CommentID]
    /// The computed kind of change; nil for the first.
    public let change: ChangeKind?
    /// Its place in the log.
    let event: Int64
    /// The Word file from which it came, where one was attached.
    public internal(set) var original: OriginalFile?

    /// Octets of the canonical text.
    public var octets: Int { document.text.utf8.count }
    /// Lines of the canonical text.
    public var lines: Int { document.lines.count }
}
