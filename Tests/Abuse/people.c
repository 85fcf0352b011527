/* The well-behaved people of the abuse tests: a steady load on one server, whatever else happens to it.
 *
 *   people --port P --ca FILE --tokens FILE --samples FILE --writers W --readers R --watchers N --rate HZ --enter HZ
 *
 * W connections post a comment HZ times a second each, R connections ask in turn for a text, a thread and a list at the
 * same rate, N connections watch everything, and HZ times a second somebody new comes in: TCP, TLS, HELLO, AUTH TOKEN,
 * LOGOUT. The load is open-loop: a request is due at a fixed time and its latency counts from then, so a server that
 * stalls cannot hide it by slowing the load down. Each person comes from an address of their own, 127.0.1.N.
 *
 * FILE of --tokens holds "person token" lines; the first W + R + N are used for the connections, the next for those who
 * come in. Prints READY when everybody is in; ends at SIGTERM, waits for what is still owed, and writes one line a
 * request to --samples: kind, when it was due and how long it took, in nanoseconds of CLOCK_MONOTONIC. The last line of
 * standard output is what went wrong, as pairs. It connects to 127.0.0.1 and nowhere else. */
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
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PEOPLE = 64, MAX_OWED = 4096, MAX_IDS = 1 << 16, ROOM = 1 << 20, LINE = 16384 };
static const int64_t SECOND = 1000000000, PATIENCE = 20 * 1000000000LL, GIVE_UP = 15 * 1000000000LL;

enum kind { COMMENT, SHOW, THREAD, LIST, EVENT, ENTER, KINDS };
static const char *const names[KINDS] = {"COMMENT", "SHOW", "THREAD", "LIST", "EVENT", "ENTER"};

struct owed {
    int64_t due;
    enum kind kind;
};

struct person {
    int fd, number;
    SSL *ssl;
    bool connected, secure, greeted, in, entering;
    const char *token;
    struct owed owed[MAX_OWED];
    unsigned first, count;
    int64_t due;                 /* when the next request is due */
    unsigned asked;
    char out[ROOM], line[LINE];
    size_t out_count, line_count;
};

static struct person *people[MAX_PEOPLE + 1];
static int person_count, poller, timer;
static SSL_CTX *tls;
static struct sockaddr_in server;
static FILE *samples;
static int64_t rate = 20, enter_rate = 10, writers = 3, readers = 5, watchers = 2;
static int64_t refused, lost, missed, entries_refused, events_out_of_order;
static char first_problem[512];
static struct { char token[128]; } tokens[MAX_PEOPLE * 4];
static int token_count, next_entrant;
/* When each comment was sent, by its number: the event with this number is late by as much. */
static int64_t sent_at[MAX_IDS];
static int64_t events_owed;
static volatile sig_atomic_t stopping;

static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("people: ", stderr);
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

static void stop(int signal) {
    (void)signal;
    stopping = 1;
}

static void sample(enum kind kind, int64_t due) {
    fprintf(samples, "%s %" PRId64 " %" PRId64 "\n", names[kind], due, now() - due);
}

static void problem(const char *what, const char *line) {
    if (!first_problem[0]) snprintf(first_problem, sizeof first_problem, "%s: %.400s", what, line);
}

/* MARK: Connections */

