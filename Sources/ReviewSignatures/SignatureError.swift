import COpenSSL

/// Why a cryptographic operation was refused or failed.
///
/// No case carries a secret.
public enum SignatureError: Error, Equatable, Sendable {
    /// A parameter lies outside the bounds that its documentation states.
    case invalidParameter(String)
    /// The text is not one PEM object of the expected kind, or its key is encrypted where no passphrase is taken.
    case unreadable(String)
    /// The key has a passphrase, and none or a wrong one was given.
    case locked
    /// Certificate and key are well-formed, but do not belong together or may not be used for this.
    case unsuitable(String)
    /// OpenSSL failed at an operation, with the reasons it left in its error queue.
    case library(operation: String, reason: String)

    /// Takes the reasons out of this thread's error queue of OpenSSL, so that the next failure does not show them.
    static func fromLibrary(_ operation: String) -> SignatureError {
        var reasons: [String] = []
        while reasons.count < 16 {
            let code = ERR_get_error()
            guard code != 0 else { break }
            reasons.append(ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)")
        }
        ERR_clear_error()
        return .library(operation: operation, reason: reasons.joined(separator: "; "))
    }
}

extension SignatureError: CustomStringConvertible {
    /// One line in English, for the operator's log.
    public var description: String {
        switch self {
        case .invalidParameter(let what): "invalid parameter: \(what)"
        case .unreadable(let what): "cannot read \(what)"
        case .locked: "the key has a passphrase, and none or a wrong one was given"
        case .unsuitable(let what): "unsuitable: \(what)"
        case .library(let operation, let reason): "\(operation) failed: \(reason.isEmpty ? "no reason given" : reason)"
        }
    }
}
