extension PlanDraft {
    /// Every inconsistency of the plan in itself, in the order of its lines, those found while reading included.
    ///
    /// Fatal ones stop PLAN LOAD (specification §6); the others are doubts that only a person can settle, such as a
    /// number that the document leaves blank or a deadline on a Sunday. Of more than `maximumProblems` the errors go
    /// before the notes.
    public func problems() -> [PlanProblem] {
        let found = PlanProblem.inOrder(unread + headerProblems + officeProblems + requirementProblems + topicProblems)
        guard found.count > Self.maximumProblems else { return found }
        let fatal = found.filter(\.isFatal)
        return Array((fatal.isEmpty ? found : fatal).prefix(Self.maximumProblems))
    }

    /// The most problems that are listed.
    public static let maximumProblems = 500

    /// The line of a key; the plan's first line when the key is missing.
    private func line(_ key: Key) -> Int { lines[key] ?? lines[.plan] ?? 0 }

    /// Whether the reader already reported the value of this key, so that "missing" would be a second complaint.
    private func isReported(_ line: Int?) -> Bool {
        guard let line, line > 0 else { return false }
        return unread.contains { $0.line == line && $0.isFatal }
    }

    // MARK: - The head of the plan

    private var headerProblems: [PlanProblem] {
        var found: [PlanProblem] = []
        if number.isEmpty, !isReported(lines[.number]) {
            found.append(
                .warning(
                    line(.number), "Số, ký hiệu của kế hoạch để trống. Ghi vào “number” khi văn thư đã cấp số.",
                    "The plan's number is blank. Write it under “number” once the clerk has given one."))
        }
        if title.isEmpty, !isReported(lines[.title]) {
            found.append(
                .fatal(
                    line(.title), "Kế hoạch chưa có tên. Ghi trích yếu vào “title”.",
                    "The plan has no title. Write it under “title”."))
        }
        for (key, value, name) in [
            (Key.issuer, issuer, Wording("cơ quan ban hành", "issuing body")),
            (.parent, parent, Wording("cơ quan chủ quản", "body above the issuer")),
            (.signer, signer, Wording("người ký", "signer")),
        ] where value.isEmpty && !isReported(lines[key]) {
            found.append(
                .warning(
                    line(key), "Chưa ghi \(name.vietnamese) (“\(key.rawValue)”); biểu mẫu in ra sẽ để trống chỗ này.",
                    "No \(name.english) (“\(key.rawValue)”); printed papers will leave it blank."))
        }
        return found + dateProblems
    }

    private var dateProblems: [PlanProblem] {
        guard !isReported(lines[.date]) else { return [] }
        let place = line(.date)
        guard let date else {
            return [
                .warning(
                    place, "Ngày ban hành để trống. Ghi dạng 2025-01-13 vào “date” khi kế hoạch được ký.",
                    "The date is blank. Write it as 2025-01-13 under “date” once the plan is signed.")
            ]
        }
        var found: [PlanProblem] = []
        if date.day == nil {
            let blank = date.month == nil ? Wording("Ngày, tháng", "The day and the month") : Wording("Ngày", "The day")
            found.append(
                .warning(
                    place, "\(blank.vietnamese) ban hành để trống (“\(date.text)”). Bổ sung khi kế hoạch được ký.",
                    "\(blank.english) of issue left blank (“\(date.text)”). Add it once the plan is signed."))
        }
        if date.year != year, date.year != year - 1 {
            found.append(
                .warning(
                    place, "Kế hoạch năm \(year) nhưng ghi ngày của năm \(date.year). Kiểm tra lại “date” và “plan”.",
                    "The plan is for \(year) but dated \(date.year). Check “date” and “plan”."))
        }
        return found
    }

    // MARK: - Offices

