/// Whom a call goes to that names no version, when a service has instances of several major versions.
public struct UnversionedCalls: Sendable, Hashable {
    enum Kind { case any, newest }
    let kind: Kind

    /// Any instance, as in Python lymph: the same call can get the answer of 1.4 now and that of 2.0 then. It is logged once for each
    /// service that this concerns.
    public static let any = UnversionedCalls(kind: .any)

    /// The instances of the highest major version that is released; others only while there is none of it.
    ///
    /// Instances without a version count as older than any.
    public static let newest = UnversionedCalls(kind: .newest)
}

extension UnversionedCalls {
    /// The instances that come into question.
    func candidates(among instances: [ServiceInstance]) -> [ServiceInstance] {
        guard kind == .newest, Self.isMixed(instances) else { return instances }
        let versions = instances.compactMap(\.version)
        let newest = versions.filter(\.prerelease.isEmpty).max() ?? versions.max()
        return instances.filter { $0.version?.major == newest?.major }
    }

    /// Whether the instances differ in what they may answer.
    static func isMixed(_ instances: [ServiceInstance]) -> Bool {
        Set(instances.map { $0.version?.major }).count > 1
    }
}
