#ifndef TASK_HOOKS_H
#define TASK_HOOKS_H

/// Starts or stops counting, for this thread, the jobs that it enqueues on Swift's shared thread pool. Starting resets
/// the count.
void task_hooks_watch_thread(int on);

/// The jobs that this thread has enqueued on Swift's shared thread pool since it is watched.
long task_hooks_pool_jobs(void);

#endif
