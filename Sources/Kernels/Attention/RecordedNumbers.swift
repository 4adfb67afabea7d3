import CRopewalkKernels

/// How exactly recordings keep queries, keys and values.
package enum RecordingPrecision: String, CaseIterable, Sendable {
    /// As they were computed.
    case single = "f32"
    /// Rounded to half precision: within 2⁻¹¹ of each number, of those below 2⁻¹⁴ within 2⁻²⁵.
    case half = "f16"

    /// What a number takes, in numbers of four bytes.
    package var share: Double { self == .single ? 1 : 0.5 }
}

/// Numbers that a recording keeps.
package enum RecordedNumbers: Sendable {
    case single([Float])
    /// The bits of half-precision numbers.
    case half([UInt16])
    /// Those of a file, read when they are asked for.
    case stored(StoredNumbers)

    /// Where half precision ends: what is as large would become infinite.
    private static let tooLarge: Float = 65_520

    /// Numbers that are too large for half precision, or not finite, are kept as they are.
    package init(_ numbers: [Float], in precision: RecordingPrecision) {
        guard precision == .half else {
            self = .single(numbers)
            return
        }
        var highest: Float = 0
        let bits = [UInt16](unsafeUninitializedCapacity: numbers.count) { buffer, count in
            numbers.withUnsafeBufferPointer { source in
                guard let source = source.baseAddress, let target = buffer.baseAddress else { return }
                highest = ck_narrow(source, numbers.count, target)
            }
            count = numbers.count
        }
        self = highest < Self.tooLarge ? .half(bits) : .single(numbers)
    }

    package var count: Int {
        switch self {
        case .single(let numbers): numbers.count
        case .half(let bits): bits.count
        case .stored(let stored): stored.count
        }
    }

    /// Memory that they take; what lies in a file takes none of its own.
    package var bytes: Int {
        switch self {
        case .single(let numbers): numbers.count * MemoryLayout<Float>.size
        case .half(let bits): bits.count * MemoryLayout<UInt16>.size
        case .stored: 0
        }
    }

    /// All of them.
    package var floats: [Float] {
        if case .single(let numbers) = self { return numbers }
        return self[0..<count]
    }

    /// Some of them.
    package subscript(range: Range<Int>) -> [Float] {
        switch self {
        case .single(let numbers): Array(numbers[range])
        case .half(let bits): Self.widened(bits, range)
        case .stored(let stored): Self.copied(stored, range)
        }
    }

    /// Appends one number of each row.
    /// - Parameters:
    ///   - column: of the row
    ///   - width: numbers of a row
    package func appendColumn(_ column: Int, width: Int, rows: Int, to result: inout [Float]) {
        // Columns and rows are those of what was recorded (MixerSource).
        precondition(column >= 0 && column < width && rows * width <= count)
        for row in 0..<rows { result.append(self[row * width + column]) }
    }

    package subscript(place: Int) -> Float {
        switch self {
        case .single(let numbers): numbers[place]
        case .half(let bits): Self.widened(bits, place..<place + 1)[0]
        case .stored(let stored): stored[place]
        }
    }

    /// Lends some of them, without a copy where they are kept as they are; nothing where there are none.
    ///
    /// The pointer is to the first of the range.
    func with(_ range: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
        // Ranges are those of heads and tiles that were recorded.
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        switch self {
        case .single(let numbers):
            numbers.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base + range.lowerBound) } }
        case .half(let bits):
            Self.widened(bits, range).withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
        case .stored(let stored):
            if let numbers = stored.pointer(range) { return body(numbers) }
            Self.copied(stored, range).withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
        }
    }

    private static func copied(_ stored: StoredNumbers, _ range: Range<Int>) -> [Float] {
        [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
            if let target = buffer.baseAddress { stored.copy(range, to: target) }
            count = range.count
        }
    }

    private static func widened(_ bits: [UInt16], _ range: Range<Int>) -> [Float] {
        [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
            bits.withUnsafeBufferPointer { bits in
                guard let source = bits.baseAddress, let target = buffer.baseAddress else { return }
                ck_widen(WeightFormat.f16.code, source + range.lowerBound, range.count, target)
            }
            count = range.count
        }
    }
}
