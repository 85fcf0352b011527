import ReviewCore

/// A cursor in the log: all that is kept for a watcher, however far behind (specification §1.6, §4).
///
/// A connection watches everything, or up to `watches` topics. So every event belongs to at most one of its
/// subscriptions, and the chain of `prev=` of each is its own.
struct Subscription: Sendable {
    /// The topic; nil for everything.
    let topic: TopicID?
    /// Everything up to here was looked at.
    var position: Int64
    /// The last event that was sent, or what `after=` said.
    var previous: Int64
    /// Whether a page of the log was asked for.
    var isLoading = false
    /// Whether it has to be told that it is up to date.
    var owesSync = true

    /// A subscription behind an event.
    init(topic: TopicID?, after position: Int64) {
        self.topic = topic
        self.position = position
        previous = position
    }
}
