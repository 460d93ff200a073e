internal import Lymph

extension ExitStatus {
    /// The status for the error that a service ended with, and the message for people.
    static func of(_ error: any Error) -> (ExitStatus, String) {
        switch error {
        case let error as ConfigurationError: return (.configuration, error.description)
        case let error as StartFailure:
            // A configuration mistake already says where it is.
            if error.cause is ConfigurationError || (error.cause as? LymphError)?.code == .configuration {
                return of(error.cause)
            }
            return (.software, "the interface \(error.interface) could not start: \(of(error.cause).1)")
        case let error as BackgroundFailure:
            let (status, message) = of(error.cause)
            return (status, "a function that prepare runs has failed: \(message)")
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
