import Foundation

/// Cosines and sines of many angles, in a loop that the compiler turns into vectors.
enum Circle {
    /// Up to here three parts of π/2 leave what float32 has; larger angles are taken one by one.
    private static let largest: Float = 4096
    /// Adding it leaves whole numbers, as the last bits.
    private static let whole: Float = 12_582_912

    /// cosine = cos(cosine), sine = sin(cosine).   both: [count]
    static func turn(_ cosine: UnsafeMutablePointer<Float>, _ sine: UnsafeMutablePointer<Float>, count: Int) {
        var highest: Float = 0
        for j in 0..<count { highest = max(highest, abs(cosine[j])) }
        guard highest < largest else {
            for j in 0..<count { (cosine[j], sine[j]) = (cosf(cosine[j]), sinf(cosine[j])) }
            return
        }
        for j in 0..<count {
            let x = cosine[j]
            // x = quarter · π/2 + r, |r| <= π/4; then the series of Cephes (Moshier).
            let shifted = x * 0.636_619_8 + whole
            let quarter = shifted - whole
            let r = ((x - quarter * 1.570_312_5) - quarter * 4.837_513e-4) - quarter * 7.549_79e-8
            let z = r * r
            let s = ((-1.951_529_6e-4 * z + 8.332_161e-3) * z - 1.666_665_5e-1) * z * r + r
            let c = ((2.443_315_7e-5 * z - 1.388_731_6e-3) * z + 4.166_664_6e-2) * z * z - 0.5 * z + 1
            // Odd quarters exchange both; signs are those of the quarter.
            let bits = shifted.bitPattern
            let odd = 0 &- (bits & 1)
            let a = (s.bitPattern & ~odd) | (c.bitPattern & odd)
            let b = (c.bitPattern & ~odd) | (s.bitPattern & odd)
            sine[j] = Float(bitPattern: a ^ ((bits & 2) << 30))
            cosine[j] = Float(bitPattern: b ^ (((bits &+ 1) & 2) << 30))
        }
    }
}
