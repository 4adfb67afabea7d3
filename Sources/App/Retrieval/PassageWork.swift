import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkTokenizers
import Synchronization

/// Work that looks passages up.
package enum PassageWork: Sendable {
    case find(PassageAsk)
    /// Some more rows of the maps of chunks; with none done, what is retrieved for each too.
    case read(ChunkMapQuestion, ChunkMapSources, done: Int)
    case cancel
}

/// What came of it.
package enum PassageReport: Sendable {
    case found(PassageAnswer, pattern: String, forwards: Bool, number: Int)
    /// Nil: cancelled.
    case notFound(String?, number: Int)
    case read(ChunkMapQuestion, chunks: [Chunk], found: [RetrievalFound], rows: [[Float]])
    /// Nil: cancelled.
    case failed(ChunkMapQuestion, String?)
}

/// A question with all that answers it.
package struct PassageAsk: Sendable {
    let query: PassageQuery
    let pattern: String
    let forwards: Bool
    let number: Int
    let edition: Int
    let text: SourceText
    let states: PassageStates?
    /// What reads typed words; nil where states are not compared.
    let model: Model?
    /// Why states are not compared; nil where they are.
    let remark: String?
}

/// What maps of chunks are made of.
package struct ChunkMapSources: Sendable {
    let states: PassageStates
    /// Layers with attention, each with the heads that it has.
    let layers: [Int]
}

/// Which text and run an index is of.
struct PassageKey: Equatable, Sendable {
    let edition: Int
    let bytes: Int
    let run: UInt64?
    /// Nil: chunks of words.
    let tokens: Int?
}

extension EffectRunner {
    /// Rows are summed for so long at once; then a screen shows what there is, and other measurements have their turn.
    private static let slice = Duration.milliseconds(400)
    /// Passages that are found.
    private static let count = 10

    func job(for work: PassageWork) -> Job {
        switch work {
        case .find(let ask):
            let flag = passageRun.take()
            return Job(on: texts) { self.find(ask, until: flag) }
        case .read(let question, let sources, let done):
            let flag = chunkRun.take()
            return Job(on: measurements) { self.read(question, sources, done, until: flag) }
        case .cancel:
            return Job {
                self.passageRun.cancel()
                self.chunkRun.cancel()
            }
        }
    }

    // MARK: A question

    private func find(_ ask: PassageAsk, until flag: CancelFlag) {
        do {
            let index = try index(ask)
            guard !flag.isRaised else { return post(.passages(.notFound(nil, number: ask.number))) }
            let answer: PassageAnswer
            switch ask.query {
            case .words(let words):
                var vector: [Float]?
                if index.hasStates, let model = ask.model, let scenario = ask.states?.recording.scenario {
                    vector = try self.vector(words, model, scenario, until: flag)
                }
                let found = try index.retriever.find(
                    RetrievalQuery(words: words, vector: vector), count: Self.count)
                answer = PassageAnswer(
                    ask.query, asking: nil, found, index.chunks,
                    remark: ask.remark
                        ?? (vector == nil ? say("by terms alone: no chunk is read as a whole") : nil))
            case .chunk, .last:
                var own = index.last
                if case .chunk(let byte) = ask.query { own = index.chunk(atByte: byte) }
                guard let own else { throw AppError.loading(say("the text has no words to ask with")) }
                let remark = index.vector(own) == nil ? say("by terms alone: this chunk is not read") : nil
                answer = PassageAnswer(
                    ask.query, asking: index.chunks[own].bytes,
                    try index.find(chunk: own, in: ask.text, count: Self.count), index.chunks,
                    remark: ask.remark ?? remark)
            }
            post(.passages(.found(answer, pattern: ask.pattern, forwards: ask.forwards, number: ask.number)))
        } catch ModelError.cancelled {
            post(.passages(.notFound(nil, number: ask.number)))
        } catch {
            post(.passages(.notFound("\(error)", number: ask.number)))
        }
    }

