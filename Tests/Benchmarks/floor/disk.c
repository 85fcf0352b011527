/* What the disk and SQLite allow here, to divide the server's figures by.
 *
 *   disk sync    DIRECTORY SECONDS   append 4 KiB to a growing file, fdatasync, again
 *   disk commit  DIRECTORY SECONDS   insert one row of 300 octets into an SQLite table and commit, again
 *   disk probe   DIRECTORY SECONDS   one such append every 100 ms until SIGTERM: shows whether others stall the disk
 *
 * The database is set up as the server's is: write-ahead log, synchronous=FULL, the default checkpoint. One thread. Prints
 * one line of key=value pairs, and removes its files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint32_t *samples; /* tenths of a microsecond */
static size_t count, room;
static char path[4096];

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "disk: %s: %s\n", what, why);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void add_sample(int64_t nanoseconds) {
    if (count == room) {
        room = room ? 2 * room : 65536;
        samples = realloc(samples, room * sizeof *samples);
        if (!samples) fail("samples", "out of memory");
    }
    samples[count++] = (uint32_t)(nanoseconds / 100);
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static double cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static volatile sig_atomic_t is_asked_to_end;

static void end(int signal) {
    (void)signal;
    is_asked_to_end = 1;
}

/* Appends and synchronises; between two appends it rests. */
static void synchronize(int64_t duration, int64_t rest) {
    static char block[4096];
    memset(block, 'x', sizeof block);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) fail(path, strerror(errno));
    int64_t start = now(), last = start;
    while (last - start < duration && !is_asked_to_end) {
        if (rest) {
            const struct timespec pause = {.tv_nsec = rest};
            nanosleep(&pause, NULL);
            last = now();
        }
        if (write(file, block, sizeof block) != (ssize_t)sizeof block || fdatasync(file)) fail(path, strerror(errno));
        int64_t time = now();
        add_sample(time - last);
        last = time;
    }
    close(file);
    unlink(path);
}

static void check(sqlite3 *database, int result) {
    if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) fail("SQLite", sqlite3_errmsg(database));
}

static void commit(int64_t duration) {
    static char text[300];
    memset(text, 'x', sizeof text);
    sqlite3 *database;
    sqlite3_stmt *insert;
    unlink(path);
    check(NULL, sqlite3_open(path, &database));
    check(database, sqlite3_exec(database,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE events (seq INTEGER PRIMARY KEY, text BLOB NOT NULL)", NULL, NULL, NULL));
    check(database, sqlite3_prepare_v2(database, "INSERT INTO events (text) VALUES (?)", -1, &insert, NULL));
    int64_t start = now(), last = start;
    while (last - start < duration) {
        check(database, sqlite3_bind_blob(insert, 1, text, sizeof text, SQLITE_STATIC));
        check(database, sqlite3_step(insert));
        check(database, sqlite3_reset(insert));
        int64_t time = now();
        add_sample(time - last);
        last = time;
    }
    sqlite3_finalize(insert);
    sqlite3_close(database);
    unlink(path);
}

int main(int arguments_count, char **arguments) {
    if (arguments_count != 4) fail("usage", "disk sync|commit|probe DIRECTORY SECONDS");
    int64_t duration = (int64_t)(atof(arguments[3]) * 1e9);
    if (duration <= 0 || duration > 600000000000) fail(arguments[3], "0 to 600 seconds");
    snprintf(path, sizeof path, "%s/disk-%d", arguments[2], (int)getpid());
    signal(SIGTERM, end);
    int64_t start = now();
    double used = cpu();
    if (!strcmp(arguments[1], "sync")) synchronize(duration, 0);
    else if (!strcmp(arguments[1], "probe")) synchronize(duration, 100000000);
    else if (!strcmp(arguments[1], "commit")) commit(duration);
    else fail(arguments[1], "sync, commit or probe");
    double seconds = (double)(now() - start) / 1e9;
    used = cpu() - used;
    if (!count) fail(arguments[1], "nothing was measured");
    qsort(samples, count, sizeof *samples, compare);
    printf("rate=%.1f p50_us=%.1f p99_us=%.1f max_us=%.1f cores=%.3f\n", (double)count / seconds,
           samples[count / 2] / 10.0, samples[count * 99 / 100] / 10.0, samples[count - 1] / 10.0, used / seconds);
    return 0;
}
