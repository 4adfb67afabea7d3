import Foundation
import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// Rotary positions as configurations spell them.
struct RopeConfigurationTests {
    static func rope(_ json: String, layerType: String? = nil) throws -> RopeConfiguration {
        let isNeoX = json.contains("rotary_")
        let document = try JSONDocument(Data(json.utf8), source: "config.json")
        return try RopeConfiguration(
            Configuration(file: "config.json", root: document.root), layerType: layerType,
            longropeNames: ["su", "yarn-of-phi"], thetaKey: isNeoX ? "rotary_emb_base" : "rope_theta",
            shareKey: json.contains("rotary_pct") ? "rotary_pct" : "partial_rotary_factor")
    }

    struct Spelling: CustomTestStringConvertible {
        let type: String
        let values: String
        let method: any PositionMethod
        var testDescription: String { "\(type) \(values)" }
    }

    /// 0.1 · ln(factor) + 1.
    static func temperature(_ factor: Double, _ weight: Double = 1) -> Double { 0.1 * weight * log(factor) + 1 }

    static let spellings = [
        Spelling(type: "default", values: "", method: RoPE()),
        Spelling(type: "linear", values: "\"factor\": 2.5", method: PositionInterpolation(factor: 2.5)),
        Spelling(type: "dynamic", values: "\"factor\": 4", method: DynamicNTK(factor: 4)),
        Spelling(
            type: "yarn", values: "\"factor\": 4, \"original_max_position_embeddings\": 1024",
            method: YaRN(factor: 4, attentionFactor: temperature(4), original: 1024)),
        Spelling(
            type: "yarn", values: "\"factor\": 4.0",
            method: YaRN(factor: 4, attentionFactor: temperature(4), original: 4096)),
        Spelling(
            type: "yarn",
            values: """
                "factor": 8, "beta_fast": 24, "beta_slow": 2, "truncate": false, "mscale": 1.2, "mscale_all_dim": 0.7,
                "original_max_position_embeddings": 512
                """,
            method: YaRN(
                factor: 8, betaFast: 24, betaSlow: 2, attentionFactor: temperature(8, 1.2) / temperature(8, 0.7),
                original: 512, truncate: false)),
        Spelling(
            type: "yarn", values: "\"factor\": 4, \"attention_factor\": 1.3, \"mscale\": 2, \"mscale_all_dim\": 1",
            method: YaRN(factor: 4, attentionFactor: 1.3, original: 4096)),
        Spelling(
            type: "longrope",
            values: """
                "short_factor": [1, 1.5], "long_factor": [2, 3.5], "original_max_position_embeddings": 1024
                """,
            method: LongRoPE(
                factor: 4, original: 1024, attentionFactor: (1 + log(4) / log(1024)).squareRoot(), short: [1, 1.5],
                long: [2, 3.5])),
        Spelling(
            type: "su",
            values: """
                "factor": 8, "short_factor": [1, 1], "long_factor": [2, 3], "original_max_position_embeddings": 1024
                """,
            method: LongRoPE(
                factor: 8, original: 1024, attentionFactor: (1 + log(8) / log(1024)).squareRoot(), short: [1, 1],
                long: [2, 3])),
        Spelling(
            type: "longrope", values: "\"attention_factor\": 1.25, \"short_factor\": [1], \"long_factor\": [2]",
            method: LongRoPE(factor: 1, original: 4096, attentionFactor: 1.25, short: [1], long: [2])),
        Spelling(
            type: "llama3",
            values: """
                "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 512
                """,
            method: Llama3Scaling(factor: 8, low: 1, high: 4, original: 512)),
    ]

    @Test(arguments: spellings) func everySpellingMeansTheSame(spelling: Spelling) throws {
        let values = spelling.values.isEmpty ? "" : ", " + spelling.values
        let texts = [
            "\"rope_parameters\": {\"rope_theta\": 5000, \"rope_type\": \"\(spelling.type)\"\(values)}",
            "\"rope_theta\": 5000.0, \"rope_scaling\": {\"rope_type\": \"\(spelling.type)\"\(values)}",
            "\"rope_theta\": 5000, \"rope_scaling\": {\"type\": \"\(spelling.type)\"\(values)}",
        ]
        for text in texts {
            let rope = try Self.rope("{\"max_position_embeddings\": 4096, \(text)}")
            #expect(rope.base == 5000 && rope.partialFactor == nil)
            #expect(rope.position.spec == spelling.method.spec, "\(text)")
        }
    }

