/// The physical blocks of a cache, and how many sequences hold each.
package struct PagePool: Equatable, Sendable {
    /// B: tokens of a block; vLLM's default is 16.
    package let blockSize: Int
    /// 0 for a block that is free. [block]
    package private(set) var holders: [Int]
    /// What each slot keeps, by a number of its own; −1 for nothing. [block · blockSize + place]
    package private(set) var slots: [Int]
    /// No block before it is free.
    private var firstFree = 0
    private var lastState = -1

    package static let usualBlockSize = 16
    package static let blockSizeRange = 1...65_536
    /// Slots of a pool at most.
    package static let slotLimit = 1 << 24

    package init(blocks: Int, blockSize: Int) {
        self.blockSize = max(1, blockSize)
        holders = Array(repeating: 0, count: max(0, blocks))
        slots = Array(repeating: -1, count: max(0, blocks) * self.blockSize)
    }

    package var count: Int { holders.count }
    package private(set) var used = 0
    package var free: Int { count - used }

    /// The first free block, for one sequence.
    mutating func allocate() throws(PageError) -> Int {
        guard let block = holders[min(firstFree, count)...].firstIndex(of: 0) else {
            throw .full(blocks: count, size: blockSize)
        }
        holders[block] = 1
        used += 1
        firstFree = block + 1
        return block
    }

    mutating func share(_ block: Int) { holders[block] += 1 }

    /// One sequence less holds the block; whether it is free now.
    mutating func release(_ block: Int) -> Bool {
        holders[block] -= 1
        guard holders[block] == 0 else { return false }
        used -= 1
        for slot in slots(of: block) { slots[slot] = -1 }
        firstFree = min(firstFree, block)
        return true
    }

    /// Copies the first places of a block to another.
    mutating func copy(_ block: Int, to other: Int, places: Int) {
        for place in 0..<places { slots[other * blockSize + place] = slots[block * blockSize + place] }
    }

    /// A token's key and value take a slot.
    mutating func fill(_ block: Int, place: Int) {
        lastState += 1
        slots[block * blockSize + place] = lastState
    }

    package func slots(of block: Int) -> Range<Int> { block * blockSize..<(block + 1) * blockSize }
}
