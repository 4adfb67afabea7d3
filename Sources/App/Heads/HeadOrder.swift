import RopewalkLens
import RopewalkModels
import RopewalkViews

/// What the panel of all heads sorts by.
package enum HeadOrder: Hashable, Sendable {
    /// A measure of the whole text: an index into `HeadScore.measures`.
    case measure(Int)
    /// The weight that the head gives the anchor from the cursor, and what that adds to its output.
    case weight, value
    /// How far it is from where it was: under a method, or in the model beside.
    case moved(HeadGrid.Measure)
    /// What the loss rises by without it.
    case ablation
    /// How far it copies answers of needle tests: retrieval by step.
    case copies

    static let all: [HeadOrder] = HeadScore.measures.indices.map { .measure($0) } + [.weight, .value]
    /// What is worked out only where somebody asks.
    static let numbers: [HeadOrder] = HeadGrid.Measure.allCases.map { .moved($0) } + [.ablation, .copies]

    /// The one after it, round and round.
    var next: HeadOrder {
        let place = Self.all.firstIndex(of: self) ?? 0
        return Self.all[(place + 1) % Self.all.count]
    }

    /// The measure of the text; 0 where it is about a place.
    var measure: Int {
        if case .measure(let index) = self { return index }
        return 0
    }

    var isAboutPlace: Bool { self == .weight || self == .value }
    var isNumber: Bool { Self.numbers.contains(self) }
}

/// What the heads give the place that is looked at, as far as it is known.
struct HeadsAtPlace: Sendable {
    private let order: HeadOrder
    private let sight: Sight
    private let shape: ModelShape?
    private let basis: Basis?
    /// Queries that are read.
    private let tokens: Int
    /// Selected tokens, and keys that stay together; nil: the cursor, and the key that is looked at.
    private let querySpan: TokenSpan?
    private let keySpan: TokenSpan?

    init(_ state: AppState) {
        order = state.heads.order
        sight = state.sight
        shape = state.shape
        basis = state.lens.map { Basis($0) }
        tokens = state.lens?.recording.tokens ?? 0
        querySpan = state.querySpan
        keySpan = state.keySpan
    }

    /// Nil where the heads are sorted by something else, or nothing is read yet.
    func ranking(_ answers: inout Answers) -> HeadsView.PlaceRanking? {
        guard order.isAboutPlace, let shape else { return nil }
        if querySpan != nil || keySpan != nil { return spanRanking(&answers) }
        guard let place = place(&answers) else { return nil }
        let weights = answers.answer(to: PlaceWeightsQuestion(place: place))
        var shares: [[PlaceShare]?] = []
        if order == .value || weights == nil {
            shares = (0..<shape.layers).map {
                answers.answer(whenKnown: PlaceSharesQuestion(place: place, layer: $0)) ?? nil
            }
        }
        func column(_ value: (PlaceShare) -> Float) -> [Float] {
            shares.flatMap { $0?.map(value) ?? [Float](repeating: .nan, count: shape.heads) }
        }
        return HeadsView.PlaceRanking(
            queries: TokenSpan(place.query), keys: TokenSpan([place.keys]) ?? TokenSpan(place.query),
            weights: weights ?? column(\.weight), byValue: column(\.byValue),
            sortsByValue: order == .value)
    }

    /// What the heads give several keys, or from several queries: the mean over the queries of the sums over the keys.
    private func spanRanking(_ answers: inout Answers) -> HeadsView.PlaceRanking? {
        guard let basis, let queries = querySpan ?? sight.place.map({ TokenSpan($0.query) }),
            let keys = keySpan ?? sight.key(&answers).map({ TokenSpan($0) }),
            let shares = answers.answer(
                deepening: SpanSharesQuestion(
                    basis: basis, queries: queries, keys: keys, withValues: order == .value))
        else { return nil }
        return HeadsView.PlaceRanking(
            queries: queries, keys: keys, weights: shares.meanWeights, byValue: shares.meanValues,
            sortsByValue: order == .value)
    }

    /// The cursor and the key that is looked at; where that key comes later in a causal text, it is the one that reads.
    private func place(_ answers: inout Answers) -> PlaceAsked? {
        guard let basis, let cursor = sight.place?.query, let keyEnd = sight.keyEnd, let key = sight.key(&answers)
        else { return nil }
        if key < keyEnd { return PlaceAsked(basis: basis, query: cursor, keys: key..<key + 1) }
        return key < tokens ? PlaceAsked(basis: basis, query: key, keys: cursor..<cursor + 1) : nil
    }
}
