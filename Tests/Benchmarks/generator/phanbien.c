/* phanbien/1. Every line of the tokens file is "person topic token": the connections go through them in turn. */
#define _GNU_SOURCE
#include "generator.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_ACCOUNTS = 64 };

static struct account {
    char person[40], topic[16], token[160];
} accounts[MAX_ACCOUNTS];
static int account_count;
static int64_t next_key;
static enum { COMMENT, SHOW, THREAD, LIST, PING } operation;

static void prepare(void) {
    static const char *names[] = {"comment", "show", "thread", "list", "ping"};
    size_t index = 0;
    while (index < sizeof names / sizeof *names && strcmp(options.operation, names[index])) index++;
    if (index == sizeof names / sizeof *names) fail("phanbien: comment, show, thread, list or ping, not %s", options.operation);
    operation = index;
    FILE *file = options.tokens ? fopen(options.tokens, "r") : NULL;
    if (!file) fail("--tokens: a file with a line \"person topic token\" for each account");
    while (account_count < MAX_ACCOUNTS) {
        struct account *account = &accounts[account_count];
        if (fscanf(file, "%39s %15s %159s", account->person, account->topic, account->token) != 3) break;
        account_count++;
    }
    fclose(file);
    if (!account_count) fail("%s holds no token", options.tokens);
}

/* The server speaks first. */
static void greet(struct connection *connection) { connection->step = 0; }

static const struct account *account_of(const struct connection *connection) {
    return &accounts[connection->number % account_count];
}

static void watch(struct connection *connection) { append_text(&connection->out, "WATCH\n"); }

static void request(struct connection *connection, int64_t number) {
    struct buffer *out = &connection->out;
    const struct account *account = account_of(connection);
    switch (operation) {
    case COMMENT:
        append_format(out, "COMMENT %s@1 kind=content level=note key=%s-%lld {%d}\n", account->topic, key_prefix,
                      (long long)next_key++, (int)options.body);
        append(out, text_of(number), (size_t)options.body);
        append(out, "\n", 1);
        return;
    case SHOW: append_format(out, "SHOW %s\n", account->topic); return;
    case THREAD: append_text(out, "THREAD C1\n"); return;
    case LIST: append_text(out, "LIST year=2025\n"); return;
    case PING: append_text(out, "PING\n"); return;
    }
}

/* A handshake is complete for a client when HELLO has come; it came already. */
static void ping(struct connection *connection) { reply(connection, true, -1, "", 0); }

static bool begins(const char *line, size_t count, const char *word, size_t word_count) {
    return count >= word_count && !memcmp(line, word, word_count);
}

/* The number behind a name in a status or event line; -1 if it is not there. */
static int64_t number_behind(const char *line, size_t count, const char *name) {
    size_t length = strlen(name);
    const char *place = memmem(line, count, name, length);
    if (!place) return -1;
    int64_t number = 0;
    for (place += length; place < line + count && *place >= '0' && *place <= '9'; place++) number = 10 * number + (*place - '0');
    return number;
}

static void take_event(struct connection *connection, const char *line, size_t count) {
    int64_t event = number_behind(line, count, "EVENT "), before = number_behind(line, count, " prev=");
    if (before != connection->told)
        fail("an event is missing: %.*s follows %lld", (int)count, line, (long long)connection->told);
    connection->told = event;
    if (connection->phase == READY && memmem(line, count, " COMMENT.ADDED ", 15)) deliver(connection, event);
}

static void take_status(struct connection *connection, bool is_good, const char *line, size_t count) {
    switch (connection->phase) {
    case HANDSHAKE: case GREETING: fail("phanbien: %.*s", (int)count, line);
    case LOGIN:
        if (!is_good) fail("phanbien: no login: %.*s", (int)count, line);
        logged_in(connection);
        return;
    case SUBSCRIBING:
        if (!is_good) fail("phanbien: no subscription: %.*s", (int)count, line);
        connection->told = number_behind(line, count, " after=");
        return;
    case READY: break;
    }
    reply(connection, is_good, number_behind(line, count, " seq="), line, count);
}

static void take_line(struct connection *connection, const char *line, size_t count) {
    switch (line[0]) {
    case '-': case '|': return;
    case 'O':
        if (begins(line, count, "OK", 2)) take_status(connection, true, line, count);
        return;
    case 'E':
        if (begins(line, count, "EVENT ", 6)) take_event(connection, line, count);
        return;
    case 'S':
        if (begins(line, count, "SYNC ", 5)) subscribed(connection);
        return;
    case 'N':
        if (begins(line, count, "NO ", 3)) take_status(connection, false, line, count);
        return;
    case 'B':
        if (begins(line, count, "BAD ", 4)) take_status(connection, false, line, count);
        else if (begins(line, count, "BYE", 3)) fail("phanbien says %.*s", (int)count, line);
        return;
    case 'H':
        if (connection->phase != GREETING || !begins(line, count, "HELLO phanbien/1", 16)) return;
        /* Without a password or token a handshake is all that is wanted. */
        if (!strcmp(options.mode, "handshakes")) {
            logged_in(connection);
            return;
        }
        connection->phase = LOGIN;
        append_format(&connection->out, "AUTH TOKEN {%zu}\n%s\n", strlen(account_of(connection)->token),
                      account_of(connection)->token);
        return;
    default: return;
    }
}

static size_t take(struct connection *connection, const char *octets, size_t count) {
    size_t used = 0;
    while (used < count) {
        const char *end = memchr(octets + used, '\n', count - used);
        if (!end) break;
        size_t length = (size_t)(end - (octets + used));
        if (length) take_line(connection, octets + used, length);
        used += length + 1;
    }
    return used;
}

const struct protocol phanbien = {"phanbien", NULL, prepare, greet, watch, request, ping, take, "\x0aphanbien/1"};
