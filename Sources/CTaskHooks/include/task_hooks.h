#ifndef TASK_HOOKS_H
#define TASK_HOOKS_H

#include <stdint.h>

/// Watches this thread while it simulates a seed: counts the jobs that it enqueues on Swift's shared thread pool, and
/// names the seed on standard error if the process crashes.
void task_hooks_begin(uint64_t seed);

/// Ends what `task_hooks_begin` has begun.
///
/// Returns the number of jobs that were enqueued on the shared thread pool.
long task_hooks_end(void);

#endif
