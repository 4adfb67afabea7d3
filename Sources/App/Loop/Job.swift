import Dispatch
import RopewalkModels

/// What an effect comes to: work, and where it waits for its turn in the background.
struct Job: Sendable {
    /// Nil: it takes no time, and is done at once.
    let queue: DispatchQueue?
    /// How long it waits, in the background alone.
    let delay: DispatchTimeInterval
    let work: @Sendable () -> Void
    /// What goes on from there, in the background alone.
    let afterwards: @Sendable () -> Void

    init(
        on queue: DispatchQueue? = nil, after delay: DispatchTimeInterval = .never,
        afterwards: @escaping @Sendable () -> Void = {}, _ work: @escaping @Sendable () -> Void
    ) {
        self.queue = queue
        self.delay = delay
        self.work = work
        self.afterwards = afterwards
    }

    /// Returns at once.
    func start() {
        guard let queue else { return work() }
        let all: @Sendable () -> Void = {
            BackgroundWork.run(work)
            afterwards()
        }
        if delay == .never {
            queue.async(execute: all)
        } else {
            queue.asyncAfter(deadline: .now() + delay, execute: all)
        }
    }
}
