import RopewalkMethods
import RopewalkModels

extension MethodCost {
    /// The most numbers that have to be kept at one time so that a text of `tokens` tokens, and as many behind it, can be read
    /// token by token, over all layers and key heads.
    ///
    /// Of a kernel Σ φ(k)·vᵀ and Σ φ(k); of a cache that gives keys up what it holds; else the keys, with their values,
    /// that some later query sees: a mask saves memory only where keys die.
    package static func state(of scenario: Scenario, model: ModelShape, tokens: Int) -> Double {
        let shape = AttentionShape(
            tokens: tokens, layers: model.layers, heads: model.heads, keyHeads: model.keyValueHeads,
            dimension: model.headDimension)
        let keyHeads = Double(shape.layers * shape.keyHeads)
        if let kernel = scenario.kernel, scenario.isDense {
            return keyHeads * Double(kernel.featureCount(dimension: shape.dimension)) * Double(shape.dimension + 1)
        }
        let key = 2 * Double(shape.dimension)
        var sizes = [key * LiveKeys(scenario, tokens: tokens).count(in: shape)]
        sizes += scenario.methods.compactMap { $0 as? any StateSized }.map {
            keyHeads * $0.stateNumbers(tokens: tokens, dimension: shape.dimension)
        }
        sizes += scenario.methods.compactMap { $0 as? any Costed }.filter { !($0 is any CompressionMethod) }.map {
            // Keys and values of 4 bytes a number.
            $0.cost(of: shape).kvBytes / 4
        }
        return sizes.min() ?? 0
    }
}

/// How many keys are alive at once under the windows of a scenario.
private struct LiveKeys {
    let scenario: Scenario
    let tokens: Int

    init(_ scenario: Scenario, tokens: Int) { (self.scenario, self.tokens) = (scenario, tokens) }

    /// The rows of the query heads that share keys: a key is alive as long as one of them reads it.
    private struct Rows: MaskRows {
        /// [head][window]
        let windows: [[any WindowMethod]]
        let tokens: Int

        func row(_ query: Int) -> KeyRanges {
            let rows = windows.map { windows in
                windows.reduce(KeyRanges(0..<query + 1)) {
                    $0.intersection($1.visibleKeys(query: query, tokens: tokens))
                }
            }
            return rows.count == 1 ? rows[0] : KeyRanges(rows.flatMap(\.ranges))
        }
    }

    /// Over all layers and key heads.
    func count(in shape: AttentionShape) -> Double {
        var known: [String: Int] = [:]
        var total = 0.0
        let group = max(1, shape.heads / max(1, shape.keyHeads))
        for layer in 0..<shape.layers {
            for first in stride(from: 0, to: shape.keyHeads * group, by: group) {
                let places = (first..<first + group).map {
                    HeadPlace(layer: layer, head: $0, layers: shape.layers, heads: shape.heads)
                }
                let windows = distinct(places.map { scenario.windows(in: $0) })
                let key = windows.map(Self.name).joined(separator: " | ")
                let count = known[key] ?? most(windows)
                known[key] = count
                total += Double(count)
            }
        }
        return total
    }

    private static func name(_ windows: [any WindowMethod]) -> String { windows.map(\.spec).joined(separator: " ") }

    private func distinct(_ windows: [[any WindowMethod]]) -> [[any WindowMethod]] {
        var seen: Set<String> = []
        return windows.filter { seen.insert(Self.name($0)).inserted }
    }

    /// The highest count of keys that a later query sees, after any token of the text; the text goes on once its length.
    private func most(_ windows: [[any WindowMethod]]) -> Int {
        if windows.contains(where: \.isEmpty) { return tokens }
        let (end, isTooLong) = tokens.multipliedReportingOverflow(by: 2)
        guard !isTooLong, windows.allSatisfy({ $0.allSatisfy { $0.problem(tokens: end) == nil } }) else {
            return tokens
        }
        let last = KeyLifetimes(Rows(windows: windows, tokens: end)).lastReader
        // [token]: keys that come to life with it, less those that it was the last to read.
        var changes = [Int](repeating: 0, count: tokens + 1)
        for key in 0..<tokens where last[key] > key {
            changes[key] += 1
            changes[min(tokens, last[key])] -= 1
        }
        var (alive, most) = (0, 0)
        for change in changes.prefix(tokens) {
            alive += change
            most = max(most, alive)
        }
        return most
    }
}
