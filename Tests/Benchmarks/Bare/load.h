// What the load generators in C and C++ have in common: options, clock, histogram and result.
#pragma once
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LETTERS 16  // the calls use this many different texts, so that answers that were mixed up are noticed

struct options {
    const char *connect;  // host:port
    int outstanding, text, packed, second, is_echo;
    double seconds, warmup, rate;  // rate: calls per second from a fixed schedule; 0 for as many as possible
};

static inline struct options parse(int argc, char **argv) {
    struct options o = {"", 1, 3, 0, 0, 0, 2.0, 0.3, 0};
    static const struct option names[] = {
        {"connect", 1, 0, 'c'}, {"outstanding", 1, 0, 'n'}, {"text", 1, 0, 't'},  {"seconds", 1, 0, 's'},
        {"warmup", 1, 0, 'w'},  {"rate", 1, 0, 'r'},        {"frames", 1, 0, 'f'}, {"path", 1, 0, 'p'},
        {"method", 1, 0, 'm'},  {0, 0, 0, 0}};
    for (int option; (option = getopt_long(argc, argv, "", names, 0)) != -1;) switch (option) {
        case 'c': o.connect = optarg; break;
        case 'n': o.outstanding = atoi(optarg); break;
        case 't': o.text = atoi(optarg); break;
        case 's': o.seconds = atof(optarg); break;
        case 'w': o.warmup = atof(optarg); break;
        case 'r': o.rate = atof(optarg); break;
        case 'f': o.packed = atoi(optarg) == 1; break;
        case 'p': o.second = strcmp(optarg, "second") == 0; break;
        case 'm': o.is_echo = strcmp(optarg, "echo") == 0; break;
        default: exit(2);
    }
    return o;
}

static inline uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// A log-linear histogram of nanoseconds, like an HDR histogram: 128 steps for each power of two, so values are accurate
// to one percent.
struct histogram { uint64_t counts[58 * 128], total, largest; };

static inline void record(struct histogram *h, uint64_t value) {
    int shift = value < 128 ? 0 : 63 - __builtin_clzll(value) - 7;
    h->counts[value < 128 ? value : (uint64_t)(shift + 1) * 128 + (value >> shift) - 128]++;
    h->total++;
    if (value > h->largest) h->largest = value;
}

static inline double percentile_us(const struct histogram *h, double percent) {
    uint64_t wanted = (uint64_t)(h->total * percent / 100.0 + 0.5), seen = 0;
    if (wanted < 1) wanted = 1;
    for (int i = 0; i < 58 * 128; i++) {
        seen += h->counts[i];
        if (seen < wanted) continue;
        if (i < 128) return i / 1000.0;
        int shift = i / 128 - 1;
        return (double)(((uint64_t)(i % 128 + 128) << shift) + ((uint64_t)1 << shift) / 2) / 1000.0;
    }
    return 0;
}

// Tells the harness that the warm-up is over: from here on it counts CPU time.
static inline void say_begin(void) { puts("begin"); fflush(stdout); }

// Prints the result, and exits when the harness has measured the process.
static inline void finish(const struct histogram *h, double seconds) {
    printf("{\"calls\": %lu, \"seconds\": %.6f, \"p50\": %.2f, \"p90\": %.2f, ", (unsigned long)h->total, seconds,
           percentile_us(h, 50), percentile_us(h, 90));
    printf("\"p99\": %.2f, \"p99.9\": %.2f, \"max\": %.2f}\n", percentile_us(h, 99), percentile_us(h, 99.9),
           h->largest / 1000.0);
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0) {}
    exit(0);
}

static inline void fail(const char *what) { fprintf(stderr, "%s\n", what); exit(1); }
