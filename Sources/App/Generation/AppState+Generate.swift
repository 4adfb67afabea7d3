import RopewalkDocuments
import RopewalkGeneration
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

extension AppState {
    /// Continues the text behind the cursor.
    /// - Parameter first: the first token that follows; nil for what the model says
    mutating func continueText(saying first: Int32?) -> [Effect] {
        guard let text = sources.text.value, let full = sources.full.value, let document = sources.document.value,
            let model = sources.model.value
        else { return [] }
        let isEnd = focus.cursor == document.tokenCount - 1 && document.tokenCount == sources.whole.value?.tokenCount
        let recordings = scenario == ownScenario ? runs.kept.plain : runs.kept.exact
        let known = recordings?.scenario == scenario ? recordings : nil
        if isEnd, original?.isContinued == true {
            generation.pending = PendingGeneration(first: first, recordings: known)
            return [.run(.cancel)]
        }
        // In the middle of a character the text goes on behind its last part; a token that is said follows the cursor's alone.
        var cursor = focus.cursor
        while first == nil, cursor + 1 < document.tokenCount, cursor < focus.cursor + 8,
            let next = Optional(document.byteRange(ofToken: cursor).upperBound), next < text.bytes.count,
            text.bytes[next] & 0xC0 == 0x80
        {
            cursor += 1
        }
        let end = document.byteRange(ofToken: cursor).upperBound
        let cut: SourceText
        do throws(DocumentError) { cut = try SourceText(Array(text.bytes[..<end]), name: text.name) } catch {
            refuse(say("a character ends behind this token: the text goes on behind its last part"))
            return []
        }
        guard !cut.isEmpty else {
            refuse(say("no text stands before: the cursor goes to where it shall go on"))
            return []
        }
        let beginning = Document(
            text: cut, encoding: full.encoding.prefix(cursor + sources.shift + 1), tokenizer: model.tokenizer)
        var changed = self
        changed.notice = nil
        changed.overlay = nil
        changed.sources.tokenLimit = nil
        _ = changed.adopt(
            cut, beginning, remark: say("continued behind token \(cursor.grouped)"), session: sessions.current)
        changed.original?.isContinued = true
        changed.generation.pending = PendingGeneration(first: first, recordings: known)
        return [.session(.open(changed))]
    }

    /// Begins what waits for its session.
    mutating func nextGeneration() -> [Effect] {
        guard let pending = generation.pending, let model = sources.model.value, let tokenizer = model.tokenizer,
            let ids = sources.document.value?.ids, !ids.isEmpty
        else { return [] }
        generation.pending = nil
        generation.number += 1
        generation.running = GenerationProgress(count: generation.count)
        runs.running = nil
        notice = Notice(.information, say("the text goes on: \(keyName(of: .program(.stop))) stops it"))
        let task = GenerationTask(
            model: model, tokenizer: tokenizer, scenario: scenario, ids: ids, recordings: pending.recordings,
            first: pending.first,
            request: GenerationRequest(count: generation.count, sampling: generation.sampling))
        return [.generate(.start(task, number: generation.number))]
    }

    mutating func take(_ report: GenerateReport) -> [Effect] {
        switch report {
        case .grown(let tokens, let recordings, let number):
            if number == generation.number { grow(by: tokens, recordings) }
        case .recomputing(let why, let number):
            guard number == generation.number else { return [] }
            notice = Notice(.information, say("every token runs the whole text again: \(why)"))
        case .ended(let ending, let number):
            guard number == generation.number, let progress = generation.running else { return [] }
            generation.running = nil
            notice = Notice(.information, text(of: ending, progress))
        case .failed(let why, let number):
            guard number == generation.number else { return [] }
            generation.running = nil
            notice = Notice(.error, why)
        }
        return []
    }

    private func text(of ending: Generator.Ending?, _ progress: GenerationProgress) -> String {
        let tokens = say("\(progress.done.grouped) \(progress.done, one: "token follows", many: "tokens follow")")
        let why =
            switch ending {
            case nil: say("it was stopped")
            case .count: say("as many as were asked for; \(keyName(of: .generate(.start))) goes on")
            case .endToken(let id):
                say("then the model ends the text (token \(sources.model.value?.tokenizer?.token(Int(id)) ?? "\(id)"))")
            case .stop(let string): say("then “\(string)” ends it")
            case .window(let limit): say("the model has no place for more than \(limit.grouped)")
            }
        return "\(tokens): \(why)"
    }

    /// Takes tokens behind the last one, and what is recorded of all.
    private mutating func grow(by tokens: [GeneratedToken], _ recordings: Recordings) {
        guard let text = sources.text.value, let full = sources.full.value, let whole = sources.whole.value,
            let model = sources.model.value
        else { return }
        let isAtEnd = focus.cursor == tokenCount - 1
        let added = tokens.flatMap(\.bytes)
        let longer: SourceText
        do throws(DocumentError) { longer = try SourceText(text.bytes + added, name: text.name) } catch {
            notice = Notice(.error, error.description)
            return
        }
        func grown(_ document: Document) -> Loading<Document> {
            let encoding = document.encoding.appending(
                ids: tokens.map(\.id), bytes: tokens.map(\.bytes), behind: text.bytes)
            return .loaded(Document(text: longer, encoding: encoding, tokenizer: model.tokenizer))
        }
        sources.text = .loaded(longer)
        (sources.full, sources.whole) = (grown(full), grown(whole))
        sources.document = sources.whole
        sources.edition += 1
        generation.running?.done += tokens.count
        if recordings.scenario == ownScenario {
            runs.kept.plain = recordings
        } else {
            runs.kept.exact = recordings
        }
        followRuns()
        if isAtEnd { moveCursor(to: tokenCount - 1) }
        if let progress = generation.running {
            notice = Notice(
                .information,
                say(
                    "the text goes on: \(progress.done.grouped) of \(progress.count.grouped) tokens · \(keyName(of: .program(.stop))) stops it"
                ))
        }
    }
}
