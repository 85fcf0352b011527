import ReviewCore
import ReviewProtocol

/// WATCH, UNWATCH, ACK, and the delivery of events (specification §4).
extension Engine {
    // MARK: WATCH

    /// WATCH [topic]: a cursor that replaces an earlier one of the same scope.
    ///
    /// Watching everything replaces all topics, and watching a topic replaces everything.
    mutating func watch(_ id: ConnectionID, _ next: Queued, _ call: Call, now: Instant) -> Progress {
        guard let language = language(of: id), let identity = identity(of: id) else { return .waits }
        if next.materials.hasFailed { return answer(id, Replies.notRead(language), tag: call.tag) }
        let subscription: Subscription
        let others: [Subscription]
        do throws(Interruption) {
            let topic = try watchedTopic(call, identity.person, language)
            subscription = Subscription(
                topic: topic, after: try watchedFrom(call, identity.person, next.materials, language))
            others = try subscriptions(of: id, beside: topic, language)
        } catch {
            return settle(error, id, next, call, language)
        }
        var pairs = [
            Pair("log", epoch), Pair("tail", String(state.lastSequence)), Pair("after", String(subscription.position)),
        ]
        pairs.add("topic", subscription.topic?.description)
        let progress = answer(id, .ok(pairs, nil, language), tag: call.tag)
        connections[id]?.subscriptions = others + [subscription]
        watchers.insert(id)
        makeBehind(id)
        if connections[id]?.hasSyncAlarm == false {
            connections[id]?.hasSyncAlarm = true
            addSyncAlarm(id, now: now)
        }
        return progress
    }

    /// The topic that WATCH names, in this log and open to the person; nil for everything.
    private func watchedTopic(
        _ call: Call, _ person: PersonID, _ language: Language
    ) throws(Interruption) -> TopicID? {
        if let log = call.pair("log"), log != epoch {
            throw .answered(
                .no(
                    .logChanged,
                    Wording(
                        "Nhật ký đã được khôi phục từ bản sao lưu; hãy đọc lại từ đầu",
                        "The log was restored from a backup; read everything again"), pairs: [Pair("log", epoch)],
                    language))
        }
        guard let text = call.optionalWord("topic") else { return nil }
        guard let known = TopicID(text), let wanted = state.topics[known],
            state.access(of: person, to: wanted) != .none
        else {
            throw .answered(
                .no(.notFound, Wording("Không có chuyên đề \(text)", "There is no topic \(text)"), language))
        }
        return known
    }

    /// The event behind which WATCH begins: what it says, else what its client acknowledged, else the log's end.
    private func watchedFrom(
        _ call: Call, _ person: PersonID, _ materials: Materials, _ language: Language
    ) throws(Interruption) -> Int64 {
        let tail = state.lastSequence
        if let after = call.number("after") {
            guard after <= tail else {
                throw .answered(
                    .no(
                        .cursorAhead,
                        Wording(
                            "Vị trí after=\(after) vượt quá cuối nhật ký (\(tail))",
                            "after=\(after) lies beyond the end of the log (\(tail))"),
                        pairs: [Pair("tail", String(tail))], language))
            }
            return after
        }
        guard let client = call.pair("client") else { return tail }
        guard let stored = materials.position else { throw .needs(.position(person, client: client)) }
        // A position beyond the end was acknowledged in a log that is gone.
        return min(stored ?? tail, tail)
    }

    /// What a connection goes on watching beside a topic: its other topics, or nothing beside everything.
    private func subscriptions(
        of id: ConnectionID, beside topic: TopicID?, _ language: Language
    ) throws(Interruption) -> [Subscription] {
        let others = (connections[id]?.subscriptions ?? []).filter {
            topic != nil && $0.topic != nil && $0.topic != topic
        }
        guard others.count < configuration.limits.watches else {
            throw .answered(
                .no(
                    .quota,
                    Wording(
                        "Một kết nối theo dõi được nhiều nhất \(configuration.limits.watches) chuyên đề; hãy dùng WATCH không kèm chuyên đề",
                        "A connection watches at most \(configuration.limits.watches) topics; use WATCH without a topic"
                    ),
                    pairs: [Pair("limit", "watches")], language))
        }
        return others
    }

