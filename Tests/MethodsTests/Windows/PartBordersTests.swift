import RopewalkMethods
import Testing

/// Methods that take the sentences and paragraphs of a text.
@Suite struct PartBordersTests {
    static let borders: @Sendable (TextUnit) -> PartBorders? = { unit in
        switch unit {
        case .sentence: PartBorders(starts: [1, 5, 9])
        case .paragraph: PartBorders(starts: [0, 9])
        }
    }

    @Test func whatStandsBeforeTheFirstPartBelongsToIt() {
        let borders = PartBorders(starts: [1, 5, 9])
        #expect(borders.starts == [0, 5, 9])
        #expect((0..<12).map { borders.part(of: $0) } == [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2])
        #expect((0..<4).map { borders.tokens(ofPart: $0, in: 7) } == [0..<5, 5..<7, 7..<7, 7..<7])
        #expect(borders.count(in: 9) == 2 && borders.count(in: 10) == 3)
        #expect(borders.from(6).starts == [0, 3] && borders.from(5).starts == [0, 4])
        #expect(PartBorders(starts: []).starts == [0])
        #expect(PartBorders(lengths: [5, 4, 7]).starts == [0, 5, 9, 16])
    }

    /// Inside of unions and scopes too, and what is given by hand stays.
    @Test func aScenarioTakesTheBordersOfAText() throws {
        let specs = ["hibert:level=1+window:size=2@layers=0", "chunk-join:unit=paragraph", "hibert:lengths=3,level=1"]
        let scenario = try Scenario(parsing: specs + ["part-means:unit=sentence"])
        #expect(scenario.units == [.sentence, .paragraph])
        #expect(
            scenario.problem(tokens: 12)
                == "hibert takes the sentences of a text, and there is none: give lengths=5/4/7")
        let bound = scenario.over(Self.borders)
        #expect(bound.problem(tokens: 12) == nil)
        #expect(bound != scenario && bound.specs == scenario.specs)
        #expect(bound.windows[0].visibleKeys(query: 6, tokens: 12) == KeyRanges([5..<9]))
        #expect(bound.windows[1].visibleKeys(query: 6, tokens: 12) == KeyRanges([0..<9]))
        #expect(bound.windows[2].visibleKeys(query: 6, tokens: 12) == KeyRanges([3..<12]))
        #expect(bound.compression?.firstExactKey(cached: 6) == 5)
        #expect(bound.over { _ in nil } == scenario)
        let other = scenario.over { _ in PartBorders(starts: [0, 4]) }
        #expect(other != bound && other.specs == bound.specs)
    }

    @Test func refusedByNameWithoutAText() throws {
        for (spec, unit) in [
            ("hibert", "hibert takes the sentences"), ("hibert:unit=paragraph", "hibert takes the paragraphs"),
            ("chunk-join:unit=sentence", "chunk-join takes the sentences"),
        ] {
            let error = #expect(throws: MethodError.self) { try Mask(parsing: [spec], tokens: 20) }
            #expect(error?.description.hasPrefix(unit) == true, "\(spec)")
        }
        #expect(
            try Scenario(parsing: ["part-means"]).problem(tokens: 9)?.hasPrefix("part-means takes the paragraphs")
                == true)
        #expect(try Scenario(parsing: ["part-means:unit=tokens"]).problem(tokens: 9) == nil)
        #expect(try Mask(parsing: ["chunk-join"], tokens: 400).row(399).count == 200)
    }

    /// As many layers read sentences as read the document; the last layers join parts.
    @Test func layersOfHierarchies() throws {
        func level(_ layer: Int, of layers: Int) throws -> Double? {
            let place = HeadPlace(layer: layer, head: 0, layers: layers, heads: 2)
            return (try MethodSpec.parse("hibert:lengths=4") as? any WindowMethod)?.window(in: place)?.values[0]
        }
        #expect(try (0..<6).map { try level($0, of: 6) } == [1, 1, 1, 2, 2, 2])
        #expect(try (0..<3).map { try level($0, of: 3) } == [1, 1, 2])
        let join = ChunkJoin(size: 4, joined: 2)
        let hat = HierarchicalSegments(segment: 4, isAdHoc: true)
        let places = (0..<12).map { HeadPlace(layer: $0, head: 0, layers: 12, heads: 2) }
        #expect(places.map { join.window(in: $0) != nil } == Array(repeating: true, count: 10) + [false, false])
        #expect(
            places.map { $0.layer < 8 ? 1 : 2 }
                == places.map { (hat.window(in: $0) as? HierarchicalSegments)?.step ?? 0 })
    }

    /// Many parts are counted as they are looked at: no sum of millions of terms is made.
    @Test func manySentences() throws {
        let borders = PartBorders(starts: Array(stride(from: 0, to: 40_000, by: 4)))
        let method = Hibert(level: 2, borders: borders)
        #expect(method.visibleKeys(query: 39_999, tokens: 40_000).count == 10_000)
        #expect(method.visibleKeys(query: 39_998, tokens: 40_000).count == 1)
        #expect(method.zones(of: 0..<40_000, tokens: 40_000) == nil)
        let mask = try Mask(windows: [method], tokens: 40_000, isCausal: true)
        #expect(mask.count(queries: 0..<400, keys: 0..<400) == 300 + 100 * 101 / 2)
    }
}
