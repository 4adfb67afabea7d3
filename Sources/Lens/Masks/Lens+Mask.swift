import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

extension Lens {
    /// Why a query sees a key or does not; nil where one of them is not recorded or the model has no such head.
    ///
    /// Layers, heads and tokens count from 0.
    public func reason(layer: Int, head: Int, query: Int, key: Int) -> VisibilityReason? {
        guard has(layer: layer, head: head, token: query), key >= 0, key < setup.keys else { return nil }
        let placed = placeReason(layer: layer, head: head, query: query, key: key)
        guard placed.isVisible else { return placed }
        if setup.stateSelection(layer) != nil {
            return stateReason(layer: layer, head: head, query: query)?(key)
        }
        guard let selection = scenario.selection else { return placed }
        if selection.fixedKeys(query: query, tokens: setup.keys).contains(key) {
            return selection.fixedReason(query: query, key: key)
        }
        return selectedReason(layer: layer, head: head, query: query, key: key, count: selection.selectedCount)
    }

    /// The reason as far as places decide it: the model's own windows and the scenario's.
    func placeReason(layer: Int, head: Int, query: Int, key: Int) -> VisibilityReason {
        if let present = setup.present, !present.contains(key), key != query || !setup.seesItself(query) {
            return .isPadding(key: key)
        }
        return VisibilityReason.composed(
            setup.windows(layer: layer, head: head), isCausal: recording.isCausal, query: query, key: key,
            tokens: setup.keys)
    }

    /// What a selection by states says of the keys of a query; nil where it would have to be replayed for too long.
    private func stateReason(
        layer: Int, head: Int, query: Int
    ) -> (@Sendable (Int) -> VisibilityReason)? {
        if choices == nil, let choice = recording.tabled(layer: layer, head: head, query: query) {
            return choice.reason
        }
        if let choice = replay?.choices(layer: layer, head: head, queries: [query])?.first { return choice.reason }
        guard let keys = recording.chosenKeys(layer: layer, head: head, query: query),
            let name = setup.stateSelection(layer)?.spec
        else { return nil }
        return { key in
            keys.contains(key)
                ? VisibilityReason(.selected, say("selected by \(name)"))
                : VisibilityReason(.notSelected, say("not selected by \(name)"))
        }
    }

    /// Why a score was high enough or not.
    private func selectedReason(layer: Int, head: Int, query: Int, key: Int, count: Int) -> VisibilityReason? {
        guard let rows = FullRows(self, layer: layer, head: head, queries: [query]) else { return nil }
        let score = score(layer: layer, head: head, query: query, key: key)
        let cut = rows.cuts[0]
        let isKept = rows.weights.maximum(row: 0, columns: key..<key + 1) > 0 || cut.keeps(score, key: key)
        let threshold = cut.threshold.isFinite ? Self.decimal(cut.threshold) : say("any")
        let text = say("score \(Self.decimal(score)), the lowest of the \(count) selected is \(threshold)")
        return isKept
            ? VisibilityReason(.selected, say("selected: \(text)"))
            : VisibilityReason(.notSelected, say("not selected: \(text)"))
    }

    /// Two digits after the point.
    static func decimal(_ x: Float) -> String {
        let hundredths = Int((x * 100).rounded())
        let digits = String(abs(hundredths) % 100)
        return (hundredths < 0 ? "−" : "") + "\(abs(hundredths) / 100)." + (digits.count < 2 ? "0" : "") + digits
    }

    /// What the scenario lets a query see and what it loses by that; nil where the query is not recorded.
    ///
    /// Layers, heads and tokens count from 0.
    public func maskRow(layer: Int, head: Int, query: Int) -> MaskRow? {
        guard let rows = FullRows(self, layer: layer, head: head, queries: [query]) else { return nil }
        let visible = seenKeys(rows, layer: layer, head: head, query: query)
        return MaskRow(
            query: query, tokens: setup.keys, visible: visible,
            stretches: stretches(query, layer: layer, head: head, visible: visible),
            massKept: rows.massKept(0), outputError: outputError(rows, layer: layer, head: head),
            threshold: rows.cuts.first.flatMap { $0.threshold.isFinite ? $0.threshold : nil },
            times: KeyTimes(
                setup.windows(layer: layer, head: head), query: query, visible: visible, tokens: setup.keys))
    }

    /// The keys that a query really sees, a selection's choice included.
    func seenKeys(_ rows: FullRows, layer: Int, head: Int, query: Int) -> KeyRanges {
        let placed = visibleKeys(query, layer: layer, head: head)
        guard scenario.selection != nil else { return placed }
        let weights = rows.weights.copy(row: 0, columns: 0..<keyEnd(query))
        // A selected key may weigh nothing; then its score lies so far below the others that nobody misses it.
        let chosen = weights.indices.filter { weights[$0] > 0 }.map { $0..<$0 + 1 }
        return fixedKeys(query, visible: placed).union(KeyRanges(chosen))
    }

