/// The documents as types; the order of the properties is that of the file, so that all encoders write the same bytes.
struct Documents: Decodable {
    let one: OneArgument
    let two: TwoArguments
    let mixed: Mixed

    enum CodingKeys: String, CodingKey {
        case one = "one argument"
        case two = "two arguments"
        case mixed
    }
}

struct OneArgument: Codable, Equatable {
    let text: String
}

struct TwoArguments: Codable, Equatable {
    let name: String
    let month: Int
}

struct Mixed: Codable, Equatable {
    struct Address: Codable, Equatable {
        let street: String
        let number: Int
        let city: String
    }

    struct Item: Codable, Equatable {
        let name: String
        let price: Double
        let quantity: Int
        let isInStock: Bool
        let tags: [String]
        let discount: Double?
    }

    struct Totals: Codable, Equatable {
        let net: Double
        let tax: Double
        let gross: Double
    }

    let id: Int
    let customer: String
    let address: Address
    let items: [Item]
    let totals: Totals
    let history: [[Int]]
    let note: String
}
