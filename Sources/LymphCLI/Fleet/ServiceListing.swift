internal import Lymph
internal import LymphFleet
internal import MessagePack

/// Formats services for `lymph discover`.
struct ServiceListing {
    let survey: Survey
    let showsInstances: Bool
    let showsVersions: Bool
    let isFull: Bool

    /// The lines for people.
    func lines(width: Int) -> [Line] {
        let groups = survey.groups(areVersionsApart: showsVersions)
        return groups.enumerated().flatMap { index, group -> [Line] in
            let count = Set(group.instances.map(\.identity)).count
            let heading: Line = "\(group.label, .red) [\(count)]"
            guard showsInstances else { return [heading] }
            let gap: [Line] = index < groups.count - 1 ? [""] : []
            return [heading] + lines(of: group.instances, width: width) + gap
        }
    }

    private func lines(of instances: [ServiceInstance], width: Int) -> [Line] {
        var table = Table([
            .init(title: "", attributes: [.dim]), .init(title: ""), .init(title: ""),
            .init(title: "", isFlexible: true, attributes: [.dim]),
        ])
        for instance in instances {
            table.add([
                "[\(instance.identity.prefix(bytes: 10))]", instance.version?.description ?? "–",
                instance.endpoint.description, isFull ? "" : instance.fqdn ?? instance.hostname ?? "",
            ])
        }
        guard isFull else { return table.lines(width: width) }
        let heads = table.lines(width: width)
        return zip(heads, instances).flatMap { head, instance in
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
}
