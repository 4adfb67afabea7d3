import TestSupport
import Testing

@testable import RopewalkModels

@Suite struct LearnedPlacesTests {
    private func model(_ name: String) throws -> Model {
        try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
    }

    @Test func familiesReadTheirRows() throws {
        let ids: [Int32] = [5, 1, 9, 9]
        #expect(try #require(try model("gpt2").learnedPlaces(.decoder)).rows(of: ids) == [0, 1, 2, 3])
        let bart = try model("bart")
        #expect(try #require(bart.learnedPlaces(.encoder)).rows(of: ids) == [2, 3, 4, 5])
        #expect(try #require(bart.learnedPlaces(.decoder)).rows == 42)
        #expect(try model("t5").learnedPlaces(.encoder) == nil)
        #expect(try model("llama_default").learnedPlaces(.decoder) == nil)
        #expect(try model("gpt2").learnedPlaces(.encoder) == nil)
    }

    @Test func similarityIsTheCosine() throws {
        let places = try #require(try model("bert").learnedPlaces(.encoder))
        for row in 0..<places.rows {
            let own = try #require(places.similarity(row, row))
            #expect(abs(own - 1) < 1e-5)
            let other = try #require(places.similarity(row, 0))
            #expect(other == places.similarity(0, row) && abs(other) <= 1.00001)
            let (a, b) = (places.table.row(row), places.table.row(0))
            let product = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let norms = [a, b].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
            // Sums of some ten products in float32.
            #expect(abs(Double(other) - product / (norms[0] * norms[1])) < 1e-5)
        }
        #expect(places.similarity(0, places.rows) == nil && places.similarity(-1, 0) == nil)
    }
}
