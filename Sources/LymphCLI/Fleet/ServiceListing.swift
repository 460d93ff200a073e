internal import Lymph
internal import MessagePack

/// Shows services as `lymph discover` does.
struct ServiceListing {
    let survey: Survey
    let showsInstances: Bool
    let showsVersions: Bool
    let isFull: Bool

    /// One heading with its instances.
    private struct Group {
        let label: String
        let instances: [ServiceInstance]
    }

    /// The lines for a person.
    func lines(width: Int) -> [Line] {
        let groups = groups
        return groups.enumerated().flatMap { index, group -> [Line] in
            let count = Set(group.instances.map(\.identity)).count
            let heading: Line = "\(group.label, .red) [\(count)]"
            guard showsInstances else { return [heading] }
            let gap: [Line] = index < groups.count - 1 ? [""] : []
            return [heading] + lines(of: group.instances, width: width) + gap
        }
    }

    /// The document for a program: the same as Python lymph's.
    var json: JSON {
        .object(
            survey.services.map { name, instances in
                .init(name: name, value: .array(Self.sorted(instances).map(\.document)))
            })
    }

    private var groups: [Group] {
        survey.services.sorted { $0.key < $1.key }.flatMap { name, instances in
            guard showsVersions, !instances.isEmpty else { return [Group(label: name, instances: instances)] }
            let byVersion = Dictionary(grouping: instances, by: \.version)
            return byVersion.sorted { Self.isOrdered($0.key, $1.key) }.map { version, instances in
                Group(label: version.map { "\(name)@\($0)" } ?? name, instances: instances)
            }
        }
    }

    private func lines(of instances: [ServiceInstance], width: Int) -> [Line] {
        var table = Table([
            .init(title: "", attributes: [.dim]), .init(title: ""), .init(title: ""),
            .init(title: "", isFlexible: true, attributes: [.dim]),
        ])
        let sorted = Self.sorted(instances)
        for instance in sorted {
            table.add([
                "[\(instance.identity.prefix(bytes: 10))]", instance.version?.description ?? "–",
                instance.endpoint.description, isFull ? "" : instance.fqdn ?? instance.hostname ?? "",
            ])
        }
        guard isFull else { return table.lines(width: width) }
        let heads = table.lines(width: width)
        return zip(heads, sorted).flatMap { head, instance in
            [head] + Self.members(of: instance, width: width)
        }
    }

    private static func members(of instance: ServiceInstance, width: Int) -> [Line] {
        guard case .object(let members) = instance.document else { return [] }
        var table = Table([.init(title: "", attributes: [.dim]), .init(title: "", isFlexible: true)])
        for member in members.sorted(by: { $0.name < $1.name }) where member.name != "endpoint" {
            table.add(["   " + member.name, member.value.text])
        }
        return table.lines(width: width)
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

extension ServiceInstance {
    /// What the instance has published, as the registry holds it.
    var document: JSON { (try? JSONParser.parse(json())) ?? .null }
}
