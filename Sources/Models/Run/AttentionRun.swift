import RopewalkKernels
import RopewalkMethods

/// The attention of a run: caches that grow from chunk to chunk, and working memory for one chunk.
final class AttentionRun {
    private let stack: Stack
    private let shape: ModelShape
    private let setup: RunSetup
    private let poolBlock: Int
    private let workers: Workers
    private let caches: [KeyValueCache]
    /// Of Longformer's second projections.
    private let globalCaches: [KeyValueCache]
    private let crossSetup: RunSetup?
    private let compression: CompressionRun?
    private let selections: SelectionRun?
    private let recurrences: RecurrenceRun?
    private let slots: SlotRun?
    private var crossCaches: [KeyValueCache] = []
    private(set) var crossKeys: [RecordedKeys] = []

    /// [token of the chunk, head · dimension]
    private let queries: Matrix
    private let keys: Matrix
    private let values: Matrix
    private let context: Matrix

    // Of the chunk that is being run.
    private var tokens = 0..<0
    private var inductionKeys: [Int32] = []
    /// What the layers that have been run recorded.
    private var chunkKeys: [Int: RecordedKeys] = [:]
    private var plans: ChunkPlans
    private var crossPlans: ChunkPlans?

    init(
        _ stack: Stack, shape: ModelShape, setup: RunSetup, crossing: StackRun.Crossing?, chunkSize: Int,
        poolBlock: Int, cached: Int, workers: Workers
    ) {
        self.stack = stack
        self.shape = shape
        self.setup = setup
        self.poolBlock = poolBlock
        self.workers = workers
        crossSetup = crossing?.setup
        plans = ChunkPlans(setup, tokens: 0..<0)
        var caches: [KeyValueCache] = []
        // What reads sums alone needs no keys but those of the chunk.
        let attends = stack.blocks.indices.filter { stack.blocks[$0].mixer.attention != nil }
        let cached = attends.allSatisfy { setup.isRecurrent(layer: $0) } ? min(chunkSize, cached) : cached
        for (layer, block) in stack.blocks.enumerated() {
            guard let attention = block.mixer.attention else {
                // What has no keys keeps none.
                caches.append(KeyValueCache(heads: 1, dimension: 1, tokens: 0))
                continue
            }
            let reach = setup.reach(layer: layer)
            let room = reach.map { KeyValueCache.room(first: $0.first, recent: $0.recent, chunk: chunkSize) }
            let forgets = (room ?? cached) < cached
            caches.append(
                attention.keysOf == nil
                    ? KeyValueCache(
                        heads: shape.keyValueHeads, dimension: shape.headDimension,
                        tokens: forgets ? room ?? cached : cached, lasting: forgets ? reach?.first ?? 0 : 0,
                        slots: setup.positions(layer).slots, isCompressed: setup.compression != nil)
                    : caches[attention.keysOf ?? layer])
        }
        self.caches = caches
        compression = CompressionRun(setup: setup, caches: caches, workers: workers)
        selections = SelectionRun(setup: setup, shape: shape, caches: caches, workers: workers)
        recurrences = RecurrenceRun(setup: setup, shape: shape, caches: caches, poolBlock: poolBlock)
        slots = SlotRun(setup: setup, stack: stack, shape: shape, poolBlock: poolBlock, workers: workers)
        globalCaches =
            setup.globals.isEmpty
            ? []
            : stack.blocks.map { _ in
                KeyValueCache(heads: shape.keyValueHeads, dimension: shape.headDimension, tokens: setup.keys)
            }
        func matrix(_ heads: Int) -> Matrix { Matrix(rows: chunkSize, columns: heads * shape.headDimension) }
        queries = matrix(shape.heads)
        keys = matrix(shape.keyValueHeads)
        values = matrix(shape.keyValueHeads)
        context = matrix(shape.heads)
        if let crossing { prepare(crossing) }
    }

