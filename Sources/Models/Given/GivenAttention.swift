import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// Maps of attention weights that another program has saved, with the tokens that they are of: a recording without a run.
///
/// There are no queries, keys, values, states and losses behind them. Rows are shown as they are given.
package struct GivenAttention: Sendable {
    /// The file of the maps, as given.
    package let path: String
    /// The file's name without its folder.
    package let name: String
    /// Of the queries; of the keys too, but for maps between two texts.
    package let text: GivenText
    /// Of the keys of maps between two texts; nil elsewhere.
    package let keyText: GivenText?
    /// Sizes and directions, as far as maps tell them.
    package let traits: ModelTraits
    package let recordings: Recordings
    /// What is to be known of the maps, a line each: how tokens were read, rows that do not sum to 1.
    package let notes: [String]

    /// The one that stands for what their model did, whatever that was.
    package var scenario: Scenario { .plain }

    /// What could not be read of its file since it was opened; nil where all was read.
    package var failure: FormatError? { ReadFailures.failure(of: path) ?? MappedFile.problem(of: path) }

    /// - Parameters:
    ///   - path: an array of NumPy, safetensors, plain tensors of torch.save or JSON.
    ///   - tensors: which tensors of it, such as `blocks.{layer}.attn.hook_pattern`; nil for those that there are.
    ///   - text: of the queries; nil for what the file has.
    ///   - keyText: of the keys where they are another text's; nil for none, or for what the file has.
    ///   - threads: processors to use; 0 for all.
    /// - Throws: what is wrong with the file, at which layer, head, query and key; what does not fit the tokens.
    package init(
        contentsOf path: String, tensors: String? = nil, text: GivenText?, keyText: GivenText? = nil, threads: Int = 0
    ) throws(ModelError) {
        let file = try AttentionFile(contentsOf: path, name: tensors)
        func wrong(_ problem: String) -> ModelError { .attention(file: path, problem) }
        guard let weights = GivenWeights(file.layers) else { throw wrong(say("there are no maps in it")) }
        guard let text = text ?? file.tokens.map({ GivenText($0) }) else {
            throw ModelError.unclearAttention(
                file: path,
                say("the tokens of its maps are not known: give them as a file, one a line or a JSON array of texts"))
        }
        // Views of one text have the same tokens on both sides.
        let ownKeys = file.keyTokens == file.tokens ? nil : file.keyTokens.map { GivenText($0) }
        let keyText = (keyText ?? ownKeys)?.numbered(behind: text)
        try Self.check(weights, text, keyText, path)
        self.path = path
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // It comes from whoever made the file: nothing in it shall do anything to a screen.
        self.name = String(String(name.prefix(200)).debugDescription.dropFirst().dropLast())
        (self.text, self.keyText) = (text, keyText)
        let made = try GivenRun(
            weights, type: file.type, ids: text.encoding.ids, keyIDs: keyText?.encoding.ids, path: path,
            workers: Workers(count: threads))
        (recordings, traits) = (Recordings(made.recording), made.traits)
        notes = [text.marks?.words].compactMap { $0 } + made.notes
    }

    private static func check(
        _ weights: GivenWeights, _ text: GivenText, _ keyText: GivenText?, _ path: String
    ) throws(ModelError) {
        let (queries, keys) = (text.encoding.count, keyText?.encoding.count ?? text.encoding.count)
        guard queries == weights.queries else {
            throw .attention(
                file: path,
                say("its maps have \(weights.queries.grouped) queries, and there are \(queries.grouped) tokens"))
        }
        guard keys == weights.keys else {
            throw .unclearAttention(
                file: path,
                keyText == nil
                    ? say(
                        "its maps have \(weights.queries.grouped) queries and \(weights.keys.grouped) keys: give the tokens of the keys too"
                    )
                    : say("its maps have \(weights.keys.grouped) keys, and there are \(keys.grouped) tokens for them"))
        }
    }

    /// Why nothing but the maps as they are given can be run.
    func lacksRun(of scenario: Scenario) -> ModelError {
        let methods = scenario.specs.joined(separator: " ")
        return .givenMaps(
            model: name,
            lacking: methods.isEmpty
                ? say("they are of the \(text.encoding.count.grouped) tokens of their own text alone")
                : say("nothing runs \(methods) over them"))
    }
}

