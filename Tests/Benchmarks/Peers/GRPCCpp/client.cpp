// The load generator on gRPC for C++: one channel, one completion queue, one thread.
#include <algorithm>
#include <memory>
#include <string>
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
        const uint64_t start = now_ns(), begin = start + uint64_t(o.warmup * 1e9), end = begin + uint64_t(o.seconds * 1e9);
        std::vector<size_t> free_lanes;
        uint64_t due = 0, now = start;
        auto histogram = std::make_unique<struct histogram>();
        for (size_t i = 0; i < lanes.size(); i++) {
            if (o.rate > 0) free_lanes.push_back(i);
            else call(i, now_ns());
        }
        for (bool has_begun = false; now < end;) {
            auto due_at = [&] { return start + uint64_t(double(due) * 1e9 / o.rate); };
            // The latency counts from when the call should have been made, also if no lane was free then.
            for (; o.rate > 0 && !free_lanes.empty() && due_at() <= now_ns(); due++) {
                call(free_lanes.back(), due_at());
                free_lanes.pop_back();
            }
            void *tag;
            bool is_good;
            uint64_t wait = o.rate > 0 && !free_lanes.empty() ? due_at() - std::min(due_at(), now_ns()) : 5000000000;
            auto deadline = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(int64_t(wait), GPR_TIMESPAN));
            auto next = queue.AsyncNext(&tag, &is_good, deadline);
            now = now_ns();
            if (next == grpc::CompletionQueue::GOT_EVENT) {
                size_t i = reinterpret_cast<size_t>(tag);
                check(i);
                if (now >= begin && now < end) record(histogram.get(), now - lanes[i].started);
                if (o.rate > 0) free_lanes.push_back(i);
                else call(i, now);
            } else if (wait == 5000000000) {
                fail("no answer for five seconds");
            }
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
};

int main(int argc, char **argv) { Client(parse(argc, argv)).run(); }
