import Kernels
import Methods
import Models

extension Lens {
    /// Why a query sees a key or does not; nil where one of them is not recorded or the model has no such head.
    public func reason(layer: Int, head: Int, query: Int, key: Int) -> VisibilityReason? {
        guard has(layer: layer, head: head, token: query), key >= 0, key < recording.ids.count else { return nil }
        let placed = scenario.placeReason(query: query, key: key, tokens: recording.ids.count)
        guard placed.isVisible, let selection = scenario.selection else { return placed }
        if selection.fixedKeys(query: query, tokens: recording.ids.count).contains(key) {
            return selection.fixedReason(query: query, key: key)
        }
        return selectedReason(layer: layer, head: head, query: query, key: key, count: selection.selectedCount)
    }

    /// Why a score was high enough or not.
    private func selectedReason(layer: Int, head: Int, query: Int, key: Int, count: Int) -> VisibilityReason? {
        guard let rows = FullRows(self, layer: layer, head: head, queries: [query]),
            let score = pair(layer: layer, head: head, query: query, key: key, weight: 1)?.score
        else { return nil }
        let cut = rows.cuts[0]
        let isKept = rows.weights.maximum(row: 0, columns: key..<key + 1) > 0 || cut.keeps(score, key: key)
        let threshold = cut.threshold.isFinite ? Self.decimal(cut.threshold) : "any"
        let text = "score \(Self.decimal(score)), the lowest of the \(count) selected is \(threshold)"
        return isKept
            ? VisibilityReason(.selected, "selected: " + text) : VisibilityReason(.notSelected, "not selected: " + text)
    }

    /// Two digits after the point.
    static func decimal(_ x: Float) -> String {
        let hundredths = Int((x * 100).rounded())
        let digits = String(abs(hundredths) % 100)
        return (hundredths < 0 ? "−" : "") + "\(abs(hundredths) / 100)." + (digits.count < 2 ? "0" : "") + digits
    }

    /// What the scenario lets a query see and what it loses by that; nil where the query is not recorded.
    public func maskRow(layer: Int, head: Int, query: Int) -> MaskRow? {
        guard let rows = FullRows(self, layer: layer, head: head, queries: [query]) else { return nil }
        let visible = seenKeys(rows, query: query)
        return MaskRow(
            query: query, tokens: recording.ids.count, visible: visible, stretches: stretches(query, visible: visible),
            massKept: rows.massKept(0), outputError: outputError(rows, layer: layer, head: head),
            threshold: rows.cuts.first.flatMap { $0.threshold.isFinite ? $0.threshold : nil })
    }

    /// The keys that a query really sees, a selection's choice included.
    private func seenKeys(_ rows: FullRows, query: Int) -> KeyRanges {
        let placed = visibleKeys(query)
        guard let selection = scenario.selection else { return placed }
        let fixed = placed.intersection(selection.fixedKeys(query: query, tokens: recording.ids.count))
        let weights = rows.weights.copy(row: 0, columns: 0..<query + 1)
        // A selected key may weigh nothing; then its score lies so far below the others that nobody misses it.
        let chosen = weights.indices.filter { weights[$0] > 0 }.map { $0..<$0 + 1 }
        return fixed.union(KeyRanges(chosen))
    }

    /// Stretches of keys that share a rule, in order.
    private func stretches(_ query: Int, visible: KeyRanges) -> [MaskRow.Stretch] {
        let fixed = scenario.selection?.fixedKeys(query: query, tokens: recording.ids.count)
        func rule(_ key: Int) -> VisibilityReason.Rule {
            let placed = scenario.placeReason(query: query, key: key, tokens: recording.ids.count)
            guard placed.isVisible, let selection = scenario.selection, let fixed else { return placed.rule }
            if fixed.contains(key) { return selection.fixedReason(query: query, key: key).rule }
            return visible.contains(key) ? .selected : .notSelected
        }
        var edges = Set([0, query + 1])
        for range in visible.ranges + visibleKeys(query).ranges + (fixed?.ranges ?? []) {
            edges.formUnion([range.lowerBound, range.upperBound])
        }
        let sorted = edges.filter { $0 <= query + 1 }.sorted()
        var stretches: [MaskRow.Stretch] = []
        for (start, end) in zip(sorted, sorted.dropFirst()) {
            split(start..<end, rule: rule, into: &stretches)
        }
        return stretches
    }

