import Testing

@testable import RopewalkMethods

@Suite struct MaskExplanationTests {
    /// As packed batches have them: more documents than one would write down.
    @Test func manyDocumentsAreExplained() throws {
        let starts = (1..<600).map { 25 * $0 + $0 % 2 * 5 }
        let mask = try Mask(windows: [DocumentMask(starts: starts)], tokens: 15_000, isCausal: false)
        let explanation = try MaskExplanation(mask)
        let list = starts.map { "\($0)" }.joined(separator: "/")
        #expect(explanation.isExact && explanation.specs == ["document:starts=" + list])
    }
}
