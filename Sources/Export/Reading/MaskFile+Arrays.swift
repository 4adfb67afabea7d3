import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

extension MaskFile {
    /// The largest whole number that a float keeps exactly, and so the largest that an array may hold.
    private static let largestNumber = 9_007_199_254_740_992.0
    private static let axisLimit = 4

    /// The numbers of a file that a rule looks up: of NumPy, safetensors and torch.save files, and of text.
    static func array(_ text: String) throws(ExportError) -> RuleArray {
        let (path, name) = split(text)
        let source = try source(path)
        guard source.count > 0 else { throw .mask(file: path, problem: say("the file is empty")) }
        let array = try numbers(source, path: path, name: name)
        let count = array.shape.reduce(1, *)
        guard array.shape.count <= axisLimit, count <= RuleArray.sizeLimit else {
            throw .mask(
                file: path,
                problem: say(
                    """
                    \(array.shape): rules look things up in up to \(axisLimit) axes and \
                    \(RuleArray.sizeLimit.grouped) numbers
                    """))
        }
        return RuleArray(
            path: text, shape: array.shape, values: try values(array, count: count),
            isBoolean: array.element.kind == .bool)
    }

    /// What a text has in one line or in one column is one axis.
    private static func numbers(
        _ source: any ByteSource, path: String, name: String?
    ) throws(ExportError) -> MaskArray {
        if let container = try container(source, path: path) { return try container.array(named: name) }
        guard name == nil else { throw .mask(file: path, problem: say("it is a text and has no arrays with names")) }
        guard let data = source.data(limit: RuleArray.sizeLimit * 8) else {
            throw .mask(
                file: path, problem: say("\(source.count.grouped) bytes: no text is so long that rules look up"))
        }
        let array = try MaskTextReader(data, path: path).numbers()
        guard array.shape.contains(1) else { return array }
        return try MaskArray(array.source, of: array.element, shape: [array.shape.reduce(1, *)], path: path)
    }

    private static func values(_ array: MaskArray, count: Int) throws(ExportError) -> [Int] {
        let bytes = array.source.bytes(at: 0, count: array.source.count)
        var values: [Int] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            var (rest, place) = (index, 0)
            for axis in array.shape.indices.reversed() {
                place += rest % array.shape[axis] * array.strides[axis]
                rest /= array.shape[axis]
            }
            let value = bytes.withUnsafeBytes { bytes in
                (place + 1) * array.element.size <= bytes.count ? array.element.value(bytes, at: place) : .nan
            }
            guard value == value.rounded(), abs(value) < largestNumber else {
                throw .mask(
                    file: array.path, problem: say("number \(index.grouped) is \(value): rules take whole numbers"))
            }
            values.append(Int(value))
        }
        return values
    }
}
