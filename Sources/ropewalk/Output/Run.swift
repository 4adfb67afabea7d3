import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

/// A run over a whole text with its progress on standard error.
struct Run {
    let model: Model
    let scenario: Scenario
    let threads: Int
    var keepsStates = false
    /// A run with states whose inputs every block reads; nil for a run by itself.
    var inputsOf: Recording?

    func record(_ ids: [Int32]) throws(ModelError) -> Recording {
        guard let main = try record(ModelInputs(ids: ids)).main else { throw .noTokens }
        return main
    }

    func record(_ inputs: ModelInputs) throws(ModelError) -> Recordings {
        let progress = ProgressLine(say("reading"))
        defer { progress.clear() }
        MemoryReport.note("running the model over \(inputs.ids.count.grouped) tokens")
        var recorder = Recorder(model: model, scenario: scenario, threads: threads, keepsStates: keepsStates)
        recorder.inputsOf = inputsOf
        return try recorder.record(inputs) { recordings in
            if let main = recordings.main { progress.show(main.tokens, of: main.ids.count) }
            return true
        }
    }
}
