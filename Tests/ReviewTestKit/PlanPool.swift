/// Fresh topics, from plans that are loaded over the wire: nothing an earlier run did can be met in them.
///
/// Every topic is led by `nv` and reviewed by `hcth`, lies in a year to come, and wants the sections of the plan of
/// 2025.
public struct PlanPool: Sendable {
    private var year: Int
    private var next = 1
    private var most = 0
    private let topicsPerPlan: Int

    /// Years from here on are tried; one that has a plan is passed over.
    public init(firstYear: Int = 3001, topicsPerPlan: Int = 200) {
        year = firstYear - 1
        self.topicsPerPlan = topicsPerPlan
    }

    /// A topic that nobody has touched.
    public mutating func topic<Host: TranscriptHost>(
        on host: inout Host, _ standing: inout Standing
    ) async throws -> String {
        if next > most {
            repeat { year += 1 } while try await !load(on: &host, &standing)
            next = 1
            most = topicsPerPlan
        }
        defer { next += 1 }
        return "\(year)-\(next)"
    }

    /// A year that gets no plan from here.
    ///
    /// Somebody who loads a plan for it leaves the next year to the next one.
    public mutating func unusedYear<Host: TranscriptHost>(
        on host: inout Host, _ standing: inout Standing
    ) async throws -> String {
        // The plan in use stays in use; years are given from the far end.
        repeat {
            lastYear -= 1
            guard lastYear > year else {
                throw TranscriptError(name: "plans", line: 0, problem: "every year to come has a plan")
            }
        } while try await Self.ask("PLAN SHOW \(lastYear)\n", on: &host, &standing).hasPrefix("OK ")
        return String(lastYear)
    }

    private var lastYear = 10_000

    private func load<Host: TranscriptHost>(on host: inout Host, _ standing: inout Standing) async throws -> Bool {
        guard year < lastYear else {
            throw TranscriptError(name: "plans", line: 0, problem: "every year to come has a plan")
        }
        var plan = """
            plan: \(year)
            number: 01/KH-TGPL
            date: \(year)-01-02
            title: Kế hoạch chuyên đề năm \(year)
            issuer: Trung tâm Trợ giúp pháp lý nhà nước
            parent: Sở Tư pháp
            signer: Hoàng Thị Bích
            offices:
              hcth: Phòng Hành chính – Tổng hợp
              nv: Phòng Nghiệp vụ
            coordinator: hcth
            requirements:
              results: Kết quả triển khai thực hiện chuyên đề
            topics:

            """
        for number in 1...topicsPerPlan {
            plan += """
                  - number: \(number)
                    title: Chuyên đề \(number)
                    lead: nv
                    review: hcth
                    quarter: 1
                    milestones: {opinion: \(year)-03-15, review: \(year)-03-20, final: \(year)-03-28}
                    outline: [Mở đầu, Nội dung, Kết luận]

                """
        }
        let status = try await Self.ask("PLAN LOAD {\(plan.utf8.count)}\n\(plan)\n", on: &host, &standing)
        if status.hasPrefix("OK plan=\(year) ") { return true }
        guard status.hasPrefix("NO CONFLICT ") else {
            throw TranscriptError(name: "plans", line: 0, problem: "PLAN LOAD for \(year): \(status)")
        }
        return false
    }

    /// Sends a request of the Director and gives the status of its reply.
    static func ask<Host: TranscriptHost>(
        _ request: String, on host: inout Host, _ standing: inout Standing
    ) async throws -> String {
        let entrance = try Transcript(name: "login", text: "bich> PING\nbich< OK time=…\n")
        var runner = TranscriptRunner(entrance, on: host, standing: standing, endCheck: .ping)
        let (mismatches, _) = try await runner.run()
        host = runner.host
        standing = runner.standing
        if let mismatch = mismatches.first {
            throw TranscriptError(name: "login", line: 0, problem: "\(mismatch)")
        }
        try await host.send("bich", Array(request.utf8), .whole)
        while true {
            let found = try await host.nextLine("bich")
            guard case .line(let line) = found else {
                throw TranscriptError(name: "bich", line: 0, problem: "no reply to \(request.prefix(40)): \(found)")
            }
            if line.hasPrefix("OK") || line.hasPrefix("NO ") || line.hasPrefix("BAD ") { return line }
        }
    }

    /// Takes a topic off everybody's list.
    public static func cancel<Host: TranscriptHost>(
        _ topic: String, on host: inout Host, _ standing: inout Standing
    ) async throws {
        // Whatever became of it: an issued or cancelled one stays as it is.
        _ = try await ask("CANCEL \(topic) <\nKiểm tra xong.\n", on: &host, &standing)
    }
}
