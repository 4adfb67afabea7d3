import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

extension Model {
    /// The inputs, or what is wrong with them.
    func checked(_ inputs: ModelInputs) throws(ModelError) -> ModelInputs {
        guard !inputs.ids.isEmpty else { throw .noTokens }
        try checkTokens(inputs.ids)
        let count = inputs.ids.count
        if let ids = inputs.decoderIDs {
            guard architecture.encoder != nil, architecture.decoder != nil else {
                throw .input("decoder_input_ids", say("the model has no use for it: leave it out"))
            }
            guard !ids.isEmpty else { throw .noTokens }
            try checkTokens(ids)
        }
        if let present = inputs.present {
            guard present.count == count else {
                throw .input("attention_mask", say("has \(present.count) entries for \(count) tokens"))
            }
            guard architecture.encoder != nil || present.allSatisfy({ $0 }) else {
                throw .input("attention_mask", say("hides tokens of a decoder: leave out the padding and the mask"))
            }
        }
        if let types = inputs.types, traits.comparesSegments {
            guard types.count == count, types.allSatisfy({ $0 == types[0] }) else {
                throw .input(
                    "token_type_ids",
                    say(
                        """
                        scores tell whether two tokens are of one segment, which is read of texts of one segment alone: \
                        give the same number for all \(count) tokens, or leave it out
                        """))
            }
        } else if let types = inputs.types {
            guard let rows = (architecture.encoder ?? architecture.decoder)?.embedding.types?.outputs else {
                throw .input("token_type_ids", say("the model has no use for it: leave it out"))
            }
            guard types.count == count, types.allSatisfy({ $0 >= 0 && Int($0) < rows }) else {
                throw .input("token_type_ids", say("needs \(count) entries from 0 to \(rows - 1)"))
            }
        }
        if let globals = inputs.globals {
            guard traits.standardGlobals != nil, globals.allSatisfy({ (0..<count).contains($0) }) else {
                throw .input("global_attention_mask", say("the model has no use for it: leave it out"))
            }
        }
        return inputs
    }

    /// - Throws: `ModelError.token` for the first one that the model has not.
    package func checkVocabulary(_ ids: [Int32]) throws(ModelError) {
        guard let place = ids.firstIndex(where: { $0 < 0 || $0 >= shape.vocabulary }) else { return }
        throw .token(id: Int(ids[place]), place: place, vocabulary: shape.vocabulary)
    }

    private func checkTokens(_ ids: [Int32]) throws(ModelError) {
        try checkVocabulary(ids)
        if let limit = traits.limit, ids.count > limit { throw .tooLong(tokens: ids.count, limit: limit) }
    }

    /// Whether the model can run under a scenario on a text of `tokens` tokens; to be asked before any work, because an
    /// impossible method (a list of the wrong length ...) has no angles.
    package func check(_ scenario: Scenario, tokens: Int) throws(ModelError) {
        if traits.decoder.isEmpty, let method: any Method = scenario.stateSelection ?? scenario.compression {
            throw .noCache(model: name, method: method.spec)
        }
        if let memory = scenario.windows.lazy.flatMap(\.slotMemories).first, let obstacle = obstacle(to: memory) {
            throw .positionProblem(method: memory.spec, obstacle)
        }
        try traits.check(scenario, tokens: tokens, model: name)
    }

