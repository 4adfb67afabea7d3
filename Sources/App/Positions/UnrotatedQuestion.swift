import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What a layer without rotation has in its place, for cursor and anchor.
struct UnrotatedQuestion: Question {
    private let basis: Basis
    private let kind: AttentionKind
    private let layer: Int
    private let cursor: Int
    private var key: Int?

    /// Nil where the layer rotates, or nothing is recorded.
    init?(_ state: AppState) {
        guard let lens = state.lens, state.tokenCount > 0, state.rotaryLayer == nil else { return nil }
        basis = Basis(lens)
        kind = state.focus.kind
        layer = state.focus.layer
        cursor = state.focus.cursor
    }

    func with(key: Int?) -> UnrotatedQuestion {
        var question = self
        question.key = key
        return question
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> PositionContent? {
        guard let model = witness.model, let lens = witness.lens else { return nil }
        let layers = lens.setup.layerTraits
        if kind != .cross, layers.indices.contains(layer), case .buckets(let buckets) = layers[layer].bias {
            return .buckets(BucketFacts(buckets, heads: lens.recording.shape.heads))
        }
        if kind != .cross, let places = model.learnedPlaces(kind) { return .places(facts(places, lens.recording)) }
        return PositionContent(known: model.traits, kind: kind, layer: layer)
    }

    private func facts(_ places: LearnedPlaces, _ recording: Recording) -> PlaceFacts {
        let rows = places.rows(of: recording.ids)
        func row(_ token: Int?) -> Int? { token.flatMap { rows.indices.contains($0) ? rows[$0] : nil } }
        let cursor = row(cursor)
        let anchor = row(key)
        let samples = min(rows.count, 96)
        let profile = (0..<samples).map { index -> Float in
            cursor.flatMap { places.similarity($0, rows[index * rows.count / samples]) } ?? 0
        }
        let similarity = cursor.flatMap { cursor in anchor.flatMap { places.similarity(cursor, $0) } }
        return PlaceFacts(
            rows: places.rows, size: places.size, cursorRow: cursor, anchorRow: anchor, similarity: similarity,
            profile: profile, tokens: rows.count)
    }
}

extension PositionContent {
    /// As far as it is known without a recording.
    init(known model: ModelTraits, kind: AttentionKind, layer: Int) {
        if kind == .cross {
            let rest = model.limit == nil ? "" : say(" (their states know the learned places of their own texts)")
            self = .none(
                say(
                    "No rotation, and no positions between decoder and encoder: tokens are found by what they are\(rest)."
                ))
            return
        }
        self =
            switch model.scheme {
            case .alibi(let slopes): .slopes(slopes)
            case .learned(let places):
                .places(
                    PlaceFacts(
                        rows: places, size: model.shape(kind).hidden, cursorRow: nil, anchorRow: nil, similarity: nil,
                        profile: [], tokens: 0))
            case .relativeBuckets(let buckets, _):
                .none(
                    say("No rotation: \(buckets) buckets of distances; their numbers are shown with the first tokens."))
            case .recurrent:
                .none(say("No rotation, and no positions: a state that goes from token to token knows their order."))
            case .given: .none(say("Given maps: what their model does with positions is not known."))
            case .rotary, .relativeSinusoids: .none(Self.stillness(of: layer, model.layers(kind)))
            }
    }

    /// Why a layer among others turns nothing, and which do turn.
    private static func stillness(of layer: Int, _ layers: [LayerTraits]) -> String {
        if layers.indices.contains(layer), layers[layer].mixer != nil {
            return say("No rotation, and no positions: a state that goes from token to token knows their order.")
        }
        let turning = layers.indices.filter { layers[$0].rope != nil }
        let others =
            turning.isEmpty
            ? say("No layer of the model turns.") : say("Of \(layers.count) layers \(turning.rangesText) turn.")
        let growth = layers.indices.contains(layer) ? layers[layer].growth : nil
        let grown = growth.map { say(" Queries at place q are multiplied by \($0).") } ?? ""
        return
            say(
                "Layer \(layer) has no positions (NoPE): it turns nothing, and only the mask tells places apart. \(others)\(grown)"
            )
    }
}
