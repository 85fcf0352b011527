/* The floor: what this machine allows for "a line in, durable, a line out, a line to every watcher" over TLS 1.3.
 *
 *   server PORT DIRECTORY CERTIFICATE KEY     on 127.0.0.1; prints "LISTENING PORT"; port 0 is a free one
 *
 *   POST text -> OK number, durable; and "EV text" to every subscriber     READ -> OK and 300 octets
 *   SUB -> OK                                                              PING -> OK
 *
 * It has no rights, no limits, no meaning: nothing that could be left out is in it. One thread takes what all readable
 * connections sent, commits it as one SQLite transaction (write-ahead log, synchronous=FULL, one index), and writes once
 * to each connection. That is the order of work that the real server aims at, so this is its bound with SQLite as the
 * place of truth. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

struct buffer {
    char *octets;
    size_t count, room;
};

struct connection {
    int fd;
    SSL *ssl;
    bool is_ready, is_watching, is_touched, wants_room, is_gone;
    size_t place; /* among the watchers */
    struct buffer in, out;
    struct connection *next_touched;
};

struct post {
    struct connection *author;
    char *text;
    size_t count;
    int64_t number;
};

static int poller;
static SSL_CTX *tls;
static sqlite3 *database;
static sqlite3_stmt *begin, *insert, *commit;
static int64_t next_number = 1;
static struct post *posts;
static size_t post_count, post_room;
static struct connection **watchers, *touched;
static size_t watcher_count, watcher_room;
static char text_300[301];

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

static void *need(void *memory) {
    if (!memory) fail("memory", "there is none");
    return memory;
}

static void append(struct buffer *buffer, const void *octets, size_t count) {
    if (buffer->count + count > buffer->room) {
        buffer->room = 2 * (buffer->count + count);
        buffer->octets = need(realloc(buffer->octets, buffer->room));
    }
    memcpy(buffer->octets + buffer->count, octets, count);
    buffer->count += count;
}

static void touch(struct connection *connection) {
    if (connection->is_touched || connection->is_gone) return;
    connection->is_touched = true;
    connection->next_touched = touched;
    touched = connection;
}

static void poll_for(struct connection *connection, bool room, int operation) {
    connection->wants_room = room;
    struct epoll_event event = {.events = EPOLLIN | (room ? EPOLLOUT : 0), .data.ptr = connection};
    if (epoll_ctl(poller, operation, connection->fd, &event)) fail("epoll", strerror(errno));
}

/* Its memory stays: posts and the list of touched ones may still point to it. */
static void drop(struct connection *connection) {
    if (connection->is_gone) return;
    connection->is_gone = true;
    if (connection->is_watching) {
        watchers[connection->place] = watchers[--watcher_count];
        watchers[connection->place]->place = connection->place;
    }
    SSL_free(connection->ssl);
    ERR_clear_error();
    close(connection->fd);
    free(connection->in.octets);
    free(connection->out.octets);
    connection->in = connection->out = (struct buffer){NULL, 0, 0};
}

static void flush(struct connection *connection) {
    struct buffer *out = &connection->out;
    size_t done = 0;
    while (done < out->count) {
        int sent = SSL_write(connection->ssl, out->octets + done, (int)(out->count - done));
        if (sent > 0) {
            done += (size_t)sent;
            continue;
        }
        if (SSL_get_error(connection->ssl, sent) == SSL_ERROR_WANT_WRITE) break;
        drop(connection);
        return;
    }
    if (done < out->count) memmove(out->octets, out->octets + done, out->count - done);
    out->count -= done;
    bool room = out->count > 0;
    if (room != connection->wants_room) poll_for(connection, room, EPOLL_CTL_MOD);
}

static void check(int result) {
    if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) fail("SQLite", sqlite3_errmsg(database));
}

static void step(sqlite3_stmt *statement) {
    check(sqlite3_step(statement));
    check(sqlite3_reset(statement));
}

static void open_database(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/floor.sqlite", folder);
    check(sqlite3_open(path, &database));
    check(sqlite3_exec(database,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE comments (seq INTEGER PRIMARY KEY, topic INTEGER NOT NULL, body TEXT NOT NULL);"
        "CREATE INDEX by_topic ON comments (topic, seq)", NULL, NULL, NULL));
    check(sqlite3_prepare_v2(database, "BEGIN IMMEDIATE", -1, &begin, NULL));
    check(sqlite3_prepare_v2(database, "INSERT INTO comments VALUES (?, ?, ?)", -1, &insert, NULL));
    check(sqlite3_prepare_v2(database, "COMMIT", -1, &commit, NULL));
}

