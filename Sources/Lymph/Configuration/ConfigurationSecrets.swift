/// Knows which values must not be shown.
package enum ConfigurationSecrets {
    /// The words that make a key the name of a secret.
    package static let words: Set<String> = [
        "apikey", "auth", "authorization", "credential", "credentials", "key", "keys", "passphrase", "passwd",
        "password",
        "passwords", "private", "pwd", "secret", "secrets", "token", "tokens",
    ]

    /// What is shown in a secret's place.
    package static let mask = "********"

    /// Whether one of the words in a key or path suggests a secret: `db_password`, `authToken`, `tls.key`.
    package static func isSecret(_ path: String) -> Bool {
        var word = ""
        var previousIsLower = false
        for character in path {
            if !character.isLetter || (character.isUppercase && previousIsLower) {
                if words.contains(word) { return true }
                word = ""
            }
            if character.isLetter { word += character.lowercased() }
            previousIsLower = character.isLowercase
        }
        return words.contains(word)
    }

    /// The text with the password of a URL masked: `amqp://user:********@host`.
    package static func withoutCredentials(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return text
        }
        return text[...colon] + mask + text[at...]
    }
}
