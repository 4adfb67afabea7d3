import Methods
import Models

/// A run over a whole text with its progress on standard error.
struct Run {
    let model: Model
    let scenario: Scenario
    let threads: Int
    var keepsStates = false

    func record(_ ids: [Int32]) throws(ModelError) -> Recording {
        let progress = ProgressLine("reading")
        defer { progress.clear() }
        let recorder = Recorder(model: model, scenario: scenario, threads: threads, keepsStates: keepsStates)
        return try recorder.record(
            ids,
            progress: { recording in
                progress.show(recording.tokens, of: recording.ids.count)
                return true
            })
    }
}
