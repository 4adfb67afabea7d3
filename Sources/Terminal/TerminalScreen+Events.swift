import CRopewalkNCurses
import CRopewalkTerminal
import Glibc
import RopewalkCellGrid

extension TerminalScreen {
    /// The next thing that the user did; nil when `timeout` (seconds) is over or `wake` was called.
    ///
    /// - Parameter timeout: 0 returns at once, nil waits as long as it takes.
    package func nextEvent(timeout: Double?) -> InputEvent? {
        if let event = pendingEvent() { return event }
        guard isConnected else { return nil }
        // What is unfinished, as Escape that may begin a sequence, does not wait for long.
        let patience = keys.patience
        let isPatient = patience.map { (timeout ?? .infinity) < $0 } ?? true
        guard waitForInput(timeout: isPatient ? timeout : patience) else {
            return isPatient ? nil : keys.next(isPatient: false)
        }
        return pendingEvent()
    }

    /// Everything that has happened, at most 256 events; of a burst of resizes only the last, so that one frame answers it.
    ///
    /// Empty when `timeout` is over or `wake` was called.
    package func events(timeout: Double?) -> [InputEvent] {
        var events: [InputEvent] = []
        var next = nextEvent(timeout: timeout)
        while let event = next, events.count < 256 {
            if case .resize = event, case .resize = events.last { events.removeLast() }
            events.append(event)
            next = events.count < 256 ? pendingEvent() : nil
        }
        return events
    }

    private func pendingEvent() -> InputEvent? {
        let wasContinued = terminal_guard_take_continued()
        let wasResized = terminal_guard_take_resized()
        if wasContinued {
            resume()
            return .resize(size)
        }
        if wasResized, let newSize = device.size, newSize != size {
            adopt(newSize)
            return .resize(newSize)
        }
        let event = nextOfKeys()
        if keys.hasEnded { isConnected = false }
        return event
    }

    /// True where a key or a signal may be there.
    private func waitForInput(timeout: Double?) -> Bool {
        var sources = [
            pollfd(fd: device.input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeHandle.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = timeout.map { Int32(max(0, min($0 * 1000, 1e9)).rounded(.up)) } ?? -1
        let ready = poll(&sources, 2, milliseconds)
        if ready < 0 { return errno == EINTR }
        if sources[1].revents != 0 { wakeHandle.drain() }
        let input = Int32(sources[0].revents)
        // Not only where no input is left: end of file counts as input, and would be polled for ever.
        if input & (POLLHUP | POLLERR | POLLNVAL) != 0 { isConnected = false }
        return ready > 0
    }
}
