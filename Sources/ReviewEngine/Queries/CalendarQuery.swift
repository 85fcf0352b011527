import ReviewCore
import ReviewProtocol

extension Reading {
    /// CALENDAR.
    func calendar() -> Reply {
        let file = CalendarFile(of: state, for: person.id, vietnamese: language == .vietnamese, now: now)
        let wording =
            file.events == 0
            ? Wording(
                "Không có mốc nào của chuyên đề đang làm mà bạn được xem",
                "There is no milestone of an open topic that you may see")
            : Wording(
                "Lịch có \(file.events) mục, lập lúc \(now.vietnamese); hạn thay đổi thì lấy lại",
                "The calendar has \(file.events) \(file.events == 1 ? "entry" : "entries") as of \(now.date); fetch it again when a date changes"
            )
        return done(
            [
                Pair("events", String(file.events)), Pair("lines", String(file.text.shownLines.count)),
                Pair("bytes", String(file.text.utf8.count)),
            ], wording, parts: file.events == 0 ? [] : [.text(file.text)])
    }
}