/* One commit, then the answers, then one sweep over the watchers for each post. */
static void commit_posts(void) {
    if (!post_count) return;
    step(begin);
    for (size_t index = 0; index < post_count; index++) {
        check(sqlite3_bind_int64(insert, 1, posts[index].number));
        check(sqlite3_bind_int64(insert, 2, posts[index].number % 4));
        check(sqlite3_bind_text(insert, 3, posts[index].text, (int)posts[index].count, SQLITE_STATIC));
        step(insert);
    }
    step(commit);
    for (size_t index = 0; index < post_count; index++) {
        struct post *post = &posts[index];
        char answer[32];
        if (!post->author->is_gone) {
            append(&post->author->out, answer, (size_t)snprintf(answer, sizeof answer, "OK %lld\n", (long long)post->number));
            touch(post->author);
        }
        for (size_t watcher = 0; watcher < watcher_count; watcher++) {
            struct buffer *out = &watchers[watcher]->out;
            append(out, "EV ", 3);
            append(out, post->text, post->count);
            append(out, "\n", 1);
            touch(watchers[watcher]);
        }
        free(post->text);
    }
    post_count = 0;
}

static void take_line(struct connection *connection, const char *line, size_t count) {
    if (count > 5 && !memcmp(line, "POST ", 5)) {
        if (post_count == post_room) {
            post_room = post_room ? 2 * post_room : 256;
            posts = need(realloc(posts, post_room * sizeof *posts));
        }
        char *text = need(malloc(count - 5));
        memcpy(text, line + 5, count - 5);
        posts[post_count++] = (struct post){connection, text, count - 5, next_number++};
        return;
    }
    if (count == 4 && !memcmp(line, "READ", 4)) {
        append(&connection->out, "OK ", 3);
        append(&connection->out, text_300, 300);
        append(&connection->out, "\n", 1);
    } else {
        if (count == 3 && !memcmp(line, "SUB", 3) && !connection->is_watching) {
            if (watcher_count == watcher_room) {
                watcher_room = watcher_room ? 2 * watcher_room : 64;
                watchers = need(realloc(watchers, watcher_room * sizeof *watchers));
            }
            connection->is_watching = true;
            connection->place = watcher_count;
            watchers[watcher_count++] = connection;
        }
        append(&connection->out, "OK\n", 3);
    }
    touch(connection);
}

static void take(struct connection *connection, const char *octets, size_t count) {
    struct buffer *in = &connection->in;
    bool is_joined = in->count > 0;
    if (is_joined) {
        append(in, octets, count);
        octets = in->octets;
        count = in->count;
    }
    size_t used = 0;
    for (const char *end; used < count && (end = memchr(octets + used, '\n', count - used));) {
        take_line(connection, octets + used, (size_t)(end - octets) - used);
        used = (size_t)(end - octets) + 1;
    }
    if (is_joined) {
        memmove(in->octets, in->octets + used, count - used);
        in->count = count - used;
    } else if (used < count) {
        append(in, octets + used, count - used);
    }
}

static void work(struct connection *connection, uint32_t what) {
    static char octets[65536];
    if (!connection->is_ready) {
        int result = SSL_do_handshake(connection->ssl);
        if (result != 1) {
            int reason = SSL_get_error(connection->ssl, result);
            if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) drop(connection);
            return;
        }
        connection->is_ready = true;
    }
    if (what & EPOLLOUT) touch(connection);
    do {
        int got = SSL_read(connection->ssl, octets, sizeof octets);
        if (got <= 0) {
            if (SSL_get_error(connection->ssl, got) != SSL_ERROR_WANT_READ) drop(connection);
            return;
        }
        take(connection, octets, (size_t)got);
    } while (SSL_has_pending(connection->ssl));
}

static void accept_all(int listener) {
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = need(calloc(1, sizeof *connection));
        connection->fd = fd;
        connection->ssl = need(SSL_new(tls));
        SSL_set_fd(connection->ssl, fd);
        SSL_set_accept_state(connection->ssl);
        poll_for(connection, false, EPOLL_CTL_ADD);
    }
}

static int listen_on(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    const int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096) ||
        getsockname(listener, (struct sockaddr *)&address, &size))
        fail("listen", strerror(errno));
    printf("LISTENING %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int count, char **arguments) {
    if (count != 5) fail("usage", "server PORT DIRECTORY CERTIFICATE KEY");
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    memset(text_300, 'r', 300);
    open_database(arguments[2]);
    tls = need(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(tls, 1);
    if (SSL_CTX_use_certificate_chain_file(tls, arguments[3]) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls, arguments[4], SSL_FILETYPE_PEM) != 1)
        fail(arguments[3], "cannot be used");
    poller = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on(atoi(arguments[1]));
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    while (true) {
        static struct epoll_event events[1024];
        int ready = epoll_wait(poller, events, 1024, -1);
        if (ready < 0 && errno != EINTR) fail("epoll", strerror(errno));
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            if (!connection) accept_all(listener);
            else if (!connection->is_gone) work(connection, events[index].events);
        }
        commit_posts();
        while (touched) {
            struct connection *connection = touched;
            touched = connection->next_touched;
            connection->is_touched = false;
            if (!connection->is_gone) flush(connection);
        }
    }
}
