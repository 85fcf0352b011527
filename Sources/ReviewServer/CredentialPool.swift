import NIOCore
import NIOPosix
import ReviewCore
import ReviewEngine
import ReviewSignatures

/// Does the work that passwords and certificates cost, away from the event loops: a hash takes about 0.3 s (architecture
/// §4), and the authority's key is read from its file.
///
/// Used from the engine's loop only. The engine lets few passwords through at a time; certificates it does not count, so the
/// queue is bounded here, and what is too much is answered BUSY.
final class CredentialPool {
    /// Requests that may be under way or waiting, the pool's two threads included.
    static let capacity = 2 + 32

    private let threads: NIOThreadPool
    private let loop: any EventLoop
    private let cost: ScryptCost
    private let certify: @Sendable ([UInt8], CertificateSubject) -> Certification
    /// Requests that are under way or waiting.
    private(set) var outstanding = 0

    init(
        threads: NIOThreadPool, loop: any EventLoop, cost: ScryptCost,
        certify: @escaping @Sendable ([UInt8], CertificateSubject) -> Certification = { _, _ in .unavailable }
    ) {
        self.threads = threads
        self.loop = loop
        self.cost = cost
        self.certify = certify
    }

    /// Starts the work; `answer` is called on the loop, before this returns where there is nothing to wait for.
    func perform(_ request: VerifyRequest, answer: @escaping (Verified) -> Void) {
        // A code is made in no time.
        if case .invitation = request { return answer(.invitation(code: SecureRandom.invitationCode())) }
        guard outstanding < Self.capacity else { return answer(.busy) }
        outstanding += 1
        let (cost, certify) = (cost, certify)
        threads.runIfActive(eventLoop: loop) {
            ThreadPriority.yieldToOthers()
            return Self.result(of: request, cost: cost, certify: certify)
        }
        .assumeIsolated()
        .whenComplete { result in
            self.outstanding -= 1
            switch result {
            case .success(let verified): answer(verified)
            // The pool was shut down: the server stops, and nobody waits for the answer.
            case .failure: answer(.busy)
            }
        }
    }

    /// The work itself; where it takes long, on a thread of the pool.
    static func result(
        of request: VerifyRequest, cost: ScryptCost,
        certify: ([UInt8], CertificateSubject) -> Certification = { _, _ in .unavailable }
    ) -> Verified {
        switch request {
        case .password(let stored, let candidate, let wantsToken):
            let matches = matches(stored: stored, candidate: candidate, cost: cost)
            return .password(matches, token: matches && wantsToken ? SecureRandom.token() : nil)
        case .change(let stored, let current, let new):
            if let stored, !matches(stored: stored, candidate: current, cost: cost) { return .changed(newHash: nil) }
            // Without memory for the hash the person is asked to come back, not told that the password was wrong.
            return PasswordText.hash(of: new, cost: cost).map { .changed(newHash: $0) } ?? .busy
        case .invitation:
            return .invitation(code: SecureRandom.invitationCode())
        case .certificate(let octets, let subject): return .certificate(certify(octets, subject))
        }
    }

    /// Whether the candidate is the stored password; nobody's password costs the same as somebody's wrong one.
    private static func matches(stored: String?, candidate: [UInt8], cost: ScryptCost) -> Bool {
        // The working copy, where there is one; the request's own octets lie in memory until they are written over.
        var octets = PasswordForm.octets(candidate)
        defer { SecretOctets.erase(&octets) }
        guard let stored, let hash = PasswordHash(encoded: stored) else {
            _ = PasswordHash.dummy(cost: cost).matches(password: octets)
            return false
        }
        return hash.matches(password: octets)
    }
}
