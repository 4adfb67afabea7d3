import RopewalkMethods
import RopewalkModels

/// Reads the prompts of a plan, one after the other.
package struct NeedleRun: Sendable {
    package let plan: NeedlePlan
    package let haystack: Haystack
    package let model: Model
    /// By the lines of the plan.
    let scenarios: [String: Scenario]
    package var borders: NeedleStory.Borders?
    package var choices = 0
    package var threads = 0
    /// Asked before every layer.
    package var isCancelled: @Sendable () -> Bool = { Task.isCancelled }

    /// - Parameter scenarios: the methods
    package init(
        tasks: [NeedleTask], scenarios: [Scenario], lengths: [Int], depths: [Int], seeds: [Int], haystack: Haystack,
        model: Model
    ) {
        var known: [String: Scenario] = [:]
        for scenario in scenarios { known[scenario.line] = scenario }
        var seen: Set<String> = []
        plan = NeedlePlan(
            tasks: tasks, methods: scenarios.map(\.line).filter { seen.insert($0).inserted }, lengths: lengths,
            depths: depths, seeds: seeds)
        self.scenarios = known
        self.haystack = haystack
        self.model = model
    }

    /// - Throws: what makes the model or a method unfit for every prompt, before any work.
    package func check() throws(NeedleError) {
        for scenario in scenarios.values {
            try NeedleReader(model: model, scenario: scenario).check()
            // Borders of a text come with each prompt.
            guard scenario.units.isEmpty, let longest = plan.lengths.last else { continue }
            do throws(ModelError) { try model.check(scenario, tokens: longest) } catch { throw .model(error) }
        }
    }

    /// Reads what is not known yet.
    /// - Parameters:
    ///   - isKnown: whether a cell is left out
    ///   - take: gets every record as soon as it is there
    /// - Throws: `ModelError.cancelled` within the error of needles, when `isCancelled` said so; what `take` throws.
    package func read(
        isKnown: (NeedleCell) -> Bool = { _ in false }, take: (NeedleRecord) throws(NeedleError) -> Void
    ) throws(NeedleError) {
        for (task, cell) in plan.cells where !isKnown(cell) {
            if isCancelled() { throw .model(.cancelled) }
            try take(NeedleRecord(cell, try outcome(task, cell)))
        }
    }

    /// The prompt of a cell.
    package func prompt(_ task: NeedleTask, _ place: NeedlePrompt.Place) throws(NeedleError) -> NeedlePrompt {
        try NeedlePrompt(task, at: place, in: haystack, borders: borders, choices: choices)
    }

    /// What of a cell cannot be read is an outcome too: other cells can be.
    private func outcome(_ task: NeedleTask, _ cell: NeedleCell) throws(NeedleError) -> NeedleOutcome {
        guard let scenario = scenarios[cell.method] else { return .failed(cell.method) }
        do throws(NeedleError) {
            var reader = NeedleReader(model: model, scenario: scenario, threads: threads)
            reader.isCancelled = isCancelled
            return .read(try reader.result(of: try prompt(task, cell.place)))
        } catch {
            if case .model(.cancelled) = error { throw error }
            return .failed(error.description)
        }
    }
}
