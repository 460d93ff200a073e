import Testing

/// What callers and services see of each other over every transport.
///
/// One test at a time: some of them occupy every thread of the shared pool, on purpose.
@Suite("Behaviour", .serialized)
struct Behaviour {}
