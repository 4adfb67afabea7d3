import RopewalkModels

/// The scores of all heads on their way, layer by layer: a step takes some milliseconds, however long the text is.
///
/// What it comes to is `Lens.headScores` to the bit.
package struct HeadScoreWalk: Sendable {
    /// Of one head, before its last step.
    private struct OpenHead: Sendable {
        var sums = HeadSums()
        /// Chunks that are added.
        var chunks = 0
        /// Known when all chunks are.
        var keys: StrongestKeys?
        /// Sinks that are complete.
        var sinks: [HeadScore.Sink] = []
        /// Of the next sink, the column and what is left of it.
        var column: KeyColumn?
        var stretches: ArraySlice<Range<Int>> = []
        var weight = 0.0
    }

    /// Queries that a step adds.
    private static let queries = 65_536
    /// As many of all heads together are added at once: a frame has time for them.
    static let atOnce = 1 << 17

    private let lens: Lens
    private let hasEarlier: [Bool]
    private var open = OpenHead()
    /// Of the heads that are complete, layer by layer.
    package private(set) var scores: [HeadScore] = []

    /// - Parameter lens: whose run is measured
    package init(_ lens: Lens) { self.init(lens, atOnce: Self.atOnce) }

    /// - Parameter atOnce: queries of all heads together that are added at once
    init(_ lens: Lens, atOnce: Int) {
        self.lens = lens.measuring
        hasEarlier = Lens.earlierOccurrences(lens.recording)
        // Of a short text all is known at once.
        let heads = lens.shape.layers * lens.shape.heads
        if heads * lens.recording.tokens <= atOnce { scores = self.lens.headScores() }
    }

    package var isComplete: Bool { scores.count >= lens.shape.layers * lens.shape.heads }

    /// One step more.
    package mutating func next() {
        guard !isComplete else { return }
        let (layer, head) = (scores.count / lens.shape.heads, scores.count % lens.shape.heads)
        let recording = lens.recording
        if open.chunks < recording.chunks.count { return addChunks(layer: layer, head: head) }
        guard let keys = open.keys else {
            let keys = StrongestKeys(recording, layer: layer, head: head)
            open.sums.hasPairs = recording.hasPairs(layer: layer)
            open.sums.add(keys.retrieval(ids: recording.ids, keyIDs: recording.keyIDs))
            open.keys = keys
            return
        }
        guard open.sinks.count < keys.sinks.count else {
            open.sums.add(open.sinks, queries: keys.queries)
            scores.append(open.sums.score(layer: layer, head: head))
            open = OpenHead()
            // All measures of all heads are read once: what nobody looks at shall take no memory.
            recording.pages?.release()
            return
        }
        addColumn(of: keys, layer: layer, head: head)
    }

    private mutating func addChunks(layer: Int, head: Int) {
        var added = 0
        while open.chunks < lens.recording.chunks.count, added < Self.queries {
            let chunk = lens.recording.chunks[open.chunks]
            open.sums.add(
                chunk.layers[layer].attention, head: head, tokens: chunk.tokens, hasEarlier: hasEarlier, from: 0,
                sinksFrom: 0)
            open.chunks += 1
            added += chunk.tokens.count
        }
    }

    /// A stretch of the weights that queries give the next sink.
    private mutating func addColumn(of keys: StrongestKeys, layer: Int, head: Int) {
        let sink = keys.sinks[open.sinks.count]
        if sink.key > 0, open.column == nil {
            open.column = KeyColumn(lens, layer: layer, head: head, key: sink.key)
            open.stretches = open.column?.stretches[...] ?? []
            open.weight = 0
        }
        if let column = open.column, let stretch = open.stretches.popFirst() {
            open.weight = column.weights(of: stretch).reduce(open.weight) { $0 + Double($1) }
            if !open.stretches.isEmpty { return }
        }
        let sum = sink.key > 0 ? open.weight : lens.weightOfFirst(layer: layer, head: head, from: 0)
        open.sinks.append(keys.sink(sink, weight: sum))
        (open.column, open.weight) = (nil, 0)
    }
}
