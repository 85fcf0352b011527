import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// The roll-call of a plenary: who is present, who is absent, one key for each.
struct RollCall: Sendable {
    enum Mark: Sendable { case present, absent }

    let topic: String
    let people: [(id: String, name: String)]
    private(set) var marks: [Mark?]
    private(set) var selected = 0

    /// Begins with what is recorded, since what is sent takes the place of all of it.
    init(topic: String, people: [(id: String, name: String)], present: Set<String> = [], absent: Set<String> = []) {
        self.topic = topic
        self.people = people
        marks = self.people.map { present.contains($0.id) ? .present : absent.contains($0.id) ? .absent : nil }
    }

    /// What was marked, as the protocol has it; nil while nobody is.
    var request: Request? {
        func names(_ mark: Mark) -> String? {
            let names = zip(people, marks).filter { $1 == mark }.map(\.0.id)
            return names.isEmpty ? nil : names.joined(separator: ",")
        }
        guard marks.contains(where: { $0 != nil }) else { return nil }
        return Request.of("ATTEND", topic).adding("present", names(.present)).adding("absent", names(.absent))
    }

    /// Takes a key; false when it means nothing here.
    mutating func press(_ key: Key) -> Bool {
        guard !people.isEmpty else { return false }
        switch key.code {
        case .up, .character("k"): selected = max(selected - 1, 0)
        case .down, .character("j"): selected = min(selected + 1, people.count - 1)
        case .character("c"): mark(.present)
        case .character("v"): mark(.absent)
        case .backspace, .delete: marks[selected] = nil
        case .character("*"): marks = Array(repeating: .present, count: people.count)
        default: return false
        }
        return true
    }

    private mutating func mark(_ mark: Mark) {
        marks[selected] = mark
        selected = min(selected + 1, people.count - 1)
    }

    func words(_ index: Int, _ model: Model) -> String {
        let mark =
            switch marks[index] {
            case .present: model.text("có mặt", "present")
            case .absent: model.text("vắng  ", "absent ")
            case nil: model.text("      ", "       ")
            }
        return "[\(mark)] \(people[index].name)"
    }
}

extension Model {
    mutating func openRollCall() {
        guard let topic = currentTopic else {
            return tell(.trouble, "Mở một chuyên đề rồi mới dùng lệnh này.", "Open a topic first.")
        }
        // What is sent takes the place of all that is recorded, so that has to be known.
        guard let details = library.details[topic] else {
            readTopic(topic)
            return tell(
                .trouble, "Chưa đọc được chuyên đề này; xin làm lại sau giây lát.",
                "The topic has not been read yet; try again in a moment.")
        }
        let plenary = details.rows.first { $0.word == "plenary" && $0["past"] == nil }
        func recorded(_ key: String) -> Set<String> {
            Set((plenary?[key] ?? "").split(separator: ",").map(String.init))
        }
        let (present, absent) = (recorded("present"), recorded("absent"))
        // Whoever has left is asked for only where the list has them already.
        let listed = present.union(absent).subtracting(library.colleagues).sorted()
        let people = (library.colleagues + listed).map { (id: $0, name: library.name($0)) }
        overlay = .rollCall(RollCall(topic: topic, people: people, present: present, absent: absent))
    }

    mutating func pressInRollCall(_ key: Key, _ roll: RollCall) {
        var roll = roll
        if roll.press(key) { return overlay = .rollCall(roll) }
        switch key.code {
        case .enter:
            guard let request = roll.request else {
                return tell(.trouble, "Chưa điểm danh ai: c có mặt, v vắng.", "Nobody is marked: c present, v absent.")
            }
            overlay = nil
            write(request)
        case .escape, .character("q"): overlay = nil
        default: break
        }
    }
}
