import Testing

@testable import Lymph

@Suite struct RegistrationNewsTests {
    @Test func tellsOfALossAndItsEnd() {
        var news = RegistrationNews()
        #expect(news.take(lost: [:]) == [])
        let items = news.take(lost: ["echo": "its file was removed"])
        #expect(items == [.gone(["echo"], because: "its file was removed", failure: nil), .back(["echo"])])
        #expect(
            items.map(\.description) == [
                "the registration of echo is gone (its file was removed); registering again",
                "the registration of echo is back",
            ])
        #expect(news.take(lost: [:]) == [])
    }

    @Test func tellsEachCauseOnce() {
        var news = RegistrationNews()
        let lost = ["echo": "x", "lymph": "x"]
        let first = news.take(lost: lost, failure: "no room")
        #expect(
            first.map(\.description) == [
                "the registrations of echo, lymph are gone (x) and can't be renewed: no room; trying again"
            ])
        #expect(news.take(lost: lost, failure: "no room") == [])
        #expect(news.take(lost: [:], uncertain: ["echo", "lymph"], failure: "no room") == [])
        let other = news.take(lost: lost, failure: "no way")
        #expect(
            other.map(\.description) == ["the registrations of echo, lymph can't be kept up: no way; trying again"])
        #expect(news.take(lost: [:]).map(\.description) == ["the registrations of echo, lymph are back"])
        #expect(news.take(lost: lost, failure: "no room") != [])
    }

    @Test func saysNothingOfWhatWasWithdrawnMeanwhile() {
        var news = RegistrationNews()
        _ = news.take(lost: ["echo": "x", "lymph": "x"], failure: "no room")
        news.forget("echo")
        #expect(news.take(lost: [:]) == [.back(["lymph"])])
        _ = news.take(lost: ["echo": "x"], failure: "no room")
        news.forget("echo")
        #expect(news.take(lost: [:]) == [])
    }

    @Test func waitsLongerEveryTime() {
        var news = RegistrationNews()
        var delays: [Duration] = []
        for _ in 1...6 {
            _ = news.take(lost: [:], uncertain: ["echo"], failure: "x")
            delays.append(news.retryDelay)
        }
        #expect(delays == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        _ = news.take(lost: [:])
        #expect(news.retryDelay == .seconds(1))
    }
}