    /// Stretches of keys that share a rule, in order.
    private func stretches(_ query: Int, layer: Int, head: Int, visible: KeyRanges) -> [MaskRow.Stretch] {
        let fixed = scenario.selection?.fixedKeys(query: query, tokens: setup.keys)
        let chosen = setup.stateSelection(layer).flatMap { _ in stateReason(layer: layer, head: head, query: query) }
        func rule(_ key: Int) -> VisibilityReason.Rule {
            let placed = placeReason(layer: layer, head: head, query: query, key: key)
            if placed.isVisible, let chosen { return chosen(key).rule }
            guard placed.isVisible, let selection = scenario.selection, let fixed else { return placed.rule }
            if fixed.contains(key) { return selection.fixedReason(query: query, key: key).rule }
            return visible.contains(key) ? .selected : .notSelected
        }
        let end = keyEnd(query)
        var edges = Set([0, end])
        for range in visible.ranges + visibleKeys(query, layer: layer, head: head).ranges + (fixed?.ranges ?? []) {
            edges.formUnion([range.lowerBound, range.upperBound])
        }
        let sorted = edges.filter { $0 <= end }.sorted()
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

    /// |output − full output| / |full output| of the head for the first row; NaN where maps alone are given.
    private func outputError(_ rows: FullRows, layer: Int, head: Int) -> Float {
        let plain = with(Scenario(position: scenario.position))
        guard
            !scenario.isDense || setup.stateSelection(layer) != nil || setup.compression != nil
                || scenario.kernel != nil, let query = rows.queries.first,
            let full = FullRows(plain, layer: layer, head: head, queries: [query])
        else { return 0 }
        guard recording.given == nil else { return .nan }
        let masked = output(rows, row: 0, layer: layer, head: head)
        let reference = plain.output(full, row: 0, layer: layer, head: head)
        let norm = reference.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let difference = zip(masked, reference).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        return norm > 0 ? difference / norm : 0
    }

    /// The weighted values of a row.
    func output(_ rows: FullRows, row: Int, layer: Int, head: Int) -> [Float] {
        let query = rows.queries[row]
        let keyHead = keyValueHead(of: head)
        guard let compressed, let compression = setup.compression else {
            let ofTokens = recording.weightedValues(
                layer: layer, keyValueHead: keyHead, weights: rows.given, row: row, keys: keyEnd(query),
                global: recording.isGlobal(query: query))
            let slots = slotWeights(layer: layer, head: head, query: query, logSumExp: rows.logSumExp[row])
            return slots.reduce(ofTokens) { sum, slot in zip(sum, slot.value).map { $0 + slot.weight * $1 } }
        }
        // What lies far enough behind the query comes from the compressed cache.
        let first = min(keyEnd(query), compression.firstExactValue(cached: query))
        let weights = rows.weights.copy(row: row, columns: 0..<keyEnd(query))
        let values = compressed.values(layer: layer, keyHead: keyHead)
        let d = shape.headDimension
        var total = [Float](repeating: 0, count: d)
        for (key, weight) in weights.enumerated() where weight != 0 {
            let exact = key < first ? nil : recording.value(layer: layer, keyValueHead: keyHead, token: key)
            let value = exact ?? values[key * d..<(key + 1) * d]
            for (i, x) in zip(0..<d, value) { total[i] += weight * x }
        }
        return total
    }

    /// The queries that lose most, among at most `limit` of them, evenly spread; nil before anything is recorded.
    ///
    /// Layers and heads count from 0. All rows are in memory at once: `limit` times as many numbers as tokens.
    public func maskSurvey(layer: Int, head: Int, limit: Int = 64) -> MaskSurvey? {
        let tokens = recording.tokens
        let count = min(limit, tokens)
        guard count > 0 else { return nil }
        // The middle of each stretch: the very first queries see next to nothing under any mask.
        let queries = (0..<count).map { ($0 * 2 + 1) * tokens / (2 * count) }
        guard let rows = FullRows(self, layer: layer, head: head, queries: queries) else { return nil }
        guard canPreview(queries) else { return nil }
        let measured = queries.indices.map { MaskSurvey.Query(query: queries[$0], massLost: 1 - rows.massKept($0)) }
        let selected = scenario.selection?.selectedCount
        let seen = queries.reduce(0) { total, query in
            let placed = visibleKeys(query, layer: layer, head: head)
            guard let selected else { return total + placed.count }
            return total + min(placed.count, fixedKeys(query, visible: placed).count + selected)
        }
        let sorted = measured.sorted { ($1.massLost, $0.query) < ($0.massLost, $1.query) }
        return MaskSurvey(
            worst: Array(sorted.prefix(16)),
            meanMassKept: 1 - measured.reduce(0) { $0 + $1.massLost } / Float(count),
            density: Double(seen) / Double(max(1, queries.reduce(0) { $0 + keyEnd($1) })), surveyed: count,
            tokens: tokens)
    }
}
