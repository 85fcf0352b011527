import Testing

@testable import ReviewCore

@Suite struct CivilDateTests {
    @Test(arguments: [
        (2025, 2, 28, true), (2025, 2, 29, false), (2024, 2, 29, true), (2024, 2, 30, false), (1900, 2, 29, false),
        (2000, 2, 29, true),
        (2025, 4, 31, false), (2025, 12, 31, true), (2025, 13, 1, false), (2025, 0, 1, false), (2025, 1, 0, false),
        (0, 1, 1, false),
        (1, 1, 1, true), (9999, 12, 31, true), (10000, 1, 1, false),
    ])
    func onlyRealDays(_ year: Int, _ month: Int, _ day: Int, _ isReal: Bool) {
        #expect((CivilDate(year: year, month: month, day: day) != nil) == isReal)
    }

    @Test(arguments: [
        "2025-02-30", "2025-3-15", "2025-03-15 ", "", "20250315", "2025-03-1x", "+025-03-15", "2025-03-155",
        "02025-03-15", "２025-03-15",
    ])
    func otherTextIsNoDate(_ text: String) { #expect(CivilDate(text) == nil) }

    @Test(arguments: ["15/3/2025", "15/03/2025"])
    func peoplePutTheDayFirst(_ text: String) {
        #expect(CivilDate(vietnamese: text)?.description == "2025-03-15")
        #expect(
            CivilDate(vietnamese: "3/15/2025") == nil && CivilDate(vietnamese: "15/3/25") == nil
                && CivilDate(vietnamese: "15/3") == nil)
    }

    @Test(arguments: [
        ("2025-01-05", "5/1/2025", "ngày 05 tháng 01 năm 2025"),
        ("2025-02-10", "10/2/2025", "ngày 10 tháng 02 năm 2025"),
        ("2025-03-09", "9/3/2025", "ngày 09 tháng 3 năm 2025"),
        ("2025-12-31", "31/12/2025", "ngày 31 tháng 12 năm 2025"),
    ])
    func documentsPadDaysAndTheFirstTwoMonths(_ text: String, _ running: String, _ administrative: String) throws {
        let date = try #require(CivilDate(text))
        #expect(date.description == text && date.vietnamese == running && date.administrative == administrative)
    }

    @Test(arguments: [
        ("1970-01-01", 4), ("2025-03-15", 6), ("2025-06-15", 7), ("2025-06-28", 6), ("2025-09-20", 6),
        ("2025-12-20", 6),
        ("2024-02-29", 4), ("1969-12-31", 3), ("0001-01-01", 1), ("2025-06-16", 1),
    ])
    func weekdays(_ text: String, _ weekday: Int) throws {
        #expect(try #require(CivilDate(text)).weekday.rawValue == weekday)
    }

    @Test func everyDayFollowsTheOneBefore() throws {
        var date = try #require(CivilDate("1896-01-01"))
        let end = try #require(CivilDate("2104-01-01"))
        var count = 0
        while date < end {
            let next = date.adding(days: 1)
            let isNextInMonth = next.month == date.month && next.day == date.day + 1
            let isNewMonth = next.day == 1 && CivilDate(year: date.year, month: date.month, day: date.day + 1) == nil
            let isInverse = date < next && date.days(until: next) == 1 && next.adding(days: -1) == date
            let isNextWeekday = next.weekday.rawValue == date.weekday.rawValue % 7 + 1
            if !(isNextInMonth || isNewMonth) || !isInverse || !isNextWeekday || CivilDate(date.description) != date {
                Issue.record("after \(date) comes \(next)")
            }
            date = next
            count += 1
        }
        #expect(count == 208 * 365 + 50)
    }

    @Test func arithmeticStopsAtTheEnds() throws {
        let date = try #require(CivilDate("2025-03-15"))
        #expect(date.adding(days: .max).description == "9999-12-31")
        #expect(date.adding(days: .min).description == "0001-01-01")
        #expect(Instant(milliseconds: .max).date.description == "9999-12-31")
        #expect(Instant(milliseconds: .min).date.description == "0001-01-01")
        #expect(!Instant(milliseconds: .max).rfc3339.isEmpty && !Instant(milliseconds: .min).rfc3339.isEmpty)
    }
}

@Suite struct InstantTests {
    @Test(arguments: [
        ("2025-06-16T09:12:01.101+07:00", "2025-06-16T09:12:01.101+07:00"),
        ("2025-06-16T02:12:01.101Z", "2025-06-16T09:12:01.101+07:00"),
        ("2025-06-16t02:12:01z", "2025-06-16T09:12:01.000+07:00"),
        ("2025-06-15T21:12:01.1-05:00", "2025-06-16T09:12:01.100+07:00"),
        ("1969-12-31T17:00:00Z", "1970-01-01T00:00:00.000+07:00"),
        ("1969-12-31T16:59:59.999Z", "1969-12-31T23:59:59.999+07:00"),
        ("2025-06-16T09:12:01.123456789+07:00", "2025-06-16T09:12:01.123+07:00"),
    ])
    func momentsAreReadAndWrittenInVietnam(_ input: String, _ expected: String) {
        #expect(Instant(rfc3339: input)?.rfc3339 == expected)
    }

