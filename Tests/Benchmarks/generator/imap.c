/* IMAP: APPEND of one message into the INBOX of a user of the connection's own. */
#define _GNU_SOURCE
#include "generator.h"
#include <string.h>

static const char header[] = "From: a@example.org\r\nSubject: comment\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";

static void prepare(void) {
    if (strcmp(options.operation, "append")) fail("imap: append, not %s", options.operation);
}

/* The server speaks first. */
static void greet(struct connection *connection) { connection->step = 0; }

static void watch(struct connection *connection) {
    (void)connection;
    fail("imap: watching is not measured");
}

static void request(struct connection *connection, int64_t number) {
    append_format(&connection->out, "a APPEND INBOX {%zu+}\r\n%s", sizeof header - 1 + (size_t)options.body, header);
    append(&connection->out, text_of(number), (size_t)options.body);
    append(&connection->out, "\r\n", 2);
}

static void ping(struct connection *connection) { append_text(&connection->out, "p NOOP\r\n"); }

static size_t take(struct connection *connection, const char *octets, size_t count) {
    size_t used = 0;
    for (const char *end; used < count && (end = memchr(octets + used, '\n', count - used));) {
        const char *line = octets + used;
        size_t length = (size_t)(end - line);
        used += length + 1;
        if (*line == '*') {
            if (connection->phase != GREETING) continue;
            connection->phase = LOGIN;
            append_format(&connection->out, "l LOGIN user%d password\r\n", connection->number);
            continue;
        }
        bool is_good = length > 4 && !memcmp(line + 2, "OK", 2);
        if (connection->phase != LOGIN) reply(connection, is_good, -1, line, length);
        else if (is_good) logged_in(connection);
        else fail("imap: no login: %.*s", (int)length, line);
    }
    return used;
}

const struct protocol imap = {"imap", NULL, prepare, greet, watch, request, ping, take, NULL};
