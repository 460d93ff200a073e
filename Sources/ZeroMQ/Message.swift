internal import CZeroMQ
internal import Glibc

/// One frame: the owner of a `zmq_msg_t`, closed exactly once.
package struct Message: ~Copyable {
    var raw: zmq_msg_t

    /// An empty frame, ready to be received into.
    package init() {
        raw = zmq_msg_t()
        unsafe zmq_msg_init(&raw)
    }

    /// A frame with a copy of `bytes`. Up to 33 bytes live inside the frame itself, without an allocation.
    package init(copying bytes: UnsafeRawBufferPointer) throws(ZMQError) {
        raw = zmq_msg_t()
        guard unsafe zmq_msg_init_size(&raw, bytes.count) == 0 else {
            throw ZMQError(code: zmq_errno(), function: "zmq_msg_init_size", subject: "\(bytes.count) bytes")
        }
        if let base = bytes.baseAddress {
            unsafe zmq_msg_data(&raw).copyMemory(from: base, byteCount: bytes.count)
        }
    }

    /// A frame that sends `bytes` from where they are: the array is kept alive until libzmq is done with it.
    ///
    /// Worth it from about 64 KiB on; below that a copy is cheaper than the two allocations.
    package init(adopting bytes: [UInt8]) throws(ZMQError) {
        raw = zmq_msg_t()
        let owner = unsafe Unmanaged.passRetained(ArrayOwner(bytes))
        // The owner holds the array's storage and nobody writes to it while it is shared: the address stays valid.
        let base = unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawPointer(mutating: $0.baseAddress) }
        guard unsafe zmq_msg_init_data(&raw, base, bytes.count, releaseOwner, owner.toOpaque()) == 0 else {
            let code = zmq_errno()
            unsafe owner.release()
            throw ZMQError(code: code, function: "zmq_msg_init_data", subject: "\(bytes.count) bytes")
        }
    }

    deinit {
        // `zmq_msg_close` needs a mutable copy; the original is gone after this.
        var last = raw
        unsafe zmq_msg_close(&last)
    }

    /// The number of bytes.
    package var count: Int {
        unsafe withUnsafePointer(to: raw) { unsafe zmq_msg_size($0) }
    }

    /// Whether another frame of the same message follows.
    package var hasMore: Bool {
        unsafe withUnsafePointer(to: raw) { unsafe zmq_msg_more($0) != 0 }
    }

    /// The descriptor of the connection that the frame came in on; nil if it is not known.
    var sourceDescriptor: Int32? {
        let descriptor = unsafe withUnsafePointer(to: raw) { unsafe zmq_msg_get($0, ZMQ_SRCFD) }
        return descriptor >= 0 ? descriptor : nil
    }

    func property(_ property: ConnectionProperty) -> String? {
        unsafe withUnsafePointer(to: raw) { message in
            unsafe zmq_msg_gets(message, property.name).map { unsafe String(cString: $0) }
        }
    }

    func has(_ property: ConnectionProperty, _ text: String) -> Bool {
        unsafe withUnsafePointer(to: raw) { message in
            guard let known = unsafe zmq_msg_gets(message, property.name) else { return false }
            return unsafe strcmp(known, text) == 0
        }
    }

    /// Calls `body` with the bytes in place. They must not escape it.
    package borrowing func withUnsafeBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try unsafe withUnsafePointer(to: raw) { (pointer) throws(E) -> R in
            let place = unsafe UnsafeMutablePointer(mutating: pointer)
            return try unsafe body(UnsafeRawBufferPointer(start: zmq_msg_data(place), count: zmq_msg_size(pointer)))
        }
    }

    /// The bytes in place. The pointer is valid as long as the frame exists and isn't moved.
    @unsafe mutating func place() -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: zmq_msg_data(&raw), count: zmq_msg_size(&raw))
    }
}

/// What libzmq knows about a connection.
package struct ConnectionProperty: Sendable {
    let name: String

    /// Who the other side is, as the answer said that admitted it.
    package static let user = ConnectionProperty(name: "User-Id")
    /// The address of the other side, without a port.
    package static let address = ConnectionProperty(name: "Peer-Address")
}

/// Keeps an array alive while libzmq sends from it.
private final class ArrayOwner: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// libzmq calls this on its I/O thread when it is done with the bytes.
private func releaseOwner(_ data: UnsafeMutableRawPointer?, _ owner: UnsafeMutableRawPointer?) {
    if let owner = unsafe owner { unsafe Unmanaged<ArrayOwner>.fromOpaque(owner).release() }
}

/// A received frame that outlives the receive loop, shared without a copy.
package final class Frame: Sendable {
    private let message: Message

    /// Takes over `message`.
    package init(_ message: consuming Message) {
        self.message = message
    }

    /// The number of bytes.
    package var count: Int { message.count }

    /// Calls `body` with the bytes in place. They must not escape it.
    package func withUnsafeBytes<R: ~Copyable, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R
    {
        try unsafe message.withUnsafeBytes(body)
    }
}