    /// UNWATCH [topic].
    mutating func unwatch(_ id: ConnectionID, _ call: Call) -> Progress {
        guard let language = language(of: id) else { return .waits }
        var rest: [Subscription] = []
        if let text = call.optionalWord("topic") {
            rest = (connections[id]?.subscriptions ?? []).filter { $0.topic?.description != text }
        }
        connections[id]?.subscriptions = rest
        if rest.isEmpty { watchers.remove(id) }
        return answer(id, .ok([Pair("watching", String(rest.count))], nil, language), tag: call.tag)
    }

    // MARK: ACK

    /// ACK n [client=]: stored with the batch, so OK means on disk.
    mutating func acknowledge(_ id: ConnectionID, _ call: Call) -> Progress {
        guard let language = language(of: id), let identity = identity(of: id) else { return .waits }
        if writing == .inFlight { return wait(id, for: .batch) }
        let sequence = Int64(call.word("sequence")) ?? 0
        let client = call.pair("client") ?? ""
        guard sequence <= state.lastSequence else {
            return answer(
                id,
                .no(
                    .cursorAhead,
                    Wording(
                        "Sự kiện \(sequence) chưa có; nhật ký đến \(state.lastSequence)",
                        "There is no event \(sequence) yet; the log ends at \(state.lastSequence)"),
                    pairs: [Pair("tail", String(state.lastSequence))], language), tag: call.tag)
        }
        var batch = open.take() ?? OpenBatch(on: state)
        defer { gather(batch) }
        if batch.isFull { return wait(id, for: .batch) }
        batch.batch.positions.append(ReadPosition(person: identity.person, client: client, sequence: sequence))
        batch.writes += 1
        var pairs = [Pair("position", String(sequence))]
        if !client.isEmpty { pairs.append(Pair("client", client)) }
        batch.answers.append(
            Answer(connection: id, tag: call.tag, form: call.form.name, content: .reply(.ok(pairs, nil, language))))
        connections[id]?.dequeue()
        connections[id]?.unansweredWrites += 1
        return .done
    }

    // MARK: Delivery

    /// Puts a watcher on the list of those who get events in the next turn.
    mutating func makeBehind(_ id: ConnectionID) {
        guard let index = connections.index(forKey: id), !connections.values[index].isBehind,
            !connections.values[index].subscriptions.isEmpty
        else { return }
        connections.values[index].isBehind = true
        behind.append(id)
    }

    /// New events are durable: every watcher who can take them gets them now.
    mutating func publish(after: Int64) {
        guard !watchers.all.isEmpty else { return }
        let audiences = Audiences(after: after, state, &ring)
        for id in watchers.all { deliver(id, audiences) }
    }

    /// What a delivery left to be done.
    private struct Delivery {
        /// Whether there is more at hand; it comes with the next turn.
        var hasMore = false
        /// The places of the subscriptions whose next page has to come from the log.
        var places: [Int] = []
    }

    /// Sends a watcher what it may see, up to the bound of one turn.
    mutating func deliver(_ id: ConnectionID, _ audiences: Audiences = Audiences()) {
        guard let index = connections.index(forKey: id), !connections.values[index].isBlocked,
            let identity = connections.values[index].session.identity
        else { return }
        let delivery = Self.deliver(to: &connections.values[index], identity.person, state, &ring, audiences)
        tally.deliveries &+= connections.values[index].delivered
        connections.values[index].delivered = 0
        write(id) { _ in }
        // A subscription that reached the bound must not cost another one its page.
        for place in delivery.places { askForPage(of: place, at: index, id) }
        if delivery.hasMore { makeBehind(id) }
    }

