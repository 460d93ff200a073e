#include "CAllocations.h"

#include <stdatomic.h>
#include <stddef.h>

// A sanitizer has its own allocator, which must not be replaced.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define IS_SANITIZED
#endif
#endif

#ifdef IS_SANITIZED

void count_allocations_of_this_thread(bool counts) { (void)counts; }
long counted_allocations(void) { return -1; }

#else

static _Thread_local bool is_counted;
static atomic_long count;

void count_allocations_of_this_thread(bool counts) { is_counted = counts; }
long counted_allocations(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

static void note(void) {
    if (is_counted) atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
}

// These replace glibc's functions in the whole process; the memory still comes from glibc.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) { note(); return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { note(); return __libc_calloc(number, size); }
void *realloc(void *block, size_t size) { note(); return __libc_realloc(block, size); }
void *aligned_alloc(size_t alignment, size_t size) { note(); return __libc_memalign(alignment, size); }

#endif