    @Test(arguments: [
        "", "2025-06-16", "2025-06-16T09:12:01", "2025-06-16T24:00:00Z", "2025-06-16T09:60:00Z", "2025-06-16T09:12:60Z",
        "2025-02-30T00:00:00Z",
        "2025-06-16T09:12:01.Z", "2025-06-16T09:12:01+7:00", "2025-06-16T09:12:01+24:00", "2025-06-16 09:12:01Z",
        "2025-06-16T09:12:01Zx",
        "2025-06-16T09:12Z",
    ])
    func otherTextIsNoMoment(_ input: String) { #expect(Instant(rfc3339: input) == nil) }

    @Test func theEpochIsSevenInVietnam() {
        #expect(Instant(milliseconds: 0).rfc3339 == "1970-01-01T07:00:00.000+07:00")
        #expect(Instant(rfc3339: "1970-01-01T00:00:00Z")?.milliseconds == 0)
        #expect(Instant(milliseconds: 0).vietnamese == "07:00 ngày 1/1/1970")
    }

    @Test(arguments: 0..<20)
    func randomMomentsGoThereAndBack(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<200 {
            let moment = Instant(
                milliseconds: .random(in: -62_135_600_000_000..<253_402_300_000_000 - 86_400_000, using: &random))
            guard moment.date.year > 1 else { continue }
            #expect(Instant(rfc3339: moment.rfc3339) == moment, "seed \(seed): \(moment.milliseconds)")
            #expect(moment.date.startInstant <= moment && moment < moment.date.adding(days: 1).startInstant)
        }
    }

    @Test func addingStopsAtTheEnds() {
        #expect(Instant(milliseconds: .max).adding(milliseconds: 1) == Instant(milliseconds: .max))
        #expect(Instant(milliseconds: .min).adding(milliseconds: -1) == Instant(milliseconds: .min))
        #expect(Instant(milliseconds: 1).adding(milliseconds: 2) == Instant(milliseconds: 3))
    }
}

@Suite struct DeadlineTests {
    private func deadline(_ date: String, _ rule: BeforeDateRule) throws -> Deadline {
        Deadline(date: try #require(CivilDate(date)), rule: rule)
    }

    @Test(
        arguments: [
            (.strict, "2025-03-15", "2025-03-14"), (.inclusive, "2025-03-15", "2025-03-15"),
            (.workday, "2025-03-15", "2025-03-14"),
            (.strict, "2025-06-15", "2025-06-14"), (.workday, "2025-06-15", "2025-06-13"),
            (.workday, "2025-06-16", "2025-06-13"),
            (.inclusive, "2025-06-15", "2025-06-15"), (.workday, "2025-03-20", "2025-03-19"),
            (.strict, "2025-03-01", "2025-02-28"),
        ] as [(BeforeDateRule, String, String)])
    func theLastDayOnTime(_ rule: BeforeDateRule, _ date: String, _ last: String) throws {
        #expect(try deadline(date, rule).lastDay.description == last)
    }

    @Test(
        arguments: [
            (.strict, "2025-03-14T23:59:59.999+07:00", 0), (.strict, "2025-03-15T00:00:00+07:00", 1),
            (.strict, "2025-03-14T17:00:00Z", 1),
            (.inclusive, "2025-03-15T23:59:59.999+07:00", 0), (.inclusive, "2025-03-16T00:00:00+07:00", 1),
            (.strict, "2025-03-20T10:00:00+07:00", 6),
            (.strict, "2025-01-01T00:00:00+07:00", 0),
        ] as [(BeforeDateRule, String, Int)])
    func theEdgeIsMidnightInVietnam(_ rule: BeforeDateRule, _ now: String, _ overdue: Int) throws {
        let milestone = try deadline("2025-03-15", rule)
        let moment = try #require(Instant(rfc3339: now))
        #expect(milestone.overdueDays(at: moment) == overdue)
        #expect(milestone.isLate(at: moment) == (overdue > 0))
        #expect(milestone.isLate(at: moment) == (milestone.daysLeft(at: moment) < 0))
        if rule == .strict { #expect(milestone.isLate(at: moment) == (milestone.date.startInstant <= moment)) }
    }

    @Test func daysLeftCountToTheLastDay() throws {
        let milestone = try deadline("2025-03-15", .strict)
        let moment = try #require(Instant(rfc3339: "2025-03-09T08:00:00+07:00"))
        #expect(milestone.daysLeft(at: moment) == 5)
        let due = (8...15).map { day in
            Instant(rfc3339: "2025-03-\(day < 10 ? "0" : "")\(day)T09:00:00+07:00").flatMap {
                milestone.reminder(at: $0)
            }
        }
        #expect(due == [nil, 5, 5, 5, 2, 2, 0, nil])
    }

    @Test func theRuleIsPrinted() throws {
        #expect(
            try deadline("2025-03-15", .strict).text(vietnamese: true)
                == "trước ngày 15/3/2025: chậm nhất hết thứ Sáu, ngày 14/3/2025 (quy tắc: xong trước khi ngày 15/3/2025 bắt đầu)"
        )
        #expect(
            try deadline("2025-06-15", .workday).text(vietnamese: false)
                == "before 2025-06-15: at the latest on Friday, 2025-06-13 (rule: the last working day before 2025-06-15)"
        )
        #expect(try deadline("2025-06-15", .inclusive).text(vietnamese: true).contains("tính cả ngày 15/6/2025"))
        #expect(BeforeDateRule(rawValue: "working-day") == .workday)
    }

    @Test func theEarliestDateHasALastDay() throws {
        #expect(try deadline("0001-01-01", .workday).lastDay.description == "0001-01-01")
    }
}
