import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import TestSupport

@testable import RopewalkApp

/// Two models over one text.
enum SecondSamples {
    static let tuned = Fixture.project.appendingPathComponent("samples/books-4m-direct-2k").path

    static func player(keys: String = "", width: Int = 120, height: Int = 40, depth: ColourDepth = .indexed256) throws
        -> ScreenPlayer
    {
        var inputs = Samples.inputs()
        inputs.loadBeside = { try Model(contentsOf: tuned) }
        var state = AppState(size: Size(width: width, height: height), depth: depth)
        state.second = SecondModel()
        var player = try ScreenPlayer(state: state, inputs: inputs)
        try player.play(KeyScript(parsing: keys))
        return player
    }

    /// A small model with an adapter or none over its tokens, and beside it the one that is asked for.
    static func adapted(
        _ name: String, adapter: String?, beside: String, keys: String = "",
        ids: [Int32] = FamilySamples.ids.map { $0 % 45 }
    ) throws -> ScreenPlayer {
        @Sendable func load(_ name: String, _ adapter: String?) throws -> Model {
            try Model(contentsOf: Fixture.path(name), adapter: adapter.map { Fixture.path($0) }, needsTokenizer: false)
        }
        var inputs = ProgramInputs(
            loadText: { try Document(ids: ids, tokenizer: nil).text },
            loadModel: { try load(name, adapter) },
            tokenise: { _, _ in try Document(ids: ids, tokenizer: nil) }, threads: 1)
        inputs.loadBeside = { try load(beside, nil) }
        inputs.besideHasSameTokens = true
        var state = AppState(size: Size(width: 120, height: 40))
        state.second = SecondModel()
        var player = try ScreenPlayer(state: state, inputs: inputs)
        try player.play(KeyScript(parsing: keys))
        return player
    }
}
