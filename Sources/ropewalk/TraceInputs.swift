import Formats

/// The inputs of a run from a safetensors file, as reference implementations save them.
struct TraceInputs {
    let ids: [Int32]

    init(contentsOf path: String) throws {
        let file = try SafetensorsFile(contentsOf: path)
        for name in ["token_type_ids", "decoder_input_ids", "global_attention_mask"] where file.tensors[name] != nil {
            throw CommandError.content(file: path, problem: "the model has no use for \(name): leave it out")
        }
        if file.tensors["attention_mask"] != nil {
            guard try Self.integers("attention_mask", in: file).allSatisfy({ $0 == 1 }) else {
                throw CommandError.content(
                    file: path, problem: "attention_mask hides tokens: leave out the padding and the mask")
            }
        }
        ids = try Self.integers("input_ids", in: file).enumerated().map { place, id in
            guard let id = Int32(exactly: id) else {
                throw CommandError.content(file: path, problem: "input_ids element \(place) is \(id), no token id")
            }
            return id
        }
    }

    /// A tensor [1, N] or [N] of whole numbers.
    private static func integers(_ name: String, in file: SafetensorsFile) throws -> [Int64] {
        guard let entry = file.tensors[name] else { throw FormatError.missingTensor(file: file.path, tensor: name) }
        let isList = entry.shape.count == 1 || entry.shape.count == 2 && entry.shape[0] == 1
        guard isList, entry.type == .i64 || entry.type == .i32 else {
            throw CommandError.content(
                file: file.path, problem: "\(name) is \(entry.type.rawValue) \(entry.shape), I64 [1, N] is expected")
        }
        return try file.withBytes(of: name) { bytes in
            stride(from: 0, to: bytes.count, by: entry.type.size).map {
                entry.type == .i64
                    ? Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
                    : Int64(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self)))
            }
        }
    }
}
