import Foundation
import TestSupport
import Testing

struct AroundTests {
    /// Parts of a character that stand side by side are that character.
    @Test func theWordsAroundAreWhole() throws {
        let run = try CommandRun("ask surprises samples/texts/lunyu.txt --tokens 120 --count 20 --format json")
        run.expectFine()
        let whole = try run.objects().filter { row in
            let around = try #require(row["around"] as? String)
            return around.unicodeScalars.contains { $0.value >= 0x3000 }
        }
        // At the end of what is read a character may be cut.
        #expect(whole.count > 15)
    }
}
