/* Large revisions, and what the others feel of them: connection 0 pushes, connection 1 sends PING and connection 2
 * COMMENT, each at --rate, in an open loop. A request belongs to the time of a push if it was due before its OK came. */
#include "generator.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PUSHER, PINGER, COMMENTER, MEMBERS, PUSHES = 4 };

static struct histogram quiet[MEMBERS], disturbed[MEMBERS], pushes;
static bool is_pushing;
static int64_t last_push_end, push_start;
static char *texts[2];
static size_t text_counts[2];

static enum role as_requester(int number) {
    (void)number;
    return REQUESTER;
}

static void do_nothing(struct connection *connection) { (void)connection; }

static void take_reply(struct connection *connection, struct request request, int64_t event) {
    (void)event;
    int64_t time = now();
    if (connection->number == PUSHER) {
        is_pushing = false;
        last_push_end = time;
        add_time(&pushes, time - push_start);
        return;
    }
    bool is_disturbed = push_start && request.time >= push_start && (is_pushing || request.time <= last_push_end);
    if (is_disturbed) add_time(&disturbed[connection->number], time - request.time);
    else if (!push_start) add_time(&quiet[connection->number], time - request.time);
}

static void read_texts(void) {
    char names[4096];
    if (!options.files || strlen(options.files) >= sizeof names) fail("--files A,B is needed");
    strcpy(names, options.files);
    char *second = strchr(names, ',');
    if (!second) fail("--files A,B is needed");
    *second++ = 0;
    const char *both[2] = {names, second};
    for (int index = 0; index < 2; index++) {
        FILE *file = fopen(both[index], "r");
        if (!file) fail("%s: %s", both[index], strerror(errno));
        texts[index] = need(malloc(1 << 22));
        text_counts[index] = fread(texts[index], 1, 1 << 22, file);
        fclose(file);
    }
}

static int64_t first_due, due_count;

/* Both probes until a moment, or until the push is over. */
static void probe_until(int64_t end, bool is_for_push) {
    int64_t interval = SECOND / options.rate;
    while (now() < end && (!is_for_push || is_pushing)) {
        int64_t due;
        for (; (due = first_due + due_count * interval) <= now(); due_count++) {
            for (int number = PINGER; number < MEMBERS; number++) {
                struct connection *connection = &connections[number];
                /* Behind a long push more requests wait than the ring holds: those are lost, and reported. */
                if (connection->in_flight == MAX_DEPTH) continue;
                if (number == COMMENTER) {
                    send_request(connection, due);
                } else {
                    begin_request(connection, due);
                    append_text(&connection->out, "PING\n");
                }
                flush(connection);
            }
        }
        run_until(due < end ? due : end, NULL);
    }
}

void run_push(void) {
    if (!options.rate) options.rate = 200;
    workload = (struct workload){do_nothing, take_reply, NULL, do_nothing};
    read_texts();
    open_all(MEMBERS, as_requester);
    struct window window = begin_window();
    first_due = now();
    probe_until(now() + options.milliseconds * MILLISECOND, false);
    for (int turn = 0; turn < PUSHES; turn++) {
        struct connection *pusher = &connections[PUSHER];
        push_start = now();
        is_pushing = true;
        begin_request(pusher, push_start);
        append_format(&pusher->out, "PUSH 2025-1 if=@%d key=%s-push-%d {%zu}\n", (int)options.revision + turn, key_prefix, turn,
                      text_counts[turn % 2]);
        append(&pusher->out, texts[turn % 2], text_counts[turn % 2]);
        append_text(&pusher->out, "\n");
        flush(pusher);
        probe_until(now() + 60 * SECOND, true);
        if (is_pushing) fail("the server has not answered a PUSH for 60 s");
        probe_until(now() + SECOND / 2, false);
    }
    end_window(&window);
    printf("pushes=%d", PUSHES);
    print_times("push", &pushes);
    print_times("ping_before", &quiet[PINGER]);
    print_times("ping", &disturbed[PINGER]);
    print_times("comment_before", &quiet[COMMENTER]);
    print_times("comment", &disturbed[COMMENTER]);
    print_window(&window, PUSHES);
    printf(" samples=%llu errors=%lld\n", (unsigned long long)disturbed[PINGER].total, (long long)errors);
}
