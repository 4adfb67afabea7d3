import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

extension ModelTraits {
    /// The encoding that a scenario gives one of the model's rotary settings on a text; the scenario's method concerns the
    /// first, other settings (Gemma's local layers) keep their own.
    package func encoding(_ scenario: Scenario, rope: Int, tokens: Int) -> PositionEncoding {
        (rope == 0 ? scenario.position : ropes[rope].position).encoding(in: context(rope: rope, tokens: tokens))
    }

    /// The angles of every rotary setting, and last those of layers that turn nothing.
    package func positions(_ scenario: Scenario, kind: AttentionKind, tokens: Int) -> [PositionTables] {
        let tables =
            ropes.indices.map { rope in
                let encoding = encoding(scenario, rope: rope, tokens: tokens)
                let tables = PositionTables(encoding, tokens: tokens)
                guard kind == .decoder, let period = scenario.stateSelection?.keyPeriod else { return tables }
                return tables.folding(encoding, period: period, tokens: tokens)
            } + [PositionTables.unturned(tokens: tokens)]
        guard kind == .decoder, let compression = scenario.compression else { return tables }
        return tables.map { table in table.splitting { compression.firstExactKey(cached: $0) } }
    }

    /// How every layer's scores are made under a scenario.
    package func rules(
        _ scenario: Scenario, layers: [LayerTraits], heads: Int, queries: Int, keys: Int
    ) -> [ScoreRule] {
        var added: LayerBias?
        if isRotary {
            let encoding = encoding(scenario, rope: 0, tokens: queries)
            if case .slopes(let slopes) = encoding.bias { added = .slopes(slopes, limit: encoding.biasLimit) }
        }
        let shared = added?.scoreBias(heads: heads, queries: queries, keys: keys)
        return layers.enumerated().map { index, layer in
            let own = layer.bias?.scoreBias(heads: heads, queries: queries, keys: keys)
            return ScoreRule(
                softcap: layer.softcap, bias: own ?? (layer.rope == 0 ? shared : nil), sinks: layer.sinks,
                features: scenario.kernel.flatMap {
                    FeatureMap($0, layer: index, dimension: shape.headDimension, scale: layer.scoreScale)
                },
                signed: scenario.kernel.flatMap {
                    SignedFeatures($0, layer: index, shape: shape, scale: layer.scoreScale)
                })
        }
    }

    /// What a model or its positions do to scores that no product of features does, or what keeps weights below 0 from
    /// being a recurrence; nil for nothing.
    func obstacle(to kernel: any KernelMethod, scenario: Scenario, tokens: Int) -> String? {
        let layers = kinds.flatMap(layers)
        if layers.contains(where: { $0.softcap != nil }) {
            return say("the model caps its scores, which products of features cannot: leave the method out")
        }
        if layers.contains(where: \.hasSinks) {
            return say(
                "the model has learned sinks beside its scores, of which there are no features: leave the method out")
        }
        if layers.contains(where: { $0.bias != nil }) {
            return say("the model adds to its scores, which products of features cannot: leave the method out")
        }
        if isRotary, encoding(scenario, rope: 0, tokens: tokens).bias != .none {
            return say("\(scenario.position.spec) adds to scores, which products of features cannot: leave one out")
        }
        return kernel.form.isSigned ? obstacleToSigns(scenario: scenario, tokens: tokens) : nil
    }

    /// Weights below 0 are read of a state alone, which has every key up to the query's own, turned in one way.
    private func obstacleToSigns(scenario: Scenario, tokens: Int) -> String? {
        guard kinds == [.decoder] else {
            return say("its weights can be below 0, and are read of the state of a decoder alone: the model is none")
        }
        let windows = layers(.decoder).flatMap(\.windows) + scenario.windows
        if !windows.allSatisfy({ $0 is Full || $0 is Causal }) {
            return say(
                "its weights can be below 0, and are read of a state that no window narrows: leave the window out")
        }
        if isRotary, encoding(scenario, rope: 0, tokens: tokens).pieces.count > 1 {
            return say(
                "\(scenario.position.spec) turns near and far keys in two ways, and a state has one: leave one out")
        }
        return nil
    }
}

extension ModelTraits {
    /// What a model, its positions or what else is asked for does that slots of a compressed memory cannot have; nil for
    /// nothing.
    func obstacle(to memory: CompressiveWindow, scenario: Scenario, tokens: Int) -> String? {
        let others: [(any Method)?] = [
            scenario.selection, scenario.stateSelection, scenario.compression, scenario.kernel,
        ]
        if let other = others.compactMap({ $0 }).first {
            return say(
                "its slots are read beside the tokens of the memory, which leaves no room for \(other.spec): leave one out"
            )
        }
        if scenario.slotMemory != memory || scenario.windows.flatMap(\.slotMemories).count > 1 {
            return say("its slots are read in all layers and heads, once: leave out its scope, or the second one")
        }
        if decoder.contains(where: { $0.bias != nil }) {
            return say("the model adds to scores by distance, which slots have none of: give slots=no")
        }
        guard isRotary else { return nil }
        let encodings = ropes.indices.map { encoding(scenario, rope: $0, tokens: tokens) }
        return encodings.allSatisfy(\.isPlain)
            ? nil
            : say(
                "\(scenario.position.spec) turns near and far tokens in several ways, and slots are neither: leave one out"
            )
    }
}

