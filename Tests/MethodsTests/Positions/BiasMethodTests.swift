import Foundation
import RopewalkMethods
import Testing

/// Methods that add to scores or embeddings, or scale them with the distance.
@Suite struct BiasMethodTests {
    let vectors: ReferenceVectors
    init() throws { vectors = try ReferenceVectors() }

    @Test(arguments: [8, 12, 16]) func slopesOfEveryHead(heads: Int) throws {
        #expect(agree(ALiBi.slopes(heads: heads), try vectors.value("alibi.h\(heads)", "outputs.slopes")))
        let context = RotaryContext(dimensions: 8, base: 10000, trainedWindow: 256, tokens: 256, heads: heads)
        #expect(ALiBi().encoding(in: context).bias == .slopes(ALiBi.slopes(heads: heads)))
    }

    @Test func biasByDistance() throws {
        let distances: [Int] = try vectors.value("alibi.bias", "inputs.distances")
        let context = RotaryContext(dimensions: 8, base: 10000, trainedWindow: 256, tokens: 1024, heads: 8)
        for (limit, name) in [(0, "bias"), (256, "lmInfiniteClippedAt256")] {
            let encoding = ALiBi(limit: limit).encoding(in: context)
            let expected: [Double] = try vectors.value("alibi.bias", "outputs.\(name)")
            let actual = distances.map { -ALiBi.slopes(heads: 8)[2] * Double(encoding.biasDistance(query: $0, key: 0)) }
            #expect(agree(actual, expected))
        }
    }

    /// The scores of the reference from turned and scaled vectors, in the interleaved layout.
    @Test func xPosScores() throws {
        let context = RotaryContext(dimensions: 8, base: 10000, trainedWindow: 256, tokens: 1024)
        let method = XPos()
        let zeta: [Double] = try vectors.value("xpos.d8", "outputs.zeta")
        #expect(agree(method.decays(in: context), zeta))
        let piece = method.encoding(in: context).pieces[0]
        let (grow, fade) = (try #require(piece.queries.amplitude), try #require(piece.keys.amplitude))
        let distances: [Int] = try vectors.value("xpos.d8", "inputs.distances")
        let decay: [[Double]] = try vectors.value("xpos.d8", "outputs.decay")
        for (distance, expected) in zip(distances, decay) {
            #expect(agree((0..<4).map { grow($0, distance) * fade($0, 0) }, expected))
        }
        let query: [Double] = try vectors.value("xpos.d8", "inputs.q")
        let key: [Double] = try vectors.value("xpos.d8", "inputs.k")
        let pairs: [[Int]] = try vectors.value("xpos.d8", "inputs.pairs_mn")
        let scores = pairs.map { pair in
            let q = turned(query, piece.queries, at: pair[0])
            let k = turned(key, piece.keys, at: pair[1])
            return zip(q, k).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let expected: [Double] = try vectors.value("xpos.d8", "outputs.dot")
        // Sums with cancellation: 1e-12 of their terms, which are of order 1.
        for (score, expected) in zip(scores, expected) { #expect(abs(score - expected) <= 1e-12) }
    }

    func turned(_ vector: [Double], _ turning: Turning, at token: Int) -> [Double] {
        (0..<vector.count / 2).flatMap { i in
            let angle = turning.angle(i, token: token)
            let scale = turning.amplitude?(i, token) ?? 1
            let (a, b) = (vector[2 * i], vector[2 * i + 1])
            return [scale * (a * cos(angle) - b * sin(angle)), scale * (a * sin(angle) + b * cos(angle))]
        }
    }

    @Test func xPosOverLongTextsNeedsAnotherScale() throws {
        func context(_ tokens: Int) -> RotaryContext {
            RotaryContext(dimensions: 64, base: 10000, trainedWindow: 512, tokens: tokens)
        }
        #expect(XPos().problem(in: context(50_000)) == nil)
        let message = try #require(XPos().problem(in: context(1_000_000)))
        #expect(message.contains("raise scale-base to 9,716"))
        #expect(XPos(scaleBase: 9716).problem(in: context(1_000_000)) == nil)
        let piece = XPos(scaleBase: 9716).encoding(in: context(1_000_000)).pieces[0]
        for token in [0, 999_999] {
            let scale = Float(piece.keys.amplitude?(0, token) ?? 0)
            #expect(scale.isNormal)
        }
    }

    /// (q + u)·k + (q + v)·R over √d, all of Transformer-XL, with its sinusoid from the bias.
    @Test func transformerXLScores() throws {
        let id = "transformer_xl.scores"
        func input<T>(_ name: String, as type: T.Type = T.self) throws -> T { try vectors.value(id, "inputs." + name) }
        let context = RotaryContext(dimensions: 4, base: 500, trainedWindow: 8, tokens: 5)
        let encoding = TransformerXLRelative().encoding(in: context)
        guard case .sinusoid(let frequencies) = encoding.bias else {
            Issue.record("no sinusoid")
            return
        }
        let sinusoids: [[Double]] = try vectors.value(id, "outputs.R")
        for (distance, expected) in sinusoids.enumerated() {
            #expect(agree(PositionBias.sinusoid(distance: distance, inverseFrequencies: frequencies), expected))
        }
        let states: [[Double]] = try input("h")
        func project(_ name: String, _ vector: [Double]) throws -> [Double] {
            let matrix: [[Double]] = try input(name)
            return matrix.map { dot($0, vector) }
        }
        let u: [Double] = try input("u")
        let v: [Double] = try input("v")
        let expected: [[Double]] = try vectors.value(id, "outputs.scores")
        for (row, scores) in expected.enumerated() {
            let query = row + 2
            let q = try project("Wq", states[query])
            let actual = try (0...query).map { key in
                let content = try dot(zip(q, u).map(+), project("WkE", states[key]))
                let distance = encoding.biasDistance(query: query, key: key)
                let sinusoid = PositionBias.sinusoid(distance: distance, inverseFrequencies: frequencies)
                return try (content + dot(zip(q, v).map(+), project("WkR", sinusoid))) * 0.5
            }
            for (score, expected) in zip(actual, scores) { #expect(abs(score - expected) <= 1e-12) }
        }
        #expect(TransformerXLRelative(clamp: 3).encoding(in: context).biasDistance(query: 9, key: 2) == 3)
    }

    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test func sinusoidsOfTokens() throws {
        let positions: [Int] = try vectors.value("sinusoidal.d8", "inputs.positions")
        let context = RotaryContext(dimensions: 4, base: 500, trainedWindow: 8, tokens: 5)
        for (concatenated, name) in [(false, "interleaved"), (true, "concat")] {
            let expected: [[Double]] = try vectors.value("sinusoidal.d8", "outputs.\(name)")
            let embedding = try #require(Sinusoidal(concatenated: concatenated).encoding(in: context).embedding)
            for (position, expected) in zip(positions, expected) { #expect(agree(embedding(position, 8), expected)) }
            #expect(embedding(3, 7).count == 7)
        }
    }
}

extension PositionEncoding {
    /// How far query and key are apart for the bias: `query − key`, up to the limit.
    fileprivate func biasDistance(query: Int, key: Int) -> Int { min(query - key, biasLimit ?? .max) }
}
