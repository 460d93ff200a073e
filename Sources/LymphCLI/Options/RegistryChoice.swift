internal import LymphService

/// A registry in one word: `directory`, `directory:/tmp/lymph`, `zookeeper:host:2181,other:2181/chroot`.
struct RegistryChoice: Equatable {
    /// The name of the registry's class.
    let name: String
    /// The setting in the rest of the word.
    let setting: (key: String, value: String)?

    private static let keys = ["directory": "path", "zookeeper": "hosts"]

    init(_ text: String) throws(Failure) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, let key = Self.keys[name], parts.count == 1 || !parts[1].isEmpty else {
            throw Failure(
                .usage, "\"\(text)\" is not a registry", advice: "use directory, directory:PATH or zookeeper:HOSTS")
        }
        self.name = name
        setting = parts.count == 2 ? (key, parts[1]) : nil
    }

    static func == (a: RegistryChoice, b: RegistryChoice) -> Bool {
        a.name == b.name && a.setting?.key == b.setting?.key && a.setting?.value == b.setting?.value
    }
}
