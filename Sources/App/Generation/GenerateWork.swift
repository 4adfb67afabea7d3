import RopewalkGeneration
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers

/// Work that continues a text.
package enum GenerateWork: Sendable {
    /// Takes the place of the run in progress, if there is one.
    case start(GenerationTask, number: Int)
}

/// What is continued, and how.
package struct GenerationTask: Sendable {
    let model: Model
    let tokenizer: Tokenizer
    let scenario: Scenario
    /// All tokens so far.
    let ids: [Int32]
    /// What was read of them before; nil for nothing.
    let recordings: Recordings?
    /// The first token that follows; nil for what the model says.
    let first: Int32?
    let request: GenerationRequest
}

/// What came of it.
package enum GenerateReport: Sendable {
    /// Tokens behind those before, with the bytes of the text that each has, and what is recorded of all.
    case grown([GeneratedToken], Recordings, number: Int)
    /// Why every token runs the whole text again.
    case recomputing(String, number: Int)
    case ended(Generator.Ending?, number: Int)
    case failed(String, number: Int)
}

/// A token that follows, with its bytes in the text: of a character in several tokens those of it.
package struct GeneratedToken: Equatable, Sendable {
    let id: Int32
    let bytes: [UInt8]
}

extension EffectRunner {
    /// Snapshots are shown at most this often, and take no more than a part of the time.
    private static let interval = Duration.milliseconds(100)

    func job(for work: GenerateWork) -> Job {
        switch work {
        case .start(let task, let number):
            let flag = run.take()
            return Job(on: runs) {
                do {
                    try self.generate(task, number, until: flag)
                } catch ModelError.cancelled {
                    self.post(.generated(.ended(nil, number: number)))
                } catch {
                    self.post(.generated(.failed("\(error)", number: number)))
                }
            }
        }
    }

    private func generate(_ task: GenerationTask, _ number: Int, until flag: CancelFlag) throws {
        var recorder = Recorder(model: task.model, scenario: task.scenario, threads: inputs.threads)
        recorder.isCancelled = { flag.isRaised }
        let continuation = try Continuation(
            recorder, inputs: ModelInputs(ids: task.ids), room: task.request.count, after: task.recordings
        ) { _ in !flag.isRaised }
        if let reason = continuation.recomputes { post(.generated(.recomputing(reason, number: number))) }
        let generator = try Generator(
            continuation, request: task.request, model: task.model, tokenizer: task.tokenizer,
            defaults: GenerationDefaults(contentsOf: task.model.path))
        var collector = TokenCollector(tokenizer: task.tokenizer)
        if let first = task.first {
            try continuation.append([first])
            collector.add(first)
        }
        let clock = ContinuousClock()
        var shown = clock.now - Self.interval
        var cost = Duration.zero
        func show(isLast: Bool) {
            let now = clock.now
            guard isLast || now - shown >= max(Self.interval, cost * 5) else { return }
            guard let tokens = collector.take(isLast: isLast), !tokens.isEmpty || isLast else { return }
            post(.generated(.grown(tokens, continuation.recordings, number: number)))
            (cost, shown) = (clock.now - now, clock.now)
        }
        do {
            show(isLast: false)
            while !flag.isRaised {
                let drawn = try generator.next()
                // A token that a string has ended is not read, and no part of the text.
                guard let drawn, generator.ending == nil else { break }
                collector.add(drawn.id)
                show(isLast: false)
            }
        } catch ModelError.cancelled {}
        collector.keep(continuation.ids.count - task.ids.count)
        show(isLast: true)
        post(.generated(.ended(flag.isRaised ? nil : generator.ending, number: number)))
    }
}

/// Tokens until their bytes are whole characters.
struct TokenCollector {
    private let tokenizer: Tokenizer
    private var waiting: [(id: Int32, bytes: [UInt8])] = []
    private var stream = UTF8Stream()
    private var text: [UInt8] = []
    /// Tokens that were given out.
    private var given = 0

    init(tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    mutating func add(_ id: Int32) {
        let bytes = tokenizer.isSpecial(Int(id)) ? [] : tokenizer.bytes(of: Int(id))
        waiting.append((id, bytes))
        text += Array(stream.append(bytes).utf8)
    }

    /// Forgets tokens that were not read: so many are there.
    mutating func keep(_ count: Int) {
        let kept = max(0, count - given)
        guard kept < waiting.count else { return }
        let rest = waiting.prefix(kept).map(\.id)
        (waiting, text, stream) = ([], [], UTF8Stream())
        for id in rest { add(id) }
    }

    /// All that wait, with the bytes that they have in a text; nil where a character is not whole.
    /// - Parameter isLast: whether nothing follows that could make it whole
    mutating func take(isLast: Bool) -> [GeneratedToken]? {
        if isLast { text += Array(stream.finish().utf8) }
        guard stream.isEmpty else { return nil }
        defer {
            given += waiting.count
            (waiting, text) = ([], [])
        }
        let own = waiting.flatMap(\.bytes)
        // A text has no zeros.
        let shown = text.contains(0) ? text.flatMap { $0 == 0 ? Array("\u{FFFD}".utf8) : [$0] } : text
        guard own != shown else { return waiting.map { GeneratedToken(id: $0.id, bytes: $0.bytes) } }
        // Bytes that are no characters: what stands for them belongs to the last token.
        return waiting.enumerated().map { index, token in
            GeneratedToken(id: token.id, bytes: index == waiting.count - 1 ? shown : [])
        }
    }
}
