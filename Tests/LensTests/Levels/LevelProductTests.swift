import Foundation
import RopewalkMethods
import Testing

@testable import RopewalkLens

/// Two levels of attention as one weight a token.
@Suite struct LevelProductTests {
    /// The worked example: three sentences, of which the first has five tokens.
    @Test func theWorkedExample() throws {
        let vectors = try TileVectors("efficient-masks")
        func value<T>(_ group: String, _ name: String, as type: T.Type = T.self) throws -> T {
            try vectors.value("numeric", "hierarchical_token_weight", group, name)
        }
        func softmax(_ scores: [Double]) -> [Double] {
            let sum = scores.reduce(0) { $0 + exp($1) }
            return scores.map { exp($0) / sum }
        }
        let document = softmax(try value("inputs", "doc_scores"))
        let sentence = softmax(try value("inputs", "sentence0_scores"))
        let shares: [Double] = try value("outputs", "w_doc")
        let within: [Double] = try value("outputs", "w_sentence0")
        for (found, expected) in zip(document + sentence, shares + within) { #expect(abs(found - expected) < 1e-6) }
        // Sentences of 5, 4 and 7 tokens, whose last ones stand for them.
        var row = [Float](repeating: 0, count: 16)
        for (end, weight) in zip([4, 8, 15], document) { row[end] = Float(weight) }
        var product = LevelProduct(
            query: 15, joining: 3, reading: 1, parts: [0..<5, 5..<9, 9..<16], row: row, tokens: 16)
        #expect(product.weights.allSatisfy { $0.isNaN } && !product.isComplete)
        // The first sentence is given most, and is worked out first.
        product.add([(4, sentence.map(Float.init))])
        #expect(product.done == 1)
        let flattened: [Double] = try value("outputs", "flattened_sentence0")
        for (token, expected) in flattened.enumerated() {
            #expect(abs(Double(product.weights[token]) - expected) < 1e-6)
            #expect(abs(Double(product.within(token)) - within[token]) < 1e-6)
        }
        #expect(product.weights[5...].allSatisfy { $0.isNaN })
        // Another sentence may still have a token with more than .307 · 1: only what lies above it is settled.
        #expect(!product.highest(1).isSettled)
        product.add([(15, (0..<16).map { $0 < 9 ? 0 : 1 / 7 })])
        product.add([(8, (0..<9).map { $0 < 5 ? 0 : 1 / 4 })])
        #expect(product.isComplete && abs(product.weights.reduce(0, +) - 1) < 1e-6)
        #expect(product.highest(2).tokens.map(\.token) == [1, 3])
    }

    private static let specs = [
        "hibert:lengths=9/14/3/30/22/41", "hibert:longest=8,lengths=9/14/3/30/22/41", "chunk-join:size=24,joined=1",
        "hat:segment=16",
    ]

    /// Against the product of the two layers' matrices, each softmax over what the definition lets a token see, in float64.
    @Test(arguments: specs) func itIsTheProductOfTwoLayers(spec: String) throws {
        let tokens = 120
        let lens = Lens(try Sample.recording(tokens, [spec]))
        let levels = try #require(lens.setup.scenario.levels)
        let plain = Plain(spec: spec, tokens: tokens)
        let (layers, head) = (lens.recording.shape.layers, 2)
        let pair = try #require(levels.layers(around: layers - 1, of: layers))
        let joining = LayerReference(lens.recording, [], layer: pair.joining, head: head)
        let reading = LayerReference(lens.recording, [], layer: pair.reading, head: head)
        for query in [0, 30, 77, 119] {
            var product = try #require(lens.levelProduct(layer: layers - 1, head: head, query: query))
            #expect(product.joining == pair.joining && product.reading == pair.reading)
            #expect(product.query == plain.reader(query))
            while !product.isComplete { lens.extend(&product, head: head) }
            var expected = [Double](repeating: 0, count: tokens)
            let above = plain.softmax(joining.scores(product.query)) { plain.joins(product.query, $0) }
            for (middle, share) in above.enumerated() where share > 0 {
                let below = plain.softmax(reading.scores(middle)) { plain.reads(middle, $0) }
                for (key, weight) in below.enumerated() { expected[key] += share * weight }
            }
            for key in 0..<tokens {
                #expect(abs(Double(product.weights[key]) - expected[key]) < 2e-5, "\(query) \(key)")
            }
            #expect(abs(product.weights.reduce(0, +) - 1) < 1e-4)
        }
    }

    /// The first that are asked for are those of all, however little was worked out.
    @Test func theHighestAreSettledEarly() throws {
        let lens = Lens(
            try Sample.recording(200, ["hibert:lengths=10/10/10/10/10/10/10/10/10/10/10/10/10/10/10/10/10"]))
        var early = try #require(lens.levelProduct(layer: 1, head: 0, query: 199))
        var whole = early
        while !whole.isComplete { lens.extend(&whole, head: 0) }
        for count in [1, 3, 20] {
            while !early.highest(count).isSettled { lens.extend(&early, head: 0) }
            #expect(early.highest(count).tokens == whole.highest(count).tokens)
        }
    }

    @Test func whatHasNoTwoLevelsIsNil() throws {
        let plain = Lens(try Sample.recording(60))
        #expect(plain.levelProduct(layer: 1, head: 0, query: 9) == nil)
        for spec in ["hibert:level=1,lengths=9/20", "hibert:level=2,lengths=9/20", "chunk-join:joined=0"] {
            let lens = Lens(try Sample.recording(60, [spec]))
            #expect(lens.levelProduct(layer: 1, head: 0, query: 9) == nil, "\(spec)")
        }
        let lens = Lens(try Sample.recording(60, ["hibert:most=2,lengths=9/20"]))
        #expect(lens.levelProduct(layer: 1, head: 0, query: 28) != nil)
        // Of the third sentence nothing is read.
        #expect(lens.levelProduct(layer: 1, head: 0, query: 29) == nil)
        #expect(lens.levelProduct(layer: 1, head: 9, query: 2) == nil)
        #expect(lens.levelProduct(layer: 1, head: 0, query: 60) == nil)
    }
}

/// The definitions in plain words, for a causal model.
private struct Plain {
    let spec: String
    /// What is read of each part.
    let parts: [Range<Int>]

