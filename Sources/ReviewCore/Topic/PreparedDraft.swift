/// A pushed text and everything that follows from it, from the revision it builds on, and from that revision's comments.
///
/// With a long text, or one of many short paragraphs, this takes a tenth of a second, in which nobody else should have to wait: so it may be made beforehand
/// on another thread, from a snapshot of the topic. Nothing is decided here. `decide` uses it when it was made of exactly
/// what is decided about, and otherwise makes another one; `apply` uses it when it belongs to the event, and works out
/// what came to the topic since.
public final class PreparedDraft: Sendable, Equatable {
    /// What a legal text becomes.
    struct Content: Sendable {
        let body: Body
        let document: Document
        /// What in it tells who a person is.
        let personalData: [PersonalData.Finding]
        /// What changed since the revision before; nil for the first.
        let change: ChangeKind?
        /// From the revision before to this one.
        let step: Porting?
        /// From each revision that has comments to this one.
        let portings: [Int: Porting]
        /// Where each comment of the topic sits in this revision, by its number.
        let places: [Int: PortedAnchor]
    }

    /// About how much work it is to make one, counted as in `ComparisonWork`.
    ///
    /// It grows with the text, and with the text before it: short paragraphs are many candidates for each other, and what
    /// carries comments is compared word by word.
    public static func work(of octets: [UInt8], in topic: Topic) -> Int {
        var paragraphs = 0
        var isAtStart = true
        for octet in octets {
            if isAtStart, octet != 0x0A { paragraphs += 1 }
            isAtStart = octet == 0x0A
        }
        let reading = octets.count + paragraphs * paragraphOctets
        guard let latest = topic.latest else { return reading }
        let aligning = ComparisonWork.aligning(latest.document, octets: octets.count, paragraphs: paragraphs)
        guard !topic.comments.isEmpty else { return reading + aligning }
        // A comment that is lost on the way is looked for once more, straight from its own revision.
        return reading + aligning * (1 + topic.portings.count) + ComparisonWork.comparingWords(of: latest.document)
            + topic.comments.count * commentOctets
    }

    /// What a paragraph costs beside its octets, and what a comment does.
    private static let paragraphOctets = 16
    private static let commentOctets = 256

    /// The octets as they were sent.
    private let octets: [UInt8]
    /// The revision it builds on.
    private let base: Int
    /// Where the comments that it claims to address sit in that revision.
    private let addressed: [Anchor]
    private let result: Result<Content, Refusal>

    /// Works everything out; how long that takes, `work` says beforehand.
    public convenience init(_ octets: [UInt8], addressing addresses: [CommentID], in topic: Topic) {
        self.init(octets, addressed: topic.anchors(of: addresses), in: topic)
    }

    init(_ octets: [UInt8], addressed: [Anchor], in topic: Topic) {
        self.octets = octets
        self.addressed = addressed
        base = topic.newest
        do throws(Refusal) {
            let body = Body(try State.canonicalDocument(octets))
            result = .success(Content(body, addressed: addressed, in: topic))
        } catch {
            result = .failure(error)
        }
    }

    /// The text and what follows from it.
    ///
    /// - Throws: Why the text is no document.
    var content: Content { get throws(Refusal) { try result.get() } }

    /// Whether it was made of these octets, on the topic's newest revision, with these anchors.
    func fits(_ octets: [UInt8], addressed: [Anchor], in topic: Topic) -> Bool {
        base == topic.newest && self.addressed == addressed && self.octets == octets
    }

    /// What it says of a revision that builds on `newest`; nil when it is about another one.
    func content(of text: Body, on newest: Int) -> Content? {
        guard base == newest, case .success(let content) = result, content.body.digest == text.digest else {
            return nil
        }
        return content
    }

    /// Equal when made of the same; everything else follows.
    public static func == (left: PreparedDraft, right: PreparedDraft) -> Bool {
        left === right || left.base == right.base && left.addressed == right.addressed && left.octets == right.octets
    }
}

extension PreparedDraft.Content {
    /// What follows from a canonical text that is decided about.
    fileprivate init(_ body: Body, addressed: [Anchor], in topic: Topic) {
        self.body = body
        document = Document(body.text ?? "")
        personalData = PersonalData.findings(in: document)
        step = topic.latest.map { [document] in Porting(from: $0.document, to: document) }
        change = step.map { ChangeKind.classify($0, addressed: addressed) }
        (portings, places) = Self.places(topic, step)
    }

    /// The same for a text whose kind of change is known, as it comes out of the log.
    init(stored body: Body, change: ChangeKind?, in topic: Topic) {
        self.body = body
        self.change = change
        document = Document(body.text ?? "")
        personalData = PersonalData.findings(in: document)
        step =
            topic.comments.isEmpty
            ? nil : topic.latest.map { [document] in Porting(from: $0.document, to: document) }
        (portings, places) = Self.places(topic, step)
    }

    /// Carries every comment to the new revision: step by step, which survives many small edits, and once more directly
    /// for what was lost on the way, so that a paragraph that was taken out and put back has its comments again.
    private static func places(_ topic: Topic, _ step: Porting?) -> ([Int: Porting], [Int: PortedAnchor]) {
        guard let step, !topic.comments.isEmpty else { return ([:], [:]) }
        var portings = topic.portings.mapValues { $0.followed(by: step) }
        var anchors: [Int: [(number: Int, anchor: Anchor)]] = [:]
        for comment in topic.comments {
            anchors[comment.revision, default: []].append((comment.id.number, comment.anchor))
        }
        if anchors[topic.newest] != nil, portings[topic.newest] == nil { portings[topic.newest] = step }
        var places: [Int: PortedAnchor] = [:]
        places.reserveCapacity(topic.comments.count)
        for (origin, wanted) in anchors {
            guard let porting = portings[origin] else { continue }
            var lost: [(number: Int, anchor: Anchor)] = []
            for (comment, place) in zip(wanted, porting.port(wanted.map(\.anchor))) {
                places[comment.number] = place
                if place.state == .orphan, origin < topic.newest { lost.append(comment) }
            }
            guard !lost.isEmpty else { continue }
            let shortcut = Porting(from: porting.old, to: step.new)
            for (comment, place) in zip(lost, shortcut.port(lost.map(\.anchor))) { places[comment.number] = place }
        }
        return (portings, places)
    }
}

extension Topic {
    /// Where the comments that a push claims to address sit now; what is no comment of the topic is left out.
    func anchors(of addresses: [CommentID]) -> [Anchor] {
        addresses.compactMap { comments[$0.number]?.now.target.map { Anchor(target: $0) } }
    }

    /// Brings every comment to where it sits in a new revision.
    ///
    /// Comments that came after the draft was prepared are looked for one by one.
    mutating func moveComments(to draft: PreparedDraft.Content) {
        guard let step = draft.step, !comments.isEmpty else { return }
        let origin = newest - 1
        var portings = draft.portings
        for (revision, porting) in self.portings where portings[revision] == nil {
            portings[revision] = porting.followed(by: step)
        }
        comments.updateAll { comment in
            if let place = draft.places[comment.id.number] {
                comment.now = place
                return
            }
            if comment.revision == origin, portings[origin] == nil { portings[origin] = step }
            guard let porting = portings[comment.revision] else { return }
            comment.now = porting.port(comment.anchor)
            if comment.now.state == .orphan, comment.revision < origin {
                comment.now = Porting(from: porting.old, to: step.new).port(comment.anchor)
            }
        }
        self.portings = portings
    }
}
