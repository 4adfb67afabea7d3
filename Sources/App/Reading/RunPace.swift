import Foundation
import RopewalkModels

/// How long a run takes: every token costs something, and something more for each key before it.
///
/// The seconds up to n tokens are taken for a · (n + ρ n² / 2). What operations say of ρ is where the search begins; what
/// the chunks took moves it, the more of them there are.
package struct RunPace: Equatable, Sendable {
    /// When so many tokens were recorded.
    private struct Point: Equatable, Sendable {
        let tokens: Int
        let seconds: Double
    }

    /// What a key costs, in what a token costs beside its keys: ρ before anything was measured.
    private let ratio: Double
    private var points: [Point]

    /// How much a ρ is worth that is e times another than operations say, in squared relative errors of chunks.
    private static let trust = 0.1

    /// - Parameters:
    ///   - ratio: from `ratio(of:)`; 0 where every token costs the same.
    ///   - first: tokens that were recorded before the run.
    package init(ratio: Double = 0, first: Int = 0) {
        self.ratio = ratio
        points = [Point(tokens: first, seconds: 0)]
    }

    /// The same before anything is measured, behind tokens that are recorded.
    func after(_ first: Int) -> RunPace { RunPace(ratio: ratio, first: first) }

    /// A token is multiplied with every parameter, and its queries and weights with every key and value: as many
    /// operations take about half the time there (books-4m over 41,656 tokens).
    package static func ratio(of model: Model) -> Double {
        let shape = model.shape
        return Double(shape.layers * shape.heads * shape.headDimension) / Double(max(1, model.parameters))
    }

    package mutating func note(tokens: Int, seconds: Double) {
        guard let last = points.last, tokens > last.tokens, seconds > last.seconds else { return }
        points.append(Point(tokens: tokens, seconds: seconds))
    }

    /// Nil before the first chunk.
    package func seconds(from start: Int, to end: Int) -> Double? {
        guard points.count > 1 else { return nil }
        let best = candidates.map { ($0, fit($0)) }.min { $0.1.error < $1.1.error }
        return best.map { ratio, fit in fit.cost * (Self.work(end, ratio) - Self.work(start, ratio)) }
    }

    /// From an eighth of what operations say to eight times that.
    private var candidates: [Double] { ratio > 0 ? (-12...12).map { ratio * pow(2, Double($0) / 4) } : [0] }

    private static func work(_ tokens: Int, _ ratio: Double) -> Double {
        let tokens = Double(tokens)
        return tokens + ratio * tokens * tokens / 2
    }

    /// a for a ρ by least squares of relative errors, and what speaks against that ρ.
    private func fit(_ ratio: Double) -> (cost: Double, error: Double) {
        // The first chunk also reads the weights from the disk; where there are others, it does not count.
        let steps = zip(points, points.dropFirst()).dropFirst(points.count > 2 ? 1 : 0).map { before, after in
            (Self.work(after.tokens, ratio) - Self.work(before.tokens, ratio)) / (after.seconds - before.seconds)
        }
        let squares = steps.reduce(0) { $0 + $1 * $1 }
        let cost = squares > 0 ? steps.reduce(0, +) / squares : 0
        let error = steps.reduce(0) { $0 + pow(1 - cost * $1, 2) }
        let distance = ratio > 0 ? log(ratio / self.ratio) : 0
        return (cost, error + Self.trust * distance * distance)
    }
}
