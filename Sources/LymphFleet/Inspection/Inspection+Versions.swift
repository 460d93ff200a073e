package import Lymph

extension Inspection {
    /// Which version of a method is requested.
    package enum Asked {
        /// The one without a version, or else the highest.
        case any
        /// Exactly this one.
        case exactly(Version)
        /// The highest that is compatible.
        case compatible(Version)

        /// What a request asks for that names this version, or none.
        ///
        /// - Parameter target: The name or address that it is sent to. By address exactly that version is called.
        package init(_ version: String?, of target: String) {
            guard let version = version.flatMap({ Version(coercing: $0) }) else {
                self = .any
                return
            }
            self = target.contains("://") ? .exactly(version) : .compatible(version)
        }

        fileprivate func includes(_ version: Version?) -> Bool {
            switch self {
            case .any: true
            case .exactly(let asked): version == asked
            case .compatible(let asked): version?.isCompatible(with: asked) ?? false
            }
        }
    }

    /// The method that the service chooses for a request.
    ///
    /// - Parameter name: `interface.method`
    package func method(_ name: String, _ asked: Asked) -> Method? {
        methods.filter { $0.name == name }
            .map { (method: $0, version: $0.version.flatMap { Version($0) }) }
            .filter { asked.includes($0.version) }
            .max { Self.isLess($0.version, $1.version) }?.method
    }

    /// The order in which a service chooses: a method without a version is preferred.
    private static func isLess(_ a: Version?, _ b: Version?) -> Bool {
        guard let a else { return false }
        guard let b else { return true }
        return a < b
    }
}
