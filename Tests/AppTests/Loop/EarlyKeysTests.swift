import Dispatch
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import Testing

@testable import RopewalkApp

/// What is pressed before there are tokens waits for them.
@Suite struct EarlyKeysTests {
    /// The program whose text is not there before it is let go, and the message that it is.
    private func loop(_ gate: DispatchSemaphore) -> AppLoop {
        var inputs = Samples.inputs()
        inputs.loadText = {
            gate.wait()
            return try SourceText(Samples.prose, name: "alice.txt")
        }
        return AppLoop(state: AppState(size: Size(width: 120, height: 40)), inputs: inputs, wake: {})
    }

    private func press(_ loop: inout AppLoop, _ names: String) throws -> AppLoop.Request? {
        var last: AppLoop.Request?
        for step in try KeyScript(parsing: names).steps {
            if case .event(let event) = step { last = loop.handle(event) }
        }
        return last
    }

    /// Until there are tokens and keys have been played.
    private func settle(_ loop: inout AppLoop) async throws {
        for _ in 0..<600 where !loop.state.isOpen || loop.state.waitingKeys > 0 {
            _ = loop.drainMessages()
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func keysArePlayedWhenTheTextIsThere() async throws {
        let gate = DispatchSemaphore(value: 0)
        var loop = loop(gate)
        defer { loop.stop() }
        _ = try press(&loop, "l l l Enter")
        #expect(loop.state.waitingKeys == 4 && loop.state.focus.cursor == 0)
        #expect(loop.frame().lines.last?.contains("4 keys wait for the text") == true)
        gate.signal()
        try await settle(&loop)
        #expect(loop.state.focus.cursor == 3 && loop.state.focus.anchor == .token(3))
        #expect(loop.state.waitingKeys == 0)
    }

    @Test func leavingIsNotKeptAndEscapeForgets() throws {
        let gate = DispatchSemaphore(value: 0)
        var loop = loop(gate)
        defer {
            gate.signal()
            loop.stop()
        }
        // What needs no tokens acts at once.
        _ = try press(&loop, "?")
        #expect(loop.state.overlay == .help(top: 0))
        _ = try press(&loop, "Escape l")
        #expect(loop.state.waitingKeys == 1)
        _ = try press(&loop, "Escape")
        #expect(loop.state.waitingKeys == 0)
        let request = try press(&loop, "l q")
        #expect(request == .quit)
    }
}
