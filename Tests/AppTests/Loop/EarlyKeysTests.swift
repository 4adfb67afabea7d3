import Dispatch
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
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
        for _ in 0..<6_000 where !loop.state.isOpen || loop.state.waitingKeys > 0 || loop.state.runs.awaitsCircuits {
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

    /// A place that is typed before there are tokens is gone to when they are there; until then the line says that it waits.
    @Test func aTypedPlaceWaits() async throws {
        let gate = DispatchSemaphore(value: 0)
        var loop = loop(gate)
        defer { loop.stop() }
        _ = try press(&loop, ": text:50% Enter")
        #expect(loop.state.waitingKeys == 1)
        #expect(loop.frame().lines.last?.contains("1 key waits for the text") == true)
        gate.signal()
        try await settle(&loop)
        #expect(loop.state.focus.cursor == (loop.state.tokenCount - 1) / 2 && loop.state.overlay == nil)
        // An action that needs no tokens acts at once.
        let other = DispatchSemaphore(value: 0)
        var second = self.loop(other)
        defer {
            other.signal()
            second.stop()
        }
        _ = try press(&second, ": text:\"colours magma\" Enter")
        #expect(second.state.waitingKeys == 0 && second.state.appearance.colourMap == .magma)
    }

    /// Steps through layers and heads count from those that are shown first, whenever they were pressed.
    @Test(arguments: ["[", "{", "[ {"]) func stepsCountFromWhatIsShownFirst(_ keys: String) async throws {
        let gate = DispatchSemaphore(value: 0)
        var early = loop(gate)
        defer { early.stop() }
        for _ in 0..<200 where early.state.sources.model.value == nil {
            _ = early.drainMessages()
            try await Task.sleep(for: .milliseconds(10))
        }
        _ = try press(&early, keys)
        gate.signal()
        try await settle(&early)
        var late = try Samples.player()
        late.play(try KeyScript(parsing: keys))
        #expect(early.state.head == late.state.head && early.state.head != HeadIndex(layer: 0, head: 0))
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
