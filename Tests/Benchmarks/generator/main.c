/* A load generator for phanbien and the servers it is compared with: TLS 1.3 connections to 127.0.0.1, one thread.
 *
 *   load        --connections N --depth D      requests of --operation in a closed loop, or --rate R in an open one
 *   fanout      --watchers N --publishers P    publications and their deliveries, closed loop or --rate R
 *   idle        --connections N --watch 0/1    the server's resident memory for each connection
 *   handshakes  --connections N                full handshakes, N at a time
 *   push        --files A,B --rate R           large revisions, and what PING and COMMENT take meanwhile
 *   talk        reads "person<TAB>request[<TAB>body]" lines and sends them one after another; a body "@FILE" is the file;
 *               who is in the file --tokens logs in with it
 *   tokens      reads "person topic" lines and prints each with a session token behind it
 *
 * Results are one line of key=value pairs; times are microseconds. The status is 0 only when every request was answered
 * well and no delivery is missing. */
#define _GNU_SOURCE
#include "generator.h"
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct options options = {
    .mode = "", .protocol = "phanbien", .operation = "", .password = "", .connections = 1, .depth = 1, .body = 300,
    .milliseconds = 2000, .publishers = 1, .at_once = 32,
};
const struct protocol *protocol;
char key_prefix[32];

_Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("generator: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void *need(void *memory) {
    if (!memory) fail("out of memory");
    return memory;
}

static void read_options(int count, char **arguments) {
    static const struct { const char *name, **text; int64_t *number, low, high; } table[] = {
        {"protocol", .text = &options.protocol}, {"operation", .text = &options.operation}, {"ca", .text = &options.ca},
        {"tokens", .text = &options.tokens}, {"password", .text = &options.password}, {"files", .text = &options.files},
        {"port", .number = &options.port, .low = 1, .high = 65535},
        {"server", .number = &options.server, .low = 1, .high = INT32_MAX},
        {"connections", .number = &options.connections, .low = 1, .high = MAX_CONNECTIONS},
        {"depth", .number = &options.depth, .low = 1, .high = MAX_DEPTH},
        {"body", .number = &options.body, .low = 32, .high = MAX_BODY},
        {"count", .number = &options.count, .low = 1, .high = 10000000},
        {"rate", .number = &options.rate, .low = 1, .high = 1000000},
        {"ms", .number = &options.milliseconds, .low = 1, .high = 600000},
        {"warm-up-ms", .number = &options.warm_up, .low = 0, .high = 60000},
        {"watchers", .number = &options.watchers, .low = 1, .high = MAX_CONNECTIONS},
        {"publishers", .number = &options.publishers, .low = 1, .high = 1000},
        {"at-once", .number = &options.at_once, .low = 1, .high = 1000},
        {"watch", .number = &options.watch, .low = 0, .high = 1},
        {"revision", .number = &options.revision, .low = 0, .high = 1000},
    };
    if (count < 2 || count % 2) fail("usage: generator MODE --port N --ca FILE --NAME VALUE …");
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
        long long parsed = strtoll(value, &end, 10);
        if (errno || end == value || *end || parsed < table[row].low || parsed > table[row].high)
            fail("%s: %lld to %lld, not %s", name, (long long)table[row].low, (long long)table[row].high, value);
        *table[row].number = parsed;
    }
    if (!options.port || !options.ca) fail("--port and --ca are needed");
}

int main(int count, char **arguments) {
    static const struct protocol *protocols[] = {&phanbien, &redis, &postgres, &imap, &floor_server};
    static const struct { const char *name; void (*run)(void); bool is_measuring; } modes[] = {
        {"load", run_load, true}, {"fanout", run_fanout, true}, {"idle", run_idle, true},
        {"handshakes", run_handshakes, true}, {"push", run_push, true}, {"talk", run_talk, false}, {"tokens", run_tokens, false},
    };
    read_options(count, arguments);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    snprintf(key_prefix, sizeof key_prefix, "%llx-%x", (unsigned long long)time(NULL), (unsigned)getpid());
    for (size_t index = 0; index < sizeof protocols / sizeof *protocols; index++)
        if (!strcmp(protocols[index]->name, options.protocol)) protocol = protocols[index];
    if (!protocol) fail("no protocol %s", options.protocol);
    size_t mode = 0, mode_count = sizeof modes / sizeof *modes;
    while (mode < mode_count && strcmp(modes[mode].name, options.mode)) mode++;
    if (mode == mode_count) fail("no mode %s", options.mode);
    prepare_tls();
    if (modes[mode].is_measuring) {
        if (!options.server) fail("--server is needed: the server's process");
        protocol->prepare();
    }
    modes[mode].run();
    if (errors) fail("%s: %lld requests were refused: %s", protocol->name, (long long)errors, first_error);
    return 0;
}
