import Testing

@testable import ReviewCore

/// A state is copied for each batch of writes: what changes in one copy must not show in another.
@Suite("Topics of a state") struct TopicTableTests {
    @Test("A change shows in the copy that was changed, whichever of both it is")
    func copiesAreApart() throws {
        var world = try World()
        try world.reach(.review)
        let before = world.state
        var other = world.state
        other.topics[topic(1)]?.round = 99
        other.topics[topic(2)] = nil
        #expect(world[1].round == 1)
        #expect(world.state.topics.count == 4)
        #expect(other.topics[topic(1)]?.round == 99)
        #expect(other.topics.count == 3)
        #expect(other.topics[topic(2)] == nil)

        try world.comment()
        try world.comment()
        #expect(world[1].comments.count == 2)
        #expect(before.topics[topic(1)]?.comments.count == 0)
        #expect(other.topics[topic(1)]?.comments.count == 0)
    }

    @Test("A topic is among those in memory until it is finished, and is found in either place")
    func finishedTopicsStandApart() throws {
        var world = try World()
        #expect(world.state.topics.openCount == 4)
        try world.reach(.plenary)
        let id = try world.comment()
        #expect(world.state.topicID(of: id) == topic(1))
        #expect(world.state.find(id)?.comment.id == id)
        let before = world.state
        try world.act("bich", .cancel(topic(1), reason: octets("Sáp nhập.")))
        #expect(world.state.topics.openCount == 3)
        #expect(world.state.topics.count == 4)
        #expect(world.state.topics[topic(1)]?.stage == .cancelled)
        #expect(Set(world.state.topics.keys) == Set((1...4).map { topic($0) }))
        #expect(world.state.topicsInOrder.map(\.id) == (1...4).map { topic($0) })
        #expect(world.state.openTopicsInOrder.map(\.id) == (2...4).map { topic($0) })
        #expect(world.state.topicID(of: id) == nil)
        #expect(world.state.find(id) == nil)
        #expect(before.topics.openCount == 4)
        #expect(before.topicID(of: id) == topic(1))
    }
}
