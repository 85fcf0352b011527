import ReviewDigest
package import ReviewProtocol

/// The Word file that a text was read from, on its way to be kept beside the revision: whoever looks later finds there what
/// the text does not hold.
public struct WordFile: Sendable, Equatable {
    /// Its own name, safe in every folder.
    public let name: String
    /// What it holds.
    public let octets: [UInt8]
    /// Whether it brings programs with it: such a file is nothing to hand on.
    let hasMacros: Bool

    /// A file as it lay at a path.
    package init(_ octets: [UInt8], at path: String, hasMacros: Bool = false) {
        name = FileName.ofWord(path, otherwise: "du-thao")
        self.octets = octets
        self.hasMacros = hasMacros || [".docm", ".dotm"].contains(path.suffix(5).lowercased())
    }

    /// The file that a request carries, as `request(for:)` makes one; nil for any other.
    package init?(_ request: Request, named name: String) {
        guard request.verb == "ATTACH", let octets = request.body?.octets.flatMap({ Base64.decode($0) }) else {
            return nil
        }
        self.init(octets, at: name)
    }

    /// What becomes of it when its text is sent.
    package enum Fate: Sendable, Equatable {
        case goesAlong
        /// The person wants the text alone to go.
        case leftOut
        case hasMacros
        /// The server takes files of at most so many octets.
        case tooLarge(Int)
    }

    /// What becomes of it on a server that takes bodies of at most so many octets.
    package func fate(largestBody: Int) -> Fate {
        if hasMacros { return .hasMacros }
        // Base 64 makes four letters of three octets.
        let most = largestBody / 4 * 3
        return octets.count <= most ? .goesAlong : .tooLarge(most)
    }

    /// The request that keeps it with a revision.
    package func request(for revision: String) -> Request {
        var request = Request.of("ATTACH", revision).adding("name", name)
        request.body = .literal(Array(Base64.encode(octets).utf8))
        return request
    }

    /// Its digest, as the server tells it.
    var digest: String { Digest(hashing: octets).description }

    // MARK: Words

    /// What becomes of it, for whoever is about to send the text.
    ///
    /// - Parameter way: how it is left out.
    package func words(_ fate: Fate, leftOutBy way: Bilingual) -> Bilingual {
        let size = FileSize.words(octets.count)
        switch fate {
        case .goesAlong:
            return Bilingual(
                "Tệp Word gốc (\(size)) được lưu kèm nguyên vẹn, kể cả phần theo dõi sửa đổi (Track Changes), ghi chú bên lề và tên người soạn; ai được đọc bản này đều tải về được. \(way.vietnamese)",
                "The Word file itself (\(size)) is kept with it, as you have it: with its tracked changes, remarks and authors' names; whoever may read the revision can get it. \(way.english)"
            )
        case .leftOut:
            return Bilingual(
                "Chỉ gửi văn bản; tệp Word gốc không lưu kèm: hãy giữ tệp ở phòng.",
                "Only the text is sent; the Word file is not kept with it: keep it at the office.")
        case .hasMacros, .tooLarge:
            let reason = reason(fate)
            return Bilingual(
                "Chỉ gửi văn bản. \(reason.vietnamese)", "Only the text is sent. \(reason.english)")
        }
    }

    /// Why it is not kept, and what to do.
    func reason(_ fate: Fate) -> Bilingual {
        switch fate {
        case .goesAlong, .leftOut: return Bilingual(both: "")
        case .hasMacros:
            return Bilingual(
                "Tệp có macro (.docm) không được lưu kèm. Muốn lưu kèm thì mở bằng Word, lưu thành .docx rồi gửi tệp ấy.",
                "A file with macros (.docm) is not kept. To have it kept, save it as .docx in Word and send that file.")
        case .tooLarge(let most):
            let (size, limit) = (FileSize.words(octets.count), FileSize.words(most))
            return Bilingual(
                "Tệp Word gốc (\(size)) lớn hơn mức máy chủ nhận (\(limit)): hãy giữ tệp ở phòng.",
                "The Word file (\(size)) is larger than the server takes (\(limit)): keep it at the office.")
        }
    }

    /// That it is kept.
    var kept: Bilingual {
        let words = "\(name) (\(FileSize.words(octets.count)))"
        return Bilingual("Đã lưu kèm tệp Word gốc: \(words)", "The Word file is kept with it: \(words)")
    }

    /// What to do where the text is there and its file is not.
    package enum Remedy: Sendable, Equatable {
        /// Nothing speaks against the same file a second time.
        case sendAgain
        case keepAtOffice
        /// The server knows of no such files.
        case olderServer

        /// What to do about a refusal.
        package init(_ refusal: Status) {
            switch refusal.outcome {
            case .bad(BadCode.unknownVerb.rawValue): self = .olderServer
            case .no(let code) where code == NoCode.keyReused.rawValue || NoCode(rawValue: code)?.retry == .later:
                self = .sendAgain
            case .ok, .no, .bad: self = .keepAtOffice
            }
        }
    }

    /// That the server knows of no such files.
    static let olderServer = Bilingual(
        "Máy chủ này thuộc phiên bản cũ, chưa nhận tệp Word: hãy giữ tệp ở phòng.",
        "This server is of an earlier release and takes no Word files: keep it at the office.")

    /// That the text is there and its file is not, and what to do.
    package static func notKept(with revision: String, _ remedy: Remedy) -> Bilingual {
        let half = Bilingual(
            "Văn bản đã gửi xong (bản \(revision)) nhưng CHƯA lưu được tệp Word gốc.",
            "The text is there (\(revision)), but its Word file is NOT kept.")
        let rest =
            switch remedy {
            case .sendAgain:
                Bilingual(
                    "Để lưu, gõ lệnh: phanbien attach \(revision) TỆP",
                    "To have it kept, type: phanbien attach \(revision) FILE")
            case .keepAtOffice: Bilingual("Hãy giữ tệp ở phòng.", "Keep it at the office.")
            case .olderServer: olderServer
            }
        return Bilingual("\(half.vietnamese) \(rest.vietnamese)", "\(half.english) \(rest.english)")
    }
}
