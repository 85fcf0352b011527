/* PostgreSQL, protocol 3: prepared INSERT, INSERT with pg_notify, SELECT. Trusted login over TLS. */
#define _GNU_SOURCE
#include "generator.h"
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

static enum { INSERT, NOTIFY, SELECT } operation;

static void prepare(void) {
    static const char *names[] = {"insert", "notify", "select"};
    size_t index = 0;
    while (index < sizeof names / sizeof *names && strcmp(options.operation, names[index])) index++;
    if (index == sizeof names / sizeof *names) fail("postgres: insert, notify or select, not %s", options.operation);
    operation = index;
}

static void put_int32(char *place, size_t value) {
    uint32_t octets = htonl((uint32_t)value);
    memcpy(place, &octets, 4);
}
static void append_int32(struct buffer *buffer, size_t value) {
    char octets[4];
    put_int32(octets, value);
    append(buffer, octets, 4);
}
static void append_int16(struct buffer *buffer, uint16_t value) {
    uint16_t octets = htons(value);
    append(buffer, &octets, 2);
}
static void append_name(struct buffer *buffer, const char *text) { append(buffer, text, strlen(text) + 1); }

/* A message's kind and a place for its length, which `end_message` fills in. */
static size_t begin_message(struct buffer *buffer, char kind) {
    append(buffer, &kind, 1);
    append_int32(buffer, 0);
    return buffer->count - 4;
}
static void end_message(struct buffer *buffer, size_t place) { put_int32(buffer->octets + place, buffer->count - place); }

static void preamble(int fd) {
    static const unsigned char request[8] = {0, 0, 0, 8, 4, 210, 22, 47};
    char answer = 0;
    if (send(fd, request, sizeof request, MSG_NOSIGNAL) != sizeof request || recv(fd, &answer, 1, 0) != 1 || answer != 'S')
        fail("postgres: no TLS");
}

static void greet(struct connection *connection) {
    struct buffer *out = &connection->out;
    size_t place = out->count;
    append_int32(out, 0);
    append_int32(out, 3 << 16);
    append_name(out, "user");
    append_name(out, "postgres");
    append_name(out, "database");
    append_name(out, "postgres");
    append_name(out, "");
    end_message(out, place);
    connection->phase = LOGIN;
    connection->step = 0;
}

static void query(struct connection *connection, const char *text) {
    size_t place = begin_message(&connection->out, 'Q');
    append_name(&connection->out, text);
    end_message(&connection->out, place);
}

static void watch(struct connection *connection) { query(connection, "LISTEN events"); }

static void prepare_statement(struct connection *connection) {
    static const char *texts[] = {
        "INSERT INTO comments (topic, body) VALUES (1, $1)",
        "WITH added AS (INSERT INTO comments (topic, body) VALUES (1, $1) RETURNING body) "
        "SELECT pg_notify('events', body) FROM added",
        "SELECT body FROM comments WHERE seq = 1",
    };
    struct buffer *out = &connection->out;
    size_t place = begin_message(out, 'P');
    append_name(out, "work");
    append_name(out, texts[operation]);
    append_int16(out, 0);
    end_message(out, place);
    end_message(out, begin_message(out, 'S'));
}

static void request(struct connection *connection, int64_t number) {
    struct buffer *out = &connection->out;
    bool has_text = operation != SELECT;
    size_t place = begin_message(out, 'B');
    append_name(out, "");
    append_name(out, "work");
    append_int16(out, 0);
    append_int16(out, has_text);
    if (has_text) {
        append_int32(out, (size_t)options.body);
        append(out, text_of(number), (size_t)options.body);
    }
    append_int16(out, 0);
    end_message(out, place);
    place = begin_message(out, 'E');
    append_name(out, "");
    append_int32(out, 0);
    end_message(out, place);
    end_message(out, begin_message(out, 'S'));
}

/* There is no cheaper request than an empty query; the login before it is part of a connection here. */
static void ping(struct connection *connection) { query(connection, ""); }

static void take_message(struct connection *connection, char kind, const char *octets, size_t count) {
    switch (kind) {
    case 'E':
        connection->has_failed = true;
        if (errors == 0) {
            size_t used = 0;
            for (size_t index = 0; index < count && used < sizeof first_error - 1; index++)
                first_error[used++] = octets[index] ? octets[index] : ' ';
            first_error[used] = 0;
        }
        errors++;
        if (connection->phase != READY) fail("postgres: %s", first_error);
        return;
    case 'A': {
        const char *channel = count > 4 ? octets + 4 : NULL;
        const char *end = channel ? memchr(channel, 0, count - 4) : NULL;
        if (end) deliver(connection, number_of(end + 1, (size_t)(octets + count - end - 1)));
        return;
    }
    case 'Z': {
        bool is_good = !connection->has_failed;
        connection->has_failed = false;
        if (connection->phase == LOGIN && connection->step++ == 0 && connection->role != WATCHER) prepare_statement(connection);
        else if (connection->phase == LOGIN) logged_in(connection);
        else if (connection->phase == SUBSCRIBING) subscribed(connection);
        else reply(connection, is_good, -1, first_error, strlen(first_error));
        return;
    }
    default: return;
    }
}

static size_t take(struct connection *connection, const char *octets, size_t count) {
    size_t used = 0;
    while (count - used >= 5) {
        uint32_t length;
        memcpy(&length, octets + used + 1, 4);
        length = ntohl(length);
        if (length < 4) fail("postgres: a message without a length");
        if (count - used < 1 + (size_t)length) break;
        take_message(connection, octets[used], octets + used + 5, length - 4);
        used += 1 + (size_t)length;
    }
    return used;
}

const struct protocol postgres = {"postgres", preamble, prepare, greet, watch, request, ping, take, NULL};
