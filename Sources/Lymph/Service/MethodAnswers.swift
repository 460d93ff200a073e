internal import MessagePack

/// The error for a result that can't be encoded.
private struct ResultError: Error, CustomStringConvertible {
    let description: String
}

extension Answer {
    /// The result of a method.
    static func result(_ result: some Encodable) throws -> Answer {
        do {
            return .reply(try MessagePackEncoder.encode(result))
        } catch {
            throw ResultError(description: "the result can't be encoded: \(error)")
        }
    }

    /// The answer of a method without a result: MessagePack nil.
    static func nothing(_: Void) -> Answer { .reply([0xc0]) }

    /// What the error of a method means for its caller.
    init(_ error: any Error, raises: [any Error.Type]) {
        switch error {
        case let error as ArgumentError: self = .nack(error.refusal)
        case let error as ResultError: self = .nack(Refusal(.failed, log: error.description))
        case let refusal as Refusal: self = .nack(refusal)
        case _ where raises.contains { $0.matches(error) }: self = .error(RemoteError(describing: error))
        // An error that another service raised, and that is declared here, too.
        case let error as RemoteError where raises.contains { "\($0)" == error.type }: self = .error(error)
        default:
            self = .nack(
                (error as? LymphError).flatMap(Refusal.init(thrownBy:))
                    ?? Refusal(.failed, log: "\(type(of: error)): \(error)"))
        }
    }
}

extension Error {
    fileprivate static func matches(_ error: any Error) -> Bool { error is Self }
}
