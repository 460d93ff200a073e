import LymphService
import Testing

@testable import LymphCLI

/// The commands against the real Python lymph.
@Suite(
    .timeLimit(.minutes(3)),
    .enabled(if: PythonService.interpreter != nil, "LYMPH_PYTHON names no interpreter: skipped"))
struct PythonTests {
    @Test func commandsWorkAgainstPython() async throws {
        try await PythonService.with { address in
            let lymph = Tool(environment: ["LYMPH_REGISTRY_DIR": "/dev/null/nowhere"])
            // Python handles the others meanwhile.
            async let late = lymph("request", "echo.sleep", #"{"seconds": 30}"#, "--address", address, "--timeout", "3")
            let inspected = try await lymph("inspect", address)
            #expect(
                inspected.output.contains("rpc upper(text)")
                    && inspected.output.contains("      Returns a description of what Python received."))
            let text = try await lymph("request", "echo.upper", #"{"text": "żółw"}"#, "--address", address)
            #expect(text.output == "\"ŻÓŁW\"\n")
            let values = #"[1, 1.0, null, {"_": "2015-11-23", "__type__": "date"}, {"_": "AQID", "__type__": "bytes"}]"#
            let same = try await lymph(
                "request", "echo.echo", #"{"value": \#(values)}"#, "--address", address, "--json", "--tagged")
            #expect(same.output == values + "\n")
            let failed = try await lymph("request", "echo.fail", #"{"kind": "declared"}"#, "--address", address)
            #expect(
                failed.status == 3 && failed.errors == "lymph: echo.fail answered with the error Broken: as declared\n")
            let refused = try await lymph("request", "echo.uper", "{}", "--address", address)
            #expect(refused.status == 4 && refused.errors.contains("did you mean upper?"))
            // With the wrong arguments it may have run: Python doesn't say why it failed.
            let guessed = try await lymph("request", "echo.upper", #"{"txt": "a"}"#, "--address", address)
            #expect(guessed.status == 11 && guessed.errors.contains("upper takes (text)"), "\(guessed)")
            let pinged = try await lymph("ping", address, "--count", "2", "--interval", "0.01")
            #expect(pinged.status == 0 && pinged.output.contains("2 answered"))
            let status = try await lymph("status", address, "--timeout", "30")
            #expect(status.status == 0 && status.output.hasPrefix("\(address)\nidentity "), "\(status)")
            let doctor = try await lymph("doctor", address)
            #expect(doctor.status == 0 && doctor.output.contains("Python lymph"), "\(doctor.output)")
            #expect(try await late.status == 5)
            #expect(try await late.errors.contains("no answer from \(address) within 3.0 seconds"))
        }
    }
}