    /// What of the model has no states that slots could be made of; nil for nothing.
    private func obstacle(to memory: CompressiveWindow) -> String? {
        if !hasWeights { return say("slots are made by the model's weights, which a recording has not: give slots=no") }
        guard architecture.encoder == nil, let decoder = architecture.decoder else {
            return say("slots are made of the states of a decoder alone, and \(name) is none: give slots=no")
        }
        if decoder.blocks.contains(where: { $0.mixer.attention == nil }) {
            return say("\(name) has layers without attention, which read no slots: give slots=no")
        }
        let readsMore = decoder.blocks.contains {
            $0.mixer.attention?.keysOf != nil || $0.addsToNormed || $0.arrangement == .reversible
        }
        if decoder.altUp != nil || readsMore {
            return say("layers of \(name) read more than one state of a token: give slots=no")
        }
        guard memory.form == .conv else { return nil }
        guard let convolution = decoder.slotConvolutions.first else {
            return say(
                """
                slots=conv is a convolution whose weights are trained, compress_mem_fn.conv in every layer, and \(name) has \
                none: give slots=mean
                """)
        }
        return convolution.rate == memory.rate
            ? nil
            : say(
                "the convolution of \(name) makes one state of \(convolution.rate): give rate=\(convolution.rate)")
    }

    /// What the decoder of a model with both reads where nobody says: the text itself behind a start token.
    func decoderIDs(after ids: [Int32]) -> [Int32] { [traits.decoderStart ?? 0] + ids.dropLast() }

    /// The encoder's result for all tokens. [token, hidden]
    func encoderStates(_ recording: Recording) -> Matrix {
        let states = Matrix(rows: recording.tokens, columns: shape.hidden)
        for token in 0..<recording.tokens {
            if let state = recording.lastHidden(of: token) { states.setRow(token, to: state) }
        }
        return states
    }

    /// What the scenario's position method adds to embeddings.
    func embeddingAddition(_ scenario: Scenario, tokens: Int) -> ((Int, Int) -> [Double])? {
        guard traits.isRotary else { return nil }
        return traits.encoding(scenario, rope: 0, tokens: tokens).embedding
    }
}

extension ModelTraits {
    /// Whether a model can run under a scenario on a text of `tokens` tokens.
    /// - Parameter model: names it in errors.
    package func check(_ scenario: Scenario, tokens: Int, model: String = say("the model")) throws(ModelError) {
        if isGiven, let obstacle = obstacleOfMaps(to: scenario, model: model) { throw obstacle }
        if !isRotary, !(scenario.position is RoPE) {
            throw .position(model: model, method: scenario.position.spec, has: scheme.title)
        }
        if let (method, obstacle) = obstacleOfMixers(to: scenario) {
            throw .positionProblem(method: method.spec, obstacle)
        }
        let problem = scenario.problem(tokens: tokens, layers: shape.layers, heads: shape.heads)
        if let problem { throw .mask(problem) }
        if kinds.first?.isCausal ?? false, let leak = scenario.windows.lazy.flatMap(\.leaks).first {
            throw .mask(
                say(
                    """
                    \(leak.spec) lets tokens read later ones, which \(model) has not read when it comes to them: it is a mask \
                    to look at; to read with it give wrap=0
                    """))
        }
        if let selection = scenario.selection, decoder.contains(where: { $0.selection != nil }) {
            throw .mask(
                say("\(model) chooses keys itself, by hashing: \(selection.spec) would have to choose among those"))
        }
        let choosing: [(any Method)?] = [scenario.selection, scenario.stateSelection, scenario.compression]
        if isRounded, let method = choosing.compactMap({ $0 }).first { throw .rounded(method: method.spec) }
        if let kernel = scenario.kernel, let obstacle = obstacle(to: kernel, scenario: scenario, tokens: tokens) {
            throw .positionProblem(method: kernel.spec, obstacle)
        }
        if let selection = scenario.stateSelection,
            let obstacle = obstacle(to: selection, scenario: scenario, tokens: tokens)
        {
            throw .positionProblem(method: selection.spec, obstacle)
        }
        if let memory = scenario.windows.lazy.flatMap(\.slotMemories).first,
            let obstacle = obstacle(to: memory, scenario: scenario, tokens: tokens)
        {
            throw .positionProblem(method: memory.spec, obstacle)
        }
        guard isRotary else { return }
        if let problem = scenario.position.problem(in: shape.rotaryContext(tokens: tokens)) {
            throw .positionProblem(method: scenario.position.spec, problem)
        }
    }
}
