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
        var found: [Int: SinkHeads] = [:]
        for score in scores {
            for sink in score.sinks {
                found[sink.key, default: SinkHeads(count: 0, layer: score.layer, head: score.head, share: 0)]
                    .add(sink, of: score)
            }
        }
        return found
    }

    private mutating func add(_ sink: HeadScore.Sink, of score: HeadScore) {
        count += 1
        guard sink.share > share else { return }
        (layer, head, share) = (score.layer, score.head, sink.share)
    }
}
