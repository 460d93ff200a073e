package import Lymph

extension Survey {
    /// The instances of a service, or of one of its versions, in the order in which they are shown.
    package struct Group: Sendable {
        /// The name, optionally with the version.
        package let label: String
        package let instances: [ServiceInstance]
    }

    /// All services by name.
    ///
    /// - Parameter areVersionsApart: Whether each version of a service is a group of its own.
    package func groups(areVersionsApart: Bool) -> [Group] {
        services.sorted { $0.key < $1.key }.flatMap { name, instances -> [Group] in
            guard areVersionsApart, !instances.isEmpty else {
                return [Group(label: name, instances: Self.sorted(instances))]
            }
            let byVersion = Dictionary(grouping: instances, by: \.version)
            return byVersion.sorted { Self.isOrdered($0.key, $1.key) }.map { version, instances in
                Group(label: VersionedName(name, version).description, instances: Self.sorted(instances))
            }
        }
    }

    /// The document for programs: what the instances of each service have published, as in Python lymph.
    package var json: JSON {
        .object(
            services.map { name, instances in
                .init(name: name, value: .array(Self.sorted(instances).map(\.document)))
            })
    }

    private static func sorted(_ instances: [ServiceInstance]) -> [ServiceInstance] {
        instances.sorted { a, b in
            a.version == b.version
                ? (a.endpoint.description, a.id) < (b.endpoint.description, b.id) : isOrdered(a.version, b.version)
        }
    }

    /// Instances without a version come first.
    private static func isOrdered(_ a: Version?, _ b: Version?) -> Bool {
        guard let a, let b else { return a == nil && b != nil }
        return a < b
    }
}
