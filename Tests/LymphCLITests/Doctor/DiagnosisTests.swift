import Lymph
import LymphFleet
import Testing

@testable import LymphCLI

struct DiagnosisTests {
    @Test func theDiagnosisIsAlignedAndSumsUp() {
        let diagnosis = Diagnosis(findings: [
            Finding(check: "dial", verdict: .fine, message: "yes"),
            Finding(check: "identity", verdict: .problem, message: "no", advice: "do"),
            Finding(check: "x", verdict: .warning, message: "hm"),
        ])
        #expect(
            diagnosis.lines(width: 80).plain == [
                "✓ dial      yes", "✗ identity  no", "            → do", "! x         hm", "", "1 problem, 1 warning",
            ])
        #expect(diagnosis.json["ok"] == .bool(false))
    }
}