    /// The index is kept: the next question is about the same text.
    private func index(_ ask: PassageAsk) throws -> PassageIndex {
        try index(
            PassageKey(
                edition: ask.edition, bytes: ask.text.bytes.count, run: ask.states?.recording.run, tokens: nil)
        ) {
            try PassageIndex(ask.text, TextRetrieval.plan.chunks(ask.text), states: ask.states)
        }
    }

    private func index(_ key: PassageKey, _ make: () throws -> PassageIndex) throws -> PassageIndex {
        if let known = passageIndexes.withLock({ $0.first { $0.key == key }?.index }) { return known }
        let made = try make()
        // One of words and one of tokens.
        passageIndexes.withLock { kept in
            kept.removeAll { ($0.key.tokens == nil) == (key.tokens == nil) }
            kept.append((key, made))
        }
        return made
    }

    /// The mean of the states of typed words, read by themselves as `ropewalk retrieve` reads them. [hidden]
    private func vector(
        _ words: String, _ model: Model, _ scenario: Scenario, until flag: CancelFlag
    ) throws -> [Float]? {
        guard let tokenizer = model.tokenizer else { return nil }
        let window = max(16, min(model.shape.trainedWindow, 4096))
        let ids = try tokenizer.encode(Array(words.utf8), addSpecialTokens: true, isCancelled: { flag.isRaised }).ids
        guard !ids.isEmpty else { return nil }
        var recorder = Recorder(model: model, scenario: scenario, threads: inputs.threads)
        recorder.isCancelled = { flag.isRaised }
        let recording = try recorder.record(Array(ids.prefix(window)))
        return PassageStates.mean(recording, 0..<recording.tokens)
    }

    // MARK: Maps of chunks

    private func read(
        _ question: ChunkMapQuestion, _ sources: ChunkMapSources, _ done: Int, until flag: CancelFlag
    ) {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let states = sources.states
            let text = states.document.text
            let key = PassageKey(
                edition: question.edition, bytes: text.bytes.count, run: question.run, tokens: question.tokens)
            let index = try index(key) {
                try PassageIndex(text, ChunkMap.plan.chunks(states.document), states: states)
            }
            guard !index.chunks.isEmpty else { throw AppError.loading(say("the text has no chunk yet")) }
            var found: [RetrievalFound] = []
            if done == 0 {
                for chunk in index.chunks.indices {
                    guard !flag.isRaised else { return post(.passages(.failed(question, nil))) }
                    found.append(try index.find(chunk: chunk, in: text, count: ChunkMap.count))
                }
            }
            let lens = Lens(states.recording, threads: inputs.threads)
            var rows: [[Float]] = []
            while done + rows.count < index.chunks.count, rows.isEmpty || clock.now - start < Self.slice {
                guard let row = Self.row(done + rows.count, index.chunks, lens, sources.layers, until: flag) else {
                    return post(.passages(.failed(question, nil)))
                }
                rows.append(row)
            }
            post(.passages(.read(question, chunks: index.chunks, found: found, rows: rows)))
        } catch {
            post(.passages(.failed(question, "\(error)")))
        }
    }

    /// The weights of one chunk on all, mean of all heads; nil where it was cancelled. [chunk]
    private static func row(
        _ chunk: Int, _ chunks: [Chunk], _ lens: Lens, _ layers: [Int], until flag: CancelFlag
    ) -> [Float]? {
        let parts = chunks.map(\.units)
        var sums = [Double](repeating: 0, count: parts.count)
        var heads = 0
        for layer in layers {
            for head in 0..<lens.recording.shape.heads {
                guard !flag.isRaised else { return nil }
                let row = lens.partsRow(layer: layer, head: head, queries: parts[chunk], parts: parts)
                guard !row.isMissing else { continue }
                heads += 1
                for (place, weight) in row.weights.enumerated() { sums[place] += Double(weight) }
            }
        }
        return sums.map { Float($0 / Double(max(1, heads))) }
    }
}
