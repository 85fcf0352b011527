import ArgumentParser

/// `--data`, the same everywhere.
struct DataOption: ParsableArguments {
    @Option(help: ArgumentHelp("Thư mục dữ liệu. / The data directory.", valueName: "DIR"))
    var data: String
}

/// `--certs`, the same everywhere.
struct CertificatesOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Thư mục chứng thư: ca.pem, server.pem, server.key. / The directory of certificates.", valueName: "DIR"))
    var certs: String
}

/// `--host`, repeated.
struct HostsOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tên hoặc địa chỉ mà máy trạm dùng để kết nối; ghi nhiều lần được. localhost và tên máy này luôn có sẵn. / A name or address by which clients reach the server; may be repeated. localhost and this machine's name are always there.",
            valueName: "NAME"))
    var host: [String] = []
}

/// The cost of passwords; tests lower it.
struct PasswordCostOption: ParsableArguments {
    @Option(name: .customLong("scrypt-log2n"), help: .hidden)
    var log2N = 15
}
