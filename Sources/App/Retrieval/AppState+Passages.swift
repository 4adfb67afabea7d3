import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkViews

extension AppState {
    /// What states are taken from; nil where there is nothing, which `passageObstacle` explains.
    private var passageStates: PassageStates? {
        guard passageObstacle == nil, let document = sources.document.value, let recording = passageRecording else {
            return nil
        }
        return PassageStates(document: document, recording: recording)
    }

    /// The whole run under the chosen methods, else the model's own.
    private var passageRecording: Recording? {
        let exact = runs.kept.exact.flatMap { $0.scenario == scenario ? $0.decoder : nil }
        return [exact, runs.kept.plain?.decoder].lazy.compactMap { $0 }.first { $0.isComplete }
    }

    /// Why no states of the text can be compared; nil where they can.
    var passageObstacle: String? {
        guard let model = sources.model.value else {
            return say("by terms alone: no model has read the text")
        }
        if model.kinds != [.decoder] {
            return say(
                "by terms alone: \(model.name) has an encoder, whose states are of the text as a whole (ropewalk retrieve --embed reads each chunk)"
            )
        }
        guard passageRecording != nil else { return say("by terms alone: the text is not read to its end yet") }
        return nil
    }

    /// Looks a question up in the background.
    mutating func lookUp(_ query: PassageQuery, pattern: String, forwards: Bool) -> [Effect] {
        guard let text = sources.text.value else { return [] }
        guard text.bytes.count <= TextRetrieval.mostBytes else {
            refuse(TextRetrieval.tooLong.text)
            return []
        }
        passages.number += 1
        passages.asked = passages.number
        let remark = passageObstacle
        return [
            .passages(
                .find(
                    PassageAsk(
                        query: query, pattern: pattern, forwards: forwards, number: passages.number,
                        edition: sources.edition, text: text, states: passageStates,
                        model: remark == nil ? sources.model.value : nil, remark: remark)))
        ]
    }

    /// What is looked up comes too late: something else was searched for.
    mutating func forgetPassages() {
        passages.number += 1
        passages.asked = nil
    }

    /// What came of it.
    mutating func take(_ report: PassageReport) -> [Effect] {
        switch report {
        case .found(let answer, let pattern, let forwards, let number):
            guard number == passages.number else { return [] }
            passages.asked = nil
            show(answer, pattern: pattern, forwards: forwards)
        case .notFound(let why, let number):
            guard number == passages.number else { return [] }
            passages.asked = nil
            if let why { refuse(why) }
        case .read(let question, let chunks, let found, let rows):
            if passages.running == question { passages.running = nil }
            guard question == chunkMapQuestion else { return [] }
            var map = passages.map(of: question) ?? ChunkMap(question: question)
            map.chunks = chunks
            if !found.isEmpty { (map.found, map.attention) = (found, []) }
            map.attention += rows
            passages.keep(map)
        case .failed(let question, let why):
            if passages.running == question { passages.running = nil }
            if let why {
                var map = ChunkMap(question: question)
                map.problem = why
                passages.keep(map)
            }
        }
        return []
    }

    /// Lights what was found; the cursor stays where the search has taken it.
    private mutating func show(_ answer: PassageAnswer, pattern: String, forwards: Bool) {
        window.search = Search(
            pattern: pattern, isForwards: forwards, hits: answer.hits.map(\.bytes), names: answer.names,
            passages: answer)
        window.showsHits = true
        if case .places(let list) = overlay, list.kind == .hits { overlay = .places(placeList(.hits)) }
        let here = window.gaze ?? cursorByte
        let hit = answer.hits.first { $0.bytes.contains(here) }.flatMap { answer.words(atByte: $0.bytes.lowerBound) }
        let text = [hit, answer.hits.isEmpty ? say("no passage is found") : nil, answer.summary]
            .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
        if !text.isEmpty { notice = Notice(.information, text) }
    }

    // MARK: Maps of chunks

