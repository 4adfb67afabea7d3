import RopewalkLens
import RopewalkModels
import TestSupport
import Testing

/// The attention of small models of every family and kind that the reference implementation computed in float64.
struct GoldenAttentionTests {
    static func recordings(_ fixture: GoldenFixture, model: Model) throws -> Recordings {
        let inputs = ModelInputs(
            ids: try fixture.ids(),
            decoderIDs: fixture.has("decoder_input_ids") ? try fixture.ids("decoder_input_ids") : nil,
            present: fixture.has("attention_mask") ? try fixture.integers("attention_mask").map { $0 == 1 } : nil,
            types: fixture.has("token_type_ids") ? try fixture.ids("token_type_ids") : nil,
            globals: fixture.has("global_attention_mask")
                ? try fixture.integers("global_attention_mask").enumerated().filter { $0.element == 1 }.map(\.offset)
                : nil)
        return try Recorder(model: model, threads: 2).record(inputs)
    }

    /// What the reference calls the weights of a kind.
    static func tensor(_ kind: AttentionKind, _ recordings: Recordings, layer: Int) -> String {
        let name = recordings.main?.attentionsName ?? "attentions"
        return recordings.kinds.count > 1 ? "\(kind.rawValue)_attentions.\(layer)" : "\(name).\(layer)"
    }

    @Test(arguments: GoldenFixture.all) func rowsAndMapAgree(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let recordings = try Self.recordings(fixture, model: model)
        var checked: Set<String> = []
        for kind in recordings.kinds {
            let recording = try #require(recordings[kind])
            let lens = Lens(recording: recording, threads: 2)
            for layer in 0..<recording.shape.layers where recording.hasAttention(layer: layer) {
                let tensor = Self.tensor(kind, recordings, layer: layer)
                let (rows, map) = try Self.weights(lens, layer: layer)
                let errors = [try fixture.error(rows, in: tensor), try fixture.error(map, in: tensor)]
                #expect(errors.allSatisfy { $0 <= 1 }, "\(tensor): row and map are off by \(errors) of the tolerance")
                checked.insert(tensor)
            }
        }
        let required = Set(fixture.required.filter { $0.contains("attentions") })
        #expect(checked.isSuperset(of: required))
        #expect(checked.isEmpty == !model.traits.hasAttention)
    }

    /// All weights of a layer, [head, query, key], as rows and as cells of the map have them; the future is 0.
    private static func weights(_ lens: Lens, layer: Int) throws -> (rows: [Float], map: [Float]) {
        let recording = lens.recording
        let (queries, keys) = (recording.ids.count, recording.keyIDs.count)
        var rows: [Float] = []
        var cells: [Float] = []
        for head in 0..<recording.shape.heads {
            let map = lens.map(MapRequest(layer: layer, head: head, cell: 1, rows: queries, columns: keys))
            for query in 0..<queries {
                let row = try #require(lens.row(layer: layer, head: head, query: query))
                let end = recording.isCausal ? query + 1 : keys
                #expect(row.weights.count == end)
                rows += row.weights + Array(repeating: 0, count: keys - end)
                let found = (0..<keys).map { map[query, $0] }
                #expect(found[end...].allSatisfy { $0.isNaN })
                cells += found[..<end] + Array(repeating: 0, count: keys - end)
            }
        }
        return (rows, cells)
    }
}
