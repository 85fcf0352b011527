package import ReviewClient
package import ReviewCore
package import ReviewProtocol
import Terminal

/// What applying a comment's suggestion comes to (domain §2, "in one act"): a new revision with the suggestion in its
/// place, and the comment's settlement by it.
///
/// Two requests of the protocol, so the second may be missing: whoever applies it again then only settles.
package struct Amendment: Sendable, Equatable {
    /// What is still to be done.
    package enum Deed: Sendable, Equatable {
        /// To push the text with the suggestion in it, and to settle.
        case revision(Replacement)
        /// To settle: this revision carries the suggestion already.
        case settlement(Int)
        /// Nothing: it is in the text, and settled.
        case nothing
    }

    /// The comment.
    package let comment: String
    /// Its topic.
    package let topic: String
    /// The revision that the place and the text are of: the newest.
    package let base: Int
    /// What is still to be done.
    package let deed: Deed
    /// Whether the comment is settled by it; what its commenter has agreed on stays as it is.
    package let settles: Bool

    /// Looks the place up.
    ///
    /// - Parameters:
    ///   - row: the comment with its place in the revision `base`, as COMMENTS tells it.
    ///   - quote: the quoted words, as THREAD tells them.
    ///   - suggestion: what to put in their place.
    ///   - document: the revision's text, exactly as it is stored.
    ///   - revisions: the rows of the topic's revisions.
    /// - Throws: `CommandFailure` where nothing can be done, and why.
    package init(
        _ row: ReplyRow, quote: String?, suggestion: String?, topic: String, base: Int, document: Document,
        revisions: [ReplyRow]
    ) throws(CommandFailure) {
        let id = row["id"] ?? ""
        (comment, self.topic, self.base) = (id, topic, base)
        // Where it came as lines it ends with one; what is suggested never does.
        let suggestion = suggestion.map { String($0.reversed().drop { $0 == "\n" }.reversed()) }
        guard let suggestion, !suggestion.isEmpty else {
            throw Self.refusal("Ý kiến \(id) không kèm đề nghị sửa.", "Comment \(id) suggests no text.")
        }
        // What stands where a text was removed is no suggestion (decision 41).
        guard !suggestion.hasPrefix(Redaction.notice("").dropLast()) else {
            throw Self.refusal(
                "Đề nghị sửa của \(id) đã bị xóa theo văn bản.", "What \(id) suggested was removed under a document.")
        }
        let isAccepted = row["as"] == "accepted"
        switch row["state"] {
        case "withdrawn": throw Self.refusal("Ý kiến \(id) đã được rút.", "Comment \(id) was withdrawn.")
        case "agreed" where !isAccepted:
            throw Self.refusal(
                "Người góp ý đã đồng ý với cách giải trình \(id), không phải là tiếp thu: không sửa theo nữa.",
                "The commenter has agreed on how \(id) was settled, which was not by accepting it.")
        default: break
        }
        settles = row["state"] != "agreed"
        let isSettled = isAccepted && row["in"] ?? "" != ""
        let made = row["revision"].flatMap { Int($0) } ?? 0
        let carrier = revisions.filter { $0.word == "revision" }.last { row in
            (row["addresses"] ?? "").split(separator: ",").contains { $0 == id }
                && row["number"].flatMap { Int($0) } ?? 0 > made
        }?["number"].flatMap { Int($0) }
        let place = row["at"] ?? row["anchor"] ?? "whole"
        guard let target = AnchorTarget(place) else {
            throw Self.refusal("Không hiểu vị trí “\(place)” của \(id).", "The place “\(place)” of \(id) is unknown.")
        }

        func done(in revision: Int) -> Deed { isSettled || row["state"] == "agreed" ? .nothing : .settlement(revision) }
        /// It was pushed for this comment, and it stands in that section: what is missing is the settlement.
        func carried() -> Deed? {
            carrier.flatMap { document.reads(suggestion, at: target) ? done(in: $0) : nil }
        }
        switch row["now"] {
        case "orphan":
            // Perhaps because so much of the paragraph was replaced that it is not the same one.
            guard let deed = carried() else {
                throw Self.refusal(
                    "Đoạn mà \(id) góp ý không còn trong bản \(base).",
                    "The paragraph of \(id) is gone from revision \(base).")
            }
            self.deed = deed
            return
        case "edited" where quote == nil:
            // The suggestion was for the paragraph as it was: what was changed since would be lost.
            guard let deed = carried() else {
                throw Self.refusal(
                    "Đoạn mà \(id) góp ý đã được sửa khác đi: thay cả đoạn sẽ mất phần sửa ấy.",
                    "The paragraph of \(id) was changed otherwise; replacing all of it would lose that.")
            }
            self.deed = deed
            return
        default: break
        }
        do throws(ReplacementProblem) {
            deed = .revision(try document.replacing(quote, at: target, with: suggestion))
        } catch {
            // What was suggested may have the words even twice.
            if error == .alreadyThere, base > made {
                deed = done(in: carrier ?? base)
            } else if let deed = carried() {
                self.deed = deed
            } else {
                throw Self.refusal(error, id, quote ?? "", target)
            }
        }
    }

    /// The revision that the comment was made on, where its text has to be looked at before a new one is made: words that
    /// stood there more than once do not say by themselves which of them are left.
    ///
    /// - Parameter row: the comment, as COMMENTS tells it.
    package func origin(_ row: ReplyRow, quote: String?) -> Int? {
        guard case .revision = deed, quote != nil, let made = row["revision"].flatMap({ Int($0) }), made < base else {
            return nil
        }
        return made
    }

    /// Looks whether the quoted words stood once at their place when the comment was made.
    ///
    /// - Parameter origin: the text that the comment was made on.
    /// - Throws: `CommandFailure` where they stood there more often: those that are left are perhaps others.
    package static func check(_ row: ReplyRow, quote: String, in origin: Document) throws(CommandFailure) {
        guard let target = AnchorTarget(row["anchor"] ?? "whole"), case let count = origin.count(of: quote, at: target),
            count > 1
        else { return }
        let id = row["id"] ?? ""
        throw refusal(
            "Khi góp ý, chữ “\(brief(quote))” mà \(id) trích có \(count) chỗ ở \(target.text(vietnamese: true)); nay còn một chỗ, chưa chắc là chỗ được góp ý: phải sửa tay.",
            "When \(id) was made, the words “\(brief(quote))” occurred \(count) times in \(target.text(vietnamese: false)); the ones that are left are perhaps not those that were meant: change them by hand."
        )
    }

    // MARK: Requests

    /// The new revision; nil where none is needed.
    package var push: Request? {
        guard case .revision(let replacement) = deed else { return nil }
        var request = Request.of("PUSH", topic).adding("if", "@\(base)").adding("addresses", comment)
            .adding("note", "Áp dụng đề nghị sửa \(comment)")
        request.body = .literal(Array(replacement.text.utf8))
        return request
    }

    /// The settlement.
    ///
    /// - Parameter revision: the one that carries it; nil while there is none, to ask whether it would be allowed.
    package static func settlement(of comment: String, in revision: Int?) -> Request {
        Request.of("SETTLE", comment).adding("as", "accepted").adding("in", revision.map { "@\($0)" })
    }

    // MARK: Words

    /// What is about to be done, in a sentence.
    package var summary: Bilingual {
        switch deed {
        case .revision(let replacement):
            // The number comes from the server, so it may be the largest there is.
            let new = "\(topic)@\(base &+ 1)"
            let place = replacement.target
            return settles
                ? Bilingual(
                    "Sửa \(place.text(vietnamese: true)), gửi thành bản \(new), rồi ghi \(comment): tiếp thu.",
                    "Changes \(place.text(vietnamese: false)), sends it as \(new), and settles \(comment) as accepted.")
                : Bilingual(
                    "Sửa \(place.text(vietnamese: true)), gửi thành bản \(new).",
                    "Changes \(place.text(vietnamese: false)) and sends it as \(new).")
        case .settlement(let revision):
            return Bilingual(
                "Văn bản đã có chữ được đề nghị (bản @\(revision)); không gửi bản mới, chỉ ghi \(comment): tiếp thu.",
                "The text reads as suggested already (@\(revision)): nothing is sent, \(comment) is settled as accepted."
            )
        case .nothing:
            return Bilingual(
                "Văn bản đã có chữ được đề nghị và \(comment) đã được tiếp thu: không còn gì phải làm.",
                "The text reads as suggested, and \(comment) is settled: there is nothing left to do.")
        }
    }

    private static func refusal(_ vietnamese: String, _ english: String) -> CommandFailure {
        CommandFailure(
            .refused, SafeText.escape(vietnamese) + " Không thay đổi gì.",
            SafeText.escape(english) + " Nothing changed.")
    }

    private static func brief(_ quote: String) -> Substring {
        quote.count > 60 ? quote.prefix(60) + "…" : quote[...]
    }

    private static func refusal(
        _ problem: ReplacementProblem, _ id: String, _ quote: String, _ target: AnchorTarget
    ) -> CommandFailure {
        let (there, where_) = (target.text(vietnamese: true), target.text(vietnamese: false))
        let words = brief(quote)
        return switch problem {
        case .placeGone:
            refusal("Không còn \(there) mà \(id) góp ý.", "What \(id) is about is gone: \(where_).")
        case .noWords:
            refusal(
                "\(id) góp ý về \(there) mà không trích chữ nào, nên không biết sửa chỗ nào.",
                "\(id) is about \(where_) and quotes no words, so what to change is not said.")
        case .quoteGone:
            refusal(
                "Không còn chữ “\(words)” mà \(id) trích ở \(there).",
                "The words “\(words)” that \(id) quotes are no longer in \(where_).")
        case .quoteRepeated(let count):
            refusal(
                "Chữ “\(words)” mà \(id) trích có \(count) chỗ ở \(there), không biết sửa chỗ nào.",
                "The words “\(words)” that \(id) quotes occur \(count) times in \(where_): which ones is not said.")
        case .alreadyThere:
            refusal(
                "Bản được góp ý đã có đúng chữ mà \(id) đề nghị.",
                "The revision that \(id) was made on reads as it suggests already.")
        case .headingsChanged:
            refusal(
                "Đề nghị của \(id) làm thay đổi các đề mục.", "What \(id) suggests would change the headings.")
        case .text(let problem):
            refusal(
                "Không ghép được đề nghị của \(id) vào văn bản: \(problem.text(vietnamese: true)).",
                "What \(id) suggests does not fit into the text: \(problem.text(vietnamese: false)).")
        }
    }
}
