import Foundation
import RopewalkFormats
import RopewalkModels
import TestSupport
import Testing

/// Models from GGUF files alone against a reference that ran the widened weights in float64.
struct GGUFModelTests {
    @Test(arguments: ["small_llama3rope_Q8_0", "small_bpe_Q8_0", "small_Q4_0", "wide_mixed_K"])
    func tokensAndLogitsAgree(name: String) throws {
        let folder = Fixture.path("gguf/\(name)")
        let manifest = try JSONDocument(contentsOf: folder + "/manifest.json").root
        let expected = try SafetensorsFile(contentsOf: folder + "/expected.safetensors")
        let model = try Model(contentsOf: folder + "/model.gguf")
        let ids = try #require(expected.integers(of: "input_ids"))
        if let text = manifest["text"]?.string {
            let found = try #require(model.tokenizer).encode(text, addSpecialTokens: true).ids
            #expect(found.map(Int.init) == ids)
        }
        let recording = try Recorder(model: model, threads: 2).record(ids.map { Int32($0) })
        let logits = ids.indices.flatMap { model.logits(after: $0, in: recording) ?? [] }
        // What the manifest states: 16 times the error of float32 in the reference implementation.
        let tolerance = try #require(manifest["tolerances"]?["f32"]?["logits"])
        let absolute = try #require(tolerance["atol"]?.number)
        let relative = try #require(tolerance["rtol"]?.number)
        let reference = try expected.withBytes(of: "logits") { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        #expect(logits.count == reference.count)
        let worst = zip(logits, reference).map { abs(Double($0) - Double($1)) - relative * abs(Double($1)) }.max()
        #expect(try #require(worst) <= absolute)
    }
}
