/// The topics of all plans, by their ids.
///
/// Each batch of writes changes a copy of the state. What such a copy costs grows with the topics that are being worked
/// on: the finished ones stand apart and are shared, and a topic is copied when it first changes in the copy.
public struct TopicTable: Sendable {
    /// A topic where it lies.
    ///
    /// It is changed only by the one table that refers to it, and copied otherwise: so what another table or thread sees
    /// never changes.
    private final class Place: @unchecked Sendable {
        var topic: Topic

        init(_ topic: Topic) { self.topic = topic }
    }

    private var opened: [TopicID: Place] = [:]
    private var finished: [TopicID: Place] = [:]

    /// No topics.
    init() {}

    /// How many there are.
    public var count: Int { opened.count + finished.count }

    /// How many have their details in memory.
    public var openCount: Int { opened.count }

    /// Their ids, in no particular order.
    public var keys: [TopicID] { Array(opened.keys) + Array(finished.keys) }

    /// All of them, in no particular order.
    public var values: [Topic] { open + finished.values.map(\.topic) }

    /// Those whose details are in memory, in no particular order.
    public var open: [Topic] { opened.values.map(\.topic) }

    /// The topic with this id.
    public internal(set) subscript(id: TopicID) -> Topic? {
        get { (opened[id] ?? finished[id])?.topic }
        set {
            opened[id] = nil
            finished[id] = nil
            if let newValue { put(Place(newValue)) }
        }
    }

    /// The topic in memory that has this comment.
    func owner(of comment: CommentID) -> TopicID? {
        opened.first { $0.value.topic.comments.contains(comment.number) }?.key
    }

    /// The topic in memory that has this review.
    func owner(of review: ReviewID) -> TopicID? {
        opened.first { $0.value.topic.reviews.contains(review.number) }?.key
    }

    /// Changes a topic; nothing happens where there is none.
    mutating func change(_ id: TopicID, _ edit: (inout Topic) -> Void) {
        // Taken out, so that the reference is counted once if nobody else has it.
        guard var place = opened.removeValue(forKey: id) ?? finished.removeValue(forKey: id) else { return }
        if !isKnownUniquelyReferenced(&place) { place = Place(place.topic) }
        edit(&place.topic)
        put(place)
    }

    private mutating func put(_ place: Place) {
        if place.topic.isArchived { finished[place.topic.id] = place } else { opened[place.topic.id] = place }
    }
}
