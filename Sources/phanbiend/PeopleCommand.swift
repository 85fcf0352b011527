import ArgumentParser
import ReviewCore
import ReviewFiles
import ReviewSignatures

/// `phanbiend people import`: accounts from a table.
struct PeopleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people",
        abstract: "Danh sách tài khoản. / The list of accounts.",
        subcommands: [Import.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract:
                "Nhập tài khoản từ tệp CSV: tất cả hoặc không gì cả. / Import accounts from a CSV file: all or nothing.",
            discussion: """
                Dòng đầu: id,name,office,position,password. Mật khẩu để trống: in mã mời dùng một lần. leadership là Ban \
                lãnh đạo. Người đã có: dòng giống hệt thì bỏ qua, khác thì cập nhật họ tên, phòng, chức vụ; mật khẩu đang \
                dùng không bị đổi (xem lệnh person password). Tài khoản đã khóa: dòng giống hệt thì bỏ qua, khác thì báo lỗi. Phòng chưa có trong Kế hoạch nào được tạo thêm.

                First line: id,name,office,position,password. A blank password prints an invitation code, good for one use. \
                leadership is the built-in office of director and deputies. People who exist: an equal row is skipped, \
                another one updates name, office and position; a password in use is never changed (see person password). A \
                disabled account: an equal row is skipped, another one is an error. \
                An office that no plan names is made.
                """)

        /// What is read at most before the reader of the list, which has a bound of its own, has a look.
        private static let longestOctets = 8_388_608

        @OptionGroup var data: DataOption
        @OptionGroup var cost: PasswordCostOption
        @Argument(
            help: ArgumentHelp(
                "Tệp danh sách (.csv); “-”: đầu vào chuẩn. / The file; “-”: standard input.", valueName: "FILE.csv"))
        var file: String

        func run() async throws {
            let (rows, problems) = PeopleFile.read(try Files.readGiven(file, atMost: Self.longestOctets))
            for problem in problems { Console.say(problem.placed) }
            guard !problems.contains(where: \.isFatal) else { throw Self.refused }
            let hashCost = try Passwords.cost(cost)
            var session = try OperatorSession(data: data.data)
            let before = session.state
            let hashes = try await Self.hashes(for: rows, before: before, cost: hashCost)
            var told: [String] = []
            var refusals: [PlanProblem] = []
            for row in rows {
                do throws(Refusal) {
                    told += try Self.take(row, hash: hashes[row.id], into: &session)
                } catch {
                    refusals.append(PlanProblem(line: row.line, column: nil, wording: error.wording, isFatal: true))
                }
            }
            guard refusals.isEmpty else {
                for refusal in refusals { Console.say(refusal.placed) }
                throw Self.refused
            }
            try session.commit()
            // Codes are told only now: one that was not stored would be worth nothing.
            for line in told { Console.say(line) }
            let offices = told.filter { $0.hasPrefix("OFFICE ") }.map { $0.dropFirst(7) }.joined(separator: ", ")
            if !offices.isEmpty {
                Console.say(
                    Wording(
                        "Phòng chưa có trong Kế hoạch nào, đã tạo với tên tắt: \(offices).",
                        "Offices that no plan names, made with their short names: \(offices)."))
            }
            let added = told.count { $0.hasPrefix("ADDED ") }
            let changed = told.count { $0.hasPrefix("CHANGED ") }
            let same = told.count { $0.hasPrefix("SAME ") || $0.hasPrefix("DISABLED ") }
            Console.say(
                Wording(
                    "Danh sách \(rows.count) người: thêm \(added), cập nhật \(changed), giữ nguyên \(same).",
                    "\(rows.count) people: \(added) added, \(changed) changed, \(same) as they were."))
            // A list may take away what nobody at a terminal can: it is the operator's, and so is mending it.
            for position in [Position.director, .admin] where !Self.isHeld(position, in: session.state) {
                let held = position.wording
                let isGone = Self.isHeld(position, in: before)
                Console.say(
                    isGone
                        ? Wording(
                            "Lưu ý: sau lần nhập này không còn tài khoản nào giữ chức vụ \(held.vietnamese).",
                            "Note: nobody is \(held.english) any more after this list.")
                        : Wording(
                            "Lưu ý: chưa có tài khoản nào giữ chức vụ \(held.vietnamese).",
                            "Note: there is no \(held.english) yet."))
            }
        }

        private static func isHeld(_ position: Position, in state: State) -> Bool {
            state.people.values.contains { $0.position == position && !$0.isDisabled }
        }

        private static var refused: Failure {
            Failure(
                .data, "Chưa nhập ai: sửa các dòng nêu trên rồi chạy lại.",
                "Nobody was imported: mend the lines above, then run it again.")
        }

        /// What one row asks for, decided; what is to be told about it once everything is stored.
        private static func take(
            _ row: PeopleFile.Row, hash: String?, into session: inout OperatorSession
        ) throws(Refusal) -> [String] {
            var told: [String] = []
            if session.state.office(row.office) == nil {
                _ = try session.decide(.addOffice(row.office, name: row.office.text))
                told.append("OFFICE \(row.office)")
            }
            if let person = session.state.people[row.id] {
                let outcome = try session.decide(
                    .changePerson(row.id, name: row.name, office: row.office, position: row.position))
                if person.isDisabled { return told + ["DISABLED \(row.id)"] }
                if let hash { _ = try session.decide(.setCredentialOf(row.id, hash: hash)) }
                told.append(outcome.facts.isEmpty && hash == nil ? "SAME \(row.id)" : "CHANGED \(row.id)")
                let hasCertificate = !session.state.certificates(of: row.id).isEmpty
                if hash != nil || person.credential != nil || person.invitation != nil || hasCertificate { return told }
            } else {
                _ = try session.decide(
                    .addPerson(
                        row.id, name: row.name, office: row.office, position: row.position, credential: hash,
                        invitation: nil))
                told.append("ADDED \(row.id)")
                if hash != nil { return told }
            }
            let code = SecureRandom.invitationCode()
            _ = try session.decide(.invite(row.id, code: Passwords.digest(ofInvitation: code)))
            told.append("INVITATION \(row.id) \(code)")
            return told
        }

        /// The hashes of the passwords that will be set, two at a time.
        private static func hashes(
            for rows: [PeopleFile.Row], before state: State, cost: ScryptCost
        ) async throws -> [PersonID: String] {
            var wanted: [(id: PersonID, password: [UInt8])] = []
            for row in rows where !row.password.isEmpty && state.people[row.id]?.credential == nil {
                let password = Array(row.password.utf8)
                try Passwords.check(password, line: row.line)
                wanted.append((row.id, password))
            }
            var hashes: [PersonID: String] = [:]
            try await withThrowingTaskGroup(of: (PersonID, String).self) { group in
                for (index, entry) in wanted.enumerated() {
                    if index >= 2, let (id, hash) = try await group.next() { hashes[id] = hash }
                    group.addTask { (entry.id, try Passwords.hash(entry.password, cost: cost)) }
                }
                for try await (id, hash) in group { hashes[id] = hash }
            }
            return hashes
        }
    }
}
