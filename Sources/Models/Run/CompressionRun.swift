import RopewalkKernels
import RopewalkMethods

/// Keeps a compressed copy of the caches of a run, as queries read what lies far enough behind them.
final class CompressionRun {
    private let compression: any CompressionMethod
    private let setup: RunSetup
    private let caches: [KeyValueCache]
    private let workers: Workers
    /// Tokens of every layer whose keys and values no later step changes.
    private var doneKeys: [Int]
    private var doneValues: [Int]

    init?(setup: RunSetup, caches: [KeyValueCache], workers: Workers) {
        guard let compression = setup.compression else { return nil }
        self.compression = compression
        self.setup = setup
        self.caches = caches
        self.workers = workers
        doneKeys = Array(repeating: 0, count: caches.count)
        doneValues = doneKeys
    }

    /// The first value that a query reads as it is.
    var firstExactValue: @Sendable (Int) -> Int {
        let compression = compression
        return { compression.firstExactValue(cached: $0) }
    }

    /// Compresses what queries up to `cached` may read so.
    func compress(layer: Int, cached: Int) {
        let cache = caches[layer]
        let tables = setup.positions(layer).keys.count
        let keys = doneKeys[layer]..<cached
        let values = doneValues[layer]..<cached
        workers.forEachTask(cache.heads) { [compression] head in
            for slot in 0..<tables {
                let exact = cache.keys(keys, head: head, slot: slot)
                cache.setKeys(
                    compression.compressedKeys(exact, from: keys.lowerBound, dimension: cache.dimension), of: keys,
                    head: head,
                    slot: slot + tables)
            }
            let exact = cache.values(values, head: head)
            cache.setCompressedValues(
                compression.compressedValues(exact, from: values.lowerBound, dimension: cache.dimension),
                of: values, head: head)
        }
        // What is exact now may be compressed by a later step, together with keys to come.
        doneKeys[layer] = compression.firstExactKey(cached: cached)
        doneValues[layer] = compression.firstExactValue(cached: cached)
    }
}
