import RopewalkKernels

/// Floats as the blocks that llama.cpp makes of them, byte by byte (ggml-quants.c, commit d99724f2, without importance
/// matrix).
enum BlockQuantiser {
    /// - Parameter values: whole blocks
    static func bytes(_ values: [Float], _ format: WeightFormat) -> [UInt8] {
        let length = format.blockLength
        let blocks = values.count / length
        let parts = Workers().map(blocks == 0 ? 0 : (blocks + 255) / 256) { piece in
            (piece * 256..<min(blocks, (piece + 1) * 256)).flatMap { block -> [UInt8] in
                let part = values[block * length..<(block + 1) * length]
                return switch format {
                case .q8_0: eightBits(Array(part))
                case .q4_0: fourBits(Array(part))
                default: superBlock(Array(part))
                }
            }
        }
        return parts.flatMap { $0 }
    }

    /// d = amax / 127 as half, then round(x / d), halves away from zero; the codes are made with d before it is rounded.
    private static func eightBits(_ x: [Float]) -> [UInt8] {
        let scale = (x.map { abs($0) }.max() ?? 0) / 127
        let inverse = scale == 0 ? 0 : 1 / scale
        return half(scale) + x.map { UInt8(bitPattern: Int8(($0 * inverse).rounded(.toNearestOrAwayFromZero))) }
    }

    /// d = (the number of the largest size, with its sign) / −8; low halves of the bytes are the first sixteen.
    private static func fourBits(_ x: [Float]) -> [UInt8] {
        var largest: Float = 0
        for value in x where abs(value) > abs(largest) { largest = value }
        let scale = largest / -8
        let inverse = scale == 0 ? 0 : 1 / scale
        let codes = x.map { UInt8(min(15, max(0, Int($0 * inverse + 8.5)))) }
        return half(scale) + (0..<16).map { codes[$0] | codes[$0 + 16] << 4 }
    }

    /// Eight parts of 32 numbers with a scale and a minimum of six bits each.
    private static func superBlock(_ x: [Float]) -> [UInt8] {
        let parts = (0..<8).map { Part(Array(x[$0 * 32..<($0 + 1) * 32])) }
        let scale = parts.map(\.scale).max() ?? 0
        let minimum = parts.map(\.minimum).max() ?? 0
        func code(_ value: Float, _ most: Float) -> UInt8 {
            most > 0 ? UInt8(min(63, max(0, (63 / most * value).rounded(.toNearestOrEven)))) : 0
        }
        let scales = parts.map { code($0.scale, scale) }
        let minima = parts.map { code($0.minimum, minimum) }
        var packed = [UInt8](repeating: 0, count: 12)
        for j in 0..<4 { (packed[j], packed[j + 4]) = (scales[j], minima[j]) }
        for j in 4..<8 {
            packed[j + 4] = scales[j] & 15 | (minima[j] & 15) << 4
            packed[j - 4] |= (scales[j] >> 4) << 6
            packed[j] |= (minima[j] >> 4) << 6
        }
        let (d, least) = (Float16(scale / 63), Float16(minimum / 63))
        var codes: [UInt8] = []
        for (j, part) in parts.enumerated() {
            let (step, offset) = (Float(d) * Float(scales[j]), Float(least) * Float(minima[j]))
            codes +=
                step == 0
                ? part.codes
                : part.values.map { UInt8(min(15, max(0, (($0 + offset) / step).rounded(.toNearestOrEven)))) }
        }
        let bytes = stride(from: 0, to: 256, by: 64).flatMap { start in
            (start..<start + 32).map { codes[$0] | codes[$0 + 32] << 4 }
        }
        return half(scale / 63) + half(minimum / 63) + packed + bytes
    }

    /// 32 numbers as scale · code − minimum with codes of four bits: of 21 scales that are tried the one whose least squares
    /// (by weight √mean(x²) + |x|) are least.
    private struct Part {
        let values: [Float]
        private(set) var scale: Float = 0
        private(set) var minimum: Float = 0
        private(set) var codes: [UInt8]

        init(_ values: [Float]) {
            self.values = values
            codes = Array(repeating: 0, count: values.count)
            let mean = (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
            let weights = values.map { mean + abs($0) }
            let most = values.max() ?? 0
            var least = min(0, values.min() ?? 0)
            guard most > least else {
                minimum = -least
                return
            }
            let sums = (weight: weights.reduce(0, +), x: zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 })
            func trial(_ inverse: Float, _ least: Float) -> [UInt8] {
                values.map { UInt8(min(15, max(0, (inverse * ($0 - least)).rounded(.toNearestOrEven)))) }
            }
            func error(_ codes: [UInt8], _ scale: Float, _ least: Float) -> Float {
                var sum: Float = 0
                for i in values.indices {
                    let off = scale * Float(codes[i]) + least - values[i]
                    sum += weights[i] * (off * off)
                }
                return sum
            }
            (scale, minimum, codes) = (1 / (15 / (most - least)), -least, trial(15 / (most - least), least))
            var best = error(codes, scale, least)
            // What has been found to be better is where the next ones begin.
            for step in 0...20 {
                let codes = trial((-1 + 0.1 * Float(step) + 15) / (most - least), least)
                guard let (scale, offset) = Self.fitted(codes, values, weights, sums) else { continue }
                let error = error(codes, scale, offset)
                guard error < best else { continue }
                (self.scale, minimum, self.codes, best, least) = (scale, -offset, codes, error, offset)
            }
        }

        /// Scale and offset of least squares; an offset above 0 is 0.
        private static func fitted(
            _ codes: [UInt8], _ values: [Float], _ weights: [Float], _ sums: (weight: Float, x: Float)
        ) -> (scale: Float, offset: Float)? {
            var (l, square, product): (Float, Float, Float) = (0, 0, 0)
            for i in values.indices {
                let code = Float(codes[i])
                l += weights[i] * code
                square += weights[i] * code * code
                product += weights[i] * code * values[i]
            }
            let determinant = sums.weight * square - l * l
            guard determinant > 0 else { return nil }
            let offset = (square * sums.x - l * product) / determinant
            guard offset <= 0 else { return (product / square, 0) }
            return ((sums.weight * product - sums.x * l) / determinant, offset)
        }
    }

    private static func half(_ value: Float) -> [UInt8] {
        let bits = Float16(value).bitPattern
        return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
    }
}
