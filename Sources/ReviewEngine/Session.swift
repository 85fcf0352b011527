import ReviewCore
import ReviewDigest

/// How far a connection has come with its login.
enum Session: Sendable {
    /// Nobody has logged in.
    case anonymous
    /// Somebody has.
    case authenticated(Identity)
    /// BYE was said; nothing is read or written any more.
    case ended

    /// Who is logged in.
    var identity: Identity? {
        switch self {
        case .authenticated(let identity): identity
        case .anonymous, .ended: nil
        }
    }

    /// Whether BYE was said.
    var isEnded: Bool {
        switch self {
        case .ended: true
        case .anonymous, .authenticated: false
        }
    }
}

/// Who is logged in, and by what.
struct Identity: Sendable, Equatable {
    /// What the person proved themselves with.
    enum Proof: Sendable, Equatable {
        /// The password.
        case password
        /// A session token.
        case token
        /// An invitation code: good for nothing but setting a password.
        case invitation
        /// A client certificate.
        case certificate
    }

    /// The person.
    let person: PersonID
    /// By what.
    let proof: Proof
    /// The session token that the connection came with, or was given, by its SHA-256 (hex).
    var token: String?
    /// The client certificate that the person came in with, by its SHA-256.
    var certificate: Digest?
}
