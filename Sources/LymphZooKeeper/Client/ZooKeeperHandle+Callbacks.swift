internal import CZooKeeper

/// The callbacks that the client calls on its completion thread. Each copies its arguments and passes them on.
extension ZooKeeperHandle {
    static var watcher: watcher_fn {
        { handle, type, state, path, context in
            guard let context = unsafe WatchContext.from(context) else { return }
            if type == ZOO_SESSION_EVENT {
                if let event = unsafe sessionEvent(state, handle) { context.sink(.session(event)) }
            } else if let kind = nodeEventKind(type), let path = unsafe path {
                context.sink(.node(NodeEvent(kind: kind, path: unsafe String(cString: path))))
            }
        }
    }

    static var strings: strings_completion_t {
        { code, strings, context in
            unsafe RequestContext.reply(to: context, code, .children(names(in: strings)))
        }
    }

    static var data: data_completion_t {
        { code, value, length, status, context in
            unsafe RequestContext.reply(to: context, code, .data(bytes(value, length), NodeStatus(status)))
        }
    }

    static var status: stat_completion_t {
        { code, status, context in
            unsafe RequestContext.reply(to: context, code, .found(NodeStatus(status)))
        }
    }

    static var path: string_completion_t {
        { code, _, context in unsafe RequestContext.reply(to: context, code, .done) }
    }

    static var done: void_completion_t {
        { code, context in unsafe RequestContext.reply(to: context, code, .done) }
    }
}

private func sessionEvent(_ state: Int32, _ handle: OpaquePointer?) -> SessionEvent? {
    switch state {
    case ZOO_CONNECTED_STATE, ZOO_READONLY_STATE:
        // This pointer is to the library's own copy, which is stable until the next connection.
        unsafe zoo_client_id(handle).map { .connected(session: unsafe $0.pointee.client_id) }
    case ZOO_EXPIRED_SESSION_STATE: .expired
    case ZOO_AUTH_FAILED_STATE: .authenticationFailed
    default: .disconnected
    }
}

private func nodeEventKind(_ type: Int32) -> NodeEvent.Kind? {
    switch type {
    case ZOO_CREATED_EVENT: .created
    case ZOO_DELETED_EVENT: .deleted
    case ZOO_CHANGED_EVENT: .dataChanged
    case ZOO_CHILD_EVENT: .childrenChanged
    default: nil
    }
}

private func names(in strings: UnsafePointer<String_vector>?) -> [String] {
    guard let strings = unsafe strings, let data = unsafe strings.pointee.data else { return [] }
    return (0..<Int(unsafe strings.pointee.count)).compactMap { index in
        unsafe data[index].map { unsafe String(cString: $0) }
    }
}

private func bytes(_ value: UnsafePointer<CChar>?, _ length: Int32) -> [UInt8] {
    // A node without data has length -1.
    guard let value = unsafe value, length > 0 else { return [] }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: value, count: Int(length)))
}

extension NodeStatus {
    fileprivate init(_ status: UnsafePointer<Stat>?) {
        self.init()
        guard let status = unsafe status else { return }
        owner = unsafe status.pointee.ephemeralOwner
        childCount = unsafe status.pointee.numChildren
    }
}
