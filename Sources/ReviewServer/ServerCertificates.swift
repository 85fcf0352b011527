import NIOCore
import NIOSSL
public import ReviewCore
import ReviewSignatures
import Synchronization

/// The server's side of TLS: 1.3 only, its own authority's certificate, ALPN (specification §1.3).
///
/// Safe to use from every thread: a reload replaces the context for the connections that come, and leaves the others alone.
public final class ServerCertificates: Sendable {
    private let current: Mutex<Presented>

    /// What connections are shown.
    private struct Presented: Sendable {
        let context: NIOSSLContext
        let ends: Instant
    }

    /// Takes certificates and key as PEM texts.
    ///
    /// - Parameters:
    ///   - certificatePEM: The server's certificate, and behind it those of intermediate authorities, if there are any.
    ///   - keyPEM: Its private key.
    ///   - authorityPEM: The authority, or several while one follows another. The one that vouches for the server is sent
    ///     along, so that a client can show its fingerprint to a person who has nothing else; all of them vouch for clients.
    /// - Throws: What the TLS library says about texts that are unreadable or do not belong together.
    public init(certificatePEM: String, keyPEM: String, authorityPEM: String) throws {
        let authorities = try NIOSSLCertificate.fromPEMBytes(Array(authorityPEM.utf8))
        let chain = try CertificateAuthority.chain(certificatePEM: certificatePEM, authorityPEM: authorityPEM)
        // What no authority vouches for is shown as it is: clients say best what is wrong with it.
        let shown = try NIOSSLCertificate.fromPEMBytes(
            Array((chain?.certificatePEMs.joined() ?? certificatePEM + "\n" + authorityPEM).utf8))
        let presented = Presented(
            context: try Self.context(
                shown, trusting: authorities, key: NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)),
            ends: Instant(milliseconds: (chain?.ends ?? Int64(shown.first?.notValidAfter ?? 0)) * 1_000))
        current = Mutex(presented)
    }

    /// What a new connection uses.
    var context: NIOSSLContext { current.withLock { $0.context } }

    /// When clients begin to refuse the server's certificate.
    public var ends: Instant { current.withLock { $0.ends } }

    /// Presents from now on what others present.
    public func follow(_ others: ServerCertificates) {
        let presented = others.current.withLock { $0 }
        current.withLock { $0 = presented }
    }

    private static func context(
        _ chain: [NIOSSLCertificate], trusting authorities: [NIOSSLCertificate], key: NIOSSLPrivateKey
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        // A client may present a certificate; one that no authority has issued ends the handshake.
        configuration.certificateVerification = .optionalVerification
        configuration.trustRoots = .certificates(authorities)
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = [ApplicationProtocolGate.name]
        // What a connection held is kept so long after close_notify was sent, also when the peer has gone.
        configuration.shutdownTimeout = .seconds(1)
        return try NIOSSLContext(configuration: configuration)
    }
}