    /// What the maps are of; nil where there is nothing to map, which `chunkMapObstacle` explains.
    var chunkMapQuestion: ChunkMapQuestion? {
        guard chunkMapObstacle == nil, let states = passageStates else { return nil }
        return ChunkMapQuestion(
            run: states.recording.run, edition: sources.edition,
            tokens: min(states.document.tokenCount, ChunkMap.mostTokens))
    }

    /// Why there are no maps of chunks; nil where there are.
    var chunkMapObstacle: String? {
        if let obstacle = tokenObstacle ?? modelObstacle { return obstacle }
        guard let model = sources.model.value else { return nil }
        if model.kinds != [.decoder] {
            return say(
                "\(model.name) has an encoder: only what a decoder reads of earlier chunks is compared with what is retrieved"
            )
        }
        if model.traits.layers(.decoder).allSatisfy({ $0.mixer != nil }) {
            return say("no layer of \(model.name) has attention that could be summed by chunks")
        }
        if sources.text.value?.isEmpty != false { return say("chunks are parts of a text: open one") }
        return passageRecording == nil ? say("the text is not read to its end yet: chunks are compared then") : nil
    }

    /// The next rows that the page misses; nothing while it is hidden.
    mutating func nextChunks() -> [Effect] {
        let isShown = layout.panels[.loss] != nil && losses.page == .retrieval
        let question = isShown ? chunkMapQuestion : nil
        if let running = passages.running { return running == question ? [] : [.passages(.cancel)] }
        guard let question, !isMeasuring, !losses.isPaused, runs.pause == nil, let states = passageStates else {
            return []
        }
        let known = passages.map(of: question)
        guard known?.isComplete != true else { return [] }
        passages.running = question
        let layers = states.recording.setup.layerTraits.indices.filter {
            states.recording.hasAttention(layer: $0) && states.recording.hasPairs(layer: $0)
        }
        let first = PassageStates(
            document: states.document.prefix(tokens: question.tokens), recording: states.recording)
        return [
            .passages(
                .read(
                    question, ChunkMapSources(states: first, layers: layers), done: known?.attention.count ?? 0))
        ]
    }

    /// The pair that is looked at: the selected one, else the chunk at the cursor (or the first that has something before it)
    /// with what is retrieved first for it.
    var chunkPlace: ChunkMapsView.Place {
        if let selected = passages.selected { return selected }
        guard let question = chunkMapQuestion, let map = passages.map(of: question), !map.chunks.isEmpty else {
            return ChunkMapsView.Place(row: 0, column: 0)
        }
        let behind = map.chunks.partitioningIndex { $0.units.lowerBound > focus.cursor }
        let row = min(max(1, behind - 1), map.chunks.count - 1)
        let first = map.found.indices.contains(row) ? map.found[row].hits.first?.chunk : nil
        return ChunkMapsView.Place(row: row, column: first ?? max(0, row - 1))
    }

    /// Moves from chunk to chunk: down to one that reads, to the right to one that is read.
    mutating func moveChunk(_ steps: Steps) {
        guard let question = chunkMapQuestion, let map = passages.map(of: question), !map.chunks.isEmpty else {
            return
        }
        func moved(_ place: Int, _ steps: Int) -> Int {
            let (next, isBeyond) = place.addingReportingOverflow(steps)
            return min(max(0, isBeyond ? place : next), map.chunks.count - 1)
        }
        let place = chunkPlace
        passages.selected = ChunkMapsView.Place(
            row: moved(place.row, steps.rows), column: moved(place.column, steps.columns))
    }

    /// Goes to the chunk that reads, the other one as the keys that are looked at together.
    mutating func openChunk() {
        guard let question = chunkMapQuestion, let map = passages.map(of: question) else { return }
        let place = chunkPlace
        guard map.chunks.indices.contains(place.row), map.chunks.indices.contains(place.column) else { return }
        moveCursor(to: map.chunks[place.row].units.upperBound - 1)
        guard place.column <= place.row, let keys = TokenSpan([map.chunks[place.column].units]) else { return }
        spans.keys = keys
        focus.anchor = .token(keys.first)
    }
}
