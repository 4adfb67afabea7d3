import Glibc
import RopewalkCellGrid

extension TerminalScreen {
    /// Takes the terminal over, and asks what its background is; nobody waits for the answer.
    func enter() {
        isConnected = device.write(capabilities.enter)
        groundDeadline = capabilities.tellsGround ? .now + .seconds(GroundReport.patience) : nil
    }

    /// The next event that is there; what is said of the background only where it was asked for, and in time.
    func nextOfKeys() -> InputEvent? {
        keys.awaitsAnswer = groundDeadline.map { $0 + .seconds(GroundReport.latest) > .now } ?? false
        while let event = keys.next() {
            guard case .ground = event else { return event }
            let deadline = groundDeadline
            groundDeadline = nil
            if let deadline, deadline > .now { return event }
        }
        return nil
    }

    /// Waits a moment for an answer that is still on its way: after the end of the program it would be keys for a shell.
    func awaitGround() {
        guard isConnected, let groundDeadline, groundDeadline > .now else { return }
        var source = pollfd(fd: device.input, events: Int16(POLLIN), revents: 0)
        while self.groundDeadline != nil, poll(&source, 1, GroundReport.lastPatience) > 0, isConnected {
            if nextOfKeys() == nil, keys.hasEnded { return }
        }
    }
}
