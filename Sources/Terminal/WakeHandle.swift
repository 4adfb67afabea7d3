import CRopewalkTerminal
import Glibc

/// Wakes the loop that waits for input, from any thread, any number of times.
package final class WakeHandle: Sendable {
    /// The end to poll and drain.
    let readEnd: Int32
    /// The end that signal handlers and `wake` write to.
    let writeEnd: Int32

    init() throws(TerminalError) {
        var ends: [Int32] = [-1, -1]
        guard terminal_pipe(&ends) else {
            throw .systemCall(name: "pipe", errno: errno)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Makes a pending or the next wait return.
    ///
    /// A full pipe is as good as a byte more: somebody will wake up.
    package func wake() {
        var byte: UInt8 = 0
        _ = write(writeEnd, &byte, 1)
    }

    /// Forgets all calls of `wake` so far.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(readEnd, &bytes, bytes.count) > 0 {}
    }
}
