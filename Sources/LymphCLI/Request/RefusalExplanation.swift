internal import Lymph

/// Finds out what may be wrong with a request that was refused, from what the service says of its methods.
enum RefusalExplanation {
    /// - Parameters:
    ///   - method: `interface.method`
    ///   - version: The version that was asked for, if no other will do.
    ///   - arguments: The names of the arguments that were sent.
    /// - Returns: nil if nothing seems wrong with the names.
    static func of(
        _ method: String, exactly version: String? = nil, arguments: [String], in inspection: Inspection
    ) -> String? {
        let candidates = inspection.methods.filter { $0.name == method }
        let asked = version.flatMap { Version(coercing: $0)?.description }
        if let asked, !candidates.isEmpty, !candidates.contains(where: { $0.version == asked }) {
            return "an address is asked for exactly \(asked), but there is "
                + candidates.map(\.interface).joined(separator: ", ")
        }
        if let found = candidates.first(where: { asked == nil || $0.version == asked }) {
            let strange = arguments.filter { !found.parameters.contains($0) }
            let takes = "\(found.shortName) takes (\(found.parameters.joined(separator: ", ")))"
            guard let name = strange.first else {
                return arguments.count < found.parameters.count ? takes : nil
            }
            return "there is no parameter \(name): \(takes)" + question(name, found.parameters)
        }
        let interface = method.prefix(upTo: method.lastIndex(of: ".") ?? method.endIndex)
        let siblings = inspection.methods.filter { $0.name.hasPrefix(interface + ".") }.map(\.shortName)
        guard siblings.isEmpty else {
            let name = String(method.dropFirst(interface.count + 1))
            return "\(interface) has no method \(name)" + question(name, siblings)
        }
        let interfaces = Set(inspection.methods.map(\.interface)).filter { $0.prefix { $0 != "@" } != "lymph" }.sorted()
        return "there is no interface \(interface), but "
            + (interfaces.isEmpty ? "none at all" : interfaces.joined(separator: ", "))
    }

    private static func question(_ name: String, _ known: [String]) -> String {
        let near = NearNames.of(name, among: known)
        return near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
    }
}
