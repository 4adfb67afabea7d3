import Foundation

/// Draws one token after the other from what a model expects.
///
/// The order is that of transformers' `generate`: temperature, then top-k, top-p and min-p, each on what the one before it has
/// left, made to be 1 in all.
public struct Sampler: Sendable {
    /// A token that may be drawn.
    public struct Candidate: Equatable, Sendable {
        /// Its id.
        public let id: Int32
        /// Of all that may be drawn, 1.
        public let probability: Double
    }

    /// As given.
    public let settings: SamplingSettings
    private var random: RandomNumbers

    /// - Throws: `GenerationError.setting` for what is outside of what it takes.
    public init(_ settings: SamplingSettings = .greedy) throws(GenerationError) {
        try settings.check()
        self.settings = settings
        random = RandomNumbers(seed: settings.seed)
    }

    /// The next token; nil for no logits, or where one of them is NaN or none is above −infinity.
    /// - Parameter logits: a number for every token of the vocabulary.
    public mutating func next(_ logits: [Float]) -> Int32? {
        if settings.isGreedy { return Self.highest(logits) }
        let candidates = distribution(logits)
        guard let last = candidates.last else { return nil }
        var rest = random.fraction()
        for candidate in candidates {
            rest -= candidate.probability
            if rest < 0 { return candidate.id }
        }
        // What rounding has left.
        return last.id
    }

    /// The first token with the highest logit.
    private static func highest(_ logits: [Float]) -> Int32? {
        var best: Int?
        for (id, logit) in logits.enumerated() {
            if logit.isNaN { return nil }
            if logit > best.map({ logits[$0] }) ?? -.infinity { best = id }
        }
        return best.map { Int32($0) }
    }

    /// All tokens that may be drawn, the most probable first, of equal ones the first; empty where nothing can be.
    public func distribution(_ logits: [Float]) -> [Candidate] {
        guard let best = Self.highest(logits) else { return [] }
        if settings.isGreedy { return [Candidate(id: best, probability: 1)] }
        let highest = Double(logits[Int(best)])
        guard highest.isFinite else { return [Candidate(id: best, probability: 1)] }
        var left = candidates(logits, highest: highest)
        if let minP = settings.minP {
            // Both sides of what transformers compares have the same divisor.
            let least = minP * (left.first?.probability ?? 0)
            left = left.filter { $0.probability >= least }
        }
        let sum = left.reduce(0) { $0 + $1.probability }
        return left.map { Candidate(id: $0.id, probability: $0.probability / sum) }
    }

    /// What temperature, top-k and top-p leave, in order, as shares of the highest.
    private func candidates(_ logits: [Float], highest: Double) -> [Candidate] {
        let temperature = settings.temperature
        var all = logits.enumerated().map { id, logit in
            Candidate(id: Int32(id), probability: exp((Double(logit) - highest) / temperature))
        }
        if let topK = settings.topK, topK < all.count {
            let least = Self.kth(topK, of: logits)
            all = all.filter { logits[Int($0.id)] >= least }
        }
        let total = all.reduce(0) { $0 + $1.probability }
        // What is 0 is never drawn, and most of a vocabulary is at a low temperature.
        all = all.filter { $0.probability > 0 }
        all.sort { ($1.probability, $0.id) < ($0.probability, $1.id) }
        guard let topP = settings.topP, topP < 1 else { return all }
        // A token stays where those before it do not make up top-p: with it they do, or come nearer.
        var before = 0.0
        var count = 0
        for candidate in all {
            guard count == 0 || before < topP * total else { break }
            before += candidate.probability
            count += 1
        }
        return Array(all.prefix(count))
    }

    /// The k-th highest of some numbers.
    private static func kth(_ k: Int, of logits: [Float]) -> Float {
        var lowest = Heap()
        for logit in logits { lowest.offer(logit, keeping: k) }
        return lowest.lowest
    }
}

/// The highest of many numbers, the lowest of them on top.
private struct Heap {
    private var numbers: [Float] = []

    var lowest: Float { numbers.first ?? -.infinity }

    mutating func offer(_ number: Float, keeping count: Int) {
        if numbers.count < count {
            numbers.append(number)
            rise()
        } else if number > numbers[0] {
            numbers[0] = number
            sink()
        }
    }

    private mutating func rise() {
        var place = numbers.count - 1
        while place > 0, numbers[place] < numbers[(place - 1) / 2] {
            numbers.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < numbers.count && numbers[child] < numbers[least] { least = child }
            if least == place { return }
            numbers.swapAt(place, least)
            place = least
        }
    }
}
