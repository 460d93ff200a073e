public import Lymph

extension ProcessConfiguration {
    /// The interceptors in the list `container.interceptors`, in its order.
    ///
    /// - Parameter classes: The available kinds.
    /// - Throws: ``/Lymph/ConfigurationError`` if a class is not among them, or if its settings are wrong.
    public func interceptors(
        of classes: [InterceptorClass]
    ) throws(ConfigurationError) -> (client: [any ClientInterceptor], service: [any ServiceInterceptor]) {
        guard let list = container["interceptors"], !list.isNull else { return ([], []) }
        guard let parts = list.elements else { throw list.mismatch(allowed: "a list") }
        var mistakes = ConfigurationMistakes()
        var client: [any ClientInterceptor] = []
        var service: [any ServiceInterceptor] = []
        for part in parts {
            mistakes.attempt { () throws(ConfigurationError) in
                let named = try part.namedPart(classes)
                guard !classes.isEmpty else {
                    throw named.naming.error(
                        "found \(named.name.debugDescription), but this program has no interceptors: its ServiceCommand "
                            + "lists them as `static let interceptors: [InterceptorClass]`")
                }
                let kind = try named.find("interceptor", among: classes)
                if let make = kind.makeClient { client.append(try part.make { try make(named.settings) }) }
                if let make = kind.makeService { service.append(try part.make { try make(named.settings) }) }
            }
        }
        try mistakes.check()
        return (client, service)
    }
}
