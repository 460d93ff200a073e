#include "task_hooks.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

// As declared in Swift's runtime, stdlib/public/Concurrency: called instead of the function that enqueues a job on the
// shared pool, which is passed along.
typedef __attribute__((swiftcall)) void (*enqueue_original)(void *job);
typedef __attribute__((swiftcall)) void (*enqueue_hook)(void *job, enqueue_original original);
extern enqueue_hook swift_task_enqueueGlobal_hook;

static _Thread_local int is_simulating;
static _Thread_local uint64_t current_seed;
static _Thread_local long pool_jobs;
static enqueue_hook previous;

static __attribute__((swiftcall)) void count(void *job, enqueue_original original) {
    if (is_simulating) pool_jobs++;
    if (previous) previous(job, original); else original(job);
}

#define SIGNAL_COUNT 6
static const int crashes[SIGNAL_COUNT] = { SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE };
static struct sigaction before[SIGNAL_COUNT];

// Only calls what a signal handler may call.
static void name_seed(void) {
    char text[96] = "\nThe simulation crashed. To repeat it: LYMPH_SEED=";
    size_t length = strlen(text);
    char digits[20];
    int count = 0;
    uint64_t rest = current_seed;
    do { digits[count++] = (char)('0' + rest % 10); rest /= 10; } while (rest > 0);
    while (count > 0) text[length++] = digits[--count];
    text[length++] = '\n';
    ssize_t written = write(STDERR_FILENO, text, length);
    (void)written;
}

// Then what would have happened without us: Swift's backtrace, for example.
static void crash(int signal, siginfo_t *info, void *context) {
    if (is_simulating) name_seed();
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (crashes[i] != signal) continue;
        sigaction(signal, &before[i], NULL);
        if (before[i].sa_flags & SA_SIGINFO) before[i].sa_sigaction(signal, info, context);
        else raise(signal);
    }
}

static void install(void) {
    previous = swift_task_enqueueGlobal_hook;
    swift_task_enqueueGlobal_hook = count;
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        // On the stack for signals, as Swift's own handler, since a stack may be what has overflowed.
        struct sigaction action = { .sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
        sigaction(crashes[i], &action, &before[i]);
    }
}

void task_hooks_begin(uint64_t seed) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    current_seed = seed;
    pool_jobs = 0;
    is_simulating = 1;
}

long task_hooks_end(void) {
    is_simulating = 0;
    return pool_jobs;
}
