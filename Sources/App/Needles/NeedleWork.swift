import RopewalkDocuments
import RopewalkEvaluation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Work for the page of needles.
package enum NeedleWork: Sendable {
    /// Some of the prompts that are not known yet.
    case read(NeedleQuestion, Model, Document, known: Set<NeedleCell>)
    case open(NeedleWanted, Model, Document)
    case cancel
}

/// What came of it.
package enum NeedleReport: Sendable {
    case read(NeedleQuestion, [NeedleRecord])
    /// Nil: cancelled.
    case failed(NeedleQuestion, String?)
    case opened(NeedleOpening)
    case notOpened(String)
}

/// The prompt that is to be opened.
package struct NeedleWanted: Sendable {
    let task: NeedleTask
    let place: NeedlePrompt.Place
    let scenario: Scenario
    /// The head that gives the needle most; nil where that is not known.
    let strongest: HeadIndex?
    let edition: Int
}

/// A prompt with its text.
package struct NeedleOpening: Sendable {
    let wanted: NeedleWanted
    let prompt: NeedlePrompt
    let document: Document
}

extension EffectRunner {
    /// Prompts are read for so long at once; then a screen shows what there is, and other measurements have their turn.
    private static let slice = Duration.milliseconds(400)

    func job(for work: NeedleWork) -> Job {
        switch work {
        case .read(let question, let model, let document, let known):
            let flag = needleRun.take()
            return Job(on: measurements) { self.read(question, model, document, known, until: flag) }
        case .open(let wanted, let model, let document):
            return Job(on: texts) { self.open(wanted, model, document) }
        case .cancel: return Job { self.needleRun.cancel() }
        }
    }

    /// What needles are hidden in; kept, because it is asked for again and again.
    private func haystack(_ model: Model, _ document: Document, edition: Int, isSecond: Bool) throws -> Haystack {
        let key = HaystackKey(edition: edition, isSecond: isSecond, tokens: document.tokenCount)
        if let known = haystacks.withLock({ $0?.key == key ? $0?.haystack : nil }) { return known }
        guard let tokenizer = model.tokenizer else {
            throw AppError.loading(say("needles are words: they need the model's tokenizer"))
        }
        let made = try Haystack(document, tokenizer: tokenizer)
        haystacks.withLock { $0 = (key, made) }
        return made
    }

    private func read(
        _ question: NeedleQuestion, _ model: Model, _ document: Document, _ known: Set<NeedleCell>,
        until flag: CancelFlag
    ) {
        let clock = ContinuousClock()
        let start = clock.now
        var records: [NeedleRecord] = []
        do {
            let plan = question.plan
            var run = NeedleRun(
                tasks: plan.tasks, scenarios: [question.scenario], lengths: plan.lengths, depths: plan.depths,
                seeds: plan.seeds,
                haystack: try haystack(model, document, edition: question.edition, isSecond: question.isSecond),
                model: model)
            run.choices = Self.choices
            run.threads = inputs.threads
            run.isCancelled = { flag.isRaised }
            if known.isEmpty { try run.check() }
            let end = { clock.now - start >= Self.slice && !records.isEmpty }
            try run.read(isKnown: { known.contains($0) || end() }) { record throws(NeedleError) in
                records.append(record)
            }
            post(.needles(.read(question, records)))
        } catch NeedleError.model(.cancelled) {
            post(.needles(.failed(question, nil)))
        } catch {
            post(.needles(.failed(question, "\(error)")))
        }
    }

    /// Other answers to choose among.
    private static let choices = 3

    private func open(_ wanted: NeedleWanted, _ model: Model, _ document: Document) {
        do {
            let haystack = try haystack(model, document, edition: wanted.edition, isSecond: false)
            let prompt = try NeedlePrompt(wanted.task, at: wanted.place, in: haystack)
            let spelled = try prompt.document(haystack.tokenizer)
            let place = wanted.place
            let name = say(
                "\(wanted.task.spec), \(place.length.grouped) tokens, depth \(place.depth) %, seed \(place.seed)")
            let named = Document(
                text: try SourceText(spelled.text.bytes, name: name), encoding: spelled.encoding,
                tokenizer: haystack.tokenizer)
            post(.needles(.opened(NeedleOpening(wanted: wanted, prompt: prompt, document: named))))
        } catch {
            post(.needles(.notOpened("\(error)")))
        }
    }
}

/// Which text a haystack is of.
struct HaystackKey: Equatable, Sendable {
    let edition: Int
    let isSecond: Bool
    let tokens: Int
}
