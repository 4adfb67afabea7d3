import Synchronization

/// Messages from other threads, waiting for the loop.
package final class Mailbox: Sendable {
    private let waiting = Mutex<[Message]>([])
    private let wake: @Sendable () -> Void

    /// - Parameter wake: Called after every message, on the thread that posted it.
    package init(wake: @escaping @Sendable () -> Void = {}) {
        self.wake = wake
    }

    package func post(_ message: Message) {
        waiting.withLock { $0.append(message) }
        wake()
    }

    /// All messages so far, oldest first.
    package func takeAll() -> [Message] {
        waiting.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
