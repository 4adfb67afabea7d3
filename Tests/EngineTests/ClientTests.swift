import Foundation
import Ropewalk
import Testing

/// What a client asks for, sensible or not, without a declaration that only the package sees.
struct ClientTests {
    let model: Model
    let text: Document
    let recording: Recording
    let lens: Lens

    init() throws {
        model = try Model(contentsOf: ExampleTests.project.appendingPathComponent("samples/books-4m").path)
        text = try model.document("The cat sat on the mat, and the cat sat on the hat; then the cat sat on the mat.")
        recording = try Recorder(model: model, threads: 2).record(text.ids)
        lens = Lens(recording, threads: 2)
    }

    private static let wild = [Int.min, -1, 0, 7, 8, 1000, Int.max]

    @Test func aTrailingClosureIsTheProgress() throws {
        var seen: [Int] = []
        let whole = try Recorder(model: model).record(text.ids) { snapshot in
            seen.append(snapshot.tokens)
            return true
        }
        #expect(seen == [text.tokenCount] && whole.isComplete)
        let long = Array(repeating: text.ids, count: 60).flatMap { $0 }
        #expect(throws: ModelError.cancelled) { try Recorder(model: model).record(long) { _ in false } }
    }

    @Test func answersGoTogether() throws {
        let last = text.tokenCount - 1
        let row = try #require(lens.row(layer: 3, head: 7, query: last))
        #expect(row.weights.count == last + 1 && abs(row.weights.reduce(0, +) - 1) < 1e-4)
        let best = try #require(row.topKeys(1).first)
        let pair = try #require(lens.pair(layer: 3, head: 7, query: last, key: best.token))
        #expect(pair.weight == best.weight && abs(exp(pair.score - row.logSumExp) - best.weight) < 1e-4)
        let map = try #require(lens.map(layer: 3, head: 7, side: 1024))
        #expect(map.cell == 1 && map.rows == text.tokenCount && map.columns == text.tokenCount)
        #expect(abs(map[last, best.token] - best.weight) < 1e-4)
        #expect(lens.topQueries(layer: 3, head: 7, key: best.token, count: 99).contains { $0.token == last })
        #expect(lens.headScores().count == model.shape.layers * model.shape.heads)
        // Token 0 is not turned: its query and the key's own numbers give the score of the pair (0, 0).
        let query = try #require(recording.query(layer: 3, head: 7, token: 0))
        let key = try #require(recording.key(layer: 3, keyValueHead: 7 / model.shape.groupSize, token: 0))
        let product = zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } * model.shape.scoreScale
        #expect(abs(product - (lens.pair(layer: 3, head: 7, query: 0, key: 0)?.score ?? .nan)) < 1e-3)
        #expect(model.prediction(after: last, in: recording, count: 3)?.candidates.count == 3)
    }

    @Test func aPreviewIsLabelledAndKeepsTheModelsPositions() throws {
        let scenario = try model.scenario("lambda:sink=1,window=4")
        let preview = try lens.preview(scenario)
        #expect(scenario.specs == ["lambda:sink=1,window=4"])
        #expect(preview.basis == .preview && lens.basis == .exact)
        let row = try #require(preview.maskRow(layer: 0, head: 0, query: 20))
        #expect(row.visible.ranges == [0..<1, 17..<21])
        #expect(preview.reason(layer: 0, head: 0, query: 20, key: 5)?.rule == .outside)
        let exact = Lens(try Recorder(model: model, scenario: scenario, threads: 2).record(text.ids))
        // The first layer reads the same states in both.
        let (a, b) = (preview.row(layer: 0, head: 0, query: 20), exact.row(layer: 0, head: 0, query: 20))
        #expect(zip(a?.weights ?? [], b?.weights ?? []).allSatisfy { abs($0 - $1) < 1e-5 } && a?.weights.count == 21)
    }

    @Test func whatDoesNotFitIsAnError() throws {
        let lists = try model.scenario("longrope:factor=4,long=1/2/3")
        #expect(throws: ModelError.self) { try lens.preview(lists) }
        #expect(throws: ModelError.self) { try Recorder(model: model, scenario: lists).record(text.ids) }
        #expect(throws: MethodError.self) { try model.scenario("") }
        #expect(throws: MethodError.self) { try model.scenario("file:/nowhere.npy") }
        #expect(throws: ModelError.noTokens) { try Recorder(model: model).record([]) }
        #expect(throws: DocumentError.self) { try model.document(contentsOf: "/nowhere.txt") }
        #expect(throws: MethodError.self) { try Mask("causal", tokens: 8).keys(of: 8) }
    }

    @Test func masksNeedNoModel() throws {
        let mask = try Mask("expr:k < q", tokens: 8)
        #expect(try mask.keys(of: 3).ranges == [0..<3])
        #expect(mask.findings().map(\.kind).contains(.emptyQuery))
        #expect(try !mask.why(query: 3, key: 3).isVisible)
    }

    @Test(arguments: wild) func noIndexEndsTheProgram(wild: Int) {
        let preview = try? lens.preview(model.scenario("topk:k=2,window=4,sink=1"))
        for lens in [lens, preview].compactMap({ $0 }) {
            for (layer, head, query, key) in [(wild, 0, 5, 2), (0, wild, 5, 2), (0, 0, wild, 2), (0, 0, 5, wild)] {
                _ = lens.row(layer: layer, head: head, query: query)?.topKeys(wild)
                _ = lens.pair(layer: layer, head: head, query: query, key: key)
                _ = lens.reason(layer: layer, head: head, query: query, key: key)
                _ = lens.maskRow(layer: layer, head: head, query: query)
                _ = lens.maskSurvey(layer: layer, head: head, limit: wild)
                _ = lens.topQueries(layer: layer, head: head, key: key, count: wild)
                _ = lens.map(layer: layer, head: head, side: wild)?[wild, wild]
            }
        }
        _ = model.prediction(after: wild, in: recording, count: wild)
        _ = recording.negativeLogLikelihood(after: wild)
        _ = recording.lastHidden(of: wild)
        for (layer, head, token) in [(wild, 0, 5), (0, wild, 5), (0, 0, wild)] {
            _ = recording.query(layer: layer, head: head, token: token)
            _ = recording.key(layer: layer, keyValueHead: head, token: token)
            _ = recording.value(layer: layer, keyValueHead: head, token: token, global: true)
        }
        _ = (text.prefix(tokens: wild), text.bytes(ofToken: wild), text.token(atByte: wild))
        _ = (text.displayName(ofToken: wild), text.byteRange(ofToken: wild), model.tokenizer?.token(wild))
    }

    @Test(arguments: [(0..<1, 5..<6), (3..<9, 0..<40), (0..<Int.max, -5..<3), (100..<200, 0..<5), (7..<7, 0..<1)])
    func mapsAreCutToTheText(queries: Range<Int>, keys: Range<Int>) throws {
        let map = lens.map(layer: 0, head: 0, queries: queries, keys: keys, side: 4)
        let isThere = queries.overlaps(0..<text.tokenCount) && keys.overlaps(0..<text.tokenCount)
        #expect((map != nil) == isThere)
        #expect(map.map { $0.rows <= 4 && $0.columns <= 4 && $0.values.count == $0.rows * $0.columns } ?? true)
    }
}
