// Bare libzmq for Swift: the library doesn't show its own.
#include <zmq.h>
