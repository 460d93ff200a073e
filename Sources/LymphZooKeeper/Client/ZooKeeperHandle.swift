internal import CZooKeeper
internal import Dispatch

/// One session with ZooKeeper: a thin wrapper around a handle of the C client.
///
/// Every request is asynchronous. Replies, and events of the session and of watched nodes, go to the sink on the
/// client's completion thread. The handle is closed when the last reference to it is released.
@safe final class ZooKeeperHandle: @unchecked Sendable {  // Handed over once, then used on the registry's thread only.
    let pointer: OpaquePointer
    private let watchContext: WatchContext
    private var requests: [Int: RequestContext] = [:]
    private let closing: DispatchGroup

    /// Opening waits for name servers; closing waits for the client's threads and the server. Both run here.
    static let blocking = DispatchQueue(label: "lymph.zookeeper.blocking", attributes: .concurrent)

    /// Starts to connect.
    ///
    /// Resolves the host names, which blocks for as long as an unresponsive DNS server takes.
    ///
    /// - Parameters:
    ///   - settings: Where to connect, and how.
    ///   - closing: The group that the closing of the handle joins.
    ///   - sink: Receives everything that the client reports.
    /// - Throws: ``ZooKeeperHandleError`` if no host has an address, or if the client does not support the settings.
    init(
        _ settings: ClientSettings, closing: DispatchGroup, sink: @escaping ClientSink
    ) throws(ZooKeeperHandleError) {
        self.closing = closing
        watchContext = WatchContext(sink)
        ClientLog.prepare(settings.logger)
        let context = unsafe Unmanaged.passUnretained(watchContext).toOpaque()
        let flags = ZOO_NO_LOG_CLIENTENV | (settings.isReadOnly ? ZOO_READONLY : 0)
        let opened: OpaquePointer?
        if let certificates = settings.certificates {
            guard lymph_zookeeper_has_tls() != 0 else { throw ZooKeeperHandleError.tlsIsMissing }
            unsafe opened = unsafe zookeeper_init_ssl(
                settings.hosts, certificates, Self.watcher, settings.sessionMilliseconds, nil, context, flags)
        } else {
            unsafe opened = unsafe zookeeper_init2(
                settings.hosts, Self.watcher, settings.sessionMilliseconds, nil, context, flags, ClientLog.callback)
        }
        guard let opened = unsafe opened else { throw ZooKeeperHandleError.cannotOpen(settings.hosts) }
        unsafe pointer = unsafe opened
        // The library can't be opened with both TLS and a log callback, so the callback is set afterwards.
        unsafe zoo_set_log_callback(pointer, ClientLog.callback)
        for (scheme, credential) in settings.credentials {
            // The client repeats it with every connection. A refusal is reported as a session event.
            unsafe zoo_add_auth(pointer, scheme, credential, Int32(credential.utf8.count), nil, nil)
        }
    }

    deinit {
        // The closure keeps alive everything that the library may still touch until its threads have ended.
        let remains = unsafe Remains(handle: pointer, watchContext: watchContext, requests: requests)
        Self.blocking.async(group: closing) { remains.close() }
    }

    /// Sends a request. Its reply arrives with the number, exactly once, unless the handle is released first.
    func send(_ request: NodeRequest, number: Int) -> ZooKeeperError? {
        let context = RequestContext(number: number, sink: watchContext.sink)
        let code = unsafe send(request, context: context, data: Unmanaged.passUnretained(context).toOpaque())
        guard code == 0 else { return ZooKeeperError(code: code) }
        requests[number] = context
        return nil
    }

    /// Releases the context of a request, after its reply has arrived.
    func finish(_ number: Int) { requests[number] = nil }

    private func send(_ request: NodeRequest, context: RequestContext, data: UnsafeRawPointer) -> Int32 {
        switch request {
        case .children(let path):
            return unsafe zoo_aget_children(pointer, path, 1, Self.strings, data)
        case .data(let path):
            return unsafe zoo_aget(pointer, path, 1, Self.data, data)
        case .find(let path, let watch):
            return unsafe zoo_aexists(pointer, path, watch ? 1 : 0, Self.status, data)
        case .createParent(let path):
            return unsafe zoo_acreate(
                pointer, path, nil, -1, lymph_zookeeper_open_acl(), ZOO_PERSISTENT, Self.path, data)
        case .create(let path, let bytes):
            return unsafe bytes.withUnsafeBytes { bytes in
                unsafe zoo_acreate(
                    pointer, path, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
                    lymph_zookeeper_open_acl(), ZOO_EPHEMERAL, Self.path, data)
            }
        case .replace(let path, let bytes):
            let results = unsafe context.makeResults()
            return unsafe bytes.withUnsafeBytes { bytes in
                unsafe lymph_zookeeper_replace(
                    pointer, path, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
                    results, Self.done, data)
            }
        case .delete(let path):
            return unsafe zoo_adelete(pointer, path, -1, Self.done, data)
        }
    }
}

/// A handle to be closed, with everything that the library may still touch.
@safe private struct Remains: @unchecked Sendable {  // Nobody else has the handle any longer.
    let handle: OpaquePointer
    let watchContext: WatchContext
    let requests: [Int: RequestContext]

    func close() {
        // Returns when the client's threads have ended and the server has been told, if it listens in time.
        unsafe zookeeper_close(handle)
        withExtendedLifetime((watchContext, requests)) {}
    }
}
