/* A load generator for phanbien/1: TLS 1.3 connections to one server on this machine, driven by epoll in one thread.
 *
 *   talk   reads "person<TAB>request[<TAB>body]" lines and sends them one after another; a body "@FILE" is the file
 *   load   keeps --depth requests in flight on each of --connections until --seconds or --count is reached
 *   idle   opens --connections, logs in, watches, and reports the server's resident memory for each
 *
 * It logs in once with the password and asks for a session token; every measured connection then presents the token, so
 * that the deliberately slow password hash is no part of any figure. Results are one line of key=value pairs. The status
 * is 0 only when every request was answered with OK. It connects to 127.0.0.1 and nowhere else. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 20000, MAX_DEPTH = 64, HANDSHAKES_AT_ONCE = 16, REQUEST_ROOM = 8192, MAX_TALKERS = 16 };
static const int64_t SECOND = 1000000000;

static struct {
    const char *mode, *ca, *person, *password, *request;
    int64_t port, connections, depth, body, count, seconds, warm_up, server;
} options = {.password = "", .request = "PING", .connections = 1, .depth = 1, .seconds = 3};

enum phase { HANDSHAKE, HELLO, LOGIN, READY };

struct connection {
    int fd, in_flight, oldest;
    SSL *ssl;
    enum phase phase;
    bool watching;
    int64_t opened, sent[MAX_DEPTH];
    char *out;                   /* what the socket has not taken yet */
    size_t out_count, out_room;
    char head[256];              /* the beginning of a line whose end has not come yet */
    size_t head_count;
};

/* Times in tenths of a microsecond. */
struct samples {
    uint32_t *values;
    size_t count, room;
};

static SSL_CTX *tls;
static int poller;
static struct connection *connections;
static int opened, ready, watching;
static char token[256];
static char key_prefix[32];
static int64_t next_key, started_requests, replies, errors;
static char first_error[256];
static struct samples latencies, openings;
static bool measuring, sending;

static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("generator: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static void *need(void *memory) {
    if (!memory) fail("out of memory");
    return memory;
}

static void add_sample(struct samples *samples, int64_t nanoseconds) {
    if (samples->count == samples->room) {
        samples->room = samples->room ? 2 * samples->room : 65536;
        samples->values = need(realloc(samples->values, samples->room * sizeof *samples->values));
    }
    samples->values[samples->count++] = (uint32_t)(nanoseconds / 100);
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Sorts, then prints the median, the 99th percentile and the maximum in microseconds. */
static void print_samples(const char *name, struct samples *samples) {
    if (!samples->count) return;
    qsort(samples->values, samples->count, sizeof *samples->values, compare);
    printf(" %s_p50_us=%.1f %s_p99_us=%.1f %s_max_us=%.1f", name, samples->values[samples->count / 2] / 10.0, name,
           samples->values[samples->count * 99 / 100] / 10.0, name, samples->values[samples->count - 1] / 10.0);
}

static double own_cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The processor time of the server so far, in seconds; its resolution is a clock tick. */
static double server_cpu(void) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", options.server);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t count = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[count] = 0;
    /* The name in parentheses may hold blanks, so the fields are counted from its end. */
    const char *rest = strrchr(text, ')');
    unsigned long user = 0, system = 0;
    if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) return 0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* The server's resident memory in KiB. */
static long server_memory(void) {
    char path[64], line[256];
    long value = 0;
    snprintf(path, sizeof path, "/proc/%" PRId64 "/status", options.server);
    FILE *file = fopen(path, "r");
    if (!file) fail("there is no process %" PRId64, options.server);
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, "VmRSS:", 6)) value = atol(line + 6);
    fclose(file);
    return value;
}

/* MARK: Connecting */

static void prepare_tls(void) {
    tls = need(SSL_CTX_new(TLS_client_method()));
    static const unsigned char protocol[] = "\x0aphanbien/1";
    bool is_set = SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) == 1 &&
                  SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256") == 1 &&
                  SSL_CTX_load_verify_locations(tls, options.ca, NULL) == 1 &&
                  SSL_CTX_set_alpn_protos(tls, protocol, sizeof protocol - 1) == 0;
    if (!is_set) fail("cannot set TLS up with %s", options.ca);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static int connect_to_server(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket: %s", strerror(errno));
    const struct timeval bound = {.tv_sec = 60};
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect: %s", strerror(errno));
    return fd;
}