static void interest(struct person *person) {
    uint32_t events = EPOLLIN;
    if (!person->connected || person->out_count) events |= EPOLLOUT;
    struct epoll_event event = {.events = events, .data.ptr = person};
    if (epoll_ctl(poller, EPOLL_CTL_MOD, person->fd, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
}

static bool begin(struct person *person) {
    person->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (person->fd < 0) fail("socket: %s", strerror(errno));
    struct sockaddr_in own = {.sin_family = AF_INET};
    own.sin_addr.s_addr = htonl(0x7F000100u + (uint32_t)person->number + 1);
    int one = 1;
    setsockopt(person->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    setsockopt(person->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(person->fd, (struct sockaddr *)&own, sizeof own) < 0) fail("bind: %s", strerror(errno));
    if (connect(person->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) {
        close(person->fd);
        person->fd = -1;
        return false;
    }
    person->ssl = SSL_new(tls);
    if (!person->ssl || !SSL_set_fd(person->ssl, person->fd)) fail("SSL_new");
    SSL_set_connect_state(person->ssl);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = person};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, person->fd, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
    return true;
}

static void end(struct person *person) {
    if (person->fd < 0) return;
    SSL_free(person->ssl);
    close(person->fd);
    person->ssl = NULL;
    person->fd = -1;
    lost += person->count;
    person->count = 0;
}

/* A connection that should have stayed. */
static void broken(struct person *person, const char *why) {
    if (person->entering) {
        entries_refused++;
    } else if (!stopping || person->count) {
        lost++;
        problem("connection lost", why);
    }
    end(person);
}

static void push(struct person *person) {
    while (person->secure && person->out_count) {
        ERR_clear_error();
        int written = SSL_write(person->ssl, person->out, (int)person->out_count);
        if (written <= 0) {
            int error = SSL_get_error(person->ssl, written);
            if (error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ) return;
            broken(person, "write");
            return;
        }
        memmove(person->out, person->out + written, person->out_count - (size_t)written);
        person->out_count -= (size_t)written;
    }
}

static void say(struct person *person, const char *text, size_t length) {
    if (person->out_count + length > sizeof person->out) {
        problem("the server reads no more", "");
        return;
    }
    memcpy(person->out + person->out_count, text, length);
    person->out_count += length;
}

/* MARK: Requests */

static void ask(struct person *person, enum kind kind, int64_t due) {
    char text[1024];
    int length;
    if (person->count == MAX_OWED) {
        missed++;
        return;
    }
    switch (kind) {
    case COMMENT:
        length = snprintf(text, sizeof text,
                          "COMMENT 2025-1@1 kind=content level=note key=p%d-%" PRId64 "-%u <\n"
                          "Đề nghị ghi rõ nguồn số liệu của đoạn này và đối chiếu với báo cáo công tác năm; ý kiến số %u.\n",
                          (int)getpid(), due, person->asked, person->asked);
        break;
    case SHOW: length = snprintf(text, sizeof text, "SHOW 2025-1@1\n"); break;
    case THREAD: length = snprintf(text, sizeof text, "THREAD C1\n"); break;
    default: length = snprintf(text, sizeof text, "LIST\n"); break;
    }
    say(person, text, (size_t)length);
    person->owed[(person->first + person->count++) % MAX_OWED] = (struct owed){due, kind};
    person->asked++;
}

static int64_t number_of(const char *line, const char *key) {
    const char *place = strstr(line, key);
    return place ? strtoll(place + strlen(key), NULL, 10) : -1;
}

static void take_event(const char *line) {
    int64_t sequence = strtoll(line + 6, NULL, 10);
    if (sequence <= 0) events_out_of_order++;
    if (!strstr(line, " COMMENT.ADDED ")) return;
    int64_t id = number_of(line, " id=C");
    if (id <= 0 || id >= MAX_IDS) return;
    /* The event may overtake the reply that tells the number; then the reply settles it. */
    if (sent_at[id] > 0) {
        sample(EVENT, sent_at[id]);
        events_owed--;
    } else {
        sent_at[id] -= 1;
    }
}

static void take_status(struct person *person, const char *line) {
    if (!person->in) {
        if (strncmp(line, "OK ", 3) != 0) {
            broken(person, line);
            return;
        }
        person->in = true;
        if (person->entering) {
            sample(ENTER, person->due);
            say(person, "LOGOUT\n", 7);
        }
        return;
    }
    if (person->entering || !person->count) return;
    struct owed owed = person->owed[person->first];
    person->first = (person->first + 1) % MAX_OWED;
    person->count--;
    if (strncmp(line, "OK", 2) != 0) {
        refused++;
        problem(names[owed.kind], line);
        return;
    }
    sample(owed.kind, owed.due);
    if (owed.kind == COMMENT && watchers > 0) {
        int64_t id = number_of(line, " id=C");
        if (id <= 0 || id >= MAX_IDS) return;
        int64_t early = -sent_at[id];
        sent_at[id] = owed.due;
        events_owed += watchers - early;
        for (; early > 0; early--) sample(EVENT, owed.due);
    }
}

static void take_line(struct person *person, const char *line) {
    if (strncmp(line, "HELLO ", 6) == 0) {
        char text[256];
        int length = snprintf(text, sizeof text, "AUTH TOKEN {%zu}\n%s\n", strlen(person->token), person->token);
        say(person, text, (size_t)length);
        person->greeted = true;
    } else if (strncmp(line, "OK", 2) == 0 || strncmp(line, "NO ", 3) == 0 || strncmp(line, "BAD ", 4) == 0) {
        take_status(person, line);
    } else if (strncmp(line, "EVENT ", 6) == 0) {
        take_event(line);
    } else if (strncmp(line, "BYE ", 4) == 0) {
        if (person->entering && person->in) {
            end(person);
        } else {
            broken(person, line);
        }
    }
}

static void take(struct person *person, const char *octets, size_t count) {
    for (size_t index = 0; index < count && person->fd >= 0; index++) {
        if (octets[index] == '\n') {
            person->line[person->line_count] = 0;
            person->line_count = 0;
            take_line(person, person->line);
        } else if (person->line_count < sizeof person->line - 1) {
            person->line[person->line_count++] = octets[index];
        }
    }
}

static void serve(struct person *person) {
    if (!person->connected) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(person->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) {
            broken(person, strerror(error));
            return;
        }
        person->connected = true;
    }
    if (!person->secure) {
        /* What another connection's failure left in the queue would be taken for this one's. */
        ERR_clear_error();
        int result = SSL_do_handshake(person->ssl);
        if (result != 1) {
            int error = SSL_get_error(person->ssl, result);
            if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) broken(person, "handshake");
            else interest(person);
            return;
        }
        person->secure = true;
    }
    static char octets[65536];
    while (person->fd >= 0) {
        ERR_clear_error();
        int got = SSL_read(person->ssl, octets, sizeof octets);
        if (got > 0) {
            take(person, octets, (size_t)got);
            continue;
        }
        int error = SSL_get_error(person->ssl, got);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) broken(person, "closed");
        break;
    }
    if (person->fd >= 0) push(person);
    if (person->fd >= 0) interest(person);
}

