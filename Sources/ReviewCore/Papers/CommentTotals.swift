/// How many comments a topic has, and what became of them: the figures that several papers print alike.
struct CommentTotals {
    /// Persons who gave comments of their own, or for whom they were keyed in.
    let owners: Int
    /// Offices in whose name comments were given.
    let offices: Int
    /// Comments, withdrawn ones included.
    let all: Int
    private let dispositions: [Disposition: Int]
    private let unsettled: Int
    private let withdrawn: Int
    private let maintained: [String]
    private let unconfirmed: [String]

    init(of topic: Topic) {
        var owners = Set<PersonID>()
        var offices = Set<OfficeID>()
        var maintained: [String] = []
        var unconfirmed: [String] = []
        var withdrawn = 0
        var unsettled = 0
        var dispositions: [Disposition: Int] = [:]
        for comment in topic.comments {
            if case .office(let office) = comment.behalf {
                offices.insert(office)
            } else {
                owners.insert(comment.owner)
            }
            if !comment.isConfirmed { unconfirmed.append(comment.id.description) }
            guard comment.isLive else {
                withdrawn += 1
                continue
            }
            if comment.isMaintained { maintained.append(comment.id.description) }
            if let disposition = comment.disposition {
                dispositions[disposition, default: 0] += 1
            } else {
                unsettled += 1
            }
        }
        self.owners = owners.count
        self.offices = offices.count
        all = topic.comments.count
        self.dispositions = dispositions
        self.unsettled = unsettled
        self.withdrawn = withdrawn
        self.maintained = maintained
        self.unconfirmed = unconfirmed
    }

    /// A line for each fate of a comment; together they are all of them.
    var lines: [String] {
        Disposition.allCases.map { "\($0.wording.vietnamese): \(dispositions[$0] ?? 0)" } + [
            "chưa có tiếp thu, giải trình: \(unsettled)", "người góp ý đã rút: \(withdrawn)",
        ]
    }

    /// Which are maintained; nil when none is.
    var maintainedLine: String? {
        maintained.isEmpty ? nil : "Giữ ý kiến: \(maintained.count) (\(maintained.joined(separator: ", ")))."
    }

    /// Which were keyed in for somebody and not confirmed; nil when none is.
    var unconfirmedLine: String? {
        unconfirmed.isEmpty
            ? nil : "Ghi thay mặt, chưa được xác nhận: \(unconfirmed.count) (\(unconfirmed.joined(separator: ", ")))."
    }
}
