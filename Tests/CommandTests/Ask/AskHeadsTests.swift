import Foundation
import TestSupport
import Testing

struct AskHeadsTests {
    /// The second "Oh" of "Oh dear! Oh dear!" and what followed the first one.
    @Test func inductionHeadsLookAtWhatFollowed() throws {
        let run = try CommandRun("ask heads --tokens 220 --at 206 --key 204 --format json")
        run.expectFine()
        let heads = try run.objects()
        #expect(heads.count == 32)
        #expect(heads[0]["layer"] as? Int == 3 && heads[0]["head"] as? Int == 1)
        #expect(heads[1]["layer"] as? Int == 3 && heads[1]["head"] as? Int == 7)
        let weights = heads.compactMap { $0["weight"] as? Double }
        #expect(weights == weights.sorted(by: >) && abs(weights[1] - 0.709) < 0.001)
        let byValue = try CommandRun("ask heads --tokens 220 --at 206 --key 203-204 --by value --format csv")
        #expect(byValue.lines.first == "layer,head,weight,by_value" && byValue.lines.count == 33)
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("ask heads --tokens 50 --at 20 --key 40").expectError("comes later")
        try CommandRun("ask heads --tokens 50 --at 50 --key 4").expectError("--at")
        try CommandRun("ask heads --tokens 50 --at 20 --key 3-1").expectError("write 1-3")
        try CommandRun("ask heads --tokens 50 --at 20,60 --key 1").expectError("--at")
        try CommandRun("ask heads --tokens 50 --at 20 --key 4 --format xml").expectError("--format")
    }
}
