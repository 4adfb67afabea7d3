import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// A model that is shown beside the first one, once it is known to read the same tokens.
package struct SecondModel: Equatable, Sendable {
    package internal(set) var model = Loading<Model>.loading
    /// The text in its own tokens; nil where they are the first model's.
    var ownTokens: Loading<Document>?
    /// Whether it has the first model's tokens for any text, as the model without its adapter.
    var hasSameTokens = false
    /// What its runs over the text have left behind.
    package internal(set) var kept = KeptRuns()
    /// These under the scenario.
    var lenses = ScenarioLenses()
    /// The run that has not ended; nil where there is none.
    package internal(set) var running: RunProgress?
    /// Of the last run that was started; what an earlier one reports is of another model, or comes too late.
    private(set) var run: Int
    /// The scenario whose run has failed: it is not tried again.
    var failed: Scenario?
    /// Whose attention the text shows.
    package internal(set) var reader = TextReader.first
    /// Why it reads no more tokens than it does; nil where it reads as many as the first model.
    var end: String?
    /// The model until it is known whether it has the same tokens.
    var candidate = Loading<Model>.loading

    /// - Parameter replaced: what stood there before, whose run may still report.
    package init(replacing replaced: SecondModel? = nil) { run = replaced?.run ?? 0 }

    /// The number of a run that begins.
    mutating func begin(_ scenario: Scenario, tokens: Int) -> Int {
        running = RunProgress(scenario: scenario, total: tokens)
        run += 1
        return run
    }

    /// A run that goes on reports to nobody.
    mutating func forgetRun() {
        run += 1
        running = nil
    }

    /// What its run with its own scenario has left behind.
    package var recording: Recording? { kept.plain?.main }

    /// The model, where it reads the first one's tokens.
    var tokenByToken: Model? { ownTokens == nil ? model.value : nil }

    /// Keeps the longer recording of the same scenario.
    mutating func keep(_ run: Recordings) {
        guard let model = model.value else { return }
        let tokens = run.main?.tokens ?? 0
        if run.scenario == model.defaultScenario {
            if kept.plain?.main?.tokens ?? 0 <= tokens { kept.plain = run }
        } else if kept.exact?.scenario != run.scenario || kept.exact?.main?.tokens ?? 0 <= tokens {
            kept.exact = run
        }
    }

    /// Whether every part of the model has read all that a run was asked for.
    func isComplete(_ run: Recordings?) -> Bool {
        guard let run, let kinds = model.value?.kinds, !kinds.isEmpty else { return false }
        return kinds.allSatisfy { run[$0]?.isComplete == true }
    }
}
