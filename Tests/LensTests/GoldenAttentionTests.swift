import Formats
import Lens
import Models
import TestSupport
import Testing

/// The attention of small Llamas that the reference implementation computed in float64.
struct GoldenAttentionTests {
    @Test(arguments: [
        "llama_default", "llama_tied", "llama_mqa", "llama_mha_wide", "llama_bias", "llama_f16", "llama_bf16",
        "llama_sharded", "llama_bf16_sharded",
    ])
    func rowsAndMapAgree(name: String) throws {
        let folder = Fixture.path("hf/\(name)")
        let manifest = try JSONDocument(contentsOf: folder + "/manifest.json").root
        let entry = try #require(manifest["tolerances"]?["f32"]?["attentions"])
        let absolute = Float(try #require(entry["atol"]?.number))
        let relative = Float(try #require(entry["rtol"]?.number))
        let file = try SafetensorsFile(contentsOf: folder + "/expected.safetensors")
        let ids = try file.withBytes(of: "input_ids") { bytes in
            stride(from: 0, to: bytes.count, by: 8).map {
                Int32(bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
            }
        }
        let model = try Sample.model(name)
        let lens = Lens(recording: try Recorder(model: model, threads: 2).record(ids), threads: 2)
        let n = ids.count
        for layer in 0..<model.shape.layers {
            let expected = try file.withBytes(of: "attentions.\(layer)") { Array($0.bindMemory(to: Float.self)) }
            #expect(expected.count == model.shape.heads * n * n)
            for head in 0..<model.shape.heads {
                let map = lens.map(MapRequest(layer: layer, head: head, cell: 1, rows: n, columns: n))
                for query in 0..<n {
                    let row = try #require(lens.row(layer: layer, head: head, query: query))
                    for key in 0..<n {
                        let value = expected[(head * n + query) * n + key]
                        let tolerance = absolute + relative * abs(value)
                        let weight = key <= query ? row.weights[key] : 0
                        #expect(agree(weight, value, tolerance), "row \(layer).\(head) \(query), \(key)")
                        #expect(
                            key <= query ? agree(map[query, key], value, tolerance) : map[query, key].isNaN,
                            "map \(layer).\(head) \(query), \(key)")
                    }
                }
            }
        }
    }
}
