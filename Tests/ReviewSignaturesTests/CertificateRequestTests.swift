import Foundation
import Testing

@testable import ReviewSignatures

@Suite struct CertificateRequestTests {
    private static let unreadable = SignatureError.unreadable("certificate request")

    @Test(arguments: [OpenSSLFixture.requestRSA2048, OpenSSLFixture.requestP384])
    func strongKeysAreTaken(pem: String) throws {
        let request = try CertificateRequest(pem: Array(pem.utf8))
        #expect(request.publicKeyPEM.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
        #expect(try CertificateRequest(pem: Array(pem.utf8)).publicKeyPEM == request.publicKeyPEM)
    }

    @Test(arguments: [
        OpenSSLFixture.requestRSA1024, OpenSSLFixture.requestP521, OpenSSLFixture.requestSecp256k1,
        OpenSSLFixture.requestExplicit, OpenSSLFixture.requestEd25519,
    ]) func otherKeysAreRefused(pem: String) {
        #expect(throws: KeyStrength.problem) { try CertificateRequest(pem: Array(pem.utf8)) }
    }

    @Test func theOwnSignatureMustBeRight() throws {
        for pem in [try PersonalKey.create().request(commonName: "minh"), OpenSSLFixture.requestRSA2048] {
            var changed = octets(of: pem)
            changed[changed.count - 1] ^= 1
            #expect(throws: SignatureError.unsuitable("the certificate request is not signed with its own key")) {
                try CertificateRequest(pem: Array(pemText(changed, "CERTIFICATE REQUEST").utf8))
            }
        }
    }

    @Test func remarksAroundItAreTolerated() throws {
        let pem = try PersonalKey.create().request(commonName: "minh")
        let alone = try CertificateRequest(pem: Array(pem.utf8))
        for text in ["Certificate Request:\n    Data:\n" + pem, pem + "# cuối\n", pem + "\0"] {
            #expect(try CertificateRequest(pem: Array(text.utf8)).publicKeyPEM == alone.publicKeyPEM)
        }
    }

    @Test func exactlyOneIsRead() throws {
        let key = try PersonalKey.create()
        let pem = try key.request(commonName: "minh")
        for text in [
            "", "x", pem + pem, key.pem + pem, pem + key.pem, key.pem, OpenSSLFixture.certificate,
            pem + String(repeating: " ", count: 16 * 1024),
            pem.replacingOccurrences(of: "REQUEST-----\n", with: "REQUEST-----\nProc-Type: 4,ENCRYPTED\n"),
        ] {
            let error = #expect(throws: SignatureError.self) { try CertificateRequest(pem: Array(text.utf8)) }
            guard case .unreadable? = error else {
                Issue.record("\(text.prefix(40)): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func truncatedOrChangedNeverCrashes() throws {
        let pem = try PersonalKey.create().request(commonName: "minh")
        let text = Array(pem.utf8)
        // Without the last end of line it is still whole.
        for count in 0..<text.count - 1 {
            #expect(throws: Self.unreadable) { try CertificateRequest(pem: Array(text.prefix(count))) }
        }
        let whole = octets(of: pem)
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 0x41
            #expect(throws: SignatureError.self) {
                try CertificateRequest(pem: Array(pemText(changed, "CERTIFICATE REQUEST").utf8))
            }
        }
    }
}

/// The octets of a text with one PEM object.
func octets(of pem: String) -> [UInt8] {
    let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
    return Data(base64Encoded: lines.joined()).map { Array($0) } ?? []
}

func pemText(_ octets: [UInt8], _ label: String) -> String {
    let body = Data(octets).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    return "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
}

extension [UInt8] {
    func contains(_ text: String) -> Bool { Data(self).range(of: Data(text.utf8)) != nil }
}
