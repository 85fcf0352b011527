extension PlanDraft {
    /// What is wrong with a topic's deadlines: days that do not exist, order, weekends, and the quarter.
    func milestoneProblems(of topic: Topic) -> [PlanProblem] {
        var found: [PlanProblem] = []
        var earlier: Deadline?
        for milestone in Milestone.allCases {
            let written = topic.milestones.filter { $0.milestone == milestone }
            guard let deadline = written.first else {
                if !unread.contains(where: { $0.isFatal && $0.line == topic.lines[.milestones] }) {
                    found.append(missing(milestone, of: topic))
                }
                continue
            }
            if written.count > 1 {
                found.append(
                    .fatal(
                        written[1].line, "\(name(milestone, topic).vietnamese) ghi hai lần. Giữ một ngày.",
                        "\(name(milestone, topic).english) is given twice. Keep one date."))
            }
            guard let date = deadline.date else {
                found.append(notADate(deadline, of: topic))
                continue
            }
            if let earlier, let before = earlier.date {
                found += order(earlier, before, deadline, date, of: topic)
            }
            earlier = deadline
            found += calendar(deadline, date, of: topic)
        }
        return found
    }

    private func name(_ milestone: Milestone, _ topic: Topic) -> Wording {
        Wording(
            "Chuyên đề \(topic.number), mốc “\(milestone.rawValue)” (\(milestone.wording.vietnamese))",
            "Topic \(topic.number), milestone “\(milestone.rawValue)” (\(milestone.wording.english))")
    }

    private func missing(_ milestone: Milestone, of topic: Topic) -> PlanProblem {
        .fatal(
            topic.lines[.milestones] ?? topic.line,
            "\(name(milestone, topic).vietnamese): chưa có hạn. Bổ sung theo kế hoạch, dạng \(year)-03-15.",
            "\(name(milestone, topic).english): no deadline. Add it as the plan says, written as \(year)-03-15.")
    }

    private func notADate(_ deadline: Deadline, of topic: Topic) -> PlanProblem {
        let name = name(deadline.milestone, topic)
        if deadline.text.isEmpty {
            return .fatal(
                deadline.line, "\(name.vietnamese): hạn để trống. Ghi dạng \(year)-03-15 theo kế hoạch.",
                "\(name.english): the deadline is blank. Write it as \(year)-03-15, as the plan says.")
        }
        let hasForm = Self.looksLikeDate(deadline.text)
        return hasForm
            ? .fatal(
                deadline.line,
                "\(name.vietnamese): không có ngày “\(deadline.text)” trong lịch. Xem lại kế hoạch đã ký.",
                "\(name.english): there is no day “\(deadline.text)” in the calendar. See the signed plan.")
            : .fatal(
                deadline.line,
                "\(name.vietnamese): “\(deadline.text)” không phải ngày. Ghi năm-tháng-ngày, như \(year)-03-15.",
                "\(name.english): “\(deadline.text)” is not a date. Write year-month-day, as in \(year)-03-15.")
    }

    /// Four, two and two digits: the form is right, so what fails is the calendar.
    private static func looksLikeDate(_ text: String) -> Bool {
        var reader = DigitReader(text)
        return reader.number(digits: 4) != nil && reader.skip("-") && reader.number(digits: 2) != nil
            && reader.skip("-") && reader.number(digits: 2) != nil && reader.isAtEnd
    }

    private func order(
        _ earlier: Deadline, _ before: CivilDate, _ later: Deadline, _ after: CivilDate, of topic: Topic
    ) -> [PlanProblem] {
        let name = name(later.milestone, topic)
        if after < before {
            return [
                .fatal(
                    later.line,
                    "\(name.vietnamese): hạn \(after.vietnamese) sớm hơn mốc “\(earlier.milestone.rawValue)” (\(before.vietnamese)). Sửa cho đúng thứ tự.",
                    "\(name.english): \(after) is earlier than milestone “\(earlier.milestone.rawValue)” (\(before)). Put them in order."
                )
            ]
        }
        if after == before {
            return [
                .warning(
                    later.line,
                    "\(name.vietnamese): cùng ngày với mốc “\(earlier.milestone.rawValue)” (\(before.vietnamese)), không còn thời gian thực hiện.",
                    "\(name.english): the same day as milestone “\(earlier.milestone.rawValue)” (\(before)) leaves no time for it."
                )
            ]
        }
        return []
    }

    private func calendar(_ deadline: Deadline, _ date: CivilDate, of topic: Topic) -> [PlanProblem] {
        let name = name(deadline.milestone, topic)
        var found: [PlanProblem] = []
        if date.weekday.isWeekend {
            found.append(
                .warning(
                    deadline.line,
                    "\(name.vietnamese): ngày \(date.vietnamese) là \(date.weekday.text(vietnamese: true)). Hạn giữ nguyên như kế hoạch; thực hiện trước ngày nghỉ.",
                    "\(name.english): \(date) is a \(date.weekday.text(vietnamese: false)). It stays as planned; work before the weekend."
                ))
        }
        if date.year != year {
            found.append(
                .warning(
                    deadline.line,
                    "\(name.vietnamese): ngày \(date.vietnamese) không thuộc năm \(year) của kế hoạch. Kiểm tra lại.",
                    "\(name.english): \(date) is not in \(year), the plan's year. Please check."))
        } else if let quarter = topic.quarter, (date.month + 2) / 3 != quarter {
            found.append(
                .warning(
                    deadline.line,
                    "\(name.vietnamese): ngày \(date.vietnamese) thuộc quý \((date.month + 2) / 3), kế hoạch giao quý \(quarter). Kiểm tra lại.",
                    "\(name.english): \(date) is in quarter \((date.month + 2) / 3), the topic in quarter \(quarter). Please check."
                ))
        }
        return found
    }
}
