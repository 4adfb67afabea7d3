import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// LoRA adapters, against PEFT (make_adapters.py).
struct AdapterTests {
    private static func logits(_ model: Model, _ ids: [Int32]) throws -> [Float] {
        let recording = try Recorder(model: model, threads: 1).record(ids)
        return try #require(model.logits(after: 0..<ids.count, in: recording, workers: Workers(count: 1)))
            .copy(rows: 0..<ids.count)
    }

    private static func expected(_ name: String) throws -> (file: SafetensorsFile, ids: [Int32]) {
        let file = try SafetensorsFile(contentsOf: Fixture.path("adapters/\(name)/expected.safetensors"))
        return (file, try #require(file.integers(of: "input_ids")).map { Int32($0) })
    }

    private static func error(_ found: [Float], _ expected: [Float]) -> Float {
        guard found.count == expected.count else { return .infinity }
        return zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    }

    @Test(arguments: ["llama", "llama_rs", "gpt2"]) func logitsAgreeWithAndWithout(name: String) throws {
        let folder = Fixture.path("adapters/\(name)")
        let (file, ids) = try Self.expected(name)
        let plain = try Model(contentsOf: folder, needsTokenizer: false)
        #expect(Self.error(try Self.logits(plain, ids), try QuantisedModelTests.values(file, "plain")) < 3e-5)
        let adapted = try Model(contentsOf: folder, adapter: folder + "/adapter/", needsTokenizer: false)
        #expect(adapted.name == "\(name) + adapter")
        #expect(Self.error(try Self.logits(adapted, ids), try QuantisedModelTests.values(file, "logits")) < 3e-5)
    }

    /// What PEFT saved before safetensors, and still does when asked.
    @Test func picklesOfAdaptersAreRead() throws {
        let folder = Fixture.path("adapters/llama_rs")
        let (file, ids) = try Self.expected("llama_rs")
        let adapted = try Model(contentsOf: folder, adapter: folder + "/adapter_bin", needsTokenizer: false)
        #expect(Self.error(try Self.logits(adapted, ids), try QuantisedModelTests.values(file, "logits")) < 3e-5)
    }

    /// The sum made once, the sum made row by row, and PEFT's.
    @Test func mergedAndUnmergedAgree() throws {
        for (name, layer, isTurned) in [
            ("llama", "model.layers.1.mlp.down_proj", false), ("gpt2", "transformer.h.1.mlp.c_proj", true),
        ] {
            let folder = Fixture.path("adapters/\(name)")
            let file = try Self.expected(name).file
            let merged = try QuantisedModelTests.values(file, layer + ".weight")
            let source = try CheckpointFiles(folder: folder)
            let adapter = try Adapter(folder: folder + "/adapter")
            let shape = try #require(file.tensors[layer + ".weight"]).shape
            let (outputs, inputs) = isTurned ? (shape[1], shape[0]) : (shape[0], shape[1])
            func matrix(_ limit: Int) throws -> WeightMatrix {
                try Weights(source, adapter: adapter, limit: limit)
                    .linear(layer, outputs: outputs, inputs: inputs, inputsFirst: isTurned)
            }
            let (once, rowByRow) = (try matrix(.max), try matrix(0))
            #expect(once.isWidened && !rowByRow.isWidened)
            for row in 0..<outputs {
                #expect(once.row(row).elementsEqual(rowByRow.row(row)))
                for (column, value) in once.row(row).enumerated() {
                    let other = merged[isTurned ? column * outputs + row : row * inputs + column]
                    #expect(abs(value - other) < 1e-5)
                }
            }
        }
    }

    /// On weights that are quantised too.
    @Test func quantisedModelsTakeAdapters() throws {
        let layer = "model.layers.1.self_attn.k_proj"
        let source = try QuantisedCheckpoint.source(folder: Fixture.path("quantised/gptq_4"))
        let adapter = try Adapter(folder: Fixture.path("adapters/llama_rs/adapter"))
        // Heads of the adapter's model have 16 dimensions, those of this one 32: the shapes do not fit.
        #expect(throws: ModelError.self) {
            try Weights(source, adapter: adapter).linear(layer, outputs: 32, inputs: 32)
        }
        let up = "model.layers.0.mlp.up_proj"
        let plain = try Weights(source).linear(up, outputs: 64, inputs: 32)
        let update = LowRankUpdate(
            outputs: 64, inputs: 32, rank: 1, a: Array(repeating: 1, count: 32), b: (0..<64).map(Float.init), scale: 0.5
        )
        let adapted = plain.adapted(by: update, inMemory: false)
        for (a, b) in zip(adapted.row(6), plain.row(6)) { #expect(a == b + 3) }
        #expect(adapted.rows(4..<8).row(2) == adapted.row(6))
    }

    // MARK: What is refused

    private static func problem(_ changes: [String: String]) throws -> String {
        let text = try String(
            contentsOfFile: Fixture.path("adapters/llama/adapter/adapter_config.json"), encoding: .utf8)
        let root = try JSONDocument(Data(text.utf8), source: "x").root
        let changed = try changes.map { key, value in
            JSONValue.Member(
                key: key, value: try JSONDocument(Data("[\(value)]".utf8), source: "x").root.array?[0] ?? .null)
        }
        let members = (root.members ?? []).filter { changes[$0.key] == nil } + changed
        do {
            let settings = try AdapterSettings(.object(members), file: "adapter_config.json")
            return "\(try settings.rank(of: "a.q_proj")) \(try settings.scale(of: "a.q_proj", rank: 4))"
        } catch {
            #expect(!error.description.contains("\n"))
            return error.description
        }
    }

    @Test(arguments: [
        ("use_dora", "true"), ("lora_bias", "true"), ("modules_to_save", "[\"lm_head\"]"), ("bias", "\"all\""),
        ("peft_type", "\"IA3\""), ("init_lora_weights", "\"pissa\""), ("init_lora_weights", "\"olora\""),
        ("target_parameters", "[\"x\"]"), ("layer_replication", "[[0,1]]"), ("trainable_token_indices", "[3]"),
        ("rank_pattern", "{\"q_.*\": 3}"), ("alora_invocation_tokens", "[1, 2]"), ("r", "0"), ("r", "1000000000"),
        ("r", "-3"), ("lora_alpha", "\"x\""), ("lora_alpha", "1e300"), ("rank_pattern", "{\"q_proj\": 0}"),
        ("alpha_pattern", "{\"q_proj\": null}"),
    ]) func otherAdaptersAreNamed(key: String, value: String) throws {
        let found = try Self.problem([key: value])
        #expect(found.hasPrefix("adapter_config.json: \(key)"), "\(found)")
    }

    @Test func ranksAndScalesFollowPatterns() throws {
        #expect(try Self.problem([:]) == "4 1.5")
        #expect(try Self.problem(["rank_pattern": "{\"q_proj\": 2}"]) == "2 1.5")
        #expect(try Self.problem(["rank_pattern": "{\"_proj\": 2}"]) == "4 1.5")
        #expect(try Self.problem(["alpha_pattern": "{\"^a.q_proj\": 8}"]) == "4 2.0")
        #expect(try Self.problem(["use_rslora": "true"]) == "4 3.0")
        #expect(try Self.problem(["init_lora_weights": "\"gaussian\""]) == "4 1.5")
    }

    private static func copy(_ change: (URL) throws -> Void) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("adapters/llama"), to: folder)
        try change(folder)
        return folder
    }

    private static func loading(_ folder: URL, adapter: String = "adapter") -> String {
        do throws(ModelError) {
            _ = try Model(
                contentsOf: folder.path, adapter: folder.appendingPathComponent(adapter).path, needsTokenizer: false)
            return "none"
        } catch {
            #expect(!error.description.contains("\n"))
            return error.description.replacingOccurrences(of: folder.path + "/", with: "")
        }
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let folder = try Self.copy { _ in }
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(Self.loading(folder) == "none")
        #expect(Self.loading(folder, adapter: "nowhere").contains("adapter_config.json"))
        let file = folder.appendingPathComponent("adapter/adapter_model.safetensors")
        let whole = try Data(contentsOf: file)
        func loading(_ old: String, _ new: String) throws -> String {
            var data = whole
            let range = try #require(data.range(of: Data(old.utf8)))
            data.replaceSubrange(range, with: Data(new.utf8))
            try data.write(to: file)
            return Self.loading(folder)
        }
        #expect(
            try loading("layers.0.self_attn.q_proj.lora_A", "layers.9.self_attn.q_proj.lora_A").contains(
                "has no lora_A"))
        #expect(try loading("layers.0.self_attn.q_proj.lora_A", "layers.0.self_attn.q_proj.lora_M").contains("lora_M"))
        #expect(try loading("layers.0.mlp.down_proj.lora_A", "layers.0.mlp.down_proj.lora_B") != "none")
        // PEFT saves a copy of the model's own weights with lm_head.
        var other = whole
        let length = whole.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        other[8 + length + 2] ^= 1
        try other.write(to: file)
        #expect(Self.loading(folder).contains("lm_head: the adapter brings weights of its own"))
        try FileManager.default.removeItem(at: file)
        #expect(Self.loading(folder).contains("has neither adapter_model.safetensors nor adapter_model.bin"))
        try FileManager.default.copyItem(
            at: Fixture.url("torch/legacy.bin"), to: folder.appendingPathComponent("adapter/adapter_model.bin"))
        #expect(Self.loading(folder).contains("adapter_model.bin: is no zip archive"))
    }

    @Test func damagedAdaptersAreSurvived() throws {
        let folder = try Self.copy { _ in }
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("adapter/adapter_model.safetensors")
        let whole = try Data(contentsOf: file)
        let length = whole.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        var random = Bits(state: 3)
        var refused = 0
        for _ in 0..<60 {
            var damaged = whole
            damaged[8 + Int(random.next() % UInt64(length))] ^= UInt8(1 << (random.next() % 5))
            try damaged.write(to: file)
            if Self.loading(folder) != "none" { refused += 1 }
        }
        #expect(refused > 20)
    }

    @Test func foldersAreCalledWhatTheyAre() throws {
        let folder = Fixture.path("adapters/llama/adapter")
        let readers: [() throws -> Void] = [
            { _ = try Model(contentsOf: folder) }, { _ = try ModelInfo(contentsOf: folder) },
        ]
        for read in readers {
            do {
                try read()
                Issue.record("an adapter is no model")
            } catch {
                #expect("\(error)".contains("adapter: holds an adapter (LORA) of example/llama, and no model"))
            }
        }
        let copy = try Self.copy {
            try FileManager.default.copyItem(
                at: $0.appendingPathComponent("adapter/adapter_config.json"),
                to: $0.appendingPathComponent("adapter_config.json"))
        }
        defer { try? FileManager.default.removeItem(at: copy) }
        let remarks = try Model(contentsOf: copy.path, needsTokenizer: false).unread.remarks
        #expect(remarks.contains { $0.contains("an adapter lies in the folder too") })
    }
}
