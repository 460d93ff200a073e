/// Does the same with all items, two at a time: with more, processes might keep each other from answering in time.
func inPairs<Item: Sendable>(
    _ items: some Sequence<Item>, _ body: @escaping @Sendable (Item) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, item) in items.enumerated() {
            if index >= 2 { try await group.next() }
            group.addTask { try await body(item) }
        }
        try await group.waitForAll()
    }
}
