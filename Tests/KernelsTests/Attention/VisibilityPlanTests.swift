import TestSupport
import Testing

@testable import RopewalkKernels

/// The tiles of a plan against the ranges that they were made from.
struct VisibilityPlanTests {
    static func ranges(_ rule: String, _ query: Int) -> [Range<Int>] {
        switch rule {
        case "window": [max(0, query - 99)..<query + 1]
        case "sink and window": query < 300 ? [0..<query + 1] : [0..<4, (query - 256)..<query + 1]
        case "nothing for some": query % 3 == 0 ? [] : [query / 2..<query / 2 + 1]
        case "many": (0...query / 70).map { $0 * 70..<min(query + 1, $0 * 70 + 64) }
        default: [0..<query + 1]
        }
    }

    @Test(
        arguments: ["causal", "window", "sink and window", "nothing for some", "many"],
        [(0, 700), (512, 256), (256, 1), (768, 33)])
    func bitsAreTheRanges(rule: String, chunk: (Int, Int)) {
        let (first, count) = chunk
        let ranges = (0..<count).map { Self.ranges(rule, first + $0) }
        let plan = VisibilityPlan(
            Visibility(ranges: ranges), positions: .unturned(tokens: first + count), firstQuery: first, count: count)
        #expect(firstDifference(plan.groups.flatMap { Array($0.rows) }, Array(0..<count)) == nil)
        for group in plan.groups {
            let indices = group.tiles.map(\.index)
            #expect(indices == Set(indices).sorted())
            for (place, row) in group.rows.enumerated() {
                var seen: [Int] = []
                for tile in group.tiles {
                    for key in 0..<tileSize {
                        let word = place * TileBits.words + key / 64
                        if tile.bits.map({ $0[word] >> UInt64(key % 64) & 1 == 1 }) ?? true {
                            seen.append(tile.index * tileSize + key)
                        }
                    }
                }
                #expect(firstDifference(seen, ranges[row].flatMap { Array($0) }) == nil, "\(rule) row \(row)")
            }
        }
    }

    @Test func withoutRangesTheCausalLimitHolds() {
        let plan = VisibilityPlan(.causal, positions: .unturned(tokens: 556), firstQuery: 256, count: 300)
        let same = VisibilityPlan(
            Visibility(ranges: (0..<300).map { [0..<256 + $0 + 1] }), positions: .unturned(tokens: 556),
            firstQuery: 256,
            count: 300)
        for (a, b) in zip(plan.groups, same.groups) {
            #expect(a.rows == b.rows && a.tiles.map(\.index) == b.tiles.map(\.index))
            #expect(firstDifference(a.tiles.map(\.bits), b.tiles.map(\.bits)) == nil)
        }
        #expect(plan.groups[0].tiles[0].bits == nil && plan.groups[0].tiles.count == 2)
    }
}
