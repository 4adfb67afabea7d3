import RopewalkKernels
import RopewalkModels

/// How much can come to a token's state from each token through several layers, if no layer hands on more of a token than its
/// heads read of it on the mean (attention flow, Abnar and Zuidema 2020): the maximum flow through ½ I + ½ mean over heads as
/// capacities. Among some tokens alone; what reads others leaves them. A bound on what paths carry, not a measure of influence.
package struct AttentionFlow: Equatable, Sendable {
    /// Tokens that are followed at most: each key of a row is a flow of its own through all pairs.
    package static let tokenLimit = 128

    /// Tokens that are followed.
    package let count: Int
    /// What a layer hands on, the lowest first. [layer][query · count + key]
    let capacities: [[Double]]

    /// - Parameter means: what queries give keys, the mean over the heads, the lowest layer first. [layer][query · count + key]
    init(means: [[Double]], count: Int) {
        self.count = count
        capacities = means.map { layer in
            layer.enumerated().map { index, weight in
                0.5 * max(0, weight) + (index / count == index % count ? 0.5 : 0)
            }
        }
    }

    /// The most that can come from each token to one, at most 1 each; several at a time may not have as much. [token]
    package func flows(to query: Int) -> [Double] {
        guard (0..<count).contains(query), !capacities.isEmpty else { return [] }
        return Workers().map(count) { key in
            var network = FlowNetwork(capacities, count: count, source: query, sink: key)
            return network.maximum()
        }
    }

    /// Those flows as shares of their sum. [token]
    package func shares(to query: Int) -> [Double] {
        let flows = flows(to: query)
        let sum = flows.reduce(0, +)
        return flows.map { sum > 0 ? $0 / sum : 0 }
    }
}

/// A network whose nodes are the tokens between layers: the source is a token above the last layer, the sink one below the
/// first. Dinic's algorithm: as long as paths are left, those of the fewest steps are filled.
private struct FlowNetwork {
    /// Less is nothing: weights are float32.
    private static let least = 1e-12

    private let count: Int
    private let layers: Int
    private let source: Int
    private let sink: Int
    /// What is left from a token above a layer to one below it, and what could be taken back. [layer][upper · count + lower]
    private var down: [[Double]]
    private var up: [[Double]]
    /// Steps from the source; −1 where nothing leads. [floor · count + token], floor 0 below the first layer
    private var steps: [Int] = []
    /// The neighbour that is tried next, those below before those above. [floor · count + token]
    private var tried: [Int] = []

    init(_ capacities: [[Double]], count: Int, source: Int, sink: Int) {
        self.count = count
        layers = capacities.count
        self.source = layers * count + source
        self.sink = sink
        down = capacities
        up = capacities.map { $0.map { _ in 0 } }
    }

    mutating func maximum() -> Double {
        var total = 0.0
        while findSteps() {
            tried = Array(repeating: 0, count: steps.count)
            while let added = fill() { total += added }
        }
        return total
    }

    /// What is left from a node to its neighbour, and the neighbour's node; nil for the neighbours that a floor has not.
    private func edge(_ node: Int, _ neighbour: Int) -> (to: Int, left: Double)? {
        let (floor, token) = (node / count, node % count)
        if neighbour < count {
            // Below the first layer only the sink leads anywhere.
            guard floor > 0, floor > 1 || neighbour == sink else { return nil }
            return ((floor - 1) * count + neighbour, down[floor - 1][token * count + neighbour])
        }
        let other = neighbour - count
        guard floor < layers else { return nil }
        return ((floor + 1) * count + other, up[floor][other * count + token])
    }

    private mutating func findSteps() -> Bool {
        steps = Array(repeating: -1, count: (layers + 1) * count)
        steps[source] = 0
        var queue = [source]
        var next = 0
        while next < queue.count, steps[sink] < 0 {
            let node = queue[next]
            next += 1
            for neighbour in 0..<2 * count {
                guard let (to, left) = edge(node, neighbour), left > Self.least, steps[to] < 0 else { continue }
                steps[to] = steps[node] + 1
                queue.append(to)
            }
        }
        return steps[sink] >= 0
    }

    /// Fills one path of the fewest steps; nil where none is left.
    private mutating func fill() -> Double? {
        var path = [source]
        while let node = path.last, node != sink {
            var isLed = false
            while tried[node] < 2 * count {
                if let (to, left) = edge(node, tried[node]), left > Self.least, steps[to] == steps[node] + 1 {
                    path.append(to)
                    isLed = true
                    break
                }
                tried[node] += 1
            }
            guard !isLed else { continue }
            path.removeLast()
            guard let before = path.last else { return nil }
            tried[before] += 1
        }
        let pairs = Array(zip(path, path.dropFirst()))
        let added = pairs.reduce(Double.infinity) { min($0, left($1.0, $1.1)) }
        for (from, to) in pairs { take(added, from, to) }
        return added
    }

    private func left(_ from: Int, _ to: Int) -> Double {
        edge(from, to < from - from % count ? to % count : count + to % count)?.left ?? 0
    }

    private mutating func take(_ amount: Double, _ from: Int, _ to: Int) {
        let goesDown = to / count < from / count
        let (upper, lower) = goesDown ? (from, to) : (to, from)
        let place = upper % count * count + lower % count
        down[lower / count][place] += goesDown ? -amount : amount
        up[lower / count][place] += goesDown ? amount : -amount
    }
}

extension Lens {
    /// What the layers up to `top` hand on among some tokens; nil where there are too many, or a layer has no rows of them.
    package func attentionFlow(tokens: Range<Int>, top: Int, byValue: Bool) -> AttentionFlow? {
        guard recording.kind != .cross, (0..<shape.layers).contains(top), !tokens.isEmpty, tokens.lowerBound >= 0,
            tokens.upperBound <= recording.tokens, tokens.count <= AttentionFlow.tokenLimit,
            (0...top).allSatisfy(recording.hasAttention), !(byValue && recording.given != nil)
        else { return nil }
        var means: [[Double]] = []
        for layer in 0...top {
            var mean = [Double](repeating: 0, count: tokens.count * tokens.count)
            for head in 0..<shape.heads {
                guard addShares(layer: layer, head: head, tokens: tokens, byValue: byValue, to: &mean) else {
                    return nil
                }
            }
            means.append(mean.map { $0 / Double(shape.heads) })
        }
        return AttentionFlow(means: means, count: tokens.count)
    }

    private func addShares(
        layer: Int, head: Int, tokens: Range<Int>, byValue: Bool, to sums: inout [Double]
    ) -> Bool {
        let count = Self.queriesOfStep(keys: keyEnd(tokens.upperBound - 1))
        for start in stride(from: tokens.lowerBound, to: tokens.upperBound, by: count) {
            let queries = Array(start..<min(start + count, tokens.upperBound))
            guard
                let shares = givenShares(layer: layer, head: head, queries: queries, keys: tokens, byValue: byValue)
            else { return false }
            for (query, row) in zip(queries, shares) {
                let place = (query - tokens.lowerBound) * tokens.count
                for (key, share) in row.enumerated() { sums[place + key] += Double(share) }
            }
        }
        return true
    }
}
