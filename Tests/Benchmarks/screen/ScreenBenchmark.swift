import Glibc
import PhanbienCommands
import ReviewProtocol
import ReviewTUI
import Terminal

/// How long the full-screen client takes from a key to the octets that repaint the window, in a draft of 2 MiB with 5,000
/// comments; `make bench-screen` runs it.
///
/// Update, view and painting are what is timed: the terminal and the network are not here. Each figure is also given as a
/// multiple of copying the draft's octets once, measured in the same run, since machines differ.
@main
enum ScreenBenchmark {
    private static let topic = "2025-1"
    private static let comments = 5_000

    static func main() {
        let began = now()
        let text = draft()
        let size = TerminalSize(columns: 120, rows: 40)
        var model = Model(
            Model.Configuration(
                person: "lan", server: "localhost:7443", language: .vietnamese, size: size, hasColour: true,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "bench",
                replies: replies(text: text), isOnline: false))
        _ = model.start()
        print(
            "bản dự thảo / draft: \(text.utf8.count) octet, \(comments) ý kiến / comments; dựng / built in \(milliseconds(now() - began))"
        )
        let copy = copying(Array(text.utf8))
        print("chép một lần bản dự thảo / one copy of the draft: \(milliseconds(copy))")
        var bench = Bench(model: model, painter: FramePainter(hasColour: true))
        bench.press("mở chuyên đề / open the topic", [.init(.end), .init(.enter)], times: 1, counts: false)
        let down = Key(.down)
        bench.press("↓", [down], times: 2_000)
        bench.press("↑", [.init(.up)], times: 500)
        bench.press("PgDn", [.init(.pageDown)], times: 300)
        bench.press("n (ý kiến kế / next comment)", [.character("n")], times: 1_000)
        bench.press("] (chưa xong / open)", [.character("]")], times: 500)
        bench.press("} (mục kế / next section)", [.character("}")], times: 100)
        bench.press("End, Home", [.init(.end), .init(.home)], times: 50)
        bench.press("o (mục lục / contents), Esc", [.character("o"), .init(.escape)], times: 20)
        bench.press("n, Tab, ↓, Tab", [.character("n"), .init(.tab), down, .init(.tab)], times: 100)
        bench.press(
            "v → → (chọn từ / words)", [.character("v"), .init(.right), .init(.right), .character("v")], times: 50)
        bench.press("c (góp ý / comment)", [.character("c")], times: 1)
        bench.press("gõ chữ / typing", "Đề nghị rà soát số liệu của đoạn này. ".map { .character($0) }, times: 30)
        bench.press("Esc", [.init(.escape)], times: 1)
        bench.resize(times: 10)
        print("bộ nhớ / resident memory: \(resident() / 1_048_576) MiB")
        let p99 = bench.all.sorted()[bench.all.count * 99 / 100]
        let isMet = p99 < 16_000_000
        print(
            "mọi phím / all keys: p99 \(milliseconds(p99)) = \(ratio(p99, copy))× một lần chép / one copy; gate < 16 ms \(isMet ? "✓" : "✗")"
        )
    }

    /// Some presses, their times and octets; those that count are judged by the gate.
    private struct Bench {
        var model: Model
        var painter: FramePainter
        var all: [Int] = []

        mutating func press(_ name: String, _ keys: [Key], times: Int, counts: Bool = true) {
            var took: [Int] = []
            var octets: [Int] = []
            for _ in 0..<times {
                for key in keys {
                    let began = now()
                    _ = model.update(.keys([key]))
                    let written = painter.paint(model.frame()).count
                    took.append(now() - began)
                    octets.append(written)
                }
            }
            if counts { all += took }
            report(name, took, octets)
        }

        mutating func resize(times: Int) {
            var took: [Int] = []
            var octets: [Int] = []
            for index in 0..<times {
                let began = now()
                _ = model.update(.resized(TerminalSize(columns: index.isMultiple(of: 2) ? 100 : 120, rows: 40)))
                painter.forget()
                octets.append(painter.paint(model.frame()).count)
                took.append(now() - began)
            }
            report("đổi cỡ cửa sổ / resize", took, octets)
        }

        private func report(_ name: String, _ took: [Int], _ octets: [Int]) {
            let times = took.sorted()
            let sizes = octets.sorted()
            let padding = String(repeating: " ", count: max(34 - name.count, 1))
            print(
                "\(name)\(padding)p50 \(milliseconds(times[times.count / 2]))  p99 \(milliseconds(times[times.count * 99 / 100]))"
                    + "  max \(milliseconds(times[times.count - 1]))  octet p50 \(sizes[sizes.count / 2])  max \(sizes[sizes.count - 1])"
            )
        }
    }

    // MARK: Data

    private static func draft() -> String {
        var text = ""
        var number = 0
        while text.utf8.count < 2_097_152 - 400 {
            if number.isMultiple(of: 40) { text += "# Mục \(number / 40 + 1)\n\n" }
            text += "Đoạn \(number) bàn về kinh phí trợ giúp pháp lý, số liệu năm \(2000 + number % 30), "
            text += "đề nghị các phòng rà soát và báo cáo trước ngày họp.\n\n"
            number += 1
        }
        return text
    }

    private static func replies(text: String) -> [String: [UInt8]] {
        var shown = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            shown += line.isEmpty ? "|\n" : "| \(line)\n"
        }
        shown += "OK revision=\(topic)@1 lines=1 bytes=\(text.utf8.count) sha256=\(String(repeating: "0", count: 64))\n"
        let row =
            "- topic id=\(topic) stage=review revision=1 lead=nv review=hcth open=\(comments) title=\"Chuyên đề\"\n"
        var list = ""
        for number in 1...comments {
            let level = ["must", "should", "note"][number % 3]
            let state = ["open", "settled", "agreed", "maintained"][number % 4]
            list += "- comment id=C\(number) by=minh kind=content level=\(level) state=\(state) revision=1 "
            list += "anchor=\(roman(number % 330 + 1))/\(number % 39 + 1) now=exact\n"
        }
        list += "OK topic=\(topic) comments=\(comments)\n"
        return [
            "topics": Array((row + "OK topics=1\n").utf8), "tasks": Array("OK tasks=0\n".utf8),
            "topic-\(topic)": Array((row + "OK topic=\(topic)\n").utf8), "comments-\(topic)": Array(list.utf8),
            "text-\(topic)@1": Array(shown.utf8),
        ]
    }

    private static func roman(_ number: Int) -> String {
        var rest = number
        var word = ""
        let digits = [
            (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        for (value, letters) in digits {
            while rest >= value {
                word += letters
                rest -= value
            }
        }
        return word
    }

    // MARK: Measures

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func copying(_ octets: [UInt8]) -> Int {
        (0..<9).map { _ in
            let began = now()
            var copy = octets
            copy[0] = copy[0] &+ 1
            precondition(copy.count == octets.count)
            return now() - began
        }.sorted()[4]
    }

    private static func resident() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1_024
    }

    private static func milliseconds(_ nanoseconds: Int) -> String {
        let hundredths = nanoseconds / 10_000
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) ms"
    }

    private static func ratio(_ one: Int, _ other: Int) -> String {
        let tenths = one * 10 / max(other, 1)
        return "\(tenths / 10).\(tenths % 10)"
    }
}
