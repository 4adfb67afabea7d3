import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// An array in a file: what its numbers are, and where.
struct MaskArray: Sendable {
    let source: any ByteSource
    let element: MaskElement
    let shape: [Int]
    /// In numbers, not bytes.
    let strides: [Int]
    let path: String

    /// Larger arrays are not decoded, and no larger ones are held in memory.
    static let byteLimit = 1 << 33
    static let memoryLimit = 1 << 30
    private static let planeLimit = 1 << 16

    /// - Parameter strides: nil for rows one after the other.
    init(
        _ source: any ByteSource, of element: MaskElement, shape: [Int], strides: [Int]? = nil, path: String
    ) throws(ExportError) {
        self.source = source
        self.element = element
        self.shape = shape
        self.path = path
        var dense = [Int](repeating: 1, count: shape.count)
        var total = 1
        for axis in shape.indices.reversed() {
            dense[axis] = total
            let (product, overflow) = total.multipliedReportingOverflow(by: max(1, shape[axis]))
            guard !overflow, product <= 1 << 40 else {
                throw .mask(file: path, problem: say("the shape \(shape) is too large"))
            }
            total = product
        }
        self.strides = strides ?? dense
        guard !shape.contains(0) else { throw .mask(file: path, problem: say("the shape \(shape) holds no value")) }
        var last = 0
        for (length, stride) in zip(shape, self.strides) {
            let (reach, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
            guard !overflow, stride >= 0, reach <= 1 << 40 else {
                throw .mask(file: path, problem: say("the strides \(self.strides) are impossible"))
            }
            last += reach
        }
        guard last < 1 << 41, (last + 1) * element.size <= source.count else {
            throw .mask(
                file: path,
                problem: say(
                    """
                    the data end early: \(((last + 1) * element.size).grouped) bytes are stated, \
                    \(source.count.grouped) are there
                    """))
        }
    }

    private var rows: Int { shape[shape.count - 2] }
    private var columns: Int { shape[shape.count - 1] }

    /// The masks that it holds.
    func stack(_ reading: MaskReading, fingerprint: Int) throws(ExportError) -> MaskStack {
        guard shape.count >= 2, shape.count <= 5 else {
            throw .mask(
                file: path,
                problem: say(
                    "an array of \(shape.count) axes: [queries, keys] with batch, layers or heads before is wanted")
                    + (shape.count == 1 ? say("; --as padding, cu-seqlens, position-ids or documents takes one") : ""))
        }
        if let axes = reading.axes, axes.count != shape.count {
            throw .mask(
                file: path, problem: say("--axes names \(axes.count) axes, the array \(shape) has \(shape.count)"))
        }
        try MaskFile.checkSize(queries: rows, keys: columns, path: path)
        let lengths = Array(shape.dropLast(2))
        let count = lengths.reduce(1, *)
        guard count <= Self.planeLimit else {
            throw .mask(file: path, problem: say("\(count.grouped) masks: it takes up to \(Self.planeLimit.grouped)"))
        }
        let (planes, remarks) = try planes(count, lengths, reading)
        return MaskStack(
            planes: planes, lengths: lengths, axes: reading.axes.map { Array($0.dropLast(2)) }, offset: reading.offset,
            remarks: remarks, fingerprint: fingerprint)
    }

    private func planes(
        _ count: Int, _ lengths: [Int], _ reading: MaskReading
    ) throws(ExportError) -> ([any MaskRows], [String]) {
        let starts = (0..<count).map { start(ofPlane: $0, lengths) }
        // Booleans have no value to be told apart by: their rows are read when they are asked for.
        if element.kind == .bool, reading.hiddenBelow == nil, strides.last == 1, columns > 1 {
            return (
                starts.map {
                    BooleanRows(
                        array: self, start: $0, count: rows, stride: strides[strides.count - 2], tokens: columns,
                        isInverted: reading.isInverted)
                }, []
            )
        }
        guard count * rows <= Self.byteLimit / max(1, columns) else {
            throw .mask(file: path, problem: say("\(shape) are over \(Self.byteLimit.grouped) values, the limit"))
        }
        var decoder = ArrayDecoder(self, starts: starts, rows: rows, columns: columns)
        return try decoder.decode(reading)
    }

    private func start(ofPlane plane: Int, _ lengths: [Int]) -> Int {
        var rest = plane
        var start = 0
        for axis in lengths.indices.reversed() {
            start += rest % lengths[axis] * strides[axis]
            rest /= lengths[axis]
        }
        return start
    }

    var rowStride: Int { strides[strides.count - 2] }

    /// The bytes of a row that lies dense.
    func row(_ start: Int, count: Int) -> [UInt8] {
        source.bytes(at: start * element.size, count: count * element.size)
    }
}

/// The rows of a boolean array, read when they are asked for. What a file has lost meanwhile is hidden.
struct BooleanRows: MaskRows {
    let array: MaskArray
    let start: Int
    let count: Int
    let stride: Int
    let tokens: Int
    let isInverted: Bool

    var queries: Range<Int> { 0..<count }

    func row(_ query: Int) -> KeyRanges {
        let bytes = array.row(start + query * stride, count: tokens)
        let keys = KeyRanges(bytes: bytes)
        return isInverted ? KeyRanges(0..<bytes.count).subtracting(keys) : keys
    }

    func bits(_ query: Int) -> KeyBits {
        let bytes = array.row(start + query * stride, count: tokens)
        guard bytes.count == tokens else { return KeyBits(row(query), tokens: tokens) }
        let bits = KeyBits(bytes: bytes)
        return isInverted ? bits.complement : bits
    }
}

extension KeyRanges {
    /// The places of the bytes that are not 0; eight that are alike are one step.
    init(bytes: [UInt8]) {
        var ranges: [Range<Int>] = []
        var start: Int?
        bytes.withUnsafeBytes { buffer in
            var index = 0
            while index < buffer.count {
                if index + 8 <= buffer.count {
                    let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    if start == nil ? word == 0 : word == 0x0101_0101_0101_0101 {
                        index += 8
                        continue
                    }
                }
                let isSet = buffer[index] != 0
                if isSet, start == nil {
                    start = index
                } else if !isSet, let from = start {
                    ranges.append(from..<index)
                    start = nil
                }
                index += 1
            }
        }
        if let start { ranges.append(start..<bytes.count) }
        self.init(ranges)
    }
}
