// The load generator on bare libzmq: one thread that polls, drains, checks each answer and sends the next call.
//
// Like our library, it sends through a DEALER that is connected to the service's ROUTER and reads the answers there
// (`return: "same"`). With `--path second` it does what Python does: it sends through one ROUTER, and reads the answers
// from another, a bound one, to which the service connects.
#include "frames.h"
#include "load.h"
#include <sys/timerfd.h>

struct lane { char id[32]; uint64_t started; int is_free; };

static struct options o;
static struct lane *lanes;
static struct body bodies[LETTERS];
static char *expected[LETTERS];
static size_t expected_size;
static struct part target, headers, subject;
static void *out;

static void prepare(void) {
    for (int i = 0; i < LETTERS; i++) {
        char *text = malloc(o.text), *answer = malloc(o.text + 8);
        memset(text, 'a' + i, o.text);
        size_t head = text_head(answer, o.text);
        memset(answer + head, (o.is_echo ? 'a' : 'A') + i, o.text);
        expected[i] = answer;
        expected_size = head + o.text;
        memcpy(bodies[i].head, "\x81\xa4text", 6);
        bodies[i].head_size = 6 + text_head(bodies[i].head + 6, o.text);
        bodies[i].text = text;
        bodies[i].size = o.text;
    }
}

static void hex(char *to, uint64_t value, int digits) {
    for (; digits > 0; value >>= 4) to[--digits] = "0123456789abcdef"[value & 15];
}

// Sends a call. The last eight digits of the id are the number of the lane.
static void call(int lane, uint64_t started) {
    static uint64_t number = 0x9e3779b97f4a7c15;
    struct lane *l = &lanes[lane];
    number += 0x9e3779b97f4a7c15;
    hex(l->id, number, 16);
    hex(l->id + 16, (uint64_t)lane, 16);
    l->started = started;
    l->is_free = 0;
    struct part parts[BODY] = {{l->id, 32}, {"REQ", 3}, subject, headers};
    send_message(out, o.second ? &target : 0, o.packed, parts, &bodies[lane % LETTERS]);
}

// Checks an answer and returns its lane.
static int check_answer(const struct incoming *m) {
    const struct part *parts = m->parts;
    char digits[17] = {0};
    if (parts[SUBJECT].size != 32) fail("an answer to an id that is not ours");
    memcpy(digits, parts[SUBJECT].bytes + 16, 16);
    unsigned long lane = strtoul(digits, 0, 16);
    if (lane >= (unsigned long)o.outstanding || memcmp(lanes[lane].id, parts[SUBJECT].bytes, 32) || lanes[lane].is_free)
        fail("an answer to a call that was not made");
    if (parts[KIND].size != 3 || memcmp(parts[KIND].bytes, "REP", 3)) fail("an answer that is not a reply");
    if (parts[BODY].size != expected_size || memcmp(parts[BODY].bytes, expected[lane % LETTERS], expected_size))
        fail("an answer with the wrong content");
    return (int)lane;
}

int main(int argc, char **argv) {
    o = parse(argc, argv);
    void *context = zmq_ctx_new();
    char endpoint[64], peer[64];
    int port;
    void *router = bind_router(context, endpoint, &port);
    snprintf(peer, sizeof peer, "tcp://%s", o.connect);
    target = (struct part){peer, strlen(peer)};
    out = open_socket(context, o.second ? ZMQ_ROUTER : ZMQ_DEALER, endpoint);
    if (o.second) dial(out, peer, strlen(peer));
    else check(zmq_connect(out, peer) == 0, "zmq_connect");
    void *in = o.second ? router : out;

    char bytes[128];
    int size = snprintf(bytes, sizeof bytes, "%c\xa8trace_id\xd9 0123456789abcdef0123456789abcdef\xa7version\xc0%s",
                        o.second ? 0x82 : 0x83, o.second ? "" : "\xa6return\xa4same");
    headers = (struct part){bytes, (size_t)size};
    subject = o.is_echo ? (struct part){"echo.echo", 9} : (struct part){"echo.upper", 10};
    lanes = calloc(o.outstanding, sizeof *lanes);
    for (int i = 0; i < o.outstanding; i++) lanes[i].is_free = 1;
    int *free_lanes = malloc(sizeof(int) * o.outstanding), free_count = 0, has_begun = 0;
    prepare();

    struct histogram *h = calloc(1, sizeof *h);
    struct incoming m;
    uint64_t start = now_ns(), begin = start + (uint64_t)(o.warmup * 1e9), end = begin + (uint64_t)(o.seconds * 1e9);
    double interval = o.rate > 0 ? 1e9 / o.rate : 0, next = (double)start;
    for (int i = o.outstanding - 1; i >= 0; i--) {
        if (o.rate > 0) free_lanes[free_count++] = i;
        else call(i, now_ns());
    }
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    zmq_pollitem_t items[] = {{in, 0, ZMQ_POLLIN, 0}, {0, timer, ZMQ_POLLIN, 0}};
    for (;;) {
        if (o.rate > 0 && free_count > 0) {
            struct itimerspec at = {{0, 0}, {(time_t)(next / 1e9), (long)((uint64_t)next % 1000000000)}};
            timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, 0);
        }
        int ready = zmq_poll(items, o.rate > 0 && free_count > 0 ? 2 : 1, 5000);
        check(ready >= 0, "zmq_poll");
        if (ready == 0) fail("no answer for five seconds");
        uint64_t now = now_ns();
        while (receive(in, o.second, o.packed, &m)) {
            // A Python peer sends heartbeats; they don't need an answer.
            if (m.parts[KIND].size == 3 && memcmp(m.parts[KIND].bytes, "REQ", 3) == 0) { done_with(&m); continue; }
            int lane = check_answer(&m);
            done_with(&m);
            now = now_ns();
            if (now >= begin && now < end) record(h, now - lanes[lane].started);
            lanes[lane].is_free = 1;
            if (o.rate > 0) free_lanes[free_count++] = lane;
            else call(lane, now);
        }
        while (o.rate > 0 && free_count > 0 && next <= (double)now) {
            // The latency counts from when the call was due, even if no lane was free then.
            call(free_lanes[--free_count], (uint64_t)next);
            next += interval;
        }
        if (now >= end) break;
        if (now >= begin && !has_begun++) say_begin();
    }
    finish(h, (double)(end - begin) / 1e9);
}
