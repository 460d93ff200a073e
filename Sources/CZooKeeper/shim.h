// The client is used with the threads of its own that this enables: asynchronous calls, and a completion thread.
#define THREADED
#include <zookeeper/zookeeper.h>
