/// Does the same for several seeds, on all processors.
func concurrently<Seed: Sendable>(
    _ seeds: some Sequence<Seed>, _ body: @escaping @Sendable (Seed) throws -> Void
) async throws {
    try await withThrowingTaskGroup { group in
        for seed in seeds { group.addTask { try body(seed) } }
        try await group.waitForAll()
    }
}
