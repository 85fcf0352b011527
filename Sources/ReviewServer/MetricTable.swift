public import ReviewMetrics

/// Everything that is measured, a row each (docs/operations.md explains what to do about them).
///
/// Labels hold verbs, codes and states of the protocol's own tables: neither names of people nor texts, and nothing that a
/// peer could make up.
public enum MetricTable {
    /// The rows, in the order of the exposition.
    public static let families: [MetricFamily] = [
        MetricFamily("phanbien_build", .info, labels: ["version"], help: "The version of the server."),
        MetricFamily(
            "phanbien_start_timestamp_seconds", .gauge, unit: "seconds",
            help: "When the server was started, in Unix time."),
        MetricFamily(
            "phanbien_connections", .gauge, labels: ["state"],
            help: "Connections now: in their TLS handshake, before login, of people who are logged in."),
        MetricFamily(
            "phanbien_connections_accepted", .counter, help: "Connections that were let into their handshake."),
        MetricFamily(
            "phanbien_connections_refused", .counter, labels: ["reason"],
            help: "Connections closed before their handshake: too many, or no descriptors left."),
        MetricFamily("phanbien_tls_failures", .counter, help: "Handshakes that failed."),
        MetricFamily("phanbien_watchers", .gauge, help: "Connections that follow events now."),
        MetricFamily(
            "phanbien_requests", .counter, labels: ["verb", "status"],
            help: "Requests answered, by verb and by OK, NO or BAD; the verb is - for what was not understood."),
        MetricFamily(
            "phanbien_refusals", .counter, labels: ["code"], help: "Requests refused, by the code of NO and BAD."),
        MetricFamily(
            "phanbien_goodbyes", .counter, labels: ["code"],
            help: "Connections ended by the server, by the code of BYE."),
        MetricFamily("phanbien_logins", .counter, help: "People let in."),
        MetricFamily("phanbien_password_queue", .gauge, help: "Password hashes under way or waiting for a thread."),
        MetricFamily("phanbien_event_deliveries", .counter, help: "EVENT lines sent to watchers."),
        MetricFamily(
            "phanbien_commit_duration_seconds",
            .histogram(bounds: [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]),
            unit: "seconds", help: "How long one durable commit took."),
        MetricFamily(
            "phanbien_batch_events", .histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024]),
            help: "Events stored by one commit."),
        MetricFamily(
            "phanbien_commit_failures", .counter, labels: ["cause"],
            help: "Commits not acknowledged: full, read-only, moved, unreachable, conflict, uncertain, broken."),
        MetricFamily("phanbien_log_events", .gauge, help: "The sequence of the last event of the log."),
        MetricFamily("phanbien_index_backlog_events", .gauge, help: "Events that the search index has not seen yet."),
        MetricFamily("phanbien_store_bytes", .gauge, unit: "bytes", help: "Size of the database."),
        MetricFamily("phanbien_wal_bytes", .gauge, unit: "bytes", help: "Size of the database's write-ahead log."),
        MetricFamily(
            "phanbien_free_bytes", .gauge, unit: "bytes",
            help: "Space left for the server on the file system of its data."),
        MetricFamily(
            "phanbien_resident_memory_bytes", .gauge, unit: "bytes", help: "Memory of the process that is in use."),
        MetricFamily("phanbien_open_files", .gauge, help: "Descriptors that the process has open."),
        MetricFamily("phanbien_people", .gauge, help: "People with an account that is not disabled."),
        MetricFamily("phanbien_open_topics", .gauge, help: "Topics that are not finished."),
        MetricFamily(
            "phanbien_certificate_expiry_timestamp_seconds", .gauge, unit: "seconds",
            help: "When the server's certificate ends, in Unix time."),
        MetricFamily(
            "phanbien_last_backup_timestamp_seconds", .gauge, unit: "seconds",
            help: "When the last backup was finished, in Unix time; absent before the first one."),
    ]
}