    /// Adds the stretches of a range in which a rule holds from some key to another: where both ends agree, all do.
    private func split(
        _ range: Range<Int>, rule: (Int) -> VisibilityReason.Rule, into stretches: inout [MaskRow.Stretch]
    ) {
        let first = rule(range.lowerBound)
        if range.count > 1, first != rule(range.upperBound - 1) {
            let middle = range.lowerBound + range.count / 2
            split(range.lowerBound..<middle, rule: rule, into: &stretches)
            split(middle..<range.upperBound, rule: rule, into: &stretches)
        } else if let last = stretches.last, last.rule == first, last.keys.upperBound == range.lowerBound {
            stretches[stretches.count - 1] = MaskRow.Stretch(
                keys: last.keys.lowerBound..<range.upperBound, rule: first)
        } else {
            stretches.append(MaskRow.Stretch(keys: range, rule: first))
        }
    }

    /// |output − full output| / |full output| of the head for the first row.
    private func outputError(_ rows: FullRows, layer: Int, head: Int) -> Float {
        guard !scenario.isDense, let query = rows.queries.first,
            let full = FullRows(
                with(Scenario(position: scenario.position)), layer: layer, head: head, queries: [query])
        else { return 0 }
        let masked = output(rows, layer: layer, head: head)
        let reference = output(full, layer: layer, head: head)
        let norm = reference.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let difference = zip(masked, reference).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        return norm > 0 ? difference / norm : 0
    }

    /// The weighted values of the first row.
    private func output(_ rows: FullRows, layer: Int, head: Int) -> [Float] {
        var sum = WeightedSum(dimension: shape.headDimension)
        let width = KeyValueCache.width(of: shape.headDimension)
        let keyHead = keyValueHead(of: head)
        let end = rows.queries[0] + 1
        for chunk in recording.chunks where chunk.tokens.lowerBound < end {
            sum.add(
                chunk.layers[layer].values, offset: keyHead * chunk.tokens.count * width, width: width,
                count: min(end, chunk.tokens.upperBound) - chunk.tokens.lowerBound, weights: rows.weights, row: 0,
                first: chunk.tokens.lowerBound)
        }
        return sum.total
    }

    /// The queries that lose most, among at most `limit` of them, evenly spread; nil before anything is recorded.
    public func maskSurvey(layer: Int, head: Int, limit: Int = 64) -> MaskSurvey? {
        let tokens = recording.tokens
        let count = min(limit, tokens)
        guard count > 0 else { return nil }
        // The middle of each stretch: the very first queries see next to nothing under any mask.
        let queries = (0..<count).map { ($0 * 2 + 1) * tokens / (2 * count) }
        guard let rows = FullRows(self, layer: layer, head: head, queries: queries) else { return nil }
        let losses = queries.indices.map { MaskSurvey.Loss(query: queries[$0], massLost: 1 - rows.massKept($0)) }
        let selected = scenario.selection?.selectedCount
        let seen = queries.reduce(0) { total, query in
            let placed = visibleKeys(query)
            guard let selection = scenario.selection, let selected else { return total + placed.count }
            let fixed = placed.intersection(selection.fixedKeys(query: query, tokens: recording.ids.count)).count
            return total + min(placed.count, fixed + selected)
        }
        let sorted = losses.sorted { ($1.massLost, $0.query) < ($0.massLost, $1.query) }
        return MaskSurvey(
            worst: Array(sorted.prefix(16)),
            meanMassKept: 1 - losses.reduce(0) { $0 + $1.massLost } / Float(count),
            density: Double(seen) / Double(queries.reduce(0) { $0 + $1 + 1 }), surveyed: count, tokens: tokens)
    }
}
