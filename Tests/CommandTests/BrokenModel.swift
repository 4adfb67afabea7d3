import Foundation
import RopewalkFormats
import TestSupport

/// Copies of a small model with something wrong in them.
struct BrokenModel {
    let scratch: Scratch
    var path: String { scratch.path("model") }
    /// Token ids for it: it has no tokenizer.
    var ids: String { scratch.path("ids.json") }
    private var weights: URL { scratch.url("model/model.safetensors") }

    init() throws {
        scratch = try Scratch()
        try FileManager.default.copyItem(at: Fixture.url("hf/llama_default"), to: scratch.url("model"))
        _ = try scratch.file("ids.json", "[1, 2, 3, 4, 5]")
    }

    func setConfiguration(_ text: String) throws { _ = try scratch.file("model/config.json", text) }

    func truncate(by bytes: Int) throws {
        try Data(contentsOf: weights).dropLast(bytes).write(to: weights)
    }

    /// Makes the last number of a tensor NaN.
    func spoil(_ tensor: String) throws {
        var data = try Data(contentsOf: weights)
        guard let end = try SafetensorsFile(data, path: weights.path).tensors[tensor]?.bytes.upperBound else {
            throw FormatError.missingTensor(file: weights.path, tensor: tensor)
        }
        data.replaceSubrange(end - 4..<end, with: [0, 0, 0xC0, 0x7F])
        try data.write(to: weights)
    }

    /// Writes the weights again without a tensor.
    func remove(_ tensor: String) throws {
        let file = try SafetensorsFile(contentsOf: weights.path)
        let names = file.tensors.keys.filter { $0 != tensor }.sorted()
        let other = scratch.path("other")
        var writer = try SafetensorsWriter(
            path: other,
            tensors: names.compactMap { name in file.tensors[name].map { .init(name, $0.type, shape: $0.shape) } })
        for name in names { try writer.append(try file.withBytes(of: name) { [UInt8]($0) }) }
        try writer.finish()
        try FileManager.default.removeItem(at: weights)
        try FileManager.default.moveItem(at: scratch.url("other"), to: weights)
    }

    /// A run that needs all of the model.
    func trace() throws -> CommandRun {
        try CommandRun(["trace", "--model", path, "--ids", ids, "--out", scratch.path("out.safetensors")])
    }

    var leftOvers: [String] { scratch.names.filter { $0.hasPrefix("out") } }
}