    /// Keys and values of all that the encoder made, once.
    private func prepare(_ crossing: StackRun.Crossing) {
        let count = crossing.setup.keys
        let columns = shape.keyValueHeads * shape.headDimension
        let keys = Matrix(rows: count, columns: columns)
        let values = Matrix(rows: count, columns: columns)
        for block in stack.blocks {
            guard let attention = block.cross?.attention else { continue }
            let cache = KeyValueCache(heads: shape.keyValueHeads, dimension: shape.headDimension, tokens: count)
            attention.key.apply(to: crossing.states, rows: count, output: keys, workers: workers)
            attention.value.apply(to: crossing.states, rows: count, output: values, workers: workers)
            crossKeys.append(
                store(keys, values, in: cache, firstToken: 0, count: count, tables: crossing.setup.positions[0].keys))
            crossCaches.append(cache)
        }
    }

    /// Puts a recorded chunk where later ones find it.
    func restore(_ chunk: RecordedChunk) {
        tokens = chunk.tokens
        for (index, layer) in chunk.layers.enumerated() {
            guard let own = stack.blocks[index].mixer.attention else { continue }
            if own.keysOf == nil, let recorded = layer.keys {
                cache(PackedKeys(keys: recorded.keys.floats, values: recorded.values.floats), layer: index)
            }
            if let attention = recurrences?[index] {
                _ = attention.run(chunk.tokens, queries: nil, context: context, workers: workers)
            }
            // Selectors remember what they were asked: they are asked once more.
            guard let keys = layer.keys else { continue }
            _ = selections?.choose(layer: index, tokens: chunk.tokens, queries: layer.queries.floats, keys: keys)
        }
    }

    /// Starts a chunk.
    func begin(_ tokens: Range<Int>, inductionKeys: [Int32]) {
        self.tokens = tokens
        self.inductionKeys = inductionKeys
        chunkKeys = [:]
        plans = ChunkPlans(setup, tokens: tokens)
        crossPlans = crossSetup.map { ChunkPlans($0, tokens: tokens) }
    }

    /// output = attention(input).
    /// - Parameter states: what the block reads, before any norm
    func attend(
        _ index: Int, _ layer: AttentionLayer, input: Matrix, states: Matrix, into output: Matrix
    ) -> RecordedLayer {
        project(layer.query, layer.key, layer.value, of: layer, input: input)
        let recordedQueries = pack(queries)
        let recorded = storeKeys(index, of: layer)
        let chosen = selections?.choose(layer: index, tokens: tokens, queries: recordedQueries, keys: recorded)
        var recordedSlots = slots?.remember(
            index, states: states, tokens: tokens, reading: (queries, caches[index]))
        let slotReading = slots?.read(index, tokens: tokens, queries: queries)
        recordedSlots?.logSumExp = slotReading?.logSumExp
        var summary = read(index, chosen: chosen, beside: slotReading?.logSumExp)
        slotReading?.add(to: context, logSumExp: summary.logSumExp.array, heads: shape.heads)
        var global: RecordedGlobals?
        if let projections = layer.global, !setup.globals.isEmpty {
            let local = context.copy(rows: 0..<tokens.count)
            let (recorded, globalSummary) = attendGlobally(index, projections, of: layer, input: input)
            global = recorded
            let isGlobal = tokens.map(setup.globals.contains)
            summary = summary.merging(globalSummary, rows: isGlobal)
            for (row, isGlobal) in isGlobal.enumerated() where !isGlobal {
                context.setRow(row, to: local[row * context.columns..<(row + 1) * context.columns])
            }
        }
        context.clearColumns(of: setup.headsLeftOut(index), width: shape.headDimension, rows: tokens.count)
        let given = layer.narrowed(context, rows: tokens.count, shape: shape)
        layer.output.apply(to: given, rows: tokens.count, output: output, workers: workers)
        return RecordedLayer(
            keys: recorded, queries: kept(recordedQueries), attention: summary, global: global,
            choices: chosen?.recorded, tables: chosen?.tables, slots: recordedSlots)
    }

