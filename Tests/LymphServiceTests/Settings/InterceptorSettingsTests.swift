import Lymph
import LymphService
import Testing

/// Tells which one it is.
private struct Named: ClientInterceptor, ServiceInterceptor {
    let name: String

    init(_ configuration: Configuration) throws {
        name = try configuration.get("name", default: "-")
        if name == "refused" { throw NotThis() }
    }

    func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Message { try await next(call) }
    func intercept(_ request: Request, next: ServiceChain) async -> Answer { await next() }
}

private struct NotThis: Error, CustomStringConvertible { let description = "not this one" }

private let classes = [
    InterceptorClass("calls", client: { try Named($0) }),
    InterceptorClass("requests", "other.name:Requests", service: { try Named($0) }),
    InterceptorClass("both", client: { try Named($0) }, service: { try Named($0) }),
]

@Suite("container.interceptors")
struct InterceptorSettingsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func names(_ yaml: String) throws -> (client: [String], service: [String]) {
        let found = try folder.load("container:\n    interceptors: \(yaml)").interceptors(of: classes)
        return (
            found.client.map { ($0 as? Named)?.name ?? "another" },
            found.service.map { ($0 as? Named)?.name ?? "another" }
        )
    }

    @Test("without the list there are none")
    func none() throws {
        #expect(try names("") == ([], []))
        #expect(try names("[]") == ([], []))
        let absent = try folder.load("").interceptors(of: classes)
        #expect(absent.client.isEmpty && absent.service.isEmpty)
    }

    @Test("each entry gets its settings, in the order of the list; a class can be for calls, requests or both")
    func order() throws {
        let yaml = """

                    - requests
                    - {class: both, name: b}
                    - class: calls
                      name: c
                    - class: other.name:Requests
                      name: d
            """
        let (client, service) = try names(yaml)
        #expect(client == ["b", "c"])
        #expect(service == ["-", "b", "d"])
    }

    @Test("the rest of the section doesn't mind the list")
    func container() throws {
        let yaml = "container:\n    port: 4100\n    interceptors: [requests]"
        #expect(try folder.load(yaml).peerConfiguration().port == 4100)
    }

    @Test(
        "mistakes",
        arguments: [
            ("requests", #"container.interceptors: found the string "requests"; allowed: a list"#),
            ("[5]", "container.interceptors[0]: found the number 5; allowed: a map with a class"),
            ("[{name: x}]", "container.interceptors[0].class: is missing; allowed: both, calls, requests"),
            (
                "[calls, request]",
                #"container.interceptors[1]: there is no interceptor class "request"; did you mean requests? "#
                    + "allowed: both, calls, requests"
            ),
            ("[{class: calls, name: refused}]", "container.interceptors[0]: not this one"),
            ("[{class: calls, name: [1]}]", "container.interceptors[0].name: found a list; allowed: a string"),
        ])
    func mistakes(yaml: String, expected: String) {
        let mistake = folder.mistake("container:\n    interceptors: \(yaml)") { _ = try $0.interceptors(of: classes) }
        #expect(mistake == "conf.yml:2: \(expected)")
    }

    @Test("a class that makes no interceptor is a mistake of the program")
    func empty() async {
        await #expect(processExitsWith: .failure) { _ = InterceptorClass("neither") }
    }

    @Test("a program without interceptors says where they belong")
    func unavailable() {
        let mistake = folder.mistake("container: {interceptors: [calls]}") { _ = try $0.interceptors(of: []) }
        #expect(
            mistake == #"conf.yml:1: container.interceptors[0]: found "calls", but this program has no interceptors: "#
                + "its ServiceCommand lists them as `static let interceptors: [InterceptorClass]`")
    }
}
