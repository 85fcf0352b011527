import Glibc
import NIOCore
import ReviewCore
import ReviewEngine

/// Keeps what STATUS prints and only the shell can measure (specification §6).
struct FigureKeeper {
    /// How old the figures of STATUS may be.
    static let interval = TimeAmount.seconds(5)
    /// The latest commits from which the usual and the slow time are taken.
    static let remembered = 1_024

    private let started: Instant
    private let storeOctets: () -> Int64
    private var commits: Int64 = 0
    private var latest: [Int64] = []

    init(started: Instant, storeOctets: @escaping () -> Int64) {
        self.started = started
        self.storeOctets = storeOctets
    }

    mutating func committed(in time: TimeAmount) {
        let microseconds = time.nanoseconds / 1_000
        if latest.count < Self.remembered {
            latest.append(microseconds)
        } else {
            latest[Int(commits % Int64(Self.remembered))] = microseconds
        }
        commits += 1
    }

    func figures(now: Instant) -> ServerFigures {
        var figures = ServerFigures()
        let sorted = latest.sorted()
        figures.commits = commits
        figures.commitMedianMicroseconds = Self.percentile(50, of: sorted)
        figures.commitHighMicroseconds = Self.percentile(99, of: sorted)
        figures.uptimeSeconds = max(0, (now.milliseconds - started.milliseconds) / 1_000)
        figures.residentOctets = Self.residentOctets()
        figures.storeOctets = storeOctets()
        return figures
    }

    private static func percentile(_ percent: Int, of sorted: [Int64]) -> Int64 {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }

    /// The process's pages in memory, in octets; 0 where there is no `/proc/self/statm`.
    private static func residentOctets() -> Int64 {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { Glibc.close(file) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(file, &buffer, buffer.count)
        guard count > 0 else { return 0 }
        let words = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ")
        guard words.count > 1, let pages = Int64(words[1]) else { return 0 }
        return pages.multipliedReportingOverflow(by: Int64(sysconf(Int32(_SC_PAGESIZE)))).partialValue
    }
}
