internal import LymphFleet
internal import LymphService

/// Reports which configuration is in effect, and anything unusual about it.
struct ConfigurationExamination {
    let configuration: ProcessConfiguration

    var findings: [Finding] {
        let files = configuration.files
        let text = files.isEmpty ? "no file; all values are defaults" : files.joined(separator: ", ")
        return [Finding(check: "configuration", verdict: .fine, message: text)]
            + configuration.warnings.map { Finding(check: "configuration", verdict: .warning, message: $0) }
    }
}
