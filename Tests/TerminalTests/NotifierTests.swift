import Testing

@testable import Terminal

@Suite struct NotifierTests {
    @Test func eachMeansHasItsForm() {
        #expect(Notifier(nil).octets("x") == "\u{7}")
        #expect(Notifier("bell").octets("x") == "\u{7}")
        #expect(Notifier("osc9").octets("2025-1: phê duyệt") == "\u{1B}]9;phanbien: 2025-1: phê duyệt\u{7}")
        #expect(Notifier("osc777").octets("2025-1: ký") == "\u{1B}]777;notify;phanbien;2025-1: ký\u{7}")
        #expect(Notifier("none").octets("x") == nil)
    }

    @Test func noWordsEndTheSequenceOrBeginAnother() {
        for means in ["osc9", "osc777"] {
            let told = Notifier(means).octets("a\u{7}b\u{1B}\\c\u{9C};d\u{1B}]52;c;e") ?? ""
            #expect(told.unicodeScalars.count { $0 == "\u{7}" } == 1 && told.hasSuffix("\u{7}"))
            #expect(told.unicodeScalars.count { $0 == "\u{1B}" } == 1)
            #expect(!told.unicodeScalars.contains("\u{9C}"))
        }
        #expect((Notifier("osc9").octets(String(repeating: "ệ", count: 10_000)) ?? "").count < 300)
    }
}