    /// Asks for the page of the log that a subscription needs next.
    private mutating func askForPage(of place: Int, at index: Int, _ id: ConnectionID) {
        // Moving a cursor leaves its page on the way: a bound keeps WATCH after WATCH from piling them up. Whatever page
        // comes next lets the others be asked for.
        guard connections.values[index].pagesAsked < EngineConfiguration.pagesAtOnce else { return }
        connections.values[index].pagesAsked += 1
        connections.values[index].subscriptions[place].isLoading = true
        let subscription = connections.values[index].subscriptions[place]
        load(
            .events(
                after: subscription.position, limit: EngineConfiguration.eventPage, topic: subscription.topic),
            for: .page(id, topic: subscription.topic, after: subscription.position, tail: state.lastSequence))
    }

    private static func deliver(
        to connection: inout Connection, _ id: PersonID, _ state: State, _ ring: inout EventRing,
        _ audiences: Audiences
    ) -> Delivery {
        var delivery = Delivery()
        guard let person = state.people[id] else { return delivery }
        let tail = state.lastSequence
        let bound = connection.output.count + EngineConfiguration.catchUpOctets
        var owesSync = false
        for place in connection.subscriptions.indices {
            var subscription = connection.subscriptions[place]
            connection.delivered &+= Int64(
                audiences.deliver(to: &subscription, person, upTo: bound, into: &connection.output))
            while subscription.position < tail {
                guard let recent = ring.event(subscription.position + 1) else {
                    if !subscription.isLoading { delivery.places.append(place) }
                    break
                }
                guard connection.output.count < bound else {
                    delivery.hasMore = true
                    break
                }
                if subscription.take(recent, person, audiences, state, into: &connection.output) {
                    connection.delivered &+= 1
                }
            }
            if subscription.owesSync { owesSync = true }
            connection.subscriptions[place] = subscription
        }
        if owesSync, connection.subscriptions.allSatisfy({ $0.position >= tail }) {
            for place in connection.subscriptions.indices { connection.subscriptions[place].owesSync = false }
            ServerLine.sync(tail).write(into: &connection.output)
        }
        return delivery
    }

    /// A page of the log for a watcher who is further behind than the ring reaches.
    mutating func takePage(_ id: ConnectionID, topic: TopicID?, after: Int64, tail: Int64, _ loaded: Loaded) {
        guard let index = connections.index(forKey: id), let identity = connections.values[index].session.identity
        else { return }
        connections.values[index].pagesAsked -= 1
        guard let person = state.people[identity.person] else { return }
        guard
            let place = connections.values[index].subscriptions.firstIndex(where: {
                $0.topic == topic && $0.isLoading && $0.position == after
            })
        else {
            // A WATCH moved the cursor meanwhile: this page is of no use, but another may be asked for now.
            return makeBehind(id)
        }
        connections.values[index].subscriptions[place].isLoading = false
        guard case .events(let events) = loaded else {
            // The store could not read; the next SYNC tries again, and until then the watcher is told nothing wrong.
            return
        }
        let bound = connections.values[index].output.count + EngineConfiguration.catchUpOctets
        var subscription = connections.values[index].subscriptions[place]
        var isComplete = true
        // What is durable but not told to the engine yet comes with its own batch: who may see it is judged by the state
        // that has it.
        let told = events.prefix { $0.sequence <= state.lastSequence }
        for event in told where event.sequence > subscription.position {
            guard connections.values[index].output.count < bound else {
                isComplete = false
                break
            }
            let wasTold = subscription.take(
                RecentEvent(event, limit: configuration.limits.eventOctets), person, Audiences(), state,
                into: &connections.values[index].output)
            if wasTold { tally.deliveries &+= 1 }
        }
        // A short page means that nothing else was there when it was asked for.
        if isComplete, events.count < EngineConfiguration.eventPage {
            subscription.position = max(subscription.position, tail)
        }
        connections.values[index].subscriptions[place] = subscription
        write(id) { _ in }
        makeBehind(id)
    }

    // MARK: SYNC

    private mutating func addSyncAlarm(_ id: ConnectionID, now: Instant) {
        let pause = Int64(configuration.limits.syncSeconds) * 1_000
        alarms.add(Alarm(instant: now.adding(milliseconds: pause), connection: id, kind: .sync))
    }

