import Foundation
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// Reference outputs of small models of every family. Their attention is checked where rows of it are made, in the
/// tests of the lens.
struct GoldenModelTests {
    static let names = GoldenFixture.all

    static func inputs(_ fixture: GoldenFixture) throws -> ModelInputs {
        ModelInputs(
            ids: try fixture.ids(),
            decoderIDs: fixture.has("decoder_input_ids") ? try fixture.ids("decoder_input_ids") : nil,
            present: fixture.has("attention_mask") ? try fixture.integers("attention_mask").map { $0 == 1 } : nil,
            types: fixture.has("token_type_ids") ? try fixture.ids("token_type_ids") : nil,
            globals: fixture.has("global_attention_mask")
                ? try fixture.integers("global_attention_mask").enumerated().filter { $0.element == 1 }.map(\.offset)
                : nil)
    }

    @Test(arguments: names) func outputsAgree(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let recordings = try Recorder(model: model, threads: 2, keepsStates: true).record(try Self.inputs(fixture))
        var checked = 0
        for tensor in fixture.required where !tensor.contains("attentions") && !tensor.hasPrefix("greedy") {
            let parts = tensor.split(separator: ".")
            let index = parts.count > 1 ? try #require(Int(parts[1])) : 0
            if parts[0].hasSuffix("router_experts") {
                let recording = Self.recording(String(parts[0]), recordings).recording
                let experts = recording?.chunks.flatMap { $0.layers[index].router?.experts ?? [] }
                #expect(experts?.map { Int($0) } == (try fixture.integers(tensor)), "\(tensor)")
            } else {
                let found = try #require(Self.tensor(String(parts[0]), index, recordings, model), "\(tensor)")
                let error = try fixture.error(found, in: tensor)
                #expect(error <= 1, "\(tensor): the error is \(error) of the tolerance")
            }
            checked += 1
        }
        // The states of Gemma 3n in the reference are those of all its streams.
        #expect(checked >= (name == "gemma3n" ? 1 : 4))
    }

    /// The recording that a name of the reference speaks of, and the name without saying so.
    static func recording(_ name: String, _ recordings: Recordings) -> (bare: String, recording: Recording?) {
        let kind: AttentionKind? = name.hasPrefix("encoder_") ? .encoder : name.hasPrefix("decoder_") ? .decoder : nil
        guard let kind else { return (name, recordings.main) }
        return (String(name.dropFirst(kind.rawValue.count + 1)), recordings[kind])
    }

    /// What a run has for a name of the reference; nil for unknown names.
    static func tensor(_ name: String, _ index: Int, _ recordings: Recordings, _ model: Model) -> [Float]? {
        let (bare, recording) = Self.recording(name, recordings)
        guard let recording else { return nil }
        switch bare {
        case "logits": return recording.ids.indices.flatMap { model.logits(after: $0, in: recording) ?? [] }
        case "hidden_states" where index < recording.shape.layers:
            return recording.chunks.flatMap { $0.layers[index].input ?? [] }
        case "hidden_states", "last_hidden_state": return recording.chunks.flatMap(\.lastHidden)
        case "last_block_output": return recording.chunks.flatMap { $0.lastBlockOutput ?? [] }
        case "router_logits": return recording.chunks.flatMap { $0.layers[index].router?.logits ?? [] }
        case "router_weights": return recording.chunks.flatMap { $0.layers[index].router?.weights ?? [] }
        case "pooler_output":
            guard let pooler = model.architecture.pooler, let first = recording.lastHidden(of: 0) else { return nil }
            let (input, output) = (Matrix(rows: 1, columns: first.count), Matrix(rows: 1, columns: pooler.outputs))
            input.setRow(0, to: first)
            pooler.apply(to: input, rows: 1, output: output, workers: Workers(count: 1))
            return output.copy(rows: 0..<1).map { tanh($0) }
        default: return nil
        }
    }

    /// The tokens that follow when each time the whole text is read again.
    @Test(arguments: GoldenFixture.decoders) func theNextTokensAgree(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        var ids = try fixture.ids()
        var found: [Float] = []
        let expected = try fixture.integers("greedy.ids")
        for step in expected.indices {
            let recording = try Recorder(model: model, threads: 2).record(ids)
            let logits = try #require(model.logits(after: ids.count - 1, in: recording))
            let best = try #require(logits.indices.max { logits[$0] < logits[$1] })
            #expect(best == expected[step], "step \(step)")
            found += logits
            ids.append(Int32(expected[step]))
        }
        #expect(expected.count >= 4)
        #expect(try fixture.error(found, in: "greedy.logits") <= 1)
    }

    /// Older files spell the same differently.
    @Test(arguments: names) func bothSpellingsOfTheConfigurationAgree(name: String) throws {
        let fixture = try GoldenFixture(name)
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("hf/\(name)"), to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.removeItem(at: copy.appendingPathComponent("config.json"))
        try FileManager.default.moveItem(
            at: copy.appendingPathComponent("config_legacy.json"), to: copy.appendingPathComponent("config.json"))
        let legacy = try Model(contentsOf: copy.path, needsTokenizer: false)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        #expect(legacy.shape == model.shape && legacy.kinds == model.kinds)
        #expect(legacy.defaultScenario == model.defaultScenario)
        let inputs = try Self.inputs(fixture)
        let a = try #require(try Recorder(model: legacy, threads: 2).record(inputs).main)
        let b = try #require(try Recorder(model: model, threads: 2).record(inputs).main)
        #expect(firstDifference(a.chunks.flatMap(\.lastHidden), b.chunks.flatMap(\.lastHidden)) == nil)
        let last = a.ids.count - 1
        #expect(legacy.logits(after: last, in: a) == model.logits(after: last, in: b))
    }
}
