import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// What families say of their keys, held to the configuration classes of transformers, and what is said of the others.
struct ConfigurationKeysTests {
    static let families = Families.types

    private static func classes() throws -> JSONValue {
        try JSONDocument(contentsOf: Fixture.path("tables/defaults.json")).root
    }

    @Test(arguments: families) func defaultsAreThoseOfTheReference(family: String) throws {
        let table = try #require(try Self.classes()[family], "defaults.py does not know the family")
        for (key, value) in Families.keys(family).defaults {
            let found = try #require(table[key], "\(key) is no key of the class")
            #expect(Self.agree(value, found), "\(key)")
        }
    }

    /// Equal; of objects, that what ours has is in the other.
    private static func agree(_ value: JSONValue, _ found: JSONValue) -> Bool {
        guard let members = value.members else {
            return value.number == found.number && (value.number != nil || value == found)
        }
        return members.allSatisfy { member in found[member.key].map { agree(member.value, $0) } ?? false }
    }

    @Test(arguments: families) func everyKeyOfTheClassIsKnown(family: String) throws {
        let keys = Families.keys(family)
        let names = try #require(try Self.classes()[family]?.members).map(\.key)
        let unknown = names.filter {
            keys.defaults[$0] == nil && keys.neutral[$0] == nil && !keys.ignores($0)
                && !["rope_parameters", "rope_theta"].contains($0)
        }
        #expect(unknown == [])
    }

    /// A copy of a small model with other keys, and its weights.
    static func model(adding text: String) throws -> Model {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("hf/llama_default"), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("config.json")
        let old = try String(contentsOf: path, encoding: .utf8)
        try Data(("{" + text + "," + old.dropFirst()).utf8).write(to: path)
        return try Model(contentsOf: folder.path, needsTokenizer: false)
    }

    @Test func whatNothingAsksForIsSaid() throws {
        let plain = try Self.model(adding: "\"x\": null, \"y\": [], \"attention_dropout\": 0.5")
        #expect(plain.unread.isEmpty && plain.unread.line == nil)
        let model = try Self.model(adding: "\"logit_scale\": 0.5, \"x\": NaN, \"limit\": [0, Infinity]")
        #expect(model.unread.keys == ["logit_scale = 0.5", "x = nan", "limit = [0, inf]"])
        #expect(model.unread.line == "not read: logit_scale = 0.5, x = nan, limit = [0, inf]")
        let tied = try Self.model(adding: "\"num_hidden_layers\": 1")
        #expect(tied.unread.tensors.isEmpty, "of two members of one name the last one counts")
    }

    /// What transformers itself writes has nothing that it would be worth to speak of.
    @Test(arguments: GoldenFixture.all) func publishedConfigurationsAreReadWhole(name: String) throws {
        let outline = try ModelOutline(contentsOf: Fixture.path("hf/\(name)"))
        // Of models of text and images the text part is read.
        let expected = name == "gemma3_multimodal" ? ["mm_tokens_per_image = 256", "vision_config = {model_type}"] : []
        #expect(outline.unread.keys == expected)
    }

    @Test func keysOfTheTextPartAreSaidWithTheirPlace() throws {
        func unread(_ text: String) throws -> [String] {
            let whole = try JSONDocument(contentsOf: Fixture.path("hf/gemma3_multimodal/config.json")).root
            let part = try JSONDocument(Data(text.utf8), source: "keys").root.members ?? []
            let members = (whole.members ?? []).filter { $0.key == "model_type" || $0.key == "text_config" }.map {
                $0.key == "text_config" ? .init(key: $0.key, value: .object(part + ($0.value.members ?? []))) : $0
            }
            let configuration = Configuration(file: "config.json", root: .object(members))
            return try ModelOutline(configuration, path: "", name: "").unread.keys
        }
        #expect(try unread("{}") == [])
        #expect(
            try unread(
                #"{"logit_scale": 2, "x": {"y": 1}, "hidden_dropout": 1, "rope_scaling": {"rope_type": "linear", "factor": 4, "z": 1}}"#
            )
                == ["text_config.logit_scale = 2", "text_config.x = {y}", "text_config.rope_scaling.z = 1"])
    }

    @Test func tensorsThatNothingUsesAreSaid() {
        var parts = UnreadParts()
        parts.tensors = (0..<6).map { "t\($0)" }
        #expect(parts.line == "tensors that nothing uses: t0, t1, t2, t3 and 2 more")
        #expect(UnreadParts.isBuffer("model.layers.0.self_attn.rotary_emb.inv_freq"))
        #expect(UnreadParts.isBuffer("h.0.attn.bias") && !UnreadParts.isBuffer("h.0.attn.c_attn.bias"))
    }

    @Test(arguments: [
        ("\"quantization_config\": {\"quant_method\": \"hqq\", \"bits\": 4}", "quantization_config"),
        ("\"pruned_heads\": {\"1\": [0]}", "pruned_heads"),
    ])
    func whatChangesTheResultIsRefused(text: String, key: String) {
        #expect { try Self.model(adding: text) } throws: { error in
            if case .configuration(_, let found, _) = error as? ModelError { found == key } else { false }
        }
    }

    @Test func aDecoderMayReadBothSides() throws {
        let model = try Self.model(adding: "\"is_causal\": false")
        #expect(model.kinds == [.encoder] && model.traits.isRotary)
        let recording = try #require(try Recorder(model: model, threads: 1).record(ModelInputs(ids: [1, 2, 3])).main)
        #expect(!recording.negativeLogLikelihood.contains { !$0.isNaN })
    }
}
