import CAllocations

/// The seeds of a test with random sequences of events. Under a sanitizer, where each takes many times as long, a few
/// are enough: they run the same code, and what more of them find does not depend on the sanitizer.
func seeds(_ count: UInt64) -> Range<UInt64> {
    // Allocations can't be counted in a sanitized build.
    0..<(counted_allocations() < 0 ? min(count, 3) : count)
}
