import GRDB

/// The schema, as a list of migrations that only ever grows.
///
/// A released migration is never edited: databases that ran it exist, and `FrozenV1` in the tests is one of them.
enum Schema {
    /// "phbi": what tells our files from any other SQLite database (PRAGMA application_id).
    static let applicationID: Int64 = 0x7068_6269
    /// Bodies of an event have the numbers `sequence * bodiesPerEvent + place`.
    static let bodiesPerEvent: Int64 = 16
    /// Passages of an event have the numbers `sequence << passageBits | (highest - number)`: descending order is then
    /// newest event first, and its text from top to bottom.
    static let passageBits: Int64 = 20

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1", migrate: createV1)
        migrator.registerMigration("v2", migrate: placeLaterV2)
        migrator.registerMigration("v3", migrate: oneRowV3)
        migrator.registerMigration("v4", migrate: shortPassagesV4)
        migrator.registerMigration("v5", migrate: searchByTopicV5)
        migrator.registerMigration("v6", migrate: treeV6)
        migrator.registerMigration("v7", migrate: certificatesV7)
        migrator.registerMigration("v8", migrate: originalFilesV8)
        return migrator
    }

    /// Creates the tables of the first version.
    ///
    /// - `events` grows at its end only; triggers refuse gaps, changes and deletions. `encoded` is the record; the other
    ///   columns repeat what queries look for.
    /// - `bodies` is numbered by event, not by digest, so that it also grows at its end: under random digests a batch
    ///   of 64 comments would write up to 64 further pages. `octets` is a blob, since text may hold U+0000.
    /// - `replies` is found through `reply_keys`, which `ReplyIndex` fills.
    /// - `topics` holds which are finished, so that a start reads nothing of them.
    /// - `search` holds words cut by our own rules; of its texts only the words are stored (`content=''`), and the
    ///   `ascii` tokenizer splits at nothing but our blanks. Rows lie in `passages`.
    private static func createV1(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA application_id = \(applicationID);

                CREATE TABLE meta (
                    name TEXT PRIMARY KEY NOT NULL,
                    value TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE events (
                    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
                    topic TEXT,
                    comment INTEGER,
                    review INTEGER,
                    keep TEXT NOT NULL CHECK (keep IN ('always', 'open', 'until')),
                    expires INTEGER CHECK ((keep = 'until') = (expires IS NOT NULL)),
                    bodies INTEGER NOT NULL CHECK (bodies BETWEEN 0 AND 16),
                    encoded TEXT NOT NULL,
                    link BLOB NOT NULL CHECK (length(link) = 32)
                ) STRICT;
                CREATE INDEX events_of_topic ON events (topic, seq) WHERE topic IS NOT NULL;
                CREATE UNIQUE INDEX events_of_comment ON events (comment) WHERE comment IS NOT NULL;
                CREATE UNIQUE INDEX events_of_review ON events (review) WHERE review IS NOT NULL;
                CREATE INDEX events_kept ON events (seq) WHERE keep = 'always';
                CREATE INDEX events_expiring ON events (expires) WHERE expires IS NOT NULL;
                CREATE TRIGGER events_without_gap BEFORE INSERT ON events
                    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
                    BEGIN SELECT RAISE(ABORT, 'events have no gaps'); END;
                CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
                    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
                CREATE TRIGGER events_undeleted BEFORE DELETE ON events
                    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

                CREATE TABLE bodies (
                    id INTEGER PRIMARY KEY NOT NULL,
                    seq INTEGER NOT NULL REFERENCES events (seq),
                    digest BLOB NOT NULL CHECK (length(digest) = 32),
                    octets BLOB,
                    CHECK (id / 16 = seq)
                ) STRICT;

                CREATE TABLE replies (
                    id INTEGER PRIMARY KEY NOT NULL,
                    person TEXT NOT NULL,
                    key TEXT NOT NULL,
                    request TEXT NOT NULL,
                    reply BLOB NOT NULL,
                    seq INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE reply_keys (
                    hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 16),
                    id INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE positions (
                    person TEXT NOT NULL,
                    client TEXT NOT NULL,
                    seq INTEGER NOT NULL,
                    PRIMARY KEY (person, client)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE topics (
                    topic TEXT PRIMARY KEY NOT NULL,
                    closed INTEGER
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE passages (
                    id INTEGER PRIMARY KEY NOT NULL,
                    topic TEXT NOT NULL,
                    kind TEXT NOT NULL CHECK (kind IN ('revision', 'comment', 'review', 'topic')),
                    number INTEGER NOT NULL,
                    superseded INTEGER NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1))
                ) STRICT;
                CREATE INDEX passages_of_revision ON passages (topic, number)
                    WHERE kind = 'revision' AND superseded = 0;
                CREATE VIRTUAL TABLE search USING fts5 (
                    exact, folded, content = '', columnsize = 0, tokenize = 'ascii'
                );
                """)
    }

    /// Takes what every commit paid for out of the commits.
    ///
    /// - Indices over the topic and over the comment made each event write to two further pages. `topic_events` and
    ///   `comment_events` hold the same, and `PlaceIndex` fills them for many events at once.
    /// - Whether an event has the next number is compared in memory before it is written, and again by every start and
    ///   verification: a trigger that asked for the last one cost more than the row itself.
    private static func placeLaterV2(_ database: Database) throws {
        try database.execute(
            sql: """
                DROP TRIGGER events_without_gap;
                DROP INDEX events_of_topic;
                DROP INDEX events_of_comment;
                CREATE TABLE topic_events (
                    topic TEXT NOT NULL,
                    seq INTEGER NOT NULL,
                    PRIMARY KEY (topic, seq)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE comment_events (
                    comment INTEGER PRIMARY KEY NOT NULL,
                    seq INTEGER NOT NULL
                ) STRICT;
                """)
        let head = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM events") ?? 0
        try PlaceIndex.place(after: 0, through: head, in: database)
    }

    /// Lets a commit write one row for an event, its texts and its reply, where there were three in three tables: each of
    /// them cost a page of its own.
    ///
    /// What earlier versions wrote stays where it is and is read as before, so the upgrade costs nothing for a long history.
    /// - `texts` holds the event's texts (`EventTexts`); `bodies` those of earlier versions, and what is left of events that
    ///   lost one.
    /// - `reply` holds the reply to the request that ended with this event, `person`, `key` and `request` what it is found
    ///   and compared by; `replies` those of earlier versions, and those of requests that changed nothing. Negative numbers
    ///   in `reply_keys` are events.
    /// - `echo` is the place of the text with which the reply begins: it is not stored a second time.
    /// - Long columns come last: those before them are read without their pages.
    private static func oneRowV3(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE events ADD COLUMN person TEXT;
                ALTER TABLE events ADD COLUMN key TEXT;
                ALTER TABLE events ADD COLUMN request TEXT;
                ALTER TABLE events ADD COLUMN echo INTEGER;
                ALTER TABLE events ADD COLUMN reply BLOB;
                ALTER TABLE events ADD COLUMN texts BLOB;
                DROP TRIGGER events_unchanged;
                CREATE TRIGGER events_unchanged
                    BEFORE UPDATE OF seq, topic, comment, review, keep, expires, bodies, encoded, link, person, key, request
                    ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
                CREATE TRIGGER events_texts_dropped BEFORE UPDATE OF texts ON events WHEN NEW.texts IS NOT NULL
                    BEGIN SELECT RAISE(ABORT, 'texts are never changed'); END;
                """)
    }

    /// Empties the search index, which the server then fills again beside its work: long texts are now cut into passages,
    /// and an index without contents can be told to forget only what it was told.
    private static func shortPassagesV4(_ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO search (search) VALUES ('delete-all');
                DELETE FROM passages;
                DELETE FROM meta WHERE name = 'indexed';
                """)
    }

    /// Makes the search index anew, so that each passage names its topic: a search in one topic passes over what matches
    /// in others.
    ///
    /// What marked passages of earlier revisions goes: they leave the index instead.
    private static func searchByTopicV5(_ database: Database) throws {
        try database.execute(
            sql: """
                DROP TABLE search;
                DROP TABLE passages;
                DELETE FROM meta WHERE name = 'indexed';
                CREATE TABLE passages (
                    id INTEGER PRIMARY KEY NOT NULL,
                    topic TEXT NOT NULL,
                    kind TEXT NOT NULL CHECK (kind IN ('revision', 'comment', 'review', 'topic')),
                    number INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX passages_of_revision ON passages (topic, number) WHERE kind = 'revision';
                CREATE VIRTUAL TABLE search USING fts5 (
                    exact, folded, topic, content = '', columnsize = 0, tokenize = 'ascii'
                );
                """)
    }

    /// Makes room for the tree over the log (RFC 6962), and the secret of its leaves.
    ///
    /// `tree` is filled beside the server's work, events of before included. The rows of a level only ever grow at its end.
    private static func treeV6(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE tree (
                    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 7),
                    position INTEGER NOT NULL CHECK (position >= 0),
                    hash BLOB NOT NULL CHECK (length(hash) = 32),
                    PRIMARY KEY (level, position)
                ) STRICT, WITHOUT ROWID;
                """)
        try database.execute(
            sql: "INSERT INTO meta (name, value) VALUES ('leaf-secret', ?)", arguments: [TreeStore.newSecret()])
    }

    /// Nothing changes but what events may be about: an earlier version would stop at the first client certificate, and is
    /// told before.
    private static func certificatesV7(_ database: Database) {}

    /// Nothing changes here either: an earlier version would stop at the first original file.
    private static func originalFilesV8(_ database: Database) {}
}