    private var officeProblems: [PlanProblem] {
        var found: [PlanProblem] = []
        if offices.isEmpty, !isReported(lines[.offices]) {
            found.append(
                .fatal(
                    line(.offices), "Chưa có phòng nào. Liệt kê các phòng vào “offices”, mỗi dòng “mã: Tên phòng”.",
                    "No office is named. List them under “offices”, one “short-name: Full name” a line."))
        }
        var lineOfID: [OfficeID: Int] = [:]
        var lineOfName: [String: Int] = [:]
        for office in offices {
            if office.id == .leadership {
                found.append(
                    .fatal(
                        office.line,
                        "“leadership” là Ban lãnh đạo, hệ thống đã có sẵn. Xóa dòng này hoặc dùng mã khác.",
                        "“leadership” is the built-in office of director and deputies. Delete the line or use another name."
                    ))
            }
            if let first = lineOfID[office.id] {
                found.append(
                    .fatal(
                        office.line, "Mã phòng “\(office.id)” đã dùng ở dòng \(first). Mỗi phòng một mã.",
                        "Office “\(office.id)” already stands in line \(first). Give each office a name of its own."))
            } else {
                lineOfID[office.id] = office.line
            }
            if office.name.isEmpty, !isReported(office.line) {
                found.append(
                    .fatal(
                        office.line, "Phòng “\(office.id)” chưa có tên. Ghi tên đầy đủ sau dấu hai chấm.",
                        "Office “\(office.id)” has no name. Write its full name after the colon."))
            } else if !office.name.isEmpty, let first = lineOfName[office.name] {
                found.append(
                    .warning(
                        office.line, "Hai phòng cùng tên “\(office.name)” (dòng \(first)). Kiểm tra lại.",
                        "Two offices are called “\(office.name)” (line \(first)). Please check."))
            } else {
                lineOfName[office.name] = office.line
            }
        }
        if let coordinator {
            if !knows(coordinator) { found.append(unknownOffice(coordinator, key: "coordinator", line(.coordinator))) }
        } else if !isReported(lines[.coordinator]) {
            found.append(
                .fatal(
                    line(.coordinator),
                    "Chưa ghi phòng tổng hợp, báo cáo (“coordinator”). Ghi mã phòng được giao trong kế hoạch.",
                    "No coordinating office (“coordinator”). Write the office that the plan charges with the reports."))
        }
        return found
    }

    private func knows(_ office: OfficeID) -> Bool { offices.contains { $0.id == office } }

    private func unknownOffice(_ office: OfficeID, key: String, _ line: Int) -> PlanProblem {
        let known = offices.map(\.id.text).joined(separator: ", ")
        return .fatal(
            line,
            "“\(key)”: không có phòng “\(office)” trong “offices” (đang có: \(known)). Sửa mã hoặc bổ sung phòng.",
            "“\(key)”: there is no office “\(office)” under “offices” (there are: \(known)). Correct it or add the office."
        )
    }

    // MARK: - Requirements

    private var requirementProblems: [PlanProblem] {
        var found: [PlanProblem] = []
        if requirements.isEmpty, !isReported(lines[.requirements]) {
            found.append(
                .warning(
                    line(.requirements),
                    "Chưa có yêu cầu chung nào (“requirements”); phiếu phản biện sẽ không có mục đánh giá theo yêu cầu.",
                    "No general requirements (“requirements”); the review form will have no marks for them."))
        }
        var lineOfKey: [String: Int] = [:]
        for requirement in requirements {
            if let first = lineOfKey[requirement.key] {
                found.append(
                    .fatal(
                        requirement.line, "Yêu cầu “\(requirement.key)” đã có ở dòng \(first). Đặt mã khác.",
                        "Requirement “\(requirement.key)” already stands in line \(first). Use another name."))
            } else {
                lineOfKey[requirement.key] = requirement.line
            }
            if requirement.text.isEmpty, !isReported(requirement.line) {
                found.append(
                    .fatal(
                        requirement.line, "Yêu cầu “\(requirement.key)” chưa có nội dung. Ghi sau dấu hai chấm.",
                        "Requirement “\(requirement.key)” has no text. Write it after the colon."))
            }
        }
        return found
    }

    // MARK: - Topics

    private var topicProblems: [PlanProblem] {
        guard !topics.isEmpty else {
            guard !isReported(lines[.topics]) else { return [] }
            return [
                .fatal(
                    line(.topics), "Kế hoạch chưa có chuyên đề nào. Liệt kê vào “topics”.",
                    "The plan has no topic. List them under “topics”.")
            ]
        }
        var found: [PlanProblem] = []
        var firstOfNumber: [Int: Topic] = [:]
        var firstOfTitle: [String: Topic] = [:]
        var highest = 0
        for topic in topics {
            if let first = firstOfNumber[topic.number] {
                found.append(sameNumber(first, topic))
            } else {
                firstOfNumber[topic.number] = topic
                if topic.number != highest + 1 {
                    found.append(
                        .warning(
                            topic.lines[.number] ?? topic.line,
                            "Chuyên đề \(topic.number) đứng sau chuyên đề \(highest): số thứ tự không liên tục. Kiểm tra có thiếu chuyên đề không.",
                            "Topic \(topic.number) follows topic \(highest): numbers are not in sequence. Check that none is missing."
                        ))
                }
                highest = topic.number
            }
            if !topic.title.isEmpty {
                if let first = firstOfTitle[topic.title], first.number != topic.number {
                    found.append(
                        .warning(
                            topic.lines[.title] ?? topic.line,
                            "Chuyên đề \(topic.number) trùng tên với chuyên đề \(first.number) (dòng \(first.lines[.title] ?? first.line)). Kiểm tra lại.",
                            "Topic \(topic.number) bears the title of topic \(first.number) (line \(first.lines[.title] ?? first.line)). Please check."
                        ))
                } else {
                    firstOfTitle[topic.title] = topic
                }
            }
            found += problems(of: topic)
        }
        return found
    }

