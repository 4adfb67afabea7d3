import RopewalkFormats
import RopewalkModels
import RopewalkPhrases

/// The inputs of a run from a safetensors file, as reference implementations save them.
struct TraceInputs {
    let inputs: ModelInputs

    init(contentsOf path: String) throws {
        let file = try SafetensorsFile(contentsOf: path)
        func optional(_ name: String) throws -> [Int64]? {
            file.tensors[name] == nil ? nil : try Self.integers(name, in: file)
        }
        func ids(_ name: String, _ values: [Int64]) throws -> [Int32] {
            try values.enumerated().map { place, id in
                guard let id = Int32(exactly: id) else {
                    throw CommandError.content(
                        file: path, problem: say("\(name) element \(place) is \(id), no token id"))
                }
                return id
            }
        }
        inputs = ModelInputs(
            ids: try ids("input_ids", try Self.integers("input_ids", in: file)),
            decoderIDs: try optional("decoder_input_ids").map { try ids("decoder_input_ids", $0) },
            present: try optional("attention_mask").map { $0.map { $0 != 0 } },
            types: try optional("token_type_ids").map { try ids("token_type_ids", $0) },
            globals: try optional("global_attention_mask").map { mask in mask.indices.filter { mask[$0] != 0 } })
    }

    /// A tensor [1, N] or [N] of whole numbers.
    private static func integers(_ name: String, in file: SafetensorsFile) throws -> [Int64] {
        guard let entry = file.tensors[name] else { throw FormatError.missingTensor(file: file.path, tensor: name) }
        let isList = entry.shape.count == 1 || entry.shape.count == 2 && entry.shape[0] == 1
        guard isList, entry.type == .i64 || entry.type == .i32 else {
            throw CommandError.content(
                file: file.path,
                problem: say("\(name) is \(entry.type.rawValue) \(entry.shape), I64 [1, N] is expected"))
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
