import Synchronization

/// Tells a run on another thread to stop.
final class CancelFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }

    func raise() { raised.store(true, ordering: .relaxed) }
}

/// Work of which only the last that was asked for goes on.
final class Turn: Sendable {
    private let current = Mutex<CancelFlag?>(nil)

    /// Stops what is in progress.
    func cancel() {
        current.withLock { $0?.raise() }
    }

    /// Stops what is in progress and gives the next its flag.
    func take() -> CancelFlag {
        let flag = CancelFlag()
        current.withLock {
            $0?.raise()
            $0 = flag
        }
        return flag
    }
}
