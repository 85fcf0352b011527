import ReviewCore
import ReviewProtocol

extension Engine {
    /// Answers a query from the state; what it needs from the store is loaded, and then it is asked again.
    mutating func performQuery(
        _ query: Act.Query, _ id: ConnectionID, _ next: Queued, _ call: Call, now: Instant
    ) -> Progress {
        guard let language = language(of: id), let identity = identity(of: id),
            let person = state.people[identity.person]
        else { return .waits }
        if next.materials.hasFailed { return answer(id, Replies.notRead(language), tag: call.tag) }
        if query == .dossier { connections[id]?.dossier = TopicID(call.word("topic")) }
        let reading = Reading(
            state: state, person: person, proof: identity.proof, certificate: identity.certificate,
            now: now, language: language, query: query, call: call,
            materials: next.materials, readPlan: configuration.readPlan, writeRecord: configuration.writeRecord,
            dossier: connections[id]?.dossier, engine: engineFigures)
        if reading.weight >= configuration.longOctets {
            let sendsLiterals = connections[id]?.sendsLiterals ?? false
            compute(.answer(reading, sendsLiterals: sendsLiterals), for: id, serial: next.serial)
            return .waits
        }
        let outlook = reading.outlook
        let form = connections[id]?.form ?? ReplyCache.Form(language: language, sendsLiterals: false)
        if let outlook,
            let kept = replies.reply(to: call.request, of: person.id, seeing: outlook.view, in: form, on: now.date)
        {
            return give(kept, id, call)
        }
        do throws(Interruption) {
            let reply = try reading.answer()
            if let outlook,
                let kept = replies.keep(
                    reply, to: call.request, named: call.form.name, about: outlook.subject, of: person.id,
                    seeing: outlook.view, in: form, on: now.date)
            {
                return give(kept, id, call)
            }
            return answer(id, reply, tag: call.tag)
        } catch {
            return settle(error, id, next, call, language)
        }
    }

    /// Answers a query with a reply that is kept; nothing it could overtake waits, since queries wait for writes.
    private mutating func give(_ kept: ReplyCache.Kept, _ id: ConnectionID, _ call: Call) -> Progress {
        connections[id]?.dequeue()
        tally.count(call.form.name, .ok)
        write(id) { kept.write(tag: call.tag, into: &$0.output) }
        return .done
    }

    /// What follows when a query does not give its reply.
    mutating func settle(
        _ interruption: Interruption, _ id: ConnectionID, _ next: Queued, _ call: Call, _ language: Language
    ) -> Progress {
        switch interruption {
        case .refused(let refusal): answer(id, Replies.refused(refusal, language), tag: call.tag)
        case .answered(let reply): answer(id, reply, tag: call.tag)
        case .needs(let request): fetch(request, for: id, next)
        }
    }

    private var engineFigures: EngineFigures {
        EngineFigures(
            epoch: epoch, connections: connections.count,
            authenticated: loggedIn, watching: watchers.all.count,
            appends: appends, started: started, server: figures, versions: configuration.versions,
            signer: configuration.signer)
    }

    // MARK: Loads

    /// Fetches something for the oldest request of a connection.
    mutating func fetch(_ request: LoadRequest, for id: ConnectionID, _ next: Queued) -> Progress {
        var topic: TopicID?
        if case .topic(let wanted) = request {
            if let revived = revived.find(wanted) {
                connections[id]?.updateNext { $0.take(revived) }
                return .done
            }
            topic = wanted
        }
        var events = 0
        if case .events(_, let limit, _) = request { events = limit }
        load(request, for: .request(id, serial: next.serial, topic: topic, events: events))
        return wait(id, for: .load)
    }

    /// Asks the store for something.
    mutating func load(_ request: LoadRequest, for purpose: LoadPurpose) {
        lastLoad += 1
        let id = LoadID(lastLoad)
        loads[id] = purpose
        effects.append(.load(id, request))
    }

    /// The store's answer.
    mutating func take(_ load: LoadID, _ loaded: Loaded, now: Instant) {
        guard let purpose = loads.removeValue(forKey: load) else { return }
        switch purpose {
        case .keys(let asked, let appends): takeReplies(asked, of: appends, loaded)
        case .page(let id, let topic, let after, let tail):
            takePage(id, topic: topic, after: after, tail: tail, loaded)
        case .request(let id, let serial, let topic, let asked):
            guard connections[id]?.waiting == .load else { return }
            var revivedTopic: Topic?
            if let topic, case .events(let events) = loaded, events.count >= EngineConfiguration.longHistory {
                return compute(.revival(topic, events, state), for: id, serial: serial)
            }
            if let topic, case .events(let events) = loaded {
                revivedTopic = state.reviving(topic, events: events).topics[topic]
                if let revivedTopic { revived.keep(revivedTopic) }
            }
            // What the reader of a stretch may not see is not kept for them: it may hold long texts.
            var kept: [Event] = []
            if topic == nil, case .events(let events) = loaded, let person = identity(of: id)?.person {
                kept = events.filter { $0.sequence > state.lastSequence || state.isVisible($0, to: person) }
            }
            connections[id]?.update(serial: serial) { queued in
                switch loaded {
                case .replies: break
                case .events(let events) where topic == nil:
                    var stretch = queued.materials.stretch?.value ?? Stretch()
                    stretch.events += kept
                    stretch.read += events.count
                    stretch.last = events.last?.sequence ?? stretch.last
                    stretch.isAtEnd = events.count < asked
                    queued.materials.stretch = Box(stretch)
                case .events: queued.take(revivedTopic)
                case .topic(let owner): queued.materials.owner = .some(owner)
                case .hits(let hits): queued.materials.hits = hits
                case .position(let position): queued.materials.position = .some(position)
                case .tree(let answer): queued.materials.tree = Box(answer)
                case .failed: queued.materials.hasFailed = true
                }
            }
            connections[id]?.waiting = .nothing
            makeReady(id)
        }
    }
}
