import Testing

@testable import RopewalkKernels

/// Numbers that lie in a file read as those that lie in memory.
struct StoredNumbersTests {
    private static func number(_ head: Int, _ row: Int, _ i: Int) -> Float { Float(head * 10_000 + row * 10 + i) / 7 }

    /// Heads in two tensors, some bytes into the file, with rows before those of the chunk.
    private static func pieces(heads: Int, rows: Int, before: Int, d: Int) throws -> [(FileTensor, Int)] {
        try [0..<1, 1..<heads].map { range in
            var bytes: [UInt8] = [9, 9, 9]
            for head in range {
                for row in -before..<rows {
                    for i in 0..<d { withUnsafeBytes(of: number(head, row, i)) { bytes += $0 } }
                }
            }
            let kept = bytes
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: kept.count, alignment: 8)
            buffer.copyBytes(from: kept)
            let stored = StoredBytes(owner: kept, bytes: UnsafeRawBufferPointer(buffer)) { _ in }
            let tensor = try #require(
                FileTensor(
                    stored, name: "x", offset: 3, format: .f32, heads: range, rows: before + rows, width: d))
            return (tensor, before)
        }
    }

    @Test(arguments: [(300, 6), (256, 16), (5, 16), (520, 8)]) func readsEveryLayout(rows: Int, d: Int) throws {
        let heads = 3
        let pieces = try Self.pieces(heads: heads, rows: rows, before: 7, d: d).map { (tensor: $0.0, first: $0.1) }
        let width = KeyValueCache.width(of: d)
        let tiles = (rows + tileSize - 1) / tileSize
        for layout in [StoredNumbers.Layout.rows, .padded, .tiles] {
            let numbers = RecordedNumbers.stored(
                StoredNumbers(pieces, as: layout, heads: heads, tokens: rows, dimension: d))
            var expected: [Float] = []
            for head in 0..<heads {
                switch layout {
                case .rows: for row in 0..<rows { for i in 0..<d { expected.append(Self.number(head, row, i)) } }
                case .padded:
                    for row in 0..<rows {
                        for i in 0..<width { expected.append(i < d ? Self.number(head, row, i) : 0) }
                    }
                case .tiles:
                    for tile in 0..<tiles {
                        for i in 0..<d {
                            for row in tile * tileSize..<(tile + 1) * tileSize {
                                expected.append(row < rows ? Self.number(head, row, i) : 0)
                            }
                        }
                    }
                }
            }
            #expect(numbers.count == expected.count && numbers.floats == expected, "\(layout)")
            for range in [0..<1, 3..<17, 5..<min(expected.count, 900), expected.count - 3..<expected.count] {
                #expect(numbers[range] == Array(expected[range]), "\(layout) \(range)")
                var lent: [Float] = []
                numbers.with(range) { lent = Array(UnsafeBufferPointer(start: $0, count: range.count)) }
                #expect(lent == Array(expected[range]), "\(layout) \(range)")
            }
            for place in stride(from: 0, to: expected.count, by: 97) {
                #expect(numbers[place] == expected[place], "\(layout) \(place)")
            }
            var column: [Float] = []
            numbers.appendColumn(1, width: d, rows: 4, to: &column)
            #expect(column == (0..<4).map { expected[$0 * d + 1] })
        }
    }

    @Test func readsHeadsThatAreMissingAsZeros() throws {
        let pieces = try Self.pieces(heads: 2, rows: 4, before: 0, d: 4).map { (tensor: $0.0, first: $0.1) }
        let numbers = StoredNumbers([pieces[1]], as: .rows, heads: 3, tokens: 4, dimension: 4)
        #expect(RecordedNumbers.stored(numbers)[0..<16] == Array(repeating: 0, count: 16))
        #expect(numbers[16] == Self.number(1, 0, 0) && numbers[40] == 0)
    }

    @Test func refusesTensorsThatAreLongerThanTheFile() {
        let bytes = StoredBytes(owner: 0, bytes: UnsafeRawBufferPointer(start: nil, count: 0)) { _ in }
        #expect(FileTensor(bytes, name: "x", offset: 0, format: .f32, heads: 0..<1, rows: 1, width: 1) == nil)
        #expect(
            FileTensor(bytes, name: "x", offset: 0, format: .f32, heads: 0..<Int.max, rows: .max, width: 2) == nil)
    }
}
