internal import Lymph

extension FuzzTarget {
    /// The documents in which registries describe instances.
    static let instance = FuzzTarget(
        "instance",
        seeds: [
            #"{"endpoint": "tcp://127.0.0.1:4100"}"#,
            #"{"id": "a", "identity": "b", "version": "1.5.0", "endpoint": "tcp://[::1]:1", "fqdn": null, "#
                + #""type": true, "features": ["packed"], "x": {"y": [1.0, 2]}}"#,
        ].map(\.bytes),
        words: [
            "\"endpoint\": ", "\"version\": ", "\"identity\": ", "\"features\": ", "\"type\": ", "\"log_endpoint\": ",
            "\"tcp://127.0.0.1:1\"", "null",
        ]
    ) { input throws(BrokenProperty) in
        let instance: ServiceInstance
        do throws(ServiceInstanceError) { instance = try ServiceInstance(json: input, service: "echo", id: "id") } catch
        {
            _ = error.description
            return
        }
        let document = instance.json()
        guard let again = try? ServiceInstance(json: document, service: "echo") else {
            throw BrokenProperty(description: "\(document.text) is refused")
        }
        try demand(again == instance, "\(document.text) is read back")
        try demand(again.json() == document, "\(document.text) is written the same again")
    }
}
