import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// Writes one part of a recording: some layers and heads of a chunk.
struct PartWork {
    let part: RecordingIndex.Part
    let chunk: RecordedChunk
    let recording: Recording
    let precision: StoredPrecision
    /// Whether last states and losses are in this part.
    let hasStates: Bool
    /// Names the model in errors.
    let model: String
    /// The largest difference that storing brought to a number, relative to the largest of its row.
    private(set) var error: Float = 0

    init(
        part: RecordingIndex.Part, chunk: RecordedChunk, recording: Recording, precision: StoredPrecision,
        hasStates: Bool, model: String
    ) {
        self.part = part
        self.chunk = chunk
        self.recording = recording
        self.precision = precision
        self.hasStates = hasStates
        self.model = model
    }

    private var kind: String { part.kind.rawValue }
    private var count: Int { chunk.tokens.count }
    private var dimension: Int { recording.shape.headDimension }

    /// Tensors that are declared first, and then made one after the other.
    private typealias Planned = (declaration: SafetensorsWriter.Declaration, bytes: () -> [UInt8])

    /// - Returns: the part with its length.
    mutating func write(to path: String) throws(ModelError) -> RecordingIndex.Part {
        try check()
        do throws(FormatError) {
            var declarations: [SafetensorsWriter.Declaration] = []
            for layer in part.layers { declarations += declared(layer) }
            if hasStates { declarations += states.map(\.declaration) }
            var file = try SafetensorsWriter(path: path, tensors: declarations)
            for layer in part.layers {
                for source in sources(layer) { try append(source, to: &file) }
                for measure in measures(layer) { try file.append(measure.bytes()) }
            }
            if hasStates { for state in states { try file.append(state.bytes()) } }
            try file.finish()
            var part = part
            part.bytes = try RegularFile.map(path).count
            return part
        } catch {
            if case .kind(_, let problem) = error { throw .cannotRecord(model: model, problem) }
            throw .format(error)
        }
    }

    /// Refuses what version 1 has no tensors for.
    private func check() throws(ModelError) {
        for layer in part.layers {
            let recorded = chunk.layers[layer]
            let found: String? =
                if recorded.mixer != nil {
                    say("it has layers with a state in place of attention")
                } else if recorded.tables != nil {
                    say("its keys are chosen in tables of the whole text")
                } else if recorded.slots != nil {
                    say("it keeps slots of a compressed memory")
                } else if recorded.global != nil {
                    say("it has global tokens with projections of their own")
                } else if recorded.choices?.contains(where: \.isMoreThanKeys) == true {
                    say("something is added to the scores of chosen keys")
                } else {
                    nil
                }
            if let found { throw .cannotRecord(model: model, found) }
        }
    }

    // MARK: Queries, keys and values

    /// Rows of some heads, [head, row, dimension].
    private struct Source {
        let name: String
        let heads: Range<Int>
        let rows: Int
        let read: (_ head: Int) -> [Float]
    }

    private func sources(_ layer: Int) -> [Source] {
        let (recorded, d, count) = (chunk.layers[layer], dimension, count)
        var sources = [
            Source(name: "\(kind).\(layer).queries", heads: part.heads, rows: count) { head in
                recorded.queries[head * count * d..<(head + 1) * count * d]
            }
        ]
        let isCross = part.kind == .cross
        guard !isCross || part.tokens.lowerBound == 0,
            let keys = isCross ? recording.crossKeys[layer] : recorded.keys
        else { return sources }
        let rows = isCross ? recording.keyIDs.count : count
        sources.append(
            Source(name: "\(kind).\(layer).keys", heads: part.keyValueHeads, rows: rows) { head in
                Self.unpacked(keys.keys, head: head, rows: rows, dimension: d)
            })
        let width = KeyValueCache.width(of: d)
        sources.append(
            Source(name: "\(kind).\(layer).values", heads: part.keyValueHeads, rows: rows) { head in
                let padded = keys.values[head * rows * width..<(head + 1) * rows * width]
                guard width != d else { return padded }
                return (0..<rows).flatMap { padded[$0 * width..<$0 * width + d] }
            })
        return sources
    }

    /// Keys of a head in a row, of tiles. [row, dimension]
    private static func unpacked(_ keys: RecordedNumbers, head: Int, rows: Int, dimension d: Int) -> [Float] {
        let tiles = (rows + tileSize - 1) / tileSize
        var result = [Float](repeating: 0, count: rows * d)
        for tile in 0..<tiles {
            let start = (head * tiles + tile) * d * tileSize
            let packed = keys[start..<start + d * tileSize]
            for row in 0..<min(tileSize, rows - tile * tileSize) {
                let target = (tile * tileSize + row) * d
                for i in 0..<d { result[target + i] = packed[i * tileSize + row] }
            }
        }
        return result
    }

    private func declared(_ layer: Int) -> [SafetensorsWriter.Declaration] {
        var declarations: [SafetensorsWriter.Declaration] = []
        for source in sources(layer) {
            let heads = source.heads.count
            declarations.append(.init(source.name, precision.element, shape: [heads, source.rows, dimension]))
            if precision == .bytes {
                declarations.append(.init(source.name + ".scale", .f32, shape: [heads, source.rows]))
            }
        }
        return declarations + measures(layer).map(\.declaration)
    }

