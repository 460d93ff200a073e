import Foundation
import Lymph
import ServiceLifecycle

/// What both interfaces share: stock and orders, in a file.
actor Database: Service {
    private struct Contents: Codable {
        var stock: [String: Int] = [:]
        var orders: [Order] = []
    }

    private let file: URL?
    private var contents = Contents()
    private var isSaved = true

    /// - Parameter path: The file; without one, nothing is kept.
    init(path: String?) throws {
        file = path.map { URL(filePath: $0) }
        if let file, let data = try? Data(contentsOf: file) {
            contents = try JSONDecoder().decode(Contents.self, from: data)
        }
    }

    /// Saves changes once a second, and for the last time when the interfaces have stopped.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(1))) != nil { try await self.save() }
        }
        try save()
    }

    private func save() throws {
        guard let file, !isSaved else { return }
        try JSONEncoder().encode(contents).write(to: file, options: .atomic)
        isSaved = true
    }

    func stock(of sku: String) -> Int { contents.stock[sku, default: 0] }

    func add(_ quantity: Int, of sku: String) {
        contents.stock[sku, default: 0] += quantity
        isSaved = false
    }

    /// Takes pieces out of the stock, if there are enough.
    func take(_ quantity: Int, of sku: String) throws(OutOfStock) {
        let left = stock(of: sku)
        guard left >= quantity else { throw OutOfStock(sku: sku, left: left) }
        add(-quantity, of: sku)
    }

    func place(_ lines: [Line], note: String?) -> Order {
        let order = Order(id: contents.orders.count + 1, lines: lines, note: note)
        contents.orders.append(order)
        isSaved = false
        return order
    }

    var orders: [Order] { contents.orders }

    /// The items with less than `least` pieces.
    func scarce(below least: Int) -> [String] { contents.stock.filter { $0.value < least }.keys.sorted() }
}
