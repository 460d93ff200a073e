/// A behaviour that every registry promises.
///
/// Each module with registries tests it:
///
/// ```swift
/// @Test(arguments: RegistryBehaviour.all, kinds)
/// func promise(_ behaviour: RegistryBehaviour, of kind: RegistryUnderTest) async throws {
///     try await behaviour.check(kind)
/// }
/// ```
package struct RegistryBehaviour: Sendable, CustomStringConvertible {
    package let description: String
    /// Fails the running test if a kind of registry behaves differently.
    package let check: @Sendable (RegistryUnderTest) async throws -> Void

    private init(_ description: String, _ check: @escaping @Sendable (RegistryUnderTest) async throws -> Void) {
        self.description = description
        self.check = check
    }

    package static let all: [RegistryBehaviour] = [
        .init("finds what was registered", findsWhatWasRegistered),
        .init("names similar services when there is none", namesSimilarServicesWhenThereIsNone),
        .init("a service stays known without instances", aServiceStaysKnownWithoutInstances),
        .init("keeps services apart", keepsServicesApart),
        .init("refuses names", refusesNames),
        .init("follows changes", followsChanges),
        .init("replaces an instance with the same i d", replacesAnInstanceWithTheSameID),
        .init("says nothing twice", saysNothingTwice),
        .init("a slow reader gets the last list", aSlowReaderGetsTheLastList),
        .init("takes many registrations at once", takesManyRegistrationsAtOnce),
        .init("cancellation ends the stream", cancellationEndsTheStream),
        .init("serves many watchers", servesManyWatchers),
    ]
}
