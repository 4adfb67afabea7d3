import RopewalkEvaluation
import Testing

struct NeedleInsertionTests {
    @Test func placesAreThoseOfTheAuthors() throws {
        let vector = try NeedleVectors("niah_insertion")
        let context = try vector.inputs.integers("context").map { Int32($0) }
        let needle = try vector.inputs.integers("needle").map { Int32($0) }
        let periods = Set(try vector.inputs.integers("period_tokens").map { Int32($0) })
        let length = try #require(vector.inputs["context_length"]?.integer)
        let buffer = try #require(vector.inputs["buffer"]?.integer)
        let room = NeedleInsertion.room(length: length, buffer: buffer, needle: needle.count)
        let body = Array(context.prefix(room))
        let places = try vector.inputs.numbers("depths").map { depth in
            NeedleInsertion.place(depth: depth, length: body.count) { periods.contains(body[$0]) }
        }
        #expect(places == (try vector.outputs.integers("insert_at")))
        let (ids, spans) = NeedleInsertion.insert([(places[2], needle)], into: body)
        #expect(ids == (try vector.outputs.integers("result_depth_50")).map { Int32($0) })
        #expect(spans == [7..<9])
    }

    /// Plainly: the body with each needle put before its token, the last one first, so that no place moves.
    @Test func severalNeedlesLieWhereTheyAreToLie() {
        let body = (0..<50).map { Int32($0) }
        for places in [[10, 30, 20], [0, 0, 50], [49, 50, 1], [5, 5, 5]] {
            let needles = places.enumerated().map {
                (place: $1, tokens: [Int32](repeating: Int32(100 + $0), count: $0 + 1))
            }
            var plain = body
            for (_, needle) in needles.enumerated().sorted(by: {
                ($0.element.place, $0.offset) > ($1.element.place, $1.offset)
            }) {
                plain.insert(contentsOf: needle.tokens, at: needle.place)
            }
            let (ids, spans) = NeedleInsertion.insert(needles, into: body)
            #expect(ids == plain)
            for (span, needle) in zip(spans, needles) { #expect(Array(ids[span]) == needle.tokens) }
        }
        #expect(NeedleInsertion.depths(from: 40, count: 3) == [40, 60, 80])
    }
}