static SSL *start_tls(int fd) {
    SSL *ssl = need(SSL_new(tls));
    if (SSL_set1_host(ssl, "localhost") != 1 || SSL_set_tlsext_host_name(ssl, "localhost") != 1) fail("host name");
    SSL_set_fd(ssl, fd);
    SSL_set_connect_state(ssl);
    return ssl;
}

/* MARK: Talking, one request after another */

struct talker {
    char person[40];
    SSL *ssl;
    char buffer[65536];
    size_t count, start;
};

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

static void log_in(struct talker *talker, const char *person) {
    snprintf(talker->person, sizeof talker->person, "%s", person);
    talker->ssl = start_tls(connect_to_server());
    if (SSL_connect(talker->ssl) != 1) fail("%s: no TLS: %s", person, ERR_reason_error_string(ERR_get_error()));
    if (strncmp(read_line(talker), "HELLO phanbien/1", 16)) fail("%s: no HELLO", person);
    char request[256];
    int count = snprintf(request, sizeof request, "LOGIN %s token=yes <\n%s\n", person, options.password);
    if ((size_t)count >= sizeof request) fail("the password is too long");
    send_all(talker, request, (size_t)count);
    copy_pair(read_reply(talker, "LOGIN"), " token=", token, sizeof token);
}

/* Sends one request with its body, if it has one, and a key of its own if it changes something. */
static void say(struct talker *talker, const char *request, const char *body, size_t body_count) {
    char text[REQUEST_ROOM];
    bool is_reading = !strncmp(request, "SHOW", 4);
    int count = snprintf(text, sizeof text, "%s key=%s-%" PRId64, request, key_prefix, next_key++);
    if (count < 0 || (size_t)count >= sizeof text) fail("a request is too long");
    send_all(talker, text, is_reading ? strlen(request) : (size_t)count);
    if (body) {
        send_all(talker, text, (size_t)snprintf(text, sizeof text, " {%zu}\n", body_count));
        send_all(talker, body, body_count);
    }
    send_all(talker, "\n", 1);
}

static void talk(void) {
    static struct talker talkers[MAX_TALKERS];
    static char file_text[1 << 20];
    char line[4096], request[4200], digest[80] = "";
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *body = line, *person = strsep(&body, "\t"), *template = strsep(&body, "\t");
        if (!template) fail("no request in the line of %s", person);
        struct talker *talker = talkers;
        while (talker->ssl && strcmp(talker->person, person))
            if (++talker == talkers + MAX_TALKERS) fail("too many persons");
        if (!talker->ssl) log_in(talker, person);
        /* The digest that the last reply named, for APPROVE. */
        char *place = strstr(template, "{sha256}");
        int before = place ? (int)(place - template) : (int)strlen(template);
        snprintf(request, sizeof request, "%.*s%s%s", before, template, place ? digest : "", place ? place + 8 : "");
        size_t body_count = body ? strlen(body) : 0;
        if (body && *body == '@') {
            FILE *file = fopen(body + 1, "r");
            if (!file) fail("%s: %s", body + 1, strerror(errno));
            body_count = fread(file_text, 1, sizeof file_text, file);
            fclose(file);
            body = file_text;
        }
        say(talker, request, body, body_count);
        copy_pair(read_reply(talker, request), " sha256=", digest, sizeof digest);
    }
}

/* MARK: Requests under load */

/* Vietnamese text of exactly so many octets that begins with its number, so that no two comments are the same. */
static void write_body(char *body, int count, int64_t number) {
    static const char text[] =
        "đề nghị đối chiếu lại số liệu vụ việc tham gia tố tụng với báo cáo năm, bổ sung giải pháp truyền thông cho "
        "người dân tộc thiểu số ở các xã biên giới và nêu rõ thời hạn, người chịu trách nhiệm thực hiện. ";
    int used = snprintf(body, (size_t)count + 1, "Ý kiến %08" PRId64 ": ", number);
    size_t from = 0;
    while (used < count) {
        if (!text[from]) from = 0;
        int length = 1;
        while ((text[from + (size_t)length] & 0xC0) == 0x80) length++;
        if (used + length > count) break;
        memcpy(body + used, text + from, (size_t)length);
        used += length;
        from += (size_t)length;
    }
    memset(body + used, '.', (size_t)(count - used));
}

