import NIOCore
import NIOPosix
import ReviewEngine
import Synchronization

/// The threads beside the event loops.
struct WorkThreads: Sendable {
    /// For what passwords cost.
    let credentials = NIOThreadPool(numberOfThreads: 2)
    /// For the engine's long computations.
    let computing = NIOThreadPool(numberOfThreads: 1)

    /// Starts them.
    init() {
        credentials.start()
        computing.start()
    }

    /// How long the end waits for a computation: all of it has ten seconds (specification §9).
    private static let patience = Duration.seconds(1)

    /// Gives them back.
    ///
    /// A password that is being checked is finished first. A computation is not waited for: nobody is left who wants its
    /// result, and it ends with the process.
    func shutDown() async {
        // Fails only when it was done before.
        try? await credentials.shutdownGracefully()
        await withCheckedContinuation { ended in
            let isOver = Atomic(false)
            let end: @Sendable () -> Void = {
                if isOver.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged {
                    ended.resume()
                }
            }
            Task {
                try? await computing.shutdownGracefully()
                end()
            }
            Task {
                try? await Task.sleep(for: Self.patience)
                end()
            }
        }
    }
}

/// Runs the engine's long computations one after another, so that no event loop stands still meanwhile.
///
/// Used from the engine's loop only. The engine asks for one computation of a person at a time, so there are never more than
/// people, and these take turns.
final class ComputingThread {
    private let thread: NIOThreadPool
    private let loop: any EventLoop

    init(thread: NIOThreadPool, loop: any EventLoop) {
        self.thread = thread
        self.loop = loop
    }

    /// Starts the work; `answer` is called on the loop, or never when the server ends first.
    func perform(_ computation: Computation, answer: @escaping (Computed) -> Void) {
        thread.runIfActive(eventLoop: loop) {
            // Whoever waits for one line must not wait for somebody's long text.
            ThreadPriority.workInBatches()
            return computation.run()
        }
        .assumeIsolated()
        .whenSuccess { answer($0) }
    }
}
