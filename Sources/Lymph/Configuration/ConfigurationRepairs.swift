/// Finds all that is wrong with a value of a `Decodable` type, of which each attempt to read it tells the first thing only.
///
/// The value is read again with something of the right type in place of what was wrong, until nothing else is. So types that
/// try one form of a value and then another are read as they are meant to be: what they catch does not count.
final class ConfigurationRepairs {
    private struct Place: Hashable {
        let path: String
        let type: ObjectIdentifier
    }

    private struct Failure {
        let place: Place
        let error: ConfigurationError
        let substitute: () -> Any?
    }

    /// Keys that are probably a missing one, misspelled.
    private(set) var misspelled: Set<String> = []

    private var substitutes: [Place: Any] = [:]
    private var last: Failure?

    /// Reads the value at a place, or takes its substitute.
    func value<T: Decodable>(_ type: T.Type, at path: String, _ read: () throws -> T) throws -> T {
        let place = Place(path: path, type: ObjectIdentifier(type))
        if let substitute = substitutes[place], let value = substitute as? T { return value }
        do {
            return try read()
        } catch let error as ConfigurationError {
            last = Failure(place: place, error: error) { Substitute.value(of: type) }
            throw error
        }
    }

    /// Has the value that failed replaced from now on.
    ///
    /// - Parameter error: What ended the attempt.
    /// - Returns: Whether it makes sense to read again.
    func repair(_ error: ConfigurationError) -> Bool {
        guard let failure = last, failure.error == error, let substitute = failure.substitute() else { return false }
        last = nil
        substitutes[failure.place] = substitute
        misspelled.formUnion(error.problems.filter(\.isMissing).flatMap(\.nearest))
        return true
    }
}

extension ConfigurationError.Problem {
    static let missing = "is missing"

    fileprivate var isMissing: Bool { message == Self.missing }
}
