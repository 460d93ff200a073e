#include <stdbool.h>

/// Counts, from now on or no longer, what the calling thread allocates.
void count_allocations_of_this_thread(bool counts);

/// How many blocks of memory the counted threads have allocated; -1 if that can't be counted in this build.
long counted_allocations(void);
