import ArgumentParser

/// `phanbiend certificate renew`: the server's certificate lives 825 days, the authority ten years.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Cấp lại chứng thư máy chủ. / Renew the server's certificate.",
        subcommands: [Renew.self])

    struct Renew: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "renew",
            abstract:
                "Cấp chứng thư máy chủ mới từ CA đang có; tệp cũ giữ lại với đuôi .old. / Issue a new server certificate from the CA; the old files stay as .old.",
            discussion: """
                Máy chủ đang chạy dùng chứng thư mới sau khi nhận tín hiệu SIGHUP; máy trạm không phải làm gì.

                A running server takes the new certificate on SIGHUP; clients need not do anything.
                """)

        @OptionGroup var certificates: CertificatesOption
        @OptionGroup var hosts: HostsOption

        func run() async throws {
            let folder = CertificateFolder(path: certificates.certs)
            try folder.renew(hosts: CertificateFolder.hosts(hosts.host))
            Console.say("SERVER \(folder.server) days=\(try folder.daysLeft())")
        }
    }
}

/// `phanbiend fingerprint`: what people compare at the first connection.
struct FingerprintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fingerprint",
        abstract: "In dấu vân tay SHA-256 của chứng thư CA. / Print the SHA-256 fingerprint of the CA's certificate.")

    @OptionGroup var certificates: CertificatesOption

    func run() async throws {
        Console.say("FINGERPRINT \(try CertificateFolder(path: certificates.certs).fingerprint())")
    }
}