/// The recording that maps stand for.
private struct GivenRun {
    let recording: Recording
    let traits: ModelTraits
    let notes: [String]

    init(
        _ weights: GivenWeights, type: ElementType, ids: [Int32], keyIDs: [Int32]?, path: String, workers: Workers
    ) throws(ModelError) {
        let poolBlock = Recorder.poolBlock(tokens: max(weights.queries, weights.keys))
        let maps = try MeasuredMaps(weights, type: type, ids: ids, isCross: keyIDs != nil, poolBlock, path, workers)
        let kind: AttentionKind = keyIDs != nil ? .cross : maps.readsLater ? .encoder : .decoder
        let traits = Self.traits(weights, kind: kind, ids: ids + (keyIDs ?? []), notes: maps.notes)
        let setup = RunSetup(
            traits, kind: kind, scenario: .plain, inputs: ModelInputs(ids: keyIDs ?? ids), learned: LearnedScores(),
            queries: weights.queries, keys: weights.keys)
        let chunk = RecordedChunk(
            tokens: 0..<ids.count,
            layers: maps.summaries.map { summary in
                RecordedLayer(keys: nil, queries: .single([]), attention: summary, global: nil, choices: nil)
            }, lastBlockOutput: nil, lastHidden: [],
            negativeLogLikelihood: KeptNumbers(repeating: .nan, count: ids.count))
        let unit = max(256, poolBlock)
        var recording = Recording(
            shape: traits.shape, kind: kind, scenario: .plain, ids: ids, keyIDs: keyIDs ?? ids, setup: setup,
            chunks: [chunk], crossKeys: [], chunkSize: (ids.count + unit - 1) / unit * unit, poolBlock: poolBlock,
            run: Recorder.newRun())
        recording.given = weights
        let layers = (0..<weights.layerCount).filter(weights.has)
        if layers.count < weights.layerCount {
            recording.recordedHeads = RecordedHeads(
                layers: layers, heads: nil, of: (layers: weights.layerCount, heads: weights.heads))
        }
        (self.recording, self.traits, notes) = (recording, traits, maps.notes)
    }

    private static func traits(
        _ weights: GivenWeights, kind: AttentionKind, ids: [Int32], notes: [String]
    ) -> ModelTraits {
        let shape = ModelShape(
            layers: weights.layerCount, heads: weights.heads, keyValueHeads: weights.heads, headDimension: 1, hidden: 1,
            intermediate: 1, vocabulary: Int(ids.max() ?? 0) + 1, trainedWindow: max(weights.queries, weights.keys),
            normEpsilon: 1, rotaryDimensions: 0)
        let layers = Array(repeating: LayerTraits(scoreScale: 1, rope: nil), count: shape.layers)
        var traits = ModelTraits(decoder: shape, traits: layers)
        traits.scheme = .given
        traits.notes = notes
        if kind != .decoder { traits.decoder = [] }
        if kind == .encoder { traits.encoder = layers }
        if kind == .cross { traits.cross = layers }
        return traits
    }
}

/// The measures of all layers, and what was found on the way.
private struct MeasuredMaps {
    private(set) var summaries: [AttentionSummary] = []
    private(set) var readsLater = false
    private(set) var notes: [String] = []

