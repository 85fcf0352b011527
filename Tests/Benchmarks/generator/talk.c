/* phanbien requests one after another over blocking connections, to prepare data. */
#define _GNU_SOURCE
#include "generator.h"
#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TALKERS = 16, REQUEST_ROOM = 8192, FILE_ROOM = 1 << 22 };

struct talker {
    char person[40];
    SSL *ssl;
    char buffer[65536];
    size_t count, start;
};

static int64_t next_key;

static void send_all(struct talker *talker, const char *octets, size_t count) {
    for (size_t done = 0; done < count;) {
        int sent = SSL_write(talker->ssl, octets + done, (int)(count - done));
        if (sent <= 0) fail("%s: the server hung up", talker->person);
        done += (size_t)sent;
    }
}

/* The next line without its LF; it is valid until the next call. */
static char *read_line(struct talker *talker) {
    while (true) {
        char *start = talker->buffer + talker->start;
        char *end = memchr(start, '\n', talker->count - talker->start);
        if (end) {
            *end = 0;
            talker->start = (size_t)(end - talker->buffer) + 1;
            return start;
        }
        memmove(talker->buffer, start, talker->count - talker->start);
        talker->count -= talker->start;
        talker->start = 0;
        if (talker->count == sizeof talker->buffer) fail("%s: a line is too long", talker->person);
        int got = SSL_read(talker->ssl, talker->buffer + talker->count, (int)(sizeof talker->buffer - talker->count));
        if (got <= 0) fail("%s: no answer from the server", talker->person);
        talker->count += (size_t)got;
    }
}

/* Reads to the status, which must be OK. */
static char *read_reply(struct talker *talker, const char *request) {
    while (true) {
        char *line = read_line(talker);
        if (!strncmp(line, "OK", 2)) return line;
        if (!strncmp(line, "NO ", 3) || !strncmp(line, "BAD ", 4) || !strncmp(line, "BYE ", 4))
            fail("%s: %s -> %s", talker->person, request, line);
    }
}

/* The value of a pair of a status line; it must be a plain word. */
static void copy_pair(const char *line, const char *name, char *value, size_t room) {
    const char *found = strstr(line, name);
    if (!found) return;
    found += strlen(name);
    size_t length = strcspn(found, " ");
    if (length < room) snprintf(value, room, "%.*s", (int)length, found);
}

/* The session token that a file of `tokens` has for a person; a person is in it once or several times. */
static bool find_token(const char *person, char *token, size_t room) {
    FILE *file = options.tokens ? fopen(options.tokens, "r") : NULL;
    if (options.tokens && !file) fail("%s: %s", options.tokens, strerror(errno));
    char name[40], topic[16], found[160];
    bool is_found = false;
    while (file && !is_found && fscanf(file, "%39s %15s %159s", name, topic, found) == 3) is_found = !strcmp(name, person);
    if (file) fclose(file);
    if (is_found) snprintf(token, room, "%s", found);
    return is_found;
}

static void log_in(struct talker *talker, const char *person, char *token, size_t room) {
    snprintf(talker->person, sizeof talker->person, "%s", person);
    talker->count = talker->start = 0;
    talker->ssl = start_tls(connect_to_server(0));
    if (SSL_connect(talker->ssl) != 1) fail("%s: no TLS: %s", person, ERR_reason_error_string(ERR_get_error()));
    if (strncmp(read_line(talker), "HELLO phanbien/1", 16)) fail("%s: no HELLO", person);
    char request[256];
    bool has_token = find_token(person, token, room);
    int count = has_token
        ? snprintf(request, sizeof request, "AUTH TOKEN {%zu}\n%s\n", strlen(token), token)
        : snprintf(request, sizeof request, "LOGIN %s token=yes <\n%s\n", person, options.password);
    if ((size_t)count >= sizeof request) fail("the password is too long");
    send_all(talker, request, (size_t)count);
    const char *reply = read_reply(talker, has_token ? "AUTH" : "LOGIN");
    if (!has_token) copy_pair(reply, " token=", token, room);
}

/* Sends one request with its body, if it has one, and a key of its own if it changes something. */
static void say(struct talker *talker, const char *request, const char *body, size_t body_count) {
    char text[REQUEST_ROOM];
    bool is_reading = !strncmp(request, "SHOW", 4);
    int count = snprintf(text, sizeof text, "%s key=%s-%lld", request, key_prefix, (long long)next_key++);
    if (count < 0 || (size_t)count >= sizeof text) fail("a request is too long");
    send_all(talker, text, is_reading ? strlen(request) : (size_t)count);
    if (body) {
        send_all(talker, text, (size_t)snprintf(text, sizeof text, " {%zu}\n", body_count));
        send_all(talker, body, body_count);
    }
    send_all(talker, "\n", 1);
}

void run_talk(void) {
    static struct talker talkers[MAX_TALKERS];
    static char line[REQUEST_ROOM], request[REQUEST_ROOM];
    char digest[80] = "", token[160] = "";
    char *text = need(malloc(FILE_ROOM));
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *body = line, *person = strsep(&body, "\t"), *template = strsep(&body, "\t");
        if (!template) fail("no request in the line of %s", person);
        struct talker *talker = talkers;
        while (talker->ssl && strcmp(talker->person, person))
            if (++talker == talkers + MAX_TALKERS) fail("too many persons");
        if (!talker->ssl) log_in(talker, person, token, sizeof token);
        /* The digest that the last reply named, for APPROVE. */
        char *place = strstr(template, "{sha256}");
        int before = place ? (int)(place - template) : (int)strlen(template);
        snprintf(request, sizeof request, "%.*s%s%s", before, template, place ? digest : "", place ? place + 8 : "");
        size_t body_count = body ? strlen(body) : 0;
        if (body && *body == '@') {
            FILE *file = fopen(body + 1, "r");
            if (!file) fail("%s: %s", body + 1, strerror(errno));
            body_count = fread(text, 1, FILE_ROOM, file);
            fclose(file);
            body = text;
        }
        say(talker, request, body, body_count);
        copy_pair(read_reply(talker, request), " sha256=", digest, sizeof digest);
    }
    free(text);
}

void run_tokens(void) {
    static struct talker talker;
    char person[40], topic[16];
    while (scanf("%39s %15s", person, topic) == 2) {
        char token[160] = "";
        log_in(&talker, person, token, sizeof token);
        if (!token[0]) fail("%s: the server gave no session token", person);
        printf("%s %s %s\n", person, topic, token);
        SSL_free(talker.ssl);
    }
}
