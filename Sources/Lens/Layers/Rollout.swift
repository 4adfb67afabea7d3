import RopewalkKernels
import RopewalkModels

/// Where a token's state comes from through several layers, if every layer were half what it was and half the mean of what its
/// heads read (attention rollout, Abnar and Zuidema 2020), among some tokens alone: what reads others leaves them, and is not
/// followed. A heuristic about weights, not a measure of influence.
package struct Rollout: Equatable, Sendable {
    package let query: Int
    /// The tokens that are followed.
    package let tokens: Range<Int>
    /// From this layer down to layer 0.
    package let top: Int
    /// Whether weights count by the length of the value that they stand for: weight · |value| of the same over all keys.
    package let byValue: Bool
    /// What has come to each token by now. [token − first]
    private var mass: [Double]
    /// What has left the tokens.
    private var left = 0.0
    /// The layer that is worked on; −1 where all are done.
    package private(set) var layer: Int
    package private(set) var isMissing = false
    // Of that layer: the sums over the heads that are done, and the head and row that come next.
    private var next: [Double]
    private var nextLeft = 0.0
    private var head = 0
    private var row = 0

    init(query: Int, tokens: Range<Int>, top: Int, byValue: Bool) {
        self.query = query
        self.tokens = tokens
        self.top = top
        self.byValue = byValue
        layer = top
        mass = Array(repeating: 0, count: tokens.count)
        mass[query - tokens.lowerBound] = 1
        next = Array(repeating: 0, count: tokens.count)
    }

    package var isComplete: Bool { isMissing || layer < 0 }
    /// Layers that are done, the highest first.
    package var layersDone: Int { top - layer }

    /// What comes from each token, of the layers that are done. [token − first]
    package var shares: [Float] { mass.map { Float($0) } }
    /// What comes from other tokens.
    package var outside: Float { Float(left) }

    /// There is nobody to ask.
    package mutating func miss() { isMissing = true }

    /// The queries of the next step: those that something has come to.
    fileprivate func batch(_ count: Int) -> [Int] {
        var found: [Int] = []
        for place in row..<mass.count where mass[place] > 0 {
            found.append(tokens.lowerBound + place)
            if found.count == count { break }
        }
        return found
    }

    /// - Parameters:
    ///   - shares: what each query gives the tokens. [query of the batch][token − first]
    ///   - isLast: whether no query of this head follows
    mutating func add(_ shares: [[Float]], of queries: [Int], heads: Int, isLast: Bool) {
        for (query, given) in zip(queries, shares) {
            let part = mass[query - tokens.lowerBound] / Double(heads)
            var sum = 0.0
            for (place, share) in given.enumerated() {
                next[place] += part * Double(share)
                sum += Double(share)
            }
            nextLeft += part * max(0, 1 - sum)
            row = query - tokens.lowerBound + 1
        }
        guard isLast else { return }
        (head, row) = (head + 1, 0)
        guard head == heads else { return }
        for place in mass.indices { mass[place] = 0.5 * mass[place] + 0.5 * next[place] }
        left += 0.5 * nextLeft
        (head, nextLeft, layer) = (0, 0, layer - 1)
        next = Array(repeating: 0, count: next.count)
    }

    fileprivate var headNow: Int { head }
}

extension Lens {
    /// Tokens that are followed at most.
    package static let rolloutTokens = 512

    /// Nothing is known yet; nil where the query is not recorded or not among the tokens.
    package func rollout(query: Int, tokens: Range<Int>, top: Int, byValue: Bool) -> Rollout? {
        // Given maps have no values.
        if byValue, recording.given != nil { return nil }
        guard recording.kind != .cross, top >= 0, (0...top).allSatisfy(recording.hasAttention),
            has(layer: top, head: 0, token: query), tokens.contains(query),
            tokens.lowerBound >= 0, tokens.upperBound <= recording.tokens, tokens.count <= Self.rolloutTokens
        else { return nil }
        return Rollout(query: query, tokens: tokens, top: top, byValue: byValue)
    }

    /// Adds some more queries of a head.
    package func extend(_ rollout: inout Rollout) {
        guard !rollout.isComplete, has(layer: rollout.layer, head: rollout.headNow, token: rollout.query) else {
            return
        }
        let (layer, head) = (rollout.layer, rollout.headNow)
        let isFast = canReadRecordedSums(layer: layer, head: head) && !rollout.byValue
        let width = isFast ? rollout.tokens.count + 2 * tileSize : keyEnd(rollout.tokens.upperBound - 1)
        let count = Self.queriesOfStep(keys: width)
        let queries = rollout.batch(count + 1)
        let now = Array(queries.prefix(count))
        let shares = givenShares(
            layer: layer, head: head, queries: now, keys: rollout.tokens, byValue: rollout.byValue)
        guard let shares else { return rollout.miss() }
        rollout.add(shares, of: now, heads: shape.heads, isLast: queries.count <= count)
    }

    /// Whether a weight is exp(score − recorded sum), whatever the pair.
    private func canReadRecordedSums(layer: Int, head: Int) -> Bool {
        recording.given == nil && knowsSums(layer: layer) && setup.isDense(layer: layer, head: head)
            && setup.globals.isEmpty && compressed == nil
    }

    /// From the recorded sums. [query][key − first]
    private func recordedWeights(layer: Int, head: Int, queries: [Int], keys: Range<Int>) -> [[Float]]? {
        let tiles = recording.keyTiles(layer: layer, keyValueHead: keyValueHead(of: head), tokens: keys)
        let scores = scoreRows(layer: layer, head: head, queries: queries).scores(with: tiles, workers: workers)
        let first = keys.lowerBound / tileSize * tileSize
        return queries.enumerated().map { row, query in
            guard let (chunk, place) = recording.place(of: query) else { return [] }
            let sum = chunk.layers[layer].attention.logSumExp[head * chunk.tokens.count + place]
            let values = scores.copy(row: row, columns: keys.lowerBound - first..<keys.upperBound - first)
            return values.enumerated().map { key, score in
                keys.lowerBound + key < keyEnd(query) ? weight(score, sum) : 0
            }
        }
    }

    /// What queries give some keys, by value where that is asked for; nil where it cannot be had. [query][key − first]
    func givenShares(layer: Int, head: Int, queries: [Int], keys: Range<Int>, byValue: Bool) -> [[Float]]? {
        if !byValue, canReadRecordedSums(layer: layer, head: head) {
            return recordedWeights(layer: layer, head: head, queries: queries, keys: keys)
        }
        let rows = rows(layer: layer, head: head, queries: queries)
        guard rows.count == queries.count else { return nil }
        return rows.map { row in
            let shares = byValue ? valueShares(of: row) : row.weights
            return keys.map { shares.indices.contains($0) ? shares[$0] : 0 }
        }
    }
}
