import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

@Suite struct ModelInfoTests {
    /// What a configuration asks for is what its checkpoint has, no more and no less: without any one of its tensors a
    /// model does not load.
    @Test(arguments: GoldenModelTests.names) func everyTensorIsAskedFor(name: String) throws {
        let folder = Fixture.path("hf/\(name)")
        #expect(throws: Never.self) { try Model(contentsOf: folder, needsTokenizer: false) }
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("hf/\(name)"), to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        let checkpoint = try CheckpointFiles(folder: folder)
        for file in checkpoint.files where checkpoint.files.count == 1 {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
            let target = copy.appendingPathComponent(URL(fileURLWithPath: file.path).lastPathComponent)
            for tensor in checkpoint.tensorNames where !Self.isSpare(tensor, of: name) {
                let range = try #require(bytes.range(of: Data("\"\(tensor)\"".utf8)))
                var changed = bytes
                changed.replaceSubrange(range, with: Data("\"\(tensor.dropLast())~\"".utf8))
                try changed.write(to: target)
                #expect(throws: ModelError.self, "\(tensor)") {
                    try Model(contentsOf: copy.path, needsTokenizer: false)
                }
            }
        }
    }

    /// Tensors that files have and that nothing here reads, or that may be left out.
    static func isSpare(_ tensor: String, of name: String) -> Bool {
        switch tensor {
        // Without its first tensor there is no head, as in files of the bare encoder.
        case "final_logits_bias", "cls.predictions.transform.dense.weight", "lm_head.dense.weight", "head.dense.weight",
            "generator_predictions.dense.weight", "vocab_transform.weight":
            true
        // Without matrix of its own the output is the embedding's.
        case "lm_head.weight": name == "t5_v11"
        // Reformer's bias is never added, and without a matrix there is no head.
        case "lm_head.bias", "lm_head.decoder.weight": name.hasPrefix("reformer")
        // XLNet's query stream is not run, and segments are not told apart; without a bias there is no head.
        case "transformer.mask_emb", "lm_loss.bias": true
        // Sinusoids can be computed.
        case "model.encoder.embed_positions.weight", "model.decoder.embed_positions.weight": name == "pegasus"
        default:
            tensor.contains("pooler.") || tensor.hasSuffix("rel_attn.r_s_bias")
                || tensor.hasSuffix("rel_attn.seg_embed")
        }
    }

    @Test(arguments: GoldenModelTests.names) func whatRunsIsSaid(name: String) throws {
        let folder = Fixture.path("hf/\(name)")
        let info = try ModelInfo(contentsOf: folder)
        let outline = try ModelOutline(contentsOf: folder)
        #expect(info.runs && info.family == outline.family)
        #expect(info.missing.count == 1 && info.missing.allSatisfy { $0.contains("tokenizer.json") })
        #expect(info.sizes?.layers == outline.shape.layers)
        #expect(info.sizes?.heads == (outline.traits.hasAttention ? outline.shape.heads : nil))
        #expect(info.parameters == (try Model(contentsOf: folder, needsTokenizer: false)).parameters)
    }

    @Test func kindsPositionsAndExpertsAreNamed() throws {
        func info(_ name: String) throws -> ModelInfo { try ModelInfo(contentsOf: Fixture.path("hf/\(name)")) }
        let t5 = try info("t5")
        #expect(t5.kinds == ["decoder", "encoder", "cross"] && t5.rope == nil && t5.experts == nil)
        #expect(t5.positions == ModelInfo.Positions(scheme: "relative position buckets", limit: nil))
        let bert = try info("bert")
        #expect(bert.kinds == ["encoder"])
        #expect(bert.positions == ModelInfo.Positions(scheme: "learned positions", limit: 40))
        let mixtral = try info("mixtral")
        #expect(mixtral.experts == ExpertCounts(count: 4, chosen: 2))
        #expect(mixtral.positions?.scheme == "rotary positions" && mixtral.rope != nil)
    }
}
