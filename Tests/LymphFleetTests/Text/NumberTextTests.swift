import Testing

@testable import LymphFleet

struct NumberTextTests {
    @Test(arguments: [
        (0.000_000_5, "0.50 µs"), (0.000_053_12, "53.1 µs"), (0.000_999_6, "1.00 ms"), (0.0012, "1.20 ms"),
        (0.0998, "99.8 ms"),
        (0.9996, "1.00 s"), (2.5, "2.50 s"), (120, "120 s"), (0, "0.00 µs"),
    ])
    func showsDurations(seconds: Double, text: String) {
        #expect(Duration.seconds(seconds).short == text)
    }

    @Test(arguments: [
        (1.005, 1, "1.0"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"), (2.0, 0, "2"), (0.06, 2, "0.06"), (9.999, 2, "10.00"),
    ])
    func showsNumbers(number: Double, digits: Int, text: String) {
        #expect(number.fixed(digits) == text)
    }
}
