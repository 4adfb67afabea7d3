import Foundation
import RopewalkFormats
import TestSupport
import Testing

@Suite struct TraceCommandTests {
    private let scratch: Scratch
    private var out: String { scratch.path("out.safetensors") }

    init() throws { scratch = try Scratch() }

    private func trace(_ fixture: String, _ options: String) throws -> CommandRun {
        let folder = Fixture.path("hf/\(fixture)")
        let options = options.split(separator: " ").map(String.init)
        return try CommandRun(
            ["trace", "--model", folder, "--inputs", folder + "/expected.safetensors", "--out", out] + options)
    }

    private func floats(_ file: SafetensorsFile, _ name: String) throws -> [Float] {
        try file.withBytes(of: name) { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
        }
    }

    /// The references' own tolerances are 2e-5 and more; the engine's tests hold it to those.
    @Test(arguments: ["llama_default", "llama_mqa", "llama_bf16_sharded"])
    func allTensorsAgreeWithTheReference(fixture: String) throws {
        try trace(fixture, "--record all --greedy 6").expectFine()
        let found = try SafetensorsFile(contentsOf: out)
        let expected = try SafetensorsFile(contentsOf: Fixture.path("hf/\(fixture)/expected.safetensors"))
        for (name, entry) in expected.tensors where !name.hasPrefix("rope.") {
            #expect(found.tensors[name]?.shape == entry.shape, "\(name)")
            #expect(found.tensors[name]?.type == entry.type, "\(name)")
            guard entry.type == .f32 else {
                let same = try found.withBytes(of: name) { [UInt8]($0) } == expected.withBytes(of: name) { [UInt8]($0) }
                #expect(same, "\(name)")
                continue
            }
            let pairs = zip(try floats(found, name), try floats(expected, name))
            #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-4 }, "\(name)")
        }
        #expect(found.metadata["model"] == fixture)
        #expect(found.metadata["scenario"] == "rope")
        #expect(found.metadata["version"] != nil)
    }

    /// queries · keys, scaled, minus logsumexp, gives the logarithm of the attention: the four belong together.
    @Test func queriesKeysAndSumsGiveTheAttention() throws {
        try trace("llama_default", "--record queries,keys,logsumexp,attentions,nll,values").expectFine()
        let file = try SafetensorsFile(contentsOf: out)
        let (heads, groups, n, d) = (4, 2, 24, 10)
        #expect(file.tensors["queries.1"]?.shape == [1, heads, n, d])
        #expect(file.tensors["values.1"]?.shape == [1, groups, n, d])
        #expect(file.tensors["nll"]?.shape == [1, n - 1])
        let (q, k) = (try floats(file, "queries.1"), try floats(file, "keys.1"))
        let (sums, weights) = (try floats(file, "logsumexp.1"), try floats(file, "attentions.1"))
        for (head, query, key) in [(0, 0, 0), (1, 23, 5), (3, 12, 12), (2, 20, 0)] {
            let from = (head * n + query) * d
            let to = (head / (heads / groups) * n + key) * d
            let score = (0..<d).reduce(Float(0)) { $0 + q[from + $1] * k[to + $1] } / Float(d).squareRoot()
            let weight = weights[(head * n + query) * n + key]
            #expect(abs(exp(score - sums[head * n + query]) - weight) < 1e-5)
        }
    }

    /// The sum of no exponentials is 0, and its logarithm −∞; where weights are no shares that add up to 1, the file says so.
    @Test func queriesThatReadNothingHaveSumsOfNothing() throws {
        try trace("llama_default", "--record logsumexp --method expr:k<q").expectFine()
        let sums = try floats(try SafetensorsFile(contentsOf: out), "logsumexp.1")
        #expect(sums[0] == -.infinity && sums[1...23].allSatisfy(\.isFinite))
        try trace("llama_default", "--record attentions --method retnet").expectFine()
        let signed = try SafetensorsFile(contentsOf: out).metadata["attentions"]
        #expect(signed?.contains("may be below 0") ?? false)
        try trace("llama_default", "--record attentions --method compressive:segment=4,memory=4,slots=mean")
            .expectFine()
        let slots = try SafetensorsFile(contentsOf: out).metadata["attentions"]
        #expect(slots?.contains("slots") ?? false)
        try trace("llama_default", "--record attentions").expectFine()
        #expect(try SafetensorsFile(contentsOf: out).metadata["attentions"] == nil)
    }

