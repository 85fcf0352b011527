import ReviewCore
import ReviewFiles
import ReviewStore

/// A plan file: any octets give a draft or say by line why not, and what may be loaded is loaded and stored whole.
enum PlanTarget {
    static func run(_ octets: [UInt8]) throws(Finding) {
        let (draft, problems) = PlanFile.read(octets)
        try check(problems, octets)
        guard let draft else {
            return try promise(problems.contains(where: \.isFatal), "no draft, and no problem that says why")
        }
        try promise(problems == draft.problems(), "a draft has other problems than its reader reports")
        var state = State()
        let now = Instant(milliseconds: 1_750_000_000_000)
        let decision = Result { () throws(Refusal) in
            try state.decide(.loadPlan(draft, source: octets), by: .operator, now: now)
        }
        switch decision {
        case .success(let outcome):
            try promise(!problems.contains(where: \.isFatal), "a plan with fatal problems was loaded")
            for (offset, fact) in outcome.facts.enumerated() {
                let event = Event(sequence: Int64(offset) + 1, time: now, person: nil, office: nil, fact: fact)
                let read = try? EventRecord(event).event()
                try promise(read == event, "\(event) is stored and read as \(String(describing: read))")
                state.apply(event)
            }
            try promise(
                state.topics.count == draft.topics.count, "\(state.topics.count) topics of \(draft.topics.count)")
        case .failure(let refusal):
            try promise(
                problems.contains(where: \.isFatal),
                "a plan without fatal problems was refused: \(refusal.wording.english)")
        }
    }

    /// Every problem has a line of the file (0 for the whole), words in both languages, and stands in order.
    static func check(_ problems: [PlanProblem], _ octets: [UInt8]) throws(Finding) {
        let lines = octets.count { $0 == 0x0A } + 1
        var last = 0
        for problem in problems {
            try promise(
                (0...lines).contains(problem.line), "line \(problem.line) of \(lines): \(problem.placed.english)")
            try promise(problem.line >= last, "line \(problem.line) after \(last)")
            last = problem.line
            if let column = problem.column {
                try promise(problem.line > 0 && column > 0, "column \(column) in line \(problem.line)")
            }
            try promise(!problem.wording.vietnamese.isEmpty && !problem.wording.english.isEmpty, "no words")
        }
        try promise(problems.count <= 500, "\(problems.count) problems")
    }
}

/// A list of people: any octets give rows and problems by line, and every row can be stored.
enum PeopleTarget {
    static func run(_ octets: [UInt8]) throws(Finding) {
        let (rows, problems) = PeopleFile.read(octets)
        try PlanTarget.check(problems, octets)
        try promise(!rows.isEmpty || problems.contains(where: \.isFatal), "nobody, and no problem that says why")
        let lines = octets.count { $0 == 0x0A } + 1
        var seen: Set<String> = []
        var last = 1
        for row in rows {
            try promise(seen.insert(row.id.text).inserted, "\(row.id) stands twice")
            try promise(row.line > last && row.line <= lines, "a row in line \(row.line) of \(lines)")
            last = row.line
            let name = try? CanonicalText.field(row.name, maximumOctets: 200)
            try promise(name.map { $0.utf8.elementsEqual(row.name.utf8) } ?? false, "\(row.name) is not canonical")
            try promise(!row.password.utf8.contains { $0 == 0x0A || $0 == 0x0D }, "a password of two lines")
        }
    }
}
