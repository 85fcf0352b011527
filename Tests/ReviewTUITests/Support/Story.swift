import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// The topic 2025-2 on its way, each step taken by keys at somebody's desk.
struct Story {
    let office: Office
    let lan: Desk
    let son: Desk
    let minh: Desk
    let hoa: Desk
    let bich: Desk

    static let draft = """
        # Mở đầu

        Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng.

        # Nội dung

        ## Kết quả đạt được

        Không có vụ việc nào bị khiếu nại.

        Viên chức được bồi dưỡng kỹ năng mỗi quý.

        ## Tồn tại, hạn chế

        Hồ sơ vụ việc còn chậm.

        # Kết luận

        Cần bồi dưỡng kỹ năng.
        """

    /// As far as the leaders' opinion.
    init(office: Office? = nil, language: Language = .vietnamese, hasColour: Bool = true) throws {
        let office = try office ?? Office()
        func desk(_ person: String) -> Desk {
            Desk(person, at: office, language: language, hasColour: hasColour)
        }
        self.office = office
        (lan, son) = (desk("lan"), desk("son"))
        (minh, hoa) = (desk("minh"), desk("hoa"))
        bich = desk("bich")
        try push(Self.draft, onto: 0)
        son.open(2).command("trinh").confirm()
        listen()
    }

    /// PUSH carries a file, which the command line client does.
    func push(_ text: String, onto revision: Int, addresses: String? = nil) throws {
        let claim = addresses.map { " addresses=\($0)" } ?? ""
        try say("PUSH 2025-2 if=@\(revision)\(claim) {\(text.utf8.count)}\n\(text)", by: "lan")
    }

    /// What somebody does outside the full-screen client.
    func say(_ request: String, by person: String) throws {
        let connection = office.open()
        office.send(connection, Array("LOGIN \(person) <\nmật khẩu\n".utf8))
        _ = office.take(connection)
        office.send(connection, Array((request + "\n").utf8))
        let answer = String(decoding: office.take(connection), as: UTF8.self)
        try #require(answer.contains("OK "), "\(answer)")
        office.close(connection)
        listen()
    }
}

extension Desk {
    /// Opens a topic of the home page by its number.
    @discardableResult
    func open(_ number: Int) -> Desk {
        while model.pages.count > 1 { press(Key(.escape)) }
        let place = HomePage.taskRowCount(in: model.library) + number - 1
        press(Key(.home))
        for _ in 0..<place { press(Key(.down)) }
        return press(Key(.enter))
    }

    @discardableResult
    func confirm() -> Desk { press(.character("c")) }

    /// Moves to the paragraph of an anchor.
    @discardableResult
    func goTo(_ anchor: String) throws -> Desk {
        if case .topic(let page) = model.page, page.pane == .comments { press(Key(.tab)) }
        press(Key(.home))
        for _ in 0..<100 {
            guard case .topic(let page) = model.page, let block = page.currentBlock else { break }
            if block.anchor == anchor { return self }
            press(Key(.down))
        }
        throw Missing(what: anchor)
    }

    struct Missing: Error { let what: String }
}
