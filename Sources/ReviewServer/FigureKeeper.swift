import Glibc
import NIOCore
import ReviewCore
import ReviewEngine

/// Keeps how long commits took, for STATUS (specification §6).
struct FigureKeeper {
    /// How old the figures of STATUS may be.
    static let interval = TimeAmount.seconds(5)
    /// The latest commits from which the usual and the slow time are taken.
    static let remembered = 1_024

    /// Commits since the start.
    private(set) var commits: Int64 = 0
    private var latest: [Int64] = []

    mutating func committed(in time: TimeAmount) {
        let microseconds = time.nanoseconds / 1_000
        if latest.count < Self.remembered {
            latest.append(microseconds)
        } else {
            latest[Int(commits % Int64(Self.remembered))] = microseconds
        }
        commits += 1
    }

    /// What STATUS prints of an observation.
    func figures(_ observation: Observation) -> ServerFigures {
        var figures = ServerFigures()
        let sorted = latest.sorted()
        figures.commits = commits
        figures.commitMedianMicroseconds = Self.percentile(50, of: sorted)
        figures.commitHighMicroseconds = Self.percentile(99, of: sorted)
        figures.uptimeSeconds = max(0, (observation.now.milliseconds - observation.started.milliseconds) / 1_000)
        figures.residentOctets = observation.process.residentOctets
        figures.storeOctets = observation.store.databaseOctets + observation.store.writeAheadOctets
        figures.others = observation.statusPairs
        return figures
    }

    private static func percentile(_ percent: Int, of sorted: [Int64]) -> Int64 {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }
}

/// What the system says about this process.
struct ProcessFigures: Equatable {
    /// Pages in memory, in octets; 0 where there is no `/proc/self/statm`.
    var residentOctets: Int64 = 0
    /// Open descriptors; 0 where there is no `/proc/self/fd`.
    var openFiles: Int64 = 0

    /// As it is now.
    static func now() -> ProcessFigures {
        ProcessFigures(residentOctets: residentOctets(), openFiles: openFiles())
    }

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

    /// Since Linux 6.2 the size of the folder is the number of descriptors; before, its entries have to be counted.
    private static func openFiles() -> Int64 {
        var status = stat()
        guard stat("/proc/self/fd", &status) == 0 else { return 0 }
        if status.st_size > 0 { return Int64(status.st_size) }
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count: Int64 = 0
        while readdir(folder) != nil { count += 1 }
        // Without ".", ".." and the folder's own descriptor.
        return max(0, count - 3)
    }
}
