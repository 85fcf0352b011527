/* Sockets, TLS and the loop. */
#define _GNU_SOURCE
#include "generator.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

enum { SOURCES = 8 };

struct connection *connections;
int opened_count, ready_count;
int64_t errors;
char first_error[256];
struct workload workload;

static SSL_CTX *tls;
static int poller = -1, wanted_count;
static enum role (*wanted_role)(int number);
static int64_t next_number = 1;

/* MARK: Buffers */

void append(struct buffer *buffer, const void *octets, size_t count) {
    if (buffer->count + count > buffer->room) {
        buffer->room = 2 * (buffer->count + count);
        buffer->octets = need(realloc(buffer->octets, buffer->room));
    }
    memcpy(buffer->octets + buffer->count, octets, count);
    buffer->count += count;
}

void append_text(struct buffer *buffer, const char *text) { append(buffer, text, strlen(text)); }

void append_format(struct buffer *buffer, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (count < 0 || (size_t)count >= sizeof text) fail("a request is too long");
    append(buffer, text, (size_t)count);
}

/* MARK: Texts */

const char *text_of(int64_t number) {
    static const char words[] =
        "đề nghị đối chiếu lại số liệu vụ việc tham gia tố tụng với báo cáo năm, bổ sung giải pháp truyền thông cho "
        "người dân tộc thiểu số ở các xã biên giới và nêu rõ thời hạn, người chịu trách nhiệm thực hiện. ";
    static char text[MAX_BODY + 1];
    static int64_t made;
    if (made != options.body) {
        made = options.body;
        size_t used = (size_t)snprintf(text, sizeof text, "Ý kiến %0*d: ", NUMBER_DIGITS, 0), from = 0;
        while (used < (size_t)made) {
            if (!words[from]) from = 0;
            size_t length = 1;
            while ((words[from + length] & 0xC0) == 0x80) length++;
            if (used + length > (size_t)made) break;
            memcpy(text + used, words + from, length);
            used += length;
            from += length;
        }
        memset(text + used, '.', (size_t)made - used);
        text[made] = 0;
    }
    for (int place = NUMBER_PLACE + NUMBER_DIGITS - 1; place >= NUMBER_PLACE; place--, number /= 10)
        text[place] = (char)('0' + number % 10);
    return text;
}

int64_t number_of(const char *text, size_t count) {
    if (count < NUMBER_PLACE + NUMBER_DIGITS) return -1;
    int64_t number = 0;
    for (size_t place = NUMBER_PLACE; place < NUMBER_PLACE + NUMBER_DIGITS; place++) {
        if (text[place] < '0' || text[place] > '9') return -1;
        number = 10 * number + (text[place] - '0');
    }
    return number;
}

/* MARK: Connecting */

void prepare_tls(void) {
    tls = need(SSL_CTX_new(TLS_client_method()));
    bool is_set = SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) == 1 &&
                  SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256") == 1 &&
                  SSL_CTX_set1_groups_list(tls, "X25519:P-256") == 1 &&
                  SSL_CTX_load_verify_locations(tls, options.ca, NULL) == 1;
    if (!is_set) fail("cannot set TLS up with %s", options.ca);
    if (protocol->alpn &&
        SSL_CTX_set_alpn_protos(tls, (const unsigned char *)protocol->alpn, (unsigned)strlen(protocol->alpn)))
        fail("cannot set the application protocol");
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(tls, 1);
}

int connect_to_server(int source) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    const struct timeval bound = {.tv_sec = 60};
    const int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    /* Several source addresses, as the ports of one are soon used up. */
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(source % SOURCES));
    if (bind(fd, (struct sockaddr *)&address, sizeof address)) fail("bind: %s", strerror(errno));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)options.port);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect: %s", strerror(errno));
    return fd;
}

SSL *start_tls(int fd) {
    SSL *ssl = need(SSL_new(tls));
    if (SSL_set1_host(ssl, "localhost") != 1 || SSL_set_tlsext_host_name(ssl, "localhost") != 1) fail("host name");
    SSL_set_fd(ssl, fd);
    SSL_set_connect_state(ssl);
    return ssl;
}

/* Watches the socket for what the connection waits for. */
static void poll_for(struct connection *connection, bool room, int operation) {
    connection->wants_room = room;
    struct epoll_event event = {.events = EPOLLIN | (room ? EPOLLOUT : 0), .data.ptr = connection};
    if (epoll_ctl(poller, operation, connection->fd, &event)) fail("epoll: %s", strerror(errno));
}

/* Whether nothing is wrong but that the socket has no more octets or no more room. */
static bool is_waiting(struct connection *connection, int result) {
    int reason = SSL_get_error(connection->ssl, result);
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
}

void open_connection(int number, enum role role) {
    struct connection *connection = &connections[number];
    struct buffer out = connection->out, in = connection->in;
    out.count = in.count = 0;
    *connection = (struct connection){.number = number, .role = role, .out = out, .in = in, .opened = now()};
    connection->fd = connect_to_server(number);
    if (protocol->preamble) protocol->preamble(connection->fd);
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
    connection->ssl = start_tls(connection->fd);
    connection->phase = HANDSHAKE;
    /* The socket has room, so the first turn begins the handshake. */
    poll_for(connection, true, EPOLL_CTL_ADD);
}

void close_connection(struct connection *connection) {
    SSL_shutdown(connection->ssl);
    SSL_free(connection->ssl);
    ERR_clear_error();
    close(connection->fd);
    connection->ssl = NULL;
    connection->fd = -1;
}

