@testable import Lymph

extension Endpoint {
    /// One of many addresses at which nobody listens.
    static func number(_ number: Int) -> Endpoint {
        guard let endpoint = try? Endpoint(host: "10.0.\(number >> 8 & 255).\(number & 255)", port: 4100) else {
            preconditionFailure("10.0.0.0 is an address")
        }
        return endpoint
    }
}
