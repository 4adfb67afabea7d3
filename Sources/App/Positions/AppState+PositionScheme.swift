import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

extension AppState {
    /// The rotary setting of the layer on the screen.
    struct RotaryLayer {
        let context: RotaryContext
        let position: any PositionMethod
        let title: String
        /// Dimensions of a head that do not turn.
        let unturnedDimensions: Int
    }

    /// How queries and keys turn in the layer on the screen; nil where they do not.
    var rotaryLayer: RotaryLayer? {
        guard let model = sources.model.value?.traits, let rope = traits?.rope,
            model.ropes.indices.contains(rope)
        else { return nil }
        let settings = model.ropes[rope]
        let shape = model.shape(focus.kind)
        let context = RotaryContext(
            dimensions: settings.dimensions, base: settings.base, trainedWindow: shape.trainedWindow,
            tokens: tokenCount, heads: shape.heads)
        let title = ScenarioTitle.position(scenario)
        let base = MethodSpec.format(settings.base)
        return RotaryLayer(
            context: context, position: rope == 0 ? scenario.position : settings.position,
            title: model.ropes.count == 1
                ? title : rope == 0 ? "global layer, base \(base): \(title)" : "local layer, base \(base)",
            unturnedDimensions: shape.headDimension - settings.dimensions)
    }

    /// The border's name of a panel: what turns nothing has no rotation.
    func title(of panel: Panel) -> String {
        guard panel == .rotation, sources.model.value != nil, rotaryLayer == nil else { return panel.title }
        return "[\(panel.rawValue)] Positions"
    }

    /// What stands in place of the rotation as far as it is known without a recording; nil where the layer rotates.
    var positionContent: PositionContent? {
        guard let model = sources.model.value, rotaryLayer == nil else { return nil }
        return PositionAnswer.known(model.traits, kind: focus.kind)
    }

    /// Lines that the panel of rotation or positions scrolls through.
    var positionLines: Int {
        if let rotaryLayer { return rotaryLayer.context.subspaces }
        if case .buckets(let buckets) = traits?.bias { return buckets.buckets }
        return shape?.heads ?? 1
    }
}

/// What a layer without rotation has in its place, for cursor and anchor.
struct PositionAnswer {
    let state: AppState
    let lens: Lens
    let anchor: Int?

    /// Nil where the layer rotates.
    var content: PositionContent? {
        guard let model = state.sources.model.value, state.rotaryLayer == nil else { return nil }
        if state.focus.kind != .cross, case .buckets(let buckets) = state.traits?.bias {
            return .buckets(BucketFacts(buckets, heads: lens.recording.shape.heads))
        }
        if state.focus.kind != .cross, let places = model.learnedPlaces(state.focus.kind) {
            return .places(facts(places))
        }
        return Self.known(model.traits, kind: state.focus.kind)
    }

    /// As far as it is known without a recording.
    static func known(_ model: ModelTraits, kind: AttentionKind) -> PositionContent {
        if kind == .cross {
            let rest = model.limit == nil ? "" : " (their states know the learned places of their own texts)"
            return .none(
                "No rotation, and no positions between decoder and encoder: tokens are found by what they are\(rest).")
        }
        switch model.scheme {
        case .alibi(let slopes): return .slopes(slopes)
        case .learned(let places):
            return .places(
                PlaceFacts(
                    rows: places, size: model.shape(kind).hidden, cursorRow: nil, anchorRow: nil, similarity: nil,
                    profile: [], tokens: 0))
        case .relativeBuckets(let buckets, _):
            return .none("No rotation: \(buckets) buckets of distances; their numbers are shown with the first tokens.")
        case .rotary: return .none("This layer does not turn its queries and keys: it has no positions of its own.")
        }
    }

    private func facts(_ places: LearnedPlaces) -> PlaceFacts {
        let rows = places.rows(of: lens.recording.ids)
        func row(_ token: Int?) -> Int? { token.flatMap { rows.indices.contains($0) ? rows[$0] : nil } }
        let cursor = row(state.focus.cursor)
        let anchor = row(anchor)
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

extension BucketFacts {
    /// Ranges from the furthest key before the query to the furthest one after it.
    init(_ buckets: RelativeBuckets, heads: Int) {
        func side(_ sign: Int, from first: Int) -> [Range] {
            var ranges: [Range] = []
            var offset = first
            while offset <= buckets.maximumDistance {
                let bucket = buckets.bucket(offset: sign * offset)
                let last = Self.lastOffset(of: bucket, from: offset, sign: sign, buckets)
                ranges.append(
                    Range(
                        bucket: bucket, first: sign * offset, last: last.map { sign * $0 },
                        values: (0..<heads).map { buckets.value(head: $0, offset: sign * offset) }))
                guard let last else { break }
                offset = last + 1
            }
            return ranges
        }
        let after = buckets.isBidirectional ? side(1, from: 1) : []
        self.init(ranges: side(-1, from: 0).reversed() + after, buckets: buckets.buckets)
    }

    /// The last distance that still lies in a bucket; nil where all further ones do. Buckets never fall with the
    /// distance, so that halving finds it.
    private static func lastOffset(of bucket: Int, from first: Int, sign: Int, _ buckets: RelativeBuckets) -> Int? {
        var (inside, outside) = (first, buckets.maximumDistance + 1)
        if buckets.bucket(offset: sign * outside) == bucket { return nil }
        while outside - inside > 1 {
            let middle = inside + (outside - inside) / 2
            if buckets.bucket(offset: sign * middle) == bucket { inside = middle } else { outside = middle }
        }
        return inside
    }
}
