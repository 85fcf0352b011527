import ReviewCore

/// Who waits for a password to be checked, and whose turn is next.
///
/// The pool checks a handful of passwords a second, however many are sent; so guessing cannot be made faster, but without
/// an order it could keep everybody else out. First come people at a machine from which they have logged in before; then
/// every address has its turn, the one first whose last turn is longest ago. When too many wait, the address that has the
/// most loses its newest.
struct LoginQueue: Sendable {
    /// One who waits.
    struct Waiter: Sendable, Equatable {
        /// On which connection.
        let connection: ConnectionID
        /// From where.
        let address: String
        /// Whether the person has come in from there before.
        let isKnown: Bool
        /// Whose failures the check counts among.
        let subjects: [Throttle.Subject]
    }

    /// How many may wait.
    private let capacity: Int
    /// The longest waiting first.
    private var waiters: [Waiter] = []
    /// How many of them wait at each address, known ones not counted.
    private var strangers: [String: Int] = [:]
    /// When each address had its last turn, counted in turns.
    private var lastTurn: [String: UInt64] = [:]
    private var turns: UInt64 = 0

    /// An empty queue.
    init(capacity: Int = EngineConfiguration.waitingLogins) { self.capacity = capacity }

    /// How many wait.
    var count: Int { waiters.count }
    /// How many addresses are remembered.
    var remembered: Int { lastTurn.count }

    /// Lets one more wait.
    ///
    /// - Returns: Who has to give up for it, if the queue was full; the newcomer itself, if nobody's claim is weaker.
    mutating func add(_ waiter: Waiter) -> ConnectionID? {
        guard waiters.count >= capacity else {
            append(waiter)
            return nil
        }
        let own = waiter.isKnown ? 0 : strangers[waiter.address] ?? 0
        // Whoever is known goes before strangers; a stranger before the second one of another address.
        guard let most = strangers.values.max(), waiter.isKnown || most >= own + 2,
            let place = waiters.lastIndex(where: { !$0.isKnown && strangers[$0.address] == most })
        else { return waiter.connection }
        let loser = waiters[place]
        removeWaiter(at: place)
        append(waiter)
        return loser.connection
    }

    /// Takes out whoever is next, among those for whom there is room.
    mutating func next(where hasRoom: ([Throttle.Subject]) -> Bool) -> Waiter? {
        var best: (place: Int, waiter: Waiter, turn: UInt64)?
        for (place, waiter) in waiters.enumerated() {
            let turn = lastTurn[waiter.address] ?? 0
            if let best {
                if best.waiter.isKnown, !waiter.isKnown { continue }
                if best.waiter.isKnown == waiter.isKnown, best.turn <= turn { continue }
            }
            guard hasRoom(waiter.subjects) else { continue }
            best = (place, waiter, turn)
        }
        guard let best else { return nil }
        removeWaiter(at: best.place)
        noteTurn(of: best.waiter.address)
        return best.waiter
    }

    /// An address had its turn, also when it did not have to wait for it.
    mutating func noteTurn(of address: String) {
        turns += 1
        lastTurn[address] = turns
        guard lastTurn.count > EngineConfiguration.rememberedAddresses else { return }
        // Whose turn is longest ago goes first anyhow, like one never seen.
        let bound = turns - UInt64(EngineConfiguration.rememberedAddresses / 2)
        lastTurn = lastTurn.filter { $0.value > bound }
    }

    /// Takes a connection out, wherever it stands.
    mutating func remove(_ connection: ConnectionID) {
        guard let place = waiters.firstIndex(where: { $0.connection == connection }) else { return }
        removeWaiter(at: place)
    }

    private mutating func append(_ waiter: Waiter) {
        waiters.append(waiter)
        if !waiter.isKnown { strangers[waiter.address, default: 0] += 1 }
    }

    private mutating func removeWaiter(at place: Int) {
        let waiter = waiters.remove(at: place)
        guard !waiter.isKnown, let count = strangers[waiter.address] else { return }
        strangers[waiter.address] = count > 1 ? count - 1 : nil
    }
}

/// From which addresses people have come in, since the server started.
///
/// Guessing somebody's password elsewhere delays them nowhere where they are known.
struct KnownPlaces: Sendable {
    private struct Place: Hashable, Sendable {
        let person: String
        let address: String
    }

    private var places: [Place: UInt64] = [:]
    private var uses: UInt64 = 0

    /// How many are remembered.
    var count: Int { places.count }

    /// Whether the person has come in from there.
    func contains(_ person: String, _ address: String) -> Bool {
        places[Place(person: person, address: address)] != nil
    }

    /// The person came in from there; only those who did can fill the memory, and it is bounded all the same.
    mutating func insert(_ person: String, _ address: String) {
        uses += 1
        places[Place(person: person, address: address)] = uses
        guard places.count > EngineConfiguration.rememberedPlaces else { return }
        let latest = places.values.sorted().suffix(EngineConfiguration.rememberedPlaces / 2)
        let bound = latest.first ?? uses
        places = places.filter { $0.value >= bound }
    }
}
