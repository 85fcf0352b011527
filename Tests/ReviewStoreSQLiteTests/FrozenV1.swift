/// A database as version 1 of the schema wrote it.
///
/// DO NOT EDIT.
///
/// Databases like this one exist. When the schema or the facts change, this text stays, and what it holds must still be
/// read as it was written; a later version gets a text of its own beside it.
enum FrozenV1 {
    /// The link of the last event.
    static let link = "b935bd73bebe1ddd228eea06e71c7c1392d40362e76f719791d4afa450a6f080"
    /// The epoch.
    static let epoch = "bbn1yd07sxm4"
    /// The statements that make the database.
    ///
    /// The search index is left out: it is made again from the events.
    static let sql = #"""
        PRAGMA application_id = 1885889129;
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
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
        CREATE VIRTUAL TABLE search USING fts5 (
            exact, folded, content = '', columnsize = 0, tokenize = 'ascii'
        );
        INSERT INTO grdb_migrations VALUES ('v1');
        INSERT INTO meta VALUES ('epoch', 'bbn1yd07sxm4');
        INSERT INTO events VALUES (1, NULL, NULL, NULL, 'always', NULL, 0, '1 2025-01-13T08:00:01.001+07:00 OFFICE.ADDED - - office=nv name="Phòng Nghiệp vụ"', X'68c2f65b73f8888b46ff053188dbda77ba832816cf6ba2b1b67afb5d52402238');
        INSERT INTO events VALUES (2, '2025-1', NULL, NULL, 'always', NULL, 2, '2 2025-01-13T08:00:02.002+07:00 TOPIC.PLANNED - - topic=2025-1 plan=2025 lead=nv review=hcth quarter=1 opinion-date=2025-03-15 review-date=2025-03-20 final-date=2025-03-28 title=sha256:b49f649dfe300a38a2c933cc1e9232bbb11076b7b8951839fb90ffbfdef253ab outline=sha256:0c6f17f51b2f3de16f286c7991d5989fc73cb662587f0a5a60ecbab073cb8837', X'7ca9c3901c09b2c6cb919ec3923829395b3f431365eebd22efb679100d11c27a');
        INSERT INTO events VALUES (3, '2025-2', NULL, NULL, 'always', NULL, 2, '3 2025-01-13T08:00:03.003+07:00 TOPIC.PLANNED - - topic=2025-2 plan=2025 lead=nv review=hcth quarter=1 opinion-date=2025-03-15 review-date=2025-03-20 final-date=2025-03-28 title=sha256:3f02db36cb831148a8ab7252abd5642bdff070288f169c7c2dda63f09935d273 outline=sha256:0c6f17f51b2f3de16f286c7991d5989fc73cb662587f0a5a60ecbab073cb8837', X'7c91c7e74ba846c4cade6647210425571a365fb53cdf0b88858df0a14b5b5efc');
        INSERT INTO events VALUES (4, '2025-1', NULL, NULL, 'open', NULL, 1, '4 2025-01-13T08:00:04.004+07:00 REVISION.PUSHED minh nv topic=2025-1 revision=1 note="Dự thảo lần 1" text=sha256:96d51ada57138e7529b95fd5baf4e749e9c65df7d4d7ef1c310ef92bd499cc6d', X'a82538dfd77288df80d8345f6006b76cfe7430942ed319f988bfc217eca1fb99');
        INSERT INTO events VALUES (5, '2025-1', 1, NULL, 'open', NULL, 3, '5 2025-01-13T08:00:05.005+07:00 COMMENT.ADDED minh nv topic=2025-1 revision=1 id=C1 anchor=I/1 kind=content level=must stage=review round=1 quote=sha256:4dcc7e0dae11f56c699945ca5aa4932ac4c998aa9fc62accd8c5c53229e42f0b suggest=sha256:9da26c4294f41f3f256e736c0cf06711fd1002d1505ff347c03723e9f0de940d body=sha256:fdf468a3d946fd6ca6c15c9fd81d074e483a806ab6c294c740ba78ef43773dd0', X'ff0dedcbcfc9e3cb76cc06d4fa3df9b024edffcad9dace70af9b240689dcb9d5');
        INSERT INTO events VALUES (6, '2025-1', NULL, 1, 'open', NULL, 1, '6 2025-01-13T08:00:06.006+07:00 REVIEW.FILED minh nv topic=2025-1 revision=1 id=P1 verdict=pass-if-revised round=1 body=sha256:8254bb0d1de631edf9df30f6415f6bdd183c09f9c1e126eead5f911c4259fae0', X'c7da4b690a2029e51bb29795804633585f7c600111c227c9cb529a8706b26e3c');
        INSERT INTO events VALUES (7, NULL, NULL, NULL, 'until', 1736773200000, 0, '7 2025-01-13T08:00:07.007+07:00 TOKEN.ISSUED minh nv person=minh token=abababababababababababababababababababababababababababababababab expires=2025-01-13T20:00:00.000+07:00', X'72cd643c493378ee11504de14a17d5bd5a390e226f2e358834c42ce76140fd9b');
        INSERT INTO events VALUES (8, '2025-2', NULL, NULL, 'always', NULL, 1, '8 2025-01-13T08:00:08.008+07:00 TOPIC.CANCELLED minh nv topic=2025-2 highest-comment=1 highest-review=1 revision=0 reason=sha256:e5ca8c06e7ec6aa422dae2031fea9417c3ce632c8fe7e83274cf070079179577', X'b935bd73bebe1ddd228eea06e71c7c1392d40362e76f719791d4afa450a6f080');
        INSERT INTO bodies VALUES (32, 2, X'b49f649dfe300a38a2c933cc1e9232bbb11076b7b8951839fb90ffbfdef253ab', X'43687579c3aa6e20c491e1bb8120323032352d31');
        INSERT INTO bodies VALUES (33, 2, X'0c6f17f51b2f3de16f286c7991d5989fc73cb662587f0a5a60ecbab073cb8837', X'4de1bb9f20c491e1baa775');
        INSERT INTO bodies VALUES (48, 3, X'3f02db36cb831148a8ab7252abd5642bdff070288f169c7c2dda63f09935d273', X'43687579c3aa6e20c491e1bb8120323032352d32');
        INSERT INTO bodies VALUES (49, 3, X'0c6f17f51b2f3de16f286c7991d5989fc73cb662587f0a5a60ecbab073cb8837', X'4de1bb9f20c491e1baa775');
        INSERT INTO bodies VALUES (64, 4, X'96d51ada57138e7529b95fd5baf4e749e9c65df7d4d7ef1c310ef92bd499cc6d', X'23204de1bb9f20c491e1baa7750a0a4ec4836d2032303234205472756e672074c3a26d207468e1bbb163206869e1bb876e2035372076e1bba5207669e1bb87632e0a');
        INSERT INTO bodies VALUES (80, 5, X'4dcc7e0dae11f56c699945ca5aa4932ac4c998aa9fc62accd8c5c53229e42f0b', X'35372076e1bba5207669e1bb8763');
        INSERT INTO bodies VALUES (81, 5, X'9da26c4294f41f3f256e736c0cf06711fd1002d1505ff347c03723e9f0de940d', X'37352076e1bba5207669e1bb8763');
        INSERT INTO bodies VALUES (82, 5, X'fdf468a3d946fd6ca6c15c9fd81d074e483a806ab6c294c740ba78ef43773dd0', X'42c3a16f2063c3a16f206ec4836d206768692037352e');
        INSERT INTO bodies VALUES (96, 6, X'8254bb0d1de631edf9df30f6415f6bdd183c09f9c1e126eead5f911c4259fae0', X'c490e1bb81206e6768e1bb8b2062e1bb952073756e672073e1bb91206c69e1bb87752e');
        INSERT INTO bodies VALUES (128, 8, X'e5ca8c06e7ec6aa422dae2031fea9417c3ce632c8fe7e83274cf070079179577', X'4b68c3b46e672063c3b26e207068c3b92068e1bba370');
        INSERT INTO replies VALUES (1, 'minh', '01-a', '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', X'4f4b2069643d4331207365713d350d0a', 8);
        INSERT INTO positions VALUES ('minh', 'tui', 4);
        INSERT INTO topics VALUES ('2025-1', NULL);
        INSERT INTO topics VALUES ('2025-2', 8);
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
        CREATE INDEX passages_of_revision ON passages (topic, number)
            WHERE kind = 'revision' AND superseded = 0;
        """#
}