    @Test func whatIsNotSaidHasTheUsualValue() throws {
        for text in ["{}", "{\"rope_scaling\": null}", "{\"rope_parameters\": {}}", "{\"rope_parameters\": null}"] {
            let rope = try Self.rope(text)
            #expect(rope.base == 10_000 && rope.original == nil && rope.partialFactor == nil)
            #expect(rope.position.spec == RoPE().spec)
        }
        #expect(try Self.rope("{\"rotary_emb_base\": 300, \"rotary_pct\": 0.25}").base == 300)
        #expect(try Self.rope("{\"rotary_emb_base\": 300, \"rotary_pct\": 0.25}").partialFactor == 0.25)
        #expect(try Self.rope("{\"partial_rotary_factor\": 0.5}").partialFactor == 0.5)
        #expect(try Self.rope("{\"rope_parameters\": {\"partial_rotary_factor\": 0.75}}").partialFactor == 0.75)
    }

    /// As in the reference: a null factor stands for the quotient of the windows, a beta of 0 for the usual one.
    @Test func yarnMayLeaveNumbersOpen() throws {
        let rope = try Self.rope(
            """
            {"max_position_embeddings": 4096, "rope_scaling": {"type": "yarn", "factor": null, "beta_fast": 0,
            "beta_slow": null, "original_max_position_embeddings": 1024}}
            """)
        #expect(rope.position.spec == YaRN(factor: 4, attentionFactor: Self.temperature(4), original: 1024).spec)
        let shrunk = "{\"max_position_embeddings\": 64, \"rope_scaling\": {\"type\": \"yarn\", \"factor\": null"
        #expect(Self.problem(shrunk + ", \"original_max_position_embeddings\": 128}}") == "rope_scaling.factor")
    }

    @Test func ofTwoObjectsTheOlderOneCounts() throws {
        let text = """
            {"max_position_embeddings": 64, "rope_parameters": {"rope_type": "default", "rope_theta": 300},
            "rope_scaling": {"type": "linear", "factor": 2}}
            """
        let configuration = Configuration(
            file: "config.json", root: try JSONDocument(Data(text.utf8), source: "config.json").root)
        let rope = try RopeConfiguration(configuration)
        #expect(rope.base == 10_000 && rope.position.spec == PositionInterpolation(factor: 2).spec)
        #expect(configuration.log.remarks == ["rope_parameters and rope_scaling are both there: rope_scaling is taken"])
    }

    @Test func theOuterWindowWins() throws {
        let rope = try Self.rope(
            """
            {"original_max_position_embeddings": 256, "max_position_embeddings": 4096,
            "rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 1024}}
            """)
        #expect(rope.original == 256)
        #expect(rope.position.spec == YaRN(factor: 4, attentionFactor: Self.temperature(4), original: 256).spec)
    }

    @Test func layersMayHaveSettingsOfTheirOwn() throws {
        let text = """
            {"rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8, "rope_theta": 1000},
            "sliding_attention": {"rope_theta": 100}}}
            """
        let full = try Self.rope(text, layerType: "full_attention")
        #expect(full.base == 1000 && full.position.spec == PositionInterpolation(factor: 8).spec)
        let sliding = try Self.rope(text, layerType: "sliding_attention")
        #expect(sliding.base == 100 && sliding.position.spec == RoPE().spec)
    }

    @Test(arguments: [
        ("\"rope_type\": \"linear\"", "factor"), ("\"rope_type\": \"linear\", \"factor\": \"2\"", "factor"),
        ("\"rope_type\": \"linear\", \"factor\": 0.5", "factor"),
        ("\"rope_type\": \"dynamic\", \"factor\": 1e9", "factor"), ("\"rope_type\": \"yarn\"", "factor"),
        ("\"rope_type\": \"yarn\", \"factor\": 4, \"beta_fast\": -1", "beta_fast"),
        ("\"rope_type\": \"yarn\", \"factor\": 4, \"beta_slow\": \"1\"", "beta_slow"),
        ("\"rope_type\": \"yarn\", \"factor\": 4, \"attention_factor\": -1", "attention_factor"),
        ("\"rope_type\": \"yarn\", \"factor\": 4, \"mscale\": -1", "mscale"),
        ("\"rope_type\": \"yarn\", \"factor\": 4, \"mscale_all_dim\": []", "mscale_all_dim"),
        ("\"rope_type\": \"longrope\"", "short_factor"),
        ("\"rope_type\": \"longrope\", \"short_factor\": [1, 0]", "short_factor"),
        ("\"rope_type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [\"2\"]", "long_factor"),
        ("\"rope_type\": \"llama3\", \"factor\": 8", "low_freq_factor"),
        ("\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1", "high_freq_factor"),
        ("\"rope_type\": \"spiral\"", "rope_type"), ("\"rope_type\": 3", "rope_type"), ("\"type\": {}", "type"),
        ("\"rope_theta\": 1", "rope_theta"), ("\"rope_theta\": \"a\"", "rope_theta"),
        ("\"partial_rotary_factor\": 1.5", "partial_rotary_factor"),
        ("\"original_max_position_embeddings\": 0", "original_max_position_embeddings"),
        ("\"original_max_position_embeddings\": 1e300", "original_max_position_embeddings"),
    ])
    func badValuesNameTheirKey(values: String, key: String) {
        for object in ["rope_parameters", "rope_scaling"] {
            #expect(Self.problem("{\"\(object)\": {\(values)}}") == "\(object).\(key)", "\(values)")
        }
    }

