/* Publications and their deliveries.
 *
 * Closed loop: every publisher has one publication on its way, which is over when it is acknowledged and every watcher
 * has it. Open loop (--rate): publications are due at their times, whatever happened to the ones before, and each delivery
 * counts from the time when its publication was due: a server that stalls cannot hide it (no coordinated omission). */
#include "generator.h"
#include <stdlib.h>
#include <string.h>

/* A publication that is not over. An event may come before the acknowledgement that tells whose event it is: then the
 * times of arrival wait. */
struct publication {
    int64_t event; /* 0: none */
    int64_t due;   /* 0: not known yet */
    int publisher, remaining, waiting_count;
    int64_t *waiting;
};

enum { PLACES = 1 << 16 };

static struct publication *publications;
static struct histogram deliveries, lasts, acknowledgements;
static bool is_sending, is_measuring;
static int64_t unfinished, window_deliveries, window_publications, all_publications, all_deliveries;

static enum role role_of(int number) { return number < options.watchers ? WATCHER : PUBLISHER; }

static struct publication *place_of(int64_t event) {
    struct publication *publication = &publications[event & (PLACES - 1)];
    if (publication->event == event) return publication;
    if (publication->event) fail("more than %d publications are on their way", PLACES);
    publication->event = event;
    publication->due = 0;
    publication->publisher = -1;
    publication->remaining = (int)options.watchers;
    publication->waiting_count = 0;
    return publication;
}

static void publish(struct connection *connection, int64_t due) {
    int64_t number = send_request(connection, due);
    unfinished++;
    all_publications++;
    if (protocol == &phanbien) return; /* its events have numbers of their own, which the acknowledgement tells */
    struct publication *publication = place_of(number);
    publication->due = due;
}

static void count_delivery(int64_t due, int64_t time, bool is_last) {
    all_deliveries++;
    if (!is_measuring) return;
    window_deliveries++;
    add_time(&deliveries, time - due);
    if (is_last) add_time(&lasts, time - due);
}

static void end_if_over(struct publication *publication) {
    if (publication->remaining || publication->publisher < 0) return;
    struct connection *publisher = &connections[publication->publisher];
    publication->event = 0;
    unfinished--;
    if (is_measuring) window_publications++;
    if (!is_sending || options.rate) return;
    publish(publisher, now());
    flush(publisher);
}

static void take_acknowledgement(struct connection *connection, struct request request, int64_t event) {
    int64_t time = now();
    if (is_measuring) add_time(&acknowledgements, time - request.time);
    struct publication *publication = place_of(event < 0 ? request.number : event);
    publication->publisher = connection->number;
    publication->due = request.time;
    for (int index = 0; index < publication->waiting_count; index++)
        count_delivery(request.time, publication->waiting[index], !publication->remaining && index + 1 == publication->waiting_count);
    publication->waiting_count = 0;
    end_if_over(publication);
}

static void take_delivery(struct connection *connection, int64_t event) {
    (void)connection;
    struct publication *publication = place_of(event);
    if (!publication->remaining) fail("%s: event %lld was told twice", protocol->name, (long long)event);
    publication->remaining--;
    if (publication->due) {
        count_delivery(publication->due, now(), !publication->remaining);
    } else {
        if (!publication->waiting) publication->waiting = need(malloc((size_t)options.watchers * sizeof(int64_t)));
        publication->waiting[publication->waiting_count++] = now();
    }
    end_if_over(publication);
}

static void do_nothing(struct connection *connection) { (void)connection; }

static int64_t first_due, due_count;

static void run_for(int64_t duration) {
    int64_t end = now() + duration;
    while (now() < end) {
        int64_t until = end;
        if (options.rate) {
            int64_t interval = SECOND / options.rate, due;
            for (; (due = first_due + due_count * interval) <= now(); due_count++) {
                struct connection *publisher = &connections[options.watchers + due_count % options.publishers];
                if (publisher->in_flight == MAX_DEPTH) fail("%s: cannot keep up with %d/s", protocol->name, (int)options.rate);
                publish(publisher, due);
                flush(publisher);
            }
            if (due < until) until = due;
        }
        run_until(until, NULL);
    }
}

static bool is_drained(void) { return !unfinished; }

void run_fanout(void) {
    workload = (struct workload){do_nothing, take_acknowledgement, take_delivery, do_nothing};
    publications = need(calloc(PLACES, sizeof *publications));
    open_all((int)(options.watchers + options.publishers), role_of);
    is_sending = true;
    first_due = now();
    for (int64_t index = options.watchers; !options.rate && index < opened_count; index++) {
        publish(&connections[index], now());
        flush(&connections[index]);
    }
    run_for(options.warm_up * MILLISECOND);
    is_measuring = true;
    struct window window = begin_window();
    run_for(options.milliseconds * MILLISECOND);
    end_window(&window);
    is_measuring = is_sending = false;
    run_until(now() + 20 * SECOND, is_drained);
    int64_t missing = all_publications * options.watchers - all_deliveries;
    printf("rate=%.1f units=%lld publications=%.1f missing=%lld", (double)window_deliveries / window.seconds,
           (long long)window_deliveries, (double)window_publications / window.seconds, (long long)missing);
    print_times("delivery", &deliveries);
    print_times("last", &lasts);
    print_times("reply", &acknowledgements);
    print_window(&window, (uint64_t)window_deliveries);
    printf(" errors=%lld\n", (long long)errors);
    if (missing || unfinished) fail("%s: %lld deliveries are missing", protocol->name, (long long)missing);
}
