// The service on bare libzmq: one thread that polls, drains and answers. It speaks as much of lymph's protocol as
// `upper`, `echo` and heartbeats need, so any lymph client can call it.
//
// Like our library's service, it has one bound ROUTER for requests. An answer goes back over the connection that its
// request came in on if the request's headers say that the caller reads there (`return: "same"`), as our clients do.
// Otherwise, and always with `--path second`, it goes over a connection to the caller's endpoint, as Python does it:
// through one ROUTER that only sends.
#include "frames.h"
#include "load.h"

#define PEERS 4096

static struct { char endpoint[64]; size_t size; } peers[PEERS];
static int peer_count, last_peer;

static void dial_once(void *sender, struct part peer) {
    if (last_peer < peer_count && peers[last_peer].size == peer.size
        && memcmp(peers[last_peer].endpoint, peer.bytes, peer.size) == 0) return;
    for (last_peer = 0; last_peer < peer_count; last_peer++)
        if (peers[last_peer].size == peer.size && memcmp(peers[last_peer].endpoint, peer.bytes, peer.size) == 0) return;
    check(peer_count < PEERS && peer.size < sizeof peers[0].endpoint, "a peer too many");
    memcpy(peers[peer_count].endpoint, peer.bytes, peer.size);
    peers[peer_count++].size = peer.size;
    dial(sender, peer.bytes, peer.size);
}

// The headers of an answer: the request's trace id, which our clients and the load generator send first.
static struct part answer_headers(char to[128], struct part headers, int is_same) {
    static const char fields[] = "\xa7version\xc0\xa6return\xa4same", key[] = "\xa8trace_id";
    const char *trace = memmem(headers.bytes, headers.size, key, sizeof key - 1);
    char *at = to;
    *at++ = (char)(0x80 | (1 + (trace != 0) + is_same));
    if (trace) {
        const char *end = headers.bytes + headers.size;
        struct part text = read_text(trace + sizeof key - 1, end);
        size_t size = text.bytes ? (size_t)(text.bytes + text.size - trace) : 0;
        check(size > 0 && size < 64, "a trace id that is not a short text");
        memcpy(at, trace, size);
        at += size;
    }
    size_t size = is_same ? sizeof fields - 1 : 9;
    memcpy(at, fields, size);
    return (struct part){to, (size_t)(at - to) + size};
}

static struct body answer_body(struct part subject, struct part body) {
    static const char key[] = "\xa4text";
    struct body answer = {.head = {(char)0xa0}, .head_size = 1};  // the payload of a heartbeat, which is empty
    if (subject.size > 6 && memcmp(subject.bytes, "lymph.", 6) == 0) return answer;
    check(body.size > 6 && memcmp(body.bytes + 1, key, 5) == 0, "a body that is not a map with a string");
    struct part text = read_text(body.bytes + 6, body.bytes + body.size);
    check(text.bytes != 0, "a body whose text is cut off");
    answer.head_size = text_head(answer.head, text.size);
    answer.text = text.bytes;
    answer.size = text.size;
    answer.upper = subject.size > 6 && memcmp(subject.bytes + subject.size - 6, ".upper", 6) == 0;
    return answer;
}

static void answer(void *router, void *sender, const struct options *o, const struct incoming *m, char id[32]) {
    static const char same[] = "\xa6return\xa4same";
    const struct part *parts = m->parts;
    int is_same = !o->second && memmem(parts[HEADERS].bytes, parts[HEADERS].size, same, sizeof same - 1) != 0;
    char headers[128];
    struct part out[BODY] = {
        {id, 32}, {"REP", 3}, parts[ID], answer_headers(headers, parts[HEADERS], is_same)};
    struct body body = answer_body(parts[SUBJECT], parts[BODY]);
    if (!is_same) dial_once(sender, m->identity);
    send_message(is_same ? router : sender, &m->identity, o->packed, out, &body);
}

int main(int argc, char **argv) {
    struct options o = parse(argc, argv);
    void *context = zmq_ctx_new();
    char endpoint[64], id[33];
    int port;
    void *router = bind_router(context, endpoint, &port);
    void *sender = open_socket(context, ZMQ_ROUTER, endpoint);
    printf("ready %d\n", port);
    fflush(stdout);

    struct incoming m;
    zmq_pollitem_t items[] = {{router, 0, ZMQ_POLLIN, 0}, {0, 0, ZMQ_POLLIN, 0}};
    for (uint64_t answers = 0; zmq_poll(items, 2, -1) >= 0;) {
        char byte;
        if (items[1].revents && read(0, &byte, 1) <= 0) return 0;
        while (receive(router, 1, o.packed, &m)) {
            check(m.parts[KIND].size == 3 && memcmp(m.parts[KIND].bytes, "REQ", 3) == 0, "no request");
            snprintf(id, sizeof id, "%016lx%016lx", (unsigned long)port, (unsigned long)++answers);
            answer(router, sender, &o, &m, id);
            done_with(&m);
        }
    }
    return 1;
}
