import CoreMetrics
import ReviewMetrics
import ReviewTestKit
import Testing

@Suite struct MetricRegistryTests {
    private let registry = MetricRegistry([
        MetricFamily("house_build", .info, labels: ["version"], help: "The version."),
        MetricFamily("requests", .counter, labels: ["verb", "status"], help: "Requests\\answered."),
        MetricFamily("store_bytes", .gauge, unit: "bytes", help: "Size."),
        MetricFamily("wait_seconds", .histogram(bounds: [0.001, 0.5, 1]), unit: "seconds", help: "Waits."),
    ])

    @Test func nothingReportedIsAnEmptyExposition() throws {
        #expect(registry.text() == "# EOF\n")
        #expect(try OpenMetricsParser(registry.text()).families.isEmpty)
    }

    @Test func everyKindIsWrittenInItsForm() throws {
        Meter(label: "house_build", dimensions: [("version", "1 \"x\"\\\n")], factory: registry).set(1)
        let comments = Counter(
            label: "requests", dimensions: [("verb", "COMMENT"), ("status", "ok")], factory: registry)
        comments.increment(by: 40)
        comments.increment(by: 2)
        Counter(label: "requests", dimensions: [("verb", "LIST"), ("status", "ok")], factory: registry).increment()
        Meter(label: "store_bytes", factory: registry).set(4_096.5)
        let wait = CoreMetrics.Timer(label: "wait_seconds", factory: registry)
        for nanoseconds in [500_000, 1_000_000, 20_000_000, 3_000_000_000] as [Int64] {
            wait.recordNanoseconds(nanoseconds)
        }
        let parsed = try OpenMetricsParser(registry.text())
        #expect(parsed.families.map(\.name) == ["house_build", "requests", "store_bytes", "wait_seconds"])
        #expect(parsed.value("house_build_info", ["version": "1 \"x\"\\\n"]) == 1)
        #expect(parsed.value("requests_total", ["verb": "COMMENT", "status": "ok"]) == 42)
        #expect(parsed.value("requests_total", ["verb": "LIST", "status": "ok"]) == 1)
        #expect(parsed.value("store_bytes") == 4_096.5)
        #expect(parsed.family("store_bytes")?.unit == "bytes")
        #expect(parsed.value("wait_seconds_bucket", ["le": "0.001"]) == 2)
        #expect(parsed.value("wait_seconds_bucket", ["le": "0.5"]) == 3)
        #expect(parsed.value("wait_seconds_bucket", ["le": "+Inf"]) == 4)
        #expect(parsed.value("wait_seconds_count") == 4)
        #expect(parsed.value("wait_seconds_sum") == 3.0215)
    }

    /// The same series is one figure, however often it is asked for.
    @Test func aSeriesThatIsMadeTwiceGoesOn() throws {
        for _ in 0..<3 {
            Counter(label: "requests", dimensions: [("verb", "PING"), ("status", "ok")], factory: registry).increment()
        }
        let parsed = try OpenMetricsParser(registry.text())
        #expect(parsed.family("requests")?.samples.count == 1)
        #expect(parsed.value("requests_total", ["verb": "PING", "status": "ok"]) == 3)
    }

    @Test func whatIsNotInTheTableIsNotKept() throws {
        Counter(label: "nobody_knows", factory: registry).increment()
        Counter(label: "requests", dimensions: [("address", "10.0.0.7")], factory: registry).increment()
        Counter(label: "store_bytes", factory: registry).increment()
        CoreMetrics.Timer(label: "requests", factory: registry).recordNanoseconds(1)
        #expect(registry.text() == "# EOF\n")
    }

    @Test func theParserRefusesWhatTheFormatForbids() {
        let broken = [
            "# TYPE a counter\n# HELP a x\na 1\n# EOF\n",
            "# TYPE a gauge\n# HELP a x\na 1\n",
            "# TYPE a gauge\n# HELP a x\na 1\n\n# EOF\n",
            "# TYPE a gauge\n# HELP a x\na 1\na 2\n# EOF\n",
            "# TYPE a gauge\n# UNIT a bytes\n# HELP a x\na 1\n# EOF\n",
            "# TYPE a gauge\n# HELP a x\na{b=\"1\",b=\"2\"} 1\n# EOF\n",
            "# TYPE a gauge\n# HELP a x\na 1\n# EOF\n# EOF\n",
            "# TYPE a histogram\n# HELP a x\na_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n# EOF\n",
            "# TYPE a histogram\n# HELP a x\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n# EOF\n",
            "# TYPE a gauge\n# HELP a x\na 1\n# TYPE b gauge\n# HELP b x\nb 1\n# HELP a x\n# EOF\n",
            "# TYPE a gauge\na 1\n# EOF\n",
        ]
        for text in broken {
            #expect(throws: OpenMetricsParser.Problem.self, "\(text)") { try OpenMetricsParser(text) }
        }
    }
}
