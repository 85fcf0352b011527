import Testing

@testable import ReviewCore

@Suite("The log is the state")
struct ReplayTests {
    /// Runs a seeded sequence of commands, most of them by whoever may do them.
    private func run(_ seed: UInt64, steps: Int, check: (World) throws -> Void) throws -> World {
        var chaos = Chaos(seed: seed)
        var world = try World()
        for step in 0..<steps {
            world.now = world.now.adding(milliseconds: Int64(chaos.below(20_000_000)))
            var open = world.state.topicsInOrder.filter { !$0.stage.isFinished || chaos.chance(2) }
            if open.isEmpty {
                // The year's work is done: the next year's plan follows.
                let year = 2025 + world.state.plans.count
                try world.act("bich", .loadPlan(SeedDraft.plan(year: year), source: octets("plan: \(year)\n")))
                open = world.state.topicsInOrder.filter { !$0.stage.isFinished }
            }
            let topic = chaos.one(open)
            let command =
                chaos.chance(3)
                ? chaos.garbage()
                : (chaos.chance(22) ? chaos.duty(in: world) : nil) ?? chaos.command(on: topic, in: world)
            for who in chaos.everybody() {
                guard world.refused(who, command) == nil else { continue }
                let outcome = try world.state.decide(command, by: .person(p(who)), now: world.now)
                let again = try world.act(who, command)
                #expect(again == outcome)
                break
            }
            if step % 500 == 499 { try check(world) }
        }
        return world
    }

    @Test("live, replayed and restarted states are the same", arguments: [1, 2, 4] as [UInt64])
    func sameState(seed: UInt64) throws {
        let world = try run(seed, steps: 2000) { world in
            let replayed = try world.replayed()
            #expect(difference(replayed, world.state) == nil)
            var live = world.state
            live.forgetExpired(now: world.now)
            let restarted = world.restarted()
            #expect(difference(restarted, live) == nil)
            for who in Chaos.names {
                #expect(restarted.tasks(for: p(who), now: world.now) == live.tasks(for: p(who), now: world.now))
            }
        }
        // A run that stops early would prove little.
        let kinds = Set(world.events.map(\.fact.type))
        #expect(world.events.count > 400, "only \(world.events.count) events")
        #expect(world.events.contains { $0.fact.type == DocumentIssued.type })
        #expect(kinds.count > 30, "only \(kinds.sorted())")
    }

    @Test("what random people do never breaks the rules", arguments: [11, 12] as [UInt64])
    func rulesHold(seed: UInt64) throws {
        let world = try run(seed, steps: 700) { _ in }
        var state = State()
        for event in world.events {
            if let topic = event.fact.topic.flatMap({ state.topics[$0] }) {
                check(event, on: topic, state)
            }
            state.apply(event)
        }
    }

    private func check(_ event: Event, on topic: Topic, _ before: State) {
        let person = event.person.flatMap { before.people[$0] }
        #expect(person?.position != .admin && person?.position != .observer, "\(event.fact.type)")
        switch event.fact {
        case .reviewFiled(let fact):
            #expect(event.office == topic.review && event.office != topic.lead)
            #expect(!topic.hasPushed(event.person ?? p("none")))
            #expect(fact.revision == topic.newest)
        case .reviewEndorsed, .contentVouched: #expect(person?.position == .head)
        case .opinionGiven: #expect(person?.position.isLeader == true)
        case .requirementOverridden, .milestoneExtended, .topicPostponed, .topicCancelled:
            #expect(person?.position == .director)
        case .approvalGiven(let fact):
            #expect(person.map { before.mayApprove($0, now: event.time) } == true)
            #expect(fact.digest == topic.latest?.digest && fact.revision == topic.newest)
            let unmet = before.requirements(of: topic, seen: Set(fact.seen), now: event.time)
                .filter { $0.state == .unmet && $0.requirement != .approval }
            #expect(unmet.isEmpty)
        case .documentIssued(let fact):
            #expect(person?.position == .clerk)
            #expect(fact.digest == topic.latest?.digest)
        case .revisionPushed:
            #expect(event.office == topic.lead || person?.position.isLeader == true)
            #expect([.assigned, .drafting, .leadership, .revision, .finishing].contains(topic.stage))
        case .stageEntered(let fact):
            #expect(fact.from == topic.stage)
            #expect(fact.stage.order == fact.from.order + 1 || topic.returning != nil)
        default: #expect(topic.postponed == nil || !isWork(event.fact), "\(event.fact.type) while postponed")
        }
        #expect(!topic.isArchived)
    }

    private func isWork(_ fact: Fact) -> Bool {
        switch fact {
        case .topicResumed, .memberAssigned, .memberUnassigned: false
        default: true
        }
    }
}

@Suite("Garbage")
struct GarbageTests {
    @Test("no argument makes a decision trap or a state that cannot be read back", arguments: [21, 22, 23] as [UInt64])
    func garbage(seed: UInt64) throws {
        var chaos = Chaos(seed: seed)
        var world = try World()
        let stages: [Stage] = [
            .assigned, .drafting, .leadership, .review, .revision, .plenary, .finishing, .approval, .approved, .issued,
        ]
        var refusals = 0
        for stage in stages {
            try world.reach(stage)
            for _ in 0..<300 {
                let command = chaos.garbage()
                let who = chaos.chance(10) ? nil : chaos.one(Chaos.names)
                if world.refused(who, command) != nil { refusals += 1 }
                var branch = world
                do throws(Refusal) { try branch.act(who, command) } catch { continue }
                let replayed = try branch.replayed()
                #expect(difference(replayed, branch.state) == nil, "\(command)")
            }
        }
        #expect(refusals > 2000)
    }

    @Test("events out of order or about nothing are taken in without harm")
    func damagedLog() throws {
        var world = try World()
        try world.reach(.finishing)
        var chaos = Chaos(seed: 31)
        for _ in 0..<40 {
            var state = State()
            for event in world.events.shuffled(using: &chaos.random) { state.apply(event) }
            for event in world.events.reversed() { state.apply(event) }
            _ = state.tasks(for: p("hanh"), now: world.now)
            for topic in state.topicsInOrder { _ = state.requirements(of: topic, seen: [], now: world.now) }
        }
    }
}
