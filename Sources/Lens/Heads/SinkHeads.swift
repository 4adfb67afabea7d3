/// Of which heads a key is a sink.
package struct SinkHeads: Equatable, Sendable {
    /// How many they are, at least 1.
    package private(set) var count: Int
    /// The one of which it is that most.
    package private(set) var layer: Int
    package private(set) var head: Int
    /// Of all queries of that head, the share whose strongest key it is.
    package private(set) var share: Float

    /// Of several heads, by the key.
    package static func byKey(_ scores: some Sequence<HeadScore>) -> [Int: SinkHeads] {
        byKey(scores.map { ($0.layer, $0.head, sinks: $0.sinks.map { (key: $0.key, share: $0.share) }) })
    }

    /// The same of heads and their sinks.
    static func byKey(
        _ heads: some Sequence<(layer: Int, head: Int, sinks: [(key: Int, share: Float)])>
    ) -> [Int: SinkHeads] {
        var found: [Int: SinkHeads] = [:]
        for (layer, head, sinks) in heads {
            for sink in sinks {
                found[sink.key, default: SinkHeads(count: 0, layer: layer, head: head, share: 0)]
                    .add(sink.share, layer: layer, head: head)
            }
        }
        return found
    }

    private mutating func add(_ itsShare: Float, layer: Int, head: Int) {
        count += 1
        guard itsShare > share else { return }
        (self.layer, self.head, share) = (layer, head, itsShare)
    }
}
