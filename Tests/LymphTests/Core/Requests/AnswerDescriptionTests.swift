import Lymph
import Testing

@Suite("Answers in a log")
struct AnswerDescriptionTests {
    @Test(
        "an answer is described by its kind, without its body",
        arguments: [
            (.reply([0xa3, 0x66, 0x6f, 0x6f]), "reply of 4 bytes"),
            (.error(RemoteError(type: "OutOfStock", message: "secret")), "error OutOfStock"),
            (.nack(Refusal(.unauthorized, "secret")), "nack unauthorized"),
            (.channel(), "channel"),
            (.channel(first: .ack), "channel, first ack"),
        ] as [(Answer, String)])
    func description(answer: Answer, expected: String) {
        #expect("\(answer)" == expected)
    }
}
