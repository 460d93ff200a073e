import Logging
import Lymph

/// Logs every request with its answer and how long that took.
struct AccessLog: ServiceInterceptor {
    private let logger = Logger(label: "access")

    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        // Peers ask the interface `lymph` every second whether the service is alive.
        if request.isBuiltin { return await next() }
        let clock = ContinuousClock()
        let start = clock.now
        let answer = await next()
        let milliseconds = (clock.now - start) / .milliseconds(1)
        logger.info(
            "\(request.subject)",
            metadata: [
                "answer": "\(answer)", "from": "\(request.peer)",
                "ms": "\((milliseconds * 10).rounded() / 10)",
            ])
        return answer
    }
}
