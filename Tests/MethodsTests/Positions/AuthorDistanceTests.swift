import Foundation
import RopewalkMethods
import Testing

/// Distances, temperatures and weights of the authors' code, row by row: scenarios from specs, in plain float64.
@Suite struct AuthorDistanceTests {
    struct Example: CustomTestStringConvertible, Sendable {
        let id: String
        let specs: [String]
        /// The window that the model was trained on.
        var trained = 4096
        var testDescription: String { "\(id) \(specs)" }
    }

    let vectors: AuthorVectors
    init() throws { vectors = try AuthorVectors() }

    static let examples = [
        Example(id: "leaky-rerope/logn-w32-s16", specs: ["leaky-rerope:window=32,step=16"], trained: 64),
        Example(id: "pcw/32x3", specs: ["pcw:window=32,count=3", "pcw-positions:window=32,count=3"]),
        Example(id: "dual-chunk/temperature-160", specs: ["dual-chunk:code=1"], trained: 64),
        Example(
            id: "streaming/window-plus-1-4-32", specs: ["streaming:sink=4,recent=32", "cache-positions:window=33"]),
        Example(
            id: "streaming/equal-4-32",
            specs: ["streaming:sink=4,recent=32,evict-after=0", "cache-positions:window=32"]),
        Example(id: "self-extend/6-32", specs: ["self-extend:group=6,window=32,floor=0"]),
        Example(
            id: "lm-infinite/limit-gt-window",
            specs: ["lambda:sink=4,window=32", "distance-limit:window=64,local=32"]),
        Example(
            id: "lm-infinite/limit-lt-window",
            specs: ["lambda:sink=6,window=40", "distance-limit:window=24,local=40"]),
    ]

    /// Scores of one query with all keys of the text, from the angles of each pair.
    static func scores(
        _ q: [Float], _ keys: [[Float]], query: Int, _ encoding: PositionEncoding
    ) -> [Double] {
        let half = q.count / 2
        let factor = encoding.pieces[0].queries.factor * encoding.pieces[0].keys.factor
        let scale = (encoding.queryScale?(query) ?? 1) * factor / Double(q.count).squareRoot()
        return keys.indices.map { key in
            let angles = encoding.angles(query: query, key: key)
            let k = keys[key].map(Double.init)
            return scale
                * (0..<half).reduce(0) { sum, i in
                    let (a, b) = (Double(q[i]), Double(q[i + half]))
                    let even = a * k[i] + b * k[i + half]
                    let odd = a * k[i + half] - b * k[i]
                    return sum + even * cos(angles[i]) + odd * sin(angles[i])
                }
        }
    }

    @Test(arguments: examples) func rowsOfTheAuthorsCode(example: Example) throws {
        let (q, k) = (try vectors.matrix(example.id + "/q"), try vectors.matrix(example.id + "/k"))
        let distances = try vectors.matrix(example.id + "/distances")
        let weights = try vectors.matrix(example.id + "/weights")
        let scenario = try Scenario(parsing: example.specs)
        let context = RotaryContext(
            dimensions: q[0].count, base: 10000, trainedWindow: example.trained, tokens: k.count)
        let encoding = scenario.position.encoding(in: context)
        let far = try vectors.rows(example.id + "/rows").enumerated().map { row, query in
            let visible = scenario.visibleKeys(query: query, tokens: k.count).list
            let scores = Self.scores(q[row], k, query: query, encoding)
            let softmax = plainSoftmax(visible.map { scores[$0] })
            var found = [Double](repeating: 0, count: k.count)
            for (key, weight) in zip(visible, softmax) {
                found[key] = weight
                let distance = encoding.effectiveDistance(query: query, key: key)
                #expect(abs(distance - Double(distances[row][key])) < 1e-5, "\(query) \(key)")
            }
            return zip(found, weights[row]).map { abs($0 - Double($1)) }.max() ?? 1
        }
        #expect(far.allSatisfy { $0 < 2e-5 }, "\(far)")
        guard vectors.has(example.id + "/temperature") else { return }
        let temperature = try vectors.tensor(example.id + "/temperature").numbers
        for (row, query) in try vectors.rows(example.id + "/rows").enumerated() {
            let factor = encoding.pieces[0].queries.factor * encoding.pieces[0].keys.factor
            #expect(abs((encoding.queryScale?(query) ?? 1) * factor - Double(temperature[row])) < 1e-5)
        }
    }

    /// The half group that wraps around reads the end of the text, at distances that are negative.
    @Test func theLeakOfShiftedGroups() throws {
        let (q, k) = (try vectors.matrix("longlora/eager-128/q"), try vectors.matrix("longlora/eager-128/k"))
        let weights = try vectors.matrix("longlora/eager-128/weights")
        let context = RotaryContext(dimensions: 16, base: 10000, trainedWindow: 4096, tokens: 128)
        let window = ShiftedGroups(group: 0, half: 2, wraps: true)
        for (row, query) in try vectors.rows("longlora/eager-128/rows").enumerated() {
            let visible = window.visibleKeys(query: query, tokens: 128).list
            let scores = Self.scores(q[row], k, query: query, RoPE().encoding(in: context))
            var found = [Double](repeating: 0, count: 128)
            for (key, weight) in zip(visible, plainSoftmax(visible.map { scores[$0] })) { found[key] = weight }
            #expect(zip(found, weights[row]).allSatisfy { abs($0 - Double($1)) < 2e-5 }, "\(query)")
        }
        #expect(window.visibleKeys(query: 1, tokens: 128).contains(127))
    }

    /// What the pages name as the rest of a method is what the code was compared with.
    @Test func companionsMakeTheMethodWhole() throws {
        for (spec, companion) in [
            ("streaming:sink=4,recent=32", "cache-positions:sink=4,window=33"),
            ("streaming:sink=4,recent=32,evict-after=0", "cache-positions:sink=4,window=32"),
            ("pcw:window=32,count=3", "pcw-positions:window=32,count=3"),
            ("pcw:lengths=3/9", "pcw-positions:window=512,count=3,lengths=3/9"),
            ("lambda:sink=4,window=32", "distance-limit:window=32,local=0"),
        ] {
            let method = try MethodSpec.parse(spec)
            #expect(method.companion?.spec == companion)
            #expect(MethodPage(type(of: method)).text.contains("goes with "))
        }
        #expect(RoPE().companion == nil && !MethodPage(RoPE.self).text.contains("goes with"))
    }

    /// The paper's forms stay what they were.
    @Test func thePapersForms() throws {
        let context = RotaryContext(dimensions: 8, base: 10000, trainedWindow: 64, tokens: 200)
        let leaky = try #require(try MethodSpec.parse("leaky-rerope:log-n=0") as? any PositionMethod)
        #expect(leaky.encoding(in: context).queryScale == nil)
        #expect(LeakyReRoPE(window: 4, step: 1).encoding(in: context).queryScale != nil)
        let paper = DualChunk(code: true, temperature: false).encoding(in: context)
        #expect(paper.pieces.allSatisfy { $0.queries.factor == 1 && $0.keys.factor == 1 })
        #expect(DualChunk().encoding(in: context).pieces.allSatisfy { $0.keys.factor == 1 })
        let one = RotaryContext(dimensions: 8, base: 10000, trainedWindow: 1, tokens: 9)
        #expect(LeakyReRoPE(window: 4, step: 2).problem(in: one)?.contains("log-n=0") == true)
        #expect(LeakyReRoPE(window: 4, step: 2, logN: false).problem(in: one) == nil)
    }
}
