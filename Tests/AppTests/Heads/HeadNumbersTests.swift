import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews
import Testing

@testable import RopewalkApp

/// Heads by how far a method moves them, and by the loss without each.
@Suite struct HeadNumbersTests {
    private func shown(_ player: inout ScreenPlayer) -> String {
        FamilySamples.panel(.heads, of: &player).joined(separator: "\n")
    }

    @Test func aRunIsNoPreview() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "heads.by tv; panel.zoom"))
        #expect(shown(&player).contains("nothing to compare with"))
        player.play(try ActionScript(parsing: "method window:size=8; method.run"))
        let text = shown(&player)
        #expect(text.contains("the whole run, mean over 32 queries") && text.contains("by TV"))
        let model = try #require(player.state.sources.model.value)
        let plain = try #require(player.state.runs.kept.plain?.main)
        let exact = try #require(player.state.runs.kept.exact?.main)
        let grid = try #require(
            HeadGrid(
                HeadGrid.Side(model: model, recording: plain),
                HeadGrid.Side(model: model, recording: exact), queries: 32))
        let highest = try #require(grid.means(.tv).max())
        #expect(text.contains(Figures.weight(Float(highest))))
    }

    /// A key goes through the numbers and back to the measures; what was asked first stays in the list of actions.
    @Test func aKeyGoesThroughThemAll() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "panel focus heads"))
        for number in HeadNumber.allCases {
            player.play(try KeyScript(parsing: "t"))
            #expect(player.state.heads.order == number.order)
        }
        player.play(try KeyScript(parsing: "t"))
        #expect(player.state.heads.order == .measure(0))
    }

    @Test func theLossWithoutEachHeadIsMeasured() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "heads.by loss; panel.zoom"))
        let known = try #require(player.state.headAblation?.grid)
        #expect(known.isComplete && player.state.losses.ablating == nil)
        let model = try #require(player.state.sources.model.value)
        let plain = try Comparison(texts: [FamilySamples.ids], threads: 1).ablations(
            of: Comparison.Contender(model: model, scenario: player.state.scenario))
        #expect(known == plain)
        let text = shown(&player)
        #expect(text.contains("what the loss of 60 tokens") && text.contains("loss without"))
        let best = try #require(plain.headChanges.max())
        #expect(text.contains(Figures.signed(best, 4)))
        // An encoder predicts nothing.
        var bert = try FamilySamples.player("bert")
        bert.play(try ActionScript(parsing: "heads.by loss; panel.zoom"))
        #expect(bert.state.headAblation?.problem != nil && bert.state.losses.ablating == nil)
    }

    /// The tests of the chosen contender alone are read, as if their page were shown, and heads sorted by what they copy.
    @Test func headsAreSortedByWhatTheyCopy() throws {
        var player = try Samples.player(Size(width: 160, height: 50))
        player.play(try ActionScript(parsing: "heads.by copies; panel.zoom; wait"))
        #expect(player.refusals.isEmpty)
        let state = player.state
        let question = try #require(state.needleContenders.first.flatMap(state.needleQuestion))
        let answer = try #require(state.needles.answer(to: question))
        #expect(answer.isComplete && answer.problem == nil && state.needles.answers.count == 1)
        let shape = try #require(state.shape)
        // Seed by seed, in plain words.
        var seeds: [Int: [[Double]]] = [:]
        for (cell, outcome) in answer.outcomes {
            guard case .read(let result) = outcome, result.isFound, let copies = result.copies else { continue }
            seeds[cell.place.seed, default: []].append(
                copies.heads.map { Double($0?.hits ?? 0) / Double(copies.needleTokens) })
        }
        try #require(!seeds.isEmpty)
        let values = HeadCopies(state).values
        #expect(values.count == shape.layers * shape.heads)
        for head in values.indices {
            let means = seeds.values.map { prompts in
                prompts.reduce(0) { $0 + $1[head] } / Double(prompts.count)
            }
            #expect(abs(Double(values[head]) - means.reduce(0, +) / Double(means.count)) < 1e-6)
        }
        let text = shown(&player)
        #expect(HeadCopies(state).meaning.contains("(passkey), hits over its tokens: 15 of 15 prompts"))
        #expect(text.contains("answers copied from the needle"))
        let highest = try #require(values.max())
        #expect(text.contains("by retrieval") && text.contains(Figures.weight(highest)))
    }

    @Test func withoutATokenizerNothingIsCopied() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "heads.by copies; panel.zoom"))
        #expect(player.state.needles.running == nil && player.state.needles.answers.isEmpty)
        #expect(HeadCopies(player.state).values.isEmpty && HeadCopies(player.state).meaning.contains("tokenizer"))
    }
}
