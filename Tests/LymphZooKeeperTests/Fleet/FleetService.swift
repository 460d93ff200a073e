import Lymph

/// The service of `Tests/ZooKeeper/fleet.py`, in Swift.
actor FleetService: Interface {
    static let routes = Routes<FleetService> {
        RPC("who", help: "Returns the endpoint and the version of the instance that answers.") { me in
            let endpoint = await me.context.client.poller.endpoint
            return [endpoint?.description ?? "", me.context.version?.description ?? "None"]
        }
    }
}
