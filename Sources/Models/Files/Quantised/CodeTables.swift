import Foundation

/// What codes of small formats stand for.
enum CodeTables {
    /// Whole numbers from 0 on.
    static func unsigned(bits: Int) -> [Float] { (0..<1 << bits).map(Float.init) }

    /// Whole numbers from −2^(bits − 1) on, as packages write signed ones without a sign.
    static func offset(bits: Int) -> [Float] { (0..<1 << bits).map { Float($0 - 1 << (bits - 1)) } }

    /// Bytes in two's complement.
    static let signedBytes: [Float] = (0...255).map { Float(Int8(bitPattern: UInt8($0))) }

    /// Four bits: sign, two of exponent, one of fraction (OCP MX, E2M1).
    static let e2m1: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6]

    /// Powers of two: 2^(code − 127), the last NaN (OCP MX, E8M0).
    static let e8m0: [Float] = (0...255).map {
        $0 == 255 ? .nan : Float(sign: .plus, exponent: $0 - 127, significand: 1)
    }

    /// Eight bits: sign, four of exponent, three of fraction; no infinity (OCP FP8, E4M3).
    static let e4m3: [Float] = (0...255).map { code in
        float(code, exponentBits: 4, fractionBits: 3) { exponent, fraction in
            exponent == 15 && fraction == 7 ? .nan : nil
        }
    }

    /// Eight bits: sign, five of exponent, two of fraction (OCP FP8, E5M2).
    static let e5m2: [Float] = (0...255).map { code in
        float(code, exponentBits: 5, fractionBits: 2) { exponent, fraction in
            exponent == 31 ? (fraction == 0 ? .infinity : .nan) : nil
        }
    }

    private static func float(
        _ code: Int, exponentBits: Int, fractionBits: Int, special: (Int, Int) -> Float?
    ) -> Float {
        let fraction = code & (1 << fractionBits - 1)
        let exponent = code >> fractionBits & (1 << exponentBits - 1)
        let bias = 1 << (exponentBits - 1) - 1
        let part = Float(fraction) / Float(1 << fractionBits)
        let magnitude =
            special(exponent, fraction)
            ?? (exponent == 0
                ? Float(sign: .plus, exponent: 1 - bias, significand: 1) * part
                : Float(sign: .plus, exponent: exponent - bias, significand: 1 + part))
        return code >> 7 & 1 == 1 ? -magnitude : magnitude
    }
}
