import RopewalkMethods
import Testing

@Suite struct KeyRangesTests {
    /// All sets over six keys, so that every way two of them can lie to each other occurs.
    static let sets: [KeyRanges] = (0..<64).map { bits in
        KeyRanges((0..<6).filter { bits >> $0 & 1 == 1 }.map { $0..<$0 + 1 })
    }

    func keys(_ ranges: KeyRanges) -> Set<Int> { Set(ranges.ranges.flatMap { Array($0) }) }

    @Test func operationsAreThoseOfSets() {
        for a in Self.sets {
            for b in Self.sets {
                #expect(keys(a.intersection(b)) == keys(a).intersection(keys(b)))
                #expect(keys(a.union(b)) == keys(a).union(keys(b)))
                #expect(keys(a.subtracting(b)) == keys(a).subtracting(keys(b)))
            }
            for key in -1...6 { #expect(a.contains(key) == keys(a).contains(key)) }
            for low in 0...6 {
                for high in low...6 { #expect(a.count(in: low..<high) == keys(a).filter { (low..<high) ~= $0 }.count) }
            }
        }
    }

    @Test func resultsAreCanonical() {
        for a in Self.sets {
            for b in Self.sets {
                for result in [a.intersection(b), a.union(b), a.subtracting(b)] {
                    #expect(result == KeyRanges(result.ranges))
                }
            }
        }
        #expect(KeyRanges([3..<5, 0..<0, 1..<3]).ranges == [1..<5])
        #expect(KeyRanges(from: 3, to: 2).isEmpty)
    }
}
