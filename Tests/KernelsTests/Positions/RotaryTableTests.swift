import Foundation
import Testing

@testable import RopewalkKernels

/// Angles of the table against the library's cos and sin.
struct RotaryTableTests {
    /// Up to some 600,000 radians: the angles are float32 products, their cos and sin right to the last place or two.
    @Test(arguments: [1, 255, 256, 257, 3000]) func entriesAreCosinesOfFloatAngles(positions: Int) {
        let frequencies: [Float] = [1, 0.7, 0.01, 3.3e-5, 0, 333.3, 200]
        let table = RotaryTable(frequencies: frequencies, positions: positions, factor: 1.5)
        #expect(table.subspaces == 7 && table.positions == positions)
        for position in 0..<positions {
            let size = frequencies.count * tileSize
            for (i, frequency) in frequencies.enumerated() {
                let angle = Double(frequency * Float(position))
                let place = position / tileSize * size + i * tileSize + position % tileSize
                #expect(abs(Double(table.cosine[place]) - 1.5 * cos(angle)) < 3e-7, "\(angle)")
                #expect(abs(Double(table.sine[place]) - 1.5 * sin(angle)) < 3e-7, "\(angle)")
            }
        }
    }

    @Test func placesStandForIndices() {
        let frequencies: [Float] = [1, 0.25, 0.01]
        let halves = RotaryTable(frequencies: frequencies, positions: 300, place: { Float($0) / 2 })
        let grouped = RotaryTable(frequencies: frequencies, positions: 300, place: { Float($0 / 4) })
        let plain = RotaryTable(frequencies: frequencies, positions: 300)
        for position in [0, 1, 7, 255, 256, 299] {
            let x: [Float] = [1, 2, 3, 4, 5, 6]
            #expect(grouped.rotated(x, position: position) == plain.rotated(x, position: position / 4))
            let angles = frequencies.map { Double($0 * (Float(position) / 2)) }
            let expected = AttentionCase.turned(x.map(Double.init), by: angles)
            #expect(zip(halves.rotated(x, position: position), expected).allSatisfy { abs(Double($0) - $1) < 3e-6 })
        }
        #expect(grouped != plain)
        let places: [(@Sendable (Int) -> Float)?] = [nil, { Float($0) }]
        let tiles = places.map { RotaryTable(frequencies: frequencies, positions: 512, place: $0) }
        let isSame = tiles[0] == tiles[1]
        #expect(isSame)
    }

    @Test func anglesAndAmplitudesMayBeAnything() {
        let table = RotaryTable(
            subspaces: 3, positions: 300, factor: 1.5,
            angle: { Double($1 * $1 % 97) * 0.125 * Double($0 + 1) }, amplitude: { 1 + Double($1) / 1000 * Double($0) })
        let plain = RotaryTable(
            subspaces: 3, positions: 300,
            angle: { Double($1 * $1 % 97) * 0.125 * Double($0 + 1) }, amplitude: nil)
        for token in [0, 1, 17, 255, 256, 299] {
            let x: [Float] = [1, 2, 3, 4, 5, 6, 9]
            let angles = (0..<3).map { Double(token * token % 97) * 0.125 * Double($0 + 1) }
            let turned = AttentionCase.turned(x.map(Double.init), by: angles)
            let lengths = (0..<3).map { 1.5 * (1 + Double(token) / 1000 * Double($0)) }
            for (i, found) in table.rotated(x, position: token).enumerated() {
                #expect(abs(Double(found) - turned[i] * (i < 6 ? lengths[i % 3] : 1)) < 3e-6, "\(token) \(i)")
            }
            for (found, expected) in zip(plain.rotated(x, position: token), turned) {
                #expect(abs(Double(found) - expected) < 2e-6, "\(token)")
            }
        }
    }

    @Test func turningPairsTheHalves() {
        let table = RotaryTable(frequencies: [0.5, 0.25], positions: 10)
        let found = table.rotated([1, 2, 3, 4, 9], position: 6).map(Double.init)
        let (c, s, c2, s2) = (cos(3.0), sin(3.0), cos(1.5), sin(1.5))
        let expected: [Double] = [c - 3 * s, 2 * c2 - 4 * s2, 3 * c + s, 4 * c2 + 2 * s2, 9]
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(table.rotated([1, 2, 3, 4], position: 0) == [1, 2, 3, 4])
    }

    /// A selection compares scores: those of a tile and of a single vector must be one and the same number.
    @Test(arguments: [2, 10, 32, 33]) func tilesTurnAsVectorsDo(dimension: Int) {
        var random = Random(seed: UInt64(dimension))
        let count = 300
        let rows = ElementwiseTests.matrix((0..<count).map { _ in random.floats(dimension) })
        let table = RotaryTable(frequencies: [1, 0.3, 0.01].prefix(dimension / 2).map { $0 }, positions: count)
        let packed = HeadPacking.tiles(rows, count: count, heads: 1, workers: Workers(count: 1))
        let turned = Matrix(rows: 2, columns: dimension * tileSize)
        packed.withUnsafeBufferPointer { buffer in
            for tile in 0..<2 {
                guard let base = buffer.baseAddress else { return }
                table.rotateTile(
                    base + tile * dimension * tileSize, tile: tile, dimension: dimension, to: turned.row(tile))
            }
        }
        for token in 0..<count {
            let expected = table.rotated(rows.copy(rows: token..<token + 1), position: token)
            let tile = turned.row(token / tileSize)
            #expect((0..<dimension).allSatisfy { tile[$0 * tileSize + token % tileSize] == expected[$0] }, "\(token)")
        }
    }

    /// Of a long text only what is looked at is made, however many threads look at it.
    @Test func anglesAreMadeWhereTheyAreAskedFor() {
        let frequencies: [Float] = [1, 0.25, 0.01]
        let table = RotaryTable(frequencies: frequencies, positions: 1 << 20)
        #expect(table.tilesMade == 0)
        let x: [Float] = [1, 2, 3, 4, 5, 6]
        let last = Workers(count: 4).map(64) { _ in table.rotated(x, position: (1 << 20) - 1) }
        #expect(Set(last).count == 1 && table.tilesMade == 4)
        let angles = frequencies.map { Double($0 * Float((1 << 20) - 1)) }
        let expected = AttentionCase.turned(x.map(Double.init), by: angles)
        #expect(zip(last[0], expected).allSatisfy { abs(Double($0) - $1) < 3e-6 })
        // The same table is known to be the same without a look at its angles.
        let isSame = table == table
        #expect(isSame && table.tilesMade == 4)
    }
}
