import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// The lenses of one scenario: on the model's own recording, and on the one that was run with the scenario.
struct ScenarioLenses: Equatable, Sendable {
    private var preview: Lens?
    private var exact: Lens?

    /// Follows longer snapshots of the same runs without making anything anew.
    mutating func follow(_ runs: KeptRuns, kind: AttentionKind, scenario: Scenario) {
        preview = Self.lens(runs.plain?[kind], scenario: scenario, last: preview)
        let run = runs.exact.flatMap { $0.scenario == scenario ? $0 : nil }
        exact = Self.lens(run?[kind], scenario: scenario, last: exact)
    }

    /// The answers for a query: those of the exact run once it has reached it, a preview until then.
    func lens(for query: Int) -> Lens? {
        if let exact, exact.recording.tokens > query { return exact }
        return preview ?? exact
    }

    private static func lens(_ recording: Recording?, scenario: Scenario, last: Lens?) -> Lens? {
        guard let recording else { return nil }
        if let last, last.scenario == scenario, last.recording.run == recording.run,
            last.recording.kind == recording.kind
        {
            return last.following(recording)
        }
        return Lens(recording: recording, scenario: scenario)
    }

    static func == (a: ScenarioLenses, b: ScenarioLenses) -> Bool {
        a.preview?.recording == b.preview?.recording && a.preview?.scenario == b.preview?.scenario
            && a.exact?.recording == b.exact?.recording
    }
}
