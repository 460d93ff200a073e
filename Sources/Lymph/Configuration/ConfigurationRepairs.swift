/// Finds all mistakes in a value of a `Decodable` type, although each attempt to decode it reports only the first.
///
/// The value is decoded again with a substitute of the right type in place of each mistake, until no more are found.
/// Types that try one form of a value and then another still work: errors that they catch are not counted.
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

    /// Unknown keys that are probably misspellings of a missing one.
    private(set) var misspelled: Set<String> = []

    private var substitutes: [Place: Any] = [:]
    private var last: Failure?

    /// Decodes the value at a path, or returns its substitute.
    ///
    /// - Parameter substitute: A value that is certainly valid; without it, a small one is made.
    func value<T: Decodable>(
        _ type: T.Type, at path: String, substitute: T? = nil, _ read: () throws -> T
    ) throws -> T {
        let place = Place(path: path, type: ObjectIdentifier(type))
        if let substitute = substitutes[place], let value = substitute as? T { return value }
        do {
            return try read()
        } catch let error as ConfigurationError {
            last = Failure(place: place, error: error) { substitute ?? Substitute.value(of: type) }
            throw error
        }
    }

    /// Replaces the value that failed from now on.
    ///
    /// - Parameter error: The error that ended the attempt.
    /// - Returns: Whether it is worth decoding again.
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
