import Foundation
import Testing

@testable import Kernels

/// Angles of the table against the library's cos and sin.
struct RotaryTableTests {
    /// Up to some 600,000 radians: the angles are float32 products, their cos and sin right to the last place or two.
    @Test(arguments: [1, 255, 256, 257, 3000]) func entriesAreCosinesOfFloatAngles(positions: Int) {
        let frequencies: [Float] = [1, 0.7, 0.01, 3.3e-5, 0, 333.3, 200]
        let table = RotaryTable(frequencies: frequencies, positions: positions, factor: 1.5, workers: Workers(count: 2))
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
}
