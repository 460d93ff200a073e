import Testing

@testable import Lymph

@Suite struct WatchNewsTests {
    @Test func tellsEachCauseOnceAndTheEnd() {
        var news = WatchNews()
        #expect(news.take(failure: nil) == nil)
        #expect(news.take(failure: "no room") == .failing(because: "no room"))
        #expect(news.take(failure: "no room") == nil)
        #expect(news.take(failure: "no way") == .failing(because: "no way"))
        #expect(news.take(failure: nil) == .back)
        #expect(news.take(failure: nil) == nil)
    }

    @Test func waitsLongerEveryTime() {
        var news = WatchNews()
        var delays: [Duration] = []
        for _ in 1...6 {
            _ = news.take(failure: "x")
            delays.append(news.retryDelay)
        }
        #expect(delays == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        _ = news.take(failure: nil)
        #expect(news.retryDelay == .seconds(1))
    }
}