    init(spec: String, tokens: Int) {
        self.spec = spec
        let lengths =
            spec.hasPrefix("hibert")
            ? [9, 14, 3, 30, 22, 41] : Array(repeating: spec.hasPrefix("hat") ? 16 : 24, count: tokens / 16 + 1)
        var (parts, start): ([Range<Int>], Int) = ([], 0)
        for length in lengths where start < tokens {
            parts.append(start..<min(tokens, start + length))
            start += length
        }
        if start < tokens { parts.append(start..<tokens) }
        self.parts = spec.contains("longest=8") ? parts.map { $0.prefix(8) } : parts
    }

    private func part(_ token: Int) -> Range<Int>? { parts.last { $0.lowerBound <= token } }

    func reader(_ query: Int) -> Int? {
        spec.hasPrefix("chunk") ? query : spec.hasPrefix("hat") ? part(query)?.first : part(query)?.last
    }

    /// Whether a layer that joins parts lets a token see another one.
    func joins(_ query: Int, _ key: Int) -> Bool {
        if query == key || spec.hasPrefix("chunk") { return true }
        func stands(_ token: Int) -> Bool { reader(token) == token }
        return stands(query) && stands(key)
    }

    func reads(_ query: Int, _ key: Int) -> Bool {
        guard query != key else { return true }
        return part(query).map { $0.contains(query) && $0.contains(key) } ?? false
    }

    func softmax(_ scores: [Double], where sees: (Int) -> Bool) -> [Double] {
        let exponentials = scores.enumerated().map { sees($0.offset) ? exp($0.element) : 0 }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }
}
