import ArgumentParser
import ReviewCore

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
                Không ghi --host thì chứng thư mới mang đúng các tên của chứng thư cũ (server.pem); có --host thì chỉ mang \
                các tên ấy cùng localhost và tên máy này, và lệnh in ra tên nào không còn. Máy chủ đang chạy dùng chứng thư mới sau khi nhận tín hiệu \
                SIGHUP; máy trạm không phải làm gì.

                Without --host the new certificate has the names of the former one (server.pem); with --host it has those \
                names, localhost and this machine's name only, and what is lost is printed. A running server takes the new certificate on SIGHUP; clients \
                need not do anything.
                """)

        @OptionGroup var certificates: CertificatesOption
        @OptionGroup var hosts: HostsOption

        func run() async throws {
            let folder = CertificateFolder(path: certificates.certs)
            let (names, lost, authorityEnds) = try folder.renew(hosts: hosts.host)
            Console.say("SERVER \(folder.server) days=\(try folder.daysLeft())")
            for name in names { Console.say("HOST \(name)") }
            for name in lost { Console.say("LOST \(name)") }
            if let authorityEnds {
                Console.complain(
                    Wording(
                        "Lưu ý: chứng thư CA hết hạn ngày \(authorityEnds), nên chứng thư mới cũng chỉ đến ngày ấy và gia hạn thêm lần nữa không dài hơn. Trước ngày đó phải dựng CA mới và phát ca.pem mới (hướng dẫn vận hành, mục 6).",
                        "Note: the authority's certificate ends on \(authorityEnds), so the new one ends with it, and renewing once more makes it no longer. Before that day make a new authority and hand out the new ca.pem (operations guide, section 6)."
                    ))
            }
            guard !lost.isEmpty else { return }
            Console.complain(
                Wording(
                    "Lưu ý: chứng thư mới không còn mang tên \(lost.joined(separator: ", ")); máy trạm kết nối bằng tên ấy sẽ từ chối máy chủ. Nếu tên còn dùng thì chạy lại, ghi đủ mọi tên bằng --host, trước khi cho máy chủ đọc lại.",
                    "Note: the new certificate does not have \(lost.joined(separator: ", ")) any more; clients that connect by that name will refuse the server. If it is in use, run this again with every name, a --host for each, before the server reads it."
                ))
        }
    }
}

/// `phanbiend fingerprint`: what people compare at the first connection.
struct FingerprintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fingerprint",
        abstract: "In vân tay SHA-256 của chứng thư CA. / Print the SHA-256 fingerprint of the CA's certificate.")

    @OptionGroup var certificates: CertificatesOption

    func run() async throws {
        Console.say("FINGERPRINT \(try CertificateFolder(path: certificates.certs).fingerprint())")
    }
}
