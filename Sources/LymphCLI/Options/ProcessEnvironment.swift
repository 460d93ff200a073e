#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The environment variables of this process.
enum ProcessEnvironment {
    static var all: [String: String] { ProcessInfo.processInfo.environment }
}
