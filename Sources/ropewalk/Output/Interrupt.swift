import Foundation
import Synchronization

/// Ctrl-C as a wish: what is going on is asked to end, so that what it has made so far is given out. A second one ends the
/// program as it would have without this.
enum Interrupt {
    private static let asked = Atomic(false)

    /// Takes the first Ctrl-C from here on.
    static func listen() {
        // Made before a handler needs it.
        asked.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in
            Interrupt.asked.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
        // Who started the program may have it blocked, and children inherit that.
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
    }

    /// Whether it has been pressed.
    static var isAsked: Bool { asked.load(ordering: .relaxed) }
}