    @Test(arguments: [
        ("\"rope_parameters\": 3", "rope_parameters"), ("\"rope_scaling\": []", "rope_scaling"),
        ("\"rope_theta\": 0", "rope_theta"), ("\"rotary_emb_base\": -3", "rotary_emb_base"),
        ("\"rotary_pct\": 2", "rotary_pct"), ("\"partial_rotary_factor\": \"all\"", "partial_rotary_factor"),
        ("\"max_position_embeddings\": -1", "max_position_embeddings"),
        ("\"original_max_position_embeddings\": 2.5", "original_max_position_embeddings"),
    ])
    func badOuterValuesToo(text: String, key: String) { #expect(Self.problem("{\(text)}") == key) }

    static func problem(_ json: String) -> String {
        do {
            _ = try rope(json).settings(headDimension: 4)
            return "none"
        } catch ModelError.configuration(_, let key, _) {
            return key
        } catch {
            return "\(error)"
        }
    }

    @Test func settingsMustFitTheHead() throws {
        let lists = "\"rope_type\": \"longrope\", \"short_factor\": [1, 1], \"long_factor\": [2, 2]"
        let rope = try Self.rope("{\"rope_parameters\": {\(lists)}}")
        #expect(try rope.settings(headDimension: 4).dimensions == 4)
        #expect(throws: ModelError.self) { try rope.settings(headDimension: 6) }
        let partial = try Self.rope("{\"partial_rotary_factor\": 0.5}")
        #expect(try partial.settings(headDimension: 8, partial: 1).dimensions == 4)
        #expect(try partial.settings(headDimension: 8).dimensions == 8)
        #expect(throws: ModelError.self) { try partial.settings(headDimension: 10, partial: 1) }
    }

    /// The frequencies that the reference implementation ended up with on the fixture's text.
    @Test(arguments: GoldenFixture.decoders) func frequenciesAreThoseOfTheReference(name: String) throws {
        let fixture = try GoldenFixture(name)
        let outline = try ModelOutline(contentsOf: fixture.folder)
        let tokens = try fixture.ids().count
        let names = ["", "full_attention_", "sliding_attention_"].filter { fixture.has("rope.\($0)inv_freq") }
        #expect(names.count == outline.traits.ropes.count || names.isEmpty)
        for (rope, name) in names.enumerated() {
            let turning = outline.traits.encoding(Scenario(position: outline.position), rope: rope, tokens: tokens)
                .pieces[0].queries
            let expected = try fixture.floats("rope.\(name)inv_freq")
            #expect(turning.inverseFrequencies.count == expected.count)
            for (found, expected) in zip(turning.inverseFrequencies, expected) {
                // The reference has float32, in which it also takes powers and logarithms.
                #expect(abs(found - Double(expected)) <= 1e-6 * Double(expected), "\(name)")
            }
            let factor = Double(try fixture.floats("rope.\(name)attention_scaling")[0])
            #expect(abs(turning.factor - factor) <= 1e-6 * factor)
        }
    }

    /// Llama 4's two ends are one: what turns less than once in the first window is slowed, all else is kept.
    @Test func theEndsOfLlama3MayMeet() throws {
        let position = Llama3Scaling(factor: 16, low: 1, high: 1, original: 8192)
        #expect(position.contradiction == nil)
        let context = RotaryContext(dimensions: 128, base: 500_000, trainedWindow: 8192, tokens: 1)
        let plain = RoPE().rotation(in: context).inverseFrequencies
        let scaled = position.rotation(in: context).inverseFrequencies
        for (before, after) in zip(plain, scaled) {
            #expect(after == (8192 * before / (2 * .pi) < 1 ? before / 16 : before))
        }
        #expect(scaled.first == plain.first && scaled.last != plain.last)
    }
}