static void append(struct connection *connection, const char *octets, size_t count) {
    if (connection->out_count + count > connection->out_room) {
        connection->out_room = 2 * (connection->out_count + count);
        connection->out = need(realloc(connection->out, connection->out_room));
    }
    memcpy(connection->out + connection->out_count, octets, count);
    connection->out_count += count;
}

static void append_request(struct connection *connection, int64_t time) {
    char key[64];
    const char *place = strstr(options.request, "{key}");
    append(connection, options.request, place ? (size_t)(place - options.request) : strlen(options.request));
    if (place) {
        append(connection, key, (size_t)snprintf(key, sizeof key, "%s-%" PRId64, key_prefix, next_key++));
        append(connection, place + 5, strlen(place + 5));
    }
    if (options.body) {
        char body[REQUEST_ROOM], mark[32];
        append(connection, mark, (size_t)snprintf(mark, sizeof mark, " {%" PRId64 "}\n", options.body));
        write_body(body, (int)options.body, next_key);
        append(connection, body, (size_t)options.body);
    }
    append(connection, "\n", 1);
    connection->sent[(connection->oldest + connection->in_flight) % MAX_DEPTH] = time;
    connection->in_flight++;
    started_requests++;
}

static void fill(struct connection *connection) {
    if (!sending || connection->phase != READY) return;
    int64_t time = now();
    while (connection->in_flight < options.depth && (!options.count || started_requests < options.count))
        append_request(connection, time);
}

/* Whether nothing is wrong but that the socket has no more octets or no more room. */
static bool is_waiting(const struct connection *connection, int result) {
    int reason = SSL_get_error(connection->ssl, result);
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
}

/* Writes what there is; the rest waits for the socket. */
static void flush(struct connection *connection) {
    size_t done = 0;
    while (done < connection->out_count) {
        int sent = SSL_write(connection->ssl, connection->out + done, (int)(connection->out_count - done));
        if (sent > 0) {
            done += (size_t)sent;
            continue;
        }
        if (!is_waiting(connection, sent)) fail("a connection broke while sending");
        break;
    }
    if (done) memmove(connection->out, connection->out + done, connection->out_count - done);
    connection->out_count -= done;
}

static void open_next(void);

/* One line of the server, without its LF. */
static void take_line(struct connection *connection, const char *line, size_t count) {
    char text[256];
    switch (connection->phase) {
    case HELLO:
        if (count < 16 || memcmp(line, "HELLO phanbien/1", 16)) fail("no HELLO: %.*s", (int)count, line);
        append(connection, text, (size_t)snprintf(text, sizeof text, "AUTH TOKEN {%zu}\n%.200s\n", strlen(token), token));
        connection->phase = LOGIN;
        return;
    case LOGIN:
        if (count < 2 || memcmp(line, "OK", 2)) fail("no login: %.*s", (int)count, line);
        add_sample(&openings, now() - connection->opened);
        connection->phase = READY;
        ready++;
        if (!strcmp(options.mode, "idle")) append(connection, "WATCH\n", 6);
        open_next();
        return;
    case HANDSHAKE: case READY: break;
    }
    if (count >= 5 && !memcmp(line, "SYNC ", 5) && !connection->watching) {
        connection->watching = true;
        watching++;
        return;
    }
    if (count >= 3 && !memcmp(line, "BYE", 3)) fail("the server said %.*s", (int)count, line);
    bool is_done = count >= 2 && !memcmp(line, "OK", 2) && (count == 2 || line[2] == ' ');
    bool is_refused = !is_done && count >= 3 && (!memcmp(line, "NO ", 3) || !memcmp(line, "BAD", 3));
    if (!is_done && !is_refused) return;
    if (is_refused && errors++ == 0) snprintf(first_error, sizeof first_error, "%.*s", (int)count, line);
    if (!connection->in_flight) return; /* the reply to WATCH */
    if (measuring) {
        replies++;
        add_sample(&latencies, now() - connection->sent[connection->oldest]);
    }
    connection->oldest = (connection->oldest + 1) % MAX_DEPTH;
    connection->in_flight--;
}

