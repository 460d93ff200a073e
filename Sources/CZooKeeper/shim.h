// THREADED selects the client with its own threads: calls are asynchronous, and complete on one of these threads.
#ifndef LYMPH_CZOOKEEPER_SHIM_H
#define LYMPH_CZOOKEEPER_SHIM_H

#define THREADED
#include <zookeeper/zookeeper.h>

// Access for everybody, as in Python lymph. The library's variable is not constant, so Swift would not let several
// threads read it.
static inline const struct ACL_vector *lymph_zookeeper_open_acl(void) { return &ZOO_OPEN_ACL_UNSAFE; }

// Some builds of the library, such as Debian's, lack TLS; there the weak reference is null.
extern zhandle_t *zookeeper_init_ssl(const char *host, const char *cert, watcher_fn fn, int recv_timeout,
    const clientid_t *clientid, void *context, int flags) __attribute__((weak));

static inline int lymph_zookeeper_has_tls(void) { return zookeeper_init_ssl != 0; }

// Swift doesn't import the members of this union, so the library's functions fill in the operations.
static inline int lymph_zookeeper_replace(zhandle_t *zh, const char *path, const char *data, int length,
    zoo_op_result_t *results, void_completion_t completion, const void *context)
{
    zoo_op_t operations[2];
    zoo_delete_op_init(&operations[0], path, -1);
    zoo_create_op_init(&operations[1], path, data, length, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, 0, 0);
    return zoo_amulti(zh, 2, operations, results, completion, context);
}

#endif
