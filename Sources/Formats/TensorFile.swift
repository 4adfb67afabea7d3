import Foundation

/// A file of tensors by their names: safetensors, or what torch.save writes.
package struct TensorFile: Sendable {
    package let path: String
    package let tensors: [String: TensorEntry]
    /// The names of element types that are not known, by tensor; such tensors are not among `tensors`.
    package let unknownTypes: [String: String]
    private let data: Data
    /// How many numbers lie from one element to the next along each axis, of tensors whose numbers do not lie in their
    /// order.
    private let strides: [String: [Int]]

    init(_ file: SafetensorsFile) {
        (path, tensors, unknownTypes, data, strides) = (file.path, file.tensors, file.unknownTypes, file.data, [:])
    }

    init(_ file: TorchFile, _ data: Data) {
        (path, tensors, unknownTypes) = (file.path, file.tensors, file.unknownTypes)
        self.data = data
        strides = file.strides
    }

    /// A file by its ending: .bin is what torch.save writes.
    package init(contentsOf path: String) throws(FormatError) {
        guard path.hasSuffix(".bin") else {
            self.init(try SafetensorsFile(contentsOf: path))
            return
        }
        let data = try RegularFile.map(path)
        self.init(try TorchFile(data, path: path), data)
    }

    /// The plain tensors of what torch.save writes, whatever the file is called.
    package init(torch data: Data, path: String) throws(FormatError) {
        self.init(try TorchFile(data, path: path), data)
    }

    /// The tensors of a safetensors file, whatever it is called.
    package init(safetensors data: Data, path: String) throws(FormatError) {
        self.init(try SafetensorsFile(data, path: path))
    }

    /// Whether the tensor's bytes lie in their order in the file, at the place that its entry says.
    package func liesInOrder(_ name: String) -> Bool { strides[name] == nil }

    /// The tensor's bytes, the last axis densest: a view of the mapped file where they lie so; nil where there is no such
    /// tensor.
    package func bytes(of name: String) -> Data? {
        guard let entry = tensors[name] else { return nil }
        if let strides = strides[name] { return gathered(entry, strides) }
        return data[data.startIndex + entry.bytes.lowerBound..<data.startIndex + entry.bytes.upperBound]
    }

    /// A copy in their order. All places have been checked against the storage.
    private func gathered(_ entry: TensorEntry, _ strides: [Int]) -> Data {
        let size = entry.type.size
        var result = Data(capacity: entry.count * size)
        var place = [Int](repeating: 0, count: strides.count)
        var at = data.startIndex + entry.bytes.lowerBound
        for _ in 0..<entry.count {
            result.append(data[at..<at + size])
            for axis in strides.indices.reversed() {
                place[axis] += 1
                at += strides[axis] * size
                guard place[axis] == entry.shape[axis] else { break }
                at -= strides[axis] * size * place[axis]
                place[axis] = 0
            }
        }
        return result
    }
}
