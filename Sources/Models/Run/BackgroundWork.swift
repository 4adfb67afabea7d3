import RopewalkKernels

/// Work on a thread of a queue.
package enum BackgroundWork {
    /// Does it in a way in which a fault on that thread can still be told.
    package static func run(_ body: () -> Void) { HandlerStack.run(body) }
}
