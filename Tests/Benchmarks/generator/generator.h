/* The parts of the load generator: one thread, OpenSSL and epoll, and an adapter for each protocol.
 *
 * main.c         options, modes
 * connections.c  sockets, TLS, the loop
 * measure.c      times, histograms, processor time and memory of the servers
 * load.c         requests in a closed or open loop; connections that idle; handshakes
 * fanout.c       publications and their deliveries
 * push.c         a large revision, and what the others feel of it
 * talk.c         phanbien requests one after another, to prepare data
 * phanbien.c, redis.c, postgres.c, imap.c, floor.c   the adapters */
#ifndef GENERATOR_H
#define GENERATOR_H
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>

enum { MAX_CONNECTIONS = 19800, MAX_DEPTH = 64, MAX_BODY = 4096, NUMBER_PLACE = 10, NUMBER_DIGITS = 10 };
static const int64_t SECOND = 1000000000, MILLISECOND = 1000000;

struct options {
    const char *mode, *protocol, *operation, *ca, *tokens, *password, *files;
    int64_t port, connections, depth, body, count, rate, milliseconds, warm_up, server;
    int64_t watchers, publishers, at_once, watch, revision;
};
extern struct options options;

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *need(void *memory);

/* MARK: Measuring (measure.c) */

int64_t now(void);

/* Logarithmic classes with 128 steps for each power of two: values in tenths of a microsecond, wrong by at most 0.8 %. */
enum { CLASSES = 128 * 28 };
struct histogram {
    uint64_t total, classes[CLASSES];
    int64_t most;
};
void add_time(struct histogram *histogram, int64_t nanoseconds);
/* In microseconds. */
double percentile(const struct histogram *histogram, double share);
void print_times(const char *name, const struct histogram *histogram);

/* Processor seconds since their beginning: of this program, and of the server with all processes below it. */
double own_cpu(void);
double server_cpu(void);
/* Resident memory of the server's first process, in KiB. */
long server_memory(void);

/* What a measured window cost. */
struct window {
    int64_t start;
    double own, server, seconds;
};
struct window begin_window(void);
void end_window(struct window *window);
void print_window(const struct window *window, uint64_t units);

/* MARK: Connections (connections.c) */

struct buffer {
    char *octets;
    size_t count, room;
};
void append(struct buffer *buffer, const void *octets, size_t count);
void append_text(struct buffer *buffer, const char *text);
void append_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum role { REQUESTER, PUBLISHER, WATCHER };
enum phase { HANDSHAKE, GREETING, LOGIN, SUBSCRIBING, READY };

struct request {
    int64_t time;   /* when it was sent, or should have been sent */
    int64_t number; /* of its text */
};

struct connection {
    int fd, number;
    SSL *ssl;
    enum role role;
    enum phase phase;
    bool wants_room, has_failed;
    int in_flight, oldest;
    int step;            /* the adapter's own */
    int64_t told;        /* the last event that was told, for the chain */
    int64_t opened;
    struct request requests[MAX_DEPTH];
    struct buffer out, in;
};
extern struct connection *connections;
extern int opened_count, ready_count;

struct protocol {
    const char *name;
    /* Before TLS, on a blocking socket; absent where TLS comes at once. */
    void (*preamble)(int fd);
    /* Reads options once, before anything is opened. */
    void (*prepare)(void);
    /* TLS stands: log in, or wait for the server's greeting. Calls `logged_in` in the end. */
    void (*greet)(struct connection *connection);
    /* Subscribe; calls `subscribed` in the end. */
    void (*watch)(struct connection *connection);
    /* Appends one request of the chosen operation; `number` is that of its text. */
    void (*request)(struct connection *connection, int64_t number);
    /* Appends the cheapest request, for which the server only answers. */
    void (*ping)(struct connection *connection);
    /* Takes whole messages; returns how many octets it used. */
    size_t (*take)(struct connection *connection, const char *octets, size_t count);
    /* Application protocol of the handshake, with its length in front; absent for none. */
    const char *alpn;
};
extern const struct protocol phanbien, redis, postgres, imap, floor_server;
extern const struct protocol *protocol;

/* What a mode does when something happens. */
struct workload {
    void (*ready)(struct connection *connection);
    /* The oldest request is answered; `event` is the event that it became, or -1 where the text's number tells. */
    void (*replied)(struct connection *connection, struct request request, int64_t event);
    /* An event came; `event` is its position or its text's number. */
    void (*delivered)(struct connection *connection, int64_t event);
    /* After the octets that came have been taken. */
    void (*served)(struct connection *connection);
};
extern struct workload workload;

/* Called by the adapters. */
void logged_in(struct connection *connection);
void subscribed(struct connection *connection);
void reply(struct connection *connection, bool is_good, int64_t event, const char *text, size_t count);
void deliver(struct connection *connection, int64_t event);

extern int64_t errors;
extern char first_error[256];

void prepare_tls(void);
SSL *start_tls(int fd);
int connect_to_server(int source);
void open_connection(int number, enum role role);
/* Opens all that `roles` names, at most `options.at_once` at a time, and waits until they are ready. */
void open_all(int count, enum role (*role_of)(int number));
void close_connection(struct connection *connection);
void flush(struct connection *connection);
/* Notes a request whose octets the caller puts into the connection's buffer. */
int64_t begin_request(struct connection *connection, int64_t time);
/* Puts a request into the connection's buffer; the caller flushes. */
int64_t send_request(struct connection *connection, int64_t time);
/* Handles what comes until a moment, or until `is_done` says so. */
void run_until(int64_t end, bool (*is_done)(void));

/* MARK: Texts */

/* Vietnamese text of exactly `options.body` octets that bears its number, so that no two are the same. */
const char *text_of(int64_t number);
/* The number that a text bears, or -1. */
int64_t number_of(const char *text, size_t count);

/* MARK: Modes */

void run_load(void);
void run_idle(void);
void run_handshakes(void);
void run_fanout(void);
void run_push(void);
void run_talk(void);
void run_tokens(void);

/* Begins every key= of this run. */
extern char key_prefix[32];
#endif
