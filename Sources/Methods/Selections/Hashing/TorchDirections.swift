import Foundation
import Synchronization

/// The directions that torch draws on a processor after `manual_seed`, for a layer whose heads each have their own.
///
/// float32 numbers in the order [head, dimension, round, direction]: uniform ones of 24 bits from MT19937, of which blocks
/// of 16 become normal ones by Box and Muller's transform, 8 radii with 8 angles.
package final class TorchDirections: Sendable, Equatable {
    package let seed: UInt32
    package let heads: Int

    private struct Drawn {
        let dimension: Int
        let rounds: Int
        let each: Int
        let numbers: [Float]
    }
    private let kept = Mutex<Drawn?>(nil)

    package init(seed: UInt32, heads: Int) {
        self.seed = seed
        self.heads = heads
    }

    package static func == (a: TorchDirections, b: TorchDirections) -> Bool { a.seed == b.seed && a.heads == b.heads }

    /// [direction][dimension]
    func directions(head: Int, round: Int, dimension: Int, method: LSHAttention) -> [[Double]] {
        let each = method.buckets / 2 + (method.factor > 1 ? method.factor / 2 : 0)
        let numbers = numbers(dimension: dimension, rounds: method.rounds, each: each)
        return (0..<each).map { direction in
            (0..<dimension).map { i in
                Double(numbers[((head * dimension + i) * method.rounds + round) * each + direction])
            }
        }
    }

    private func numbers(dimension: Int, rounds: Int, each: Int) -> [Float] {
        kept.withLock { kept in
            if let kept, kept.dimension == dimension, kept.rounds == rounds, kept.each == each { return kept.numbers }
            let numbers = Self.normal(heads * dimension * rounds * each, seed: seed)
            kept = Drawn(dimension: dimension, rounds: rounds, each: each, numbers: numbers)
            return numbers
        }
    }

    /// What `torch.randn` gives for so many numbers, at least 16; fewer are drawn as part of 16.
    package static func normal(_ count: Int, seed: UInt32) -> [Float] {
        var random = LegacyRandom(seed: seed)
        func uniform() -> Float { Float(random.next() & 0xFF_FFFF) / 16_777_216 }
        let size = max(16, count)
        var numbers = (0..<size).map { _ in uniform() }
        for start in stride(from: 0, through: size - 16, by: 16) { fill(&numbers, start) }
        if size % 16 != 0 {
            // The last 16 are drawn anew, so that they are a whole block.
            for i in size - 16..<size { numbers[i] = uniform() }
            fill(&numbers, size - 16)
        }
        return Array(numbers.prefix(count))
    }

    private static func fill(_ numbers: inout [Float], _ start: Int) {
        for i in start..<start + 8 {
            let radius = (-2 * log(1 - numbers[i])).squareRoot()
            let angle = 2 * Float.pi * numbers[i + 8]
            (numbers[i], numbers[i + 8]) = (radius * cos(angle), radius * sin(angle))
        }
    }
}
