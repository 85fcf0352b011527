/* Redis, RESP 2: XADD, the same with PUBLISH in one transaction, GET. */
#define _GNU_SOURCE
#include "generator.h"
#include <stdlib.h>
#include <string.h>

static enum { XADD, PUBLISH, GET, PING } operation;

static void prepare(void) {
    static const char *names[] = {"append", "publish", "get", "ping"};
    size_t index = 0;
    while (index < sizeof names / sizeof *names && strcmp(options.operation, names[index])) index++;
    if (index == sizeof names / sizeof *names) fail("redis: append, publish, get or ping, not %s", options.operation);
    operation = index;
}

static void set_text(struct connection *connection, const char *text) {
    append_format(&connection->out, "*3\r\n$3\r\nSET\r\n$4\r\ntext\r\n$%d\r\n", (int)options.body);
    append(&connection->out, text, (size_t)options.body);
    append(&connection->out, "\r\n", 2);
}

/* Redis without accounts asks for no login; the first connection stores what GET reads. */
static void greet(struct connection *connection) {
    if (operation != GET || connection->number) {
        logged_in(connection);
        return;
    }
    connection->phase = LOGIN;
    set_text(connection, text_of(0));
}

static void watch(struct connection *connection) { append_text(&connection->out, "*2\r\n$9\r\nSUBSCRIBE\r\n$6\r\nevents\r\n"); }

static void add_entry(struct connection *connection, const char *text) {
    append_format(&connection->out, "*5\r\n$4\r\nXADD\r\n$8\r\ncomments\r\n$1\r\n*\r\n$4\r\ntext\r\n$%d\r\n", (int)options.body);
    append(&connection->out, text, (size_t)options.body);
    append(&connection->out, "\r\n", 2);
}

static void request(struct connection *connection, int64_t number) {
    struct buffer *out = &connection->out;
    switch (operation) {
    case XADD: add_entry(connection, text_of(number)); return;
    case PUBLISH:
        append_text(out, "*1\r\n$5\r\nMULTI\r\n");
        add_entry(connection, text_of(number));
        append_format(out, "*3\r\n$7\r\nPUBLISH\r\n$6\r\nevents\r\n$%d\r\n", (int)options.body);
        append(out, text_of(number), (size_t)options.body);
        append_text(out, "\r\n*1\r\n$4\r\nEXEC\r\n");
        return;
    case GET: append_text(out, "*2\r\n$3\r\nGET\r\n$4\r\ntext\r\n"); return;
    case PING: append_text(out, "*1\r\n$4\r\nPING\r\n"); return;
    }
}

static void ping(struct connection *connection) { append_text(&connection->out, "*1\r\n$4\r\nPING\r\n"); }

/* The octets of the value at the beginning, 0 while it is incomplete. */
static size_t size_of(const char *octets, size_t count, int depth) {
    const char *end = memchr(octets, '\n', count);
    if (!end) return 0;
    size_t used = (size_t)(end - octets) + 1;
    if (*octets == '$') {
        long length = atol(octets + 1);
        if (length >= 0) used += (size_t)length + 2;
        return used <= count ? used : 0;
    }
    if (*octets != '*') return used;
    if (depth > 4) fail("redis: a reply is too deep");
    for (long left = atol(octets + 1); left > 0; left--) {
        size_t part = used < count ? size_of(octets + used, count - used, depth + 1) : 0;
        if (!part) return 0;
        used += part;
    }
    return used;
}

static void take_value(struct connection *connection, const char *octets, size_t count) {
    if (connection->phase == LOGIN) {
        if (*octets != '+') fail("redis: %.*s", (int)count, octets);
        logged_in(connection);
        return;
    }
    if (connection->role == WATCHER) {
        static const char message[] = "*3\r\n$7\r\nmessage\r\n$6\r\nevents\r\n$";
        if (connection->phase == SUBSCRIBING) subscribed(connection);
        else if (count > sizeof message && !memcmp(octets, message, sizeof message - 1)) {
            const char *text = memchr(octets + sizeof message - 1, '\n', count - sizeof message);
            if (text) deliver(connection, number_of(text + 1, (size_t)(octets + count - text - 1)));
        }
        return;
    }
    /* Of a transaction only the reply to EXEC counts. */
    bool is_good = *octets != '-' && !(operation == GET && count < (size_t)options.body);
    if (operation == PUBLISH && connection->phase == READY && is_good && *octets != '*') return;
    reply(connection, is_good, -1, octets, count);
}

static size_t take(struct connection *connection, const char *octets, size_t count) {
    size_t used = 0;
    while (used < count) {
        size_t part = size_of(octets + used, count - used, 0);
        if (!part) break;
        take_value(connection, octets + used, part);
        used += part;
    }
    return used;
}

const struct protocol redis = {"redis", NULL, prepare, greet, watch, request, ping, take, NULL};
