import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// What XLNet's scores are made of, against the formula of Transformer-XL in float64, and what a configuration says.
struct XLNetTests {
    private static func recording(
        _ name: String, _ specs: [String] = [], inputs: ModelInputs? = nil
    ) throws -> Recording {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let scenario = specs.isEmpty ? model.defaultScenario : try Scenario(parsing: specs)
        let recorder = Recorder(model: model, scenario: scenario, threads: 2, keepsStates: true)
        return try #require(try recorder.record(inputs ?? ModelInputs(ids: try fixture.ids())).main)
    }

    /// One head of a layer as it is published.
    private struct Head {
        let query, key, distance: [[Double]]
        let content, place: [Double]

        /// Rows of W_q, W_k and W_r are [hidden, heads, size] in the file.
        init(_ name: String, layer: Int, head: Int) throws {
            let weights = try Weights(folder: Fixture.path("hf/\(name)"))
            let (hidden, heads, size) = (32, 4, 8)
            let prefix = "transformer.layer.\(layer).rel_attn."
            func matrix(_ part: String) throws -> [[Double]] {
                let values = try weights.values(prefix + part, shape: [hidden, heads, size])
                return (0..<size).map { d in (0..<hidden).map { Double(values[($0 * heads + head) * size + d]) } }
            }
            func bias(_ part: String) throws -> [Double] {
                try weights.values(prefix + part, shape: [heads, size])[head * size..<(head + 1) * size].map(
                    Double.init)
            }
            (query, key, distance) = (try matrix("q"), try matrix("k"), try matrix("r"))
            (content, place) = (try bias("r_w_bias"), try bias("r_r_bias"))
        }

