import ReviewCore
import Testing

@Suite struct SectionPathTests {
    @Test(arguments: [
        ("I", [1]), ("II.1", [2, 1]), ("II.1.2", [2, 1, 2]), ("IV", [4]), ("XLIX.12", [49, 12]), ("MMMCMXCIX", [3999]),
        ("4000.1", [4000, 1]), ("L", [50]),
    ])
    func writtenFormsGoThereAndBack(_ text: String, _ numbers: [Int]) {
        #expect(SectionPath(text)?.numbers == numbers)
        #expect(SectionPath(numbers)?.description == text)
    }

    @Test func everyRomanNumeralGoesThereAndBack() {
        for number in 1...4100 {
            #expect(SectionPath([number]).flatMap { SectionPath($0.description) }?.numbers == [number])
        }
    }

    @Test(arguments: [
        "", ".", "I.", ".1", "1", "0", "IIII", "VX", "IC", "II.0", "II.01", "II.x", "II..1", "II.12345678", "3999",
        "I.1.1.1.1.1.1", "II.1/2", "II 1", "MMMM", "Í",
    ])
    func otherTextIsNoPath(_ text: String) { #expect(SectionPath(text) == nil) }

    @Test func lowerCaseIsRead() { #expect(SectionPath("ii.1")?.description == "II.1") }

    @Test func orderIsThatOfTheDocument() {
        let paths = ["I", "I.1", "I.1.1", "I.2", "I.10", "II", "IX", "X"].compactMap { SectionPath($0) }
        #expect(paths.count == 8)
        #expect(paths.reversed().sorted() == paths)
        #expect(paths[0].contains(paths[2]) && !paths[2].contains(paths[0]) && !paths[1].contains(paths[4]))
        #expect(paths[2].parent == paths[1] && paths[0].parent == nil)
    }

    @Test(
        arguments: [
            ("whole", .whole), ("0/1", .paragraph(nil, 1)), ("II.1/2", .paragraph(SectionPath([2, 1]), 2)),
        ] as [(String, AnchorTarget)])
    func targetsGoThereAndBack(_ text: String, _ target: AnchorTarget) {
        #expect(AnchorTarget(text) == target)
        #expect(target.description == text)
    }

    @Test(arguments: ["0", "0/0", "I/0", "I/01", "I/", "/1", "I/1/1", "L12", "1/1", "", "I/99999999"])
    func otherTextIsNoTarget(_ text: String) { #expect(AnchorTarget(text) == nil) }
}
