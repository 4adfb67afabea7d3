import RopewalkMethods
import RopewalkModels
import Synchronization

/// What a selection by states would choose on the states that another scenario's run recorded; answers are kept.
final class PreviewChoices: Sendable {
    private struct Place: Hashable {
        let layer: Int
        let head: Int
        let query: Int
    }

    private let recording: Recording
    private let setup: RunSetup
    /// What a compressed cache gives back; nil without one.
    private let compressed: CompressedStates?
    private let known = Mutex<[Place: KeyChoice]>([:])
    /// Of whole texts, by layer and head.
    private let tables = Mutex<[[Int]: any KeyTable]>([:])
    /// Queries that a selection is replayed for: more take longer than a frame or two.
    private static let replayLimit = 2048
    /// Tables that are kept.
    private static let mostTables = 64
    /// Answers that are kept.
    private static let capacity = 1 << 14

    init(recording: Recording, setup: RunSetup, compressed: CompressedStates?) {
        self.recording = recording
        self.setup = setup
        self.compressed = compressed
    }

    func canAnswer(_ query: Int) -> Bool {
        setup.stateSelection?.followsFromStates ?? true || query < Self.replayLimit
    }

    /// The choices for some queries of a head; nil where one would take too long.
    func choices(layer: Int, head: Int, queries: [Int]) -> [KeyChoice]? {
        guard let selection = setup.stateSelection(layer), queries.allSatisfy(canAnswer) else { return nil }
        let group = recording.shape.groupSize
        let first: Int =
            switch selection.sharing {
            case .head: head
            case .group: head / group * group
            case .layer: 0
            }
        let kept = known.withLock { known in
            queries.map { known[Place(layer: layer, head: first, query: $0)] }
        }
        let missing = zip(queries, kept).filter { $0.1 == nil }.map(\.0)
        let made = missing.isEmpty ? [:] : make(selection, layer: layer, head: first, queries: Set(missing))
        if !made.isEmpty {
            known.withLock { known in
                if known.count + made.count > Self.capacity { known.removeAll() }
                for (query, choice) in made { known[Place(layer: layer, head: first, query: query)] = choice }
            }
        }
        return zip(queries, kept).compactMap { $1 ?? made[$0] }
    }

    private func make(
        _ selection: any StateSelection, layer: Int, head: Int, queries: Set<Int>
    ) -> [Int: KeyChoice] {
        let place = HeadPlace(layer: layer, head: head, layers: setup.layers, heads: setup.heads)
        let states = states(layer)
        if selection.readsAhead { return tabled(selection, place: place, states: states, queries: queries) }
        var result: [Int: KeyChoice] = [:]
        if selection.followsFromStates {
            return selection.choices(for: Array(queries), place: place, states: states)
        } else if let last = queries.max() {
            var selector = selection.selector(for: place, states: states)
            for query in 0...last {
                let choice = selector.next()
                if queries.contains(query) { result[query] = choice }
            }
        }
        return result
    }

    /// Choices off a table of the whole text, which is made once a head.
    private func tabled(
        _ selection: any StateSelection, place: HeadPlace, states: any LayerStates, queries: Set<Int>
    ) -> [Int: KeyChoice] {
        let key = [place.layer, place.head]
        let kept = tables.withLock { $0[key] }
        guard let table = kept ?? selection.table(for: place, states: states) else { return [:] }
        if kept == nil { keep(table, key) }
        return queries.reduce(into: [:]) { result, query in
            if query < table.tokens { result[query] = table.choice(for: query) }
        }
    }

    /// All buckets of a head under the lens's scenario; nil where it hashes nothing.
    func sortedBuckets(layer: Int, head: Int) -> SortedBuckets? {
        guard let method = setup.stateSelection(layer) as? LSHAttention else { return nil }
        let key = [layer, head]
        if let known = tables.withLock({ $0[key] }) as? SortedBuckets { return known }
        let place = HeadPlace(layer: layer, head: head, layers: setup.layers, heads: setup.heads)
        let table = method.sortedBuckets(for: place, states: states(layer))
        keep(table, key)
        return table
    }

    private func states(_ layer: Int) -> any LayerStates {
        recording.states(layer: layer, setup: setup) { [compressed] in
            compressed?.tiles(layer: $0, keyHead: $1) ?? []
        }
    }

    private func keep(_ table: any KeyTable, _ key: [Int]) {
        tables.withLock { tables in
            if tables.count >= Self.mostTables { tables.removeAll() }
            tables[key] = table
        }
    }
}
