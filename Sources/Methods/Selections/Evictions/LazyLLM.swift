import RopewalkPhrases

/// Layer by layer fewer tokens: those to which the present token pays the least attention are left out above.
package struct LazyLLM: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "lazyllm", family: .selection, title: "LazyLLM pruning by layer",
        summary:
            "After each layer the tokens to which the present token pays the least attention, averaged over the heads, are "
            + "left out of the layers above for this step; the next token starts from all again. Every token is a step, and "
            + "what was left out is taken as computed before (the method's auxiliary cache).",
        source: "Fu et al., LazyLLM, 2024 (arXiv 2407.14057); the shares are ours, 0.9 a layer after a later "
            + "implementation",
        parameters: [
            ParameterDescription(
                "keep", meaning: "share of the tokens kept after each layer", default: 0.9, range: 0...1),
            .count("dense-layers", "first layers after which nothing is left out", unit: "layers", default: 1, from: 0),
        ],
        lists: [
            ListDescription(
                "ratios", meaning: "share kept after layer 0, 1, 2 ... in place of the two; the last one goes on",
                range: 0...1)
        ],
        flops: "4·N²/2·d·(share of tokens in the layer) a head",
        memory: "2·N·d numbers a key/value head, and N hidden states a layer in the auxiliary cache")

    package let keep: Double
    package let denseLayers: Int
    package let ratios: [Double]

    package init(keep: Double, denseLayers: Int, ratios: [Double] = []) {
        self.keep = keep
        self.denseLayers = denseLayers
        self.ratios = ratios
    }

    package init(values: [Double]) { self.init(values: values, lists: [[]]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(keep: values[0], denseLayers: Int(values[1]), ratios: lists.first ?? [])
    }
    package var values: [Double] { [keep, Double(denseLayers)] }
    package var lists: [[Double]] { [ratios] }

    package var sharing: HeadSharing { .layer }

    /// The share of tokens that is kept after a layer.
    package func ratio(afterLayer layer: Int) -> Double {
        if ratios.indices.contains(layer) { return ratios[layer] }
        return ratios.last ?? (layer < denseLayers ? 1 : keep)
    }

    /// The tokens that go on to the next layer, ascending: ⌊(1 − keep)·count⌋ with the lowest importance are left out,
    /// of equal ones the last; the last token always stays.
    ///
    /// - Parameter importance: Attention of the last token. [tokens.count]
    package static func kept(tokens: [Int], importance: [Double], keep: Double) -> [Int] {
        guard let last = tokens.last else { return [] }
        let staying = tokens.count - removed(of: tokens.count, keep: keep)
        let others = HighestScores.indices(staying - 1, of: importance.dropLast().map { $0 })
        return others.map { tokens[$0] } + [last]
    }

    /// ⌊(1 − keep)·count⌋; 1 − 0.9 is a little under 0.1, which must not cost a token.
    static func removed(of count: Int, keep: Double) -> Int { Int((1 - keep) * Double(count) + 1e-9) }

    func chooser(for place: HeadPlace, states: any LayerStates) -> LazyLLMChooser {
        LazyLLMChooser(method: self, layer: place.layer, states: states)
    }
}

struct LazyLLMChooser: QueryChooser {
    let method: LazyLLM
    let layer: Int
    let states: any LayerStates

    mutating func choice(for query: Int) -> KeyChoice {
        var tokens = Array(0...query)
        /// By token: the layer after which it was left out. [token]
        var leftAfter = [Int32](repeating: -1, count: query + 1)
        /// By layer: the lowest weight of a token that stayed.
        var cuts: [Int: Double] = [:]
        for below in 0..<layer {
            let ratio = method.ratio(afterLayer: below)
            guard ratio < 1 else { continue }
            guard let states = states.states(ofLayer: below) else {
                return .dense(query: query, because: say("the layers below, which decide, are not at hand"))
            }
            let importance = states.meanWeights(query: query, keys: KeyRanges(ascending: tokens))
            let kept = LazyLLM.kept(tokens: tokens, importance: importance, keep: ratio)
            var next = 0
            for (token, weight) in zip(tokens, importance) {
                if next < kept.count, kept[next] == token {
                    next += 1
                    if token != query { cuts[below] = min(cuts[below] ?? weight, weight) }
                } else {
                    leftAfter[token] = Int32(below)
                }
            }
            tokens = kept
        }
        let keys = KeyRanges(ascending: tokens)
        return KeyChoice(query: query, keys: keys) { [leftAfter, cuts, layer, count = tokens.count] key in
            if key == query { return .inWindow(query: query, key: key, window: 1) }
            let left = Int(leftAfter[key])
            guard left >= 0 else {
                return VisibilityReason(
                    .selected, say("kept: one of \(count.grouped) tokens that reach layer \(layer.grouped)"))
            }
            let least = cuts[left].map { say("; the least kept has \($0.short)") } ?? ""
            return VisibilityReason(
                .notSelected,
                say(
                    """
                    left out after layer \(left.grouped): among the lowest weights, averaged over the \
                    heads\(least)
                    """))
        }
    }
}
