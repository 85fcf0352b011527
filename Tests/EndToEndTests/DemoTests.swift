import Foundation
import Testing

/// The demo plays the main job to its end, as `make demo` does without a terminal.
struct DemoTests {
    @Test func theWholeLifeOfATopicIsPlayed() throws {
        let scratch = try Scratch()
        let outcome = try run(
            Programs.top.appending(path: "clients/demo/demo"), [],
            environment: ["DEMO": "play", "DEMO_DATA": scratch.path("demo"), "PROGRAMS": Programs.folder.path],
            seconds: 300)
        #expect(outcome.status == 0, "\(outcome.output.suffix(3000))\n\(outcome.errors.suffix(2000))")
        #expect(outcome.output.contains("Xong: chuyên đề 2025-1 đã đi hết các bước"))
        #expect(outcome.output.contains("BẢNG TỔNG HỢP Ý KIẾN, TIẾP THU, GIẢI TRÌNH"))
        // Every file of the dossier is what its manifest says, by a common tool; one octet more is found.
        #expect(outcome.output.contains("\nbang-tiep-thu-giai-trinh.txt: OK\n"))
        #expect(outcome.output.contains("Signature Verified Successfully"))
        #expect(outcome.output.contains("\nCMS Verification successful\n"))
        #expect(outcome.output.contains("title=Giám đốc,CN=Hoàng Thị Bích,UID=bich"))
        #expect(outcome.output.contains("\nvan-ban.txt: FAILED\n"))
    }
}
