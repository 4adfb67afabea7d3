import RopewalkLens
import RopewalkModels
import Testing

/// Windows of the map against the weights of whole rows, pooled by hand.
struct MapTests {
    /// All weights of one head under a lens, [query][key].
    static func full(_ lens: Lens, layer: Int, head: Int) throws -> [[Float]] {
        try (0..<lens.recording.tokens).map { try #require(lens.row(layer: layer, head: head, query: $0)).weights }
    }

    static func cell(_ full: [[Float]], _ request: MapRequest, _ row: Int, _ column: Int) -> Float {
        func tokens(_ first: Int) -> Range<Int> { (first..<first + request.cell).clamped(to: 0..<full.count) }
        let queries = tokens(request.firstQuery + row * request.cell)
        let keys = tokens(request.firstKey + column * request.cell)
        guard let last = queries.last, !keys.isEmpty, keys.lowerBound <= last else { return .nan }
        var highest: Float = 0
        var sum = 0.0
        for query in queries {
            for key in keys where key <= query {
                highest = max(highest, full[query][key])
                sum += Double(full[query][key])
            }
        }
        return request.pooling == .max ? highest : Float(sum / Double(queries.count * keys.count))
    }

    /// The sums of a run and of a row are made in different orders: their logarithms differ by some 1e-6.
    static func check(_ lens: Lens, _ full: [[Float]], _ request: MapRequest, _ name: String = "") {
        let image = lens.map(request)
        #expect(image.values.count == request.rows * request.columns)
        #expect(image.provenance.sampling == 1)
        var wrong: [String] = []
        for row in 0..<request.rows {
            for column in 0..<request.columns {
                let expected = cell(full, request, row, column)
                let found = image[row, column]
                if !agree(found, expected, 1e-5) {
                    wrong.append("row \(row) column \(column): \(found), not \(expected)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(name) \(request)")
    }

    @Test(arguments: scenarios) func everyWindowIsAPartOfTheFullMap(specs: [String]) throws {
        let lens = Lens(recording: try Sample.recording(700, specs), threads: 2)
        #expect(lens.recording.poolBlock == 64)
        let full = try Self.full(lens, layer: 1, head: 2)
        for pooling in Pooling.allCases {
            for cell in [1, 2, 4, 8, 16, 32, 50, 64, 97, 128, 256, 512, 1024] {
                for (query, key) in [(0, 0), (3, 1), (1, 3), (9, 9), (600 / cell, 0), (690 / cell, 500 / cell)] {
                    Self.check(
                        lens, full,
                        MapRequest(
                            layer: 1, head: 2, firstQuery: query * cell, firstKey: key * cell, cell: cell, rows: 13,
                            columns: 17, pooling: pooling), "\(specs)")
                }
            }
        }
    }

    @Test func largerBlocksArePooledAlike() throws {
        let lens = Lens(recording: try Sample.recording(8300), threads: 2)
        #expect(lens.recording.poolBlock == 64)
        let image = lens.map(
            MapRequest(layer: 0, head: 1, firstQuery: 8192, firstKey: 0, cell: 32, rows: 4, columns: 260))
        let mean = lens.map(
            MapRequest(
                layer: 0, head: 1, firstQuery: 8192, firstKey: 0, cell: 64, rows: 2, columns: 130, pooling: .mean))
        let rows = try (8192..<8300).map { try #require(lens.row(layer: 0, head: 1, query: $0)).weights }
        for (row, queries) in [0..<32, 32..<64, 64..<96, 96..<108].enumerated() {
            for column in 0..<260 {
                let last = 8192 + queries.upperBound - 1
                let keys = column * 32..<max(column * 32, min(column * 32 + 32, last + 1))
                let highest = queries.reduce(Float(0)) { best, query in
                    keys.reduce(best) { $1 < rows[query].count ? max($0, rows[query][$1]) : $0 }
                }
                #expect(agree(image[row, column], column * 32 > last ? .nan : highest, 1e-5))
            }
        }
        for (row, queries) in [0..<64, 64..<108].enumerated() {
            let mass = (0..<130).reduce(Float(0)) {
                mean[row, $1].isNaN ? $0 : $0 + mean[row, $1] * Float(min(64, 8300 - $1 * 64))
            }
            #expect(agree(mass, 1, 1e-4), "a row of cells holds the mass of its queries: \(queries)")
        }
    }

    @Test func thumbnailsAreTheWholeMap() throws {
        let lens = Lens(recording: try Sample.recording(700), threads: 2)
        let images = lens.thumbnails(side: 10)
        #expect(images.count == 8)
        for (index, image) in images.enumerated() {
            #expect(image.request.layer == index / 4 && image.request.head == index % 4)
            #expect(image.request.rows <= 10 && image.request.rows * image.request.cell >= 700)
        }
        let full = try Self.full(lens, layer: 1, head: 3)
        Self.check(lens, full, images[7].request)
    }

    /// In blocks of 64 tokens a short text was one solid cell.
    @Test func shortTextsHaveSmallCells() throws {
        let lens = Lens(recording: try Sample.recording(100), threads: 2)
        let images = lens.thumbnails(side: 10)
        #expect(images.allSatisfy { $0.request.cell == 10 && $0.request.rows == 10 && $0.request.columns == 10 })
        let full = try Self.full(lens, layer: 1, head: 3)
        Self.check(lens, full, images[7].request)
    }

    @Test(arguments: [[], ["window:size=40"]]) func placesOutsideOfTheTextAreNotShown(specs: [String]) throws {
        let recording = try Sample.recording(300)
        let lens = Lens(recording: recording, scenario: try .init(parsing: specs), threads: 2)
        let full = try Self.full(lens, layer: 0, head: 0)
        for cell in [1, 4, 16, 64] {
            Self.check(
                lens, full,
                MapRequest(
                    layer: 0, head: 0, firstQuery: -2 * cell, firstKey: -3 * cell, cell: cell, rows: 9, columns: 9))
            Self.check(
                lens, full,
                MapRequest(layer: 0, head: 0, firstQuery: 4096, firstKey: 0, cell: cell, rows: 2, columns: 2))
            Self.check(
                lens, full,
                MapRequest(layer: 0, head: 0, firstQuery: 0, firstKey: 4096, cell: cell, rows: 2, columns: 2))
        }
        let none = lens.map(MapRequest(layer: 5, head: 0, cell: 1, rows: 2, columns: 3))
        #expect(none.values.count == 6 && none.values.allSatisfy { $0.isNaN })
        #expect(lens.map(MapRequest(layer: 0, head: 0, cell: 0, rows: 2, columns: 3)).values.allSatisfy { $0.isNaN })
        #expect(lens.map(MapRequest(layer: 0, head: 0, cell: 1, rows: -2, columns: 3)).values.isEmpty)
    }

    @Test func aPreviewOfALargeMapSaysHowItIsSampled() throws {
        let recording = try Sample.recording(1300)
        let lens = Lens(recording: recording, scenario: try .init(parsing: ["window:size=40"]), threads: 2)
        let image = lens.map(MapRequest(layer: 1, head: 0, cell: 1024, rows: 2, columns: 2))
        #expect(image.provenance.basis == .preview && image.provenance.sampling == 1)
        let long = Lens(
            recording: try Sample.recording(8300), scenario: try .init(parsing: ["window:size=40"]), threads: 2
        ).map(MapRequest(layer: 0, head: 0, cell: 512, rows: 17, columns: 17))
        #expect(long.provenance.basis == .preview && long.provenance.sampling > 1)
        #expect(long[16, 0] == 0 && long[16, 16] > 0 && long[0, 1].isNaN)
    }
}
