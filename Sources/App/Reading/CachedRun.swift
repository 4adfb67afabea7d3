import RopewalkDocuments
import RopewalkMethods
import RopewalkModels
import Synchronization

/// A run that is looked for in the cache of recordings, and kept there when it has ended.
final class CachedRun: Sendable {
    private let cache: RecordingCache
    private let run: CacheableRun
    /// Of the tokens that were looked for last; nil where such a run is not kept.
    private let key = Mutex<(run: CacheableRun, key: CacheKey)?>(nil)

    init(_ cache: RecordingCache, _ model: Model, _ scenario: Scenario, _ document: Document) {
        self.cache = cache
        run = CacheableRun(
            model: model, scenario: scenario, encoding: document.encoding, text: document.text.bytes,
            name: document.text.name)
    }

    /// Whether it is the one that every preview stands on.
    var isOwn: Bool { run.scenario == run.model.defaultScenario }

    /// What was recorded of the first tokens; nil where the cache has nothing.
    func find(tokens: Int) -> Recordings? {
        let part = run.prefix(tokens: tokens)
        let found = cache.key(of: part)
        key.withLock { $0 = found.map { (part, $0) } }
        return found.flatMap { cache.find($0, of: part) }
    }

    /// Keeps what has come of it.
    /// - Returns: why not, where that is to be told.
    func keep(_ recordings: Recordings, until isCancelled: @escaping @Sendable () -> Bool) -> String? {
        guard let looked = key.withLock({ $0 }) else { return nil }
        do throws(ModelError) {
            try cache.keep(recordings, of: looked.run, as: looked.key, isCancelled: isCancelled)
        } catch {
            return error == .cancelled ? nil : error.description
        }
        return nil
    }
}
