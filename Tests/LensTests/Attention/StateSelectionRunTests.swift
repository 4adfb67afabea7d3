import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Runs whose selection looks at states: what they record is what the selection chooses on plain copies of the states,
/// and what they read is full attention with −∞ in all other places.
struct StateSelectionRunTests {
    static let specs = [
        "quest:page=8,budget=32,dense-layers=1", "moba:block=16,topk=3,dense-layers=1",
        "infllm:init=4,local=24,block=16,topk=2,representatives=2", "landmark:block=9,topk=2",
        "landmark:block=9,topk=2,moved=0,grouped=0", "landmark:block=21,topk=1",
        "longheads:chunk=40,budget=120,decode=1",
        "infllm:init=4,local=24,block=16,topk=2,representatives=2,mass=1",
        "nsa:length=8,stride=4,block=16,blocks=4,init=1,local=1,window=20", "longheads:chunk=16,budget=64",
        "retro:chunk=16,neighbours=1,window=24", "fot:k=5,window=20,layers=1",
        "memorizing:k=6,window=24,memory=100,from-end=1", "unlimiformer:k=20", "h2o:heavy=9,recent=17",
        "tova:capacity=24", "scissorhands:buffer=32,drop=8,recent=5,history=40",
        "snapkv:prompt=120,capacity=32,window=8,kernel=5",
        "pqcache:prompt=120,sink=4,ratio=0.2,parts=2,bits=4,rounds=2",
        "lazyllm:keep=0.5,dense-layers=0", "lsh:rounds=2,buckets=8,window=4",
        "lsh:rounds=2,buckets=8,chunk=16,shared=1,form=reach,window=3",
    ]
    /// Together with other positions and with windows.
    static let scenarios =
        specs.map { [$0] } + [
            ["pi:factor=4", "quest:page=8,budget=32,dense-layers=0"], ["window:size=70", "h2o:heavy=9,recent=17"],
            ["window:size=70", "moba:block=16,topk=3"], ["lambda:sink=4,window=64", "infllm:init=2,local=24,block=16"],
            ["window:size=90", "landmark:block=9,topk=3"], ["pi:factor=4", "longheads:chunk=16,budget=64"],
        ]
    /// float32 scores of order 10 are off by some 1e-6 each, and a weight by that relative to itself.
    static let tolerance: Float = 1e-5