/* MARK: Time */

static void set_timer(int64_t due) {
    struct itimerspec time = {.it_value = {.tv_sec = due / SECOND, .tv_nsec = due % SECOND}};
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &time, NULL) < 0) fail("timerfd_settime: %s", strerror(errno));
}

static void enter(struct person *entrant, int64_t due) {
    if (entrant->fd >= 0) {
        /* The one before is still at the door; a person gives up in the end. */
        if (now() - entrant->due > GIVE_UP) broken(entrant, "late");
        else return;
    }
    entrant->connected = entrant->secure = entrant->greeted = entrant->in = false;
    entrant->out_count = entrant->line_count = 0;
    entrant->token = tokens[person_count + next_entrant++ % (token_count - person_count)].token;
    entrant->due = due;
    if (!begin(entrant)) entries_refused++;
}

/* Asks whatever is due, and gives the time of the next one. */
static int64_t work_off(int64_t *next_entry) {
    int64_t time = now(), next = INT64_MAX;
    for (int index = 0; index < person_count; index++) {
        struct person *person = people[index];
        if (person->fd < 0) continue;
        if (index >= writers + readers) {
            /* Who only listens says now and then that they are there. */
            if (person->due <= time) {
                say(person, "PING\n", 5);
                person->due = time + 2 * SECOND;
                push(person);
                if (person->fd >= 0) interest(person);
            }
            continue;
        }
        while (person->due <= time) {
            enum kind kind = index < writers ? COMMENT : (enum kind)(SHOW + person->asked % 3);
            ask(person, kind, person->due);
            person->due += SECOND / rate;
        }
        push(person);
        if (person->fd >= 0) interest(person);
        if (person->due < next) next = person->due;
    }
    if (enter_rate > 0) {
        while (*next_entry <= time) {
            enter(people[person_count], *next_entry);
            *next_entry += SECOND / enter_rate;
        }
        if (*next_entry < next) next = *next_entry;
    }
    return next;
}