    /// The time of a SYNC: says how far a quiet watcher has come.
    mutating func syncAlarm(_ id: ConnectionID, now: Instant) {
        guard let index = connections.index(forKey: id) else { return }
        guard !connections.values[index].subscriptions.isEmpty else {
            connections.values[index].hasSyncAlarm = false
            return
        }
        addSyncAlarm(id, now: now)
        guard !connections.values[index].isBlocked else { return }
        for place in connections.values[index].subscriptions.indices {
            connections.values[index].subscriptions[place].owesSync = true
        }
        deliver(id)
    }
}

/// What became durable together, worked out once for all watchers: the audience of each event, and the lines of those who
/// see the same.
final class Audiences {
    /// The lines of one stretch as one kind of watcher gets them.
    private struct Stretch {
        /// Which of the events belong to it, the first in the lowest bit.
        let seen: UInt64
        /// What `prev=` of its first line says.
        let previous: Int64
        /// The last event in it.
        let last: Int64
        let octets: [UInt8]
    }

    private let first: Int64
    private var events: [RecentEvent] = []
    private var all: [Audience] = []
    /// Watchers of one topic take turns with watchers of everything; more kinds at once are rare.
    private var stretches: [Stretch] = []
    private static let mostStretches = 8

    /// None: each audience is worked out when it is asked for.
    init() { first = 0 }

    /// Those of the events behind a position, as far as the ring holds them.
    init(after position: Int64, _ state: State, _ ring: inout EventRing) {
        first = position + 1
        var next = first
        while let recent = ring.event(next) {
            events.append(recent)
            all.append(state.audience(of: recent.event))
            next += 1
        }
    }

    /// Whether a person may be told of an event.
    func include(_ person: Person, _ recent: RecentEvent, _ state: State) -> Bool {
        let place = recent.sequence - first
        guard place >= 0, place < all.count else { return state.audience(of: recent.event).includes(person) }
        return all[Int(place)].includes(person)
    }

    /// Delivers all of the events at once to who has seen everything before them; nothing to anybody else, nor when it
    /// would be more than there is room for.
    ///
    /// - Parameter bound: octets of the output that must not be exceeded.
    /// - Returns: how many lines were delivered.
    func deliver(
        to subscription: inout Subscription, _ person: Person, upTo bound: Int, into output: inout [UInt8]
    ) -> Int {
        guard subscription.position == first - 1, !all.isEmpty, all.count <= UInt64.bitWidth else { return 0 }
        var seen: UInt64 = 0
        for place in all.indices {
            if let topic = subscription.topic, events[place].topic != topic { continue }
            if all[place].includes(person) { seen |= 1 << UInt64(place) }
        }
        let position = subscription.position + Int64(all.count)
        guard seen != 0 else {
            subscription.position = position
            return 0
        }
        let stretch = stretch(of: seen, behind: subscription.previous)
        guard output.count + stretch.octets.count <= bound else { return 0 }
        output.append(contentsOf: stretch.octets)
        subscription.position = position
        subscription.previous = stretch.last
        return seen.nonzeroBitCount
    }

    private func stretch(of seen: UInt64, behind previous: Int64) -> Stretch {
        if let known = stretches.first(where: { $0.seen == seen && $0.previous == previous }) { return known }
        var octets: [UInt8] = []
        var last = previous
        for place in events.indices where seen & (1 << UInt64(place)) != 0 {
            events[place].line.write(previous: last, into: &octets)
            last = events[place].sequence
        }
        let made = Stretch(seen: seen, previous: previous, last: last, octets: octets)
        if stretches.count == Self.mostStretches { stretches.removeFirst() }
        stretches.append(made)
        return made
    }
}

extension Subscription {
    /// Looks at the next event, and writes it when it belongs here and the person may see it now; whether it was written.
    fileprivate mutating func take(
        _ recent: RecentEvent, _ person: Person, _ audiences: Audiences, _ state: State, into output: inout [UInt8]
    ) -> Bool {
        position = recent.sequence
        if let topic, recent.topic != topic { return false }
        guard audiences.include(person, recent, state) else { return false }
        recent.line.write(previous: previous, into: &output)
        previous = recent.sequence
        return true
    }
}
