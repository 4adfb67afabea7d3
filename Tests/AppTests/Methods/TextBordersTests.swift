import RopewalkDocuments
import RopewalkMethods
import Testing

@testable import RopewalkApp

/// Methods whose borders are the sentences and paragraphs of the open text.
struct TextBordersTests {
    private func ask(_ state: inout AppState, _ actions: String...) throws {
        for action in actions { state.take(.asked(try Action(parsing: action))) }
    }

    @Test func aMethodTakesTheSentencesOfTheText() throws {
        var state = try Samples.stateWithModel()
        try ask(&state, "method hibert:level=1")
        let document = try #require(state.sources.document.value)
        let sentences = document.tokens(ofParts: .sentence, below: document.tokenCount)
        let window = try #require(state.scenario.windows.first as? Hibert)
        #expect(window.borders?.starts == [0] + sentences.dropFirst().map(\.lowerBound) && sentences.count > 1)
        #expect(state.scenario.specs == ["hibert:level=1,unit=sentence,longest=0,most=0"])
        #expect(state.notice?.isRefusal != true)
        // A number that is changed leaves the borders there.
        try ask(&state, "parameter.step +1")
        #expect((state.scenario.windows.first as? Hibert)?.level == 2)
        #expect((state.scenario.windows.first as? Hibert)?.borders == window.borders)
        // The menu takes it too.
        try state.press("m Escape")
        #expect((state.scenario.windows.first as? Hibert)?.borders == window.borders)
    }

    @Test func paragraphsAreCountedFromWhereReadingBegins() throws {
        let document = try #require(try Samples.stateWithModel().sources.document.value)
        let all = try #require(document.borders(of: .sentence))
        let later = try #require(document.borders(of: .sentence, from: all.starts[1] + 1))
        #expect(later.starts == [0] + all.starts.dropFirst(2).map { $0 - all.starts[1] - 1 })
        #expect(document.borders(of: [.paragraph])[.paragraph] == document.borders(of: .paragraph))
    }

    /// A text that is not read yet refuses nothing; tokens alone refuse by name.
    @Test func beforeThereIsATextNothingIsRefused() throws {
        let state = try Samples.state()
        let scenario = try Scenario(parsing: ["hibert", "part-means"])
        #expect(state.bound(scenario).problem(tokens: 20) == nil)
        #expect(scenario.problem(tokens: 20)?.contains("takes the sentences of a text") == true)
    }

    /// What the run reads is what the text has: a sentence sees nothing of another one.
    @Test func theRunStaysInsideOfSentences() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "method hibert:level=1; method.run"))
        let lens = try #require(player.state.lens)
        let borders = try #require((player.state.scenario.windows.first as? Hibert)?.borders)
        #expect(lens.basis == .exact)
        let start = try #require(borders.starts.dropFirst().first)
        let row = try #require(lens.row(layer: 1, head: 0, query: start)).weights
        #expect(row.indices.filter { row[$0] > 0 } == [start])
        let last = try #require(lens.row(layer: 1, head: 0, query: start - 1)).weights
        #expect(last.indices.allSatisfy { last[$0] > 0 })
    }
}
