import ArgumentParser
import ReviewCore
import ReviewFiles

/// `phanbiend plan load`: a year's plan from its file.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Kế hoạch năm. / The year's plan.",
        subcommands: [Load.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "load",
            abstract:
                "Nạp Kế hoạch từ tệp YAML: tất cả hoặc không gì cả. / Load a plan from a YAML file: all of it or nothing.",
            discussion: """
                In ra những gì đã hiểu và từng chỗ chưa nhất quán, kèm số dòng. Có lỗi thì không ghi gì và thoát với mã 65.

                Prints what was understood and every inconsistency with its line. With an error nothing is stored and the \
                status is 65.
                """)

        /// What is read at most before the reader of plans, which has a bound of its own, has a look.
        private static let longestOctets = 2_097_152

        @OptionGroup var data: DataOption
        @Argument(
            help: ArgumentHelp(
                "Tệp Kế hoạch (.yaml); “-”: đầu vào chuẩn. / The plan file; “-”: standard input.",
                valueName: "FILE.yaml"))
        var file: String
        @Flag(help: "Chỉ kiểm tra, không ghi. / Only check, store nothing.")
        var check = false

        func run() async throws {
            let octets = try Files.readGiven(file, atMost: Self.longestOctets)
            let (draft, unread) = PlanFile.read(octets)
            guard let draft else {
                for problem in PlanProblem.inOrder(unread) { Console.say(problem.placed) }
                throw Failure(
                    .data, "Không đọc được Kế hoạch trong “\(file)”; chưa ghi gì.",
                    "No plan could be read from “\(file)”; nothing was stored.")
            }
            for line in draft.understood { Console.say(line) }
            var session = try OperatorSession(data: data.data)
            // By what is known before the plan is: a new name of an office is none afterwards.
            let problems = session.state.problems(of: draft)
            let outcome: Outcome
            do throws(Refusal) {
                outcome = try session.decide(.loadPlan(draft, source: octets))
            } catch {
                for problem in error.problems { Console.say(problem.placed) }
                throw Failure(error)
            }
            for problem in problems { Console.say(problem.placed) }
            if check {
                Console.say(Wording("Nạp được; chưa ghi gì.", "It can be loaded; nothing was stored."))
                return
            }
            try session.commit()
            Console.say(outcome.wording)
        }
    }
}

extension PlanDraft {
    /// What was understood, a line for each thing, for the operator to compare with the signed document.
    var understood: [String] {
        func shown(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : $0 } ?? "(để trống / blank)" }
        var lines = ["Kế hoạch (plan) \(year): \(shown(title))"]
        lines.append("  Số (number): \(shown(number))   Ngày (date): \(shown(date?.text))")
        lines.append("  Căn cứ (reference): \(shown(reference))")
        lines.append("  Ban hành (issuer): \(shown(issuer))   Ký (signer): \(shown(signer))")
        for office in offices {
            let coordinates = office.id == coordinator ? "   (tổng hợp, báo cáo / coordinates)" : ""
            lines.append("  Phòng (office) \(office.id): \(office.name)\(coordinates)")
        }
        for requirement in requirements {
            lines.append("  Yêu cầu (requirement) \(requirement.key): \(requirement.text)")
        }
        for topic in topics {
            lines.append("  Chuyên đề (topic) \(year)-\(topic.number): \(shown(topic.title))")
            lines.append(
                "    Chủ trì (lead): \(shown(topic.lead?.text))   Phản biện (review): \(shown(topic.review?.text))"
                    + "   Quý (quarter): \(shown(topic.quarter.map(String.init)))")
            let dates = topic.milestones.map { "\($0.milestone.rawValue) \($0.date?.vietnamese ?? $0.text)" }
            lines.append("    Mốc, trước ngày (before): \(shown(dates.joined(separator: ", ")))")
            for line in topic.outline.outlineText.split(separator: "\n") {
                let title = line.drop { $0 == " " }
                lines.append("      \(line.prefix(line.count - title.count))- \(title)")
            }
        }
        return lines
    }
}