        static func product(_ matrix: [[Double]], _ x: [Double]) -> [Double] {
            matrix.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } }
        }

        /// (q + u)·k + (q + v)·W_r [sin(t·ω), cos(t·ω)], over √size.
        func score(_ x: [Double], _ y: [Double], distance t: Int) -> Double {
            let half = x.count / 2
            let angles = (0..<half).map { Double(t) * pow(10_000, -2 * Double($0) / Double(2 * half)) }
            let (q, k) = (Self.product(query, x), Self.product(key, y))
            let r = Self.product(distance, angles.map { sin($0) } + angles.map { cos($0) })
            let sum = q.indices.reduce(0) { $0 + (q[$1] + content[$1]) * k[$1] + (q[$1] + place[$1]) * r[$1] }
            return sum / Double(q.count).squareRoot()
        }
    }

    /// Inputs of a layer, [token][hidden].
    private static func states(_ recording: Recording, layer: Int) -> [[Double]] {
        recording.chunks.flatMap { chunk in
            let input = chunk.layers[layer].input ?? []
            let hidden = recording.shape.hidden
            return chunk.tokens.indices.map { row in
                let start = (row - chunk.tokens.lowerBound) * hidden
                return input[start..<start + hidden].map { Double($0) }
            }
        }
    }

    @Test(arguments: ["xlnet", "xlnet_uni"]) func aRotationGivesTheProductWithTheSinusoid(name: String) throws {
        let recording = try Self.recording(name)
        #expect(recording.shape.headDimension == 40 && recording.shape.rotaryDimensions == 32)
        #expect(recording.traits(0).scoreScale == 1 / Float(8).squareRoot())
        for (layer, head) in [(0, 0), (1, 3), (2, 1)] {
            let published = try Head(name, layer: layer, head: head)
            let states = Self.states(recording, layer: layer)
            for query in stride(from: 0, to: recording.tokens, by: 5) {
                let end = recording.isCausal ? query + 1 : recording.tokens
                let scores = (0..<end).map { published.score(states[query], states[$0], distance: query - $0) }
                let highest = scores.max() ?? 0
                let logSumExp = highest + log(scores.reduce(0) { $0 + exp($1 - highest) })
                let found = try #require(recording.measure(\.logSumExp, layer: layer, head: head, query: query))
                #expect(abs(Double(found) - logSumExp) <= 2e-5 * max(1, abs(logSumExp)), "\(layer).\(head): \(query)")
                let q = try #require(recording.query(layer: layer, head: head, token: query))
                for key in 0..<end {
                    let k = try #require(recording.key(layer: layer, keyValueHead: head, token: key))
                    #expect(k[..<16].allSatisfy { $0 == 0 } && k[16..<32].allSatisfy { $0 == 1 })
                    // Turned by the difference of both places.
                    var sum = zip(q.suffix(8), k.suffix(8)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                    for (i, (sine, cosine)) in zip(q.prefix(16), q.dropFirst(16).prefix(16)).enumerated() {
                        let angle = Double(query - key) * pow(10_000, -Double(i) / 16)
                        sum += Double(sine) * sin(angle) + Double(cosine) * cos(angle)
                    }
                    #expect(abs(sum / Double(8).squareRoot() - scores[key]) <= 1e-5 * max(1, abs(scores[key])))
                }
            }
        }
    }

    /// The method of that name is the same formula without the matrix, which is in the queries already.
    @Test(arguments: ["xlnet", "xlnet_uni"]) func transformerXLsPositionsChangeNothing(name: String) throws {
        let plain = try Self.recording(name)
        let same = try Self.recording(name, ["transformer-xl-relative"])
        let states = zip(plain.chunks.flatMap(\.lastHidden), same.chunks.flatMap(\.lastHidden))
        #expect(plain.chunks.flatMap(\.lastHidden).count == 18 * 32)
        #expect(states.allSatisfy { abs($0 - $1) <= 1e-4 })
        let other = try Self.recording(name, ["pi:factor=4"])
        #expect(
            zip(plain.chunks.flatMap(\.lastHidden), other.chunks.flatMap(\.lastHidden)).contains { abs($0 - $1) > 0.01 }
        )
    }

    @Test func oneSegmentIsAsGoodAsAnother() throws {
        let ids = try GoldenFixture("xlnet").ids()
        let plain = try Self.recording("xlnet")
        let typed = try Self.recording(
            "xlnet", inputs: ModelInputs(ids: ids, types: Array(repeating: 1, count: ids.count)))
        #expect(plain.chunks.flatMap(\.lastHidden) == typed.chunks.flatMap(\.lastHidden))
    }

    /// Padding reads the text and itself, and nothing reads padding.
    @Test func paddingReadsItself() throws {
        let present = (0..<18).map { $0 < 15 }
        let setup = try Self.recording(
            "xlnet", inputs: ModelInputs(ids: try GoldenFixture("xlnet").ids(), present: present)
        ).setup
        #expect(setup.visibleKeys(query: 3, windows: []).ranges == [0..<15])
        #expect(setup.visibleKeys(query: 15, windows: []).ranges == [0..<16])
        #expect(setup.visibleKeys(query: 17, windows: []).ranges == [0..<15, 17..<18])
        #expect(setup.seesItself(17) && !setup.seesItself(3))
    }

    private static func outline(_ changes: [String: JSONValue]) throws -> ModelOutline {
        let root = try JSONDocument(contentsOf: Fixture.path("hf/xlnet/config.json")).root
        let members =
            (root.members ?? []).filter { changes[$0.key] == nil } + changes.map { .init(key: $0.key, value: $0.value) }
        return try ModelOutline(Configuration(file: "config.json", root: .object(members)), path: "", name: "")
    }

    @Test func aClampIsTransformerXLs() throws {
        #expect(try Self.outline([:]).position is RoPE)
        #expect(try Self.outline(["clamp_len": 0]).position is RoPE)
        #expect(try Self.outline(["clamp_len": .null]).position is RoPE)
        #expect(
            try Self.outline(["clamp_len": 7]).position as? TransformerXLRelative == TransformerXLRelative(clamp: 7))
        #expect(try Self.outline(["attn_type": "uni"]).traits.kinds == [.decoder])
        #expect(try Self.outline([:]).traits.kinds == [.encoder])
        let traits = try Self.outline([:]).traits
        #expect(
            traits.isRotary && traits.scheme == .relativeSinusoids && traits.limit == nil && traits.notes.count == 2)
    }

    @Test(arguments: [
        ("bi_data", JSONValue.bool(true)), ("attn_type", "both"), ("d_head", 7), ("d_model", 30), ("n_head", 32),
        ("clamp_len", 0.5), ("clamp_len", 1e18), ("ff_activation", "quick_gelu"), ("model_type", "transfo-xl"),
    ])
    func whatIsNotReadIsRefusedByName(key: String, value: JSONValue) {
        // 32 heads of one dimension are shared evenly; d_head is what does not fit then.
        let named = key == "n_head" ? "d_head" : key
        #expect { try Self.outline([key: value]) } throws: { error in
            if case .configuration(_, named, _) = error as? ModelError { true } else { false }
        }
    }

    @Test func sameLengthIsRefusedWhereItIsRead() throws {
        #expect(throws: Never.self) { try Self.outline(["same_length": true]) }
        #expect(throws: ModelError.self) { try Self.outline(["same_length": true, "attn_type": "uni"]) }
    }

    /// Every number that a recording keeps of a token is counted: of published sizes too, whose heads are long.
    @Test func whatARecordingTakesIsCounted() throws {
        let published: [String: JSONValue] = [
            "d_model": 1024, "n_head": 16, "d_head": 64, "n_layer": 24, "d_inner": 4096, "vocab_size": 32_000,
        ]
        for (outline, numbers) in [(try Self.outline([:]), 3 * 4 * 40), (try Self.outline(published), 24 * 16 * 1088)] {
            let size = RecordingSize(
                model: outline.traits, scenario: Scenario(position: outline.position), tokens: 512)
            let least = Double(3 * 4 * numbers)
            #expect(size.bytesPerToken >= least && size.bytesPerToken <= 4 * least)
        }
    }
}
