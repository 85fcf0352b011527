public import ReviewDigest

/// The dossier (hồ sơ) of an approved topic (domain §10): a folder that a stranger can check years later with common tools
/// and without this software.
///
/// It follows from the topic's events alone: whoever asks gets the same octets, at any time, so a file can be asked for again
/// by its digest. Papers bear the dates on which they belonged to the course of the topic, never that of the moment at which
/// they are asked for; people have the names, offices and positions that they had when they acted.
public struct Dossier: Sendable {
    /// A line of the log as it is stored, and its place.
    public struct Record: Sendable {
        let sequence: Int64
        let line: String

        /// Makes a record.
        public init(sequence: Int64, line: String) {
            self.sequence = sequence
            self.line = line
        }
    }

    /// The server's signature over the manifest.
    public struct Seal: Sendable {
        let key: String
        let sign: @Sendable (String) -> String?

        /// Makes a seal.
        ///
        /// - Parameters:
        ///   - key: the public key, as a PEM file.
        ///   - sign: signs a text, and gives the signature in base 64; always the same of the same text.
        public init(key: String, sign: @escaping @Sendable (String) -> String?) {
            self.key = key
            self.sign = sign
        }
    }

    /// A file of it.
    public struct File: Sendable {
        /// Its name: ASCII letters, digits, "-" and ".".
        public let name: String
        /// What it is, for people.
        public let wording: Wording
        /// What it holds.
        public let content: Content
        /// SHA-256 of its octets.
        public let digest: Digest

        /// How many octets it has.
        public var octets: Int {
            switch content {
            case .text(let text): text.utf8.count
            case .original(let original): original.octets
            }
        }

        /// What a file holds.
        public enum Content: Sendable {
            /// A text.
            case text(String)
            /// A Word file, whose octets are only in the log.
            case original(OriginalFile)
        }

        fileprivate init(_ name: String, _ wording: Wording, text: String, digest: Digest? = nil) {
            self.name = name
            self.wording = wording
            self.content = .text(text)
            self.digest = digest ?? Digest(hashing: text)
        }

        fileprivate init(_ name: String, _ wording: Wording, _ original: OriginalFile) {
            self.name = name
            self.wording = wording
            self.content = .original(original)
            self.digest = original.digest
        }
    }

    fileprivate struct Entry: Sendable {
        enum Content: Sendable {
            case guide
            case key(String)
            case revision(Revision)
            case original(OriginalFile)
            case paper(Papers.Form, Papers.Arguments)
            case review(Review)
            case minutes(Plenary)
            case log
            case evidence(Body)
        }

        let name: String
        let content: Content
        let wording: Wording
    }

    private let state: State
    private let topic: Topic
    private let approved: Revision
    private let reader: Person
    private let epoch: String
    private let records: [Record]
    private let seal: Seal?

    /// - Parameters:
    ///   - topic: with its details in memory.
    ///   - records: all lines of the log that are about the topic, in order.
    ///   - epoch: the log's name.
    ///   - seal: nil for a server without a key: then nothing is signed.
    ///   - reader: who asks; has to be allowed to read the topic's text.
    /// - Throws: `stage` before the approval.
    public init(
        of topic: Topic, records: [Record], epoch: String, sealed seal: Seal?, in state: State, for reader: Person
    ) throws(Refusal) {
        approved = try Self.approved(of: topic)
        self.topic = topic
        self.records = records
        self.epoch = epoch
        self.seal = seal
        self.state = state
        self.reader = reader
    }

