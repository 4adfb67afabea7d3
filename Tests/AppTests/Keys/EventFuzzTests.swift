import RopewalkCellGrid
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkApp

/// Whatever happens in whatever order: nothing traps, and every frame has the size of the screen.
@Suite struct EventFuzzTests {
    /// SplitMix64 with a fixed seed, so that a failure comes again.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let keys: [Key] =
        KeyMap.bindings.flatMap(\.keys) + (0...9).map { .character(Character("\($0)")) }
        + [
            .character("%"), .character("."), .character("R"), .backspace, .delete, .insert, .function(5),
            .control("x"),
        ]

    private func event(_ dice: inout Dice, size: Size) -> InputEvent {
        switch Int.random(in: 0..<20, using: &dice) {
        case 0:
            let sizes = [0, 1, 5, 24, 39, 40, 41, 60, 80, 100, 120, 150, 200]
            if Int.random(in: 0..<4, using: &dice) == 0 {
                return .resize(Bool.random(using: &dice) ? Size(width: 1, height: 1) : Size(width: 1000, height: 300))
            }
            return .resize(
                Size(width: sizes.randomElement(using: &dice) ?? 0, height: sizes.randomElement(using: &dice) ?? 0))
        case 1...4:
            let actions: [Mouse.Action] = [.press, .doublePress, .secondaryPress, .wheelUp, .wheelDown]
            return .mouse(
                Mouse(
                    action: actions.randomElement(using: &dice) ?? .press,
                    x: Int.random(in: -1...size.width, using: &dice), y: Int.random(in: -1...size.height, using: &dice))
            )
        default: return .key(Self.keys.randomElement(using: &dice) ?? .enter)
        }
    }

    private func run(_ state: AppState, events: Int, seed: UInt64, drawingEvery: Int) throws {
        var state = state
        var dice = Dice(state: seed)
        var answers = Answers()
        for step in 0..<events {
            state.take(Message(event(&dice, size: state.size)))
            if step % drawingEvery == 0 {
                let grid = answers.frame(of: state)
                try #require(grid.size == state.size)
                try #require(grid.cells.count == state.size.width * state.size.height)
            }
            #expect(state.tokenCount == 0 || (0..<state.tokenCount).contains(state.focus.cursor))
        }
    }

    @Test func withTextAndTokens() throws {
        try run(try Samples.state(), events: 2_000, seed: 1, drawingEvery: 3)
    }

    @Test func whileNothingIsLoaded() throws {
        try run(AppState(size: Size(width: 80, height: 24)), events: 1_000, seed: 2, drawingEvery: 3)
        try run(try Samples.state(text: ""), events: 1_000, seed: 3, drawingEvery: 3)
    }

    @Test func withARecording() throws {
        var state = try Samples.stateWithModel()
        let recording = try Recorder(model: Samples.model.get(), threads: 1)
            .record(ModelInputs(ids: Samples.document().ids))
        _ = state.update(.run(.finished(recording)))
        try run(state, events: 2_000, seed: 4, drawingEvery: 10)
    }

    @Test(arguments: ["bert", "t5", "mixtral", "bloom", "gemma3"]) func withEveryFamily(name: String) throws {
        try run(FamilySamples.player(name).state, events: 600, seed: 5, drawingEvery: 10)
    }
}
