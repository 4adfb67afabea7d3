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

    func record(_ ids: [Int32]) throws(ModelError) -> Recording {
        guard let main = try record(ModelInputs(ids: ids)).main else { throw .noTokens }
        return main
    }

    func record(_ inputs: ModelInputs) throws(ModelError) -> Recordings {
        let progress = ProgressLine(say("reading"))
        defer { progress.clear() }
        MemoryReport.note("running the model over \(inputs.ids.count.grouped) tokens")
        let recorder = Recorder(model: model, scenario: scenario, threads: threads, keepsStates: keepsStates)
        return try recorder.record(inputs) { recordings in
            if let main = recordings.main { progress.show(main.tokens, of: main.ids.count) }
            return true
        }
    }
}
