import Kernels
import Methods
import Models

/// Asks a recording. With the recording's own scenario the answers are exact; with another one they are a preview: the
/// scenario applied to one layer on the recorded states.
public struct Lens: Sendable {
    public let recording: Recording
    public let scenario: Scenario
    /// cos and sin under the scenario.
    let table: RotaryTable
    let workers: Workers

    /// - Parameter scenario: nil for the recording's own.
    public init(recording: Recording, scenario: Scenario? = nil, threads: Int = 0) {
        let workers = Workers(count: threads)
        let scenario = scenario ?? recording.scenario
        var table = recording.table
        if scenario.position.spec != recording.scenario.position.spec {
            let rotation = scenario.position.rotation(in: recording.shape.rotaryContext(tokens: recording.ids.count))
            table = RotaryTable(
                frequencies: rotation.inverseFrequencies.map { Float($0) }, positions: recording.ids.count,
                factor: Float(rotation.attentionFactor), workers: workers)
        }
        self.init(recording: recording, scenario: scenario, table: table, workers: workers)
    }

    private init(recording: Recording, scenario: Scenario, table: RotaryTable, workers: Workers) {
        self.recording = recording
        self.scenario = scenario
        self.table = table
        self.workers = workers
    }

    /// The same question asked of a later snapshot of the same run.
    public func following(_ recording: Recording) -> Lens {
        Lens(recording: recording, scenario: scenario, table: table, workers: workers)
    }

    /// The same recording under another scenario with the same positions.
    func with(_ scenario: Scenario) -> Lens {
        Lens(recording: recording, scenario: scenario, table: table, workers: workers)
    }

    public var basis: Provenance.Basis { scenario == recording.scenario ? .exact : .preview }

    var shape: ModelShape { recording.shape }
    func keyValueHead(of head: Int) -> Int { head / shape.groupSize }

    /// Whether the recording has the head and the token.
    func has(layer: Int, head: Int, token: Int) -> Bool {
        (0..<shape.layers).contains(layer) && (0..<shape.heads).contains(head)
            && (0..<recording.tokens).contains(token)
    }

    /// The keys that places let a query see.
    func visibleKeys(_ query: Int) -> KeyRanges {
        scenario.visibleKeys(query: query, tokens: recording.ids.count)
    }
}