static void take_octets(struct connection *connection, const char *octets, size_t count) {
    const char *end = octets + count;
    while (octets < end) {
        const char *line_end = memchr(octets, '\n', (size_t)(end - octets));
        size_t part = (size_t)((line_end ? line_end : end) - octets);
        if (line_end && !connection->head_count) {
            take_line(connection, octets, part);
        } else {
            /* Only the beginning of a line is looked at. */
            size_t room = sizeof connection->head - connection->head_count, kept = part < room ? part : room;
            memcpy(connection->head + connection->head_count, octets, kept);
            connection->head_count += kept;
            if (line_end) {
                size_t whole = connection->head_count;
                connection->head_count = 0;
                take_line(connection, connection->head, whole);
            }
        }
        octets += part + 1;
    }
}

static void work(struct connection *connection) {
    static char buffer[65536];
    if (connection->phase == HANDSHAKE) {
        int result = SSL_do_handshake(connection->ssl);
        if (result != 1 && !is_waiting(connection, result)) fail("a handshake failed");
        if (result != 1) return;
        connection->phase = HELLO;
    }
    while (true) {
        int got = SSL_read(connection->ssl, buffer, sizeof buffer);
        if (got > 0) {
            take_octets(connection, buffer, (size_t)got);
            continue;
        }
        if (!is_waiting(connection, got)) fail("the server closed a connection");
        break;
    }
    fill(connection);
    flush(connection);
}

static void open_next(void) {
    if (opened >= options.connections) return;
    struct connection *connection = &connections[opened++];
    connection->opened = now();
    connection->fd = connect_to_server();
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
    connection->ssl = start_tls(connection->fd);
    connection->phase = HANDSHAKE;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = connection};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &event)) fail("epoll: %s", strerror(errno));
}

/* Handles what comes until a moment, or until a counter has reached a number. */
static void run_until(int64_t end, const int *counter, int wanted) {
    struct epoll_event events[256];
    while (!counter || *counter < wanted) {
        int64_t left = end - now();
        if (left <= 0) return;
        int count = epoll_wait(poller, events, 256, (int)(left / 1000000) + 1);
        for (int index = 0; index < count; index++) work(events[index].data.ptr);
        if (options.count && measuring && replies >= options.count) return;
    }
}

static void open_all(void) {
    poller = epoll_create1(EPOLL_CLOEXEC);
    connections = need(calloc((size_t)options.connections, sizeof *connections));
    for (int index = 0; index < HANDSHAKES_AT_ONCE; index++) open_next();
    run_until(now() + 120 * SECOND, &ready, (int)options.connections);
    if (ready < options.connections) fail("only %d connections opened", ready);
}

/* MARK: Modes */

static void load(void) {
    open_all();
    sending = true;
    for (int index = 0; index < options.connections; index++) {
        fill(&connections[index]);
        flush(&connections[index]);
    }
    run_until(now() + options.warm_up * (SECOND / 1000), NULL, 0);
    measuring = true;
    int64_t start = now();
    double own = own_cpu(), server = server_cpu();
    run_until(start + options.seconds * SECOND, NULL, 0);
    double seconds = (double)(now() - start) / 1e9;
    own = own_cpu() - own;
    server = server_cpu() - server;
    measuring = sending = false;
    /* What is still on its way is answered before the connections go. */
    int64_t drained = now() + 3 * SECOND;
    int busy = 1;
    while (busy && now() < drained) {
        run_until(now() + SECOND / 20, NULL, 0);
        busy = 0;
        for (int index = 0; index < options.connections; index++) busy += connections[index].in_flight;
    }
    if (options.count && replies < options.count) fail("only %" PRId64 " replies in %.0f s", replies, seconds);
    if (!replies) fail("no reply in %.0f s", seconds);
    printf("rate=%.1f replies=%" PRId64 " seconds=%.3f", (double)replies / seconds, replies, seconds);
    print_samples("reply", &latencies);
    print_samples("open", &openings);
    printf(" server_cores=%.3f generator_cores=%.3f server_us=%.2f errors=%" PRId64 "\n", server / seconds, own / seconds,
           server * 1e6 / (double)replies, errors);
    if (errors) fail("%" PRId64 " requests were refused: %s", errors, first_error);
    if (busy) fail("%d replies never came", busy);
}

