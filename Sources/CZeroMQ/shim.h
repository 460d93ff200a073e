// The only header that the ZeroMQ module imports. libzmq comes from the system package libzmq3-dev.
#ifndef LYMPH_CZEROMQ_SHIM_H
#define LYMPH_CZEROMQ_SHIM_H

#include <zmq.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// glibc declares it for _GNU_SOURCE only, which Swift's importer does not define.
extern int pthread_setname_np(pthread_t thread, const char *name);

#endif
