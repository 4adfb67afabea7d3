import Testing

@testable import RopewalkMethods

@Suite struct MaskExplanationTests {
    /// As packed batches have them: more documents than one would write down.
    @Test func manyDocumentsAreExplained() throws {
        let starts = (1..<1000).map { 3 * $0 + $0 % 2 }
        let mask = try Mask(windows: [DocumentMask(starts: starts)], tokens: 3_001, isCausal: false)
        let explanation = try MaskExplanation(mask)
        let list = starts.map { "\($0)" }.joined(separator: "/")
        #expect(explanation.isExact && explanation.specs == ["document:starts=" + list])
    }
}
