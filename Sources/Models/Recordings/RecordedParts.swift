import RopewalkKernels
import RopewalkPhrases

/// The memory that numbers of files have taken where they were read.
package struct RecordedPages: Sendable {
    private let parts: [RecordingPart]

    init(_ parts: [RecordingPart]) { self.parts = parts }

    /// Lets go of it: what is looked at again is read again.
    package func release() { for part in parts { part.release() } }
}

/// The parts of one kind of attention, joined: how far they go, and which of them have the tokens of a chunk.
struct RecordedParts {
    private let attention: RecordingIndex.Attention
    private let parts: [RecordingPart]
    /// Of every stretch of tokens that all heads have, the parts that have it; from 0 on, without gaps.
    private let stretches: [(tokens: Range<Int>, parts: [Int])]
    /// Tokens of a chunk.
    let chunkSize: Int

    /// Queries from 0 on that all layers and heads have that are recorded.
    var tokens: Int { stretches.last?.tokens.upperBound ?? 0 }

    /// - Parameter limit: as many tokens as are of use; nil for all.
    init(
        _ all: [RecordingPart], of attention: RecordingIndex.Attention, limit: Int?, in folder: RecordingFolder
    ) throws(ModelError) {
        let parts = all.filter { $0.index.kind == attention.kind }.sorted {
            ($0.index.tokens.lowerBound, $0.index.file) < ($1.index.tokens.lowerBound, $1.index.file)
        }
        var stretches: [(tokens: Range<Int>, parts: [Int])] = []
        var active: [Int] = []
        var next = 0
        let borders = Set(parts.flatMap { [$0.index.tokens.lowerBound, $0.index.tokens.upperBound] }).sorted()
        for (start, end) in zip(borders, borders.dropFirst()) {
            if let limit, start >= limit { break }
            active.removeAll { parts[$0].index.tokens.upperBound <= start }
            while next < parts.count, parts[next].index.tokens.lowerBound <= start {
                active.append(next)
                next += 1
            }
            let isWhole = try Self.covers(active.map { parts[$0].index }, attention, folder)
            guard isWhole, start == stretches.last?.tokens.upperBound ?? 0 else { break }
            stretches.append((start..<min(end, limit ?? end), active))
        }
        self.attention = attention
        self.parts = parts
        self.stretches = stretches
        chunkSize = Self.chunkSize(stretches.map(\.tokens), poolBlock: attention.poolBlock)
    }

    /// Refuses parts of a layer of which one has a measure that another one lacks: it would be known of some heads or tokens only.
    func requireSameMeasures(in folder: RecordingFolder) throws(ModelError) {
        for layer in 0..<attention.layers {
            let own = parts.filter { $0.index.layers.contains(layer) }
            guard let first = own.first else { continue }
            for measure in RecordingPart.optionalMeasures {
                let isThere = first.has(measure, layer: layer)
                guard let other = own.first(where: { $0.has(measure, layer: layer) != isThere }) else { continue }
                let names = (isThere ? [other, first] : [first, other]).map {
                    String($0.index.file.prefix(60)).debugDescription
                }
                let tensor = "\(attention.kind.rawValue).\(layer).\(measure)"
                throw folder.problem(
                    say(
                        "parts: \(names[0]) has no \(tensor), which \(names[1]) has: all parts of a layer have the same measures"
                    ))
            }
        }
    }

    /// Whether some parts have all heads together that are recorded; two of them that have the same are refused.
    private static func covers(
        _ parts: [RecordingIndex.Part], _ attention: RecordingIndex.Attention, _ folder: RecordingFolder
    ) throws(ModelError) -> Bool {
        var owner = [Int](repeating: -1, count: attention.layers * attention.heads)
        for (index, part) in parts.enumerated() {
            for layer in part.layers {
                for head in part.heads {
                    let place = layer * attention.heads + head
                    guard owner[place] < 0 else {
                        let names = [parts[owner[place]].file, part.file].map { String($0.prefix(60)).debugDescription }
                        throw folder.problem(
                            say(
                                "parts: \(names[0]) and \(names[1]) both have layer \(layer), head \(head) of the same tokens"
                            ))
                    }
                    owner[place] = index
                }
            }
        }
        return owner.indices.allSatisfy { place in
            owner[place] >= 0
                || attention.recorded?.contains(layer: place / attention.heads, head: place % attention.heads) == false
        }
    }

    /// The longest chunks that no border lies within.
    private static func chunkSize(_ stretches: [Range<Int>], poolBlock: Int) -> Int {
        guard let last = stretches.last else { return 256 }
        let inner = stretches.dropLast().map(\.upperBound)
        guard let first = inner.first else {
            let unit = max(256, poolBlock)
            return (last.upperBound + unit - 1) / unit * unit
        }
        func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
        return inner.reduce(first, divisor)
    }

