import Glibc

/// The number of files, sockets included, that the process may have open.
public enum OpenFiles {
    /// Raises the limit to the most that the system allows without privileges.
    ///
    /// - Returns: The limit now in force, nil when the system does not tell.
    public static func raiseLimit() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(exactly: limit.rlim_cur) ?? .max
    }
}
