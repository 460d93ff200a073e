#include "CLibFuzzer.h"

__attribute__((weak)) int LLVMFuzzerRunDriver(int *count, char ***arguments, FuzzedFunction function);

int run_libfuzzer(int count, char **arguments, FuzzedFunction function) {
    return LLVMFuzzerRunDriver ? LLVMFuzzerRunDriver(&count, &arguments, function) : -1;
}

// libFuzzer's own main function wants it. It never runs, because the driver has a main function, too.
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count) { return 0; }
