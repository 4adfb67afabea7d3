import RopewalkCellGrid
import RopewalkModels
import Testing

@testable import RopewalkApp

/// The first tokens that are shown ahead of the first chunk.
@Suite struct BegunTests {
    @Test func theyAreCountedAsRead() throws {
        var state = try Samples.stateWithModel()
        let ids = try #require(state.sources.document.value).ids
        let recorder = Recorder(model: try Samples.model.get(), threads: 1)
        let beginning = try #require(recorder.beginning(of: ModelInputs(ids: ids), slowFrom: 0))
        #expect(state.runs.running?.percent == 0)
        _ = state.update(.run(.begun(beginning)))
        let percent = 100 * Recorder.beginning / ids.count
        #expect(state.runs.running?.percent == percent && percent > 0)
        #expect(state.draw().lines[0].contains("reading \(percent) %"))
        try state.press("G")
        #expect(state.draw().lines.contains { $0.contains("is not read yet: 96 tokens are.") })
    }
}
