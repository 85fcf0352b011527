import CMalloc

/// How the C library's allocator treats freed memory.
///
/// By default it gives the top of the heap back to the system whenever 128 KiB of it are free. A batch frees more than that,
/// and the next one takes it again: a call of the system for nearly every comment, and a page fault for every page. So a
/// server keeps a little of what it had.
enum Allocation {
    /// Octets of the heap's top that may stay free, and by how much it grows at a time.
    private static let kept: Int32 = 16 * 1_048_576
    private static let growth: Int32 = 1_048_576

    /// Called once, before the server starts its threads.
    static func keepFreedMemory() {
        mallopt(M_TRIM_THRESHOLD, kept)
        mallopt(M_TOP_PAD, growth)
    }
}
