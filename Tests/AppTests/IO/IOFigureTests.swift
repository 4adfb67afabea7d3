import RopewalkCellGrid
import RopewalkLens
import RopewalkViews
import Testing

@testable import RopewalkApp

/// The pages of IO as figures.
@Suite struct IOFigureTests {
    private func figure(_ actions: String) throws -> (figure: Figure, player: ScreenPlayer) {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: actions))
        let figure = try player.figure(of: .io, on: .light)
        #expect(figure.facts.contains { $0.contains("layer 3, head 7") } && figure.facts.contains("exact"))
        return (figure, player)
    }

    /// Every visited tile has its place in the order, all others are skipped.
    @Test func tilesInTheirOrder() throws {
        let (figure, player) = try figure("goto token 60; head 3.7; io tiles")
        let lens = try #require(player.state.lens)
        let walk = TileWalk(
            try lens.tileGrid(layer: 3, head: 7, sizes: player.state.tileSizes), version: .second, dimension: 32)
        let raster = try #require(figure.plots.first?.raster)
        #expect(raster.rows == min(64, walk.grid.rows) && raster.columns == min(64, walk.grid.columns))
        if walk.grid.rows <= 64, walk.grid.columns <= 64 {
            for (place, tile) in walk.tiles.enumerated() {
                #expect(raster.values[tile.row * raster.columns + tile.column] == Float(place))
            }
            #expect(raster.values.count { !$0.isNaN } == walk.tiles.count)
        }
        #expect(figure.plots.count == 2 && figure.swatches.map(\.cell) == [.hidden])
        // The last point of the second line is the plain softmax's.
        let row = try #require(lens.tileRow(layer: 3, head: 7, query: 60, sizes: player.state.tileSizes))
        let sums = figure.plots[1].marks.compactMap { mark -> [FigureMark.Point]? in
            if case .line(let points, series: 1, isStrong: _) = mark { points } else { nil }
        }
        #expect(sums.first?.count == row.steps.count)
        #expect(abs((sums.first?.last?.y ?? .nan) - Double(row.plainLogSumExp)) < 1e-4)
    }

    @Test func blocksOfTheCache() throws {
        let (figure, _) = try figure("goto token 40; head 3.7; io pages; io.size -1; io.fork; io.step +3")
        let raster = try #require(figure.plots.first?.raster)
        // 41 tokens in blocks of 8, and a second sequence with as many and a copy of the last one.
        #expect(raster.rows == 2 && raster.columns == 6)
        #expect(raster.values[..<5] == raster.values[6..<11] && raster.values[5] != raster.values[11])
        #expect(figure.plots.count == 2)
        let freed = try self.figure(
            "goto token 90; head 3.7; method window:size=16; method.run; wait; io pages"
        ).figure
        #expect(freed.swatches.map(\.title) == ["given up"])
    }

    @Test func partsOfTheKeys() throws {
        let (figure, player) = try figure("goto token 60; head 3.7; io splits; io.size +1")
        let lens = try #require(player.state.lens)
        let split = try #require(lens.splitDecoding(layer: 3, head: 7, query: 60, splits: 8))
        let bars = figure.plots[0].marks.compactMap { mark -> Double? in
            if case .bar(row: _, from: _, to: let to, height: _, _) = mark { to } else { nil }
        }
        #expect(bars == split.parts.map { Double($0.share) } && abs(bars.reduce(0, +) - 1) < 1e-4)
    }

    @Test func slotsAndPassages() throws {
        let slots = try figure(
            "goto token 90; head 3.7; method transformer-xl:segment=16,memory=16; method.run; wait; io segments"
        ).figure
        #expect(slots.plots.count == 2 && slots.remarks.contains { $0.contains("recent memory") })
        let nearest = try figure(
            "goto token 90; head 3.7; method memorizing:k=4,window=16; method.run; wait; io retrieval")
        #expect(
            nearest.figure.plots.first?.y.ticks.count == 4 && nearest.figure.title.contains("Nearest keys of query 90"))
    }

    /// A page without anything to draw says why.
    @Test func whatCannotBeDrawnIsRefused() throws {
        for (page, why) in [("segments", "transformer-xl"), ("retrieval", "memory FILE")] {
            var player = try Samples.player()
            player.play(try ActionScript(parsing: "goto token 60; io \(page)"))
            do throws(AppError) {
                _ = try player.figure(of: .io, on: .light)
                Issue.record("\(page) was drawn")
            } catch {
                #expect("\(error)".contains(why), "\(page)")
            }
        }
    }
}
