import Testing

@testable import ReviewCore

/// The list must behave as an array of pairs does, however its values are laid out.
@Suite("Numbered lists") struct NumberedListTests {
    @Test("A list finds, changes, counts and walks like an array of pairs", arguments: [0, 1, 63, 64, 65, 128, 1_000])
    func agreesWithAnArray(_ length: Int) {
        var random = SplitMix64(seed: UInt64(length) + 7)
        var list = NumberedList<Int>()
        var model: [(number: Int, value: Int)] = []
        var number = 0
        for _ in 0..<length {
            number += 1 + Int(random.next() % 3)
            let value = Int(random.next() % 10)
            list.append(value, number: number)
            model.append((number, value))
        }
        for index in model.indices where index % 5 == 0 {
            list.update(model[index].number) { $0 += 100 }
            model[index].value += 100
        }
        list.updateAll { $0 *= 2 }
        model = model.map { ($0.number, $0.value * 2) }
        #expect(Array(list) == model.map(\.value))
        #expect(list.count == length && list.isEmpty == (length == 0) && list.highest == number)
        #expect(list.count { $0.value >= 200 } == model.count { $0.value >= 200 })
        let values = Dictionary(uniqueKeysWithValues: model.map { ($0.number, $0.value) })
        for number in -1...(number + 2) { #expect(list[number] == values[number]) }
    }

    @Test("A number that is not above all others is dropped, and one that is not there changes nothing")
    func keepsTheOrder() {
        var list = NumberedList<Int>()
        list.append(1, number: 5)
        list.append(2, number: 5)
        list.append(3, number: 4)
        list.append(4, number: 0)
        list.update(4) { $0 = 9 }
        list.update(6) { $0 = 9 }
        #expect(Array(list) == [1] && list.count == 1)
    }

    @Test("A copy keeps what it had when the list goes on")
    func copiesAreIndependent() {
        var list = NumberedList<Int>()
        for number in 1...100 { list.append(number, number: number) }
        let copy = list
        list.update(10) { $0 = 0 }
        list.append(101, number: 101)
        #expect(Array(copy) == Array(1...100))
        #expect(list[10] == 0 && list.count == 101)
    }
}

@Suite("Identifiers as typed") struct IdentifierTests {
    @Test(
        "A letter or sign with a combining mark is another character, not the one it looks like",
        arguments: ["C\u{301}88", "c\u{323}8"])
    func marksAreNoLetters(_ text: String) { #expect(CommentID(text) == nil) }

    @Test(
        "Only year, hyphen and number name a topic",
        arguments: [
            "2025-\u{301}1", "2025--1", "2025-1-1", "-1", "2025-", "2025", "", "2025-01", "2025-1 ", "1899-1",
            "2025-1000",
        ])
    func otherTextIsNoTopic(_ text: String) {
        #expect(TopicID(text) == nil)
        #expect(RevisionID(text + "@1") == nil)
    }

    @Test(
        "Only topic, sign and number name a revision",
        arguments: ["2025-1@\u{301}1", "2025-1@0", "2025-1@", "2025-1@1@1"])
    func otherTextIsNoRevision(_ text: String) { #expect(RevisionID(text) == nil) }

    @Test("What is written can be read again")
    func written() {
        #expect(TopicID("2025-1").map(\.description) == "2025-1")
        #expect(RevisionID("2025-12@34").map(\.description) == "2025-12@34")
        #expect(CommentID("c88") == CommentID(88) && ReviewID("P5") == ReviewID(5))
        #expect(ReviewID("P\u{301}5") == nil && ReviewID("p0") == nil && CommentID("C") == nil && CommentID("") == nil)
    }
}
