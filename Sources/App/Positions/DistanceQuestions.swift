import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// Effective distances in a window of the map.
struct DistanceMapQuestion: Question {
    private let basis: Basis
    private let request: MapRequest
    /// Queries of the text.
    private let queries: Int

    init(_ request: MapRequest, of lens: Lens) {
        basis = Basis(lens)
        self.request = request
        queries = lens.recording.ids.count
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> MapImage? { witness.lens?.distanceMap(request) }
}

/// The mean weight that a head gives each distance.
struct ProfileQuestion: Question {
    /// Whose attention it is.
    enum Source: Hashable, Sendable {
        /// That of the scenario, of the model without it, and of the second model.
        case scenario, own, second
    }

    /// A line of the panel, and what it asks.
    struct Line: Sendable {
        let title: String
        let question: ProfileQuestion
        var isCurrent = false
    }

    static var isSlow: Bool { true }

    private let source: Source
    private let run: UInt64
    private let stage: RecordingStage
    private let scenario: String
    private let layer: Int
    private let head: Int

    init(_ source: Source, _ recording: Recording, scenario: Scenario, _ focus: Focus) {
        self.source = source
        run = recording.run
        stage = RecordingStage(recording)
        self.scenario = scenario.line
        layer = focus.layer
        head = focus.head
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> DistanceProfile? {
        let lens =
            switch source {
            case .scenario: witness.lens
            case .own: witness.plain.map { Lens(recording: $0) }
            case .second: witness.second?.recording.map { Lens(recording: $0) }
            }
        return lens.flatMap { $0.distanceProfile(layer: layer, head: head, limit: Self.sampled($0)) }
    }

    /// Queries that about two frames have time for.
    private static func sampled(_ lens: Lens) -> Int { max(16, min(256, 2_000_000 / max(1, lens.recording.tokens))) }
}

extension AppState {
    /// The attention that is set side by side: that of the scenario, the model's own where it is recorded, and that of the
    /// second model.
    var profileLines: [ProfileQuestion.Line] {
        guard let lens else { return [] }
        var lines = [
            ProfileQuestion.Line(
                title: lens.scenario.shortLine,
                question: ProfileQuestion(.scenario, lens.recording, scenario: lens.scenario, focus), isCurrent: true)
        ]
        if scenario != ownScenario, let plain = runs.kept.plain?[focus.kind] {
            lines.append(
                ProfileQuestion.Line(
                    title: plain.scenario.shortLine,
                    question: ProfileQuestion(.own, plain, scenario: plain.scenario, focus)))
        }
        if let model = second?.model.value, let recording = second?.recording {
            lines.append(
                ProfileQuestion.Line(
                    title: "\(model.name) \(recording.scenario.shortLine)",
                    question: ProfileQuestion(.second, recording, scenario: recording.scenario, focus)))
        }
        return lines
    }
}
