/* A TLS 1.3 client that does what no library would: after an ordinary handshake it writes records of its own making.
 *
 *   records --port P --ca FILE --source ADDRESS --mode MODE --seconds S [--token TOKEN]
 *
 * Handshake and reading are OpenSSL's; for writing it takes the client's traffic secret from the key log and seals records
 * itself (RFC 8446 §5.2, §7.1, TLS_AES_128_GCM_SHA256). Prints one line: how many records went out, whether the server
 * closed, with which alert, what it said last, and after how long. It connects to 127.0.0.1 and nowhere else. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SECRET = 32, HANDSHAKE = 22, ALERT = 21, DATA = 23, CHANGE_CIPHER_SPEC = 20, LONGEST = 16384 };

static uint8_t secret[SECRET], key[16], iv[12];
static bool has_secret;
static uint64_t sequence;
static SSL *ssl;
static int fd;
static int64_t records, octets;
static char last_line[256] = "";
static const char *alert_name = "none";
static bool closed;

static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("records: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* HKDF-Expand-Label with an empty context, for at most 32 octets: one block. */
static void expand(const uint8_t *from, const char *label, uint8_t *out, size_t count) {
    uint8_t info[64];
    size_t used = 0, length = 6 + strlen(label);
    info[used++] = 0;
    info[used++] = (uint8_t)count;
    info[used++] = (uint8_t)length;
    used += (size_t)snprintf((char *)info + used, sizeof info - used, "tls13 %s", label);
    info[used++] = 0;
    info[used++] = 1;
    uint8_t block[SECRET];
    unsigned size = sizeof block;
    if (!HMAC(EVP_sha256(), from, SECRET, info, used, block, &size)) fail("HMAC");
    memcpy(out, block, count);
}

static void set_keys(void) {
    expand(secret, "key", key, sizeof key);
    expand(secret, "iv", iv, sizeof iv);
    sequence = 0;
}

static void take_keys(const SSL *connection, const char *line) {
    (void)connection;
    static const char name[] = "CLIENT_TRAFFIC_SECRET_0 ";
    if (strncmp(line, name, sizeof name - 1) != 0) return;
    const char *digits = strrchr(line, ' ') + 1;
    if (strlen(digits) != 2 * SECRET) fail("the suite is not the one with SHA-256");
    for (int index = 0; index < SECRET; index++) {
        unsigned octet;
        if (sscanf(digits + 2 * index, "%2x", &octet) != 1) fail("key log");
        secret[index] = (uint8_t)octet;
    }
    has_secret = true;
}

static void report_alert(const SSL *connection, int where, int value) {
    (void)connection;
    if (where == SSL_CB_READ_ALERT) alert_name = SSL_alert_desc_string_long(value);
}

/* MARK: Reading */

/* Reads whatever is there; notices the end. */
static void drain(void) {
    char text[4096];
    while (!closed) {
        int got = SSL_read(ssl, text, sizeof text - 1);
        if (got > 0) {
            text[got] = 0;
            for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
                snprintf(last_line, sizeof last_line, "%s", line);
            continue;
        }
        int error = SSL_get_error(ssl, got);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
        closed = true;
    }
}

/* MARK: Writing */

static bool put(const uint8_t *bytes, size_t count, double deadline) {
    while (count && !closed) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            count -= (size_t)sent;
            octets += sent;
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            drain();
            closed = true;
            return false;
        }
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN | POLLOUT};
        poll(&poll_fd, 1, 100);
        if (poll_fd.revents & POLLIN) drain();
        if (now() > deadline) return false;
    }
    return !closed;
}

