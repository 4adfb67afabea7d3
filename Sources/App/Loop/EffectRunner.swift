import Dispatch
import RopewalkEvaluation
import RopewalkLens
import RopewalkModels
import Synchronization

/// Does the work that effects ask for, here or in the background, and posts what comes of it.
package final class EffectRunner: Sendable {
    let inputs: ProgramInputs
    let post: @Sendable (Message) -> Void
    /// Text and model load side by side, so that a text can be read while a large model is still coming.
    let texts = DispatchQueue(label: "text", qos: .userInitiated)
    let models = DispatchQueue(label: "model", qos: .userInitiated)
    let runs = DispatchQueue(label: "run", qos: .utility)
    let measurements = DispatchQueue(label: "losses", qos: .utility)
    let masks = DispatchQueue(label: "mask", qos: .utility)
    /// What was read is kept while the next run goes on.
    let keeping = DispatchQueue(label: "cache", qos: .utility)
    let toKeep = Mutex<(recordings: Recordings, run: CachedRun)?>(nil)
    let run = Turn()
    let secondRun = Turn()
    let measurement = Turn()
    let needleRun = Turn()
    /// What needles are hidden in.
    let haystacks = Mutex<(key: HaystackKey, haystack: Haystack)?>(nil)
    let memoryRun = Turn()
    let passageRun = Turn()
    let chunkRun = Turn()
    let longTextRun = Turn()
    let benchmarkRun = Turn()
    /// The questions that are asked.
    let benchmarkItems = Mutex<BenchmarkItems?>(nil)
    /// The tokens of the text that was measured last.
    let longTextTokens = Mutex<LongTextTokens?>(nil)
    /// What passages are looked up in.
    let passageIndexes = Mutex<[(key: PassageKey, index: PassageIndex)]>([])
    /// The files of masks that are watched, and how often they were replaced by others.
    let watch = Mutex<(watch: MaskWatch?, generation: Int)>((nil, 0))
    /// The last question about a mask: earlier ones need no answer any more.
    let question = Mutex<MaskQuestion?>(nil)
    /// The last text with files: earlier ones need not be looked at any more.
    let typed = Mutex("")
    /// The file of the text as it was when it was read; nil where there is none.
    let textStamp = Mutex<String?>(nil)
    /// Raised when nobody waits for reports any more.
    let isLeft = CancelFlag()
    /// Raised when the program ends: what is being kept of a session that was left goes on until then.
    private let isEnded: CancelFlag

    /// How long the exact run waits after a key that changes a parameter.
    private static let pause = DispatchTimeInterval.milliseconds(400)

    /// - Parameter post: Called on any thread.
    package convenience init(inputs: ProgramInputs, post: @escaping @Sendable (Message) -> Void) {
        self.init(inputs: inputs, isEnded: CancelFlag(), post: post)
    }

    init(inputs: ProgramInputs, isEnded: CancelFlag, post: @escaping @Sendable (Message) -> Void) {
        self.inputs = inputs
        self.isEnded = isEnded
        self.post = post
    }

    /// Begins the work in the background and returns at once.
    package func start(_ effect: Effect) {
        job(for: effect)?.start()
    }

    /// Does the work before it returns.
    package func perform(_ effect: Effect) {
        job(for: effect)?.work()
        // What was begun to be kept; the program may end behind it.
        keeping.sync {}
    }

    /// Stops what is in progress, and looks at no files any more.
    package func cancel() {
        isLeft.raise()
        run.cancel()
        secondRun.cancel()
        measurement.cancel()
        needleRun.cancel()
        memoryRun.cancel()
        passageRun.cancel()
        chunkRun.cancel()
        longTextRun.cancel()
        benchmarkRun.cancel()
        perform(.masks(.watch([])))
    }

    /// The program ends: what is being kept stops at its next file and is taken away, which is not waited for long.
    func end() {
        isEnded.raise()
        cancel()
        guard inputs.cache != nil else { return }
        let done = DispatchSemaphore(value: 0)
        keeping.async { done.signal() }
        _ = done.wait(timeout: .now() + 1)
    }

    /// Keeps what was read for the next time, behind what is shown of it.
    ///
    /// One waits at most, as each holds its memory: that of the model's own run before those of methods that are tried.
    func keep(_ recordings: Recordings, of run: CachedRun) {
        guard recordings.main?.isStored == false else { return }
        toKeep.withLock { if $0?.run.isOwn != true { $0 = (recordings, run) } }
        keeping.async {
            let next = self.toKeep.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            guard let next, !self.isEnded.isRaised else { return }
            BackgroundWork.run {
                let why = next.run.keep(next.recordings) { self.isEnded.isRaised }
                if let why { self.post(.run(.notKept(why))) }
            }
        }
    }

    /// Nil for what is not done here.
    private func job(for effect: Effect) -> Job? {
        switch effect {
        case .sources(let work): job(for: work)
        case .run(let work): job(for: work)
        case .losses(let work): job(for: work)
        case .needles(let work): job(for: work)
        case .passages(let work): job(for: work)
        case .longTexts(let work): job(for: work)
        case .benchmarks(let work): job(for: work)
        case .second(let work): job(for: work)
        case .masks(let work): job(for: work)
        case .models(let work): job(for: work)
        case .edit(let work): job(for: work)
        case .generate(let work): job(for: work)
        case .kept(let work): job(for: work)
        case .memory(let work): job(for: work)
        case .pause(let number): Job(on: measurements, after: Self.pause) { [post] in post(.pauseEnded(number)) }
        case .find, .open, .read, .session, .play, .editor, .copy, .suspend, .quit: nil
        }
    }
}
