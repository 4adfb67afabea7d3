import Foundation
import RopewalkKernels
import RopewalkModels

/// A run over a text, beside the machine's peak in the same minute.
struct RunBench: Codable {
    let tokens: Int
    let seconds: Double
    let firstChunkMilliseconds: Double
    /// Useful floating-point operations; the causal half is counted once.
    let gigaflop: Double
    let gigaflopPerSecond: Double
    /// Of single-precision matrix products of 1,024, all processors busy: the highest, and the median, of products done
    /// before, after and between the chunks of the run. Other users of a shared machine slow both down alike.
    let peakGigaflopPerSecond: Double
    let typicalGigaflopPerSecond: Double
    var share: Double { gigaflopPerSecond / peakGigaflopPerSecond }
    var shareOfTypical: Double { gigaflopPerSecond / typicalGigaflopPerSecond }
    /// Processor seconds per second: how many processors were busy.
    let busyProcessors: Double
    /// The most that the process ever had in memory so far.
    let peakMegabytes: Double

    static func measure(
        _ model: Model, ids: [Int32], workers: Workers
    ) throws -> (bench: RunBench, recording: Recording) {
        let clock = ContinuousClock()
        var peaks = (0..<8).map { _ in BLAS.peak(size: 1024, repeats: 0, workers: workers) }
        var processor = ProcessClock.seconds
        let start = clock.now
        var pause = Duration.zero
        var first = 0.0
        let recording = try Recorder(
            model: model, scenario: model.defaultScenario, threads: workers.count
        ).record(ids) { _ in
            let stopped = (clock.now, ProcessClock.seconds)
            if first == 0 { first = (stopped.0 - start) / .milliseconds(1) }
            peaks.append(BLAS.peak(size: 1024, repeats: 0, workers: workers))
            pause += clock.now - stopped.0
            processor += ProcessClock.seconds - stopped.1
            return true
        }
        let seconds = (clock.now - start - pause) / .seconds(1)
        let busy = (ProcessClock.seconds - processor) / seconds
        let memory = ProcessClock.peakMegabytes
        peaks += (0..<8).map { _ in BLAS.peak(size: 1024, repeats: 0, workers: workers) }
        let flop = usefulOperations(model.shape, tokens: Double(ids.count))
        return (
            RunBench(
                tokens: ids.count, seconds: seconds, firstChunkMilliseconds: first, gigaflop: flop / 1e9,
                gigaflopPerSecond: flop / seconds / 1e9, peakGigaflopPerSecond: (peaks.max() ?? 0) / 1e9,
                typicalGigaflopPerSecond: peaks.median / 1e9, busyProcessors: busy,
                peakMegabytes: memory), recording
        )
    }

    /// Multiplications and additions of the projections, of scores and weighted values of the past, and of the logits.
    private static func usefulOperations(_ shape: ModelShape, tokens: Double) -> Double {
        let attention = shape.hidden * shape.headDimension * (2 * shape.heads + 2 * shape.keyValueHeads)
        let block = Double(attention + 3 * shape.hidden * shape.intermediate)
        let pairs = tokens * (tokens + 1) / 2
        let scores = 2 * Double(shape.heads * shape.headDimension) * pairs
        return 2 * (Double(shape.layers) * (tokens * block + scores) + tokens * Double(shape.hidden * shape.vocabulary))
    }
}

/// What the system has counted for this process.
enum ProcessClock {
    /// Processor time of all threads.
    static var seconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The largest resident set so far.
    static var peakMegabytes: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}

extension [Double] {
    var median: Double { quantile(0.5) }

    func quantile(_ share: Double) -> Double {
        let sorted = sorted()
        return isEmpty ? 0 : sorted[Swift.min(count - 1, Int(Double(count) * share))]
    }
}
