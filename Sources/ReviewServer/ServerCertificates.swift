import NIOCore
import NIOSSL
public import ReviewCore
import Synchronization

/// The server's side of TLS: 1.3 only, its own authority's certificate, ALPN (specification §1.3).
///
/// Safe to use from every thread: a reload replaces the context for the connections that come, and leaves the others alone.
public final class ServerCertificates: Sendable {
    private let current: Mutex<Presented>
    private let read: @Sendable () throws -> Presented

    /// What connections are shown.
    private struct Presented: Sendable {
        let context: NIOSSLContext
        let ends: Instant
    }

    /// Reads the certificates from their files.
    ///
    /// - Parameters:
    ///   - certificate: `server.pem`, the server's certificate.
    ///   - key: `server.key`, its private key.
    ///   - authority: `ca.pem`; it is sent along, so that a client can show its fingerprint to a person who has nothing else.
    /// - Throws: What the TLS library says about files that are absent, unreadable or do not belong together.
    public convenience init(certificate: String, key: String, authority: String) throws {
        try self.init {
            try Self.present(
                NIOSSLCertificate.fromPEMFile(certificate), under: NIOSSLCertificate.fromPEMFile(authority),
                key: NIOSSLPrivateKey(file: key, format: .pem))
        }
    }

    /// Takes certificates and key as PEM texts.
    public convenience init(certificatePEM: String, keyPEM: String, authorityPEM: String) throws {
        try self.init {
            try Self.present(
                NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8)),
                under: NIOSSLCertificate.fromPEMBytes(Array(authorityPEM.utf8)),
                key: NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem))
        }
    }

    private init(read: @escaping @Sendable () throws -> Presented) throws {
        self.read = read
        current = Mutex(try read())
    }

    /// What a new connection uses.
    var context: NIOSSLContext { current.withLock { $0.context } }

    /// When the server's certificate ends.
    public var ends: Instant { current.withLock { $0.ends } }

    /// Reads the certificates again; when that fails, the old ones stay in use.
    public func reload() throws {
        let presented = try read()
        current.withLock { $0 = presented }
    }

    private static func present(
        _ certificates: [NIOSSLCertificate], under authorities: [NIOSSLCertificate], key: NIOSSLPrivateKey
    ) throws -> Presented {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: (certificates + authorities).map { .certificate($0) }, privateKey: .privateKey(key))
        // A client may present a certificate; one that the same authority has not issued ends the handshake.
        configuration.certificateVerification = .optionalVerification
        configuration.trustRoots = .certificates(authorities)
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = [ApplicationProtocolGate.name]
        // What a connection held is kept so long after close_notify was sent, also when the peer has gone.
        configuration.shutdownTimeout = .seconds(1)
        return Presented(
            context: try NIOSSLContext(configuration: configuration),
            ends: Instant(milliseconds: Int64(certificates.first?.notValidAfter ?? 0) * 1_000))
    }
}
