internal import Lymph

/// Whom `lymph doctor` looks at.
enum DoctorTarget: Equatable, Sendable {
    case endpoint(Endpoint)
    case service(String, Version?)

    init(_ text: String) throws(Failure) {
        if text.contains("://") {
            do throws(EndpointError) {
                self = .endpoint(try Endpoint(validating: text))
            } catch {
                throw Failure(error)
            }
        } else if let name = VersionedName(text), !name.name.isEmpty {
            self = .service(name.name, name.version)
        } else {
            throw Failure(.usage, "\"\(text)\" is neither name, name@version nor tcp://host:port")
        }
    }
}
