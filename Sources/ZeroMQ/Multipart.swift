/// The frames of one received message, in storage that is reused for the next.
///
/// It keeps the first ``capacity`` frames. A message may have any number; the rest are counted and dropped.
@safe package final class Multipart {
    /// How many frames are kept. The longest message of the protocol has six.
    package static let capacity = 8

    private let frames: UnsafeMutablePointer<Message>

    /// The number of frames of the message, including dropped ones.
    package private(set) var count = 0

    /// The number of bytes in all frames, including dropped ones.
    package private(set) var byteCount = 0

    package init() {
        unsafe frames = .allocate(capacity: Self.capacity)
        for index in 0..<Self.capacity {
            unsafe (frames + index).initialize(to: Message())
        }
    }

    deinit {
        unsafe frames.deinitialize(count: Self.capacity)
        unsafe frames.deallocate()
    }

    /// The bytes of frame `index`, in place. The pointer is valid until the next message, or until the frame is
    /// taken.
    @unsafe package func bytes(at index: Int) -> UnsafeRawBufferPointer {
        precondition(index >= 0 && index < min(count, Self.capacity), "no frame \(index) of \(count)")
        return unsafe (frames + index).pointee.place()
    }

    /// Calls `body` with the bytes of frame `index`, in place. They must not escape it.
    package func withUnsafeBytes<R, E: Error>(
        at index: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        precondition(index >= 0 && index < min(count, Self.capacity), "no frame \(index) of \(count)")
        return try unsafe frames[index].withUnsafeBytes(body)
    }

    /// The descriptor of the connection that frame `index` came in on, which may be closed by now; nil if libzmq does
    /// not tell. It is looked up as text, so don't ask for every message.
    package func descriptor(at index: Int) -> Int32? {
        precondition(index >= 0 && index < min(count, Self.capacity), "no frame \(index) of \(count)")
        return unsafe (frames + index).pointee.sourceDescriptor
    }

    /// What libzmq knows about the connection that frame `index` came in on. In version 4.3.4 it knows nothing for the
    /// first frame that a ROUTER delivers.
    package func property(_ property: ConnectionProperty, at index: Int) -> String? {
        precondition(index >= 0 && index < min(count, Self.capacity), "no frame \(index) of \(count)")
        return unsafe (frames + index).pointee.property(property)
    }

    /// Whether ``property(_:at:)`` is this text. It allocates nothing, so it can be asked for every message.
    package func has(_ property: ConnectionProperty, _ text: String, at index: Int) -> Bool {
        precondition(index >= 0 && index < min(count, Self.capacity), "no frame \(index) of \(count)")
        return unsafe (frames + index).pointee.has(property, text)
    }

    /// Takes frame `index` out without copying its bytes, and leaves an empty one in its place.
    package func take(_ index: Int) -> Frame {
        precondition(index >= 0 && index < min(count, Self.capacity), "no frame \(index) of \(count)")
        let message = unsafe (frames + index).move()
        unsafe (frames + index).initialize(to: Message())
        return Frame(message)
    }

    /// Receives the next message of `socket`, if one is there; never waits.
    func receive(from socket: Socket) throws(ZMQError) -> Attempt {
        count = 0
        byteCount = 0
        guard case .done = try unsafe socket.receive(into: &frames[0]) else { return .wouldBlock }
        count = 1
        byteCount = unsafe frames[0].count
        var more = unsafe frames[0].hasMore
        while more {
            // The frames of a message arrive together, so these don't have to wait either.
            if count < Self.capacity {
                guard case .done = try unsafe socket.receive(into: &frames[count]) else { break }
                byteCount += unsafe frames[count].count
                more = unsafe frames[count].hasMore
            } else {
                var dropped = Message()
                guard case .done = try socket.receive(into: &dropped) else { break }
                byteCount += dropped.count
                more = dropped.hasMore
            }
            count += 1
        }
        return .done
    }
}
