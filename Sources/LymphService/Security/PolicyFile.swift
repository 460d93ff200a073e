package import Lymph

/// The file of an access policy.
///
/// ```yaml
/// peers:
///     web:    {keys: ["Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"], may: ["echo.*"], from: [10.0.0.0/8]}
///     ops:    {keys: ["rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"], may: ["*", "lymph.*"]}
///     python: {plain: [127.0.0.0/8, 10.1.0.0/16], may: ["echo.upper"]}
/// ```
package enum PolicyFile {
    /// The most bytes that are read.
    static let limit = 1024 * 1024

    /// Reads the policy in a file.
    ///
    /// - Throws: ``/Lymph/ConfigurationError`` with all mistakes.
    package static func read(_ path: String) throws(ConfigurationError) -> AccessPolicy {
        try policy(in: FileContent(path: path, limit: limit), path: path)
    }

    /// Reads the policy in what was read from a file.
    static func policy(in content: FileContent, path: String) throws(ConfigurationError) -> AccessPolicy {
        switch content {
        case .unreadable(let reason): throw ConfigurationError(.init(file: path, message: "can't be read: \(reason)"))
        case .bytes(let bytes):
            var mistakes = ConfigurationMistakes()
            let node = mistakes.attempt { () throws(ConfigurationError) in
                var found = ConfigurationMistakes()
                let node = try ConfigurationFile.parse(bytes, file: path, example: "peers: …", &found)
                try found.check()
                return node
            }
            let policy = node.flatMap { node in
                mistakes.attempt { () throws(ConfigurationError) in try AccessPolicy(Configuration(node)) }
            }
            try mistakes.check()
            guard let policy else { throw mistakes.makeError() }
            return policy
        }
    }
}
