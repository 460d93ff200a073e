// The service on gRPC for C++: unary methods, one completion queue and one thread that serves it. A message is the
// bytes of its text, without Protobuf.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <unistd.h>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/async_unary_call.h>
#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/service_type.h>

class Texts final : public grpc::Service {
public:
    Texts() {
        for (int index : {0, 1}) {
            AddMethod(new grpc::internal::RpcServiceMethod(
                index == 0 ? "/Text/Upper" : "/Text/Echo", grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
            MarkMethodRaw(index);
        }
    }
    using grpc::Service::RequestAsyncUnary;
};

// Serves one call after another: waits for a request, then for its answer to be sent.
class Slot {
public:
    Slot(Texts *texts, int method, grpc::ServerCompletionQueue *queue) : texts(texts), queue(queue), method(method) {
        wait();
    }

    void proceed(bool is_good) {
        if (is_answered || !is_good) return wait();
        is_answered = true;
        writer->Finish(answer(), grpc::Status::OK, this);
    }

private:
    void wait() {
        is_answered = false;
        context = std::make_unique<grpc::ServerContext>();
        writer = std::make_unique<grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>>(context.get());
        texts->RequestAsyncUnary(method, context.get(), &request, writer.get(), queue, queue, this);
    }

    grpc::ByteBuffer answer() {
        if (method == 1) return request;
        std::vector<grpc::Slice> slices;
        request.Dump(&slices);
        for (auto &slice : slices) {
            grpc::Slice upper(slice.size());
            std::transform(slice.begin(), slice.end(), const_cast<uint8_t *>(upper.begin()), [](uint8_t c) {
                return c - ((c >= 'a') & (c <= 'z')) * 32;
            });
            slice = upper;
        }
        return grpc::ByteBuffer(slices.data(), slices.size());
    }

    Texts *texts;
    grpc::ServerCompletionQueue *queue;
    int method;
    bool is_answered = false;
    grpc::ByteBuffer request;
    std::unique_ptr<grpc::ServerContext> context;
    std::unique_ptr<grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>> writer;
};

int main() {
    int port = 0;
    Texts texts;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(-1);
    builder.RegisterService(&texts);
    auto queue = builder.AddCompletionQueue();
    auto server = builder.BuildAndStart();
    if (!server) return 1;
    std::vector<std::unique_ptr<Slot>> slots;
    for (int i = 0; i < 256; i++) slots.push_back(std::make_unique<Slot>(&texts, i % 2, queue.get()));
    std::printf("ready %d\n", port);
    std::fflush(stdout);
    std::thread([] {
        char byte;
        while (read(0, &byte, 1) > 0) {}
        _exit(0);
    }).detach();

    void *tag;
    bool is_good;
    while (queue->Next(&tag, &is_good)) static_cast<Slot *>(tag)->proceed(is_good);
}
