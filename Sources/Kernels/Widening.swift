import CKernels

/// Half-precision numbers as float32; every value is kept exactly.
public enum Widening {
    /// Brain floats, little-endian.
    public static func bf16(_ bytes: UnsafeRawBufferPointer) -> [Float] { widen(bytes, ck_widen_bf16) }

    /// IEEE half precision, little-endian.
    public static func f16(_ bytes: UnsafeRawBufferPointer) -> [Float] { widen(bytes, ck_widen_f16) }

    /// float32, little-endian, at any alignment.
    public static func f32(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
            count = bytes.count / 4
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes.prefix(count * 4))
        }
    }

    private static func widen(
        _ bytes: UnsafeRawBufferPointer, _ loop: (UnsafePointer<UInt16>?, Int, UnsafeMutablePointer<Float>?) -> Void
    ) -> [Float] {
        let halves = [UInt16](unsafeUninitializedCapacity: bytes.count / 2) { buffer, count in
            count = bytes.count / 2
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes.prefix(count * 2))
        }
        return [Float](unsafeUninitializedCapacity: halves.count) { buffer, count in
            loop(halves, halves.count, buffer.baseAddress)
            count = halves.count
        }
    }
}