    /// The chunks, with what the parts have of them; heads that no part has are zeros.
    func chunks(_ workers: Workers) throws(ModelError) -> [RecordedChunk] {
        var sources: [ChunkSource] = []
        var stretch = 0
        for start in stride(from: 0, to: tokens, by: chunkSize) {
            let range = start..<min(start + chunkSize, tokens)
            while stretches[stretch].tokens.upperBound <= start { stretch += 1 }
            let present = stretches[stretch].parts.map {
                (part: parts[$0], first: start - parts[$0].index.tokens.lowerBound)
            }
            sources.append(ChunkSource(attention: attention, tokens: range, parts: present))
        }
        let made = workers.map(sources.count) { place in
            Result { () throws(ModelError) -> RecordedChunk in try sources[place].chunk() }
        }
        var chunks: [RecordedChunk] = []
        chunks.reserveCapacity(made.count)
        for chunk in made { chunks.append(try chunk.get()) }
        return chunks
    }

    /// All keys of a layer of cross attention.
    func crossKeys() throws(ModelError) -> [RecordedKeys] {
        let first = parts.filter { $0.index.tokens.lowerBound == 0 }
        var result: [RecordedKeys] = []
        for layer in 0..<attention.layers {
            var (keys, values): ([ChunkSource.Piece], [ChunkSource.Piece]) = ([], [])
            for part in first where part.index.layers.contains(layer) {
                let recorded = try part.layer(layer)
                if let tensor = recorded.keys { keys.append((tensor, 0)) }
                if let tensor = recorded.values { values.append((tensor, 0)) }
            }
            result.append(RecordedKeys(keys: keys, values: values, of: attention, tokens: attention.keys))
        }
        return result
    }
}

extension RecordedKeys {
    fileprivate init(
        keys: [ChunkSource.Piece], values: [ChunkSource.Piece], of attention: RecordingIndex.Attention, tokens: Int
    ) {
        func numbers(_ pieces: [ChunkSource.Piece], _ layout: StoredNumbers.Layout) -> RecordedNumbers {
            .stored(
                StoredNumbers(
                    pieces, as: layout, heads: attention.keyValueHeads, tokens: tokens,
                    dimension: attention.headDimension))
        }
        self.init(keys: numbers(keys, .tiles), values: numbers(values, .padded))
    }
}

/// What parts have of a chunk.
private struct ChunkSource: Sendable {
    typealias Piece = (tensor: FileTensor, first: Int)

    /// Weights of features may be below 0 and above 1, no others.
    private static let weights: ClosedRange<Float> = -1e6...1e6
    private static let masses: ClosedRange<Float> = -1e9...1e9

    let attention: RecordingIndex.Attention
    let tokens: Range<Int>
    /// And the row of each that the chunk begins with.
    let parts: [(part: RecordingPart, first: Int)]

    func chunk() throws(ModelError) -> RecordedChunk {
        var layers: [RecordedLayer] = []
        for layer in 0..<attention.layers {
            var found: [(layer: RecordingPart.Layer, first: Int)] = []
            for (part, first) in parts where part.index.layers.contains(layer) {
                found.append((try part.layer(layer), first))
            }
            layers.append(self.layer(found))
        }
        var (hidden, losses): ([Piece], [Piece]) = ([], [])
        for (part, first) in parts {
            if hidden.isEmpty, let tensor = try part.lastHidden() { hidden = [(tensor, first)] }
            if losses.isEmpty, let tensor = try part.losses() { losses = [(tensor, first)] }
        }
        return RecordedChunk(
            tokens: tokens, layers: layers, lastBlockOutput: nil,
            lastHidden: hidden.isEmpty
                ? []
                : KeptNumbers(
                    StoredMeasures(
                        hidden, heads: 1, rows: tokens.count, width: hidden[0].tensor.width, kind: .within(-1e15...1e15)
                    )),
            negativeLogLikelihood: losses.isEmpty
                ? KeptNumbers(repeating: .nan, count: tokens.count)
                : KeptNumbers(StoredMeasures(losses, heads: 1, rows: tokens.count, kind: .within(-1e6...1e6, or: .nan)))
        )
    }

    private func layer(_ found: [(layer: RecordingPart.Layer, first: Int)]) -> RecordedLayer {
        func pieces(_ tensor: KeyPath<RecordingPart.Layer, FileTensor?>) -> [Piece] {
            found.compactMap { source in source.layer[keyPath: tensor].map { ($0, source.first) } }
        }
        let queries = StoredNumbers(
            pieces(\.queries), as: .rows, heads: attention.heads, tokens: tokens.count,
            dimension: attention.headDimension)
        let keys = RecordedKeys(
            keys: pieces(\.keys), values: pieces(\.values), of: attention, tokens: tokens.count)
        return RecordedLayer(
            keys: attention.kind == .cross ? nil : keys, queries: .stored(queries),
            attention: summary(pieces), global: nil, choices: choices(found))
    }

