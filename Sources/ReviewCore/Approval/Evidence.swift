public import ReviewDigest

/// What an approval is asked for on: the octets that a signature covers, and what they say.
public struct ApprovalManifest: Sendable, Equatable {
    /// The revision.
    let revision: RevisionID
    /// The topic's last event when it was written.
    let lastEvent: Int64
    /// The text; its octets are what is signed.
    public let text: String
}

extension State {
    /// The text that MANIFEST gives, and over which APPROVE may bring a signature.
    ///
    /// It stays the same until something happens to the topic, its plan or the people it names.
    ///
    /// - Parameters:
    ///   - topic: with its details in memory.
    ///   - epoch: the log's name.
    public func approvalManifest(
        of topic: Topic, _ revision: Revision, epoch: String, now: Instant
    ) -> ApprovalManifest {
        var lines = ["phanbien-manifest 1"] + Papers.manifest(of: topic, revision, in: self, now: now)
        lines.append("log \(epoch) \(topic.lastEvent)")
        return ApprovalManifest(
            revision: RevisionID(topic.id, revision.number), lastEvent: topic.lastEvent,
            text: lines.joined(separator: "\n") + "\n")
    }
}

/// That a person signed an approval: only a check of the signature can make one, and the log that it was stored in.
public struct Evidence: Sendable, Equatable {
    /// The detached signature (CMS, RFC 5652) as a PEM text, without the remarks that may have stood around it.
    public let signature: Body
    /// The octets that it covers.
    public let manifest: Body
    /// SHA-256 of the signer's certificate, DER.
    public let certificate: Digest
    /// The certificate of the authority that issued it, PEM.
    public let authority: Body
    /// What the manifest was written for; nil once it is part of an approval.
    private(set) var scope: Scope?

    /// What a manifest was written for.
    struct Scope: Sendable, Equatable {
        let revision: RevisionID
        let lastEvent: Int64
    }

    /// What the log holds.
    init(signature: Body, manifest: Body, certificate: Digest, authority: Body) {
        self.signature = signature
        self.manifest = manifest
        self.certificate = certificate
        self.authority = authority
        scope = nil
    }

    fileprivate init(
        signature: String, over manifest: ApprovalManifest, by certificate: Digest, authority: String
    ) {
        self.signature = Body(signature)
        self.manifest = Body(manifest.text)
        self.certificate = certificate
        self.authority = Body(authority)
        scope = Scope(revision: manifest.revision, lastEvent: manifest.lastEvent)
    }
}

/// Checks signatures, by means that the domain does not know.
public struct SignatureCheck: Sendable {
    /// What a check finds.
    public enum Finding: Sendable, Equatable {
        /// The signature is right: the signer's certificate (SHA-256 of its DER), the authority that issued it, and the
        /// signature alone (both PEM).
        case signer(certificate: Digest, authority: String, signature: String)
        /// It is no detached signature of one person.
        case unreadable
        /// It covers other octets.
        case otherContent
        /// No authority of this server has issued the signer's certificate, or it is not valid now.
        case untrusted
    }

    private let check: @Sendable (_ signature: [UInt8], _ content: [UInt8], Instant) -> Finding

    /// Takes the act of checking.
    public init(_ check: @escaping @Sendable (_ signature: [UInt8], _ content: [UInt8], Instant) -> Finding) {
        self.check = check
    }

    /// Makes evidence of a signature over a manifest.
    ///
    /// - Throws: `conflict` when it covers other octets; `invalid` for whatever else is wrong with it.
    public func evidence(
        _ signature: [UInt8], over manifest: ApprovalManifest, now: Instant
    ) throws(Refusal) -> Evidence {
        switch check(signature, Array(manifest.text.utf8), now) {
        case .signer(let certificate, let authority, let text):
            return Evidence(signature: text, over: manifest, by: certificate, authority: authority)
        case .unreadable: throw Self.unreadable
        case .otherContent: throw Evidence.outdated
        case .untrusted:
            throw Refusal(
                .invalid,
                Wording(
                    "Chứng thư của chữ ký số không do máy chủ này cấp, hoặc không còn hạn; hãy ký bằng chứng thư của bạn (CERT LIST).",
                    "The signature's certificate was not issued by this server, or is not valid now; sign with one of yours (CERT LIST)."
                ), details: [Detail("argument", "body")])
        }
    }

    private static var unreadable: Refusal {
        Refusal(
            .invalid,
            Wording(
                "Nội dung kèm APPROVE không phải chữ ký số CMS tách rời (PEM) của một người, ví dụ: openssl cms -sign -binary -outform PEM.",
                "The body of APPROVE is no detached CMS signature (PEM) of one person, such as openssl cms -sign -binary -outform PEM makes."
            ), details: [Detail("argument", "body")])
    }
}

extension Evidence {
    fileprivate static var outdated: Refusal {
        Refusal(
            .conflict,
            Wording(
                "Chữ ký số không phải trên bản kê hiện tại: hãy lấy lại MANIFEST, đọc, rồi ký đúng từng byte của nó.",
                "The signature is not over the present manifest: take MANIFEST again, read it, and sign exactly its octets."
            ))
    }

    /// What is kept of it with a person's approval of a revision at this moment.
    ///
    /// - Throws: `conflict` when the manifest is not the present one; `invalid` when the certificate is not theirs.
    func judged(
        for topic: Topic, _ revision: Int, by person: PersonID, in state: State, now: Instant
    ) throws(Refusal) -> Evidence {
        guard scope == Scope(revision: RevisionID(topic.id, revision), lastEvent: topic.lastEvent) else {
            throw Self.outdated
        }
        guard let known = state.certificates[certificate], known.person == person, known.isValid(at: now) else {
            throw Refusal(
                .invalid,
                Wording(
                    "Chữ ký số bằng chứng thư không phải của bạn, hoặc đã bị xóa; xem CERT LIST.",
                    "The signature is by a certificate that is not yours, or was deleted; see CERT LIST."),
                details: [Detail("argument", "body"), Detail("sha256", certificate.description)])
        }
        var kept = self
        kept.scope = nil
        return kept
    }
}
