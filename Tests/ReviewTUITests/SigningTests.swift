import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// An approval that is signed: the manifest is read, held against the text on the page, signed, and sent.
struct SigningTests {
    private static let name = "2025-2@2"
    private static let certificate = Signer.certificate(
        sha256: "3f9a2c11d0e84b57", until: CalendarDay("2028-11-29") ?? CalendarDay(number: 0))

    /// The page with four digits typed; `digest` is that of the text on it.
    private func page(_ signer: Signer = certificate) throws -> (model: Model, digest: String) {
        let story = try Story()
        try story.advance(to: .approval)
        story.bich.open(2).press(.character("A"), Key(.down), Key(.enter), Key(.end))
        var model = story.bich.model
        model.signer = signer
        let digest = try #require(model.library.texts[Self.name]?.digest)
        _ = model.update(.keys(digest.prefix(4).map { .character($0) }))
        return (model, digest)
    }

    private func manifest(_ digest: String, _ last: Int = 9) -> [UInt8] {
        Array("phanbien-manifest 1\nrevision \(Self.name)\nsha256 \(digest)\nlog 01J8TEST \(last)\n".utf8)
    }

    private func sent(_ verb: String, _ effects: [ReviewTUI.Effect]) -> (RequestIdentifier, Request)? {
        effects.lazy.compactMap { effect in
            if case .send(let identifier, let request) = effect, request.verb == verb {
                (identifier, request)
            } else {
                nil
            }
        }.first
    }

    /// The reply of a manifest; what is to be signed then.
    private func answer(_ manifest: [UInt8], to identifier: RequestIdentifier, _ model: inout Model) -> [UInt8]? {
        let effects = model.update(.reply(identifier, Reply([.literal(manifest)], status: Status(.ok))))
        return effects.lazy.compactMap { effect in
            if case .sign(Self.name, let octets) = effect { octets } else { nil }
        }.first
    }

    @Test func theManifestOfTheTextOnThePageIsSignedAndSent() throws {
        var (model, digest) = try page()
        let (asked, request) = try #require(sent("MANIFEST", model.update(.keys([Key(.enter)]))))
        #expect(request.words == [Self.name])
        // Enter once more changes nothing while it is being signed.
        #expect(sent("MANIFEST", model.update(.keys([Key(.enter)]))) == nil)
        #expect(answer(manifest(digest), to: asked, &model) == manifest(digest))
        let effects = model.update(.signed(Self.name, .by([1, 2, 3])))
        let (identifier, approval) = try #require(sent("APPROVE", effects))
        #expect(approval.body == .literal([1, 2, 3]))
        #expect(approval.value("sha256") == digest)
        _ = model.update(
            .reply(identifier, Reply(status: Status(.ok, pairs: [Pair("signed", "yes")], human: "Đã phê duyệt."))))
        #expect(model.notice?.text.contains("Đã ký số bằng chứng thư 3f9a2c11d0e84b57") == true)
    }

    @Test func anotherManifestIsNotSigned() throws {
        var (model, digest) = try page()
        let (asked, _) = try #require(sent("MANIFEST", model.update(.keys([Key(.enter)]))))
        #expect(answer(manifest(String(digest.reversed())), to: asked, &model) == nil)
        #expect(model.notice?.kind == .trouble)
        // It can be tried again.
        #expect(sent("MANIFEST", model.update(.keys([Key(.enter)]))) != nil)
    }

    @Test func aChangedManifestIsSignedOnceMoreAndNotTwice() throws {
        var (model, digest) = try page()
        var question = try #require(sent("MANIFEST", model.update(.keys([Key(.enter)]))))
        let conflict = Reply(status: Status(.no(.conflict), human: "Bản kê đã đổi."))
        for last in [9, 10] {
            #expect(answer(manifest(digest, last), to: question.0, &model) == manifest(digest, last))
            let approval = try #require(
                sent("APPROVE", model.update(.signed(Self.name, .by([UInt8(last)])))), "\(last)")
            #expect(approval.1.body == .literal([UInt8(last)]))
            let effects = model.update(.reply(approval.0, conflict))
            if last == 9 {
                question = try #require(sent("MANIFEST", effects))
            } else {
                #expect(sent("MANIFEST", effects) == nil)
            }
        }
        #expect(model.notice?.text.contains("Bản kê đã đổi") == true)
    }

    @Test func whoLeavesThePageBeforeItIsSignedHasNotApproved() throws {
        var (model, digest) = try page()
        let (asked, _) = try #require(sent("MANIFEST", model.update(.keys([Key(.enter)]))))
        _ = model.update(.keys([Key(.escape)]))
        #expect(answer(manifest(digest), to: asked, &model) == nil)
        #expect(model.notice?.text.contains("CHƯA phê duyệt") == true)
        #expect(model.outbox.isEmpty)
    }

    @Test func withoutAConnectionNothingIsKeptToBeSigned() throws {
        var (model, _) = try page()
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 250))))
        #expect(sent("MANIFEST", model.update(.keys([Key(.enter)]))) == nil)
        #expect(model.outbox.isEmpty)
        #expect(model.notice?.text.contains("phê duyệt có ký số cần máy chủ") == true)
    }

    @Test func whatCannotBeSignedIsNotApproved() throws {
        var (model, digest) = try page()
        let (asked, _) = try #require(sent("MANIFEST", model.update(.keys([Key(.enter)]))))
        _ = answer(manifest(digest), to: asked, &model)
        let effects = model.update(.signed(Self.name, .failed(Bilingual("Hỏng.", "Broken."))))
        #expect(sent("APPROVE", effects) == nil)
        #expect(model.notice?.text.contains("Hỏng.") == true)
    }

    /// The page says so, and the approval goes out as it did before there were certificates.
    @Test func aLockedKeySignsNothing() throws {
        var (model, _) = try page(.unusable(Bilingual("khóa riêng chưa được mở", "the private key is locked")))
        let grid = model.frame().grid
        let lines = (0..<grid.size.rows).map { grid.text(row: $0) }
        #expect(lines.contains { $0.contains("Không ký số: khóa riêng chưa được mở.") }, "\(lines)")
        let effects = model.update(.keys([Key(.enter)]))
        #expect(sent("MANIFEST", effects) == nil)
        #expect(sent("APPROVE", effects)?.1.body == nil && sent("APPROVE", effects) != nil)
    }

    @Test func aCertificateThatTheServerRefusedSignsNothingMore() throws {
        var (model, _) = try page()
        _ = model.update(.heard(.note(.certificateRefused)))
        #expect(!model.signer.isReady)
        #expect(model.notice?.text.contains("không nhận chứng thư") == true)
    }
}
