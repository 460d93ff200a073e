import Testing

/// What comes from peers that are broken or mean.
///
/// Whatever arrives costs one counter and one log line. Nothing stops, blocks or crashes the process, or changes what
/// becomes of another call.
@Suite("Hostile input", .serialized)
struct Hostile {}
