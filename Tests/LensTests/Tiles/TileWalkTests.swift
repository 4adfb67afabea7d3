import Foundation
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkLens

@Suite struct TileWalkTests {
    private static func full(_ tokens: Int) throws -> Mask { try Mask(windows: [], tokens: tokens, isCausal: false) }
    private static func causal(_ tokens: Int) throws -> Mask { try Mask(windows: [], tokens: tokens, isCausal: true) }

    @Test(arguments: ["flash_io_N1024_d64_M49152", "flash_io_N4096_d64_M49152", "flash_io_N4096_d128_M49152"])
    func countsAreThoseOfTheReference(id: String) throws {
        let vectors = try TileVectors()
        func input(_ name: String) throws -> Int { try vectors.value("numeric", id, "inputs", name) }
        func output(_ name: String) throws -> Int { try vectors.value("numeric", id, "outputs", name) }
        let (tokens, d, memory) = (try input("N"), try input("d"), try input("M_elements"))
        let sizes = TileSizes(fastMemory: memory, dimension: d)
        #expect(try sizes.rows == output("Br") && sizes.columns == output("Bc"))
        #expect(try sizes.rowCount(queries: tokens) == output("Tr") && sizes.columnCount(keys: tokens) == output("Tc"))
        let formula = TileTraffic(queries: tokens, keys: tokens, dimension: d)
        #expect(try formula.standard == output("hbm_elements_standard"))
        #expect(try formula.flash(.first, sizes) == output("hbm_elements_flash1"))
        #expect(try formula.flash(.second, sizes) == output("hbm_elements_flash2_same_Br"))
        let growth: Double = try vectors.value("numeric", id, "outputs", "theta_N2d2_over_M")
        #expect(abs(formula.growth(fastMemory: memory) - growth) < 1e-5)
        let ratio: Double = try vectors.value("numeric", id, "outputs", "ratio_standard_over_flash1")
        let found = Double(formula.standard) / Double(formula.flash(.first, sizes))
        // Written with six digits.
        #expect(abs(found - ratio) < 1e-6)
        // One transfer after the other it is the same.
        let grid = try TileGrid(try Self.full(tokens), sizes: sizes)
        for version in FlashVersion.allCases {
            let walk = TileWalk(grid, version: version, dimension: d)
            #expect(walk.traffic.total == formula.flash(version, sizes), "\(version)")
            #expect(walk.tiles.count == grid.count && walk.moved.last == walk.traffic.total)
        }
    }

    @Test func causalTilesAreThoseOfTheReference() throws {
        let vectors = try TileVectors()
        let grid = try TileGrid(try Self.causal(1024), sizes: TileSizes(rows: 128, columns: 128))
        func expected(_ name: String) throws -> Int {
            try vectors.value("numeric", "flash_causal_tiles_1024_128", "outputs", name)
        }
        #expect(try grid.count == expected("tiles") && grid.visited == expected("visited"))
        #expect(try grid.full == expected("full") && grid.partial == expected("partial"))
    }

    /// Ragged ends and oblong tiles, every kind against the pairs themselves.
    @Test(arguments: [[], ["window:size=5"], ["lambda:sink=2,window=3"], ["bigbird:block=4,random=1,causal=1"]])
    func kindsAreThoseOfThePairs(specs: [String]) throws {
        for (rows, columns) in [(1, 1), (3, 5), (8, 2), (50, 50)] {
            let mask = try Mask(try Scenario(parsing: specs), tokens: 37)
            let grid = try TileGrid(mask, sizes: TileSizes(rows: rows, columns: columns))
            for row in 0..<grid.rows {
                for column in 0..<grid.columns {
                    let queries = grid.sizes.queries(ofRow: row, of: 37)
                    let keys = grid.sizes.keys(ofColumn: column, of: 37)
                    let seen = queries.reduce(0) { $0 + mask.row($1).count(in: keys) }
                    let kind: MaskTiles.Kind =
                        seen == 0 ? .empty : seen == queries.count * keys.count ? .full : .partial
                    #expect(grid.kind(row: row, column: column) == kind, "\(specs) \(rows)×\(columns)")
                }
            }
        }
    }

    /// Tiles come in the order of their version, each once, and the counts only grow.
    @Test func tilesComeInTheirOrder() throws {
        let grid = try TileGrid(try Self.causal(50), sizes: TileSizes(rows: 7, columns: 9))
        let first = TileWalk(grid, version: .first, dimension: 4)
        let second = TileWalk(grid, version: .second, dimension: 4)
        #expect(first.tiles.map { [$0.column, $0.row] } == first.tiles.map { [$0.column, $0.row] }.sorted(by: <))
        #expect(second.tiles.map { [$0.row, $0.column] } == second.tiles.map { [$0.row, $0.column] }.sorted(by: <))
        for walk in [first, second] {
            #expect(
                walk.tiles.count == grid.visited
                    && Set(walk.tiles.map { $0.row * 100 + $0.column }).count == grid.visited)
            #expect(zip(walk.moved, walk.moved.dropFirst()).allSatisfy { $0 < $1 })
            #expect(walk.moved(after: 0) == 0 && walk.moved(after: 10_000) == walk.traffic.total)
            #expect(
                walk.traffic.total < TileTraffic(queries: 50, keys: 50, dimension: 4).flash(walk.version, grid.sizes))
            for (step, tile) in walk.tiles.enumerated() {
                #expect(walk.step(row: tile.row, column: tile.column) == step)
            }
        }
        #expect(second.step(row: 0, column: 5) == nil)
    }

    @Test func tooManyTilesAreRefused() throws {
        let mask = try Self.causal(1_000_000)
        #expect(throws: MethodError.self) { try TileGrid(mask, sizes: TileSizes(rows: 1, columns: 1)) }
    }

    @Test func sizesAreNeverNothing() {
        #expect(TileSizes(rows: 0, columns: -3) == TileSizes(rows: 1, columns: 1))
        #expect(TileSizes(fastMemory: 1, dimension: 64) == TileSizes(rows: 1, columns: 1))
    }
}

private func < (a: [Int], b: [Int]) -> Bool { a.lexicographicallyPrecedes(b) }
