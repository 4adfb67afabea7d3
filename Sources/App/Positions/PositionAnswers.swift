import RopewalkCellGrid
import RopewalkLens
import RopewalkViews

/// What the panels about positions ask, and the answers that are kept.
struct PositionAnswers: Sendable {
    /// What decides which methods stand side by side.
    private struct Methods: Equatable, Sendable {
        let scenario: String
        let model: String
        let beside: String
        let tokens: Int
    }

    private struct Map: Equatable, Sendable {
        let scenario: String
        let request: MapRequest
        let queries: Int
    }

    private struct Profile: Equatable, Sendable {
        let run: UInt64
        let tokens: Int
        let scenario: String
        let layer: Int
        let head: Int
    }

    private struct Pair: Equatable, Sendable {
        let run: UInt64
        let layer: Int
        let head: Int
        let query: Int
        let key: Int
    }

    private var besides = Memo<Pair, RotationView.Beside?>()
    private var methods = Memo<Methods, [EncodedMethod]>()
    private var catalogue = Memo<Methods, [EncodedMethod]>()
    private var maps = Memo<Map, MapImage?>()
    /// One a source.
    private var profiles = [Memo<Profile, DistanceProfile?>](repeating: Memo(), count: 3)

    /// The answers for the panels that are on the screen; those of `settle` only where they are known.
    mutating func answer(_ state: AppState, _ scene: inout Scene) {
        let panels = state.layout.panels
        if let model = state.sources.model.value {
            let question = Methods(
                scenario: state.scenario.line, model: model.path, beside: state.second?.model.value?.path ?? "",
                tokens: state.tokenCount)
            let rotation = panels[.rotation] == nil ? .pair : state.positions.rotation
            if rotation == .distances || panels[.distance] != nil && state.positions.distance == .curve {
                scene.methods = methods.answer(to: question) { state.encodedContenders }
            }
            if rotation == .methods { scene.catalogue = catalogue.answer(to: question) { state.encodedCatalogue } }
        }
        if panels[.rotation] != nil, state.positions.rotation == .pair { scene.beside = answerBeside(state, scene) }
        guard panels[.distance] != nil, let lens = state.lens else { return }
        switch state.positions.distance {
        case .curve: break
        case .map:
            let question = Map(
                scenario: lens.scenario.line, request: state.distanceRequest, queries: lens.recording.ids.count)
            scene.distances = maps.answer(to: question) { lens.distanceMap(question.request) }
        case .attention:
            var isMissing = false
            for (place, source) in sources(state, lens).enumerated() {
                guard let known = profiles[place].known(Self.question(state, source.lens)) else {
                    isMissing = true
                    continue
                }
                guard let profile = known else { continue }
                scene.profiles.append(
                    DistanceProfileView.Line(title: source.title, profile: profile, isCurrent: source.isCurrent))
            }
            if isMissing { scene.isUnsettled = true }
        }
    }

    /// What the second model makes of the pair; nil where it has not read it or has no such head.
    private mutating func answerBeside(_ state: AppState, _ scene: Scene) -> RotationView.Beside? {
        guard let model = state.second?.model.value, let recording = state.second?.recording, let key = scene.anchor,
            state.focus.layer < recording.shape.layers, state.focus.head < recording.shape.heads
        else { return nil }
        let question = Pair(
            run: recording.run, layer: state.focus.layer, head: state.focus.head, query: state.focus.cursor, key: key)
        return besides.answer(to: question) {
            Lens(recording: recording)
                .pair(layer: question.layer, head: question.head, query: question.query, key: question.key)
                .map {
                    RotationView.Beside(
                        name: model.name, pair: $0,
                        trained: model.outline.trainedRange(recording.scenario, tokens: recording.ids.count))
                }
        }
    }

    /// Finds out one of the things that take longer than a frame; true where nothing is missing any more.
    mutating func settle(_ state: AppState, _ lens: Lens) -> Bool {
        guard state.layout.panels[.distance] != nil, state.positions.distance == .attention else { return true }
        let all = sources(state, lens)
        let missing = all.indices.filter { profiles[$0].known(Self.question(state, all[$0].lens)) == nil }
        if let place = missing.first {
            let source = all[place]
            _ = profiles[place].answer(to: Self.question(state, source.lens)) {
                source.lens.distanceProfile(
                    layer: state.focus.layer, head: state.focus.head, limit: Self.sampled(source.lens))
            }
        }
        return missing.count <= 1
    }

    /// Queries that about two frames have time for.
    private static func sampled(_ lens: Lens) -> Int { max(16, min(256, 2_000_000 / max(1, lens.recording.tokens))) }

    /// Attention that is set side by side.
    private struct Source {
        let lens: Lens
        let title: String
        var isCurrent = false
    }

    /// That of the scenario, the model's own where it is recorded, and that of the second model: at most three.
    private func sources(_ state: AppState, _ lens: Lens) -> [Source] {
        var sources = [Source(lens: lens, title: lens.scenario.shortLine, isCurrent: true)]
        if state.scenario != state.ownScenario, let plain = state.runs.kept.plain?[state.focus.kind] {
            sources.append(Source(lens: Lens(recording: plain), title: plain.scenario.shortLine))
        }
        if let model = state.second?.model.value, let recording = state.second?.recording {
            sources.append(
                Source(lens: Lens(recording: recording), title: "\(model.name) \(recording.scenario.shortLine)"))
        }
        return sources
    }

    private static func question(_ state: AppState, _ lens: Lens) -> Profile {
        let tokens = lens.recording.tokens
        // A growing recording is asked again when it has doubled, and once more when it is complete.
        let stage = lens.recording.isComplete ? .max : Int.bitWidth - tokens.leadingZeroBitCount
        return Profile(
            run: lens.recording.run, tokens: stage, scenario: lens.scenario.line, layer: state.focus.layer,
            head: state.focus.head)
    }
}
