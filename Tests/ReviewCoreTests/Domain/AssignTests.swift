import Testing

@testable import ReviewCore

@Suite("Assigning people")
struct AssignTests {
    @Test("heads assign authors and reviewers of their own office")
    func ownOffice() throws {
        let world = try World()
        #expect(world.refused("hanh", .assign(topic(1), p("lan"), .author)) == nil)
        #expect(world.refused("hanh", .assign(topic(1), p("bich"), .author)) == nil, "a leader can be an author")
        #expect(world.refused("hanh", .assign(topic(1), p("phuc"), .author)) == .invalid, "another office")
        for who in ["van", "soat", "tri"] {
            #expect(world.refused("hanh", .assign(topic(1), p(who), .author)) == .invalid, "\(who)")
        }
        for who in ["nga", "lan", "bich", "dung", "van"] {
            #expect(world.refused(who, .assign(topic(1), p("lan"), .author)) == .forbidden, "\(who)")
        }
        #expect(world.refused("nga", .assign(topic(1), p("phuc"), .reviewer)) == nil)
        #expect(world.refused("nga", .assign(topic(1), p("lan"), .reviewer)) == .invalid)
        #expect(world.refused("hanh", .assign(topic(1), p("lan"), .reviewer)) == .forbidden)
        #expect(world.refused("hanh", .assign(topic(1), p("ai"), .author)) == .notFound)
        #expect(world.refused("hanh", .assign(topic(8), p("lan"), .author)) == .notFound)
    }

    @Test("in the seed the offices swap sides between topics 1 and 2")
    func swappedSides() throws {
        let world = try World()
        #expect(world.refused("nga", .assign(topic(2), p("phuc"), .author)) == nil)
        #expect(world.refused("hanh", .assign(topic(2), p("lan"), .author)) == .forbidden)
        #expect(world.refused("hanh", .assign(topic(2), p("lan"), .reviewer)) == nil)
    }

    @Test(
        "the Director or the coordinating head names secretary and format checker",
        arguments: [Assignment.secretary, .format])
    func named(assignment: Assignment) throws {
        let world = try World()
        for who in ["bich", "hanh"] {
            #expect(world.refused(who, .assign(topic(2), p("van"), assignment)) == nil)
            #expect(world.refused(who, .assign(topic(2), p("soat"), assignment)) == .invalid)
            #expect(world.refused(who, .assign(topic(2), p("tri"), assignment)) == .invalid)
        }
        for who in ["dung", "nga", "van", "phuc"] {
            #expect(world.refused(who, .assign(topic(2), p("van"), assignment)) == .forbidden)
        }
    }

    @Test("assigning twice stores nothing; unassigning needs an assignment")
    func twice() throws {
        var world = try World()
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        let again = try world.act("hanh", .assign(topic(1), p("lan"), .author))
        #expect(again.facts.isEmpty && again.details.contains(Detail("already", "yes")))
        #expect(world[1].assigned(as: .author) == [p("lan")])
        #expect(world.refused("hanh", .unassign(topic(1), p("minh"), .author)) == .invalid)
        #expect(world.refused("nga", .unassign(topic(1), p("lan"), .author)) == .forbidden)
        try world.act("hanh", .unassign(topic(1), p("lan"), .author))
        #expect(world[1].assigned(as: .author).isEmpty)
    }

    @Test("nothing is assigned once the text is approved")
    func tooLate() throws {
        var world = try World()
        try world.reach(.approved)
        #expect(world.refused("hanh", .assign(topic(1), p("minh"), .author)) == .stage)
        #expect(world.refused("hanh", .unassign(topic(1), p("lan"), .author)) == .stage)
    }
}
