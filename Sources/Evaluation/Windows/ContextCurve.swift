import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// What a contender loses on the same tokens with ever more context: where more of it stops helping.
package struct ContextCurve: Equatable, Sendable {
    package struct Point: Equatable, Sendable {
        /// Tokens of a window. A token has at least half as many before it, and fewer than so many.
        package let context: Int
        package let loss: LossSum

        package init(context: Int, loss: LossSum) { (self.context, self.loss) = (context, loss) }
    }

    /// Ascending by context.
    package let points: [Point]

    package init(points: [Point]) { self.points = points.sorted { $0.context < $1.context } }

    /// Mean loss with a context less that with the longest one, nats. [point]
    package var changes: [Double] {
        guard let full = points.last?.loss.mean else { return [] }
        return points.map { ($0.loss.mean ?? .nan) - full }
    }

    /// The shortest context that loses no more than `tolerance` nats to the best of the longer ones, itself included.
    package func enough(within tolerance: Double = 0.01) -> Int? {
        let means = points.map { $0.loss.mean ?? .infinity }
        let place = means.indices.first { place in
            means[place] - (means[place...].min() ?? .infinity) <= tolerance
        }
        return place.map { points[$0].context }
    }

    /// Whether a longer context was tried than the one that is enough: the longest of all has nothing that it could be held against.
    package func isEnoughKnown(within tolerance: Double = 0.01) -> Bool {
        guard let enough = enough(within: tolerance), let longest = points.last?.context else { return false }
        return enough < longest
    }

    /// Measures windows of every context over all tokens that have the longest one before them, so that all are of the same
    /// tokens.
    /// - Parameters:
    ///   - texts: token ids; those that are no longer than the longest context count for nothing
    ///   - contexts: tokens, at least 2 each
    ///   - borders: where the sentences and paragraphs of the texts begin; empty where no method asks
    ///   - progress: gets the tokens that are read so far, of `work`
    package static func measured(
        _ contender: Comparison.Contender, texts: [[Int32]], contexts: [Int],
        borders: [[TextUnit: PartBorders]] = [], threads: Int = 0,
        isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }, progress: (Int) -> Void = { _ in }
    ) throws(ModelError) -> ContextCurve {
        let longest = contexts.max() ?? 0
        let kept = texts.indices.filter { texts[$0].count > longest }
        var points: [Point] = []
        var done = 0
        for context in contexts {
            var windowed = WindowedLoss(
                texts: kept.map { texts[$0] }, size: context, stride: max(1, context / 2), threads: threads)
            windowed.borders = borders.count == texts.count ? kept.map { borders[$0] } : []
            windowed.isCancelled = isCancelled
            let losses = try windowed.losses(of: contender) { progress(done + $0) }
            var sum = LossSum()
            for text in losses {
                for loss in text.dropFirst(max(0, longest - 1)) where !loss.isNaN { sum.add(Double(loss)) }
            }
            points.append(Point(context: context, loss: sum))
            done += windowed.work
        }
        return ContextCurve(points: points)
    }

    /// Tokens that are read for one contender.
    package static func work(texts: [Int], contexts: [Int]) -> Int {
        let longest = contexts.max() ?? 0
        return contexts.reduce(0) { sum, context in
            texts.filter { $0 > longest }.reduce(sum) {
                $0 + SlidingWindows(tokens: $1, size: context, stride: max(1, context / 2)).work
            }
        }
    }
}
