import CRopewalkKernels

/// What was freed and is kept for later.
package enum FreedMemory {
    /// Some milliseconds, during which other threads wait for memory: for the end of longer work.
    package static func giveBack() { ck_return_memory() }
}
