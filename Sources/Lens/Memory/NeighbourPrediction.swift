import Foundation
import RopewalkMethods
import RopewalkModels

/// What followed the nearest states of a memory, mixed into what the model expects (kNN-LM).
///
/// As published a state is the input of the last feed-forward layer; here it is what the last norm leaves, which recordings
/// keep. How far states lie apart decides about everything, so distances can be divided by a temperature.
package struct NeighbourPrediction: Equatable, Sendable {
    package struct Candidate: Equatable, Sendable {
        /// Of the vocabulary.
        package let id: Int
        /// λ · memory + (1 − λ) · model.
        package let probability: Double
        package let memory: Double
        package let model: Double
    }

    package struct Neighbour: Equatable, Sendable {
        package let isOther: Bool
        /// The token whose state is near; the one behind it is what it stands for.
        package let token: Int
        /// Squared.
        package let distance: Float
        /// Of the neighbours' softmax.
        package let weight: Double
    }

    package let query: Int
    /// The nearest first.
    package let neighbours: [Neighbour]
    /// The most probable first.
    package let candidates: [Candidate]
    /// −ln p of the token that follows, of the mix and of the model alone, in nats; nil at the end of the text.
    package let losses: (mixed: Double, model: Double)?

    package static func == (a: NeighbourPrediction, b: NeighbourPrediction) -> Bool {
        (a.query, a.neighbours, a.candidates) == (b.query, b.neighbours, b.candidates)
            && a.losses?.mixed == b.losses?.mixed && a.losses?.model == b.losses?.model
    }
}

/// softmax(−squared distance / temperature), and what the next tokens get of it together.
struct NeighbourMix: Equatable, Sendable {
    let weights: [Double]
    let ofTokens: [Int: Double]

    /// - Parameters:
    ///   - distances: squared, at least one
    ///   - next: the token behind each neighbour
    init(distances: [Double], next: [Int], temperature: Double = 1) {
        let least = distances.min() ?? 0
        let exponentials = distances.map { exp(-($0 - least) / temperature) }
        let sum = exponentials.reduce(0, +)
        weights = exponentials.map { $0 / sum }
        ofTokens = zip(next, weights).reduce(into: [:]) { $0[$1.0, default: 0] += $1.1 }
    }

    /// λ · p of the neighbours + (1 − λ) · p of the model.
    func probability(of token: Int, model: Double, share: Double) -> Double {
        share * (ofTokens[token] ?? 0) + (1 - share) * model
    }
}

/// How neighbours of a state are looked for and mixed.
package struct NeighbourSettings: Hashable, Sendable {
    /// Neighbours that are looked at.
    package var count = 1024
    /// λ: the share of what followed them.
    package var share = 0.25
    package var temperature = 1.0
    package var hasOwnText = true

    package init() {}
}

extension Lens {
    /// What a memory expects after a token; nil where it is not recorded, nothing is predicted, or the memory is empty.
    /// - Parameters:
    ///   - other: another text, read by the same model
    ///   - limit: candidates at most
    package func neighbourPrediction(
        after query: Int, model: Model, settings: NeighbourSettings, other: Recording? = nil, limit: Int = 20
    ) -> NeighbourPrediction? {
        guard let state = recording.lastHidden(of: query).map({ Array($0) }),
            other.map({ $0.shape == shape }) ?? true,
            let own = model.logProbabilities(after: query, in: recording)
        else { return nil }
        var parts: [(recording: Recording, tokens: Int, isOther: Bool)] = []
        // What follows the query itself is not known yet.
        if settings.hasOwnText { parts.append((recording, query, false)) }
        if let other { parts.append((other, max(0, min(other.tokens, other.ids.count - 1)), true)) }
        let all = parts.flatMap { part -> [NeighbourPrediction.Neighbour] in
            workers.map(part.tokens) { token in
                NeighbourPrediction.Neighbour(
                    isOther: part.isOther, token: token,
                    distance: Self.square(state, part.recording.lastHidden(of: token) ?? []), weight: 0)
            }
        }
        let places = MemorizingTransformer.nearest(settings.count, scores: all.map { -Double($0.distance) })
            .sorted { (all[$0].distance, $0) < (all[$1].distance, $1) }
        guard !places.isEmpty else { return nil }
        let near = places.map { all[$0] }
        let next = near.map { Int(($0.isOther ? other ?? recording : recording).ids[$0.token + 1]) }
        let mix = NeighbourMix(
            distances: near.map { Double($0.distance) }, next: next, temperature: settings.temperature)
        func candidate(_ id: Int) -> NeighbourPrediction.Candidate {
            let p = exp(Double(own[id]))
            return NeighbourPrediction.Candidate(
                id: id, probability: mix.probability(of: id, model: p, share: settings.share),
                memory: mix.ofTokens[id] ?? 0, model: p)
        }
        let known = mix.ofTokens.keys.filter { own.indices.contains($0) }
        let likely = TopTokens.highest(limit, in: own, above: -.infinity).map(\.token)
        let candidates = Set(known + likely).map(candidate).sorted {
            ($1.probability, $0.id) < ($0.probability, $1.id)
        }
        let actual = query + 1 < recording.ids.count ? candidate(Int(recording.ids[query + 1])) : nil
        return NeighbourPrediction(
            query: query,
            neighbours: zip(near, mix.weights).map {
                NeighbourPrediction.Neighbour(
                    isOther: $0.isOther, token: $0.token, distance: $0.distance, weight: $1)
            }, candidates: Array(candidates.prefix(limit)),
            losses: actual.map { (-log($0.probability), -log($0.model)) })
    }

    private static func square(_ a: [Float], _ b: ArraySlice<Float>) -> Float {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}
