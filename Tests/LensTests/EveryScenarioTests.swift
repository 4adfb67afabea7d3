import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Whatever scenario replaces whatever other, at whatever point of a run: a lens answers every question, or says that it
/// has no answer; it never ends the program.
struct EveryScenarioTests {
    /// Parameters so small that every method changes what is read of some hundred tokens.
    static let positions = [
        "pi:factor=4", "rerope:window=40", "self-extend:group=4,window=40", "dual-chunk:chunk=64,local=16",
        "xpos", "nope", "alibi", "transformer-xl", "sinusoidal",
    ]
    static let selections = StateSelectionRunTests.specs + ["topk:k=7,window=16,sink=2"]
    static let compressions = ["kivi:bits=2,group=8,residual=32"]

    /// Every selection with and without a compressed cache, with every kind of positions.
    static let scenarios = selections.flatMap { selection in
        ([[]] + compressions.map { [$0] }).flatMap { compression in
            ([[]] + positions.map { [$0] }).map { [selection] + compression + $0 }
        }
    }

    /// Asks everything that a screen could ask about some queries, also those that are not recorded.
    static func ask(_ lens: Lens, queries: [Int]) {
        let shape = lens.recording.shape
        for (layer, head) in [(0, 0), (shape.layers - 1, shape.heads - 1), (shape.layers, 0)] {
            for query in queries {
                _ = lens.canPreview([query])
                if let row = lens.row(layer: layer, head: head, query: query) {
                    let sum = row.weights.reduce(0, +)
                    // A query whose keys are all hidden reads nothing.
                    #expect(abs(sum - 1) < 1e-4 || sum == 0, "\(lens.scenario.specs) \(layer).\(head): \(query)")
                }
                _ = lens.maskRow(layer: layer, head: head, query: query)
                for key in [0, query / 2, query, query + 1] {
                    _ = lens.pair(layer: layer, head: head, query: query, key: key)
                    _ = lens.reason(layer: layer, head: head, query: query, key: key)
                }
            }
            _ = lens.maskSurvey(layer: layer, head: head)
            _ = lens.distanceProfile(layer: layer, head: head)
            for cell in [1, 16, 64] {
                let request = MapRequest(layer: layer, head: head, cell: cell, rows: 6, columns: 6)
                _ = lens.map(request)
                _ = lens.distanceMap(request)
            }
        }
    }

    @Test(arguments: scenarios) func previewsOfPartsOfARun(specs: [String]) throws {
        let scenario = try Scenario(parsing: specs)
        for recording in try [Sample.stopped(600, after: 1), Sample.recording(260, chunkSize: 256)] {
            let last = recording.tokens - 1
            Self.ask(Lens(recording: recording, scenario: scenario, threads: 2), queries: [0, 1, 70, last, last + 1])
        }
    }

    /// The recording may be one of a selection itself, and a run may replace one that it has not ended.
    @Test(arguments: selections) func selectionsReplaceEachOther(old: String) throws {
        for compression in [[]] + Self.compressions.map({ [$0] }) {
            if !compression.isEmpty, old.hasPrefix("landmark"), !old.contains("grouped=0") {
                // Sums over the keys of a block are refused with keys that come back changed.
                #expect(throws: ModelError.self) { try Sample.recording(130, [old] + compression, chunkSize: 256) }
                continue
            }
            let recording = try Sample.recording(130, [old] + compression, chunkSize: 256)
            for new in Self.selections {
                for specs in [[new], [new] + Self.compressions, Self.compressions] {
                    let lens = Lens(recording: recording, scenario: try Scenario(parsing: specs), threads: 2)
                    Self.ask(lens, queries: [0, 129])
                }
            }
            Self.ask(Lens(recording: recording, threads: 2), queries: [0, 65, 129, 130])
        }
    }

    /// What a decoder cannot do is refused by name: its run showed no leak and said nothing.
    @Test(arguments: ["longlora:wrap=1", "longlora:wrap=1@heads=0", "window:size=4+longlora:wrap=1"])
    func noDecoderReadsAhead(spec: String) throws {
        let scenario = try Scenario(parsing: [spec])
        let error = #expect(throws: ModelError.self) { try Sample.model().check(scenario, tokens: 20) }
        #expect(error?.description.contains("wrap=0") == true)
        let encoder = try Model(contentsOf: try GoldenFixture("bert").folder, needsTokenizer: false)
        try encoder.check(scenario, tokens: 20)
        try Sample.model().check(try Scenario(parsing: ["longlora"]), tokens: 20)
    }

    /// Encoders and what reads them have no cache, so neither selections by states nor compression touch them.
    @Test(arguments: ["t5", "bart", "bert"]) func encodersHaveNoCache(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let specs = ["fot:k=2,window=2", "kivi:bits=2,group=2,residual=4"]
        let scenario = try Scenario(parsing: specs)
        guard model.kinds != [.encoder] else {
            #expect(throws: ModelError.noCache(model: model.name, method: specs[0])) {
                try model.check(scenario, tokens: 20)
            }
            return
        }
        let plain = try Recorder(model: model, threads: 2).record(ModelInputs(ids: Sample.ids(20)))
        let changed = try Recorder(model: model, scenario: scenario, threads: 2)
            .record(ModelInputs(ids: Sample.ids(20)))
        for kind in plain.kinds {
            let recording = try #require(plain[kind])
            let preview = Lens(recording: recording, scenario: scenario, threads: 2)
            Self.ask(preview, queries: [0, 7, recording.tokens - 1, recording.tokens])
            let exact = Lens(recording: try #require(changed[kind]), threads: 2)
            Self.ask(exact, queries: [0, 7, recording.tokens - 1, recording.tokens])
            guard kind == .encoder else { continue }
            let own = Lens(recording: recording, threads: 2)
            for query in 0..<recording.tokens {
                let weights = own.row(layer: 0, head: 0, query: query)?.weights
                #expect(preview.row(layer: 0, head: 0, query: query)?.weights == weights)
                #expect(exact.row(layer: 0, head: 0, query: query)?.weights == weights)
            }
        }
    }
}
