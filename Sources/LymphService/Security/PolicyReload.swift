internal import Logging
internal import Lymph
internal import ServiceLifecycle

/// Applies each change of the policy's file, beside the container.
struct PolicyReload: Service {
    let path: String
    let client: Client
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await news in PolicyWatch(of: path) {
                switch news {
                case .success(let policy): await client.use(policy)
                case .failure(let error):
                    for line in "\(error)".split(separator: "\n") {
                        logger.error("the policy before stays in force: \(line)")
                    }
                }
            }
        }
    }
}
