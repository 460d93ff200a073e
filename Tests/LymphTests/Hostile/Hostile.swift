import Testing

/// Input from peers that are broken or malicious.
///
/// Any input costs one counter and one log line. Nothing stops, blocks or crashes the process, or changes the
/// outcome of another call.
@Suite("Hostile input", .serialized)
struct Hostile {}
