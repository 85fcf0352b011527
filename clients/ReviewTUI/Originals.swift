import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol

/// The Word files that are kept with revisions: on their way to the server, and back to this machine.
extension Model {
    /// That a text is there and its file is not.
    ///
    /// - Parameter refusal: nil where the server keeps another file.
    mutating func tellNotKept(_ revision: String, _ refusal: Reply?) {
        let remedy = refusal.map { WordFile.Remedy($0.status) } ?? .keepAtOffice
        let words = WordFile.notKept(with: revision, remedy).text(language)
        // That an earlier server does not know the words is no reason that anybody could do something about.
        let reason = refusal.map { remedy == .olderServer ? "" : " " + sentence(of: $0) } ?? ""
        tell(.trouble, words + reason)
    }

    /// What is known of a topic came: the file of the revision is fetched.
    mutating func take(details reply: Reply, forOriginalOf object: String) {
        let parts = object.split(separator: "@")
        let number = parts.count > 1 ? Int(parts[1]) : nil
        do throws(CommandFailure) {
            let download = try OriginalDownload(reply, of: parts.first.map(String.init) ?? object, number)
            askOnce(download.request, for: .original(download))
        } catch {
            tell(error)
        }
    }

    /// The file came.
    mutating func take(_ reply: Reply, as download: OriginalDownload) {
        do throws(CommandFailure) {
            effects.append(.save(name: download.name, octets: try download.file(reply)))
        } catch {
            tell(error)
        }
    }

    /// What was fetched by its digest is no text, so it is saved and not shown.
    mutating func saveFetched(_ reply: Reply) {
        do throws(CommandFailure) { take(reply, as: try OriginalDownload(fetched: reply)) } catch { tell(error) }
    }
}

extension PendingWrite {
    /// Whether the answer is about the file that was sent.
    func isKept(by reply: Reply) -> Bool {
        guard let octets = request.body?.octets.flatMap({ Base64.decode($0) }) else { return false }
        return reply["sha256"]?.lowercased() == Digest(hashing: octets).description
    }
}
