import CRopewalkFiles

/// SHA-256 (FIPS 180-4) of bytes that come in parts.
package struct SHA256 {
    /// Bytes.
    private static let block = 64

    /// The first 32 bits of the fractions of the square roots of the first eight primes.
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// What does not fill a block yet.
    private var rest: [UInt8] = []
    private var length: UInt64 = 0

    package init() {}

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { add(buffer: UnsafeRawBufferPointer($0)) }
        if isDone == nil { Array(bytes).withUnsafeBytes { add(buffer: $0) } }
    }

    private mutating func add(buffer: UnsafeRawBufferPointer) {
        length += UInt64(buffer.count)
        var left = buffer[...]
        if !rest.isEmpty {
            let taken = left.prefix(Self.block - rest.count)
            rest += taken
            left = left.dropFirst(taken.count)
            guard rest.count == Self.block else { return }
            let full = rest
            full.withUnsafeBytes { take($0) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = left.count / Self.block * Self.block
        take(UnsafeRawBufferPointer(rebasing: left.prefix(whole)))
        rest += left.dropFirst(whole)
    }

    /// Adds whole blocks.
    private mutating func take(_ blocks: UnsafeRawBufferPointer) {
        guard let base = blocks.baseAddress, !blocks.isEmpty else { return }
        state.withUnsafeMutableBufferPointer { state in
            guard let state = state.baseAddress else { return }
            sha256_blocks(state, base, blocks.count / Self.block)
        }
    }

    /// 64 hexadecimal digits.
    package consuming func hexadecimal() -> String {
        let bits = length &* 8
        let zeros = (2 * Self.block - 9 - rest.count) % Self.block
        add([0x80] + Array(repeating: 0, count: zeros))
        add((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) })
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}
