import ArgumentParser
import Glibc
import Logging
import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewFiles
import ReviewMetrics
import ReviewProtocol
import ReviewServer
import ReviewSignatures
import ReviewStore
import ReviewStoreSQLite
import ServiceLifecycle
import UnixSignals

/// `phanbiend serve`: the server itself.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract:
            "Phục vụ. In “LISTENING ĐỊA-CHỈ:CỔNG” khi sẵn sàng. / Serve. Prints “LISTENING ADDRESS:PORT” when ready.",
        discussion: """
            SIGTERM hoặc Ctrl-C: ngừng nhận kết nối, trả lời xong việc đang làm, chào tạm biệt, thoát với mã 0 trong 10 \
            giây. SIGHUP: đọc lại chứng thư. Nhật ký vận hành ghi ra luồng lỗi chuẩn.

            SIGTERM or Ctrl-C: stop accepting, finish what is in flight, say goodbye, exit 0 within 10 s. SIGHUP: read the \
            certificates again. The log goes to standard error.
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var certificates: CertificatesOption
    @Option(
        help: ArgumentHelp(
            "Địa chỉ lắng nghe; cổng 0: cổng trống bất kỳ. / The address; port 0: a free one.",
            valueName: "ADDRESS:PORT"))
    var listen = "0.0.0.0:\(ListenAddress.standardPort)"
    @Option(
        help: ArgumentHelp(
            "Đặt một giới hạn, ghi nhiều lần được; tên như lệnh LIMITS in ra. / Set a limit, may be repeated; the names that LIMITS prints.",
            valueName: "NAME=VALUE"))
    var limit: [String] = []
    @Option(
        help: ArgumentHelp(
            "Cách hiểu “trước ngày 15”: strict – xong trước khi ngày 15 bắt đầu; inclusive – hết ngày 15 vẫn đúng hạn; working-day – như strict, nhưng ngày cuối rơi vào thứ Bảy, Chủ nhật thì là ngày làm việc trước đó. / What “before the 15th” means: strict, done before that day begins; inclusive, on time until it ends; working-day, as strict, but a last day on a weekend is the working day before.",
            valueName: "RULE"))
    var beforeDate = BeforeDateRule.strict.rawValue
    @Option(
        help: ArgumentHelp(
            "Số luồng, 1 đến 64; từ hai luồng, luồng đầu chỉ lo nhật ký. / Threads, 1 to 64; of two or more the first has the log to itself.",
            valueName: "N"))
    var loops = 1
    @Option(
        help: ArgumentHelp(
            "Mức nhật ký: trace, debug, info, notice, warning, error, critical. / The log's level.", valueName: "LEVEL")
    )
    var logLevel = "info"
    @Option(
        help: ArgumentHelp(
            "Trang số liệu OpenMetrics (GET /metrics); chỉ nhận địa chỉ của chính máy này. / The page of OpenMetrics figures; addresses of this machine only.",
            valueName: "ADDRESS:PORT"))
    var metrics: String?
    @OptionGroup var cost: PasswordCostOption

    /// Here, so that the parser shows how this command is used.
    func validate() throws { _ = try settings() }

    func run() async throws {
        let (chosen, rule, level) = try settings()
        Allocation.keepFreedMemory()
        var configuration = chosen
        configuration.passwordCost = try Passwords.cost(cost)
        let form = LineLogHandler.Form.ofStandardError(environment: Console.environment)
        let logger = Logger(label: "phanbiend") { _ in LineLogHandler(level: level, form: form) }
        let manager = ServiceManager(environment: Console.environment, process: getpid())
        configuration.manager = manager
        configuration.version = Version.number
        let folder = CertificateFolder(path: certificates.certs)
        let presented = try folder.load()
        folder.warn(logger)
        configuration.certify = { folder.certify($0, $1, now: WallClock.now(), logger: logger) }
        let authorities = try Authorities(folder)
        let signatures = SignatureCheck { authorities.check($0, $1, now: $2) }
        if let files = OpenFiles.raiseLimit() {
            logger.info("files.limit", metadata: ["open": "\(files)"])
            if files < configuration.limits.connections {
                logger.notice(
                    "files.few", metadata: ["open": "\(files)", "connections": "\(configuration.limits.connections)"])
            }
        }
        let directory = data.data
        let limits = configuration.limits
        let server = Server(
            configuration: configuration, certificates: presented, logger: logger,
            open: {
                try Self.open(directory, limits: limits, rule: rule, signatures: signatures, logger: logger)
            },
            announce: { address in
                logger.notice("server.listening", metadata: ["address": "\(address)"])
                Console.announce("LISTENING \(address)")
            })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: CertificateReloader(
                            certificates: presented, authorities: authorities, folder: folder, manager: manager,
                            logger: logger)),
                    .init(service: server),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }))
        do {
            try await group.run()
        } catch let problem as OpenProblem {
            throw Failure(problem)
        } catch let error as LogError {
            throw Failure(error)
        } catch let error as ServerError {
            throw Failure(error)
        }
    }

    /// Opens the log and folds it into an engine; runs on the engine's loop.
    private static func open(
        _ directory: String, limits: Limits, rule: BeforeDateRule, signatures: SignatureCheck, logger: Logger
    ) throws -> ServerCore {
        let log = try SQLiteLog.open(directory: directory)
        if let upgrade = log.upgrade {
            logger.notice(
                "store.upgraded",
                metadata: ["from": "\(upgrade.from)", "to": "\(upgrade.to)", "former": "\(upgrade.former)"])
        }
        let now = WallClock.now()
        let state = try StateReader.read(log, beforeDate: rule, now: now)
        logger.notice(
            "server.opened",
            metadata: [
                "data": "\(directory)", "log": "\(log.epoch)", "head": "\(log.head)", "people": "\(state.people.count)",
                "topics": "\(state.topics.count)",
            ])
        let engine = Engine(
            configuration: EngineConfiguration(
                limits: limits, serverName: Version.server, readPlan: { PlanFile.read($0) },
                writeRecord: { EventRecord($0).encoded },
                versions: [Pair("protocol", "phanbien/1")], signer: signer(directory, logger),
                signatures: signatures),
            state: state, epoch: log.epoch, now: now)
        let database = directory + "/" + SQLiteLog.fileName
        return ServerCore(engine: engine, log: log) {
            var figures = StoreFigures()
            figures.databaseOctets = (try? FileSystem.size(database)) ?? 0
            figures.writeAheadOctets = (try? FileSystem.size(database + "-wal")) ?? 0
            figures.freeOctets = Files.freeOctets(directory)
            figures.unindexedEvents = log.unindexedEvents
            figures.lastBackup = BackupMark.read(directory)
            return figures
        }
    }

    /// What signs checkpoints; without it the server does everything else.
    private static func signer(_ directory: String, _ logger: Logger) -> Signer? {
        let files = LogKeyFiles(directory: directory)
        do throws(Failure) {
            let (key, known, isNew) = try files.open()
            do throws(Failure) { try files.publish(known) } catch {
                // Only whoever checks a signature wants it; the private half alone signs.
                logger.warning(
                    "log.key-unpublished",
                    metadata: ["file": "\(files.publicKey)", "problem": "\(error.wording.vietnamese)"])
            }
            if Files.isOpenToOthers(files.key) {
                logger.warning("log.key-readable", metadata: ["file": "\(files.key)"])
            }
            if isNew {
                logger.notice(
                    "log.key-made", metadata: ["file": "\(files.key)", "fingerprint": "\(known.fingerprint)"])
            }
            return Signer(key: known) { try? key.sign($0) }
        } catch {
            logger.error(
                "log.key-unusable", metadata: ["file": "\(files.key)", "problem": "\(error.wording.vietnamese)"])
            return nil
        }
    }

    /// Reads the settings; a wrong one ends with status 64, like every wrong command line.
    private func settings() throws -> (ServerConfiguration, BeforeDateRule, Logger.Level) {
        guard let address = ListenAddress(listen) else {
            throw ValidationError("--listen: “\(listen)” không phải ĐỊA-CHỈ:CỔNG. / “\(listen)” is not ADDRESS:PORT.")
        }
        var limits = Limits()
        for setting in limit {
            guard let sign = setting.firstIndex(of: "=") else {
                throw ValidationError("--limit: cần TÊN=GIÁ-TRỊ, không phải “\(setting)”. / NAME=VALUE expected.")
            }
            do throws(LimitError) {
                try limits.set(String(setting[..<sign]), to: String(setting[setting.index(after: sign)...]))
            } catch {
                throw ValidationError(Self.refusal(of: setting, error))
            }
        }
        guard let rule = BeforeDateRule(rawValue: beforeDate) else {
            throw Self.noneOf(BeforeDateRule.allCases.map(\.rawValue), "--before-date", beforeDate)
        }
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw Self.noneOf(Logger.Level.allCases.map(\.rawValue), "--log-level", logLevel)
        }
        guard (1...64).contains(loops) else {
            throw ValidationError("--loops: từ 1 đến 64, không phải \(loops). / 1 to 64, not \(loops).")
        }
        var configuration = ServerConfiguration(listen: address, limits: limits)
        configuration.loops = loops
        configuration.metrics = try metrics.map(Self.endpoint)
        return (configuration, rule, level)
    }

    /// A word that is none of those an option takes.
    private static func noneOf(_ known: [String], _ option: String, _ given: String) -> ValidationError {
        let known = known.joined(separator: ", ")
        return ValidationError(
            "\(option): ghi một trong: \(known); không phải “\(given)”. / Write one of these, not “\(given)”.")
    }

    /// Why a limit is not taken, and where it stands that somebody has to change it.
    private static func refusal(of setting: String, _ error: LimitError) -> String {
        let place = OptionPlace(
            of: setting, environment: Console.environment, file: try? Files.readText(OptionPlace.file, atMost: 1 << 20))
        let sentences = [error.human, place.advice].compactMap { $0 }
        return "--limit \(setting): "
            + sentences.map { $0.vietnamese + "." }.joined(separator: " ") + " / "
            + sentences.map { $0.english + "." }.joined(separator: " ")
    }

    private static func endpoint(_ text: String) throws -> MetricsEndpoint {
        guard let address = ListenAddress(text) else {
            throw ValidationError("--metrics: “\(text)” không phải ĐỊA-CHỈ:CỔNG. / “\(text)” is not ADDRESS:PORT.")
        }
        guard let endpoint = MetricsEndpoint(listen: address, registry: MetricRegistry(MetricTable.families)) else {
            throw ValidationError(
                "--metrics: trang số liệu không có mật khẩu nên chỉ mở trên chính máy này (127.0.0.1 hoặc [::1]), không phải “\(text)”. / The page has no login, so it is served on this machine only (127.0.0.1 or [::1]), not on “\(text)”."
            )
        }
        return endpoint
    }

}

extension CertificateFolder {
    /// Says what will stop the server from being reached, or its key from being a secret.
    fileprivate func warn(_ logger: Logger) {
        if Files.isOpenToOthers(serverKey) {
            logger.warning("certificate.key-readable", metadata: ["file": "\(serverKey)"])
        }
        if let (file, wording) = try? problem() {
            logger.error(
                "certificate.unusable", metadata: ["file": "\(file)", "problem": "\(wording.vietnamese)"])
        } else if let days = try? daysLeft(), days < 30 {
            logger.warning("certificate.ends", metadata: ["file": "\(server)", "days": "\(days)"])
        }
    }
}

/// Reads the certificates again on SIGHUP; connections that are there keep theirs.
struct CertificateReloader: Service {
    let certificates: ServerCertificates
    let authorities: Authorities
    let folder: CertificateFolder
    let manager: ServiceManager?
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            manager?.isReloading()
            // Whatever comes of it, the server goes on with the certificates that it has.
            do throws(Failure) {
                let read = try folder.load()
                try authorities.reload(folder)
                certificates.follow(read)
                logger.notice("certificate.reloaded", metadata: ["ends": "\(certificates.ends.rfc3339)"])
                folder.warn(logger)
                manager?.isReady(status: "Đã đọc lại chứng thư")
            } catch {
                logger.error("certificate.not-reloaded", metadata: ["error": "\(error.wording.vietnamese)"])
                manager?.isReady(status: "Không đọc được chứng thư mới, vẫn dùng chứng thư cũ; xem nhật ký")
            }
        }
    }
}
