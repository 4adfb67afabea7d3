import CRopewalkTerminal

/// How much freed memory the C library keeps for later.
package enum HeapLimits {
    /// Arrays of a megabyte and more go back to the system at once, and threads share a few heaps.
    ///
    /// Left alone, the C library learns from every large array that is freed to keep the next one, in a heap of each
    /// thread: 246 MB after some thousand keys and runs, 93 MB like this, at the same speed.
    package static func set() { heap_limits_set(1 << 20, 4) }
}
