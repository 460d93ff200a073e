// The load generator on gRPC for C++: one channel, one completion queue, one thread (and one for the
// schedule of an open loop).
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "../../Bare/load.h"

struct Lane {
    uint64_t started;
    grpc::ByteBuffer answer;
    grpc::Status status;
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

class Client {
public:
    explicit Client(const options &o) : o(o), lanes(o.outstanding), stub(channel(o)) {
        for (int i = 0; i < LETTERS; i++) {
            std::string text(o.text, 'a' + i);
            grpc::Slice slice(text);
            requests.emplace_back(&slice, 1);
            expected.emplace_back(o.text, (o.is_echo ? 'a' : 'A') + i);
        }
    }

    void run() {
        start = now_ns();
        const uint64_t begin = start + uint64_t(o.warmup * 1e9), end = begin + uint64_t(o.seconds * 1e9);
        auto histogram = std::make_unique<struct histogram>();
        for (size_t i = 0; i < lanes.size(); i++) finished(i, now_ns());
        if (o.rate > 0) std::thread([this] { pace(); }).detach();
        bool has_begun = false;
        for (uint64_t now = start; now < end;) {
            void *tag;
            bool is_good;
            auto five_seconds = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(5, GPR_TIMESPAN));
            if (queue.AsyncNext(&tag, &is_good, five_seconds) != grpc::CompletionQueue::GOT_EVENT)
                fail("no answer for five seconds");
            now = now_ns();
            size_t i = reinterpret_cast<size_t>(tag);
            check(i);
            if (now >= begin && now < end) record(histogram.get(), now - lanes[i].started);
            finished(i, now);
            if (now >= begin && !has_begun) { has_begun = true; say_begin(); }
        }
        finish(histogram.get(), double(end - begin) / 1e9);
    }

private:
    static std::shared_ptr<grpc::Channel> channel(const options &o) {
        grpc::ChannelArguments arguments;
        arguments.SetMaxReceiveMessageSize(-1);
        return grpc::CreateCustomChannel(o.connect, grpc::InsecureChannelCredentials(), arguments);
    }

    uint64_t due(uint64_t number) const { return start + uint64_t(double(number) * 1e9 / o.rate); }

    // Makes each call when the schedule says. The queue's own deadlines are too coarse for this.
    void pace() {
        for (uint64_t number = 0;; number++) {
            const uint64_t time = due(number);
            const timespec at = {time_t(time / 1000000000), long(time % 1000000000)};
            while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) != 0) {}
            std::lock_guard<std::mutex> guard(lock);
            come++;
            call_those_due();
        }
    }

    // Gives a lane whose call has ended the next one, if one is due.
    void finished(size_t i, uint64_t now) {
        if (o.rate == 0) return call(i, now);
        std::lock_guard<std::mutex> guard(lock);
        free_lanes.push_back(i);
        call_those_due();
    }

    // The latency counts from when the call was due, even if no lane was free then.
    void call_those_due() {
        for (; taken < come && !free_lanes.empty(); taken++) {
            const size_t i = free_lanes.back();
            free_lanes.pop_back();
            call(i, due(taken));
        }
    }

    void call(size_t i, uint64_t started) {
        Lane &lane = lanes[i];
        lane.started = started;
        lane.context = std::make_unique<grpc::ClientContext>();
        lane.reader = stub.PrepareUnaryCall(lane.context.get(), method(), requests[i % LETTERS], &queue);
        lane.reader->StartCall();
        lane.reader->Finish(&lane.answer, &lane.status, reinterpret_cast<void *>(i));
    }

    const std::string &method() const {
        static const std::string upper = "/Text/Upper", echo = "/Text/Echo";
        return o.is_echo ? echo : upper;
    }

    void check(size_t i) {
        if (!lanes[i].status.ok()) fail(lanes[i].status.error_message().c_str());
        std::vector<grpc::Slice> slices;
        lanes[i].answer.Dump(&slices);
        const std::string &wanted = expected[i % LETTERS];
        size_t at = 0;
        for (auto &slice : slices) {
            if (at + slice.size() > wanted.size() || memcmp(wanted.data() + at, slice.begin(), slice.size()))
                fail("an answer with the wrong content");
            at += slice.size();
        }
        if (at != wanted.size()) fail("an answer that is too short");
    }

    const options o;
    std::vector<Lane> lanes;
    grpc::GenericStub stub;
    grpc::CompletionQueue queue;
    std::vector<grpc::ByteBuffer> requests;
    std::vector<std::string> expected;
    uint64_t start = 0;

    // For an open loop: how many calls are due by the schedule, how many of them were made, and which lanes are free.
    std::mutex lock;
    uint64_t come = 0, taken = 0;
    std::vector<size_t> free_lanes;
};

int main(int argc, char **argv) { Client(parse(argc, argv)).run(); }