extension ModelTraits {
    /// What a model, its positions or its cache have that a selection cannot go with which takes keys to other places or
    /// shares weight by sums of scores; nil for nothing.
    func obstacle(to selection: any StateSelection, scenario: Scenario, tokens: Int) -> String? {
        if selection.addsToScores, let compression = scenario.compression {
            return say(
                "it adds up scores of the keys of a block, which \(compression.spec) gives back changed: leave one out, or give grouped=0"
            )
        }
        guard selection.keyPeriod != nil else { return nil }
        let without = selection is LongHeads ? "renumber=0" : "moved=0"
        if !isRotary, scheme != .rotary {
            return say(
                "it takes keys to other places, and the model has \(scheme.title), whose places cannot change: give \(without)"
            )
        }
        if decoder.contains(where: { $0.bias != nil }) {
            return say("it takes keys to other places, and the model adds to scores by distance: give \(without)")
        }
        let isPlain = ropes.indices.allSatisfy { encoding(scenario, rope: $0, tokens: tokens).isPlain }
        return isPlain
            ? nil
            : say(
                "it takes keys to other places, and so does \(scenario.position.spec): give \(without), or leave one out"
            )
    }
}

extension FeatureMap {
    /// The features of a kernel in one layer; nil where products may be below 0.
    package init?(_ kernel: any KernelMethod, layer: Int, dimension: Int, scale: Float) {
        let directions = kernel.directions(layer: layer, dimension: dimension)
        let form: Form
        switch kernel.form {
        case .positive, .hyperbolic: form = .exponential
        case .rectified: form = .rectified
        case .linear: form = .linear
        case .trigonometric, .scores: return nil
        }
        let opposite = kernel.form == .hyperbolic ? directions.map { $0.map { -$0 } } : []
        self.init(form: form, directions: directions + opposite, dimension: dimension, scale: scale)
    }
}

extension SignedFeatures {
    /// The features of a kernel in one layer whose products may be below 0; nil for those of another.
    package init?(_ kernel: any KernelMethod, layer: Int, shape: ModelShape, scale: Float) {
        guard kernel.form.isSigned else { return nil }
        let normaliser: Normaliser =
            switch kernel.normaliser {
            case .sum: .sum
            case .none: .none
            case .rows: .rows
            case .rootMeanSquare: .rootMeanSquare
            }
        self.init(
            form: kernel.form == .scores ? .plain : .trigonometric, normaliser: normaliser,
            directions: kernel.directions(layer: layer, dimension: shape.headDimension),
            dimension: shape.headDimension, scale: scale, decays: kernel.decays(keyHeads: shape.keyValueHeads))
    }
}

extension PositionTables {
    /// The angles of a text of `tokens` tokens.
    package init(_ encoding: PositionEncoding, tokens: Int) {
        let sinusoid: RotaryTable? =
            if case .sinusoid(let frequencies) = encoding.bias {
                RotaryTable(frequencies: frequencies.map { Float($0) }, positions: tokens)
            } else {
                nil
            }
        self.init(
            pieces: encoding.pieces.map { piece in
                let queries = RotaryTable(piece.queries, tokens: tokens)
                let isShared = piece.isSymmetric
                return (
                    queries: queries,
                    keys: isShared ? queries : RotaryTable(piece.keys, tokens: tokens),
                    range: piece.range
                )
            },
            queryScales: encoding.queryScale.map { scale in (0..<tokens).map { Float(scale($0)) } } ?? [],
            sinusoid: sinusoid, sinusoidLimit: encoding.biasLimit)
    }
}

extension PositionTables {
    /// The same with all keys turned a second time as at their index modulo `period`; as they are where near and far keys
    /// are turned in several ways.
    fileprivate func folding(_ encoding: PositionEncoding, period: Int, tokens: Int) -> PositionTables {
        guard encoding.isPlain else { return self }
        let keys = encoding.pieces[0].keys
        let turning = Turning(
            inverseFrequencies: keys.inverseFrequencies, factor: keys.factor, position: { Double($0 % period) })
        return folding(RotaryTable(turning, tokens: tokens)) ?? self
    }
}

extension PositionEncoding {
    /// Whether every token stands at its index and is turned in one way, as query and as key, and nothing is added to scores.
    var isPlain: Bool { pieces.count == 1 && bias == .none && pieces[0].isSymmetric }
}

extension PositionPiece {
    /// Whether queries and keys are known to be turned alike.
    fileprivate var isSymmetric: Bool { queries.isPlain && keys.isPlain && queries.hasSameNumbers(as: keys) }
}

extension Turning {
    /// Whether every token stands at its index with the same frequencies.
    fileprivate var isPlain: Bool { position == nil && frequencies == nil && amplitude == nil }

    fileprivate func hasSameNumbers(as other: Turning) -> Bool {
        inverseFrequencies == other.inverseFrequencies && factor == other.factor
    }
}

extension RotaryTable {
    init(_ turning: Turning, tokens: Int) {
        if turning.frequencies == nil {
            var place: (@Sendable (Int) -> Float)?
            if let position = turning.position { place = { Float(position($0)) } }
            self.init(
                frequencies: turning.inverseFrequencies.map { Float($0) }, positions: tokens,
                factor: Float(turning.factor), place: place, amplitude: turning.amplitude)
        } else {
            self.init(
                subspaces: turning.inverseFrequencies.count, positions: tokens, factor: Float(turning.factor),
                angle: { turning.angle($0, token: $1) }, amplitude: turning.amplitude)
        }
    }
}
