import ReviewClient
import ReviewProtocol
import Terminal

/// `log`: the newest events, or those behind or before one that is named.
///
/// The server gives stretches of its log from a number on. What a person may not see is missing in them, and so is, in
/// the log of a topic, whatever happened elsewhere: the newest are looked for backwards, stretch by stretch.
extension CommandRunner {
    /// So many without `--limit`; the server's own measure.
    private static let usualCount = 100
    /// The server gives no more at once.
    private static let mostAtOnce = 1_000
    /// Somebody who may see one event in thousands is not kept waiting while the log is read back for years.
    private static let mostStretches = 20

    /// Events with what is known to lie before and behind them.
    private struct Stretch {
        var rows: [ReplyRow] = []
        /// The event before which there may be more; nil when the log has been read to its beginning.
        var earlier: Int64?
        /// The last reply, for its status.
        var last: Reply
    }

    func log() throws(CommandFailure) -> ExitCode {
        let count = invocation.option("limit").flatMap { Int($0) } ?? Self.usualCount
        guard (1...Self.mostAtOnce).contains(count) else {
            throw CommandFailure(
                .usage, "--limit nhận số từ 1 đến \(Self.mostAtOnce).", "--limit takes 1 to \(Self.mostAtOnce).")
        }
        if invocation.option("after") != nil {
            guard invocation.option("before") == nil else {
                throw CommandFailure(
                    .usage, "Chỉ dùng một trong hai: --after hoặc --before.", "Use either --after or --before.")
            }
            let reply = try perform(invocation.request())
            let exit = finish(reply)
            if reply["more"] == "yes", let next = reply["next"] {
                tellOfMore("Còn nữa", "There are more", "--after \(next)")
            }
            return exit
        }
        let before = invocation.option("before").flatMap { Int64($0) }
        // A short log comes whole with the first request.
        let first = try require(stretch(after: 0, count: count))
        guard first["more"] == "yes" || before != nil else { return finish(first) }
        let stretch = try newest(count, upTo: before.map { max($0, 1) - 1 } ?? .max, first)
        var status = stretch.last.status
        status.pairs.removeAll { ["events", "next", "more"].contains($0.key) }
        status.pairs.append(Pair("events", String(stretch.rows.count)))
        if let earlier = stretch.earlier { status.pairs.append(Pair("earlier", String(earlier))) }
        let exit = finish(Reply(stretch.rows.map { .row($0) }, status: status))
        if let earlier = stretch.earlier {
            tellOfMore("Còn sự kiện trước đó", "There are earlier events", "--before \(earlier)")
        }
        return exit
    }

    /// The newest events up to a number, read backwards in stretches that grow.
    private func newest(_ count: Int, upTo most: Int64, _ first: Reply) throws(CommandFailure) -> Stretch {
        let tail = first["tail"].flatMap { Int64($0) } ?? 0
        var result = Stretch(last: first)
        var upper = min(most, tail)
        var span = Int64(count)
        for _ in 0..<Self.mostStretches where upper > 0 && result.rows.count < count {
            let lower = max(upper - span, 0)
            var found: [ReplyRow] = []
            var after = lower
            while after < upper {
                let reply = try require(stretch(after: after, count: Self.mostAtOnce))
                found += reply.rows.filter { (Self.sequence($0) ?? .max) <= upper }
                result.last = reply
                guard reply["more"] == "yes", let next = reply["next"].flatMap({ Int64($0) }), next > after else {
                    break
                }
                after = next
            }
            result.rows = found + result.rows
            upper = lower
            // A topic's own events lie far apart in a long log.
            span = min(span * 4, topic == nil ? Int64(Self.mostAtOnce) : .max / 8)
        }
        let isFull = result.rows.count >= count
        if result.rows.count > count || upper > 0 {
            result.earlier = isFull ? result.rows.suffix(count).first.flatMap(Self.sequence) : upper + 1
        }
        result.rows = result.rows.suffix(count)
        return result
    }

    private static func sequence(_ row: ReplyRow) -> Int64? { row["seq"].flatMap { Int64($0) } }

    private func stretch(after: Int64, count: Int) -> Request {
        var request = Request(verb: "LOG")
        if let topic { request.arguments.append(Argument(value: topic)) }
        return request.adding("after", after == 0 ? nil : String(after)).adding("limit", String(count))
    }

    /// One line with the command that shows what is not shown.
    private func tellOfMore(_ vietnamese: String, _ english: String, _ from: String) {
        if screen.isJSON { return }
        let limit = invocation.option("limit").map { " --limit \($0)" } ?? ""
        let command = "phanbien log" + (topic.map { " \($0)" } ?? "") + " \(from)" + limit
        for line in screen.paragraph(
            screen.text("\(vietnamese); gõ: \(command)", "\(english); type: \(command)"), .faint)
        {
            surroundings.tell(line)
        }
    }
}
