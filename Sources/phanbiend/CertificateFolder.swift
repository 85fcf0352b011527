import Glibc
import ReviewCore
import ReviewServer
import ReviewSignatures

/// The four files of `--certs`: the authority's certificate and key, the server's certificate and key.
struct CertificateFolder {
    /// No certificate or key that is read here has a reason to be longer.
    private static let longestOctets = 65_536

    let path: String

    /// Given to every client.
    var authority: String { path + "/ca.pem" }
    /// The authority's key: only `init` and `certificate renew` need it; it may be kept elsewhere.
    var authorityKey: String { path + "/ca.key" }
    var server: String { path + "/server.pem" }
    var serverKey: String { path + "/server.key" }

    /// Refuses a folder that holds any of the four files.
    func expectEmpty() throws(Failure) {
        for file in [authority, authorityKey, server, serverKey] where Files.exists(file) {
            throw Failure(
                .cannotCreate,
                "“\(file)” đã có; khóa cũ không bị ghi đè. Dùng thư mục --certs khác, chuyển các tệp cũ đi, hoặc chạy “phanbiend certificate renew --certs \(path)” để cấp lại chứng thư máy chủ.",
                "“\(file)” exists; keys are never written over. Use another --certs directory, move the old files away, or run “phanbiend certificate renew --certs \(path)” to issue the server's certificate anew."
            )
        }
    }

    /// Makes an authority and a server certificate; nothing is ever written over.
    func create(hosts: [String], organisation: String) throws(Failure) {
        try expectEmpty()
        let created: CertificateAuthority
        let issued: (certificatePEM: String, keyPEM: String)
        do throws(SignatureError) {
            created = try CertificateAuthority.create(
                commonName: "phanbien", organisation: organisation, notBefore: Self.notBefore)
            issued = try created.issueServer(hosts: hosts, notBefore: Self.notBefore)
        } catch {
            throw Failure(error)
        }
        try Files.makeDirectory(path, permissions: 0o755)
        var written: [String] = []
        do throws(Failure) {
            for (file, text, permissions) in [
                (authorityKey, created.keyPEM, 0o600), (serverKey, issued.keyPEM, 0o600),
                (authority, created.certificatePEM, 0o644), (server, issued.certificatePEM, 0o644),
            ] as [(String, String, mode_t)] {
                written.append(file)
                try Files.create(file, text, permissions: permissions)
            }
        } catch {
            // Half a set would keep the next attempt from running. The last file may be somebody else's.
            for file in written.dropLast() { Files.remove(file) }
            throw error
        }
    }

    /// Issues a new server certificate from the authority that is there; the former files stay beside it as `.old`.
    ///
    /// - Parameter given: the names; none: those of the certificate that is there, so that no client is locked out.
    /// - Returns: the names of the new certificate, and those that only the former one had.
    func renew(hosts given: [String]) throws(Failure) -> (names: [String], lost: [String]) {
        let former = try formerHosts(isNeeded: given.isEmpty)
        let hosts = given.isEmpty ? former : Self.hosts(given)
        let certificate = try Files.readText(authority, atMost: Self.longestOctets)
        let key = try Files.readText(authorityKey, atMost: Self.longestOctets)
        let issued: (certificatePEM: String, keyPEM: String)
        let names: [String]
        do throws(SignatureError) {
            issued = try CertificateAuthority(certificatePEM: certificate, keyPEM: key)
                .issueServer(hosts: hosts, notBefore: Self.notBefore)
            names = try CertificateAuthority.hosts(certificatePEM: issued.certificatePEM)
        } catch {
            throw Failure(error)
        }
        for (file, text, permissions) in [
            (serverKey, issued.keyPEM, 0o600), (server, issued.certificatePEM, 0o644),
        ] as [(String, String, mode_t)] {
            Files.remove(file + ".new")
            try Files.create(file + ".new", text, permissions: permissions)
        }
        for file in [serverKey, server] {
            if Files.exists(file) { try Files.rename(file, to: file + ".old") }
            try Files.rename(file + ".new", to: file)
        }
        return (names, former.filter { !names.contains($0.lowercased()) })
    }

    /// The names of the server's certificate that is there; none where they cannot be told and are not needed.
    private func formerHosts(isNeeded: Bool) throws(Failure) -> [String] {
        do throws(Failure) {
            let certificate = try Files.readText(server, atMost: Self.longestOctets)
            do throws(SignatureError) {
                return try CertificateAuthority.hosts(certificatePEM: certificate)
            } catch {
                throw Failure(error)
            }
        } catch {
            guard isNeeded else { return [] }
            throw Failure(
                error.status,
                "Không lấy được các tên từ “\(server)” (\(error.wording.vietnamese)) Ghi mọi tên mà máy trạm dùng bằng --host.",
                "The names cannot be taken from “\(server)” (\(error.wording.english)) Give every name that clients use with --host."
            )
        }
    }

    /// The SHA-256 of the authority's certificate, as people compare it over the telephone.
    func fingerprint() throws(Failure) -> String {
        let certificate = try Files.readText(authority, atMost: Self.longestOctets)
        do throws(SignatureError) {
            return try CertificateAuthority.fingerprint(certificatePEM: certificate)
        } catch {
            throw Failure(error)
        }
    }

    /// Days until the server's certificate ends; negative when it has ended.
    func daysLeft() throws(Failure) -> Int64 {
        let certificate = try Files.readText(server, atMost: Self.longestOctets)
        do throws(SignatureError) {
            return (try CertificateAuthority.notAfter(certificatePEM: certificate) - Self.now) / 86_400
        } catch {
            throw Failure(error)
        }
    }

    /// What the server presents.
    func load() throws(Failure) -> ServerCertificates {
        for file in [authority, server, serverKey] {
            _ = try Files.read(file, atMost: Self.longestOctets)
        }
        do {
            return try ServerCertificates(certificate: server, key: serverKey, authority: authority)
        } catch {
            throw Failure(
                .data, "Chứng thư trong “\(path)” không dùng được: \(error).",
                "The certificates in “\(path)” cannot be used: \(error).")
        }
    }

    /// The names under which this machine is reached, those given first.
    static func hosts(_ given: [String]) -> [String] {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return given }
        let octets = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let host = String(decoding: octets, as: UTF8.self).lowercased()
        // A name that no certificate can hold is left out; the operator gives better ones with --host.
        let isName =
            !host.isEmpty
            && host.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45 || $0 == 46 }
        return isName && !given.contains(host) ? given + [host] : given
    }

    private static var now: Int64 { Int64(time(nil)) }

    /// An hour ago, for clients whose clocks are late.
    private static var notBefore: Int64 { now - 3_600 }
}
