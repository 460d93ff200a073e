/// Some pieces of one item.
struct Line: Codable, Sendable, Equatable {
    let sku: String
    var quantity = 1
}

/// An order that has been placed.
struct Order: Codable, Sendable, Equatable {
    let id: Int
    let lines: [Line]
    let note: String?
}

/// There are not enough pieces of an item. Callers get the whole error.
struct OutOfStock: Error, Codable, Equatable {
    let sku: String
    let left: Int
}
