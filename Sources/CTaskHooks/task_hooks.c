#include "task_hooks.h"

#include <pthread.h>

// As declared in Swift's runtime, stdlib/public/Concurrency: called instead of the function that enqueues a job on the
// shared pool, which is passed along.
typedef __attribute__((swiftcall)) void (*enqueue_original)(void *job);
typedef __attribute__((swiftcall)) void (*enqueue_hook)(void *job, enqueue_original original);
extern enqueue_hook swift_task_enqueueGlobal_hook;

static _Thread_local int is_watched;
static _Thread_local long pool_jobs;
static enqueue_hook previous;

static __attribute__((swiftcall)) void count(void *job, enqueue_original original) {
    if (is_watched) pool_jobs++;
    if (previous) previous(job, original); else original(job);
}

static void install(void) {
    previous = swift_task_enqueueGlobal_hook;
    swift_task_enqueueGlobal_hook = count;
}

void task_hooks_watch_thread(int on) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    is_watched = on;
    if (on) pool_jobs = 0;
}

long task_hooks_pool_jobs(void) { return pool_jobs; }
