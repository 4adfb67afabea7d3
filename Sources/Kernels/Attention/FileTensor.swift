import CRopewalkKernels

/// A tensor of a file, [head, row, width], little-endian and at any alignment.
package struct FileTensor: Sendable {
    /// How its numbers are kept.
    package enum Format: Sendable, Equatable {
        case f64, f32, f16, bf16, i32
        /// Whole numbers of one byte; the factors of the rows, float32, begin at that byte of the file.
        case i8(scales: Int)

        /// Bytes of a number.
        package var size: Int {
            switch self {
            case .f64: 8
            case .f32, .i32: 4
            case .f16, .bf16: 2
            case .i8: 1
            }
        }
    }

    private let bytes: StoredBytes
    let name: String
    private let offset: Int
    let format: Format
    /// Which heads of the layer it has.
    package let heads: Range<Int>
    /// Rows of a head.
    package let rows: Int
    /// Numbers of a row.
    package let width: Int

    /// Nil where the file has not as many bytes.
    /// - Parameters:
    ///   - offset: the byte of the file where it begins.
    ///   - heads: which heads of the layer it has; their number is the length of its first axis.
    package init?(
        _ bytes: StoredBytes, name: String, offset: Int, format: Format, heads: Range<Int>, rows: Int, width: Int
    ) {
        guard offset >= 0, rows >= 0, width >= 0, bytes.base != nil || heads.isEmpty else { return nil }
        let (lines, isTooLong) = heads.count.multipliedReportingOverflow(by: rows)
        let (numbers, isTooLarge) = lines.multipliedReportingOverflow(by: width)
        guard !isTooLong, !isTooLarge, numbers <= .max / 8, offset <= bytes.count,
            numbers * format.size <= bytes.count - offset
        else { return nil }
        if case .i8(let scales) = format {
            guard scales >= 0, scales <= bytes.count, lines * 4 <= bytes.count - scales else { return nil }
        }
        self.bytes = bytes
        self.name = name
        self.offset = offset
        self.format = format
        self.heads = heads
        self.rows = rows
        self.width = width
    }

    /// Where a number lies among those of the tensor.
    private func place(head: Int, row: Int, column: Int) -> Int {
        // Whoever asks has found that the tensor has this head, and asks for rows of its part.
        precondition(heads.contains(head) && row >= 0 && row < rows && column >= 0 && column < width)
        return ((head - heads.lowerBound) * rows + row) * width + column
    }

    /// Some numbers in a row, which may go on in the rows that follow of the same head; what no model has becomes 0 and is
    /// told of.
    func widen(head: Int, row: Int, column: Int = 0, count: Int, to target: UnsafeMutablePointer<Float>) {
        guard count > 0, bytes.base != nil else { return }
        copy(head: head, row: row, column: column, count: count, to: target)
        if Self.isAnyTooLarge(target, count) {
            for i in 0..<count where !(abs(target[i]) < Self.limit) { target[i] = 0 }
            bytes.noteProblem(in: name)
        }
    }

    /// The same as the file has them, whatever they are; numbers of float64 are rounded to float32.
    func copy(head: Int, row: Int, column: Int = 0, count: Int, to target: UnsafeMutablePointer<Float>) {
        guard count > 0, let base = bytes.base else { return }
        let first = place(head: head, row: row, column: column)
        // They end in a row of the same head.
        precondition(count <= (rows - row) * width - column)
        let source = base + offset + first * format.size
        switch format {
        case .f64:
            for i in 0..<count { target[i] = Float(source.loadUnaligned(fromByteOffset: 8 * i, as: Double.self)) }
        case .f32: ck_widen(CK_F32, source, count, target)
        case .f16: ck_widen(CK_F16, source, count, target)
        case .bf16: ck_widen(CK_BF16, source, count, target)
        case .i32: for i in 0..<count { target[i] = Float(source.loadUnaligned(fromByteOffset: 4 * i, as: Int32.self)) }
        case .i8(let scales): scale(source, first: first, count: count, scales: base + scales, to: target)
        }
    }

    private func scale(
        _ source: UnsafeRawPointer, first: Int, count: Int, scales: UnsafeRawPointer,
        to target: UnsafeMutablePointer<Float>
    ) {
        var done = 0
        while done < count {
            let line = (first + done) / width
            let end = min(count, (line + 1) * width - first)
            let factor = scales.loadUnaligned(fromByteOffset: 4 * line, as: Float.self)
            for i in done..<end { target[i] = factor * Float(source.load(fromByteOffset: i, as: Int8.self)) }
            done = end
        }
    }

    /// No model has such numbers: products of larger ones, summed over a head, may be infinite.
    package static let limit: Float = 0x1p50

    /// Whether one of the numbers is too large, or none at all, by its exponent.
    private static func isAnyTooLarge(_ numbers: UnsafePointer<Float>, _ count: Int) -> Bool {
        var highest: UInt32 = 0
        for i in 0..<count { highest = max(highest, numbers[i].bitPattern & 0x7f80_0000) }
        return highest >= limit.bitPattern
    }

    /// Lends numbers where they lie; nil where they have to be widened or are not aligned.
    func pointer(head: Int, row: Int, count: Int) -> UnsafePointer<Float>? {
        guard case .f32 = format, count > 0, let base = bytes.base else { return nil }
        let start = base + offset + place(head: head, row: row, column: 0) * 4
        // They end in a row of the same head.
        precondition(count <= (rows - row) * width)
        guard Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0 else { return nil }
        let numbers = start.assumingMemoryBound(to: Float.self)
        return Self.isAnyTooLarge(numbers, count) ? nil : numbers
    }

    /// Where a row of the first head lies, of numbers of four bytes, and how many bytes on that row of the next head does. The
    /// pointer holds as long as a copy of this does.
    func start(row: Int) -> (first: UnsafeRawPointer, perHead: Int)? {
        guard format.size == 4, row <= rows, let base = bytes.base else { return nil }
        return (base + offset + row * width * 4, rows * width * 4)
    }

    /// The four bytes of a number.
    func word(head: Int, row: Int, column: Int) -> UInt32 {
        guard let base = bytes.base else { return 0 }
        return base.loadUnaligned(
            fromByteOffset: offset + place(head: head, row: row, column: column) * 4, as: UInt32.self)
    }

    func noteProblem() { bytes.noteProblem(in: name) }
}
