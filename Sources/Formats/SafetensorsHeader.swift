import RopewalkPhrases

/// Checks the members of a safetensors header against the size of the file.
struct SafetensorsHeader {
    let path: String
    /// Where the tensors' data begin in the file; the header's offsets count from there.
    let dataStart: Int
    let fileSize: Int
    private(set) var tensors: [String: TensorEntry] = [:]
    /// The names of element types that are not known, by tensor.
    private(set) var unknownTypes: [String: String] = [:]
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
                try readTensor(member)
            }
        }
        try checkOverlaps()
    }

    private mutating func readTensor(_ member: JSONValue.Member) throws(FormatError) {
        guard let typeName = member.value["dtype"]?.string else { throw wrong(member.key, say("has no dtype")) }
        guard let type = ElementType(safetensors: typeName) else {
            _ = try range(member.key, member.value)
            unknownTypes[member.key] = typeName
            return
        }
        let entry = try entry(member.key, member.value, type)
        if tensors.updateValue(entry, forKey: member.key) != nil {
            throw wrong(member.key, say("is named twice in the header"), at: entry.bytes.lowerBound)
        }
    }

    private mutating func readMetadata(_ value: JSONValue) throws(FormatError) {
        guard let members = value.members else {
            throw .header(file: path, byte: 8, problem: say("__metadata__ is no object"))
        }
        for member in members {
            guard let text = member.value.string else {
                throw .header(file: path, byte: 8, problem: say("__metadata__ has a value that is no string"))
            }
            metadata[member.key] = text
        }
    }

    /// The bytes that a tensor says are its own, counted from the end of the header.
    private func range(_ name: String, _ value: JSONValue) throws(FormatError) -> Range<Int> {
        guard let offsets = integers(value["data_offsets"]), offsets.count == 2 else {
            throw wrong(name, say("data_offsets are not two whole numbers"))
        }
        guard offsets[0] >= 0, offsets[0] <= offsets[1] else {
            throw wrong(name, say("data_offsets \(offsets[0]) to \(offsets[1]) are no range"))
        }
        guard offsets[1] <= fileSize - dataStart else {
            throw wrong(name, say("its data end \(offsets[1] - (fileSize - dataStart)) bytes after the file's end"))
        }
        return offsets[0]..<offsets[1]
    }

    private func entry(_ name: String, _ value: JSONValue, _ type: ElementType) throws(FormatError) -> TensorEntry {
        guard let shape = integers(value["shape"]) else { throw wrong(name, say("has no shape of whole numbers")) }
        let range = try range(name, value)
        guard let bytes = type.byteCount(shape: shape) else { throw wrong(name, say("shape \(shape) is impossible")) }
        guard bytes == range.count else {
            throw wrong(
                name, say("shape \(shape) of \(type.rawValue) takes \(bytes) bytes, the header gives \(range.count)"),
                at: dataStart + range.lowerBound)
        }
        return TensorEntry(type: type, shape: shape, bytes: dataStart + range.lowerBound..<dataStart + range.upperBound)
    }

    private func integers(_ value: JSONValue?) -> [Int]? {
        guard let values = value?.array else { return nil }
        let integers = values.compactMap(\.integer)
        return integers.count == values.count ? integers : nil
    }

    private func checkOverlaps() throws(FormatError) {
        guard let (earlier, later, byte) = tensors.overlap() else { return }
        throw wrong(later, say("overlaps tensor \(earlier.debugDescription)"), at: byte)
    }

    private func wrong(_ name: String, _ problem: String, at byte: Int = 8) -> FormatError {
        .tensor(file: path, tensor: name, byte: byte, problem: problem)
    }
}
