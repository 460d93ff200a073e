/// The instances known from the files of a directory, by service and file.
struct DirectoryContents {
    private struct Entry {
        var instance: ServiceInstance
        var written: Int64
    }

    private var services: [String: [String: Entry]] = [:]

    /// The instances of a service. If several files have the same id, the one written last counts: a restarted
    /// process may be there before its predecessor is gone.
    func instances(of service: String) -> [ServiceInstance] {
        var newest: [String: Entry] = [:]
        for entry in services[service, default: [:]].values {
            if let other = newest[entry.instance.id], other.written > entry.written { continue }
            newest[entry.instance.id] = entry
        }
        return newest.values.map(\.instance)
    }

    /// The names of the files that hold an instance of the service.
    func files(of service: String) -> [String] {
        Array(services[service, default: [:]].keys)
    }

    /// Records the result of checking a file.
    mutating func update(_ file: String, of service: String, to state: InstanceFileState) {
        if case .alive(let instance, let written) = state {
            services[service, default: [:]][file] = Entry(instance: instance, written: written)
        } else {
            services[service]?[file] = nil
        }
    }

    /// Records the result of checking all files of a service.
    mutating func replace(_ service: String, with files: [SurveyedFile]) {
        services[service] = nil
        for file in files { update(file.name, of: service, to: file.state) }
    }

    /// Forgets every other service.
    mutating func keep(_ kept: Set<String>) {
        services = services.filter { kept.contains($0.key) }
    }
}
