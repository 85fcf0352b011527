/* Times, histograms, processor time and memory. */
#define _GNU_SOURCE
#include "generator.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static size_t class_of(uint64_t value) {
    if (value < 128) return (size_t)value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - 7;
    size_t class = 128 * (size_t)(shift + 1) + (size_t)((value >> shift) - 128);
    return class < CLASSES ? class : CLASSES - 1;
}

/* The middle of a class. */
static double value_of(size_t class) {
    if (class < 128) return (double)class;
    unsigned shift = (unsigned)(class / 128) - 1;
    return (double)((128 + class % 128) << shift) + (double)(1ULL << shift) / 2;
}

void add_time(struct histogram *histogram, int64_t nanoseconds) {
    if (nanoseconds < 0) nanoseconds = 0;
    if (nanoseconds > histogram->most) histogram->most = nanoseconds;
    histogram->classes[class_of((uint64_t)nanoseconds / 100)]++;
    histogram->total++;
}

double percentile(const struct histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)((double)histogram->total * share), seen = 0;
    for (size_t class = 0; class < CLASSES; class++) {
        seen += histogram->classes[class];
        if (seen > wanted) return value_of(class) / 10;
    }
    return (double)histogram->most / 1000;
}

void print_times(const char *name, const struct histogram *histogram) {
    if (!histogram->total) return;
    printf(" %s_p50=%.1f %s_p99=%.1f %s_max=%.1f", name, percentile(histogram, 0.5), name, percentile(histogram, 0.99),
           name, (double)histogram->most / 1000);
}

double own_cpu(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Processor time of one process with all its threads, also those that have ended; the kernel keeps it in nanoseconds. */
static double cpu_of(pid_t process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) || clock_gettime(clock, &time)) return 0;
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static pid_t parent_of(pid_t process) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t count = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[count] = 0;
    /* The name in parentheses may hold blanks, so the fields are counted from its end. */
    const char *rest = strrchr(text, ')');
    int parent = 0;
    if (!rest || sscanf(rest + 1, " %*c %d", &parent) != 1) return 0;
    return parent;
}

double server_cpu(void) {
    /* A parent is found before its children often enough: a new process rarely has a smaller number. */
    static pid_t tree[32768];
    size_t count = 1;
    tree[0] = (pid_t)options.server;
    double sum = cpu_of(tree[0]);
    DIR *folder = opendir("/proc");
    if (!folder) return sum;
    for (struct dirent *entry; (entry = readdir(folder));) {
        pid_t process = atoi(entry->d_name);
        if (process <= 0 || process == tree[0] || count == sizeof tree / sizeof *tree) continue;
        pid_t parent = parent_of(process);
        size_t index = 0;
        while (index < count && tree[index] != parent) index++;
        if (index == count) continue;
        tree[count++] = process;
        sum += cpu_of(process);
    }
    closedir(folder);
    return sum;
}

long server_memory(void) {
    char path[64], line[256];
    long value = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)options.server);
    FILE *file = fopen(path, "r");
    if (!file) fail("there is no process %d", (int)options.server);
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, "VmRSS:", 6)) value = atol(line + 6);
    fclose(file);
    return value;
}

struct window begin_window(void) {
    struct window window = {.own = 0};
    window.server = server_cpu();
    window.own = own_cpu();
    window.start = now();
    return window;
}

void end_window(struct window *window) {
    window->seconds = (double)(now() - window->start) / 1e9;
    window->own = own_cpu() - window->own;
    window->server = server_cpu() - window->server;
}

void print_window(const struct window *window, uint64_t units) {
    double count = units ? (double)units : 1;
    printf(" seconds=%.3f server_cores=%.3f generator_cores=%.3f server_us=%.3f generator_us=%.3f", window->seconds,
           window->server / window->seconds, window->own / window->seconds, window->server * 1e6 / count,
           window->own * 1e6 / count);
}