    /// What the queries of the chunk read: of sums where those are all there is to know, of single keys where few are
    /// chosen, else tile by tile.
    /// - Parameter beside: ln Σ exp of what else shares their weights. [head, query of the chunk]
    private func read(_ index: Int, chosen: SelectionRun.Chosen?, beside: [Float]?) -> AttentionSummary {
        if let attention = recurrences?[index] {
            return attention.run(tokens, queries: queries, context: context, workers: workers)
        }
        if beside == nil, let tables = chosen?.tables, let summary = readSingly(index, tables: tables) {
            return summary
        }
        let choices = chosen?.rows(tokens)
        let (plans, planOfHead) =
            if let choices {
                self.plans.plans(layer: index, choices: choices.map { $0.map(\.keys) }, workers: workers)
            } else {
                self.plans.plans(layer: index)
            }
        var rule = setup.rules[index]
        if let choices {
            rule.added = ScoreBias(addedIn: choices, first: tokens.lowerBound)
            rule.places = KeyPlaces(setup.stateSelection(index), choices: choices, first: tokens.lowerBound)
        }
        let attention = Attention(
            plans: plans, planOfHead: planOfHead, cache: caches[index], heads: shape.heads, rule: rule,
            scale: setup.layerTraits[index].scoreScale, poolBlock: poolBlock, inductionKeys: inductionKeys,
            firstExactValue: compression?.firstExactValue, beside: beside)
        return attention.run(queries: queries, context: context, workers: workers)
    }

    /// The keys of tables one by one; nil where a score is more than a product.
    private func readSingly(_ index: Int, tables: [any KeyTable]) -> AttentionSummary? {
        let (rule, positions) = (setup.rules[index], setup.positions(index))
        guard SparseAttention.suits(rule, positions: positions), compression == nil else { return nil }
        let attention = SparseAttention(
            cache: caches[index], positions: positions, heads: shape.heads, rule: rule,
            scale: setup.layerTraits[index].scoreScale, poolBlock: poolBlock, inductionKeys: inductionKeys)
        return attention.run(tokens, queries: queries, context: context, workers: workers) { [setup] head in
            TableReader(table: tables[head], setup: setup, layer: index, head: head).read
        }
    }

    /// Puts a layer's keys and values into its cache, if they are its own.
    private func storeKeys(_ index: Int, of layer: AttentionLayer) -> RecordedKeys {
        let recorded: RecordedKeys
        if let source = layer.keysOf, let shared = chunkKeys[source] {
            recorded = shared
        } else {
            let exact = packed(keys, values, width: caches[index].width, count: tokens.count)
            cache(exact, layer: index)
            recorded = RecordedKeys(exact, in: precision)
        }
        chunkKeys[index] = recorded
        return recorded
    }

    /// Puts a layer's own keys and values of the chunk into its cache.
    private func cache(_ exact: PackedKeys, layer: Int) {
        let tables = setup.positions(layer).keys
        if tokens.lowerBound % tileSize == 0 {
            caches[layer].store(
                keys: exact.keys, values: exact.values, firstToken: tokens.lowerBound, count: tokens.count,
                tables: tables, workers: workers)
        } else {
            caches[layer].append(
                keys: exact.keys, values: exact.values, firstToken: tokens.lowerBound, count: tokens.count,
                tables: tables)
        }
        compression?.compress(layer: layer, cached: tokens.upperBound)
    }

    /// What global tokens read of all tokens, with projections of their own.
    private func attendGlobally(
        _ index: Int, _ projections: AttentionLayer.GlobalProjections, of layer: AttentionLayer, input: Matrix
    ) -> (RecordedGlobals, AttentionSummary) {
        project(projections.query, projections.key, projections.value, of: layer, input: input)
        let recordedQueries = pack(queries)
        let tables = setup.positions(index)
        let recorded = store(
            keys, values, in: globalCaches[index], firstToken: tokens.lowerBound, count: tokens.count,
            tables: tables.keys)
        let seen = setup.present?.ranges ?? [0..<setup.keys]
        let plan = VisibilityPlan(
            Visibility(
                limit: .keys(setup.keys), ranges: tokens.map { setup.globals.contains($0) ? seen : [] }),
            positions: tables, firstQuery: tokens.lowerBound, count: tokens.count)
        let attention = Attention(
            plans: [plan], cache: globalCaches[index], heads: shape.heads, rule: setup.rules[index],
            scale: setup.layerTraits[index].scoreScale, poolBlock: poolBlock, inductionKeys: inductionKeys)
        let summary = attention.run(queries: queries, context: context, workers: workers)
        return (RecordedGlobals(keys: recorded, queries: kept(recordedQueries)), summary)
    }

