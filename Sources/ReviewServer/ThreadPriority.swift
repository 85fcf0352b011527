import Glibc

/// How threads with long work let the loops that answer everybody go first, where cores are few.
///
/// A system may forbid even that, as a service manager's filter of system calls does; the work is then only less polite.
enum ThreadPriority {
    /// SCHED_BATCH of sched(7), which the header shows only to C with GNU's extensions.
    private static let batch: Int32 = 3

    /// On Linux this concerns the calling thread alone, and needs no privilege.
    static func yieldToOthers() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }

    /// Marks the calling thread as one for which nobody waits.
    static func workInBatches() {
        var parameters = sched_param()
        parameters.sched_priority = 0
        _ = sched_setscheduler(0, batch, &parameters)
    }

    /// Whether the system lets a thread lower itself: asked with the priority that it has, so nothing changes.
    static var isAllowed: Bool {
        let which = __priority_which_t(PRIO_PROCESS.rawValue)
        if setpriority(which, 0, getpriority(which, 0)) != 0 { return false }
        var parameters = sched_param()
        guard sched_getparam(0, &parameters) == 0 else { return false }
        return sched_setscheduler(0, sched_getscheduler(0), &parameters) == 0
    }
}
