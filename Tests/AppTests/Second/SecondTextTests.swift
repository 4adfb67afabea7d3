import RopewalkCellGrid
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// The text with the attention of a second model on it, and where that ends.
@Suite struct SecondTextTests {
    private func row(_ state: AppState) -> [Float] {
        var answers = Answers()
        answers.begin(state)
        return state.textSight.row(&answers)?.weights ?? []
    }

    @Test func aKeyPaintsTheOthersAttention() throws {
        var player = try SecondSamples.player(width: 160)
        let first = player.frame()
        #expect(first.lines.contains { $0.contains("[1] Text") && $0.contains(" books-4m L3 H7 · log ") })
        let own = row(player.state)
        player.play(try KeyScript(parsing: "V"))
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("[1] Text") && $0.contains(" books-4m-direct-2k L3 H7 · log ") })
        #expect(row(player.state) != own)
        #expect(row(player.state) == player.state.secondLens?.row(layer: 3, head: 7, query: 64)?.weights)
        // What the other panels show stays the first model's.
        #expect(player.state.sight.place?.basis.isSecond == false)
        player.play(try KeyScript(parsing: "V"))
        let isFirst = player.frame() == first
        #expect(isFirst)
    }

    /// The cost of the next token is that of the model whose attention is painted.
    @Test func theBorderSaysWhatTheSecondLost() throws {
        var player = try SecondSamples.player(width: 160)
        player.play(try ActionScript(parsing: "text.model second; goto token 90"))
        let recording = try #require(player.state.second?.recording)
        let (chunk, row) = try #require(recording.place(of: 90))
        let cost = Figures.fixed(Double(chunk.negativeLogLikelihood[row]), 2)
        let own = try #require(player.state.runs.kept.plain?.main?.place(of: 90))
        #expect(cost != Figures.fixed(Double(own.chunk.negativeLogLikelihood[own.row]), 2))
        #expect(player.frame().lines.contains { $0.contains("cursor 90") && $0.contains(" cost \(cost)") })
    }

    /// Against the rows of PEFT's merged model, and of the model without its adapter.
    @Test(arguments: [("V V", "merged_attention"), ("V", "plain_attention")])
    func theRowIsThatOfItsModel(keys: String, tensor: String) throws {
        let folder = "adapters/llama"
        let (ids, file) = try SecondSamples.expected(folder)
        var player = try SecondSamples.adapted(folder, adapter: folder + "/adapter", beside: folder, ids: ids)
        player.play(try ActionScript(parsing: "head 1.1; goto token 15"))
        player.play(try KeyScript(parsing: keys))
        let expected = try file.floats(tensor)[(20 + 15) * 20..<(20 + 15) * 20 + 16]
        let differences = zip(row(player.state), expected).map { abs($0 - $1) }
        #expect(differences.count == 16 && differences.max() ?? 1 < 1e-5)
    }

    @Test func whereThereIsNoneTheKeySaysWhy() throws {
        var state = try Samples.stateWithModel()
        try state.press("V")
        #expect(state.notice?.text.contains("there is no model beside") == true)
        let player = try SecondSamples.player(keys: "V", beside: SecondSamples.other)
        #expect(player.state.notice?.text.contains("other tokens") == true && !player.state.showsSecondText)
    }

    @Test func learnedPlacesThatEndAreSaid() throws {
        var player = try SecondSamples.adapted("hf/llama_tied", adapter: nil, beside: "hf/gpt2")
        let why = "the model has learned positions for 40 tokens"
        #expect(player.state.notice?.text == "gpt2 reads the first 40 of 60 tokens: \(why)")
        player.play(try KeyScript(parsing: ": text:39 Enter V"))
        #expect(row(player.state).count == 40 && player.state.textHint == nil)
        player.play(try KeyScript(parsing: "l"))
        #expect(row(player.state).isEmpty)
        #expect(player.state.textHint == "gpt2 has read 40 tokens: \(why)")
        #expect(player.frame().lines.contains { $0.contains("gpt2 has read 40 tokens: ") })
    }

    @Test func memoryThatEndsIsSaid() throws {
        var state = try SecondSamples.loaded()
        _ = state.update(.run(.finished(try SecondSamples.recording(state))))
        let run = try #require(state.second?.run)
        let count = state.tokenCount
        _ = state.update(.second(.run(run, .limited(tokens: 30, wanted: count))))
        #expect(state.notice?.text.contains("memory has room for 30 of \(count) tokens of books-4m") == true)
        let part = try SecondSamples.recording(state, tokens: 30)
        let effects = state.update(.second(.run(run, .finished(part))))
        #expect(!effects.map(\.label).contains("readBeside"), "what memory allows is not tried again")
        try state.press("V : text:29 Enter")
        #expect(row(state).count == 30 && state.textHint == nil)
        try state.press("l")
        #expect(state.textHint == "books-4m has read 30 tokens: memory has room for no more")
    }
}
