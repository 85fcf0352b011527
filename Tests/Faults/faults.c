/*
 * faults.so: loaded in front of the C library, it lets a process fail on demand when it touches the files of one folder.
 *
 * Nothing of this is in the server: a server that is started without LD_PRELOAD cannot be made to fail by it.
 *
 *   FAULTS_FOLDER   the folder whose files are watched; others pass untouched
 *   FAULTS_AT       CALL:FILE:COUNT:ACTION  what happens at the COUNT-th matching call (from 1)
 *   FAULTS_GATE     a path: calls are counted, and faults go on, only while something stands there
 *   FAULTS_SAID     a file that gets one line when the fault is met, so that a test knows it was
 *   FAULTS_COUNTS   a file that gets the number of matching calls when the process ends by itself
 *   FAULTS_JOURNAL  a file that gets every change and every sync in order, for PowerCut.swift
 *   FAULTS_LIE      all: syncs do nothing and say they did; commit: only those of commits (synchronous=NORMAL)
 *
 * CALL   write, sync, truncate, rename, unlink, create, or any
 * FILE   db, wal, header (the first octets of the write-ahead log), shm, mark, partial, other, or any
 * ACTION kill-before, kill-after, kill-within (half of the octets are written), short (half once, then ENOSPC),
 *        enospc, eio (this call and every later one that matches), eio-once
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { WRITE = 1, SYNC = 2, TRUNCATE = 4, RENAME = 8, UNLINK = 16, CREATE = 32 };
enum file { OTHER = 1, DB = 2, WAL = 4, HEADER = 8, SHM = 16, MARK = 32, PARTIAL = 64 };
enum action { NOTHING, KILL_BEFORE, KILL_AFTER, KILL_WITHIN, SHORT, ENOSPC_ON, EIO_ON, EIO_ONCE };
enum entry { LINKED = 1, UNLINKED, RENAMED, WRITTEN, TRUNCATED, SYNCED, FOLDER_SYNCED };

#define MOST_DESCRIPTORS 65536

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static const char *gate, *said, *counts;
static int journal = -1;
static unsigned calls = 0, files = 0;
static enum action action = NOTHING;
static long wanted = 0, met = 0;
static bool lies_always = false, lies_on_commit = false, wal_is_written = false;
/* What each descriptor refers to; 0: nothing of ours. */
static uint8_t kinds[MOST_DESCRIPTORS];
static uint64_t inodes[MOST_DESCRIPTORS];

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_fallocate)(int, off_t, off_t);

/* Refuses to run with a misspelt instruction: the test would pass without its fault. */
static void refuse(const char *text) {
    fprintf(stderr, "faults: %s\n", text);
    _exit(99);
}

static unsigned one_of(const char *word, const char *const *words, const unsigned *values) {
    for (int index = 0; words[index] != NULL; index++)
        if (strcmp(word, words[index]) == 0) return values[index];
    refuse(word);
    return 0;
}

static void read_instruction(const char *text) {
    static const char *const call_words[] = {"write", "sync", "truncate", "rename", "unlink", "create", "any", NULL};
    static const unsigned call_values[] = {WRITE, SYNC, TRUNCATE, RENAME, UNLINK, CREATE, 63};
    static const char *const file_words[] = {"db", "wal", "header", "shm", "mark", "partial", "other", "any", NULL};
    static const unsigned file_values[] = {DB, WAL | HEADER, HEADER, SHM, MARK, PARTIAL, OTHER, 127};
    static const char *const action_words[] = {
        "kill-before", "kill-after", "kill-within", "short", "enospc", "eio", "eio-once", NULL};
    static const unsigned action_values[] = {KILL_BEFORE, KILL_AFTER, KILL_WITHIN, SHORT, ENOSPC_ON, EIO_ON, EIO_ONCE};
    char *copy = strdup(text), *rest = copy;
    if (copy == NULL) refuse("memory");
    char *part[4];
    for (int index = 0; index < 4; index++) {
        part[index] = strsep(&rest, ":");
        if (part[index] == NULL) refuse("FAULTS_AT is CALL:FILE:COUNT:ACTION");
    }
    if (rest != NULL) refuse("FAULTS_AT has too many parts");
    calls = one_of(part[0], call_words, call_values);
    files = one_of(part[1], file_words, file_values);
    wanted = strtol(part[2], NULL, 10);
    if (wanted < 1) refuse("COUNT is from 1");
    action = (enum action)one_of(part[3], action_words, action_values);
    free(copy);
}

