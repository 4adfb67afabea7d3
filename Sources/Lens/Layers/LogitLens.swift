import Foundation
import RopewalkModels
import RopewalkPhrases

/// What a model would predict after a token if it ended after each of its blocks (nostalgebraist 2020): its last norm and its
/// head on the states between the blocks, as far as they are worked out.
package struct LogitLens: Sendable {
    /// After so many blocks.
    package struct Row: Equatable, Sendable {
        /// 0 for the embedding alone.
        package let blocks: Int
        package let next: NextTokens
    }

    package enum Problem: Equatable, Sendable {
        /// Why the model has none.
        case refused(String)
        /// The last state is not the recorded one, by this share of its length.
        case differs(Float)
    }

    private(set) var replay: TokenReplay?
    package private(set) var rows: [Row] = []
    /// Nil where rows can be trusted, or are not all there yet.
    package private(set) var problem: Problem?
    /// Blocks of the model.
    package let blocks: Int
    private let count: Int

    /// How far the last state may be from the recorded one: products of one row add up in another order.
    static let tolerance: Float = 2e-3

    init(_ replay: TokenReplay?, blocks: Int, count: Int, problem: Problem?) {
        self.replay = replay
        self.blocks = blocks
        self.count = count
        self.problem = problem
    }

    package var isComplete: Bool { problem != nil || rows.count > blocks }

    /// Takes one of two steps: the next block, or what the head makes of the state before it.
    mutating func extend(_ lens: Lens) {
        guard !isComplete, var replay else { return }
        if rows.count < replay.states.count {
            guard let logProbabilities = replay.logProbabilities(after: rows.count) else {
                return problem = .refused(say("the model has no language head"))
            }
            let next = NextTokens(
                logProbabilities: logProbabilities, after: replay.token, ids: lens.recording.ids, count: count)
            rows.append(Row(blocks: rows.count, next: next))
            return
        }
        guard let context = lens.context(layer: replay.block, query: replay.token) else {
            return problem = .refused(say("what the heads give is not known"))
        }
        replay.step(context: context)
        self.replay = replay
        if let deviation = replay.deviation(from: lens.recording), !(deviation <= Self.tolerance) {
            (problem, rows) = (.differs(deviation), [])
        }
    }
}

extension Lens {
    /// What all heads of a layer give a query, one after the other; nil where it is not recorded. [head · dimension]
    func context(layer: Int, query: Int) -> [Float]? {
        let outputs = workers.map(shape.heads) { head -> [Float] in
            guard let rows = FullRows(self, layer: layer, head: head, queries: [query]) else { return [] }
            return output(rows, row: 0, layer: layer, head: head)
        }
        return outputs.contains(where: \.isEmpty) ? nil : outputs.flatMap { $0 }
    }

    /// Nothing is known yet; nil for a preview, and where the token is not recorded.
    /// - Parameter count: candidates of each row
    package func logitLens(of model: Model, token: Int, count: Int) -> LogitLens? {
        guard basis == .exact, hasWholeModel, (0..<recording.tokens).contains(token) else { return nil }
        let replay = TokenReplay(of: token, in: recording, model: model, threads: workers.count)
        let why =
            model.replayObstacle ?? (replay == nil ? say("the states of \(model.name) cannot be made again") : nil)
        return LogitLens(replay, blocks: shape.layers, count: count, problem: why.map { .refused($0) })
    }

    package func extend(_ logitLens: inout LogitLens) { logitLens.extend(self) }
}
