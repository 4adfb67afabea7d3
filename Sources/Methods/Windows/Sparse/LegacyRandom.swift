/// The generator behind `numpy.random.seed` (MT19937), as far as published masks are drawn from it.
struct LegacyRandom {
    private var state: [UInt32]
    private var index = 624

    /// `init_genrand` of Matsumoto and Nishimura.
    init(seed: UInt32) {
        state = [seed]
        state.reserveCapacity(624)
        for i in 1..<624 {
            let last = state[i - 1]
            state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(i))
        }
    }

    mutating func next() -> UInt32 {
        if index == 624 { refill() }
        var y = state[index]
        index += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C_5680
        y ^= (y << 15) & 0xEFC6_0000
        return y ^ (y >> 18)
    }

    private mutating func refill() {
        for i in 0..<624 {
            let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
            state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
        }
        index = 0
    }

    /// A number 0 to `highest`: one draw a try, cut to the bits that `highest` has, until it is not above it.
    private mutating func number(upTo highest: Int) -> Int {
        guard highest > 0 else { return 0 }
        let mask = UInt32.max >> UInt32(highest).leadingZeroBitCount
        while true {
            let drawn = Int(next() & mask)
            if drawn <= highest { return drawn }
        }
    }

    /// The numbers in another order: Fisher and Yates from the top down.
    mutating func permutation(_ numbers: [Int]) -> [Int] {
        var numbers = numbers
        for i in stride(from: numbers.count - 1, to: 0, by: -1) { numbers.swapAt(i, number(upTo: i)) }
        return numbers
    }
}
