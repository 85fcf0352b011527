/* Requests in a closed or an open loop, connections that idle, handshakes. */
#include "generator.h"
#include <string.h>
#include <unistd.h>

static struct histogram latencies, openings;
static bool is_sending, is_measuring;
static int64_t sent_count, replied_count, window_replies;

static enum role as_requester(int number) {
    (void)number;
    return REQUESTER;
}
static enum role as_watcher(int number) {
    (void)number;
    return options.watch ? WATCHER : REQUESTER;
}

static void note_opening(struct connection *connection) { add_time(&openings, now() - connection->opened); }

/* MARK: Closed loop */

static void fill(struct connection *connection) {
    if (!is_sending || options.rate || connection->phase != READY) return;
    int64_t time = connection->in_flight < options.depth ? now() : 0;
    while (connection->in_flight < options.depth && (!options.count || sent_count < options.count)) {
        send_request(connection, time);
        sent_count++;
    }
}

static void take_reply(struct connection *connection, struct request request, int64_t event) {
    (void)connection, (void)event;
    replied_count++;
    if (!is_measuring) return;
    window_replies++;
    add_time(&latencies, now() - request.time);
}

/* MARK: Open loop: a request is due at its time, whether or not the ones before it are answered */

static int64_t first_due, due_count;

static void send_due(void) {
    int64_t interval = SECOND / options.rate;
    for (int64_t due; (due = first_due + due_count * interval) <= now(); due_count++) {
        struct connection *connection = &connections[due_count % options.connections];
        if (connection->in_flight == MAX_DEPTH) fail("the server cannot keep up with %d/s", (int)options.rate);
        send_request(connection, due);
        flush(connection);
    }
}

static bool is_counted(void) { return options.count && replied_count >= options.count; }

static void run_for(int64_t duration) {
    int64_t end = now() + duration;
    while (now() < end && !is_counted()) {
        int64_t until = end;
        if (options.rate) {
            send_due();
            int64_t due = first_due + due_count * (SECOND / options.rate);
            if (due < until) until = due;
        }
        run_until(until, is_counted);
    }
}

static bool is_drained(void) {
    for (int index = 0; index < opened_count; index++)
        if (connections[index].in_flight) return false;
    return true;
}

void run_load(void) {
    workload = (struct workload){note_opening, take_reply, NULL, fill};
    open_all((int)options.connections, as_requester);
    is_sending = true;
    first_due = now();
    for (int index = 0; index < options.connections; index++) {
        fill(&connections[index]);
        flush(&connections[index]);
    }
    run_for(options.warm_up * MILLISECOND);
    is_measuring = true;
    struct window window = begin_window();
    run_for(options.milliseconds * MILLISECOND);
    end_window(&window);
    is_measuring = is_sending = false;
    /* What is still on its way is answered before the connections go. */
    run_until(now() + 20 * SECOND, is_drained);
    if (options.count && replied_count < options.count)
        fail("only %lld of %lld replies in %.0f s", (long long)replied_count, (long long)options.count, window.seconds);
    if (!window_replies) fail("%s: no reply in %.1f s", protocol->name, window.seconds);
    printf("rate=%.1f units=%lld", (double)window_replies / window.seconds, (long long)window_replies);
    print_times("reply", &latencies);
    print_times("open", &openings);
    print_window(&window, (uint64_t)window_replies);
    printf(" errors=%lld\n", (long long)errors);
    if (!is_drained()) fail("%s: some replies never came", protocol->name);
}

/* MARK: Idling */

static void do_nothing(struct connection *connection) { (void)connection; }

void run_idle(void) {
    workload = (struct workload){note_opening, NULL, NULL, do_nothing};
    sleep(1);
    long before = server_memory();
    struct window opening = begin_window();
    open_all((int)options.connections, as_watcher);
    end_window(&opening);
    run_until(now() + 2 * SECOND, NULL);
    long after = server_memory();
    struct window idle = begin_window();
    run_until(now() + options.milliseconds * MILLISECOND, NULL);
    end_window(&idle);
    printf("rate=%.1f units=%lld each_kib=%.3f before_kib=%ld after_kib=%ld idle_cores=%.4f",
           (double)options.connections / opening.seconds, (long long)options.connections,
           (double)(after - before) / (double)options.connections, before, after, idle.server / idle.seconds);
    print_times("open", &openings);
    print_window(&opening, (uint64_t)options.connections);
    printf(" errors=%lld\n", (long long)errors);
}

/* MARK: Handshakes: connect, full handshake, the first answer, close, again */

static int64_t handshake_count;

static void first_answer(struct connection *connection, struct request request, int64_t event) {
    (void)request, (void)event;
    if (is_measuring) {
        handshake_count++;
        add_time(&latencies, now() - connection->opened);
    }
}

static void ask_first(struct connection *connection) {
    connection->requests[connection->oldest] = (struct request){now(), 0};
    connection->in_flight = 1;
    protocol->ping(connection);
}

static void open_again(struct connection *connection) {
    if (connection->in_flight) return;
    int number = connection->number;
    close_connection(connection);
    if (is_sending) open_connection(number, REQUESTER);
}

void run_handshakes(void) {
    workload = (struct workload){ask_first, first_answer, NULL, open_again};
    is_sending = true;
    open_all((int)options.connections, as_requester);
    run_until(now() + options.warm_up * MILLISECOND, NULL);
    is_measuring = true;
    struct window window = begin_window();
    run_until(now() + options.milliseconds * MILLISECOND, NULL);
    end_window(&window);
    is_measuring = is_sending = false;
    printf("rate=%.1f units=%lld", (double)handshake_count / window.seconds, (long long)handshake_count);
    print_times("open", &latencies);
    print_window(&window, (uint64_t)handshake_count);
    printf(" errors=%lld\n", (long long)errors);
}