    /// One number twice; with different titles it is the document contradicting itself.
    private func sameNumber(_ first: Topic, _ second: Topic) -> PlanProblem {
        let place = second.lines[.number] ?? second.line
        guard first.title != second.title else {
            return .fatal(
                place, "Chuyên đề \(second.number) đã có ở dòng \(first.line). Xóa một trong hai hoặc sửa số.",
                "Topic \(second.number) already stands in line \(first.line). Delete one of them or change the number.")
        }
        return .fatal(
            place,
            "Chuyên đề \(second.number) có hai tên: “\(first.title)” (dòng \(first.line)) và “\(second.title)”. Giữ một tên đúng, hoặc sửa số.",
            "Topic \(second.number) has two titles: “\(first.title)” (line \(first.line)) and “\(second.title)”. Keep the right one, or change the number."
        )
    }

    private func problems(of topic: Topic) -> [PlanProblem] {
        var found: [PlanProblem] = []
        func missing(_ key: Topic.Key, _ isMissing: Bool, _ vietnamese: String, _ english: String) {
            guard isMissing, !isReported(topic.lines[key]) else { return }
            found.append(
                .fatal(
                    topic.lines[key] ?? topic.line,
                    "Chuyên đề \(topic.number): chưa ghi \(vietnamese) (“\(key.rawValue)”). Bổ sung theo kế hoạch.",
                    "Topic \(topic.number): no \(english) (“\(key.rawValue)”). Add it as the plan says."))
        }
        missing(.title, topic.title.isEmpty, "tên", "title")
        missing(.lead, topic.lead == nil, "phòng chủ trì", "lead office")
        missing(.review, topic.review == nil, "phòng phản biện", "review office")
        missing(.quarter, topic.quarter == nil, "quý hoàn thành, từ 1 đến 4", "quarter, 1 to 4")
        for (key, office) in [(Topic.Key.lead, topic.lead), (.review, topic.review)] {
            if let office, !knows(office) {
                found.append(unknownOffice(office, key: key.rawValue, topic.lines[key] ?? topic.line))
            }
        }
        if let lead = topic.lead, lead == topic.review {
            found.append(
                .fatal(
                    topic.lines[.review] ?? topic.line,
                    "Chuyên đề \(topic.number): phòng chủ trì và phòng phản biện đều là “\(lead)”. Một phòng không tự phản biện mình.",
                    "Topic \(topic.number): “\(lead)” both leads and reviews. An office does not review its own text."))
        }
        if topic.outline.isEmpty, !isReported(topic.lines[.outline]) {
            found.append(
                .warning(
                    topic.lines[.outline] ?? topic.line,
                    "Chuyên đề \(topic.number): chưa có bố cục (“outline”); hệ thống sẽ không kiểm tra được bố cục.",
                    "Topic \(topic.number): no outline (“outline”); the outline cannot be checked."))
        }
        return found + outlineProblems(of: topic) + milestoneProblems(of: topic)
    }

    private func outlineProblems(of topic: Topic) -> [PlanProblem] {
        let place = topic.lines[.outline] ?? topic.line
        var found: [PlanProblem] = []
        if topic.outline.contains(where: { $0.depth > OutlineItem.maximumDepth }) {
            found.append(
                .fatal(
                    place,
                    "Chuyên đề \(topic.number): bố cục sâu quá \(OutlineItem.maximumDepth) cấp. Gộp bớt các cấp dưới.",
                    "Topic \(topic.number): the outline is deeper than \(OutlineItem.maximumDepth) levels. Merge the lower ones."
                ))
        }
        func check(_ items: [OutlineItem]) {
            var titles = Set<String>()
            for item in items {
                if item.title.isEmpty {
                    found.append(
                        .fatal(
                            place, "Chuyên đề \(topic.number): bố cục có mục không tên. Ghi tên mục hoặc xóa dòng đó.",
                            "Topic \(topic.number): the outline has an item without a title. Write it or delete the line."
                        ))
                } else if !titles.insert(item.title).inserted {
                    found.append(
                        .warning(
                            place,
                            "Chuyên đề \(topic.number): mục “\(item.title)” lặp lại trong cùng một cấp của bố cục.",
                            "Topic \(topic.number): “\(item.title)” stands twice at one place of the outline."))
                }
                check(item.children)
            }
        }
        check(topic.outline)
        return found
    }
}
