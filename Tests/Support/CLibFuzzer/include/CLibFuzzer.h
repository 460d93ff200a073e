#include <stddef.h>
#include <stdint.h>

/// What libFuzzer calls with each input.
typedef int (*FuzzedFunction)(const uint8_t *input, size_t count);

/// Runs libFuzzer with the arguments of a command line. It usually ends the process.
///
/// - Returns: An exit status, or -1 if libFuzzer is not part of this build.
int run_libfuzzer(int count, char **arguments, FuzzedFunction function);
