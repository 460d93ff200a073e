// lymph's messages over libzmq: five frames (id, kind, subject, headers, body), or all five packed in one frame.
#pragma once
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { ID, KIND, SUBJECT, HEADERS, BODY, PARTS };

struct part { const char *bytes; size_t size; };

// A received message; the parts point into its frames.
struct incoming { zmq_msg_t frames[PARTS + 1]; int count; struct part identity, parts[PARTS]; };

// A body with a string: the bytes before the string, the string, and whether to write it in upper case.
struct body { char head[16]; size_t head_size; const char *text; size_t size; int upper; };

static inline void check(int is_good, const char *what) {
    if (is_good) return;
    fprintf(stderr, "%s: %s\n", what, zmq_strerror(errno));
    exit(1);
}

static inline size_t text_head(char *to, size_t size) {
    if (size < 32) { to[0] = (char)(0xa0 | size); return 1; }
    if (size < 256) { to[0] = (char)0xd9; to[1] = (char)size; return 2; }
    if (size < 65536) { to[0] = (char)0xda; to[1] = (char)(size >> 8); to[2] = (char)size; return 3; }
    to[0] = (char)0xdb;
    for (int i = 0; i < 4; i++) to[1 + i] = (char)(size >> (24 - 8 * i));
    return 5;
}

// The MessagePack string that begins at `at` and may reach up to `end`.
static inline struct part read_text(const char *at, const char *end) {
    const unsigned char *b = (const unsigned char *)at;
    size_t head = 1, size = 0;
    if (at < end && (b[0] & 0xe0) == 0xa0) size = b[0] & 31;
    else if (at + 2 < end && b[0] == 0xd9) { head = 2; size = b[1]; }
    else if (at + 3 < end && b[0] == 0xda) { head = 3; size = b[1] << 8 | b[2]; }
    else if (at + 5 < end && b[0] == 0xdb) { head = 5; size = (size_t)b[1] << 24 | b[2] << 16 | b[3] << 8 | b[4]; }
    struct part text = {at + head, size};
    if (at + head + size > end) { text.bytes = 0; text.size = 0; }
    return text;
}

static inline void write_body(char *to, const struct body *body) {
    memcpy(to, body->head, body->head_size);
    to += body->head_size;
    if (!body->upper) { memcpy(to, body->text, body->size); return; }
    for (size_t i = 0; i < body->size; i++) {
        char c = body->text[i];
        to[i] = c - ((c >= 'a') & (c <= 'z')) * 32;
    }
}

static inline void *open_socket(void *context, int type, const char *identity) {
    void *socket = zmq_socket(context, type);
    check(socket != 0, "zmq_socket");
    int many = 100000, one = 1, none = 0;
    zmq_setsockopt(socket, ZMQ_SNDHWM, &many, sizeof many);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &many, sizeof many);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_ROUTING_ID, identity, strlen(identity));
    if (type == ZMQ_ROUTER) {
        zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &one, sizeof one);
        zmq_setsockopt(socket, ZMQ_ROUTER_HANDOVER, &one, sizeof one);
    }
    return socket;
}

// A bound ROUTER. Its identity is its endpoint, which must be known before binding, so free ports are found by trying.
static inline void *bind_router(void *context, char endpoint[64], int *port) {
    srand((unsigned)(time(0) ^ getpid() << 8));
    for (int attempt = 0; attempt < 100; attempt++) {
        *port = 20000 + rand() % 12000;
        snprintf(endpoint, 64, "tcp://127.0.0.1:%d", *port);
        void *socket = open_socket(context, ZMQ_ROUTER, endpoint);
        if (zmq_bind(socket, endpoint) == 0) return socket;
        zmq_close(socket);
    }
    check(0, "zmq_bind");
    return 0;
}

// Connects a sending ROUTER to a peer; messages can be sent to it at once.
static inline void dial(void *router, const char *endpoint, size_t size) {
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)size, endpoint);
    check(zmq_setsockopt(router, ZMQ_CONNECT_ROUTING_ID, text, strlen(text)) == 0, "ZMQ_CONNECT_ROUTING_ID");
    check(zmq_connect(router, text) == 0, "zmq_connect");
}

// Receives the next message, if there is one. `identity`: whether the socket puts the sender's identity before it.
static inline int receive(void *socket, int identity, int packed, struct incoming *m) {
    int more = 1;
    for (m->count = 0; more; m->count++) {
        check(m->count <= PARTS, "a message with too many frames");
        zmq_msg_t *frame = &m->frames[m->count];
        zmq_msg_init(frame);
        if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0) {
            check(errno == EAGAIN && m->count == 0, "zmq_msg_recv");
            return 0;
        }
        more = zmq_msg_more(frame);
    }
    if (identity) m->identity = (struct part){zmq_msg_data(&m->frames[0]), zmq_msg_size(&m->frames[0])};
    check(m->count == identity + (packed ? 1 : PARTS), "a message with another number of frames");
    if (!packed) {
        for (int i = 0; i < PARTS; i++) {
            zmq_msg_t *frame = &m->frames[identity + i];
            m->parts[i] = (struct part){zmq_msg_data(frame), zmq_msg_size(frame)};
        }
        return 1;
    }
    const char *at = zmq_msg_data(&m->frames[identity]), *end = at + zmq_msg_size(&m->frames[identity]);
    for (int i = 0; i < BODY; i++) {
        uint32_t size;
        memcpy(&size, at, sizeof size);
        m->parts[i] = (struct part){at + sizeof size, size};
        at += sizeof size + size;
        check(at <= end, "a packed message that is too short");
    }
    m->parts[BODY] = (struct part){at, (size_t)(end - at)};
    return 1;
}

static inline void done_with(struct incoming *m) {
    for (int i = 0; i < m->count; i++) zmq_msg_close(&m->frames[i]);
}

static inline int send_bytes(void *socket, struct part part) {
    return zmq_send(socket, part.bytes, part.size, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0;
}

// Sends a message. `identity`: the receiver's, for a ROUTER; null for a DEALER. Nothing happens if the peer is gone.
static inline void send_message(
    void *socket, const struct part *identity, int packed, const struct part parts[BODY], const struct body *body) {
    size_t size = body->head_size + body->size;
    if (identity && !send_bytes(socket, *identity)) {
        check(errno == EHOSTUNREACH, "zmq_send");
        return;
    }
    if (packed) {
        for (int i = 0; i < BODY; i++) size += sizeof(uint32_t) + parts[i].size;
    } else {
        for (int i = 0; i < BODY; i++) check(send_bytes(socket, parts[i]), "zmq_send");
    }
    zmq_msg_t frame;
    check(zmq_msg_init_size(&frame, size) == 0, "zmq_msg_init_size");
    char *to = zmq_msg_data(&frame);
    for (int i = 0; packed && i < BODY; i++) {
        uint32_t part_size = (uint32_t)parts[i].size;
        memcpy(to, &part_size, sizeof part_size);
        memcpy(to + sizeof part_size, parts[i].bytes, part_size);
        to += sizeof part_size + part_size;
    }
    write_body(to, body);
    check(zmq_msg_send(&frame, socket, ZMQ_DONTWAIT) >= 0, "zmq_msg_send");
}
