import RopewalkPhrases

/// A window, and neighbours of the chunk before: earlier chunks with similar keys, with what follows them.
package struct RETRO: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "retro", family: .selection, title: "RETRO neighbours",
        summary:
            "Beside a window, a token reads the neighbours of the last chunk that was complete with it or before it: the "
            + "chunks of nearest mean key (L2) and those that follow them. Neighbours come from the text's own past here; "
            + "the method takes them from a database by a separate encoder and reads them by cross-attention in some layers.",
        source:
            "Borgeaud et al., RETRO, 2022 (arXiv 2112.04426), chunks of 64, 2 neighbours of 128 tokens; window 2,048",
        parameters: [
            .count("chunk", "tokens in a chunk; a neighbour is two of them", default: 64),
            .count("neighbours", "neighbours of a chunk", unit: "neighbours", default: 2),
            .count("window", "last keys always read", default: 2048),
        ],
        flops: "(N/chunk)²·d a head to find neighbours, 4·N·(window + 2·neighbours·chunk)·d for what is read",
        memory: "2·N·d numbers a key/value head")

    package let chunk: Int
    package let neighbours: Int
    package let window: Int

    package init(chunk: Int, neighbours: Int, window: Int) {
        self.chunk = chunk
        self.neighbours = neighbours
        self.window = window
    }

    package init(values: [Double]) {
        self.init(chunk: Int(values[0]), neighbours: Int(values[1]), window: Int(values[2]))
    }
    package var values: [Double] { [Double(chunk), Double(neighbours), Double(window)] }

    package var sharing: HeadSharing { .group }

    /// The chunk whose neighbours a token reads; nil before the first chunk is complete. The last token of a chunk is
    /// the first that may.
    package func neighbourChunk(query: Int) -> Int? { query + 1 < chunk ? nil : (query + 1 - chunk) / chunk }

    /// Keys that a token reads of neighbours, as many as there may be.
    package func crossKeys(query: Int) -> Int {
        neighbourChunk(query: query) == nil ? 0 : neighbours * 2 * chunk
    }

    /// The neighbours of the last of some chunks, ascending: the nearest chunks that end, with the one after them,
    /// before it; of equal ones the first.
    ///
    /// - Parameter means: [chunk][dimension]
    package func neighbours(means: [[Double]]) -> [(chunk: Int, distance: Double)] {
        guard let own = means.last, means.count > 2 else { return [] }
        let distances = means.dropLast(2).map { mean in
            zip(mean, own).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        return HighestScores.indices(neighbours, of: distances.map { -$0 }).map { ($0, distances[$0]) }
    }

    /// The tokens of a neighbour: a chunk and the one that follows it.
    func span(_ index: Int) -> Range<Int> { index * chunk..<(index + 2) * chunk }

    func chooser(for place: HeadPlace, states: any LayerStates) -> RETROChooser {
        RETROChooser(method: self, place: place, states: states)
    }
}

struct RETROChooser: QueryChooser {
    private let method: RETRO
    private let place: HeadPlace
    private let states: any LayerStates
    /// [chunk][dimension]
    private var means: [[Double]] = []
    private var found: (chunk: Int, neighbours: [(chunk: Int, distance: Double)])?

    init(method: RETRO, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let method = method
        let neighbours = neighbours(query: query)
        let window = KeyRanges(from: max(0, query - method.window + 1), to: query + 1)
        let keys = KeyRanges(neighbours.map { method.span($0.chunk) }).union(window)
        let chunk = found?.chunk
        return KeyChoice(query: query, keys: keys) { key in
            if query - key < method.window { return .inWindow(query: query, key: key, window: method.window) }
            guard let chunk else {
                return VisibilityReason(
                    .notSelected, say("not selected: no chunk of \(method.chunk.grouped) is complete yet"))
            }
            if let near = neighbours.first(where: { method.span($0.chunk).contains(key) }) {
                return VisibilityReason(
                    .selected,
                    say(
                        """
                        selected: tokens \(method.span(near.chunk).text) are a neighbour of chunk \
                        \(chunk.grouped), distance \(near.distance.short)
                        """))
            }
            let farthest =
                neighbours.map(\.distance).max().map { say("; the farthest one has distance \($0.short)") } ?? ""
            return VisibilityReason(
                .notSelected, say("not selected: no neighbour of chunk \(chunk.grouped)\(farthest)"))
        }
    }

    private mutating func neighbours(query: Int) -> [(chunk: Int, distance: Double)] {
        guard let chunk = method.neighbourChunk(query: query) else { return [] }
        if let found, found.chunk == chunk { return found.neighbours }
        while means.count <= chunk {
            let range = means.count * method.chunk..<(means.count + 1) * method.chunk
            let keys = states.keys(range, keyHead: states.keyHead(of: place.head), piece: 0)
            means.append(BlockVectors.mean(of: keys, dimension: states.dimension))
        }
        let neighbours = method.neighbours(means: means)
        found = (chunk, neighbours)
        return neighbours
    }
}
