#include <stdbool.h>

/// Starts or stops counting the allocations of the calling thread.
void count_allocations_of_this_thread(bool counts);

/// The number of allocations of the counted threads; -1 if this build can't count them.
long counted_allocations(void);