__attribute__((constructor)) static void begin(void) {
    real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    real_openat = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat");
    real_close = (int (*)(int))dlsym(RTLD_NEXT, "close");
    real_pwrite = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
    real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    real_ftruncate = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    real_rename = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    real_unlink = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    real_fallocate = (int (*)(int, off_t, off_t))dlsym(RTLD_NEXT, "posix_fallocate64");
    const char *named = getenv("FAULTS_FOLDER");
    if (named == NULL) return;
    if (realpath(named, folder) == NULL) refuse("FAULTS_FOLDER is not there");
    folder_length = strlen(folder);
    gate = getenv("FAULTS_GATE");
    said = getenv("FAULTS_SAID");
    counts = getenv("FAULTS_COUNTS");
    const char *path = getenv("FAULTS_JOURNAL");
    if (path != NULL && (journal = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0)
        refuse("FAULTS_JOURNAL cannot be written");
    const char *lie = getenv("FAULTS_LIE");
    if (lie != NULL) {
        lies_always = strcmp(lie, "all") == 0;
        lies_on_commit = strcmp(lie, "commit") == 0;
        if (!lies_always && !lies_on_commit) refuse("FAULTS_LIE is all or commit");
    }
    const char *instruction = getenv("FAULTS_AT");
    if (instruction != NULL) read_instruction(instruction);
}

static void note(const char *path, const char *text) {
    int file = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    if (real_write(file, text, strlen(text)) < 0) _exit(99);
    real_close(file);
}

__attribute__((destructor)) static void end(void) {
    if (counts == NULL) return;
    char text[32];
    snprintf(text, sizeof text, "%ld\n", met);
    note(counts, text);
}

/* The name of a path inside the folder; NULL when it lies elsewhere. */
static const char *name_in_folder(const char *path) {
    char absolute[PATH_MAX];
    if (folder_length == 0 || path == NULL) return NULL;
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return NULL;
    size_t length = (size_t)(slash - path);
    if (length == 0 || length >= sizeof absolute) return NULL;
    memcpy(absolute, path, length);
    absolute[length] = 0;
    char resolved[PATH_MAX];
    if (realpath(absolute, resolved) == NULL || strcmp(resolved, folder) != 0) return NULL;
    return slash + 1;
}

static bool ends_with(const char *name, const char *end) {
    size_t length = strlen(name), tail = strlen(end);
    return length >= tail && strcmp(name + length - tail, end) == 0;
}

static enum file kind_of(const char *name) {
    if (strstr(name, ".partial") != NULL || strstr(name, ".restored") != NULL) return PARTIAL;
    if (ends_with(name, "-wal")) return WAL;
    if (ends_with(name, "-shm")) return SHM;
    if (ends_with(name, ".mark")) return MARK;
    if (ends_with(name, ".db")) return DB;
    return OTHER;
}

static void record(enum entry entry, uint64_t inode, uint64_t offset, const void *octets, size_t length) {
    if (journal < 0) return;
    uint64_t head[4] = {entry, inode, offset, length};
    struct iovec parts[2] = {{head, sizeof head}, {(void *)octets, length}};
    ssize_t size = (ssize_t)(sizeof head + length);
    if (writev(journal, parts, 2) != size) refuse("the journal cannot be written");
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* What is to happen at this call. Called with the mutex held. */
static enum action look(enum call call, unsigned file) {
    if (action == NOTHING && counts == NULL) return NOTHING;
    if (action != NOTHING && (!(calls & call) || !(files & file))) return NOTHING;
    if (gate != NULL && access(gate, F_OK) != 0) return NOTHING;
    met++;
    if (action == NOTHING) return NOTHING;
    bool goes_on = action == ENOSPC_ON || action == EIO_ON || action == SHORT;
    if (met < wanted || (met > wanted && !goes_on)) return NOTHING;
    if (met == wanted && said != NULL) note(said, "met\n");
    if (action == KILL_BEFORE) die();
    if (action == SHORT && met > wanted) return ENOSPC_ON;
    return action;
}

static int error_of(enum action what) { return what == EIO_ON || what == EIO_ONCE ? EIO : ENOSPC; }

static bool fails(enum action what) { return what == ENOSPC_ON || what == EIO_ON || what == EIO_ONCE; }

static ssize_t write_at(int descriptor, const void *octets, size_t length, off_t offset) {
    unsigned kind = kinds[descriptor];
    pthread_mutex_lock(&mutex);
    if (kind == WAL) wal_is_written = true;
    enum action what = look(WRITE, kind == WAL && offset < 32 ? HEADER : kind);
    ssize_t count = -1;
    if (fails(what)) {
        errno = error_of(what);
    } else {
        size_t part = what == KILL_WITHIN || what == SHORT ? length / 2 : length;
        count = real_pwrite(descriptor, octets, part, offset);
        if (count > 0) record(WRITTEN, inodes[descriptor], (uint64_t)offset, octets, (size_t)count);
    }
    if (what == KILL_WITHIN || what == KILL_AFTER) die();
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return count;
}

static bool is_ours(int descriptor) { return descriptor >= 0 && descriptor < MOST_DESCRIPTORS && kinds[descriptor] != 0; }

ssize_t pwrite64(int descriptor, const void *octets, size_t length, off_t offset) {
    if (!is_ours(descriptor)) return real_pwrite(descriptor, octets, length, offset);
    return write_at(descriptor, octets, length, offset);
}

ssize_t pwrite(int descriptor, const void *octets, size_t length, off_t offset) {
    return pwrite64(descriptor, octets, length, offset);
}

ssize_t write(int descriptor, const void *octets, size_t length) {
    if (!is_ours(descriptor)) return real_write(descriptor, octets, length);
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    ssize_t count = write_at(descriptor, octets, length, offset);
    if (count > 0) lseek(descriptor, offset + count, SEEK_SET);
    return count;
}

static int truncate_to(int descriptor, off_t size) {
    pthread_mutex_lock(&mutex);
    enum action what = look(TRUNCATE, kinds[descriptor]);
    int result = -1;
    if (fails(what) || what == SHORT) {
        errno = error_of(what);
    } else {
        result = real_ftruncate(descriptor, size);
        if (result == 0) record(TRUNCATED, inodes[descriptor], (uint64_t)size, NULL, 0);
    }
    if (what == KILL_AFTER || what == KILL_WITHIN) die();
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return result;
}

int ftruncate64(int descriptor, off_t size) {
    return is_ours(descriptor) ? truncate_to(descriptor, size) : real_ftruncate(descriptor, size);
}

int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

int posix_fallocate64(int descriptor, off_t offset, off_t length) {
    struct stat status;
    if (!is_ours(descriptor)) return real_fallocate(descriptor, offset, length);
    if (fstat(descriptor, &status) != 0) return errno;
    if (status.st_size >= offset + length) return 0;
    return truncate_to(descriptor, offset + length) == 0 ? 0 : errno;
}

int posix_fallocate(int descriptor, off_t offset, off_t length) { return posix_fallocate64(descriptor, offset, length); }

static int sync_file(int descriptor, int (*real)(int)) {
    struct stat status;
    bool ours = is_ours(descriptor);
    bool is_folder = false;
    if (!ours && folder_length > 0 && fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        struct stat watched;
        is_folder = stat(folder, &watched) == 0 && watched.st_ino == status.st_ino && watched.st_dev == status.st_dev;
    }
    if (!ours && !is_folder) return real(descriptor);
    pthread_mutex_lock(&mutex);
    unsigned kind = ours ? kinds[descriptor] : OTHER;
    enum action what = look(SYNC, kind);
    bool swallows = lies_always || (lies_on_commit && kind == WAL && wal_is_written);
    if (kind == WAL) wal_is_written = false;
    int result = 0;
    if (fails(what) || what == SHORT) {
        errno = EIO;
        result = -1;
    } else if (!swallows) {
        /* The model keeps what is durable in its journal: the machine's own disk need not be troubled. */
        result = journal >= 0 ? 0 : real(descriptor);
        if (result == 0) record(is_folder ? FOLDER_SYNCED : SYNCED, ours ? inodes[descriptor] : 0, 0, NULL, 0);
    }
    if (what == KILL_AFTER || what == KILL_WITHIN) die();
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return result;
}

int fsync(int descriptor) { return sync_file(descriptor, real_fsync); }

int fdatasync(int descriptor) { return sync_file(descriptor, real_fdatasync); }

static int opened(const char *path, int flags, mode_t mode, int at) {
    const char *name = at == AT_FDCWD ? name_in_folder(path) : NULL;
    if (name == NULL) return real_openat(at, path, flags, mode);
    pthread_mutex_lock(&mutex);
    bool creates = (flags & O_CREAT) && access(path, F_OK) != 0;
    enum action what = creates ? look(CREATE, kind_of(name)) : NOTHING;
    int descriptor = -1;
    if (fails(what) || what == SHORT) {
        errno = error_of(what);
    } else {
        descriptor = real_openat(at, path, flags, mode);
        struct stat status;
        if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS && fstat(descriptor, &status) == 0
            && S_ISREG(status.st_mode)) {
            kinds[descriptor] = (uint8_t)kind_of(name);
            inodes[descriptor] = status.st_ino;
            if (creates) record(LINKED, status.st_ino, 0, name, strlen(name));
            if (flags & O_TRUNC) record(TRUNCATED, status.st_ino, 0, NULL, 0);
        }
    }
    if (what == KILL_AFTER || what == KILL_WITHIN) die();
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return descriptor;
}

static mode_t mode_of(int flags, va_list rest) {
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(rest, unsigned) : 0;
}

#define OPENING(NAME)                              \
    int NAME(const char *path, int flags, ...) {   \
        va_list rest;                              \
        va_start(rest, flags);                     \
        mode_t mode = mode_of(flags, rest);        \
        va_end(rest);                              \
        return opened(path, flags, mode, AT_FDCWD); \
    }
OPENING(open)
OPENING(open64)

#define OPENING_AT(NAME)                                  \
    int NAME(int at, const char *path, int flags, ...) {  \
        va_list rest;                                     \
        va_start(rest, flags);                            \
        mode_t mode = mode_of(flags, rest);               \
        va_end(rest);                                     \
        return opened(path, flags, mode, at);             \
    }
OPENING_AT(openat)
OPENING_AT(openat64)

int close(int descriptor) {
    if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS) kinds[descriptor] = 0;
    return real_close(descriptor);
}

int rename(const char *from, const char *to) {
    const char *old = name_in_folder(from), *new = name_in_folder(to);
    if (old == NULL || new == NULL) return real_rename(from, to);
    pthread_mutex_lock(&mutex);
    enum action what = look(RENAME, kind_of(new));
    int result = -1;
    if (fails(what) || what == SHORT) {
        errno = error_of(what);
    } else {
        result = real_rename(from, to);
        char names[2 * PATH_MAX];
        int length = snprintf(names, sizeof names, "%s/%s", old, new);
        if (result == 0) record(RENAMED, 0, 0, names, (size_t)length);
    }
    if (what == KILL_AFTER || what == KILL_WITHIN) die();
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return result;
}

int unlink(const char *path) {
    const char *name = name_in_folder(path);
    if (name == NULL) return real_unlink(path);
    pthread_mutex_lock(&mutex);
    enum action what = look(UNLINK, kind_of(name));
    int result = -1;
    if (fails(what) || what == SHORT) {
        errno = error_of(what);
    } else {
        result = real_unlink(path);
        if (result == 0) record(UNLINKED, 0, 0, name, strlen(name));
    }
    if (what == KILL_AFTER || what == KILL_WITHIN) die();
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return result;
}