/* One sealed record: content, then its real type, then padding. */
static size_t seal(uint8_t *out, uint8_t type, const void *content, size_t count, size_t padding) {
    static uint8_t plain[LONGEST + 256];
    memcpy(plain, content, count);
    plain[count] = type;
    memset(plain + count + 1, 0, padding);
    size_t length = count + 1 + padding;
    size_t sealed = length + 16;
    uint8_t header[5] = {DATA, 3, 3, (uint8_t)(sealed >> 8), (uint8_t)sealed};
    uint8_t nonce[12];
    memcpy(nonce, iv, sizeof nonce);
    for (int index = 0; index < 8; index++) nonce[4 + index] ^= (uint8_t)(sequence >> (56 - 8 * index));
    sequence++;
    static EVP_CIPHER_CTX *context;
    if (!context) context = EVP_CIPHER_CTX_new();
    int used = 0;
    if (!EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce) ||
        !EVP_EncryptUpdate(context, NULL, &used, header, sizeof header) ||
        !EVP_EncryptUpdate(context, out + 5, &used, plain, (int)length) ||
        !EVP_EncryptFinal_ex(context, out + 5 + used, &used) ||
        !EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, out + 5 + length))
        fail("AES-GCM");
    memcpy(out, header, sizeof header);
    records++;
    return 5 + sealed;
}

static size_t seal_key_update(uint8_t *out, bool asks) {
    uint8_t message[5] = {24, 0, 0, 1, asks};
    size_t size = seal(out, HANDSHAKE, message, sizeof message, 0);
    uint8_t next[SECRET];
    expand(secret, "traffic upd", next, sizeof next);
    memcpy(secret, next, sizeof secret);
    set_keys();
    return size;
}

