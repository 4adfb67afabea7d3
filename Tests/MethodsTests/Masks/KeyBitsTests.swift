import Testing

@testable import RopewalkMethods

/// Rows as bits say what rows of ranges say.
@Suite struct KeyBitsTests {
    private static let lengths = [1, 5, 63, 64, 65, 127, 130, 700]

    /// Ranges that look random but are always the same.
    private func keys(_ seed: Int, tokens: Int) -> KeyRanges {
        KeyRanges((0..<tokens).filter { ($0 &* 2_654_435_761 &+ seed &* 40_503) >> 7 & 3 != 0 }.map { $0..<$0 + 1 })
    }

    @Test(arguments: lengths) func bitsAndRangesAreTheSame(tokens: Int) {
        for seed in 0..<20 {
            let (a, b) = (keys(seed, tokens: tokens), keys(seed + 100, tokens: tokens))
            let (x, y) = (KeyBits(a, tokens: tokens), KeyBits(b, tokens: tokens))
            #expect(x.keys == a && x.count == a.count && x.first == a.ranges.first?.lowerBound)
            #expect(x.intersection(y).keys == a.intersection(b) && x.union(y).keys == a.union(b))
            #expect(x.subtracting(y).keys == a.subtracting(b))
            #expect(x.complement.keys == KeyRanges(0..<tokens).subtracting(a))
            let difference = x.difference(y)
            #expect(difference.lost == a.subtracting(b).count && difference.gained == b.subtracting(a).count)
            #expect(
                difference.first == a.subtracting(b).union(b.subtracting(a)).ranges.first?.lowerBound
                    && x.contains(-1) == false)
            for place in [-3, 0, tokens / 2, tokens - 1, tokens + 2] {
                let rest = a.intersection(max(0, min(place + 1, tokens))..<tokens)
                #expect(x.after(place).count == rest.count && x.after(place).first == rest.ranges.first?.lowerBound)
                var cut = x
                cut.cut(from: place)
                #expect(cut.keys == a.intersection(0..<max(0, min(place, tokens))))
            }
            let bytes = (0..<tokens).map { a.contains($0) ? UInt8(1 + ($0 * 37) % 255) : 0 }
            #expect(KeyBits(bytes: bytes) == x)
        }
    }

    @Test(arguments: lengths) func columnsAreCounted(tokens: Int) {
        var columns = ColumnCounts(tokens: tokens)
        var expected = [Int](repeating: 0, count: tokens)
        for seed in 0..<77 {
            let row = keys(seed, tokens: tokens)
            columns.add(KeyBits(row, tokens: tokens))
            for key in row.ranges.joined() { expected[key] += 1 }
        }
        #expect(columns.counts == expected)
    }

    /// Every rule of the table, and every method with zones.
    @Test(arguments: MaskExpressionTests.rules.indices) func rulesHaveTheSameBits(index: Int) throws {
        let window = ExpressionWindow(try MaskExpression(MaskExpressionTests.rules[index].0))
        for tokens in [1, 29, 64, 130] {
            for query in 0..<tokens {
                let bits = window.visibleBits(query: query, tokens: tokens)
                #expect(bits.keys == window.visibleKeys(query: query, tokens: tokens), "\(query) of \(tokens)")
            }
        }
    }

    @Test(arguments: [
        "strided:stride=8", "fixed:stride=16,summary=2", "lambda:sink=4,window=16", "document:length=30", "longnet",
        "window:size=8+strided:stride=16",
    ]) func methodsHaveTheSameBits(spec: String) throws {
        let mask = try Mask(parsing: [spec, "expr:(q + k) % 3 != 1"], tokens: 150)
        for query in 0..<150 { #expect(mask.bits(query).keys == mask.row(query), "\(query)") }
    }

    /// Numbers that doubles do not hold, divisions by zero and choices are looked at key by key.
    @Test(arguments: [
        "q * 4503599627370496 + k > 4503599627370496 && k % 2 == 0", "k * 9007199254740993 % 10 == 3 || q < 3",
        "100 / (k - 3) > 4", "q * k * 2654435761 / 65536 % 2 == 0", "(q * k - 40000) / 7 % 5 == 2",
        "min(k, q) * max(k, 7) % 11 > 4", "-(q * k) / (k - 200) < 3", "(q * q - k * k) % -7 == -3",
    ]) func everyNumberIsExact(rule: String) throws {
        let expression = try MaskExpression(rule)
        let window = ExpressionWindow(expression)
        for tokens in [70, 1100] {
            for query in stride(from: 0, to: tokens, by: 37) {
                let expected = (0..<tokens).filter { expression.allows(query: query, key: $0, tokens: tokens) }
                let bits = window.visibleBits(query: query, tokens: tokens)
                #expect(bits.keys.ranges.flatMap { Array($0) } == expected, "\(query)")
                #expect(window.visibleKeys(query: query, tokens: tokens) == bits.keys, "\(query)")
            }
        }
    }

    /// Findings and differences of scattered masks are those of the same masks without bits.
    @Test(arguments: [
        "expr:(q * 7919 + k * 104729) % 13 < 6", "expr:k <= q && q * k % 7 < 4", "expr:k % 2 == 0 && k <= q",
        "expr:(q + k) % 2 == 0 && q != 70",
    ]) func checksOfScatteredMasksAreTheSame(spec: String) throws {
        let mask = try Mask(parsing: [spec], tokens: 300)
        #expect(mask.isScattered)
        let rows = (0..<300).map { mask.row($0) }
        let scan = MaskScan(mask)
        #expect(scan.empty.count == rows.count { $0.isEmpty })
        #expect(scan.future.count == rows.indices.reduce(0) { $0 + rows[$1].count(in: $1 + 1..<301) })
        #expect(scan.hiddenSelf.count == rows.indices.count { !rows[$0].contains($0) })
        #expect(
            scan.viewers
                == rows.indices.map { key in rows.indices.count { $0 != key && rows[$0].contains(key) } })
        let plain = ListedMask(rows: rows)
        let other = try Mask(parsing: ["window:size=40"], tokens: 300)
        let diff = try MaskDiff(mask, other)
        let lost = (0..<300).reduce(0) { $0 + mask.row($1).subtracting(other.row($1)).count }
        let gained = (0..<300).reduce(0) { $0 + other.row($1).subtracting(mask.row($1)).count }
        #expect(diff.onlyInFirst == lost && diff.onlyInSecond == gained)
        let query = (0..<300).first { mask.row($0) != other.row($0) }
        #expect(diff.first?.query == query)
        let same = try MaskDiff(mask, plain)
        #expect(same.isEmpty)
    }
}
