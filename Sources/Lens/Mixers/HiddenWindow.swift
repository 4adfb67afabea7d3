import RopewalkKernels
import RopewalkModels

/// A window of a hidden map on its way from what a run recorded.
struct HiddenWindow {
    private let source: MixerSource
    private let request: MixerRequest
    private let workers: Workers
    /// The query of every row; nil where none is recorded.
    private let queries: [Int?]
    /// The keys of every column that are looked at.
    private let keys: [[Int]]
    /// Tokens from one key that is looked at to the next.
    private let stride: Int

    /// Exponentials of a unit that a frame has time for.
    private static let budget = 400_000

    init(_ source: MixerSource, _ request: MixerRequest, workers: Workers) {
        self.source = source
        self.request = request
        self.workers = workers
        let recorded = 0..<source.tokens
        queries = (0..<request.rows).map { row in
            let first = request.firstQuery + row * request.cell
            let cell = (first..<first + request.cell).clamped(to: recorded)
            return cell.isEmpty ? nil : (cell.lowerBound + cell.upperBound - 1) / 2
        }
        let perPair = source.traits.kind == .mamba ? source.traits.states : 1
        let samples = max(1, Self.budget / max(1, request.rows * request.columns * perPair))
        let stride = max(1, request.cell / samples)
        self.stride = stride
        keys = (0..<request.columns).map { column in
            let first = request.firstKey + column * request.cell
            let cell = (first..<first + request.cell).clamped(to: recorded)
            return Array(Swift.stride(from: cell.lowerBound + (stride - 1) / 2, to: cell.upperBound, by: stride))
        }
    }

    func window(_ recording: Recording) -> MixerWindow {
        let units = Array(request.units)
        let parts = workers.map(min(units.count, workers.count)) { part in
            var sum = [Float](repeating: 0, count: request.rows * request.columns)
            for index in Swift.stride(from: part, to: units.count, by: workers.count) {
                add(HiddenUnit(source, unit: units[index]), unit: units[index], to: &sum)
            }
            return sum
        }
        var values = [Float](repeating: .nan, count: request.rows * request.columns)
        for row in 0..<request.rows {
            for column in 0..<request.columns where isSeen(row, column) {
                let place = row * request.columns + column
                values[place] = parts.reduce(0) { $0 + $1[place] } / Float(units.count)
            }
        }
        return MixerWindow(
            request: request, values: values, queries: queries.compactMap { $0 },
            provenance: Provenance(
                basis: .exact, sampling: request.cell, isRounded: recording.isRounded))
    }

    /// Whether a query reads a key of a cell.
    private func isSeen(_ row: Int, _ column: Int) -> Bool {
        guard let query = queries[row], let first = keys[column].first else { return false }
        return first <= query
    }

    /// Adds the means of a unit's cells.
    private func add(_ hidden: HiddenUnit, unit: Int, to sum: inout [Float]) {
        let all = keys.flatMap { $0 }
        let writes = source.vectors(\.writes, unit: unit, tokens: all)
        for (row, query) in queries.enumerated() {
            guard let query else { continue }
            let reads = source.vectors(\.reads, unit: unit, tokens: [query])
            let scale = request.matrix == .shares ? 1 / absoluteSum(hidden, unit, query) : 1
            var place = 0
            for column in 0..<request.columns {
                defer { place += keys[column].count }
                var total: Float = 0
                var count = 0
                for (index, key) in keys[column].enumerated() where key <= query {
                    let value = hidden.value(
                        request.matrix, query: query, key: key, reads: reads, from: 0, writes: writes,
                        from: (place + index) * hidden.states)
                    total += request.matrix == .shares ? abs(value) * scale : value
                    count += 1
                }
                if count > 0 { sum[row * request.columns + column] += total / Float(count) }
            }
        }
    }

    /// Σ |α| over all tokens up to the query: 1 for RWKV.
    private func absoluteSum(_ hidden: HiddenUnit, _ unit: Int, _ query: Int) -> Float {
        if source.traits.kind == .rwkv { return 1 }
        let sum = hidden.row(query, source, unit: unit).weights.reduce(0) { $0 + abs($1) }
        return sum > 0 ? sum : 1
    }
}
