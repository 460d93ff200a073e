/// One encoding in progress: the encoder that `encode(to:)` gets, and what its containers write into.
///
/// Values are written in place. A call of `encode(to:)` is a *frame*, which has one container at most; its header is
/// one byte until the frame ends and the number of elements is known. Frames end in reverse order of their beginning,
/// because `encode(to:)` returns before anything else is written. Only containers that live beside others (nested ones
/// and those of `superEncoder()`) have bytes of their own, in an encoding of their own that the frame's end inserts.
final class Encoding {
    var writer: Writer
    private(set) var codingPath: [any CodingKey]
    private var frame = Frame(id: 0, start: 0)
    private var lastFrame = 0

    /// A misuse that a method without `throws` met; the next one that can throws it.
    private var failure: MessagePackError?

    /// A call of `encode(to:)`.
    struct Frame {
        enum Kind { case empty, single, array, map }

        let id: Int
        let start: Int
        var kind = Kind.empty
        var count = 0
        var children: [(offset: Int, encoding: Encoding)] = []
    }

    /// Starts an encoding that continues the bytes of `writer`, until ``release()``.
    init(taking writer: inout Writer) {
        var taken = Writer(limits: .init(depth: writer.maximumDepth))
        swap(&taken, &writer)
        self.writer = taken
        codingPath = []
    }

    /// Starts an encoding beside `parent` for a container that its frame will insert.
    private init(beside parent: Encoding, key: any CodingKey) {
        writer = Writer(limits: .init(depth: parent.writer.maximumDepth))
        writer.depth = parent.writer.depth
        writer.isForPeers = parent.writer.isForPeers
        codingPath = parent.codingPath + [key]
        lastFrame = 1
        frame = Frame(id: 1, start: 0)
    }

    /// Gives the bytes back; containers that are still around can write no more.
    func release() -> Writer {
        frame = Frame(id: 0, start: 0)
        var released = Writer(limits: .init(depth: writer.maximumDepth))
        swap(&released, &writer)
        return released
    }

    /// Writes a value.
    func encode<T: Encodable>(_ value: T) throws {
        if try writer.encodeScalar(value) { return }
        if let direct = T.self as? any DirectlyEncodable.Type {
            try direct.encode(opened: value, into: self)
        } else {
            try encodeFrame(value)
        }
    }

    /// Writes a value under `key`, which is only for errors.
    func encode<T: Encodable>(_ value: T, at key: some CodingKey) throws {
        codingPath.append(key)
        defer { codingPath.removeLast() }
        do {
            try encode(value)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath)
        }
    }

    /// Writes what `body` writes, or nothing if it throws: `try? container.encode(…)` must not leave half a value.
    @inline(__always)
    func wholly(_ body: () throws -> Void) throws {
        let (start, depth) = (writer.bytes.count, writer.depth)
        do {
            try body()
        } catch {
            writer.bytes.removeSubrange(start...)
            writer.depth = depth
            throw error
        }
    }

    private func encodeFrame<T: Encodable>(_ value: T) throws {
        lastFrame += 1
        let outer = frame
        let depth = writer.depth
        defer { frame = outer }
        frame = Frame(id: lastFrame, start: writer.bytes.count)
        try value.encode(to: self)
        try endFrame()
        writer.depth = depth
    }

    /// Completes the header, or writes an empty map if the value wrote nothing, as an empty structure does.
    private func endFrame() throws {
        if let failure { throw failure }
        if !frame.children.isEmpty { try insertChildren() }
        switch frame.kind {
        case .empty: writer.writeMapHeader(0)
        case .single: break
        case .array: writer.fixHeader(at: frame.start, count: frame.count, isMap: false)
        case .map: writer.fixHeader(at: frame.start, count: frame.count, isMap: true)
        }
        frame.children = []
    }

    private func insertChildren() throws {
        var joined: [UInt8] = Array(writer.bytes[..<frame.start])
        var position = frame.start
        for (offset, child) in frame.children {
            joined += writer.bytes[position..<offset]
            try child.endFrame()
            joined += child.release().bytes
            position = offset
        }
        joined += writer.bytes[position...]
        writer.bytes = joined
    }
}

extension Encoding: Encoder {
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedEncoding(encoding: self, frame: begin(.map)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedEncoding(encoding: self, frame: begin(.array))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleValueEncoding(encoding: self, frame: frame.id)
    }
}

extension Encoding {
    /// Makes the frame's value a container, or continues the one that it is; returns the frame's id.
    private func begin(_ kind: Frame.Kind) -> Int {
        if frame.kind == .empty {
            frame.kind = kind
            // The smallest header, with room for the count as long as it is below 16.
            writer.bytes.append(kind == .map ? Format.fixmap : Format.fixarray)
            do { try writer.open() } catch { failure = error.located(at: codingPath) }
        } else if frame.kind != kind {
            failure = misuse("a value is encoded as two different kinds of container")
        }
        return frame.id
    }

    /// Writes an element of the container of the frame `id`, or nothing if `body` throws.
    @inline(__always)
    func element(of id: Int, _ body: () throws -> Void) throws {
        try check(id)
        try wholly(body)
        frame.count += 1
    }

    /// Writes the only value of the frame `id`, or nothing if `body` throws.
    func single(of id: Int, _ body: () throws -> Void) throws {
        try check(id)
        guard frame.kind == .empty else { throw misuse("a single value container was given two values") }
        try wholly(body)
        frame.kind = .single
    }

    /// The number of elements of the container of the frame `id` so far.
    func count(of id: Int) -> Int { frame.id == id ? frame.count : 0 }

    /// Returns an encoding for an element that is completed later; its key, if any, has been written.
    func child(at key: any CodingKey) -> Encoding {
        let child = Encoding(beside: self, key: key)
        frame.children.append((writer.bytes.count, child))
        return child
    }

    /// An encoding that is inserted nowhere and throws at the first chance, for methods that cannot throw.
    func failed(_ error: (any Error)?) -> Encoding {
        let child = Encoding(beside: self, key: NameKey.superclass)
        failure = failure ?? (error as? MessagePackError) ?? misuse("a container was used outside its encode(to:)")
        child.failure = failure
        return child
    }

    private func check(_ id: Int) throws {
        if let failure { throw failure }
        guard frame.id == id, id > 0 else {
            throw misuse("a container was used outside its encode(to:), or while a nested one was running")
        }
    }

    private func misuse(_ message: String) -> MessagePackError {
        MessagePackError(.misuse, message, codingPath: codingPath)
    }
}
