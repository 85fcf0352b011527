import ArgumentParser
import ReviewCore
import ReviewStore
import ReviewStoreSQLite

/// `phanbiend init`: everything that a first `serve` needs.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract:
            "Tạo thư mục dữ liệu, chứng thư CA và chứng thư máy chủ. / Make the data directory, the CA and the server's certificate.",
        discussion: """
            Không bao giờ ghi đè khóa đã có. Phát tệp ca.pem cho mọi máy trạm; cất ca.key ở nơi an toàn.

            Keys are never written over. Give ca.pem to every client; keep ca.key in a safe place.
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var certificates: CertificatesOption
    @OptionGroup var hosts: HostsOption

    @Option(help: "Tên cơ quan ghi trong chứng thư CA. / The organisation named in the CA's certificate.")
    var organisation = "phanbien"

    func run() async throws {
        let folder = CertificateFolder(path: certificates.certs)
        // Keys are written last, but made first: what fails before leaves nothing in the way of the next attempt, and names
        // that no certificate can hold make no data.
        try folder.expectEmpty()
        let keys = try folder.prepare(hosts: CertificateFolder.hosts(hosts.host), organisation: organisation)
        let isNew = !Files.exists(folder.path)
        try Files.makeDirectory(folder.path, permissions: 0o755)
        do throws(Failure) {
            try makeData()
        } catch {
            if isNew { Files.removeDirectory(folder.path) }
            throw error
        }
        try folder.create(keys)
        if Files.isOpenToOthers(data.data) {
            Console.remark(
                .init(
                    "Lưu ý: người khác trên máy này vào được “\(data.data)”; nên chạy: chmod 700 \(data.data)",
                    "Note: others on this machine can enter “\(data.data)”; better: chmod 700 \(data.data)"))
        }
        Console.say("DATA \(data.data)")
        Console.say("CA \(folder.authority)")
        Console.say("FINGERPRINT \(try folder.fingerprint())")
        Console.say(
            .init(
                "Đã tạo xong. Phát \(folder.authority) cho các máy trạm; khi kết nối lần đầu, đối chiếu vân tay ở trên.",
                "Done. Give \(folder.authority) to the clients; compare the fingerprint above at the first connection.")
        )
    }

    private func makeData() throws(Failure) {
        try Files.makeDirectory(data.data, permissions: 0o700)
        let log: SQLiteLog
        do throws(OpenProblem) {
            log = try SQLiteLog.open(directory: data.data, creating: true)
        } catch {
            throw Failure(error)
        }
        do throws(LogError) { try log.close() } catch { throw Failure(error) }
    }
}