    private func summary(_ pieces: (KeyPath<RecordingPart.Layer, FileTensor?>) -> [Piece]) -> AttentionSummary {
        let count = tokens.count
        /// A measure that a part has left out is known of no head.
        func measure(
            _ tensor: KeyPath<RecordingPart.Layer, FileTensor?>, _ range: ClosedRange<Float>, or other: Float? = nil
        ) -> KeptNumbers<Float>? {
            let found = pieces(tensor)
            guard !found.isEmpty, found.count == parts(withLayersOf: pieces) else { return nil }
            return KeptNumbers(
                StoredMeasures(found, heads: attention.heads, rows: count, kind: .within(range, or: other)))
        }
        func keys(
            _ tensor: KeyPath<RecordingPart.Layer, FileTensor?>, upTo limit: Int32? = nil
        ) -> KeptNumbers<Int32>? {
            let found = pieces(tensor)
            guard !found.isEmpty, found.count == parts(withLayersOf: pieces) else { return nil }
            let last = limit ?? Int32(clamping: attention.keys - 1)
            return KeptNumbers(
                StoredMeasures(found, heads: attention.heads, rows: count, kind: .whole(-1...max(-1, last))))
        }
        let unknown = KeptNumbers<Float>(repeating: .nan, count: attention.heads * count)
        let block = attention.poolBlock
        let rows = (count + block - 1) / block
        func pool(
            _ tensor: KeyPath<RecordingPart.Layer, FileTensor?>, _ range: ClosedRange<Float>
        ) -> (KeptNumbers<Float>, columns: Int)? {
            let found = pieces(tensor).map { piece in (tensor: piece.tensor, first: piece.first / block) }
            guard let width = found.first?.tensor.width, found.count == parts(withLayersOf: pieces),
                found.allSatisfy({ $0.tensor.width == width && $0.first + rows <= $0.tensor.rows })
            else { return nil }
            let measures = StoredMeasures(found, heads: attention.heads, rows: rows, width: width, kind: .within(range))
            return (KeptNumbers(measures), width)
        }
        let (entropy, induction, topKey) = (
            measure(\.entropy, -1...64), measure(\.induction, Self.weights), keys(\.topKey)
        )
        let (maximum, mass) = (pool(\.pooledMaximum, 0...2), pool(\.pooledMass, Self.masses))
        let others = [
            measure(\.distance, -1e10...1e10), measure(\.sink, Self.weights), measure(\.previous, Self.weights),
        ]
        // Whoever asks for measures asks first whether pairs were looked at.
        let hasPairs =
            entropy != nil && induction != nil && topKey != nil && (maximum != nil || mass == nil)
            && !others.contains { $0 == nil }
        return AttentionSummary(
            logSumExp: measure(\.logSumExp, -1e34...1e34, or: .infinity) ?? unknown, entropy: entropy ?? unknown,
            distance: others[0] ?? unknown, sink: others[1] ?? unknown,
            previous: others[2] ?? unknown, induction: induction ?? unknown,
            topKey: topKey ?? KeptNumbers(repeating: -1, count: attention.heads * count),
            threshold: measure(\.threshold, -1e9...1e9, or: .nan) ?? [],
            // Where all keys fit, none is the last one.
            lastTie: keys(\.lastTie, upTo: .max) ?? [],
            pooledMaximum: maximum?.0 ?? [], pooledMass: mass?.0 ?? [], poolRows: mass == nil ? 0 : rows,
            poolColumns: mass?.columns ?? 0, hasPairs: hasPairs)
    }

    /// How many parts have something of a layer.
    private func parts(withLayersOf pieces: (KeyPath<RecordingPart.Layer, FileTensor?>) -> [Piece]) -> Int {
        pieces(\.queries).count
    }

    private func choices(_ found: [(layer: RecordingPart.Layer, first: Int)]) -> [RecordedChoices]? {
        let rows = tokens.count + 1
        guard found.contains(where: { $0.layer.choiceStarts != nil }) else { return nil }
        var choices: [RecordedChoices] = []
        for head in 0..<attention.heads {
            let source = found.first { $0.layer.choiceStarts?.heads.contains(head) == true }
            guard let source, let starts = source.layer.choiceStarts, let bounds = source.layer.choiceBounds else {
                choices.append(RecordedChoices(starts: KeptNumbers(repeating: 0, count: rows), from: 0, bounds: []))
                continue
            }
            choices.append(
                RecordedChoices(
                    starts: KeptNumbers(
                        StoredMeasures(
                            [(starts, source.first)], heads: attention.heads, rows: rows, kind: .whole(0...Int32.max))),
                    from: head * rows,
                    bounds: KeptNumbers(
                        StoredMeasures(
                            [(bounds, 0)], heads: 1, rows: bounds.rows,
                            kind: .whole(0...Int32(clamping: attention.keys))))))
        }
        return choices
    }
}
