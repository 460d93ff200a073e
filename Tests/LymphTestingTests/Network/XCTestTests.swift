import Lymph
import LymphTesting
import XCTest

/// The one test of ours that isn't written with Swift Testing: it shows that others needn't be, either.
final class XCTestTests: XCTestCase {
    private var count = 0

    func testServices() async throws {
        try await withTestService(Upper.self) { upper, network in
            count += 1
            let text: String = try await upper.upper(text: "foo")
            XCTAssertEqual(text, "FOO")
            try network.expectCalls("upper.upper", count: 1)
        }
        XCTAssertEqual(count, 1)
    }

    func testFailures() async throws {
        do {
            try await withTestService(Upper.self, logger: .silent) { _ = try? await $0.uper() }
            XCTFail("a call of nothing passes")
        } catch let failure as TestFailure {
            XCTAssertEqual(
                "\(failure)", "test called upper.uper, which nobody serves or mocks; did you mean upper.upper?")
        }
    }
}