    @Test func layersHeadsAndRowsCutTheMaps() throws {
        try trace("llama_default", "--record attentions --layers 1 --heads 0,2-3 --rows 4-5").expectFine()
        let file = try SafetensorsFile(contentsOf: out)
        #expect(Set(file.tensors.keys) == ["input_ids", "attentions.1"])
        #expect(file.tensors["attentions.1"]?.shape == [1, 3, 2, 24])
        let expected = try SafetensorsFile(contentsOf: Fixture.path("hf/llama_default/expected.safetensors"))
        let whole = try floats(expected, "attentions.1")
        let part = try floats(file, "attentions.1")
        let rows: [Float] = [0, 2, 3].flatMap { head -> ArraySlice<Float> in
            let start = (head * 24 + 4) * 24
            return whole[start..<start + 2 * 24]
        }
        #expect(zip(part, rows).allSatisfy { abs($0 - $1) <= 1e-5 } && part.count == rows.count)
    }

    @Test func rowsCutTheLogits() throws {
        try trace("llama_default", "--record logits").expectFine()
        let whole = try SafetensorsFile(contentsOf: out)
        let shape = try #require(whole.tensors["logits"]?.shape)
        let all = try floats(whole, "logits")
        try trace("llama_default", "--record logits --rows 4-6").expectFine()
        let part = try SafetensorsFile(contentsOf: out)
        #expect(part.tensors["logits"]?.shape == [1, 3, shape[2]])
        let pairs = zip(try floats(part, "logits"), all[(4 * shape[2])...])
        #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-5 })
    }

    /// Query head 3 reads key/value head 1: rows of the whole tensors, in layer 1 alone.
    @Test func layersAndHeadsCutQueriesKeysAndValuesToo() throws {
        let names = ["queries", "keys", "values", "logsumexp"]
        let record = "--record " + names.joined(separator: ",")
        try trace("llama_default", record).expectFine()
        let whole = try SafetensorsFile(contentsOf: out)
        #expect(whole.metadata["heads"] == nil)
        let all = try names.map { try floats(whole, $0 + ".1") }
        try trace("llama_default", record + " --layers 1 --heads 3").expectFine()
        let file = try SafetensorsFile(contentsOf: out)
        #expect(Set(file.tensors.keys) == Set(names.map { $0 + ".1" } + ["input_ids"]))
        #expect(file.metadata["layers"] == "1" && file.metadata["heads"] == "3")
        #expect(file.metadata["key_value_heads"] == "1")
        let shapes = [[1, 1, 24, 10], [1, 1, 24, 10], [1, 1, 24, 10], [1, 1, 24]]
        for (index, name) in names.enumerated() {
            let part = try floats(file, name + ".1")
            #expect(file.tensors[name + ".1"]?.shape == shapes[index])
            #expect(part == Array(all[index].suffix(part.count)), "\(name)")
        }
    }

    @Test func aMaskShowsInTheMaps() throws {
        try trace("llama_default", "--record attentions --method window:size=2 --tokens 6").expectFine()
        let file = try SafetensorsFile(contentsOf: out)
        #expect(file.metadata["scenario"] == "window:size=2")
        let weights = try floats(file, "attentions.0")
        for query in 0..<6 {
            let row = weights[query * 6..<query * 6 + 6]
            #expect(row.filter { $0 > 0 }.count == min(2, query + 1))
            #expect(abs(row.reduce(0, +) - 1) < 1e-5)
        }
    }

    @Test func longMapsNeedRows() throws {
        let ids = try scratch.file("ids.json", "[" + Array(repeating: "1", count: 4097).joined(separator: ",") + "]")
        let model = Fixture.path("hf/llama_default")
        try CommandRun(["trace", "--model", model, "--ids", ids, "--out", out, "--record", "all"])
            .expectError("4,097", "--rows a-b")
    }

    @Test func unknownNamesAreAnswered() throws {
        try trace("llama_default", "--record logits,hidden").expectError("'hidden'", "hidden_states", "all")
        #expect(scratch.names == [])
    }

    @Test func inputsThatItCannotUseAreNamed() throws {
        let path = scratch.path("in.safetensors")
        var writer = try SafetensorsWriter(
            path: path,
            tensors: [.init("input_ids", .i64, shape: [1, 2]), .init("attention_mask", .i64, shape: [1, 2])])
        try writer.append([1, 2, 0, 1] as [Int64])
        try writer.finish()
        let model = Fixture.path("hf/llama_default")
        try CommandRun(["trace", "--model", model, "--inputs", path, "--out", out])
            .expectError("attention_mask: hides tokens of a decoder")
        let weights = model + "/model.safetensors"
        try CommandRun(["trace", "--model", model, "--inputs", weights, "--out", out])
            .expectError(weights, "input_ids")
    }

    /// Told before the run, which can be long.
    @Test func aFolderIsNoPlaceForATrace() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let run = try CommandRun(["trace", "--tokens", "8", "--out", folder])
        run.expectError("it is a folder")
    }
}
