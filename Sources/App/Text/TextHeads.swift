import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// Which heads the text is painted by.
package enum TextHeads: String, CaseIterable, Hashable, Sendable {
    /// The one that is looked at.
    case one
    /// All of its layer, or of all layers: the mean of their weights, or the highest.
    case layerMean, layerMax, allMean, allMax

    var isWholeModel: Bool { self == .allMean || self == .allMax }
    var isHighest: Bool { self == .layerMax || self == .allMax }
}

/// What the heads of one layer give a place, in a row or a column.
struct PooledHeadsQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    /// Where the sinks of the heads come from; nil where these count too.
    let scores: HeadScoresQuestion?
    let layer: Int
    /// A query, or for a column a key.
    let token: Int
    let isColumn: Bool

    func answer(_ witness: Witness, _ answers: inout Answers) -> PooledWeights? {
        guard let lens = witness.lens(basis) else { return nil }
        var sinks: [Set<Int>] = []
        if let scores {
            sinks = answers.answer(to: SinkKeysQuestion(scores: scores, layer: layer))
        }
        return isColumn
            ? lens.pooledColumn(layer: layer, key: token, leavingOut: sinks)
            : lens.pooledRow(layer: layer, query: token, leavingOut: sinks)
    }
}

/// The same of several queries or keys, head after head.
struct PooledSpanQuestion: LensQuestion {
    typealias Answer = PooledSpan

    let basis: Basis
    let stage: RecordingStage
    /// Where the sinks of the heads come from; nil where these count too.
    let scores: HeadScoresQuestion?
    let layers: Range<Int>
    let span: TokenSpan
    let isColumn: Bool

    func begin(_ answers: inout Answers) -> PooledSpan {
        var sinks: [[Set<Int>]] = []
        if let scores {
            sinks = layers.map { answers.answer(to: SinkKeysQuestion(scores: scores, layer: $0)) }
        }
        return PooledSpan(span, isColumn: isColumn, layers: layers, leavingOut: sinks)
    }

    func extend(_ answer: inout PooledSpan, by lens: Lens) { lens.extend(&answer) }
}

/// Which heads are taken together, and what their answers stand on.
struct HeadsPool: Sendable {
    private let heads: TextHeads
    private let layers: Range<Int>
    private let basis: Basis
    private let stage: RecordingStage
    /// Nil where the sinks of the heads count too.
    private let scores: HeadScoresQuestion?

    /// Nil where one head is looked at, or nothing is read.
    /// - Parameter isSecond: of the second model, whose sinks are not known
    init?(_ state: AppState, lens: Lens?, layer: Int, isSecond: Bool = false) {
        guard state.appearance.heads != .one, let lens else { return nil }
        heads = state.appearance.heads
        layers = heads.isWholeModel ? 0..<lens.recording.shape.layers : layer..<layer + 1
        basis = Basis(lens, ofSecond: isSecond)
        stage = RecordingStage(lens.recording)
        scores = state.appearance.sinksLeftOut > 0 && !isSecond ? HeadScoresQuestion(lens.recording) : nil
    }

    /// What they give the keys of a query, or the queries of a key, as far as it is worked out; nil where nothing is.
    func weights(of token: Int, isColumn: Bool, _ answers: inout Answers) -> PooledHeads? {
        var pooled: PooledWeights?
        var known = 0
        for layer in layers {
            let question = PooledHeadsQuestion(
                basis: basis, stage: stage, scores: scores, layer: layer, token: token, isColumn: isColumn)
            guard let answer = answers.answer(whenKnown: question), let weights = answer else { continue }
            known += 1
            if pooled == nil { pooled = weights } else { pooled?.add(weights) }
        }
        return pooled.map {
            PooledHeads(
                first: $0.first, weights: heads.isHighest ? $0.highest : $0.mean,
                title: title($0.heads, known: known))
        }
    }

    /// The same of several tokens: what a head gives from them is the mean, what it gives them the sum.
    func weights(of span: TokenSpan, isColumn: Bool, _ answers: inout Answers) -> PooledHeads? {
        let pooled = answers.answer(
            deepening: PooledSpanQuestion(
                basis: basis, stage: stage, scores: scores, layers: layers, span: span, isColumn: isColumn))
        guard let weights = pooled.weights else { return nil }
        return PooledHeads(
            first: 0, weights: heads.isHighest ? weights.highest : weights.mean,
            title: title(weights.heads, known: pooled.isComplete ? layers.count : pooled.layersDone))
    }

    /// "mean of 8 heads of L3"; where there are more, how many so far.
    private func title(_ count: Int, known: Int) -> String {
        let pool = heads.isHighest ? say("highest of ") : say("mean of ")
        let sinks = scores == nil ? "" : say(" without their sinks")
        if known < layers.count {
            let part = layers.count > 1 ? say(" (\(known) of \(layers.count) layers)") : ""
            return pool + say("\(Figures.count(count, "head")) so far") + part + sinks
        }
        let all = say("all \(count.grouped) heads")
        return pool + (heads.isWholeModel ? all : say("\(Figures.count(count, "head")) of L\(layers.lowerBound)"))
            + sinks
    }
}

/// What several heads together give a place.
struct PooledHeads: Sendable {
    let first: Int
    /// [token − first]
    let weights: [Float]
    /// Which heads they are, and how they are taken together.
    let title: String
}
