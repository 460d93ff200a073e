internal import Lymph

/// With which status a service ends, after `sysexits.h`.
package struct ExitStatus: Sendable, Hashable, RawRepresentable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let success = ExitStatus(rawValue: 0)
    package static let usage = ExitStatus(rawValue: 64)
    package static let unavailable = ExitStatus(rawValue: 69)
    package static let software = ExitStatus(rawValue: 70)
    package static let address = ExitStatus(rawValue: 71)
    package static let logFile = ExitStatus(rawValue: 73)
    package static let configuration = ExitStatus(rawValue: 78)

    /// The status for the error that a service ended with, and what a person is told.
    static func of(_ error: any Error) -> (ExitStatus, String) {
        switch error {
        case let error as ConfigurationError: return (.configuration, error.description)
        case let error as StartFailure:
            // A mistake in the configuration says itself where it is.
            if error.cause is ConfigurationError || (error.cause as? LymphError)?.code == .configuration {
                return of(error.cause)
            }
            return (.software, "the interface \(error.interface) could not start: \(of(error.cause).1)")
        case let error as LogOutput.Failure: return (.logFile, error.description)
        case let error as RegistryError: return (.unavailable, error.explanation)
        case let error as LymphError:
            switch error.code {
            case .configuration: return (.configuration, error.message)
            case .registrationFailure: return (.unavailable, error.message)
            case .bindFailure: return (.address, error.message)
            default: return (.software, error.message)
            }
        default: return (.software, "\(error)")
        }
    }
}
