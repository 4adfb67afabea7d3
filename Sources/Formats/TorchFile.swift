import Foundation
import RopewalkPhrases

/// Where the plain tensors of a file of torch.save lie: in stored entries of a zip archive, as its pickle says, of which
/// nothing is run.
struct TorchFile {
    let path: String
    private(set) var tensors: [String: TensorEntry] = [:]
    private(set) var unknownTypes: [String: String] = [:]
    /// Of tensors whose numbers do not lie in their order.
    private(set) var strides: [String: [Int]] = [:]

    init(_ data: Data, path: String) throws(FormatError) {
        self.path = path
        guard data.starts(with: [0x50, 0x4B, 3, 4]) else {
            throw .kind(
                file: path,
                problem: say("is no zip archive, as torch.save writes it from PyTorch 1.6 on; \(Self.advice)"))
        }
        let zip = try ZipFile(DataSource(data), path: path)
        guard let pickle = zip.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) else {
            throw .kind(file: path, problem: say("is a zip archive without data.pkl; \(Self.advice)"))
        }
        let folder = String(pickle.name.dropLast("data.pkl".count))
        let entries = Dictionary(zip.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        if let order = entries[folder + "byteorder"], try zip.part(of: order).starts(with: Array("big".utf8)) {
            throw .kind(
                file: path, problem: say("was written on a big-endian machine, which is not read; \(Self.advice)"))
        }
        guard let program = try stored(pickle, zip).data(limit: TorchPickle.byteLimit) else {
            throw .kind(file: path, problem: say("its list of tensors is over \(TorchPickle.byteLimit) bytes"))
        }
        var reader = TorchPickle([UInt8](program), path: path, advice: Self.advice)
        for (name, tensor) in try reader.weights() {
            guard let storage = entries["\(folder)data/\(tensor.key)"] else {
                throw wrong(name, say("its data are missing"))
            }
            try read(name, tensor, in: stored(storage, zip))
        }
    }

    private static var advice: String { say("only plain tensors of torch.save are read; \(FormatError.conversion)") }

    /// PyTorch compresses nothing, so that its files can be mapped.
    private func stored(_ entry: ZipFile.Entry, _ zip: ZipFile) throws(FormatError) -> SourcePart {
        guard entry.method == 0 else {
            throw .kind(file: path, problem: say("its entries are compressed, which is not read; \(Self.advice)"))
        }
        return try zip.part(of: entry)
    }

    private mutating func read(
        _ name: String, _ tensor: TorchPickle.Tensor, in storage: SourcePart
    ) throws(FormatError) {
        guard let type = Self.types[tensor.storage] else {
            unknownTypes[name] = tensor.storage
            return
        }
        guard let bytes = type.byteCount(shape: tensor.shape) else {
            throw wrong(name, say("shape \(tensor.shape) is impossible"))
        }
        let count = bytes / type.size
        let isDense = Self.isDense(tensor)
        // What repeats numbers has more than its storage.
        guard let last = Self.last(tensor, isDense: isDense, count: count), last < storage.count / type.size,
            count <= storage.count / type.size
        else {
            throw wrong(name, say("shape \(tensor.shape) with strides \(tensor.strides) reaches beyond its data"))
        }
        let start = count == 0 ? storage.start : storage.start + tensor.offset * type.size
        tensors[name] = TensorEntry(type: type, shape: tensor.shape, bytes: start..<start + bytes)
        strides[name] = isDense ? nil : tensor.strides
    }

    /// Whether the numbers lie in their order, without gaps.
    private static func isDense(_ tensor: TorchPickle.Tensor) -> Bool {
        var expected = 1
        for (length, stride) in zip(tensor.shape, tensor.strides).reversed() where length != 1 {
            guard stride == expected else { return false }
            expected = expected &* length
        }
        return true
    }

    /// The last place of the storage that is read, −1 for none; nil where it exceeds an Int.
    private static func last(_ tensor: TorchPickle.Tensor, isDense: Bool, count: Int) -> Int? {
        guard count > 0 else { return -1 }
        var place = tensor.offset
        for (length, stride) in zip(tensor.shape, tensor.strides) {
            let (step, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
            let (sum, isTooLarge) = place.addingReportingOverflow(step)
            guard !overflow, !isTooLarge else { return nil }
            place = sum
        }
        return place
    }

    private func wrong(_ name: String, _ problem: String) -> FormatError {
        .tensor(file: path, tensor: name, byte: 0, problem: problem)
    }

    private static let types: [String: ElementType] = [
        "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16,
        "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8,
        "BoolStorage": .bool, "Float8_e4m3fnStorage": .f8E4M3, "Float8_e5m2Storage": .f8E5M2,
    ]
}