    init(
        _ weights: GivenWeights, type: ElementType, ids: [Int32], isCross: Bool, _ poolBlock: Int, _ path: String,
        _ workers: Workers
    ) throws(ModelError) {
        try Self.checkMemory(weights, poolBlock, path)
        let tolerance = Self.tolerance(type, keys: weights.keys)
        // Tokens of two texts repeat nothing of one another.
        let induction =
            isCross ? Array(repeating: -1, count: ids.count) : InductionKeys(ids: ids).next(0..<ids.count)
        var (empty, unequal) = (0, 0)
        var worst: (layer: Int, head: Int, query: Int, sum: Double)?
        for layer in 0..<weights.layerCount {
            guard weights.has(layer: layer) else {
                summaries.append(.unmeasured(heads: weights.heads, count: weights.queries))
                continue
            }
            let measures = weights.measures(
                layer: layer, inductionKeys: induction, poolBlock: poolBlock, tolerance: tolerance, workers: workers)
            // What another program cut off meanwhile was read as zeros.
            if let problem = MappedFile.problem { throw .format(problem) }
            for (head, findings) in measures.findings.enumerated() {
                if let (query, key, weight) = findings.impossible {
                    throw .attention(
                        file: path,
                        say(
                            "layer \(layer), head \(head), query \(query), key \(key): \(weight) is no weight, which is a number from 0 on"
                        ))
                }
                readsLater = readsLater || findings.readsLater
                empty += findings.empty
                unequal += findings.unequal
                if let (query, sum) = findings.worst, worst.map({ abs($0.sum - 1) < abs(sum - 1) }) ?? true {
                    worst = (layer, head, query, sum)
                }
            }
            summaries.append(measures.summary)
        }
        let all = weights.heads * weights.queries * (0..<weights.layerCount).count(where: weights.has)
        if let worst {
            notes.append(
                say(
                    "\(unequal.grouped) of \(all.grouped) rows do not sum to 1 within \(Self.rounded(tolerance)), the worst to \(Self.rounded(worst.sum)) (layer \(worst.layer), head \(worst.head), query \(worst.query)): they are shown as they are given"
                ))
        }
        if empty > 0 {
            notes.append(
                say("\(empty.grouped) of \(all.grouped) rows are all 0, as those of padding: they see nothing"))
        }
    }

    private static func rounded(_ number: Double) -> String { MethodSpec.format((number * 1e6).rounded() / 1e6) }

    /// How far from 1 the sum of a row may be without a word: what rounding every weight of it can make, and a thousandth.
    ///
    /// float16 rounds by up to 2⁻¹¹ of a weight, and loses what is below 2⁻²⁵; bfloat16 rounds by 2⁻⁹, and a softmax in
    /// bfloat16 has rounded the sum before.
    static func tolerance(_ type: ElementType, keys: Int) -> Double {
        switch type {
        case .f16: 1e-3 + Double(keys) * 0x1p-25
        case .bf16: 0x1p-7
        default: 1e-3
        }
    }

    private static func checkMemory(_ weights: GivenWeights, _ poolBlock: Int, _ path: String) throws(ModelError) {
        let bytes = GivenWeights.measureBytes(
            layers: weights.layerCount, heads: weights.heads, queries: weights.queries, keys: weights.keys,
            poolBlock: poolBlock)
        let room = AvailableMemory.bytes ?? .max
        guard let bytes, bytes <= room / 2 else {
            throw .attention(
                file: path,
                say(
                    "measures of \(weights.layerCount.grouped) layers, \(weights.heads.grouped) heads and \(weights.queries.grouped) queries take more memory than there is: save fewer of them"
                ))
        }
    }
}

/// What stands in place of a family where no configuration is given.
struct GivenFamily: Family {
    static let name = "given maps"
    static let types: [String] = []
    let traits: ModelTraits

    init(_ traits: ModelTraits) { self.traits = traits }

    init(_ configuration: Configuration) throws(ModelError) {
        throw .family(file: configuration.file, name: Self.name, known: Families.types)
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture { Architecture() }
}

extension ModelTraits {
    /// What of a scenario needs more than weights; nil where masks alone can show it.
    package func obstacleOfMaps(to scenario: Scenario, model: String) -> ModelError? {
        let needing: [any Method] =
            [scenario.stateSelection, scenario.compression, scenario.kernel].compactMap { $0 } + scenario.ablations
        let memories = scenario.windows.filter { !$0.slotMemories.isEmpty }
        let position: [any Method] = scenario.position is RoPE ? [] : [scenario.position]
        guard let method = (position + needing + memories).first else { return nil }
        return .givenMaps(
            model: model,
            lacking: say(
                "\(method.spec) changes or reads what weights are made of: only windows and the keys of highest weight can be tried"
            ))
    }
}
