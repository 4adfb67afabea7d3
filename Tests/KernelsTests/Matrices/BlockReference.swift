import RopewalkKernels

/// The definition of every format of weights, one number at a time: number `index` of the block that begins at `start`.
struct BlockReference {
    let format: WeightFormat
    let bytes: [UInt8]

    var values: [Float] {
        (0..<bytes.count / format.blockBytes).flatMap { block in
            (0..<format.blockLength).map { value($0, in: block * format.blockBytes) }
        }
    }

    private func half(_ place: Int) -> Float { Float(Float16(bitPattern: word(place))) }
    private func word(_ place: Int) -> UInt16 { UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8 }
    private func integer(_ place: Int, bytes count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
    }

    private func bits(_ place: Int, from bit: Int, count: Int = 1) -> Int {
        Int(bytes[place]) >> bit & (1 << count - 1)
    }

    /// The nibble of number `index` of 32 in 16 bytes: low halves first.
    private func nibble(_ place: Int, _ index: Int) -> Int { bits(place + index % 16, from: index / 16 * 4, count: 4) }

    /// Scale and minimum of a group of Q4_K and Q5_K.
    private func sixBits(_ place: Int, _ group: Int) -> (scale: Float, minimum: Float) {
        let upper = group % 4
        guard group > 3 else {
            return (Float(bits(place + group, from: 0, count: 6)), Float(bits(place + 4 + group, from: 0, count: 6)))
        }
        let scale = bits(place + 8 + upper, from: 0, count: 4) + 16 * bits(place + upper, from: 6, count: 2)
        let minimum = bits(place + 8 + upper, from: 4, count: 4) + 16 * bits(place + 4 + upper, from: 6, count: 2)
        return (Float(scale), Float(minimum))
    }

    private static let steps: [Float] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]

    private func value(_ i: Int, in start: Int) -> Float {
        switch format {
        case .f32: return Float(bitPattern: UInt32(integer(start, bytes: 4)))
        case .f64: return Float(Double(bitPattern: integer(start, bytes: 8)))
        case .f16: return half(start)
        case .bf16: return Float(bitPattern: UInt32(word(start)) << 16)
        case .q4_0: return half(start) * Float(nibble(start + 2, i) - 8)
        case .q4_1: return half(start) * Float(nibble(start + 4, i)) + half(start + 2)
        case .q5_0:
            let fifth = bits(start + 2 + i / 8, from: i % 8)
            return half(start) * Float(nibble(start + 6, i) + 16 * fifth - 16)
        case .q5_1:
            let fifth = bits(start + 4 + i / 8, from: i % 8)
            return half(start) * Float(nibble(start + 8, i) + 16 * fifth) + half(start + 2)
        case .q8_0: return half(start) * Float(Int8(bitPattern: bytes[start + 2 + i]))
        case .iq4_NL: return half(start) * Self.steps[nibble(start + 2, i)]
        default: return valueOf256(i, in: start)
        }
    }

    private func valueOf256(_ i: Int, in start: Int) -> Float {
        switch format {
        case .q2_K:
            let scale = half(start + 80) * Float(bits(start + i / 16, from: 0, count: 4))
            let minimum = half(start + 82) * Float(bits(start + i / 16, from: 4, count: 4))
            return scale * Float(bits(start + 16 + i / 128 * 32 + i % 32, from: i / 32 % 4 * 2, count: 2)) - minimum
        case .q3_K:
            let group = i / 16
            let scale =
                bits(start + 96 + group % 8, from: group / 8 * 4, count: 4)
                + 16 * bits(start + 104 + group % 4, from: group / 4 * 2, count: 2) - 32
            let number =
                bits(start + 32 + i / 128 * 32 + i % 32, from: i / 32 % 4 * 2, count: 2)
                - (bits(start + i % 32, from: i / 32) == 0 ? 4 : 0)
            return half(start + 108) * Float(scale) * Float(number)
        case .q4_K:
            let group = sixBits(start + 4, i / 32)
            let number = bits(start + 16 + i / 64 * 32 + i % 32, from: i / 32 % 2 * 4, count: 4)
            return half(start) * group.scale * Float(number) - half(start + 2) * group.minimum
        case .q5_K:
            let group = sixBits(start + 4, i / 32)
            let number =
                bits(start + 48 + i / 64 * 32 + i % 32, from: i / 32 % 2 * 4, count: 4)
                + 16 * bits(start + 16 + i % 32, from: i / 32)
            return half(start) * group.scale * Float(number) - half(start + 2) * group.minimum
        case .q6_K:
            let scale = Float(Int8(bitPattern: bytes[start + 192 + i / 16]))
            let number =
                bits(start + i / 128 * 64 + i % 64, from: i / 64 % 2 * 4, count: 4)
                + 16 * bits(start + 128 + i / 128 * 32 + i % 32, from: i / 32 % 4 * 2, count: 2) - 32
            return half(start + 208) * scale * Float(number)
        case .iq4_XS:
            let group = i / 32
            let scale =
                bits(start + 4 + group / 2, from: group % 2 * 4, count: 4)
                + 16 * bits(start + 2 + group / 4, from: group % 4 * 2, count: 2) - 32
            return half(start) * Float(scale) * Self.steps[nibble(start + 8 + group * 16, i % 32)]
        default: return .nan
        }
    }
}