    /// The revision whose dossier it is.
    ///
    /// - Throws: `stage` before the approval.
    @discardableResult
    public static func approved(of topic: Topic) throws(Refusal) -> Revision {
        guard topic.stage.isApproved, let approval = topic.approval, let revision = topic.revision(approval.revision)
        else {
            throw Refusal(
                .stage,
                Wording(
                    "Chuyên đề \(topic.id) chưa được phê duyệt nên chưa có hồ sơ; còn thiếu gì: CHECK \(topic.id).",
                    "Topic \(topic.id) is not approved, so it has no dossier yet; CHECK \(topic.id) says what is missing."
                ),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        return revision
    }

    /// Every file, the manifest first, and behind it its signature.
    ///
    /// - Throws: what the papers throw.
    public func files() throws(Refusal) -> [File] {
        var files: [File] = []
        for entry in entries { files.append(try file(entry)) }
        return sealed(files) + files
    }

    /// The file with a digest; nil when there is none.
    ///
    /// What costs most is made last, and only if need be.
    ///
    /// - Throws: what the papers throw.
    public func file(_ digest: Digest) throws(Refusal) -> File? {
        var files: [File] = []
        for entry in entries {
            let file = try file(entry)
            if file.digest == digest { return file }
            files.append(file)
        }
        return sealed(files).first { $0.digest == digest }
    }

    // MARK: What it holds

    /// What is removed from the log is named in the manifest and has no file.
    private var entries: [Entry] {
        var entries = [
            Entry("HUONG-DAN.txt", .guide, "Cách kiểm tra hồ sơ", "How to check the dossier")
        ]
        if let seal {
            entries.append(
                Entry("khoa-may-chu.pem", .key(seal.key), "Khóa công khai của máy chủ", "The server's public key"))
        }
        if state.notice(of: approved) == nil {
            entries.append(
                Entry(
                    "van-ban.txt", .revision(approved), "Văn bản được phê duyệt (dự thảo lần \(approved.number))",
                    "The approved text (revision \(approved.number))"))
        }
        for revision in topic.revisions where revision.number != approved.number && state.notice(of: revision) == nil {
            entries.append(
                Entry(
                    "du-thao-\(revision.number).txt", .revision(revision), "Dự thảo lần \(revision.number)",
                    "Revision \(revision.number)"))
        }
        for revision in topic.revisions {
            guard let original = revision.keptOriginal else { continue }
            entries.append(
                Entry(
                    name: Self.name(ofOriginal: revision, isApproved: revision.number == approved.number),
                    content: .original(original),
                    wording: Wording(
                        "Tệp Word gốc của dự thảo lần \(revision.number): \(original.name)",
                        "The original file of revision \(revision.number): \(original.name)")))
        }
        if let evidence = topic.approval?.evidence {
            entries += [
                Entry(
                    "ban-ke-phe-duyet.txt", .evidence(evidence.manifest), "Bản kê mà người phê duyệt đã ký số",
                    "The manifest that the approver signed"),
                Entry(
                    "chu-ky-phe-duyet.pem", .evidence(evidence.signature), "Chữ ký số của người phê duyệt (CMS)",
                    "The approver's signature (CMS)"),
                Entry(
                    "ca.pem", .evidence(evidence.authority), "Chứng thư gốc (CA) của cơ quan",
                    "The certificate of the office's authority"),
            ]
        }
        entries.append(Entry("chuyen-de.txt", .paper(.topic), "Chuyên đề, theo thể thức", "The topic paper, laid out"))
        for review in topic.reviews {
            entries.append(
                Entry(
                    "phieu-\(review.id).txt", .review(review), "Phiếu nhận xét, phản biện \(review.id)",
                    "Review \(review.id)"))
        }
        if topic.plenary != nil {
            entries.append(
                Entry("bien-ban.txt", .paper(.minutes), "Biên bản sinh hoạt chuyên đề", "Minutes of the plenary"))
        }
        for (place, plenary) in topic.earlierPlenaries.enumerated() {
            entries.append(
                Entry(
                    "bien-ban-\(place + 1).txt", .minutes(plenary),
                    "Biên bản buổi sinh hoạt lần \(place + 1), trước khi họp lại",
                    "Minutes of plenary \(place + 1), which was held before"))
        }
        entries += [
            Entry(
                "bang-tiep-thu-giai-trinh.txt", .paper(.commentTable),
                "Bảng tổng hợp ý kiến, tiếp thu, giải trình", "Comments and what became of them"),
            Entry("to-trinh.txt", .paper(.submission), "Tờ trình phê duyệt", "The proposal to approve"),
            Entry("nhat-ky.txt", .log, "Nhật ký: các sự kiện của chuyên đề", "The topic's events"),
        ]
        if approved.number > 1 {
            entries.append(
                Entry(
                    "ban-so-sanh.txt", .paper(.comparison, Papers.Arguments(from: 1, to: approved.number)),
                    "Bản so sánh dự thảo lần 1 với văn bản được phê duyệt",
                    "The first revision compared with the approved one"))
        }
        return entries
    }

    private func file(_ entry: Entry) throws(Refusal) -> File {
        // The digest of a draft is known.
        switch entry.content {
        case .revision(let revision):
            File(entry.name, entry.wording, text: revision.document.text, digest: revision.digest)
        case .original(let original): File(entry.name, entry.wording, original)
        case .guide: File(entry.name, entry.wording, text: guide)
        case .key(let key): File(entry.name, entry.wording, text: key)
        case .paper(let form, let arguments):
            File(
                entry.name, entry.wording,
                text: try Papers.form(
                    named: form.rawValue, topic: topic, arguments, in: state, for: reader.id, now: proposed))
        case .review(let review):
            File(
                entry.name, entry.wording, text: PaperText(FiledReview(review, of: topic, in: state).sheet).text)
        case .minutes(let plenary):
            File(entry.name, entry.wording, text: PaperText(Minutes(plenary, of: topic, in: state).sheet).text)
        case .evidence(let body): File(entry.name, entry.wording, text: body.shown)
        case .log: File(entry.name, entry.wording, text: records.map { $0.line + "\n" }.joined())
        }
    }

    /// The name of an original file in the dossier.
    ///
    /// Its own may have letters that not every file system takes.
    public static func name(ofOriginal revision: Revision, isApproved: Bool) -> String {
        (isApproved ? "van-ban-goc" : "du-thao-\(revision.number)-goc") + OriginalFile.suffix
    }

    /// When the text was submitted for approval: the date of the proposal and of what goes with it.
    private var proposed: Instant {
        topic.passages.last { $0.to == .approval }?.time ?? topic.stageSince
    }

    // MARK: The manifest

    /// The manifest with its signature.
    private func sealed(_ files: [File]) -> [File] {
        let text = manifest(of: files)
        let manifest = File(
            "manifest.txt", Wording("Bản kê: mã SHA-256 của từng tệp", "The manifest: SHA-256 of every file"),
            text: text)
        guard let signature = seal?.sign(text) else { return [manifest] }
        let wording = Wording("Chữ ký của máy chủ trên bản kê", "The server's signature over the manifest")
        return [manifest, File("manifest.sig.txt", wording, text: signature + "\n")]
    }

    /// Its last lines are what `sha256sum -c` reads: 64 hexadecimal digits, two blanks, the name.
    private func manifest(of files: [File]) -> String {
        var lines = ["phanbien-dossier 1"] + Papers.manifest(of: topic, approved, in: state, now: proposed)
        lines.append("log \(epoch) \(records.last?.sequence ?? 0)")
        for revision in topic.revisions where state.notice(of: revision) != nil {
            let document = state.redactions[revision.digest]?.document ?? ""
            lines.append("redacted \(topic.id)@\(revision.number) \(revision.digest) \(document)")
        }
        for revision in topic.revisions {
            guard let original = revision.original, let redaction = original.redaction else { continue }
            lines.append("redacted-original \(topic.id)@\(revision.number) \(original.digest) \(redaction.document)")
        }
        lines += files.map { "\($0.digest)  \($0.name)" }
        return lines.map { $0 + "\n" }.joined()
    }

    private var guide: String {
        """
        HỒ SƠ CHUYÊN ĐỀ \(topic.id.code): kiểm tra bằng công cụ có sẵn, không cần phần mềm phanbien
        1. Linux, macOS: mở cửa sổ lệnh tại thư mục này, gõ: sha256sum -c manifest.txt (macOS: shasum -a 256 -c manifest.txt); mọi tệp phải OK, cảnh báo về dòng không phải mã băm thì bỏ qua.
        2. Windows: gõ certutil -hashfile chuyen-de.txt SHA256 (tương tự với tệp khác), so với dòng có tên tệp đó ở cuối manifest.txt.
        3. \(textRule)
        4. nhat-ky.txt ghi từng việc theo thứ tự (số, thời điểm, việc, người, phòng); mã sau "sha256:" là mã của văn bản, ý kiến hoặc phiếu được gửi lúc đó.
        5. \(lastRule)

        """
    }
}

extension Dossier {
    fileprivate var textRule: String {
        var text =
            state.notice(of: approved) == nil
            ? "Văn bản được phê duyệt là van-ban.txt: mã SHA-256 của nó phải trùng với mã ở dòng \"approval\" của manifest.txt; sai một byte là mã khác hẳn."
            : "Văn bản được phê duyệt đã được xóa theo văn bản ghi ở dòng \"redacted\" của manifest.txt; mã SHA-256 của nó còn ở dòng \"approval\"."
        if approved.keptOriginal != nil {
            text +=
                " van-ban-goc.docx là tệp Word mà người soạn thảo gửi kèm, để tham khảo: bản được phê duyệt là van-ban.txt."
        }
        guard let approval = topic.approval, approval.evidence != nil else { return text }
        // The certificate had to be valid when it was signed, not when somebody checks it years later; and of the authorities
        // that the machine knows none counts.
        return text
            + " Người phê duyệt đã ký số bằng chứng thư của cơ quan (không phải chữ ký số chuyên dùng công vụ): gõ openssl cms -verify -binary -inform PEM -in chu-ky-phe-duyet.pem -content ban-ke-phe-duyet.txt -CAfile ca.pem -no-CApath -no-CAstore -partial_chain -attime \(approval.time.milliseconds / 1_000) -signer nguoi-ky.pem (phải successful, dòng \"sha256\" in ra là mã của van-ban.txt), rồi openssl x509 -in nguoi-ky.pem -noout -fingerprint -sha256 (phải trùng dòng \"signed\" của manifest.txt); so ca.pem với vân tay CA đã biết."
    }

    fileprivate var lastRule: String {
        guard seal != nil else {
            return
                "Các tệp khác lập từ nhật ký ấy; ai giữ nhật ký máy chủ có thể in lại hồ sơ này và so mã SHA-256 của manifest.txt (cùng phiên bản phần mềm thì giống từng byte, kể cả khi họ tên, chức vụ, phòng của ai đó đã đổi; chỉ khác nếu sau đó chuyên đề được ban hành hoặc có nội dung bị xóa)."
        }
        return
            "Chữ ký máy chủ (cần OpenSSL 3): gõ base64 -d manifest.sig.txt > manifest.sig; openssl pkeyutl -verify -pubin -inkey khoa-may-chu.pem -rawin -in manifest.txt -sigfile manifest.sig (phải đúng; so khóa với khóa máy chủ đã biết)."
    }
}

extension Dossier.Entry {
    fileprivate init(_ name: String, _ content: Content, _ vietnamese: String, _ english: String) {
        self.init(name: name, content: content, wording: Wording(vietnamese, english))
    }
}

extension Dossier.Entry.Content {
    fileprivate static func paper(_ form: Papers.Form) -> Self { .paper(form, Papers.Arguments()) }
}
