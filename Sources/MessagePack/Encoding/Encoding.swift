/// One encoding in progress: the encoder that `encode(to:)` gets, and the destination of its containers.
///
/// Values are written in place. A call of `encode(to:)` is a *frame*, which has at most one container. The
/// container's header is one byte until the frame ends and the number of elements is known. Frames end in reverse
/// order, because `encode(to:)` returns before anything else is written. Only containers that are open at the same
/// time as others (nested ones and those of `superEncoder()`) have bytes of their own, in a separate encoding that is
/// inserted at the frame's end.
final class Encoding {
    var state: EncodingState
    private(set) var codingPath: [any CodingKey]

    /// Starts an encoding that continues the bytes of `writer`, until ``release()``.
    init(taking writer: inout Writer) {
        var taken = Writer(limits: .init(depth: writer.maximumDepth))
        swap(&taken, &writer)
        // No frame has the number 0, because at the top level there is no container to write into.
        state = EncodingState(writer: taken, frame: 0)
        codingPath = []
    }

    /// Starts a separate encoding for a container that the frame of `parent` will insert.
    private init(beside parent: Encoding, key: any CodingKey) {
        var writer = Writer(limits: .init(depth: parent.state.writer.maximumDepth))
        writer.depth = parent.state.writer.depth
        writer.isForPeers = parent.state.writer.isForPeers
        state = EncodingState(writer: writer, frame: 1)
        codingPath = parent.codingPath + [key]
    }

    /// Returns the bytes; containers that are still around can write nothing more.
    func release() -> Writer {
        var released = EncodingState(writer: Writer(limits: .init(depth: state.writer.maximumDepth)), frame: 0)
        swap(&released, &state)
        return released.writer
    }

    /// Completes a container that was written separately, and returns its bytes.
    func finish() throws -> Writer {
        try state.endFrame()
        return release()
    }

    /// Writes a value.
    func encode<T: Encodable>(_ value: T) throws {
        if try state.writer.encodeScalar(value) { return }
        try encode(value, as: Self.directType(of: T.self))
    }

    /// Writes a value. `key` is only for errors.
    func encode<T: Encodable>(_ value: T, at key: some CodingKey) throws {
        if try encodeScalar(value, at: key) { return }
        try encode(value, as: Self.directType(of: T.self), at: key)
    }

    /// Writes a value that is not a scalar. `key` is only for errors.
    func encode<T: Encodable>(_ value: T, as direct: (any DirectlyEncodable.Type)?, at key: some CodingKey) throws {
        codingPath.append(key)
        defer { codingPath.removeLast() }
        do {
            try encode(value, as: direct)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath)
        }
    }

    /// The type itself if it can be written without a container.
    ///
    /// The check is slow, so for many values of one type it is done once.
    static func directType<T>(of type: T.Type) -> (any DirectlyEncodable.Type)? {
        type as? any DirectlyEncodable.Type
    }

    @inline(__always)
    private func encodeScalar<T>(_ value: T, at key: some CodingKey) throws(MessagePackError) -> Bool {
        do {
            return try state.writer.encodeScalar(value)
        } catch {
            throw error.located(at: codingPath + [key])
        }
    }

    private func encode<T: Encodable>(_ value: T, as direct: (any DirectlyEncodable.Type)?) throws {
        if let direct {
            try direct.encode(opened: value, into: self)
            return
        }
        let outer = state.beginFrame()
        defer { state.frame = outer }
        try value.encode(to: self)
        try state.endFrame()
    }
}

extension Encoding: Encoder {
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedEncoding(encoding: self, frame: state.beginContainer(.map)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedEncoding(encoding: self, frame: state.beginContainer(.array))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleValueEncoding(encoding: self, frame: state.frame.id)
    }
}

extension Encoding {
    /// Returns an encoding for an element of the frame `id` that will be completed later.
    func child(of id: Int, at key: some CodingKey, name: String? = nil) -> Encoding {
        let child = Encoding(beside: self, key: key)
        do {
            _ = try state.beginElement(of: id, name: name)
            state.frame.children.append((state.writer.bytes.count, child))
        } catch {
            // The protocols don't let this throw; the next operation throws instead.
            let located = error.located(at: child.codingPath)
            state.failure = located
            child.state.failure = located
        }
        return child
    }

    /// Completes the element for which a mark was taken, or removes it if `body` throws.
    @inline(__always)
    func complete(from mark: EncodingState.Mark, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            state.rollBack(to: mark)
            throw error
        }
    }
}
