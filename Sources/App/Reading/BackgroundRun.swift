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
    ///   - limited: gets the number of tokens that memory has room for, where it is not all of them.
    ///   - progress: gets snapshots, and the seconds that it took to make them.
    func record(
        _ ids: [Int32], limited: (Int) -> Void, progress: (Recordings, Double) -> Void
    ) throws(ModelError) -> Recordings {
        let size = RecordingSize(model: model.traits, scenario: scenario, tokens: ids.count)
        let fitting = MemoryRoom(size: size).tokens(ids.count, available: AvailableMemory.bytes)
        if fitting < ids.count { limited(fitting) }
        let clock = ContinuousClock()
        let start = clock.now
        var posted = start
        let flag = flag
        var recorder = Recorder(model: model, scenario: scenario, threads: threads)
        recorder.isCancelled = { flag.isRaised }
        return try recorder.record(ModelInputs(ids: Array(ids.prefix(fitting)))) { snapshot in
            let now = clock.now
            if now - posted >= Self.interval || posted == start {
                posted = now
                progress(snapshot, (now - start) / .seconds(1))
            }
            return !flag.isRaised
        }
    }
}
