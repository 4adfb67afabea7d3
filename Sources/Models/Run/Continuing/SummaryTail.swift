import RopewalkKernels

/// The summary of a layer's attention, to which queries are added.
struct SummaryTail {
    private let heads: Int
    private let poolBlock: Int
    /// The row of blocks of the map that the first query lies in.
    private let firstRow: Int
    private var floats: [GrowingRows<Float>]
    private var keys: [GrowingRows<Int32>]
    /// Of every head and row of blocks. [head][row][column]
    private var maxima: [[[Float]]]
    private var masses: [[[Float]]]
    private var columns = 0
    private var hasPairs = true

    /// - Parameter first: the first query's place in the text
    init(heads: Int, poolBlock: Int, first: Int) {
        self.heads = heads
        self.poolBlock = poolBlock
        firstRow = first / poolBlock
        floats = Array(repeating: GrowingRows(groups: heads), count: 7)
        keys = Array(repeating: GrowingRows(groups: heads), count: 2)
        maxima = Array(repeating: [], count: heads)
        masses = maxima
    }

    /// - Parameter tokens: of the summary, behind those that are here
    mutating func append(_ summary: AttentionSummary, tokens: Range<Int>) {
        let measures = [
            summary.logSumExp, summary.entropy, summary.distance, summary.sink, summary.previous, summary.induction,
            summary.threshold,
        ]
        for (index, measure) in measures.enumerated() { floats[index].append(measure.array) }
        keys[0].append(summary.topKey.array)
        keys[1].append(summary.lastTie.array)
        hasPairs = hasPairs && summary.hasPairs
        columns = max(columns, summary.poolColumns)
        let first = tokens.lowerBound / poolBlock - firstRow
        for head in 0..<heads {
            Self.join(&maxima[head], summary.pooledMaximum.array, of: head, in: summary, from: first, by: max)
            Self.join(&masses[head], summary.pooledMass.array, of: head, in: summary, from: first, by: +)
        }
    }

    /// Joins the blocks of a head with those that were there.
    private static func join(
        _ rows: inout [[Float]], _ added: [Float], of head: Int, in summary: AttentionSummary, from first: Int,
        by operation: (Float, Float) -> Float
    ) {
        guard !added.isEmpty else { return }
        for row in 0..<summary.poolRows {
            while rows.count <= first + row { rows.append([]) }
            let start = (head * summary.poolRows + row) * summary.poolColumns
            for (column, value) in added[start..<start + summary.poolColumns].enumerated() {
                if column < rows[first + row].count {
                    rows[first + row][column] = operation(rows[first + row][column], value)
                } else {
                    rows[first + row].append(value)
                }
            }
        }
    }

    var summary: AttentionSummary {
        func filled(_ blocks: [[[Float]]]) -> [Float] {
            blocks.flatMap { rows in rows.flatMap { $0 + repeatElement(0, count: columns - $0.count) } }
        }
        return AttentionSummary(
            logSumExp: floats[0].joined, entropy: floats[1].joined, distance: floats[2].joined, sink: floats[3].joined,
            previous: floats[4].joined, induction: floats[5].joined, topKey: keys[0].joined,
            threshold: floats[6].joined, lastTie: keys[1].joined, pooledMaximum: filled(maxima),
            pooledMass: filled(masses), poolRows: masses.first?.count ?? 0, poolColumns: columns, hasPairs: hasPairs)
    }
}
