import ReviewCore
import ReviewServer
import ReviewStore
import ReviewStoreSQLite

/// The operator's way through the funnel that every write goes through: decide, append, apply (architecture §2.4).
///
/// Several commands are decided one after the other, each on the outcome of those before, and stored as one batch: all of
/// them or none.
struct OperatorSession {
    /// The state after everything that was decided.
    private(set) var state: State
    private let log: SQLiteLog
    private let now: Instant
    private var batch: Batch

    /// Opens the data directory; refused while a server is running on it.
    init(data: String) throws(Failure) {
        do throws(OpenProblem) {
            log = try SQLiteLog.open(directory: data)
        } catch {
            throw Failure(error)
        }
        if let upgrade = log.upgrade {
            Console.remark(
                Wording(
                    "Đã nâng cấp dữ liệu từ \(upgrade.from) lên \(upgrade.to); bản trước đó: \(upgrade.former)",
                    "The data was upgraded from \(upgrade.from) to \(upgrade.to); the former file: \(upgrade.former)"))
        }
        now = WallClock.now()
        do throws(LogError) {
            state = try StateReader.read(log, beforeDate: .strict, now: now)
        } catch {
            throw Failure(error)
        }
        batch = Batch(expected: log.head)
    }

    /// Decides a command as the operator.
    mutating func decide(_ command: Command) throws(Refusal) -> Outcome {
        let outcome = try state.decide(command, by: .operator, now: now)
        for fact in outcome.facts {
            let event = Event(
                sequence: batch.expected + Int64(batch.events.count) + 1, time: now, person: nil, office: nil,
                fact: fact)
            batch.events.append(event)
            state.apply(event)
        }
        return outcome
    }

    /// Looks something up in the log, as it was before the session.
    func read<Value>(_ question: (any EventLog) throws(LogError) -> Value) throws(Failure) -> Value {
        do throws(LogError) { return try question(log) } catch { throw Failure(error) }
    }

    /// Makes everything durable, and closes the log.
    consuming func commit() throws(Failure) {
        do throws(LogError) {
            if !batch.isEmpty { try log.append(batch) }
            try log.close()
        } catch {
            throw Failure(error)
        }
    }

    /// Makes everything durable, lets nothing of texts that were dropped stay behind in the files, and closes the log.
    ///
    /// The two are told apart: a scrub that fails takes nothing back.
    ///
    /// - Returns: why traces may still be in the files; nil when there are none.
    /// - Throws: `Failure` when nothing was stored, or the log cannot be closed.
    consuming func commitAndScrub() throws(Failure) -> OpenProblem? {
        var problem: OpenProblem?
        do throws(LogError) {
            if !batch.isEmpty { try log.append(batch) }
            do throws(OpenProblem) { try log.scrub() } catch { problem = error }
            try log.close()
        } catch {
            throw Failure(error)
        }
        return problem
    }
}

/// Folds a log into the state that goes on from its head.
enum StateReader {
    static func read(_ log: any EventLog, beforeDate: BeforeDateRule, now: Instant) throws(LogError) -> State {
        var state = State(beforeDate: beforeDate)
        for event in try log.openEvents(now: now) { state.apply(event) }
        // What has no effect any more is not loaded; the state stands at the log's head all the same, because that is
        // where the next event will be appended.
        state.advance(to: log.head)
        return state
    }
}