static void open_next(void) {
    if (opened_count >= wanted_count) return;
    int number = opened_count++;
    open_connection(number, wanted_role(number));
}

void flush(struct connection *connection) {
    struct buffer *out = &connection->out;
    size_t done = 0;
    while (done < out->count) {
        int sent = SSL_write(connection->ssl, out->octets + done, (int)(out->count - done));
        if (sent > 0) {
            done += (size_t)sent;
            continue;
        }
        if (!is_waiting(connection, sent)) fail("%s: a connection broke while sending", protocol->name);
        break;
    }
    if (done < out->count) memmove(out->octets, out->octets + done, out->count - done);
    out->count -= done;
    bool room = out->count > 0;
    if (room != connection->wants_room) poll_for(connection, room, EPOLL_CTL_MOD);
}

int64_t begin_request(struct connection *connection, int64_t time) {
    int64_t number = next_number++;
    connection->requests[(connection->oldest + connection->in_flight) % MAX_DEPTH] = (struct request){time, number};
    connection->in_flight++;
    return number;
}

int64_t send_request(struct connection *connection, int64_t time) {
    int64_t number = begin_request(connection, time);
    protocol->request(connection, number);
    return number;
}

/* MARK: What the adapters report */

static void become_ready(struct connection *connection) {
    connection->phase = READY;
    ready_count++;
    workload.ready(connection);
    open_next();
}

void logged_in(struct connection *connection) {
    if (connection->role != WATCHER) {
        become_ready(connection);
        return;
    }
    connection->phase = SUBSCRIBING;
    protocol->watch(connection);
}

void subscribed(struct connection *connection) {
    if (connection->phase == SUBSCRIBING) become_ready(connection);
}

void reply(struct connection *connection, bool is_good, int64_t event, const char *text, size_t count) {
    if (!is_good && errors++ == 0) snprintf(first_error, sizeof first_error, "%.*s", (int)(count < 200 ? count : 200), text);
    if (connection->phase != READY) {
        if (!is_good) fail("%s: no login: %s", protocol->name, first_error);
        return;
    }
    if (!connection->in_flight) fail("%s: a reply to nothing: %.*s", protocol->name, (int)(count < 200 ? count : 200), text);
    struct request request = connection->requests[connection->oldest];
    connection->oldest = (connection->oldest + 1) % MAX_DEPTH;
    connection->in_flight--;
    workload.replied(connection, request, event);
}

void deliver(struct connection *connection, int64_t event) {
    if (workload.delivered) workload.delivered(connection, event);
}

/* MARK: The loop */

static void take(struct connection *connection, const char *octets, size_t count) {
    struct buffer *in = &connection->in;
    if (!in->count) {
        size_t used = protocol->take(connection, octets, count);
        if (used < count) append(in, octets + used, count - used);
        return;
    }
    append(in, octets, count);
    size_t used = protocol->take(connection, in->octets, in->count);
    memmove(in->octets, in->octets + used, in->count - used);
    in->count -= used;
}

static void work(struct connection *connection) {
    static char octets[65536];
    if (!connection->ssl) return; /* closed earlier in this turn */
    if (connection->phase == HANDSHAKE) {
        int result = SSL_do_handshake(connection->ssl);
        if (result != 1) {
            if (!is_waiting(connection, result))
                fail("%s: a handshake failed: %s", protocol->name, ERR_reason_error_string(ERR_get_error()));
            bool room = SSL_get_error(connection->ssl, result) == SSL_ERROR_WANT_WRITE;
            if (room != connection->wants_room) poll_for(connection, room, EPOLL_CTL_MOD);
            return;
        }
        connection->phase = GREETING;
        protocol->greet(connection);
    }
    do {
        int got = SSL_read(connection->ssl, octets, sizeof octets);
        if (got <= 0) {
            if (!is_waiting(connection, got)) fail("%s: the server closed a connection", protocol->name);
            break;
        }
        take(connection, octets, (size_t)got);
        if (!connection->ssl) return;
    } while (SSL_has_pending(connection->ssl));
    if (connection->phase == READY) workload.served(connection);
    /* One that was opened again in its place has nothing to send yet. */
    if (connection->ssl && connection->phase != HANDSHAKE) flush(connection);
}

void run_until(int64_t end, bool (*is_done)(void)) {
    static struct epoll_event events[512];
    while (!is_done || !is_done()) {
        int64_t left = end - now();
        if (left <= 0) return;
        struct timespec most = {.tv_sec = left / SECOND, .tv_nsec = left % SECOND};
        int count = epoll_pwait2(poller, events, 512, &most, NULL);
        if (count < 0 && errno != EINTR) fail("epoll: %s", strerror(errno));
        for (int index = 0; index < count; index++) work(events[index].data.ptr);
    }
}

static bool are_all_ready(void) { return ready_count >= wanted_count; }

void open_all(int count, enum role (*role_of)(int number)) {
    if (count < 1 || count > MAX_CONNECTIONS) fail("1 to %d connections, not %d", MAX_CONNECTIONS, count);
    poller = epoll_create1(EPOLL_CLOEXEC);
    connections = need(calloc((size_t)count, sizeof *connections));
    wanted_count = count;
    wanted_role = role_of;
    for (int64_t index = 0; index < options.at_once; index++) open_next();
    run_until(now() + 120 * SECOND, are_all_ready);
    if (!are_all_ready()) fail("%s: only %d of %d connections opened", protocol->name, ready_count, count);
}