static int64_t owed(void) {
    int64_t count = 0;
    for (int index = 0; index < person_count; index++) count += people[index]->count;
    return count;
}

static void poll_once(int milliseconds) {
    struct epoll_event events[64];
    int count = epoll_wait(poller, events, 64, milliseconds);
    for (int index = 0; index < count; index++) {
        struct person *person = events[index].data.ptr;
        if (!person) {
            uint64_t expirations;
            if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) fail("timer");
        } else if (person->fd >= 0) {
            serve(person);
        }
    }
}

static void read_tokens(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("%s: %s", path, strerror(errno));
    char name[64];
    while (token_count < MAX_PEOPLE * 4 && fscanf(file, "%63s %127s", name, tokens[token_count].token) == 2)
        token_count++;
    fclose(file);
}

int main(int count, char **values) {
    const char *ca = NULL, *token_file = NULL, *sample_file = NULL;
    int64_t port = 0;
    for (int index = 1; index + 1 < count; index += 2) {
        const char *name = values[index], *value = values[index + 1];
        if (!strcmp(name, "--ca")) ca = value;
        else if (!strcmp(name, "--tokens")) token_file = value;
        else if (!strcmp(name, "--samples")) sample_file = value;
        else if (!strcmp(name, "--port")) port = atoll(value);
        else if (!strcmp(name, "--writers")) writers = atoll(value);
        else if (!strcmp(name, "--readers")) readers = atoll(value);
        else if (!strcmp(name, "--watchers")) watchers = atoll(value);
        else if (!strcmp(name, "--rate")) rate = atoll(value);
        else if (!strcmp(name, "--enter")) enter_rate = atoll(value);
        else fail("unknown option %s", name);
    }
    person_count = (int)(writers + readers + watchers);
    if (!ca || !token_file || !sample_file || !port || person_count > MAX_PEOPLE || rate < 1) fail("see the head of people.c");
    read_tokens(token_file);
    if (token_count <= person_count) fail("%d tokens are too few", token_count);
    if (!(samples = fopen(sample_file, "w"))) fail("%s: %s", sample_file, strerror(errno));

    signal(SIGPIPE, SIG_IGN);
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    tls = SSL_CTX_new(TLS_client_method());
    if (!tls || !SSL_CTX_load_verify_locations(tls, ca, NULL)) fail("TLS");
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    poller = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (poller < 0 || timer < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event) < 0) fail("epoll");

    for (int index = 0; index <= person_count; index++) {
        struct person *person = people[index] = calloc(1, sizeof *person);
        if (!person) fail("out of memory");
        person->fd = -1;
        person->number = index;
        person->token = tokens[index].token;
        person->entering = index == person_count;
    }
    int64_t deadline = now() + PATIENCE;
    for (int index = 0; index < person_count; index++) {
        if (!begin(people[index])) fail("connect: %s", strerror(errno));
        while (!people[index]->in && people[index]->fd >= 0 && now() < deadline) poll_once(100);
        if (!people[index]->in) fail("could not log in: %s", first_problem);
        if (index >= writers + readers) {
            say(people[index], "WATCH\n", 6);
            push(people[index]);
        }
    }
    puts("READY");
    fflush(stdout);

    /* Everybody at another moment of the period, as people are. */
    int64_t start = now() + SECOND / 10, next_entry = start + SECOND / 7;
    for (int index = 0; index < person_count; index++)
        people[index]->due = start + (SECOND / rate) * index / person_count;
    while (!stopping) {
        set_timer(work_off(&next_entry));
        poll_once(-1);
    }
    for (deadline = now() + PATIENCE; (owed() > 0 || events_owed > 0) && now() < deadline;) poll_once(100);
    lost += owed();
    struct person *entrant = people[person_count];
    for (; entrant->fd >= 0 && now() < deadline;) poll_once(100);
    fclose(samples);
    printf("refused=%" PRId64 " lost=%" PRId64 " missed=%" PRId64 " events_missing=%" PRId64 " entries_refused=%" PRId64
           " problem=%s\n",
           refused, lost, missed, events_owed + events_out_of_order, entries_refused, first_problem);
    return 0;
}
