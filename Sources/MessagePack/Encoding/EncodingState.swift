/// What an encoding has written, and where it is.
///
/// It is one structure so that a container can do a whole step in one access to it: every access to a variable of a
/// class costs a check, and together these would cost more than the writing.
struct EncodingState {
    var writer: Writer
    var frame: Frame
    private var lastFrame: Int

    /// A misuse found by a method that can't throw; the next one that can will throw it.
    var failure: MessagePackError?

    /// A call of `encode(to:)`.
    struct Frame {
        enum Kind { case empty, single, array, map }

        let id: Int
        let start: Int
        var kind = Kind.empty
        var count = 0
        var children: [(offset: Int, encoding: Encoding)] = []
    }

    /// A position to roll back to.
    struct Mark {
        fileprivate let end: Int
        fileprivate let depth: Int
        fileprivate let frame: Frame
    }

    init(writer: Writer, frame: Int) {
        self.writer = writer
        self.frame = Frame(id: frame, start: writer.bytes.count)
        lastFrame = frame
    }

    var mark: Mark { Mark(end: writer.bytes.count, depth: writer.depth, frame: frame) }

    /// Removes everything written since `mark`, so that `try? container.encode(…)` can't leave half a value.
    mutating func rollBack(to mark: Mark) {
        writer.bytes.removeSubrange(mark.end...)
        writer.depth = mark.depth
        frame = mark.frame
        failure = nil
    }

    /// Writes an element of the container of the frame `id`, or nothing if `write` throws.
    @inline(__always)
    mutating func element(
        of id: Int, _ write: (inout Writer) throws(MessagePackError) -> Void
    ) throws(MessagePackError) {
        try check(id)
        let end = writer.bytes.count
        do {
            try write(&writer)
        } catch {
            writer.bytes.removeSubrange(end...)
            throw error
        }
        frame.count += 1
    }

    /// Starts an element of the container of the frame `id`, which the caller completes or rolls back.
    @inline(__always)
    mutating func beginElement(of id: Int, name: String? = nil) throws(MessagePackError) -> Mark {
        try check(id)
        let mark = mark
        if let name { try writer.writeKey(name) }
        frame.count += 1
        return mark
    }

    /// Starts the only value of the frame `id`, which the caller completes or rolls back.
    mutating func beginSingle(of id: Int) throws(MessagePackError) -> Mark {
        try check(id)
        guard frame.kind == .empty else { throw Self.misuse("a single value container was given two values") }
        let mark = mark
        frame.kind = .single
        return mark
    }

    /// Makes the frame's value a container, or continues the existing one; returns the frame's id.
    mutating func beginContainer(_ kind: Frame.Kind) -> Int {
        if frame.kind == .empty {
            frame.kind = kind
            // The smallest header, which has room for a count below 16.
            writer.bytes.append(kind == .map ? Format.fixmap : Format.fixarray)
            do { try writer.open() } catch { failure = error }
        } else if frame.kind != kind {
            failure = Self.misuse("a value is encoded as two different kinds of container")
        }
        return frame.id
    }

    /// Starts a frame and returns the enclosing one.
    mutating func beginFrame() -> Frame {
        let outer = frame
        lastFrame += 1
        frame = Frame(id: lastFrame, start: writer.bytes.count)
        return outer
    }

    /// Completes the header, or writes an empty map if the value wrote nothing, as an empty structure does.
    mutating func endFrame() throws {
        if let failure { throw failure }
        if !frame.children.isEmpty { try insertChildren() }
        switch frame.kind {
        case .empty: writer.writeMapHeader(0)
        case .single: break
        case .array:
            writer.fixHeader(at: frame.start, count: frame.count, isMap: false)
            writer.depth -= 1
        case .map:
            writer.fixHeader(at: frame.start, count: frame.count, isMap: true)
            writer.depth -= 1
        }
    }

    private mutating func insertChildren() throws {
        var joined: [UInt8] = Array(writer.bytes[..<frame.start])
        var position = frame.start
        for (offset, child) in frame.children {
            joined += writer.bytes[position..<offset]
            joined += try child.finish().bytes
            position = offset
        }
        joined += writer.bytes[position...]
        writer.bytes = joined
        frame.children = []
    }

    @inline(__always)
    private func check(_ id: Int) throws(MessagePackError) {
        if let failure { throw failure }
        guard frame.id == id, id > 0 else {
            throw Self.misuse("a container was used outside its encode(to:), or while a nested one was running")
        }
    }

    @inline(never)
    static func misuse(_ message: String) -> MessagePackError { MessagePackError(.misuse, message) }
}
