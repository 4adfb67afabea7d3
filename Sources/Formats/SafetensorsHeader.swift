/// Checks the members of a safetensors header against the size of the file.
struct SafetensorsHeader {
    let path: String
    /// Where the tensors' data begin in the file; the header's offsets count from there.
    let dataStart: Int
    let fileSize: Int
    private(set) var tensors: [String: TensorEntry] = [:]
    private(set) var metadata: [String: String] = [:]

    init(path: String, dataStart: Int, fileSize: Int) {
        self.path = path
        self.dataStart = dataStart
        self.fileSize = fileSize
    }

    mutating func read(_ members: [JSONValue.Member]) throws(FormatError) {
        tensors.reserveCapacity(members.count)
        for member in members {
            if member.key == "__metadata__" {
                try readMetadata(member.value)
            } else {
                let entry = try entry(member.key, member.value)
                if tensors.updateValue(entry, forKey: member.key) != nil {
                    throw wrong(member.key, "is named twice in the header", at: entry.bytes.lowerBound)
                }
            }
        }
        try checkOverlaps()
    }

    private mutating func readMetadata(_ value: JSONValue) throws(FormatError) {
        guard let members = value.members else {
            throw .header(file: path, byte: 8, problem: "__metadata__ is no object")
        }
        for member in members {
            guard let text = member.value.string else {
                throw .header(file: path, byte: 8, problem: "__metadata__ has a value that is no string")
            }
            metadata[member.key] = text
        }
    }

    private func entry(_ name: String, _ value: JSONValue) throws(FormatError) -> TensorEntry {
        guard let typeName = value["dtype"]?.string else { throw wrong(name, "has no dtype") }
        guard let type = ElementType(safetensors: typeName) else {
            let known = ElementType.allCases.filter { $0.blockLength == 1 }.map(\.rawValue).joined(separator: ", ")
            throw wrong(name, "dtype \(typeName.debugDescription) is unknown; known are \(known)")
        }
        guard let shape = integers(value["shape"]) else { throw wrong(name, "has no shape of whole numbers") }
        guard let offsets = integers(value["data_offsets"]), offsets.count == 2 else {
            throw wrong(name, "data_offsets are not two whole numbers")
        }
        guard offsets[0] >= 0, offsets[0] <= offsets[1] else {
            throw wrong(name, "data_offsets \(offsets[0]) to \(offsets[1]) are no range")
        }
        guard offsets[1] <= fileSize - dataStart else {
            throw wrong(name, "its data end \(offsets[1] - (fileSize - dataStart)) bytes after the file's end")
        }
        guard let bytes = type.byteCount(shape: shape) else { throw wrong(name, "shape \(shape) is impossible") }
        guard bytes == offsets[1] - offsets[0] else {
            throw wrong(
                name, "shape \(shape) of \(typeName) takes \(bytes) bytes, the header gives \(offsets[1] - offsets[0])",
                at: dataStart + offsets[0])
        }
        return TensorEntry(type: type, shape: shape, bytes: dataStart + offsets[0]..<dataStart + offsets[1])
    }

    private func integers(_ value: JSONValue?) -> [Int]? {
        guard let values = value?.array else { return nil }
        let integers = values.compactMap(\.integer)
        return integers.count == values.count ? integers : nil
    }

    private func checkOverlaps() throws(FormatError) {
        guard let (earlier, later, byte) = tensors.overlap() else { return }
        throw wrong(later, "overlaps tensor \(earlier.debugDescription)", at: byte)
    }

    private func wrong(_ name: String, _ problem: String, at byte: Int = 8) -> FormatError {
        .tensor(file: path, tensor: name, byte: byte, problem: problem)
    }
}
