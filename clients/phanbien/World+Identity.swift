import Glibc
import PhanbienCommands
import ReviewClient
import ReviewProtocol
import ReviewSignatures
import Terminal

/// The person's certificate on this machine: opened once in the program's life, and what stands against it told once.
extension World {
    /// How often a passphrase is asked for.
    private static let passphraseTries = 3
    /// How long before its end a certificate is spoken of: long enough to meet the administrator.
    private static let noticeDays = 30

    /// What became of the certificate.
    enum Opening {
        case absent
        case unusable(Bilingual)
        case opened(Identity)

        var identity: Identity? { if case .opened(let identity) = self { identity } else { nil } }
    }

    /// The certificate that connections present; nil where there is none, or none that can be used.
    func identity(of profile: Profile) throws(CommandFailure) -> Identity? {
        if let opening { return opening.identity }
        let opened = try open(profile)
        opening = opened
        return opened.identity
    }

    func signer() throws(CommandFailure) -> Signer {
        let link = try connection()
        switch opening {
        case .opened where link.isCertificateRefused: return .unusable(Signer.refused)
        case .opened(let identity): return identity.signer
        case .unusable(let reason): return .unusable(reason)
        case .absent, nil: return .none
        }
    }

    /// Tells that the server did not take the certificate, and what to do.
    func tellOfCertificate(_ happening: Happening) {
        if case .note(.certificateRefused) = happening { say(CertificateWords.refused) }
    }

    /// Tells a sentence, wrapped to the screen.
    func say(_ sentence: Bilingual) {
        for line in WordWrap.lines(SafeText.escape(screen.text(sentence)), width: screen.width) { tell(line) }
    }

    /// After CERT DELETE: the certificate of this machine goes with its key when it was the one.
    func forgetCertificate(_ reply: Reply) {
        guard reply.status.isOK, reply["dry-run"] == nil, let profile, let file = profile.identity,
            let sha256 = reply["sha256"], Identity.Facts(file.head)?.sha256 == sha256
        else { return }
        profile.forgetIdentity()
        say(
            Bilingual(
                "Đã bỏ chứng thư và khóa riêng trên máy này.",
                "The certificate and its private key were removed from this machine."))
    }

    func sign(_ octets: [UInt8]) throws(CommandFailure) -> [UInt8] {
        guard let identity = opening?.identity else {
            throw CommandFailure(.software, "Không có chứng thư để ký.", "There is no certificate to sign with.")
        }
        do {
            return Array(try identity.key.sign(octets, certificatePEM: identity.certificate).utf8)
        } catch {
            throw CommandFailure(.software, "Không ký được: \(error).", "It could not be signed: \(error).")
        }
    }

    private func open(_ profile: Profile) throws(CommandFailure) -> Opening {
        guard let file = profile.identity else { return .absent }
        // Whoever is logged in anyhow is not asked for a passphrase where there is nothing to sign.
        if file.isLocked, profile.token != nil, !program.invocation.form.conduct.needsCertificate { return .absent }
        guard let facts = Identity.Facts(file.head) else { return unusable(Self.broken(profile)) }
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        guard clock.tv_sec <= facts.ends else {
            let day = facts.until.text
            return unusable(
                Bilingual("chứng thư đã hết hạn ngày \(day)", "the certificate expired on \(day)"),
                CertificateWords.next)
        }
        let days = (facts.ends - clock.tv_sec) / 86_400
        if days < Self.noticeDays {
            say(
                Bilingual(
                    "Chứng thư của \(profile.person) còn hạn \(days) ngày.",
                    "The certificate of \(profile.person) is valid for \(days) more days."))
            say(CertificateWords.next)
        }
        let question = Bilingual(
            "Mật khẩu bảo vệ khóa riêng của \(profile.person) (Enter: không dùng chứng thư): ",
            "Passphrase of \(profile.person)'s private key (Enter: without the certificate): ")
        switch try unlock(file.key, question) {
        case .opened(let key):
            guard let identity = Identity(certificate: file.head, key: key) else {
                return unusable(Self.broken(profile))
            }
            return .opened(identity)
        case .left, .stillLocked:
            return unusable(Bilingual("khóa riêng chưa được mở", "the private key is locked"))
        case .unreadable: return unusable(Self.broken(profile))
        }
    }

    private static func broken(_ profile: Profile) -> Bilingual {
        let path = SafeText.escape(profile.identityPath)
        return Bilingual("không đọc được chứng thư trong \(path)", "the certificate in \(path) cannot be read")
    }

    private func unusable(_ reason: Bilingual, _ next: Bilingual? = nil) -> Opening {
        let words = Bilingual(
            "Không dùng chứng thư: \(reason.vietnamese).", "The certificate is not used: \(reason.english).")
        for sentence in [words, next].compactMap({ $0 }) { say(sentence) }
        return .unusable(reason)
    }

    /// What came of opening a private key.
    enum Unlocking {
        case opened(PersonalKey)
        /// Enter instead of the passphrase.
        case left
        /// Nobody can be asked, or none of what they typed was it.
        case stillLocked
        case unreadable
    }

    /// Opens a private key, with the passphrase that is asked for where it has one; Enter leaves it locked.
    func unlock(_ pem: String, _ question: Bilingual) throws(CommandFailure) -> Unlocking {
        var passphrase: [UInt8]?
        for asked in 0...Self.passphraseTries {
            do throws(SignatureError) {
                return .opened(try PersonalKey(pem: pem, passphrase: passphrase))
            } catch .locked {
                if asked > 0 {
                    say(Bilingual("Sai mật khẩu bảo vệ khóa.", "That is not the passphrase."))
                }
                guard keyboard.canAsk, asked < Self.passphraseTries else { return .stillLocked }
                guard let typed = askSecret(screen.text(question)) else {
                    throw CommandFailure(.interrupted, "Đã thôi.", "Given up.")
                }
                if typed.isEmpty { return .left }
                passphrase = typed
            } catch {
                return .unreadable
            }
        }
        return .stillLocked
    }
}
