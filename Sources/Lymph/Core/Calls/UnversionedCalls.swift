/// Which instances get calls that name no version, if a service runs in several major versions.
public struct UnversionedCalls: Sendable, Hashable {
    enum Kind { case any, newest }
    let kind: Kind

    /// Any instance, as in Python lymph. The same call may be answered by 1.4 now and by 2.0 later; a warning is
    /// logged once for each such service.
    public static let any = UnversionedCalls(kind: .any)

    /// The instances with the highest released major version; a prerelease only if there is no release.
    ///
    /// Instances without a version count as older than any other.
    public static let newest = UnversionedCalls(kind: .newest)
}

extension UnversionedCalls {
    /// The instances that a call without a version may go to.
    func candidates(among instances: [ServiceInstance]) -> [ServiceInstance] {
        guard kind == .newest, Self.isMixed(instances) else { return instances }
        let versions = instances.compactMap(\.version)
        let newest = versions.filter(\.prerelease.isEmpty).max() ?? versions.max()
        return instances.filter { $0.version?.major == newest?.major }
    }

    /// Whether the instances have different major versions.
    static func isMixed(_ instances: [ServiceInstance]) -> Bool {
        Set(instances.map { $0.version?.major }).count > 1
    }
}
