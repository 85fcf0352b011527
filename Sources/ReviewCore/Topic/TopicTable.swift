/// The topics of all plans, by their ids.
///
/// Each batch of writes changes a copy of the state. What such a copy costs grows with the topics that are being worked
/// on, at a reference each: the finished ones stand apart and are shared.
public struct TopicTable: Sendable {
    private var opened: [TopicID: Box<Topic>] = [:]
    private var finished: [TopicID: Box<Topic>] = [:]

    /// No topics.
    init() {}

    /// How many there are.
    public var count: Int { opened.count + finished.count }

    /// How many have their details in memory.
    public var openCount: Int { opened.count }

    /// Their ids, in no particular order.
    public var keys: [TopicID] { Array(opened.keys) + Array(finished.keys) }

    /// All of them, in no particular order.
    public var values: [Topic] { open + finished.values.map(\.value) }

    /// Those whose details are in memory, in no particular order.
    public var open: [Topic] { opened.values.map(\.value) }

    /// The topic with this id.
    public internal(set) subscript(id: TopicID) -> Topic? {
        get { (opened[id] ?? finished[id])?.value }
        set {
            opened[id] = nil
            finished[id] = nil
            if let newValue { put(newValue) }
        }
    }

    /// The topic in memory that has this comment.
    func owner(of comment: CommentID) -> TopicID? {
        opened.first { $0.value.value.comments.contains(comment.number) }?.key
    }

    /// The topic in memory that has this review.
    func owner(of review: ReviewID) -> TopicID? {
        opened.first { $0.value.value.reviews.contains(review.number) }?.key
    }

    /// Changes a topic; nothing happens where there is none.
    mutating func change(_ id: TopicID, _ edit: (inout Topic) -> Void) {
        // The box lets go of the topic before it changes: lists that no other copy of the state shares change in place.
        var box = opened.removeValue(forKey: id) ?? finished.removeValue(forKey: id)
        guard var topic = box?.value else { return }
        box = nil
        edit(&topic)
        put(topic)
    }

    private mutating func put(_ topic: Topic) {
        if topic.isArchived { finished[topic.id] = Box(topic) } else { opened[topic.id] = Box(topic) }
    }
}
