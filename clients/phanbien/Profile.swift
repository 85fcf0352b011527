import PhanbienCommands

/// Where a person's things are kept on this machine: the pinned authority, the session token, the history.
struct Profile {
    let home: PrivateFolder
    let address: ServerAddress
    let person: String

    /// The folder of the server.
    var server: PrivateFolder { home.folder(address.folderName) }
    /// The folder of this person at the server.
    var own: PrivateFolder { server.folder(person) }

    private static let authorityName = "ca.pem"
    private static let tokenName = "token"
    private static let currentName = "current"

    /// The pinned authority, as PEM.
    var authority: [UInt8]? { server.read(Self.authorityName) }
    /// Where the pinned authority is kept.
    var authorityPath: String { server.path(of: Self.authorityName) }

    func pin(_ pem: [UInt8]) throws(Files.Failure) { try server.write(Self.authorityName, pem) }

    var token: [UInt8]? { own.text(Self.tokenName).map { Array($0.utf8) } }
    func keepToken(_ token: [UInt8]) throws(Files.Failure) { try own.write(Self.tokenName, token + [0x0A]) }
    func forgetToken() { own.remove(Self.tokenName) }

    private static let identityName = "identity.pem"
    private static let enrolmentName = "enrolment.pem"

    /// The person's certificate with its private key.
    var identity: KeyFile? { own.text(Self.identityName).map { KeyFile($0) } }
    /// Where they are kept.
    var identityPath: String { own.path(of: Self.identityName) }
    func keepIdentity(_ file: KeyFile) throws(Files.Failure) { try own.write(Self.identityName, file.octets) }
    func forgetIdentity() { own.remove(Self.identityName) }

    /// A request for a certificate with its private key, until the certificate serves.
    var enrolment: KeyFile? { own.text(Self.enrolmentName).map { KeyFile($0) } }
    func keepEnrolment(_ file: KeyFile) throws(Files.Failure) { try own.write(Self.enrolmentName, file.octets) }
    func forgetEnrolment() { own.remove(Self.enrolmentName) }

    /// Makes this server and person the ones meant when none is named.
    func makeCurrent() throws(Files.Failure) {
        try home.write(Self.currentName, Array("\(address.text)\n\(person)\n".utf8))
    }

    /// The server and person of the last login.
    static func current(in home: PrivateFolder) -> (server: String, person: String)? {
        let lines = home.text(currentName)?.split(separator: "\n").map(String.init) ?? []
        return lines.count == 2 ? (lines[0], lines[1]) : nil
    }
}
