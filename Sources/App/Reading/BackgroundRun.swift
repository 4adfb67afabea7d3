import RopewalkMethods
import RopewalkModels

/// A run over a text that says how far it is and can be cancelled.
struct BackgroundRun {
    let model: Model
    let scenario: Scenario
    let threads: Int
    let flag: CancelFlag

    /// Progress is told at most this often.
    private static let interval = Duration.milliseconds(100)

    /// - Parameters:
    ///   - stopped: what such a run left behind that was stopped: this one goes on there.
    ///   - shared: what was read of another text: what both begin with is not read again.
    ///   - cached: where such a run is looked for before it is made.
    ///   - limited: gets the number of tokens that memory has room for, where it is not all of them.
    ///   - begun: gets the first tokens alone, where a chunk takes long.
    ///   - progress: gets snapshots, and the seconds that it took to make them.
    func record(
        _ ids: [Int32], after stopped: Recordings? = nil, sharing shared: Recordings? = nil, cached: CachedRun? = nil,
        limited: (Int) -> Void, begun: ((Recordings) -> Void)? = nil, progress: (Recordings, Double) -> Void
    ) throws(ModelError) -> Recordings {
        // What lies in files needs no memory.
        if let found = cached?.find(tokens: ids.count) {
            progress(found, 0)
            return found
        }
        let fitting = stopped == nil && !model.isStored(ids) ? fitting(ids.count) : ids.count
        if fitting < ids.count {
            limited(fitting)
            if let found = cached?.find(tokens: fitting) {
                progress(found, 0)
                return found
            }
        }
        let flag = flag
        var recorder = Recorder(model: model, scenario: scenario, threads: threads)
        recorder.isCancelled = { flag.isRaised }
        let inputs = ModelInputs(ids: Array(ids.prefix(fitting)))
        let part = stopped ?? shared.flatMap { recorder.shared(of: $0, with: inputs) }
        if stopped == nil, let begun, let beginning = part ?? recorder.beginning(of: inputs) { begun(beginning) }
        let clock = ContinuousClock()
        let start = clock.now
        var posted = start
        var last: Recordings?
        defer { if let last { progress(last, (clock.now - start) / .seconds(1)) } }
        return try recorder.record(inputs, after: part) { snapshot in
            let now = clock.now
            // Where the run is stopped, it goes on from its last chunk, told or not.
            last = snapshot
            if now - posted >= Self.interval || posted == start {
                (posted, last) = (now, nil)
                progress(snapshot, (now - start) / .seconds(1))
            }
            return !flag.isRaised
        }
    }

    /// The tokens that memory has room for.
    private func fitting(_ tokens: Int) -> Int {
        let size = RecordingSize(model: model.traits, scenario: scenario, tokens: tokens)
        return MemoryRoom(size: size).tokens(tokens, available: AvailableMemory.bytes)
    }
}