    static func scenario(_ specs: [String]) throws -> (Scenario, any StateSelection) {
        let scenario = try Scenario(parsing: specs)
        return (scenario, try #require(scenario.stateSelection))
    }

    @Test(arguments: scenarios, ["llama_default", "llama_mqa"]) func theRunReadsWhatIsChosen(
        specs: [String], model: String
    ) throws {
        let (_, selection) = try Self.scenario(specs)
        let recording = try Sample.recording(300, specs, model: model, chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        var hidden = 0
        for (layer, plain) in PlainLayer.layers(recording, specs).enumerated() {
            var states = plain
            states.keyPeriod = selection.keyPeriod ?? 1
            for head in 0..<recording.shape.heads {
                let choices = states.keyChoices(selection, layer: layer, head: head, of: recording.shape.layers)
                let chosen = choices.map(\.keys)
                let recorded = (0..<300).map { recording.chosenKeys(layer: layer, head: head, query: $0) }
                let others = chosen.indices.filter { chosen[$0] != recorded[$0] }
                #expect(others.isEmpty, "\(specs) \(layer).\(head): queries \(others.prefix(9))")
                for query in stride(from: 299, through: 0, by: -23) {
                    let place = "\(specs) \(layer).\(head): \(query)"
                    let isVisible: (Int) -> Bool = {
                        chosen[query].contains($0) && PlainWindow.contains(query, $0, specs)
                    }
                    let visible = (0...query).filter(isVisible)
                    hidden += query + 1 - visible.count
                    let places = selection.places(of: chosen[query], query: query)
                    let expected = states.attention(
                        query, head: head, visible: isVisible, places: places, additions: choices[query].additions)
                    let row = try #require(lens.row(layer: layer, head: head, query: query))
                    #expect(row.provenance == .exact)
                    #expect(agree(row.logSumExp, Float(expected.logSumExp), Self.tolerance), "\(place)")
                    let measured = recording.measure(\.logSumExp, layer: layer, head: head, query: query)
                    #expect(agree(try #require(measured), Float(expected.logSumExp), Self.tolerance), "\(place)")
                    let wrong = row.weights.indices.filter {
                        !agree(row.weights[$0], Float(expected.weights[$0]), Self.tolerance)
                            || (!isVisible($0) && row.weights[$0] != 0)
                    }
                    #expect(wrong.isEmpty, "\(place)")
                    let mask = try #require(lens.maskRow(layer: layer, head: head, query: query))
                    #expect(mask.visible.ranges.flatMap { Array($0) } == visible, "\(place)")
                }
            }
        }
        #expect(hidden > 1000, "\(specs) hides \(hidden) keys")
    }

    /// The first layer reads the embeddings, whatever the scenario.
    @Test(arguments: scenarios) func thePreviewOfTheFirstLayerIsExact(specs: [String]) throws {
        let preview = Lens(recording: try Sample.recording(300), scenario: try Scenario(parsing: specs), threads: 2)
        let exact = Lens(recording: try Sample.recording(300, specs), threads: 2)
        for head in 0..<4 {
            for query in stride(from: 299, through: 0, by: -31) {
                let a = try #require(preview.row(layer: 0, head: head, query: query))
                let b = try #require(exact.row(layer: 0, head: head, query: query))
                #expect(a.provenance.basis == .preview && agree(a.logSumExp, b.logSumExp, Self.tolerance))
                #expect(zip(a.weights, b.weights).allSatisfy { agree($0, $1, Self.tolerance) }, "\(specs) \(query)")
                let x = try #require(preview.maskRow(layer: 0, head: head, query: query))
                let y = try #require(exact.maskRow(layer: 0, head: head, query: query))
                #expect(x.visible == y.visible && agree(x.massKept, y.massKept, Self.tolerance))
            }
        }
    }

    @Test(arguments: scenarios) func threadsDoNotMatter(specs: [String]) throws {
        let one = try Sample.recording(300, specs, threads: 1)
        let two = try Sample.recording(300, specs, threads: 2)
        // For matrices as small as these, a library may take other kernels for other numbers of rows.
        for token in 0..<300 {
            let a = try #require(one.lastHidden(of: token))
            let b = try #require(two.lastHidden(of: token))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-5) }, "\(specs) \(token)")
        }
        Self.expectSameChoices(one, two, "\(specs)")
    }

    /// Other pieces make float32 sums in another order.
    @Test(arguments: scenarios) func piecesDoNotMatter(specs: [String]) throws {
        let pieces = try Sample.recording(600, specs, chunkSize: 256)
        let whole = try Sample.recording(600, specs, chunkSize: 2048)
        let readsAhead = try Self.scenario(specs).1.readsAhead
        #expect(pieces.chunks.count == (readsAhead ? 1 : 3) && whole.chunks.count == 1)
        Self.expectSameChoices(pieces, whole, "\(specs)")
        for token in 0..<600 {
            let a = try #require(pieces.lastHidden(of: token))
            let b = try #require(whole.lastHidden(of: token))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-5) }, "\(specs) \(token)")
        }
    }

    static func expectSameChoices(_ a: Recording, _ b: Recording, _ name: String) {
        for layer in 0..<a.shape.layers {
            for head in 0..<a.shape.heads {
                let others = (0..<a.tokens).filter {
                    a.chosenKeys(layer: layer, head: head, query: $0)
                        != b.chosenKeys(layer: layer, head: head, query: $0)
                }
                #expect(others.isEmpty, "\(name) \(layer).\(head): queries \(others.prefix(9))")
            }
        }
    }

    /// Selections that come down to a window, or to nothing, run as that: through all layers to the losses.
    @Test(arguments: [
        // The cache of earlier keys, and the query's own.
        ("h2o:heavy=0,recent=40", "window:size=41"),
        // A key that has just left the window is read until there is another.
        ("infllm:init=4,local=64,block=1,topk=0,representatives=1", "lambda:sink=4,window=65"),
        ("moba:block=600,topk=1", "full"), ("tova:capacity=600", "full"), ("unlimiformer:k=600", "full"),
    ])
    func aWindowInDisguiseRunsAsTheWindow(spec: String, window: String) throws {
        let chosen = try Sample.recording(600, [spec], chunkSize: 256)
        let placed = try Sample.recording(600, window == "full" ? [] : [window], chunkSize: 256)
        for token in 0..<600 {
            let a = try #require(chosen.lastHidden(of: token))
            let b = try #require(placed.lastHidden(of: token))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-5) }, "\(spec) \(token)")
        }
        let losses = zip(chosen.negativeLogLikelihood, placed.negativeLogLikelihood)
        #expect(losses.allSatisfy { agree($0, $1, 2e-5) })
    }
}

/// Windows by their definition.
enum PlainWindow {
    static func contains(_ query: Int, _ key: Int, _ specs: [String]) -> Bool {
        let distance = Double(query - key)
        if let size = LayerReference.parameters("window", specs)?["size"], distance >= size { return false }
        guard let p = LayerReference.parameters("lambda", specs) else { return true }
        return distance < p["window", default: 0] || Double(key) < p["sink", default: 0]
    }
}
