/* The floor's own line protocol: POST text, READ, PING, SUB. */
#define _GNU_SOURCE
#include "generator.h"
#include <string.h>

static enum { POST, READ, PING } operation;

static void prepare(void) {
    static const char *names[] = {"post", "read", "ping"};
    size_t index = 0;
    while (index < sizeof names / sizeof *names && strcmp(options.operation, names[index])) index++;
    if (index == sizeof names / sizeof *names) fail("floor: post, read or ping, not %s", options.operation);
    operation = index;
}

static void greet(struct connection *connection) { logged_in(connection); }
static void watch(struct connection *connection) { append_text(&connection->out, "SUB\n"); }
static void ping(struct connection *connection) { append_text(&connection->out, "PING\n"); }

static void request(struct connection *connection, int64_t number) {
    switch (operation) {
    case POST:
        append(&connection->out, "POST ", 5);
        append(&connection->out, text_of(number), (size_t)options.body);
        append(&connection->out, "\n", 1);
        return;
    case READ: append(&connection->out, "READ\n", 5); return;
    case PING: ping(connection); return;
    }
}

static size_t take(struct connection *connection, const char *octets, size_t count) {
    size_t used = 0;
    for (const char *end; used < count && (end = memchr(octets + used, '\n', count - used));) {
        const char *line = octets + used;
        size_t length = (size_t)(end - line);
        used += length + 1;
        if (length >= 3 && !memcmp(line, "EV ", 3)) deliver(connection, number_of(line + 3, length - 3));
        else if (connection->phase == SUBSCRIBING) subscribed(connection);
        else reply(connection, length >= 2 && !memcmp(line, "OK", 2), -1, line, length);
    }
    return used;
}

const struct protocol floor_server = {"floor", NULL, prepare, greet, watch, request, ping, take, NULL};
