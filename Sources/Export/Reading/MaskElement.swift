import RopewalkFormats

/// How one value of a mask array is stored.
struct MaskElement: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case bool, unsigned, signed, float
        case brainFloat
        case float8E4M3, float8E5M2
    }

    let kind: Kind
    /// In bytes.
    let size: Int
    var isBigEndian = false

    /// NumPy's name of the type, such as `<f4`.
    init?(numpy name: String) {
        var letters = Substring(name)
        if let order = letters.first, "<>|=".contains(order) {
            isBigEndian = order == ">"
            letters = letters.dropFirst()
        }
        let known: [Substring: (Kind, Int)] = [
            "?": (.bool, 1), "b1": (.bool, 1), "u1": (.unsigned, 1), "u2": (.unsigned, 2), "u4": (.unsigned, 4),
            "u8": (.unsigned, 8), "i1": (.signed, 1), "i2": (.signed, 2), "i4": (.signed, 4), "i8": (.signed, 8),
            "f2": (.float, 2), "f4": (.float, 4), "f8": (.float, 8),
        ]
        guard let (kind, size) = known[letters] else { return nil }
        self.kind = kind
        self.size = size
    }

    init?(_ type: ElementType) {
        let known: [ElementType: Kind] = [
            .bool: .bool, .u8: .unsigned, .u16: .unsigned, .u32: .unsigned, .u64: .unsigned, .i8: .signed,
            .i16: .signed,
            .i32: .signed, .i64: .signed, .f16: .float, .f32: .float, .f64: .float, .bf16: .brainFloat,
            .f8E4M3: .float8E4M3, .f8E5M2: .float8E5M2,
        ]
        guard let kind = known[type] else { return nil }
        self.kind = kind
        size = type.size
    }

    /// The storage of a torch.save file, such as `BFloat16Storage`.
    init?(torch name: String) {
        let known: [String: (Kind, Int)] = [
            "BoolStorage": (.bool, 1), "ByteStorage": (.unsigned, 1), "CharStorage": (.signed, 1),
            "ShortStorage": (.signed, 2), "IntStorage": (.signed, 4), "LongStorage": (.signed, 8),
            "HalfStorage": (.float, 2), "FloatStorage": (.float, 4), "DoubleStorage": (.float, 8),
            "BFloat16Storage": (.brainFloat, 2), "Float8_e4m3fnStorage": (.float8E4M3, 1),
            "Float8_e5m2Storage": (.float8E5M2, 1),
        ]
        guard let (kind, size) = known[name] else { return nil }
        self.kind = kind
        self.size = size
    }

    var isFloat: Bool { kind != .bool && kind != .unsigned && kind != .signed }

    /// The least finite number of the type, which masks are filled with.
    var lowest: Double {
        switch (kind, size) {
        case (.float, 2): -65504
        case (.float, 4): -Double(Float.greatestFiniteMagnitude)
        case (.float, _): -Double.greatestFiniteMagnitude
        case (.brainFloat, _): -3.3895313892515355e38
        case (.float8E4M3, _): -448
        case (.float8E5M2, _): -57344
        default: -.infinity
        }
    }

    /// The value at a place of some bytes.
    @inline(__always)
    func value(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Double {
        switch (kind, size) {
        case (.bool, _): return bytes[index] == 0 ? 0 : 1
        case (.unsigned, 1): return Double(bytes[index])
        case (.signed, 1): return Double(Int8(bitPattern: bytes[index]))
        case (.float8E4M3, _): return Self.float8(bytes[index], exponentBits: 4)
        case (.float8E5M2, _): return Self.float8(bytes[index], exponentBits: 5)
        case (_, 2): return value(ordered(bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
        case (_, 4): return value(ordered(bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        default: return value(ordered(bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
        }
    }

    /// All of some values in order; the kinds that are common in large arrays have loops of their own.
    @inline(__always)
    func forEach(_ bytes: UnsafeRawBufferPointer, count: Int, _ body: (_ index: Int, _ value: Double) -> Void) {
        switch (kind, size, isBigEndian) {
        case (.float, 4, false):
            for index in 0..<count {
                let bits = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                body(index, Double(Float(bitPattern: UInt32(littleEndian: bits))))
            }
        case (.brainFloat, _, false):
            for index in 0..<count {
                let bits = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                body(index, Double(Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)))
            }
        case (.unsigned, 1, _): for index in 0..<count { body(index, Double(bytes[index])) }
        default: for index in 0..<count { body(index, value(bytes, at: index)) }
        }
    }

    @inline(__always)
    private func ordered<Bits: FixedWidthInteger>(_ bits: Bits) -> Bits {
        isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
    }

    @inline(__always)
    private func value(_ bits: UInt16) -> Double {
        switch kind {
        case .unsigned: Double(bits)
        case .signed: Double(Int16(bitPattern: bits))
        case .brainFloat: Double(Float(bitPattern: UInt32(bits) << 16))
        default: Self.half(bits)
        }
    }

    @inline(__always)
    private func value(_ bits: UInt32) -> Double {
        switch kind {
        case .unsigned: Double(bits)
        case .signed: Double(Int32(bitPattern: bits))
        default: Double(Float(bitPattern: bits))
        }
    }

    @inline(__always)
    private func value(_ bits: UInt64) -> Double {
        switch kind {
        case .unsigned: Double(bits)
        case .signed: Double(Int64(bitPattern: bits))
        default: Double(bitPattern: bits)
        }
    }

    /// By hand: processors of the baseline have no half floats.
    private static func half(_ bits: UInt16) -> Double {
        small(
            sign: bits >> 15, exponent: Int(bits >> 10 & 31), fraction: Int(bits & 1023), bits: 10, bias: 15,
            isIEEE: true)
    }

    private static func float8(_ byte: UInt8, exponentBits: Int) -> Double {
        let fractionBits = 7 - exponentBits
        return small(
            sign: UInt16(byte >> 7), exponent: Int(byte >> UInt8(fractionBits)) & (1 << exponentBits - 1),
            fraction: Int(byte) & (1 << fractionBits - 1), bits: fractionBits, bias: exponentBits == 4 ? 7 : 15,
            isIEEE: exponentBits == 5)
    }

    /// E4M3 has no infinity: only all ones are no number.
    private static func small(
        sign: UInt16, exponent: Int, fraction: Int, bits: Int, bias: Int, isIEEE: Bool
    ) -> Double {
        let top = isIEEE ? 2 * bias + 1 : 2 * bias + 1
        if exponent == top {
            if isIEEE { return fraction == 0 ? (sign == 0 ? .infinity : -.infinity) : .nan }
            if fraction == 1 << bits - 1 { return .nan }
        }
        let whole = exponent == 0 ? Double(fraction) : Double(fraction + 1 << bits)
        let magnitude = whole * Double(sign: .plus, exponent: max(1, exponent) - bias - bits, significand: 1)
        return sign == 0 ? magnitude : -magnitude
    }
}
