import Logging
import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewSignatures
import Synchronization

extension CertificateFolder {
    /// Issues a client certificate with the authority's key, where that lies beside its certificate.
    ///
    /// The key is read each time: who keeps it elsewhere brings it for an hour, and the server need not be started again.
    /// It is valid from the beginning of this day, so that it ends with a day as well.
    func certify(_ request: [UInt8], _ subject: CertificateSubject, now: Instant, logger: Logger) -> Certification {
        let texts: (certificate: String, key: String)
        do throws(Failure) { texts = try readAuthority() } catch {
            logger.warning("certificate.not-issued", metadata: ["problem": "\(error.wording.vietnamese)"])
            return .unavailable
        }
        let parsed: CertificateRequest
        do throws(SignatureError) { parsed = try CertificateRequest(pem: request) } catch {
            return .unsuitable(Self.wording(error))
        }
        let opened: CertificateAuthority
        do throws(Failure) { opened = try openAuthority(texts) } catch {
            logger.error("certificate.not-issued", metadata: ["problem": "\(error.wording.vietnamese)"])
            return .unavailable
        }
        do throws(SignatureError) {
            let text = try opened.issue(
                to: CertificateAuthority.Person(
                    account: subject.person.text, name: subject.name, title: subject.title, office: subject.office),
                for: parsed, notBefore: now.date.startInstant.milliseconds / 1_000)
            guard let digest = Digest(octets: try CertificateAuthority.digest(certificatePEM: text)) else {
                throw .unreadable("digest")
            }
            let from = try CertificateAuthority.notBefore(certificatePEM: text)
            let until = try CertificateAuthority.notAfter(certificatePEM: text)
            return .issued(
                IssuedCertificate(
                    text: text, digest: digest, from: Instant(milliseconds: from * 1_000),
                    until: Instant(milliseconds: until * 1_000)))
        } catch {
            logger.error("certificate.not-issued", metadata: ["problem": "\(Failure(error).wording.vietnamese)"])
            return .unavailable
        }
    }

    /// Why a request gets no certificate, and what would.
    private static func wording(_ error: SignatureError) -> Wording {
        let needed = (
            "khóa EC P-256, P-384 hoặc RSA 2048 đến 4096 bit", "a key on EC P-256 or P-384, or RSA of 2048 to 4096 bits"
        )
        if case .unsuitable = error {
            return Wording(
                "Yêu cầu chứng thư không dùng được: cần \(needed.0), và chữ ký đúng của chính khóa đó",
                "The certificate request cannot be used: \(needed.1) is needed, and that key's own signature")
        }
        return Wording(
            "Nội dung không phải yêu cầu chứng thư dạng PEM (openssl req -new); cần \(needed.0)",
            "The body is no certificate request in PEM (openssl req -new); \(needed.1) is needed")
    }
}

/// The authorities by which the signatures of approvals are checked: those of `ca.pem`, as it was read last.
///
/// They are at hand in memory: the check is part of deciding, which waits for no file.
final class Authorities: Sendable {
    private let text: Mutex<String>

    init(_ folder: CertificateFolder) throws(Failure) { text = Mutex(try folder.authorityText()) }

    func reload(_ folder: CertificateFolder) throws(Failure) {
        let read = try folder.authorityText()
        text.withLock { $0 = read }
    }

    /// What a signature of an approval proves.
    func check(_ signature: [UInt8], _ content: [UInt8], now: Instant) -> SignatureCheck.Finding {
        let authorities = text.withLock { $0 }
        do throws(DetachedSignature.Problem) {
            let signer = try DetachedSignature.signer(
                of: signature, over: content, authorityPEM: authorities, now: now.milliseconds / 1_000)
            guard let digest = Digest(octets: signer.certificateDigest) else { return .unreadable }
            return .signer(
                certificate: digest, authority: signer.authorityPEM, signature: signer.signaturePEM)
        } catch {
            switch error {
            case .unreadable: return .unreadable
            case .notOverThisContent: return .otherContent
            case .untrusted: return .untrusted
            }
        }
    }
}