static void idle(void) {
    sleep(1);
    long before = server_memory();
    double cpu = server_cpu();
    open_all();
    cpu = server_cpu() - cpu;
    run_until(now() + 60 * SECOND, &watching, (int)options.connections);
    if (watching < options.connections) fail("only %d connections watch", watching);
    run_until(now() + 2 * SECOND, NULL, 0);
    double held = server_cpu();
    long after = server_memory();
    int64_t start = now();
    run_until(start + options.seconds * SECOND, NULL, 0);
    held = (server_cpu() - held) / ((double)(now() - start) / 1e9);
    printf("connections=%" PRId64 " before_kib=%ld after_kib=%ld each_kib=%.2f open_server_us=%.0f idle_server_cores=%.4f",
           options.connections, before, after, (double)(after - before) / (double)options.connections,
           cpu * 1e6 / (double)options.connections, held);
    print_samples("open", &openings);
    printf(" errors=%" PRId64 "\n", errors);
    if (errors) fail("%" PRId64 " requests were refused: %s", errors, first_error);
}

/* MARK: Options */

static void read_options(int count, char **arguments) {
    static const struct { const char *name, **text; int64_t *number, low, high; } table[] = {
        {"ca", .text = &options.ca}, {"person", .text = &options.person}, {"password", .text = &options.password},
        {"request", .text = &options.request}, {"port", .number = &options.port, .low = 1, .high = 65535},
        {"body", .number = &options.body, .low = 32, .high = 4096},
        {"connections", .number = &options.connections, .low = 1, .high = MAX_CONNECTIONS},
        {"depth", .number = &options.depth, .low = 1, .high = MAX_DEPTH},
        {"count", .number = &options.count, .low = 1, .high = 10000000},
        {"seconds", .number = &options.seconds, .low = 0, .high = 600},
        {"warm-up-ms", .number = &options.warm_up, .low = 0, .high = 60000},
        {"server", .number = &options.server, .low = 1, .high = INT32_MAX},
    };
    if (count < 2 || count % 2) fail("usage: generator talk|load|idle --port N --ca FILE --NAME VALUE …");
    options.mode = arguments[1];
    for (int index = 2; index < count; index += 2) {
        const char *name = arguments[index], *value = arguments[index + 1];
        size_t row = 0, rows = sizeof table / sizeof *table;
        while (row < rows && (strncmp(name, "--", 2) || strcmp(name + 2, table[row].name))) row++;
        if (row == rows) fail("no option %s", name);
        if (table[row].text) *table[row].text = value;
        if (table[row].text) continue;
        char *end;
        errno = 0;
        int64_t parsed = strtoll(value, &end, 10);
        if (errno || end == value || *end || parsed < table[row].low || parsed > table[row].high)
            fail("%s: %" PRId64 " to %" PRId64 ", not %s", name, table[row].low, table[row].high, value);
        *table[row].number = parsed;
    }
    if (!options.port || !options.ca) fail("--port and --ca are needed");
    if (strcmp(options.mode, "talk") && (!options.person || !options.server)) fail("--person and --server are needed");
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    snprintf(key_prefix, sizeof key_prefix, "%" PRIx64 "-%x", (uint64_t)time(NULL), (unsigned)getpid());
    prepare_tls();
    if (!strcmp(options.mode, "talk")) {
        talk();
        return 0;
    }
    static struct talker first;
    log_in(&first, options.person);
    if (!token[0]) fail("the server gave no session token");
    if (!strcmp(options.mode, "load")) load();
    else if (!strcmp(options.mode, "idle")) idle();
    else fail("no mode %s", options.mode);
    return 0;
}