int main(int count, char **values) {
    const char *ca = NULL, *source = "127.0.2.1", *mode = NULL, *token = NULL;
    int port = 0;
    double seconds = 3;
    for (int index = 1; index + 1 < count; index += 2) {
        const char *name = values[index], *value = values[index + 1];
        if (!strcmp(name, "--ca")) ca = value;
        else if (!strcmp(name, "--port")) port = atoi(value);
        else if (!strcmp(name, "--source")) source = value;
        else if (!strcmp(name, "--mode")) mode = value;
        else if (!strcmp(name, "--token")) token = value;
        else if (!strcmp(name, "--seconds")) seconds = atof(value);
        else fail("unknown option %s", name);
    }
    if (!ca || !mode || !port) fail("see the head of records.c");
    signal(SIGPIPE, SIG_IGN);

    struct sockaddr_in own = {.sin_family = AF_INET}, server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (inet_pton(AF_INET, source, &own.sin_addr) != 1) fail("--source");
    int one = 1;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof own) < 0 ||
        connect(fd, (struct sockaddr *)&server, sizeof server) < 0)
        fail("connect: %s", strerror(errno));

    static uint8_t out[65536 + 1024];
    double began = now(), deadline = began + seconds;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context || !SSL_CTX_load_verify_locations(context, ca, NULL)) fail("TLS");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
    SSL_CTX_set_keylog_callback(context, take_keys);
    SSL_CTX_set_info_callback(context, report_alert);
    ssl = SSL_new(context);
    if (!ssl || !SSL_set_fd(ssl, fd)) fail("SSL_new");
    fcntl(fd, F_SETFL, O_NONBLOCK);

    if (!strcmp(mode, "plain-ccs") || !strcmp(mode, "plain-alerts") || !strcmp(mode, "plain-data")) {
        /* Before any handshake: records that carry nothing. */
        uint8_t ccs[6] = {CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1}, alert[7] = {ALERT, 3, 3, 0, 2, 1, 90}, data[6] = {DATA, 3, 3, 0, 1, 0};
        bool is_ccs = mode[6] == 'c', is_alert = mode[6] == 'a';
        const uint8_t *record = is_ccs ? ccs : is_alert ? alert : data;
        size_t size = is_alert ? sizeof alert : 6;
        size_t filled = 0;
        while (filled + size <= 65536) {
            memcpy(out + filled, record, size);
            filled += size;
        }
        SSL_set_connect_state(ssl);
        while (now() < deadline && put(out, filled, deadline)) records += (int64_t)(filled / size);
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        poll(&poll_fd, 1, 200);
        ssize_t got = recv(fd, out, sizeof out, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) closed = true;
        if (got >= 7 && out[0] == ALERT) {
            closed = true;
            alert_name = SSL_alert_desc_string_long(out[6]);
        }
    } else {
        for (;;) {
            int result = SSL_connect(ssl);
            if (result == 1) break;
            int error = SSL_get_error(ssl, result);
            if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail("handshake");
            struct pollfd poll_fd = {.fd = fd, .events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT};
            poll(&poll_fd, 1, 1000);
            if (now() > deadline) fail("handshake: too slow");
        }
        if (!has_secret) fail("no traffic secret");
        set_keys();
        if (token) {
            char login[256];
            int length = snprintf(login, sizeof login, "AUTH TOKEN {%zu}\n%s\n", strlen(token), token);
            put(out, seal(out, DATA, login, (size_t)length, 0), deadline);
            for (double until = now() + 5; now() < until && strncmp(last_line, "OK", 2) != 0;) {
                drain();
                usleep(1000);
            }
            if (strncmp(last_line, "OK", 2) != 0) fail("could not log in: %s", last_line);
        }
        began = now();
        deadline = began + seconds;
        records = octets = 0;
        uint8_t alert[2] = {1, 90};
        /* A handshake message that has no business here: a ClientHello, as a renegotiation would begin. */
        uint8_t hello[48] = {1, 0, 0, 44, 3, 3};
        uint8_t certificate[64] = {11, 0, 0, 60};
        uint8_t huge[4] = {1, 0xFF, 0xFF, 0xFF};
        while (now() < deadline && !closed) {
            size_t filled = 0;
            while (filled < 60000) {
                uint8_t *place = out + filled;
                if (!strcmp(mode, "key-updates")) filled += seal_key_update(place, false);
                else if (!strcmp(mode, "key-updates-asking")) filled += seal_key_update(place, true);
                else if (!strcmp(mode, "key-updates-mixed"))
                    filled += records % 33 == 32 ? seal(place, DATA, "\n", 1, 0) : seal_key_update(place, true);
                else if (!strcmp(mode, "empty")) filled += seal(place, DATA, "", 0, 0);
                else if (!strcmp(mode, "empty-mixed"))
                    filled += records % 33 == 32 ? seal(place, DATA, "\n", 1, 0) : seal(place, DATA, "", 0, 0);
                else if (!strcmp(mode, "one-octet")) filled += seal(place, DATA, " ", 1, 0);
                else if (!strcmp(mode, "line-ends")) filled += seal(place, DATA, "\n", 1, 0);
                else if (!strcmp(mode, "alerts")) filled += seal(place, ALERT, alert, sizeof alert, 0);
                else if (!strcmp(mode, "renegotiate")) filled += seal(place, HANDSHAKE, hello, sizeof hello, 0);
                else if (!strcmp(mode, "certificate")) filled += seal(place, HANDSHAKE, certificate, sizeof certificate, 0);
                else if (!strcmp(mode, "huge-message")) {
                    static uint8_t piece[16000];
                    filled += records ? seal(place, HANDSHAKE, piece, sizeof piece, 0) : seal(place, HANDSHAKE, huge, sizeof huge, 0);
                    if (filled > 40000) break;
                } else if (!strcmp(mode, "padding")) {
                    filled += records % 33 == 32 ? seal(place, DATA, "\n", 1, 0) : seal(place, DATA, "", 0, LONGEST - 1);
                    if (filled > 40000) break;
                } else fail("unknown mode %s", mode);
            }
            if (!put(out, filled, deadline)) break;
            drain();
        }
        for (double until = now() + 1; now() < until && !closed;) {
            drain();
            usleep(1000);
        }
    }
    printf("records=%" PRId64 " octets=%" PRId64 " closed=%s alert=%s after=%.3f said=%s\n", records, octets,
           closed ? "yes" : "no", alert_name, now() - began, last_line);
    return 0;
}
