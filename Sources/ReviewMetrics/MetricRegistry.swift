public import CoreMetrics
import Synchronization

/// Keeps the figures that were reported through swift-metrics, and writes them in the text format of OpenMetrics 1.0.
///
/// The families are fixed: whatever is reported under another name, or with other labels, is not kept, so that no peer
/// can make the exposition grow. Safe to use from every thread.
public final class MetricRegistry: MetricsFactory {
    /// What a scraper has to be told about the text.
    public static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    /// The families, in the order of the exposition.
    public let families: [MetricFamily]
    private let index: [String: Int]
    /// The series of each family in the order in which they were made.
    private let series: Mutex<[[Series]]>

    private struct Series: Sendable {
        let labels: [(String, String)]
        let figure: Figure
    }

    private enum Figure: Sendable {
        case number(NumberCell)
        case histogram(HistogramCell)
    }

    /// A registry of these families.
    public init(_ families: [MetricFamily]) {
        self.families = families
        index = Dictionary(families.enumerated().map { ($1.name, $0) }) { first, _ in first }
        series = Mutex(Array(repeating: [], count: families.count))
    }

    // MARK: swift-metrics

    /// The counter of a family; one that nothing reads when the family is unknown.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        number(label, dimensions) { $0 == .counter } ?? NOOPMetricsHandler.instance
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        number(label, dimensions) { $0 == .gauge || $0 == .info } ?? NOOPMetricsHandler.instance
    }

    /// A histogram; recorders that do not aggregate are gauges, which have their own form here.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    /// A histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    /// Figures stay as long as the process: a counter that vanished and came back would look like a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Figures stay as long as the process.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Figures stay as long as the process.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Figures stay as long as the process.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func number(
        _ label: String, _ dimensions: [(String, String)], _ fits: (MetricFamily.Kind) -> Bool
    ) -> NumberCell? {
        guard let place = place(label, dimensions), fits(families[place].kind) else { return nil }
        return series.withLock { series in
            if case .number(let cell)? = series[place].first(where: { Self.same($0.labels, dimensions) })?.figure {
                return cell
            }
            let cell = NumberCell()
            series[place].append(Series(labels: dimensions, figure: .number(cell)))
            return cell
        }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramCell? {
        guard let place = place(label, dimensions), case .histogram(let bounds) = families[place].kind else {
            return nil
        }
        return series.withLock { series in
            if case .histogram(let cell)? = series[place].first(where: { Self.same($0.labels, dimensions) })?.figure {
                return cell
            }
            let cell = HistogramCell(bounds: bounds)
            series[place].append(Series(labels: dimensions, figure: .histogram(cell)))
            return cell
        }
    }

    private func place(_ label: String, _ dimensions: [(String, String)]) -> Int? {
        guard let place = index[label], families[place].labels == dimensions.map(\.0) else { return nil }
        return place
    }

    private static func same(_ one: [(String, String)], _ other: [(String, String)]) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { $0 == $1 }
    }

    // MARK: Exposition

    /// Everything, as a scraper reads it; families without a figure yet are left out.
    public func text() -> String {
        var lines: [String] = []
        let all = series.withLock { $0 }
        for (family, series) in zip(families, all) where !series.isEmpty {
            lines.append("# TYPE \(family.name) \(family.kind.word)")
            if let unit = family.unit { lines.append("# UNIT \(family.name) \(unit)") }
            lines.append("# HELP \(family.name) \(Self.escaped(family.help))")
            for one in series { Self.write(one, of: family, into: &lines) }
        }
        lines.append("# EOF")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func write(_ series: Series, of family: MetricFamily, into lines: inout [String]) {
        switch series.figure {
        case .number(let cell):
            let suffix =
                switch family.kind {
                case .counter: "_total"
                case .info: "_info"
                case .gauge, .histogram: ""
                }
            lines.append("\(family.name)\(suffix)\(labels(series.labels)) \(number(cell.value))")
        case .histogram(let cell):
            let (counts, sum) = cell.values
            var total: Int64 = 0
            for (bound, count) in zip(cell.bounds + [.infinity], counts) {
                total &+= count
                lines.append(
                    "\(family.name)_bucket\(labels(series.labels + [("le", self.bound(bound))])) \(total)")
            }
            lines.append("\(family.name)_count\(labels(series.labels)) \(total)")
            lines.append("\(family.name)_sum\(labels(series.labels)) \(number(sum))")
        }
    }

    private static func labels(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",") + "}"
    }

    /// Whole numbers without a fraction: counts stay readable.
    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        if value.isNaN { return "NaN" }
        return value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : String(value)
    }

    /// A bound in the one form that the format asks for.
    private static func bound(_ value: Double) -> String { value.isInfinite ? "+Inf" : String(value) }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension MetricFamily.Kind {
    /// The type's name in the exposition.
    fileprivate var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        case .info: "info"
        }
    }
}

/// One number: a counter or a gauge.
private final class NumberCell: CounterHandler, MeterHandler {
    private let current = Mutex(0.0)

    var value: Double { current.withLock { $0 } }

    func increment(by amount: Int64) { current.withLock { $0 += Double(amount) } }
    func reset() { current.withLock { $0 = 0 } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
}

/// How often values fell between neighbouring bounds, and what they add up to.
private final class HistogramCell: RecorderHandler, TimerHandler {
    let bounds: [Double]
    private let current: Mutex<(counts: [Int64], sum: Double)>

    init(bounds: [Double]) {
        self.bounds = bounds
        current = Mutex((Array(repeating: 0, count: bounds.count + 1), 0))
    }

    var values: (counts: [Int64], sum: Double) { current.withLock { $0 } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        current.withLock {
            $0.counts[place] &+= 1
            $0.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
}
