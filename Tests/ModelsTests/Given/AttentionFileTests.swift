import Foundation
import TestSupport
import Testing

@testable import RopewalkFormats
@testable import RopewalkKernels
@testable import RopewalkModels

/// Maps that transformers, TransformerLens and BertViz have left (make_attention.py), and files that are wrong.
struct AttentionFileTests {
    static func path(_ name: String) -> String { Fixture.path("attention/\(name)") }

    static func given(_ name: String, tensors: String? = nil) throws -> GivenAttention {
        let tokens = try GivenText.tokens(contentsOf: path("tokens.json"))
        return try GivenAttention(contentsOf: path(name), tensors: tensors, text: GivenText(tokens), threads: 2)
    }

    /// The numbers of gpt2.npy, [layer, head, query, key], read without the program's readers.
    static func numbers(_ name: String = "gpt2.npy") throws -> [Float] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path(name)))
        let start = 10 + Int(data[8]) + 256 * Int(data[9])
        return data[start...].withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }

    /// All weights of a recording. [layer, head, query, key]
    static func all(_ given: GivenAttention) throws -> [Float] {
        let weights = try #require(given.recordings.main?.given)
        return (0..<weights.layerCount).flatMap { layer in
            (0..<weights.heads).flatMap { head in
                (0..<weights.queries).flatMap {
                    weights.weights(layer: layer, head: head, query: $0, keys: 0..<weights.keys)
                }
            }
        }
    }

    @Test(arguments: ["gpt2.npy", "gpt2-f64.npy", "cache.safetensors", "gpt2.pt", "gpt2.json"])
    func everyFormatHasTheSameNumbers(name: String) throws {
        let given = try Self.given(name)
        #expect(try Self.all(given) == Self.numbers())
        #expect(given.recordings.kinds == [.decoder] && given.traits.isGiven && given.notes.count == 1)
        #expect(given.traits.shape.layers == 2 && given.traits.shape.heads == 3)
    }

    /// float16 rounds by 2⁻¹¹ of a weight, bfloat16 by 2⁻⁸.
    @Test(arguments: [("gpt2-f16.npy", 0x1p-11), ("gpt2-bf16.safetensors", 0x1p-8)])
    func halfNumbersAreNear(name: String, rounding: Double) throws {
        let found = try Self.all(try Self.given(name))
        for (a, b) in zip(found, try Self.numbers()) {
            #expect(abs(Double(a) - Double(b)) <= Double(b) * rounding + 0x1p-25)
        }
    }

    /// One layer of [head, query, key] whose axes lie otherwise.
    @Test func turnedTensorsAreReadInTheirOrder() throws {
        #expect(try Self.all(try Self.given("turned.pt")) == Array(try Self.numbers().prefix(3 * 144)))
    }

    @Test func tensorsAreChosenByName() throws {
        let scores = "blocks.{layer}.attn.hook_attn_scores"
        #expect(throws: ModelError.self) { try Self.given("cache.safetensors", tensors: scores) }
        #expect(try Self.given("cache.safetensors", tensors: "blocks.1.attn.hook_pattern").traits.shape.layers == 1)
        let error = #expect(throws: ModelError.self) { try Self.given("cache.safetensors", tensors: "attn") }
        #expect(error?.description.contains("blocks.{layer}.attn.hook_pattern") == true)
    }

    private static func splits(_ name: String, _ pattern: String, _ layer: Int?) -> Bool {
        let found = AttentionNames.pattern(name)
        return found.pattern == pattern && found.layer == layer
    }

    @Test func patternsOfNames() {
        #expect(Self.splits("blocks.11.attn.hook_pattern", "blocks.{layer}.attn.hook_pattern", 11))
        #expect(Self.splits("3", "{layer}", 3))
        #expect(Self.splits("attention", "attention", nil))
        #expect(Self.splits("layer.01", "layer.01", nil))
        #expect(Self.splits("layer.99999999999999999999", "layer.99999999999999999999", nil))
    }

    @Test func viewsOfBertVizBringTheirTokens() throws {
        let given = try GivenAttention(contentsOf: Self.path("bertviz.json"), text: nil, threads: 2)
        #expect(given.recordings.kinds == [.encoder] && given.keyText == nil)
        #expect(
            String(decoding: given.text.bytes, as: UTF8.self) == "[CLS] the unseen cat sat on the mat again . [SEP]")
    }

    @Test func paddingSeesNothing() throws {
        let given = try Self.given("padded.npy")
        let recording = try #require(given.recordings.main)
        #expect(recording.measure(\.logSumExp, layer: 0, head: 0, query: 11) == .infinity)
        #expect(given.notes.count == 2 && given.notes[1].hasPrefix("12 of 72 rows"), "\(given.notes)")
    }

    @Test func mapsBetweenTwoTexts() throws {
        let (left, right) = (
            GivenText(try GivenText.tokens(contentsOf: Self.path("left.json"))),
            GivenText(try GivenText.tokens(contentsOf: Self.path("right.json")))
        )
        let given = try GivenAttention(contentsOf: Self.path("cross.npy"), text: left, keyText: right, threads: 2)
        #expect(given.recordings.kinds == [.cross] && given.recordings.main?.keyTokens == 12)
        #expect(try Self.all(given) == Self.numbers("cross.npy"))
        let error = #expect(throws: ModelError.self) {
            try GivenAttention(contentsOf: Self.path("cross.npy"), text: left, threads: 2)
        }
        #expect(error?.description.contains("7 queries and 12 keys") == true)
    }

    @Test(arguments: [
        ("fortran.npy", "Fortran"), ("objects.npy", "'|O'"), ("tokens.json", "a number"), ("tokens.txt", "tokens.txt"),
        ("nothing.npy", "nothing.npy"), ("cross.npy", "7 queries"),
    ])
    func wrongFilesAreRefusedByName(name: String, part: String) {
        let error = #expect(throws: ModelError.self) { try Self.given(name) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    /// Every byte of a small file changed or cut off: refused or read, never a fault.
    @Test(arguments: ["gpt2.npy", "gpt2-bf16.safetensors", "gpt2.pt", "bertviz.json"])
    func damagedFilesDoNoHarm(name: String) throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: Self.path(name)))
        let place = NSTemporaryDirectory() + "given-\(UUID().uuidString)-\(name)"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let text = GivenText(try GivenText.tokens(contentsOf: Self.path("tokens.json")))
        for step in stride(from: 0, to: min(whole.count, 1200), by: name.hasSuffix("json") ? 97 : 13) {
            var changed = whole
            changed[step] = 0xFF
            for (index, damaged) in [Data(whole.prefix(step)), changed].enumerated() {
                try damaged.write(to: URL(fileURLWithPath: place))
                do {
                    let given = try GivenAttention(contentsOf: place, text: text, threads: 1)
                    // What is still a map has weights only.
                    #expect(try Self.all(given).allSatisfy { $0 >= 0 && $0.isFinite }, "\(name) \(step) \(index)")
                } catch let error as ModelError {
                    #expect(!error.description.contains("\n"))
                }
            }
        }
    }

    /// Headers that promise more than there is, or more than can be.
    @Test(arguments: ["(2, 3, 12, 13)", "(1099511627776, 1099511627776, 12, 12)", "(0, 3, 12, 12)", "(864,)", "()"])
    func shapesThatLieAreRefused(shape: String) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: Self.path("gpt2.npy")))
        let text = String(decoding: data[10..<128], as: UTF8.self)
        let changed = text.replacing("(2, 3, 12, 12)", with: shape)
        let padded =
            changed.count <= 118
            ? changed.padding(toLength: 118, withPad: " ", startingAt: 0) : String(changed.prefix(118))
        data.replaceSubrange(10..<128, with: Array(padded.utf8))
        let place = NSTemporaryDirectory() + "given-\(UUID().uuidString).npy"
        defer { try? FileManager.default.removeItem(atPath: place) }
        try data.write(to: URL(fileURLWithPath: place))
        let tokens = try GivenText.tokens(contentsOf: Self.path("tokens.json"))
        #expect(throws: ModelError.self) { try GivenAttention(contentsOf: place, text: GivenText(tokens), threads: 1) }
    }
}
