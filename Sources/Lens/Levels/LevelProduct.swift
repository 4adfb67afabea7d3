import RopewalkMethods
import RopewalkModels

/// Two levels of attention as one weight a token, as far as it is worked out: what a layer that joins the parts of a text gives
/// a part, times what a layer that reads parts alone gives the token within its part. No layer has these weights: they are an
/// attribution, not attention (METHODS: the flattened product of a hierarchy).
///
/// Where one token stands for a part, the second factor is that token's row. Where all of its tokens are read, it is the mean
/// of their rows, weighted by what each is given where parts are joined. Both are the product of the two rows as matrices.
package struct LevelProduct: Equatable, Sendable, SteppedAnswer {
    /// The token that reads where parts are joined.
    package let query: Int
    /// The layer that joins parts, and the one that reads them alone.
    package let joining: Int
    package let reading: Int
    /// What is read of each part. [part]
    package let parts: [Range<Int>]
    /// What each is given where parts are joined. [part]
    package let shares: [Float]
    /// The product; NaN for tokens of parts that are not done. [token]
    package private(set) var weights: [Float]
    /// Parts that are done, of those that are given something.
    package private(set) var done = 0
    package private(set) var isMissing = false
    /// The parts that are given something, the largest share first.
    private let order: [Int]
    /// What the query reads where parts are joined. [token]
    private let row: [Float]
    // Of the part that is worked on: the token whose row comes next, and the sums by then.
    private var next: Int
    private var sums: [Double] = []

    /// - Parameters:
    ///   - row: what the query reads in the layer that joins parts; later tokens are not seen
    ///   - tokens: of the text
    init(query: Int, joining: Int, reading: Int, parts: [Range<Int>], row: [Float], tokens: Int) {
        self.query = query
        self.joining = joining
        self.reading = reading
        self.parts = parts
        let shares = parts.map { Float(row[$0.clamped(to: 0..<row.count)].reduce(0) { $0 + Double($1) }) }
        order = shares.indices.filter { shares[$0] > 0 }.sorted { (shares[$0], $1) > (shares[$1], $0) }
        weights = Array(repeating: 0, count: tokens)
        for part in order { for token in parts[part] where token < tokens { weights[token] = .nan } }
        next = order.first.map { parts[$0].lowerBound } ?? 0
        self.row = row
        self.shares = shares
    }

    package var isComplete: Bool { isMissing || done == order.count }

    /// There is nobody to ask.
    package mutating func miss() { isMissing = true }

    /// The tokens with the largest product, of the parts that are done, and whether no other part can have a larger one.
    package func highest(_ count: Int) -> (tokens: [WeightedToken], isSettled: Bool) {
        let top = TopTokens.highest(count, in: weights)
        let rest = isComplete ? 0 : shares[order[done]]
        return (top, rest == 0 || top.count == count && top[count - 1].weight >= rest)
    }

    /// What its part gives a token: the product without the share of the part. NaN where it is not known.
    package func within(_ token: Int) -> Float {
        guard weights.indices.contains(token), let part = part(of: token), shares[part] > 0 else { return .nan }
        return weights[token] / shares[part]
    }

    /// The part that a token is read in; nil for one that is read in none.
    package func part(of token: Int) -> Int? {
        let part = parts.partitioningIndex { $0.upperBound > token }
        return parts.indices.contains(part) && parts[part].contains(token) ? part : nil
    }

    /// The tokens whose rows are asked for next: of one part, those that are read where parts are joined.
    fileprivate func batch(_ count: Int) -> [Int] {
        guard !isComplete else { return [] }
        let part = parts[order[done]].clamped(to: 0..<row.count)
        return Array(
            (max(next, part.lowerBound)..<max(next, part.upperBound)).lazy.filter { row[$0] > 0 }.prefix(count))
    }

    /// - Parameter rows: of the tokens of a batch, in the layer that reads parts alone
    mutating func add(_ rows: [(query: Int, weights: [Float])]) {
        guard !isComplete, let last = rows.last else { return miss() }
        let part = parts[order[done]]
        if sums.isEmpty { sums = Array(repeating: 0, count: part.count) }
        for (query, weights) in rows {
            for token in part.clamped(to: 0..<weights.count) {
                sums[token - part.lowerBound] += Double(row[query]) * Double(weights[token])
            }
        }
        next = last.query + 1
        if batch(1).isEmpty { endPart() }
    }

    private mutating func endPart() {
        for (token, sum) in zip(parts[order[done]], sums) where token < weights.count { weights[token] = Float(sum) }
        done += 1
        sums = []
        next = done < order.count ? parts[order[done]].lowerBound : 0
    }
}

extension RandomAccessCollection {
    /// The first place whose element passes; what passes comes after what does not.
    fileprivate func partitioningIndex(where passes: (Element) -> Bool) -> Index {
        var (low, count) = (startIndex, self.count)
        while count > 0 {
            let half = count / 2
            let middle = index(low, offsetBy: half)
            if passes(self[middle]) { count = half } else { (low, count) = (index(after: middle), count - half - 1) }
        }
        return low
    }
}

extension Lens {
    /// The two levels that a query is read in, in the same head of both layers; nothing of it is worked out yet.
    ///
    /// - Parameters:
    ///   - layer: one of the two: with it goes the nearest of the other level
    ///   - query: a token, for which the one that stands for its part reads
    /// - Returns: nil where the scenario has no two levels, the layer none of the other level beside it, or what reads is not
    ///   recorded yet
    package func levelProduct(layer: Int, head: Int, query: Int) -> LevelProduct? {
        guard let levels = setup.scenario.levels, recording.kind != .cross,
            let layers = levels.layers(around: layer, of: setup.layers),
            let reader = levels.reader(of: query, tokens: setup.keys),
            has(layer: layers.reading, head: head, token: reader),
            let row = row(layer: layers.joining, head: head, query: reader)
        else { return nil }
        return LevelProduct(
            query: reader, joining: layers.joining, reading: layers.reading, parts: levels.parts(tokens: setup.keys),
            row: row.weights, tokens: min(setup.keys, recording.tokens))
    }

    /// Works out some more rows.
    package func extend(_ product: inout LevelProduct, head: Int) {
        guard !product.isComplete else { return }
        let queries = product.batch(Self.queriesOfStep(keys: recording.keyTokens))
        let rows = rows(layer: product.reading, head: head, queries: queries)
        guard rows.count == queries.count else { return product.miss() }
        product.add(rows.map { ($0.query, $0.weights) })
    }
}
