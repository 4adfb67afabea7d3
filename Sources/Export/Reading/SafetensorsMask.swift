import Foundation
import RopewalkFormats
import RopewalkMethods

/// A mask in a safetensors file: the tensor named mask or attention_mask, or the only one.
enum SafetensorsMask {
    static func read(_ data: Data, path: String) throws(ExportError) -> [[ListedMask]] {
        let file: SafetensorsFile
        do throws(FormatError) {
            file = try SafetensorsFile(data, path: path)
        } catch {
            throw .file(error.description)
        }
        let names = file.tensors.keys.sorted()
        guard
            let name = ["mask", "attention_mask"].first(where: names.contains) ?? (names.count == 1 ? names[0] : nil),
            let entry = file.tensors[name]
        else {
            let shown = names.prefix(8).map { $0.prefix(40) }.joined(separator: ", ")
            throw .mask(file: path, problem: "several tensors (\(shown)): name the one that is meant mask")
        }
        let element: MaskElement
        switch entry.type {
        case .bool, .u8, .i8: element = .bytes
        case .i16: element = .integers(2)
        case .i32: element = .integers(4)
        case .i64: element = .integers(8)
        case .f32: element = .singles
        case .f64: element = .doubles
        default:
            throw .mask(file: path, problem: "tensor \(name) is \(entry.type.rawValue): BOOL, U8 or F32 are wanted")
        }
        let content = data[data.startIndex + entry.bytes.lowerBound..<data.startIndex + entry.bytes.upperBound]
        return try DataSource(content).masks(entry.shape, of: element, path: path)
    }
}
