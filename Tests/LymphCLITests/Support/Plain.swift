@testable import LymphCLI

extension [Line] {
    /// The lines without colours.
    var plain: [String] { map { $0.text(Style(isColored: false)) } }
}
