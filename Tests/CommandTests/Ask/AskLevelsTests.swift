import Foundation
import TestSupport
import Testing

struct AskLevelsTests {
    private static let text = "ask levels --tokens 160 --head 3.2 --at 120 --method hibert"

    /// Shares of parts times shares within them; both sums are 1.
    @Test func productsAndParts() throws {
        let tokens = try CommandRun("\(Self.text) --count 160 --format json").objects()
        func numbers(_ name: String) -> [Double] { tokens.map { $0[name] as? Double ?? .nan } }
        for (share, (within, product)) in zip(numbers("share"), zip(numbers("within"), numbers("attribution"))) {
            #expect(abs(share * within - product) < 1e-6)
        }
        #expect(abs(numbers("attribution").reduce(0, +) - 1) < 1e-3)
        let parts = try CommandRun("\(Self.text) --show parts --count 160 --format json").objects()
        #expect(abs(parts.reduce(0) { $0 + ($1["share"] as? Double ?? .nan) } - 1) < 1e-3)
        #expect(
            parts.count > 2 && Set(tokens.map { $0["part"] as? Int }).isSubset(of: parts.map { $0["part"] as? Int }))
        // The highest are those of all.
        let few = try CommandRun("\(Self.text) --count 3 --format json").objects()
        #expect(few.map { $0["token"] as? Int } == tokens.prefix(3).map { $0["token"] as? Int })
    }

    private static let joining = "ask levels --tokens 160 --head 2.2 --at 120 --method hibert"
    private static let reading = "ask levels --tokens 160 --head 1.2 --at 120 --method hibert"

    /// Either of the two layers asks for both.
    @Test func theOtherLevelIsTheSame() throws {
        let joining = try CommandRun("\(Self.joining) --format json").objects()
        let reading = try CommandRun("\(Self.reading) --format json").objects()
        #expect(joining.map { $0["token"] as? Int } == reading.map { $0["token"] as? Int })
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("ask levels --tokens 50 --head 0.0").expectError("one level alone")
        try CommandRun("ask levels --tokens 50 --head 0.0 --method hibert:level=1").expectError("other level")
        try CommandRun("ask levels --tokens 50 --head 0.0 --method hibert:most=1,lengths=9").expectError("is read")
        try CommandRun("\(Self.text) --at 160").expectError("--at", "0 to 159")
        try CommandRun("\(Self.text) --show all").expectError("--show")
    }
}
