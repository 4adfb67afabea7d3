import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

@Suite struct LogitsTogetherTests {
    /// Logits of several tokens made in one product are those of each alone, whatever their last states are made of: sums of
    /// some dozens of float32 products, rounded in another order.
    @Test(arguments: GoldenFixture.decoders) func areThoseOfEachAlone(name: String) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let ids = (0..<9).map { Int32(5 + 7 * $0 % 20) }
        let recording = try Recorder(model: model, threads: 2).record(ids)
        guard let all = model.logits(after: 3..<9, in: recording, workers: Workers(count: 2)) else {
            #expect(model.logits(after: 3, in: recording) == nil)
            return
        }
        for (row, token) in (3..<9).enumerated() {
            let alone = try #require(model.logits(after: token, in: recording))
            let together = all.copy(rows: row..<row + 1)
            let scale = alone.reduce(1) { max($0, abs($1)) }
            #expect(zip(alone, together).allSatisfy { abs($0 - $1) <= 2e-5 * scale }, "token \(token)")
        }
    }
}