    /// output = attention of the input to the encoder's result.
    func attendAcross(_ index: Int, _ layer: AttentionLayer, input: Matrix, into output: Matrix) -> RecordedLayer? {
        guard let setup = crossSetup, let (plans, planOfHead) = crossPlans?.plans(layer: index) else { return nil }
        layer.query.apply(to: input, rows: tokens.count, output: queries, workers: workers)
        let recordedQueries = pack(queries)
        let attention = Attention(
            plans: plans, planOfHead: planOfHead, cache: crossCaches[index], heads: shape.heads,
            rule: setup.rules[index], scale: setup.layerTraits[index].scoreScale, poolBlock: poolBlock,
            inductionKeys: Array(repeating: -1, count: tokens.count))
        let summary = attention.run(queries: queries, context: context, workers: workers)
        layer.output.apply(to: context, rows: tokens.count, output: output, workers: workers)
        return RecordedLayer(keys: nil, queries: kept(recordedQueries), attention: summary, global: nil, choices: nil)
    }

    /// Queries, keys and values of the chunk before rotation.
    private func project(
        _ query: WeightMatrix, _ key: WeightMatrix, _ value: WeightMatrix, of layer: AttentionLayer, input: Matrix
    ) {
        let count = tokens.count
        let isDone = layer.projectInParts(
            input, rows: count, shape: shape, queries: queries, keys: keys, values: values, workers: workers)
        if !isDone {
            query.apply(to: input, rows: count, output: queries, workers: workers)
            if layer.keysOf == nil {
                key.apply(to: input, rows: count, output: keys, workers: workers)
                value.apply(to: input, rows: count, output: values, workers: workers)
            }
        }
        if let clip = layer.clip {
            for matrix in [queries, keys, values] { Elementwise.clip(matrix, to: clip, rows: count) }
        }
        layer.queryNorm?.applyToHeads(queries, rows: count, workers: workers)
        layer.keyNorm?.applyToHeads(keys, rows: count, workers: workers)
        layer.valueNorm?.applyToHeads(values, rows: count, workers: workers)
        if let temperature = layer.temperature {
            for (row, place) in tokens.enumerated() { queries.scaleRow(row, by: temperature.factor(place)) }
        }
    }

    private func pack(_ queries: Matrix) -> [Float] {
        HeadPacking.rows(
            queries, count: tokens.count, heads: shape.heads, width: shape.headDimension, workers: workers)
    }

    /// Puts keys and values where attention finds them, and into the recording.
    private func store(
        _ keys: Matrix, _ values: Matrix, in cache: KeyValueCache, firstToken: Int, count: Int, tables: [RotaryTable]
    ) -> RecordedKeys {
        let exact = packed(keys, values, width: cache.width, count: count)
        cache.store(
            keys: exact.keys, values: exact.values, firstToken: firstToken, count: count, tables: tables,
            workers: workers)
        return RecordedKeys(exact, in: precision)
    }

    private var precision: RecordingPrecision { setup.modelTraits.precision }
    private func kept(_ queries: [Float]) -> RecordedNumbers { RecordedNumbers(queries, in: precision) }

    /// In the order in which a recording keeps them.
    private func packed(_ keys: Matrix, _ values: Matrix, width: Int, count: Int) -> PackedKeys {
        PackedKeys(
            keys: HeadPacking.tiles(keys, count: count, heads: shape.keyValueHeads, workers: workers),
            values: HeadPacking.rows(
                values, count: count, heads: shape.keyValueHeads, width: width, workers: workers))
    }
}