    private mutating func append(_ source: Source, to file: inout SafetensorsWriter) throws(FormatError) {
        var scales: [Float] = []
        for head in source.heads {
            let numbers = source.read(head)
            guard numbers.allSatisfy(\.isFinite) else {
                throw .kind(file: source.name, problem: say("\(source.name) has numbers that are not finite"))
            }
            switch precision {
            case .single: try file.append(numbers)
            case .half:
                guard case .half(let bits) = RecordedNumbers(numbers, in: .half) else {
                    throw .kind(
                        file: source.name,
                        problem: say("\(source.name) has numbers that are too large for f16: take bf16 or f32"))
                }
                note(numbers, RecordedNumbers.half(bits).floats)
                try file.append(bits)
            case .brain:
                let bits = numbers.map { number in
                    let bits = number.bitPattern
                    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
                }
                note(numbers, bits.map { Float(bitPattern: UInt32($0) << 16) })
                try file.append(bits)
            case .bytes:
                let (whole, factors) = Self.rounded(numbers, width: dimension)
                note(numbers, whole.indices.map { Float(whole[$0]) * factors[$0 / dimension] })
                scales += factors
                try file.append(whole)
            }
        }
        if precision == .bytes { try file.append(scales) }
    }

    /// Whole numbers from −127 to 127, and the factor of each row.
    private static func rounded(_ numbers: [Float], width: Int) -> (whole: [Int8], factors: [Float]) {
        var (whole, factors): ([Int8], [Float]) = ([], [])
        whole.reserveCapacity(numbers.count)
        for start in stride(from: 0, to: numbers.count, by: width) {
            let row = numbers[start..<start + width]
            let factor = (row.lazy.map(abs).max() ?? 0) / 127
            factors.append(factor)
            for number in row {
                whole.append(factor > 0 ? Int8(max(-127, min(127, (number / factor).rounded()))) : 0)
            }
        }
        return (whole, factors)
    }

    private mutating func note(_ numbers: [Float], _ kept: [Float]) {
        for start in stride(from: 0, to: numbers.count, by: dimension) {
            var (largest, off): (Float, Float) = (0, 0)
            for i in start..<start + dimension {
                largest = max(largest, abs(numbers[i]))
                off = max(off, abs(numbers[i] - kept[i]))
            }
            if largest > 0 { error = max(error, off / largest) }
        }
    }

    // MARK: Measures

    private func measures(_ layer: Int) -> [Planned] {
        let summary = chunk.layers[layer].attention
        let prefix = "\(kind).\(layer)."
        let heads = part.heads
        var planned: [Planned] = []
        /// Of every head so many numbers; what was not measured is left out.
        func add<Number>(_ name: String, _ type: ElementType, _ numbers: KeptNumbers<Number>, shape: [Int]) {
            let perHead = shape.reduce(1, *)
            guard numbers.count == recording.shape.heads * perHead, perHead > 0 else { return }
            if let first = numbers.first as? Float, first.isNaN,
                numbers.allSatisfy({ ($0 as? Float)?.isNaN ?? false })
            {
                return
            }
            planned.append(
                (
                    .init(prefix + name, type, shape: [heads.count] + shape),
                    {
                        Array(numbers[heads.lowerBound * perHead..<heads.upperBound * perHead]).withUnsafeBytes(
                            Array.init)
                    }
                ))
        }
        let rows = [count]
        add("log_sum_exp", .f32, summary.logSumExp, shape: rows)
        add("distance", .f32, summary.distance, shape: rows)
        add("sink", .f32, summary.sink, shape: rows)
        add("previous", .f32, summary.previous, shape: rows)
        if summary.hasPairs {
            add("entropy", .f32, summary.entropy, shape: rows)
            add("induction", .f32, summary.induction, shape: rows)
            add("top_key", .i32, summary.topKey, shape: rows)
        }
        add("threshold", .f32, summary.threshold, shape: rows)
        add("last_tie", .i32, summary.lastTie, shape: rows)
        let blocks = [summary.poolRows, summary.poolColumns]
        add("pool_mass", .f32, summary.pooledMass, shape: blocks)
        if summary.hasPairs { add("pool_maximum", .f32, summary.pooledMaximum, shape: blocks) }
        return planned + choices(layer)
    }

    private func choices(_ layer: Int) -> [Planned] {
        guard let choices = chunk.layers[layer].choices else { return [] }
        var (starts, bounds): ([Int32], [Int32]) = ([], [])
        for head in part.heads {
            starts.append(Int32(clamping: bounds.count))
            for ranges in choices[head].allBounds(count) {
                bounds += ranges
                starts.append(Int32(clamping: bounds.count))
            }
        }
        let prefix = "\(kind).\(layer)."
        return [
            (
                .init(prefix + "choice_starts", .i32, shape: [part.heads.count, count + 1]),
                { starts.withUnsafeBytes(Array.init) }
            ),
            (.init(prefix + "choice_bounds", .i32, shape: [bounds.count]), { bounds.withUnsafeBytes(Array.init) }),
        ]
    }

    /// Last states and losses.
    private var states: [Planned] {
        let chunk = chunk
        var planned: [Planned] = []
        if chunk.lastWidth > 0 {
            planned.append(
                (
                    .init("\(kind).last_hidden", .f32, shape: [count, chunk.lastWidth]),
                    { chunk.lastHidden.array.withUnsafeBytes(Array.init) }
                ))
        }
        if chunk.negativeLogLikelihood.contains(where: { !$0.isNaN }) {
            planned.append(
                (
                    .init("\(kind).negative_log_likelihood", .f32, shape: [count]),
                    { chunk.negativeLogLikelihood.array.withUnsafeBytes(Array.init) }
                ))
        }
        return planned
    }
}
