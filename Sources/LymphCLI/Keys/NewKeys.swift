internal import Lymph

/// What is shown about keys that were made: never the secret one.
struct NewKeys {
    let name: String
    let publicKey: PublicKey
    let publicPath: String
    let secretPath: String

    /// What the others' policy says about the owner of the keys. What it may call is for them to add.
    var policy: String { "\(name): {keys: [\"\(publicKey)\"], may: []}" }

    /// The setting of the owner.
    var setting: String { "container.security.key: \(secretPath)" }

    /// For people.
    var lines: [Line] {
        [
            "\("Public key:", .bold) \(publicKey.description, .cyan)",
            "\("Written:", .bold)    \(publicPath), \(secretPath)",
            "\("Policy:", .bold)     \(policy)",
            "\("Setting:", .bold)    \(setting)",
        ]
    }

    /// For programs.
    var json: JSON {
        [
            "name": .string(name), "public_key": .string(publicKey.description), "public_file": .string(publicPath),
            "secret_file": .string(secretPath),
        ]
    }
}
