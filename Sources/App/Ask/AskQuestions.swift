import Foundation
import RopewalkLens
import RopewalkModels
import RopewalkViews

/// One key of a query: what it weighs, and what it adds to the head's output.
struct AskedKey: Equatable, Sendable {
    let token: Int
    let weight: Float
    /// Weight · |value| of the same over all keys.
    let byValue: Float
}

/// The strongest keys of a query; those that are no words of the text stand apart.
struct TopKeys: Equatable, Sendable {
    var words: [AskedKey] = []
    /// Sinks of the head and special tokens.
    var apart: [AskedKey] = []
    let sinks: Set<Int>
    /// Of all that stands apart, listed or not.
    var apartWeight: Float = 0
    var apartValue: Float = 0
    /// How widely the query looks: −Σ w ln w over all keys.
    var nats: Double = 0
}

/// The strongest keys of a query, sorted.
struct TopKeysQuestion: Question {
    let place: HeadQuery
    let order: AskOrder
    let scores: HeadScoresQuestion

    /// A list of more lines than that nobody reads.
    static let most = 200

    func answer(_ witness: Witness, _ answers: inout Answers) -> TopKeys? {
        guard let lens = witness.lens(place.basis), let row = answers.answer(to: RowQuestion(place: place)) else {
            return nil
        }
        let shares = lens.valueShares(of: row)
        guard shares.count == row.weights.count else { return nil }
        let sinks = answers.answer(to: HeadSinksQuestion(scores: scores, layer: place.layer, head: place.head))
        let special = answers.answer(to: SpecialKeysQuestion(run: scores.run, kind: scores.kind))
        let isApart = sinks.union(special).filter { $0 < row.weights.count }
        var words = order == .value ? shares : row.weights
        var apart = [Float](repeating: 0, count: words.count)
        for token in isApart { (apart[token], words[token]) = (words[token], 0) }
        func keys(_ values: [Float]) -> [AskedKey] {
            let tokens = TopTokens.highest(Self.most, in: values).map(\.token)
            return (order == .place ? tokens.sorted(by: >) : tokens).map {
                AskedKey(token: $0, weight: row.weights[$0], byValue: shares[$0])
            }
        }
        return TopKeys(
            words: keys(words), apart: keys(apart), sinks: sinks,
            apartWeight: isApart.reduce(0) { $0 + row.weights[$1] },
            apartValue: isApart.reduce(0) { $0 + shares[$1] },
            nats: row.weights.reduce(0) { $1 > 0 ? $0 - Double($1) * log(Double($1)) : $0 })
    }
}

/// Keys that a head rests on, wherever they stand.
struct HeadSinksQuestion: Question {
    let scores: HeadScoresQuestion
    let layer: Int
    let head: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> Set<Int> {
        witness.lens?.sinkKeys(layer: layer, head: head) ?? []
    }
}

/// The special tokens among the keys of a run, read or not.
struct SpecialKeysQuestion: Question {
    let run: UInt64
    let kind: String

    func answer(_ witness: Witness, _ answers: inout Answers) -> Set<Int> {
        guard let ids = witness.lens?.recording.keyIDs, let tokenizer = witness.model?.tokenizer else { return [] }
        let special = Set(Set(ids).filter { tokenizer.isSpecial(Int($0)) })
        return Set(ids.indices.filter { special.contains(ids[$0]) })
    }
}

/// What all queries give one key; nil in a preview, which does not know their sums.
struct ColumnQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int
    let key: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> AttentionColumn? {
        witness.lens(basis)?.attentionColumn(layer: layer, head: head, key: key)
    }
}

/// What the model expects after a token: a product with the whole vocabulary. Nil where no run knows.
struct NextTokensQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let query: Int

    static let count = 20

    func answer(_ witness: Witness, _ answers: inout Answers) -> NextTokens? {
        guard let lens = witness.lens(basis), lens.basis == .exact else { return nil }
        return witness.model(basis)?.nextTokens(after: query, in: lens.recording, count: Self.count)
    }
}

/// What the model lost on every token of the text.
struct SurprisesQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage

    func answer(_ witness: Witness, _ answers: inout Answers) -> Surprises? {
        guard let lens = witness.lens(basis), lens.basis == .exact else { return nil }
        return Surprises(lens.recording.negativeLogLikelihood)
    }
}
