import RopewalkCellGrid
import RopewalkDocuments
import RopewalkFormats
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// Two models over one text.
enum SecondSamples {
    static let tuned = Fixture.project.appendingPathComponent("samples/books-4m-direct-2k").path

    /// The sample model, and beside it one that is tuned from it or the one that is asked for.
    static func player(
        keys: String = "", width: Int = 120, height: Int = 40, depth: ColourDepth = .indexed256,
        beside: @escaping @Sendable () throws -> Model = { try Model(contentsOf: tuned) }
    ) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        inputs.loadBeside = beside
        var state = AppState(size: Size(width: width, height: height), depth: depth)
        state.second = SecondModel()
        var player = try ScreenPlayer(state: state, inputs: inputs)
        try player.play(KeyScript(parsing: keys))
        return player
    }

    /// A model whose tokens are others than the sample model's.
    static func other() throws -> Model { try Model(contentsOf: Fixture.path("gguf/small_bpe_Q8_0/model.gguf")) }

    /// The sample model beside itself, loaded, and nothing read.
    static func loaded() throws -> AppState {
        var state = try Samples.stateWithModel()
        state.second = SecondModel()
        _ = state.update(.second(.loaded(try Samples.model.get(), hasSameTokens: true)))
        return state
    }

    /// What the sample model makes of the first tokens of a state, of all where no number is given.
    static func recording(_ state: AppState, tokens: Int = .max) throws -> Recordings {
        let ids = try #require(state.sources.document.value?.ids)
        return try Recorder(model: Samples.model.get(), threads: 1).record(ModelInputs(ids: Array(ids.prefix(tokens))))
    }

    /// What other libraries make of a model with an adapter and without: the tokens, and the tensors.
    static func expected(_ folder: String) throws -> (ids: [Int32], file: SafetensorsFile) {
        let file = try SafetensorsFile(contentsOf: Fixture.path("\(folder)/expected.safetensors"))
        return (try #require(file.integers(of: "input_ids")).map { Int32($0) }, file)
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
