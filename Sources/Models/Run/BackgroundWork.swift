import RopewalkKernels

/// Work on a thread of a queue.
package enum BackgroundWork {
    /// Does it in a way in which a fault on that thread can still be told, and keeps nothing of what it freed: every
    /// thread has a heap of its own, which otherwise stays as large as it ever was.
    package static func run(_ body: () -> Void) {
        HandlerStack.run(body)
        FreedMemory.giveBack()
    }
}
