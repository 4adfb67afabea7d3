import RopewalkKernels
import RopewalkMethods

extension Recorder {
    /// What a run over another text has left behind of the tokens with which both texts begin, as the beginning of a run
    /// over `inputs` that goes on there: to the bit what that run would have recorded.
    ///
    /// Whole chunks alone are kept, and of the last one the token that follows it has to be shared too.
    /// - Parameter other: of this model
    /// - Returns: nil where no chunk is shared, or where what is recorded of a token may depend on later ones or on how
    ///   many there are.
    package func shared(of other: Recordings, with inputs: ModelInputs) -> Recordings? {
        guard let old = other.decoder, other.encoder == nil, !old.isRounded, !keepsStates,
            old.scenario == scenario, old.shape == model.traits.shape(.decoder), inputs.present == nil,
            let inputs = try? model.checked(inputs), (try? model.check(scenario, tokens: inputs.ids.count)) != nil,
            isIndependentOfLaterTokens || old.ids.count == inputs.ids.count && isIndependentOfWhichFollow
        else { return nil }
        let count = inputs.ids.count
        let size = chunkLength(.decoder, tokens: count)
        let block = Self.poolBlock(tokens: count)
        guard old.chunkSize == size, old.poolBlock == block else { return nil }
        let common = zip(old.ids, inputs.ids).prefix { $0 == $1 }.count
        let chunks = Array(old.chunks.prefix { $0.tokens.count == size && $0.tokens.upperBound < common })
        guard let end = chunks.last?.tokens.upperBound else { return nil }
        let setup = setup(kind: .decoder, inputs: inputs, queries: count, keys: count)
        // What follows from how many tokens there are is the same where they are as many.
        guard old.ids.count == count || setup.agrees(with: old.setup, tokens: end) else { return nil }
        let recording = Recording(
            shape: old.shape, kind: .decoder, scenario: scenario, ids: inputs.ids, keyIDs: inputs.ids, setup: setup,
            chunks: chunks, crossKeys: [], chunkSize: size, poolBlock: block, run: Self.newRun())
        return Recordings(decoder: recording, encoder: nil, cross: nil)
    }

    /// Whether a token under any scenario knows of those behind it only how many they are: then a run over as many tokens goes
    /// on behind those that both have, as one does that was stopped there. A compressed memory has no states to go on with.
    private var isIndependentOfWhichFollow: Bool {
        model.architecture.encoder == nil && !readsAhead && scenario.slotMemory == nil
    }

    /// Whether a token of the model's own run knows nothing of those behind it.
    private var isIndependentOfLaterTokens: Bool {
        model.architecture.encoder == nil && scenario == model.defaultScenario && scenario.windows.isEmpty
            && scenario.selection == nil && scenario.stateSelection == nil && scenario.compression == nil
            && model.traits.decoder.allSatisfy { $0.selection == nil }
    }
}

extension RunSetup {
    /// Whether the first tokens are turned and hidden as in a run over another text.
    fileprivate func agrees(with other: RunSetup, tokens: Int) -> Bool {
        guard globals.isEmpty, other.globals.isEmpty, layers == other.layers, positions.count == other.positions.count,
            rules.allSatisfy({ $0.bias == nil }), other.rules.allSatisfy({ $0.bias == nil }),
            zip(positions, other.positions).allSatisfy({ $0.agrees(with: $1, tokens: tokens) })
        else { return false }
        var compared: Set<[String]> = []
        return (0..<layers).allSatisfy { layer in
            let windows = layerTraits[layer].windows
            let isNew = compared.insert(windows.map(\.identity)).inserted
            guard windows.map(\.identity) == other.layerTraits[layer].windows.map(\.identity) else { return false }
            return !isNew || windows.isEmpty
                || (0..<tokens).allSatisfy {
                    ownKeys(query: $0, layer: layer) == other.ownKeys(query: $0, layer: layer)
                }
        }
    }
}
