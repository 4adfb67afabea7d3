import Foundation
import Kernels
import Methods

/// One run of a Llama over a text: the state that grows from chunk to chunk, and working memory for one chunk.
final class LlamaRun {
    private let llama: Llama
    private let scenario: Scenario
    private let ids: [Int32]
    private let table: RotaryTable
    private let poolBlock: Int
    private let keepsStates: Bool
    private let workers: Workers
    private let caches: [KeyValueCache]
    /// The last place of every token so far, for induction.
    private var lastPlace: [Int32: Int32] = [:]

    /// The residual stream, [token of the chunk, hidden].
    private let stream: Matrix
    private let normed: Matrix
    private let update: Matrix
    /// [token of the chunk, head · dimension]
    private let queries: Matrix
    private let keys: Matrix
    private let values: Matrix
    private let context: Matrix
    /// [token of the chunk, intermediate]
    private let gate: Matrix
    private let up: Matrix

    init(
        _ llama: Llama, scenario: Scenario, ids: [Int32], table: RotaryTable, chunkSize: Int, poolBlock: Int,
        keepsStates: Bool, workers: Workers
    ) {
        self.llama = llama
        self.scenario = scenario
        self.ids = ids
        self.table = table
        self.poolBlock = poolBlock
        self.keepsStates = keepsStates
        self.workers = workers
        let shape = llama.shape
        caches = llama.blocks.map { _ in
            KeyValueCache(heads: shape.keyValueHeads, dimension: shape.headDimension, tokens: ids.count)
        }
        func matrix(_ columns: Int) -> Matrix { Matrix(rows: chunkSize, columns: columns) }
        stream = matrix(shape.hidden)
        normed = matrix(shape.hidden)
        update = matrix(shape.hidden)
        queries = matrix(shape.heads * shape.headDimension)
        keys = matrix(shape.keyValueHeads * shape.headDimension)
        values = matrix(shape.keyValueHeads * shape.headDimension)
        context = matrix(shape.heads * shape.headDimension)
        gate = matrix(shape.intermediate)
        up = matrix(shape.intermediate)
    }

    /// Runs the tokens of a chunk through all blocks; nil when cancelled on the way.
    func step(_ tokens: Range<Int>, isCancelled: () -> Bool) -> RecordedChunk? {
        for (row, token) in tokens.enumerated() { stream.setRow(row, to: llama.embedding.row(Int(ids[token]))) }
        let plan = VisibilityPlan(
            scenario.visibility(of: tokens, in: ids.count), firstQuery: tokens.lowerBound, count: tokens.count)
        let inductionKeys = self.inductionKeys(tokens)
        var layers: [RecordedLayer] = []
        for index in llama.blocks.indices {
            if isCancelled() { return nil }
            let input = keepsStates ? stream.copy(rows: 0..<tokens.count) : nil
            layers.append(attend(index, tokens, plan: plan, inductionKeys: inductionKeys, input: input))
            feedForward(llama.blocks[index], count: tokens.count)
        }
        let output = keepsStates ? stream.copy(rows: 0..<tokens.count) : nil
        norm(llama.finalNorm, count: tokens.count)
        let targets = tokens.map { $0 + 1 < ids.count ? ids[$0 + 1] : -1 }
        return RecordedChunk(
            tokens: tokens, layers: layers, lastBlockOutput: output, lastHidden: normed.copy(rows: 0..<tokens.count),
            negativeLogLikelihood: Likelihood.negativeLogs(
                hidden: normed, rows: tokens.count, output: llama.head, targets: targets, workers: workers))
    }

    private func norm(_ weight: [Float], count: Int) {
        Elementwise.rmsNorm(
            stream, weight: weight, epsilon: llama.shape.normEpsilon, rows: count, into: normed, workers: workers)
    }

    /// stream += output(attention(norm(stream))).
    private func attend(
        _ index: Int, _ tokens: Range<Int>, plan: VisibilityPlan, inductionKeys: [Int32], input: [Float]?
    ) -> RecordedLayer {
        let block = llama.blocks[index]
        let shape = llama.shape
        let count = tokens.count
        norm(block.attentionNorm, count: count)
        block.query.apply(to: normed, rows: count, output: queries, workers: workers)
        block.key.apply(to: normed, rows: count, output: keys, workers: workers)
        block.value.apply(to: normed, rows: count, output: values, workers: workers)

        let recordedQueries = HeadPacking.rows(
            queries, count: count, heads: shape.heads, width: shape.headDimension, workers: workers)
        let recordedKeys = HeadPacking.tiles(keys, count: count, heads: shape.keyValueHeads, workers: workers)
        let recordedValues = HeadPacking.rows(
            values, count: count, heads: shape.keyValueHeads, width: caches[index].width, workers: workers)
        caches[index].store(
            keys: recordedKeys, values: recordedValues, firstToken: tokens.lowerBound, count: count, table: table,
            workers: workers)
        HeadPacking.rotate(
            queries, count: count, heads: shape.heads, firstPosition: tokens.lowerBound, scale: shape.scoreScale,
            table: table, workers: workers)

        let attention = Attention(
            plan: plan, cache: caches[index], heads: shape.heads, poolBlock: poolBlock, inductionKeys: inductionKeys)
        let summary = attention.run(queries: queries, context: context, workers: workers)
        block.output.apply(to: context, rows: count, output: update, workers: workers)
        Elementwise.add(stream, update, rows: count, workers: workers)
        return RecordedLayer(
            keys: recordedKeys, values: recordedValues, queries: recordedQueries, attention: summary, input: input)
    }

    /// stream += down(silu(gate(norm(stream))) · up(norm(stream))).
    private func feedForward(_ block: LlamaBlock, count: Int) {
        norm(block.mlpNorm, count: count)
        block.gate.apply(to: normed, rows: count, output: gate, workers: workers)
        block.up.apply(to: normed, rows: count, output: up, workers: workers)
        Elementwise.siluMultiply(gate, up, rows: count, workers: workers)
        block.down.apply(to: gate, rows: count, output: update, workers: workers)
        Elementwise.add(stream, update, rows: count, workers: workers)
    }

    /// For each token, the place after the last earlier occurrence of the same token; −1 where there is none.
    private func inductionKeys(_ tokens: Range<Int>) -> [Int32] {
        tokens.map { place in
            let earlier = lastPlace.updateValue(Int32(place), forKey: ids[place])
            return earlier.map { $0 + 1 } ?? -1
        }
    }
}

extension ModelShape {
    /// 1 / √dimension: what scores are multiplied by.
    public var scoreScale: Float { 1 / Float(headDimension).squareRoot() }
}

extension Scenario {
    /// What a chunk of queries may see.
    func visibility(of queries: Range<Int>, in tokens: Int) -> Visibility {
        guard !isDense else { return .causal }
        let ranges = queries.map { visibleKeys(query: $0, tokens: tokens) }
        let selection = selection.map { selection in
            Visibility.Selection(
                fixed: zip(queries, ranges).map { query, visible in
                    visible.intersection(selection.fixedKeys(query: query, tokens: tokens)).ranges
                }, count: selection.selectedCount)
        }
        return Visibility(ranges: windows.isEmpty ? nil : ranges.map(\.ranges), selection: selection)
    }
}
